//! Countries by ISO 3166, named in the reader's language.

use super::{Lang, Texts};

/// An ISO 3166 alpha-2 code of an existing country or territory, in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Country(&'static str);

/// A text was no country code.
#[derive(Debug, thiserror::Error)]
#[error("not a country code of two letters (ISO 3166)")]
pub struct InvalidCountry;

impl Country {
    /// The two letters.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Every country, by code.
    pub fn all() -> impl Iterator<Item = Self> {
        rust_iso3166::ALL.iter().map(|country| Self(country.alpha2))
    }
}

impl std::str::FromStr for Country {
    type Err = InvalidCountry;
    fn from_str(text: &str) -> Result<Self, InvalidCountry> {
        let code = text.trim().to_ascii_uppercase();
        rust_iso3166::from_alpha2(&code).map(|country| Self(country.alpha2)).ok_or(InvalidCountry)
    }
}

/// The name of `country` in `lang`.
#[must_use]
pub fn country_name(texts: &Texts, lang: Lang, country: Country) -> String {
    texts.text(lang, &format!("country-{}", country.as_str()), &[])
}

/// All countries with their names in `lang`, in that language's alphabetical order.
#[must_use]
pub fn country_choices(texts: &Texts, lang: Lang) -> Vec<(Country, String)> {
    let mut choices: Vec<_> = Country::all().map(|country| (country, country_name(texts, lang, country))).collect();
    let formatter = super::Formatter::of(lang);
    choices.sort_by(|left, right| formatter.compare(&left.1, &right.1));
    choices
}
