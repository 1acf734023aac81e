//! Languages by their BCP 47 tags.

use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::fmt;
use tinystr::TinyAsciiStr;

/// A language tag such as `en`, `zh`, `zh-Hant` or `pt-BR`, in the usual upper and lower case.
///
/// The tag is well formed, not necessarily registered; at most 11 characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct Lang(TinyAsciiStr<11>);

/// A text was no language tag.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no language tag; write for example en, zh or pt-BR")]
pub struct InvalidLang(pub String);

impl Lang {
    /// English, the language that every interface text exists in.
    pub const EN: Self = Self(tinystr::tinystr!(11, "en"));
    /// Simplified Chinese.
    pub const ZH: Self = Self(tinystr::tinystr!(11, "zh"));

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The language without script and region: `zh` of `zh-Hant`.
    #[must_use]
    pub fn primary(self) -> &'static str {
        Self::intern(self.0.as_str().split('-').next().unwrap_or("en"))
    }

    /// Whether the script runs from right to left.
    #[must_use]
    pub fn is_rtl(self) -> bool {
        let mut parts = self.0.as_str().split('-');
        let primary = parts.next().unwrap_or_default();
        match parts.next() {
            Some("Arab" | "Hebr" | "Thaa" | "Nkoo" | "Adlm") => true,
            Some(script) if script.len() == 4 => false,
            _ => matches!(primary, "ar" | "he" | "fa" | "ur" | "ps" | "sd" | "ug" | "yi" | "dv" | "ckb"),
        }
    }

    /// Whether `text` holds letters of this language's script, for languages that are not written
    /// in Latin letters: of a person's names, readers are shown that one.
    #[must_use]
    pub fn has_script_of(self, text: &str) -> bool {
        let is_own = |letter: char| match self.primary() {
            "zh" => matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'),
            "ja" => matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}'),
            "ko" => matches!(letter, '\u{ac00}'..='\u{d7a3}'),
            "ar" | "fa" | "ur" => matches!(letter, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}'),
            "ru" | "uk" | "bg" | "sr" => matches!(letter, '\u{0400}'..='\u{04ff}'),
            _ => false,
        };
        text.chars().any(is_own)
    }

    /// The value of the HTML attribute `dir`.
    #[must_use]
    pub fn dir(self) -> &'static str {
        if self.is_rtl() { "rtl" } else { "ltr" }
    }

    fn intern(primary: &str) -> &'static str {
        const KNOWN: &[&str] = &[
            "en", "zh", "fr", "es", "ru", "ar", "de", "pt", "ja", "ko", "it", "nl", "pl", "tr", "fa", "he", "hi", "th",
            "vi", "id", "ur", "uk", "cs", "sv", "el", "hu", "ro", "fi", "da", "nb", "bn", "ms", "sw", "am", "kk", "mn",
            "km", "lo", "my", "uz",
        ];
        KNOWN.iter().find(|known| **known == primary).copied().unwrap_or("und")
    }
}

impl std::str::FromStr for Lang {
    type Err = InvalidLang;

    fn from_str(text: &str) -> Result<Self, InvalidLang> {
        let invalid = || InvalidLang(text.chars().take(40).collect());
        let trimmed = text.trim();
        let mut tag = String::with_capacity(trimmed.len());
        for (index, part) in trimmed.split(['-', '_']).enumerate() {
            if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(invalid());
            }
            match (index, part.len()) {
                (0, 2..=3) if part.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                    tag.push_str(&part.to_ascii_lowercase());
                }
                (0, _) => return Err(invalid()),
                (_, 2) => {
                    tag.push('-');
                    tag.push_str(&part.to_ascii_uppercase());
                }
                (_, 4) => {
                    tag.push('-');
                    tag.push_str(&part[..1].to_ascii_uppercase());
                    tag.push_str(&part[1..].to_ascii_lowercase());
                }
                (_, 3) => {
                    tag.push('-');
                    tag.push_str(part);
                }
                _ => return Err(invalid()),
            }
        }
        TinyAsciiStr::try_from_str(&tag).map(Self).map_err(|_| invalid())
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Lang {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Lang {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

crate::text_column!(Lang);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_brought_into_their_usual_case() {
        for (given, expected) in [("EN", "en"), ("zh_hans", "zh-Hans"), ("pt-br", "pt-BR"), (" ar ", "ar")] {
            assert_eq!(given.parse::<Lang>().expect(given).as_str(), expected);
        }
        for wrong in ["", "e", "english!", "zh--Hans", "汉", "x-klingon-language-tag"] {
            assert!(wrong.parse::<Lang>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_script_decides_the_direction() {
        for (tag, rtl) in
            [("ar", true), ("he", true), ("en", false), ("az-Arab", true), ("ur", true), ("ar-Latn", false)]
        {
            assert_eq!(tag.parse::<Lang>().expect(tag).is_rtl(), rtl, "{tag}");
        }
    }
}
