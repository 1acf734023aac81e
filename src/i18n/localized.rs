//! Content in several languages.

use super::Lang;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One text of the event's content in any number of languages; empty texts are not kept.
///
/// Stands in its column as a JSON object of tag to text.
#[derive(Clone, Debug, Default, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Localized {
    texts: BTreeMap<Lang, String>,
    /// The column's text, kept ready because the enum connection binds by reference.
    json: String,
}

/// A text together with the language that it is really in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Picked<'a> {
    /// The text.
    pub text: &'a str,
    /// Its language, which differs from the page's where the text fell back.
    pub lang: Lang,
}

impl Localized {
    /// No text in any language.
    #[must_use]
    pub fn new() -> Self {
        Self::from_texts(BTreeMap::new())
    }

    /// A text in one language.
    #[must_use]
    pub fn single(lang: Lang, text: impl Into<String>) -> Self {
        Self::from_iter([(lang, text.into())])
    }

    fn from_texts(mut texts: BTreeMap<Lang, String>) -> Self {
        texts.retain(|_, text| !text.trim().is_empty());
        let json = serde_json::to_string(&texts).unwrap_or_else(|_| "{}".to_owned());
        Self { texts, json }
    }

    /// The same with `text` in `lang`; an empty text takes the language away.
    #[must_use]
    pub fn with(mut self, lang: Lang, text: impl Into<String>) -> Self {
        let mut texts = std::mem::take(&mut self.texts);
        texts.insert(lang, text.into());
        Self::from_texts(texts)
    }

    /// The text in exactly this language.
    #[must_use]
    pub fn get(&self, lang: Lang) -> Option<&str> {
        self.texts.get(&lang).map(String::as_str)
    }

    /// The best text for a reader of `wanted`: that language, then one of the same family
    /// (`zh` for `zh-Hant`), then the event's languages in their order, then English, then any.
    #[must_use]
    pub fn pick(&self, wanted: Lang, event_languages: &[Lang]) -> Option<Picked<'_>> {
        let exact = |lang: Lang| self.texts.get_key_value(&lang);
        let family =
            || self.texts.iter().find(|(lang, _)| lang.primary() == wanted.primary() && wanted.primary() != "und");
        exact(wanted)
            .or_else(family)
            .or_else(|| event_languages.iter().find_map(|lang| exact(*lang)))
            .or_else(|| exact(Lang::EN))
            .or_else(|| self.texts.iter().next())
            .map(|(lang, text)| Picked { text, lang: *lang })
    }

    /// Like [`Localized::pick`], as plain text; empty where there is none.
    #[must_use]
    pub fn text(&self, wanted: Lang, event_languages: &[Lang]) -> &str {
        self.pick(wanted, event_languages).map_or("", |picked| picked.text)
    }

    /// Whether there is no text at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// All texts by language.
    pub fn iter(&self) -> impl Iterator<Item = (Lang, &str)> {
        self.texts.iter().map(|(lang, text)| (*lang, text.as_str()))
    }

    /// The JSON object as it stands in the column.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if self.json.is_empty() { "{}" } else { &self.json }
    }
}

impl PartialEq for Localized {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts
    }
}

impl Eq for Localized {}

impl FromIterator<(Lang, String)> for Localized {
    fn from_iter<I: IntoIterator<Item = (Lang, String)>>(texts: I) -> Self {
        Self::from_texts(texts.into_iter().collect())
    }
}

impl std::str::FromStr for Localized {
    type Err = serde_json::Error;
    fn from_str(json: &str) -> Result<Self, Self::Err> {
        serde_json::from_str::<BTreeMap<Lang, String>>(json).map(Self::from_texts)
    }
}

impl Serialize for Localized {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.texts.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Localized {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from_texts)
    }
}

crate::text_column!(Localized);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_the_nearest_language() {
        let lang = |tag: &str| tag.parse::<Lang>().expect(tag);
        let title = Localized::single(Lang::EN, "Opening").with(Lang::ZH, "开幕").with(lang("fr"), "Ouverture");
        for (wanted, event, expected) in
            [("zh", "en", "开幕"), ("zh-Hant", "en", "开幕"), ("de", "fr", "Ouverture"), ("de", "ru", "Opening")]
        {
            assert_eq!(title.text(lang(wanted), &[lang(event)]), expected, "{wanted} at an event in {event}");
        }
        assert_eq!(Localized::new().pick(Lang::EN, &[]), None);
        assert_eq!(title.clone().with(Lang::ZH, " ").get(Lang::ZH), None);
    }
}
