//! What the registration desk is asked to list.

use super::model::RegistrationState;
use crate::db::{CategoryId, EventId, RegistrationId};
use crate::i18n::{Country, search_key};
use crate::text_enum;

text_enum! {
    /// What a list is ordered by.
    pub enum SortBy {
        /// The newest first.
        Created = "created",
        /// By name.
        Name = "name",
        /// By state, the oldest of each first.
        State = "state",
    }
}

/// Which registrations are listed, in which order.
#[derive(Clone, Debug)]
pub struct DeskFilter {
    /// Of this event.
    pub event: EventId,
    /// The words as typed.
    pub query: String,
    /// In this state only.
    pub state: Option<RegistrationState>,
    /// In this category only.
    pub category: Option<CategoryId>,
    /// From this country only.
    pub country: Option<Country>,
    /// The order.
    pub sort: SortBy,
    /// After this one in that order.
    pub after: Option<RegistrationId>,
}

/// Words of a search that are looked for; more would only cost time.
const MOST_WORDS: usize = 8;

impl DeskFilter {
    /// Reads the parameters of a page; what makes no sense is left out.
    #[must_use]
    pub fn read<'a>(event: EventId, param: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            event,
            query: param("q").unwrap_or_default().trim().chars().take(200).collect(),
            state: param("state").and_then(|word| word.parse().ok()),
            category: param("category").and_then(|word| word.parse().ok()),
            country: param("country").and_then(|word| word.parse().ok()),
            sort: param("sort").and_then(|word| word.parse().ok()).unwrap_or(SortBy::Created),
            after: param("after").and_then(|word| word.parse().ok()),
        }
    }

    /// The words that a registration must hold, all of them, as its search key is written.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        search_key([self.query.as_str()])
            .split(' ')
            .filter(|word| !word.is_empty())
            .take(MOST_WORDS)
            .map(str::to_owned)
            .collect()
    }

    /// Whether not everything is listed.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.query.is_empty() || self.state.is_some() || self.category.is_some() || self.country.is_some()
    }

    /// Whether the counts by category and state tell how many there are.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.query.is_empty() && self.country.is_none()
    }

    /// The parameters without the place in the list, for links that change one of them.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        let mut add = |name, value: Option<String>| parameters.extend(value.map(|value| (name, value)));
        add("q", Some(self.query.clone()).filter(|query| !query.is_empty()));
        add("state", self.state.map(|state| state.to_string()));
        add("category", self.category.map(|category| category.to_string()));
        add("country", self.country.map(|country| country.as_str().to_owned()));
        add("sort", Some(self.sort).filter(|sort| *sort != SortBy::Created).map(|sort| sort.to_string()));
        parameters
    }

    /// The address `path` with these parameters and one more or another.
    #[must_use]
    pub fn url(&self, path: &str, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.parameters().into_iter().filter(|(known, _)| *known != name));
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// A cell that a spreadsheet takes for text and never for a formula.
///
/// A leading apostrophe is what spreadsheets themselves use to say so (OWASP, CSV injection).
#[must_use]
pub fn safe_cell(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_its_own_address() {
        let event = EventId::new();
        let given =
            [("q", "Łódź 李"), ("state", "confirmed"), ("sort", "name"), ("country", "pl"), ("category", "no-id")];
        let filter =
            DeskFilter::read(event, |name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| *value));
        assert_eq!(filter.words(), ["łodz", "李"]);
        assert_eq!(filter.country.map(Country::as_str), Some("PL"));
        let address = filter.url("/list", "after", "x");
        let read: Vec<(String, String)> =
            url::form_urlencoded::parse(address.trim_start_matches("/list?").as_bytes()).into_owned().collect();
        assert_eq!(read.len(), 5);
        assert_eq!(read[0], ("q".to_owned(), "Łódź 李".to_owned()));
        assert_eq!(read[4], ("after".to_owned(), "x".to_owned()));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-1", "'-1"), ("Ada", "Ada"), ("", "")] {
            assert_eq!(safe_cell(text), cell);
        }
    }
}
