//! Posted forms as they came, and what is wrong with them.

use crate::app::App;
use crate::i18n::{Lang, Localized, TextArg, Texts};
use crate::web::Failure;
use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, web};
use futures_util::StreamExt;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;

/// A form's fields in order, as typed. Raw on purpose: checks turn it into domain types, and the
/// page shows it again when a check fails, so that nothing typed is lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// A form with these fields, as for the first showing of an edit page.
    #[must_use]
    pub fn from_fields<N: Into<String>, V: Into<String>>(fields: impl IntoIterator<Item = (N, V)>) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }

    /// Reads `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of `name`, or the empty text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Every value of `name`, as of check boxes.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether a check box was ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        self.0.iter().any(|(field, value)| field == name && !matches!(value.as_str(), "" | "0" | "false" | "off"))
    }

    /// The fields `name.en`, `name.zh` … of the event's languages as one content text.
    #[must_use]
    pub fn localized(&self, name: &str, languages: &[Lang]) -> Localized {
        languages.iter().map(|lang| (*lang, clean_block(self.text(&format!("{name}.{lang}"))))).collect()
    }

    /// All fields in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Adds the fields `name.en`, `name.zh` … of a content text, for an edit page.
    pub fn push_localized(&mut self, name: &str, value: &Localized) {
        self.0.extend(value.iter().map(|(lang, text)| (format!("{name}.{lang}"), text.to_owned())));
    }

    /// Puts one value in the place of every other of this name.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.0.retain(|(field, _)| *field != name);
        self.push(name, value);
    }

    /// Adds one field.
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl FromRequest for FormData {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<web::Data<App>>().map_or(0, |app| app.settings.limits.form_bytes);
        let is_form = request
            .mime_type()
            .ok()
            .flatten()
            .is_none_or(|mime| mime.essence_str() == "application/x-www-form-urlencoded");
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_form {
                return Err(Failure::bad_request("error-form-type").into());
            }
            let mut body = web::BytesMut::new();
            while let Some(chunk) = payload.next().await {
                let chunk = chunk.map_err(|_| Failure::bad_request("error-form-cut-off"))?;
                if limit > 0 && body.len() + chunk.len() > limit {
                    return Err(Failure::too_large().into());
                }
                body.extend_from_slice(&chunk);
            }
            Ok(Self::parse(&body))
        })
    }
}

/// A text key with its arguments, worded only when the language of the page is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// The Fluent key.
    pub key: &'static str,
    /// What the text mentions.
    pub args: Vec<(&'static str, TextArg<'static>)>,
}

impl Message {
    /// A text without arguments.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key, args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<TextArg<'static>>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The words in `lang`.
    #[must_use]
    pub fn words(&self, texts: &Texts, lang: Lang) -> String {
        texts.text(lang, self.key, &self.args)
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldError {
    /// The field's name, which is also the anchor that the summary leads to.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: Message,
}

/// Everything that is wrong with a form; empty when it is fine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FieldErrors(Vec<FieldError>);

/// One entry of the summary on top of a form.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorLine {
    /// The field it leads to.
    pub field: String,
    /// The words.
    pub message: String,
}

impl FieldErrors {
    /// Notes what is wrong with `field`; the first word about a field stands.
    pub fn push(&mut self, field: impl Into<String>, message: Message) {
        let field = field.into();
        if !self.0.iter().any(|error| error.field == field) {
            self.0.push(FieldError { field, message });
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The words about `field`, for the place beside it.
    #[must_use]
    pub fn of(&self, field: &str, texts: &Texts, lang: Lang) -> Option<String> {
        self.0.iter().find(|error| error.field == field).map(|error| error.message.words(texts, lang))
    }

    /// The summary on top of the form.
    #[must_use]
    pub fn lines(&self, texts: &Texts, lang: Lang) -> Vec<ErrorLine> {
        self.0
            .iter()
            .map(|error| ErrorLine { field: error.field.clone(), message: error.message.words(texts, lang) })
            .collect()
    }

    /// The errors in the order found.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.0.iter()
    }
}

/// One line of text as it will be kept: NFC, single spaces, no control characters, no marks that
/// turn the direction of what follows.
#[must_use]
pub fn clean_line(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let mut line = String::with_capacity(text.len());
    for character in text.nfc().filter(|character| !is_unsafe(*character) || character.is_whitespace()) {
        let space = character.is_whitespace() || character.is_control();
        if !space {
            line.push(character);
        } else if !line.is_empty() && !line.ends_with(' ') {
            line.push(' ');
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Several lines of text as they will be kept: NFC, `\n` line ends, no control characters.
#[must_use]
pub fn clean_block(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        unified.nfc().filter(|character| matches!(character, '\n' | '\t') || !is_unsafe(*character)).collect();
    kept.trim().to_owned()
}

/// Control characters and the marks that override or isolate direction (UAX 9), which could make
/// a name rewrite the line that it stands in. Joiners stay: Persian and emoji need them.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cleaned_without_harming_any_script() {
        for (typed, kept) in [
            ("  Ada \t Lovelace\r\n", "Ada Lovelace"),
            ("null\0byte", "nullbyte"),
            ("e\u{301}", "é"),
            ("\u{202E}evil", "evil"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("👩‍🔬", "👩‍🔬"),
            ("欧阳 娜娜", "欧阳 娜娜"),
        ] {
            assert_eq!(clean_line(typed), kept, "{typed:?}");
        }
        assert_eq!(clean_block("one\r\ntwo\u{0}\n\n"), "one\ntwo");
    }

    #[test]
    fn a_form_keeps_repeated_fields_and_their_order() {
        let form = FormData::parse(b"a=1&b=%E6%9D%8E&a=2&tick=on");
        assert_eq!(form.text("b"), "李");
        assert_eq!(form.all("a").collect::<Vec<_>>(), ["1", "2"]);
        assert!(form.is_ticked("tick") && !form.is_ticked("a-missing-one"));
    }
}
