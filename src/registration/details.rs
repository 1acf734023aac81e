//! The facts about a person: the one place that knows their names, values and differences.

use super::model::Registration;
use super::names::{NameOrder, full_name, is_east_asian};
use crate::i18n::search_key;

/// The facts about a person that an attendee or the desk may change later.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Dr, H.E., 教授; may be empty.
    pub honorific: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script; may be empty.
    pub native_name: String,
    /// Which name stands first.
    pub name_order: NameOrder,
    /// Ministry, company, university; may be empty.
    pub organisation: String,
    /// Office or job; may be empty.
    pub position: String,
    /// Where the person lives or comes from; ISO 3166 alpha-2.
    pub country: Option<String>,
    /// ISO 3166 alpha-2; nothing where it is the country.
    pub nationality: Option<String>,
}

impl Details {
    /// The names of its fields in the order of forms, which are those of columns and of what is noted, too.
    pub const FIELDS: [&'static str; 9] = [
        "honorific",
        "given_name",
        "family_name",
        "native_name",
        "name_order",
        "organisation",
        "position",
        "country",
        "nationality",
    ];

    /// What stands in each of [`Self::FIELDS`], as a form has it.
    #[must_use]
    pub fn values(&self) -> [&str; Self::FIELDS.len()] {
        [
            &self.honorific,
            &self.given_name,
            &self.family_name,
            &self.native_name,
            self.name_order.as_str(),
            &self.organisation,
            &self.position,
            self.country.as_deref().unwrap_or_default(),
            self.nationality.as_deref().unwrap_or_default(),
        ]
    }

    /// Each field with what stands in it, as a form has it.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        Self::FIELDS.into_iter().zip(self.values())
    }

    /// What stands in a field, as a form has it; nothing in one that is no detail.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.fields().find(|(name, _)| *name == field).map(|(_, value)| value).unwrap_or_default()
    }

    /// Details from what stands in each field, unchecked.
    #[must_use]
    pub fn of(text: impl Fn(&str) -> String) -> Self {
        let code = |field: &str| Some(text(field)).filter(|code| !code.is_empty());
        Self {
            honorific: text("honorific"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            native_name: text("native_name"),
            name_order: text("name_order").parse().unwrap_or_default(),
            organisation: text("organisation"),
            position: text("position"),
            country: code("country"),
            nationality: code("nationality"),
        }
    }

    /// The fields in which others differ.
    #[must_use]
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        let both = Self::FIELDS.into_iter().zip(self.values()).zip(other.values());
        both.filter(|((_, before), after)| before != after).map(|((field, _), _)| field).collect()
    }

    /// The same with names in the order that is usual for them, for whoever has not said.
    #[must_use]
    pub fn in_usual_order(mut self) -> Self {
        let country = self.nationality.as_deref().or(self.country.as_deref());
        self.name_order = NameOrder::usual(&self.family_name, &self.native_name, country);
        self
    }

    /// The name as a line, in the order that its owner uses.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.given_name, &self.family_name, self.name_order)
    }

    /// What a search for this person looks through. A name without spaces between its parts is
    /// there too, as Chinese names are typed.
    #[must_use]
    pub fn search_key(&self, email_key: &str, code: &str) -> String {
        let joined = format!("{}{}", self.family_name, self.given_name);
        let joined = if joined.chars().any(is_east_asian) { joined.as_str() } else { "" };
        search_key([
            self.family_name.as_str(),
            &self.given_name,
            joined,
            &self.native_name,
            email_key,
            code,
            &self.organisation,
        ])
    }

    /// What a list by name is ordered by: family name first, in plain Latin letters, Han by its
    /// sound. One order for every reader, because an index has one.
    #[must_use]
    pub fn sort_key(&self) -> String {
        let latin = deunicode::deunicode(&format!("{} {}", self.family_name, self.given_name)).to_lowercase();
        let words = latin.split_whitespace().collect::<Vec<_>>().join(" ");
        words.chars().take(SORT_KEY_LENGTH).collect()
    }
}

/// Longest sort key: it stands in an index.
const SORT_KEY_LENGTH: usize = 160;

impl From<&Registration> for Details {
    fn from(registration: &Registration) -> Self {
        Self {
            given_name: registration.given_name.clone(),
            family_name: registration.family_name.clone(),
            native_name: registration.native_name.clone(),
            organisation: registration.organisation.clone(),
            position: registration.position.clone(),
            country: registration.country.clone(),
            honorific: registration.honorific.clone(),
            name_order: registration.name_order,
            nationality: registration.nationality.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_own_value() {
        let text = |field: &str| match field {
            "name_order" => NameOrder::ALL[1].to_string(),
            field => format!("a {field}"),
        };
        let details = Details::of(text);
        for (field, value) in details.fields() {
            assert_eq!(value, text(field));
            assert_eq!(details.value(field), value);
        }
        assert_eq!(Details::default().changed(&details), Details::FIELDS);
        for field in Details::FIELDS {
            let other = Details::of(|own| if own == field { String::new() } else { text(own) });
            assert_eq!(details.changed(&other), [field]);
        }
    }
}
