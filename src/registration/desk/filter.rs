//! Which registrations are listed, in which order, as an address says it.

use crate::db::{CategoryId, DelegationId, EventId, QuestionId, RegistrationId, UtcTime};
use crate::i18n::{Country, search_key};
use crate::registration::model::{RegistrationState, Source};
use crate::schedule::times::day_start;
use crate::text_enum;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

text_enum! {
    /// What a list is ordered by.
    pub enum SortBy {
        /// The newest first.
        Created = "created",
        /// By name.
        Name = "name",
        /// By state, the oldest of each first.
        State = "state",
        /// By category in the order in which they were made, the oldest registration of each first.
        Category = "category",
        /// By the code of the country, the oldest of each first.
        Country = "country",
    }
}

/// An answer that a registration must have given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedAnswer {
    /// The question.
    pub question: QuestionId,
    /// The answer: the code of a choice, `yes` or `no`, or a country.
    pub choice: String,
}

impl std::str::FromStr for WantedAnswer {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (question, choice) = text.split_once(':').ok_or(())?;
        let choice = Some(choice).filter(|choice| !choice.is_empty() && choice.len() <= LONGEST_WORD).ok_or(())?;
        Ok(Self { question: question.parse().map_err(drop)?, choice: choice.to_owned() })
    }
}

impl std::fmt::Display for WantedAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.question, self.choice)
    }
}

/// Which registrations are listed, in which order.
#[derive(Clone, Debug)]
pub struct DeskFilter {
    /// Of this event.
    pub event: EventId,
    /// The zone that days are meant in.
    pub zone: Tz,
    /// The words as typed.
    pub query: String,
    /// In this state only.
    pub state: Option<RegistrationState>,
    /// In this category only.
    pub category: Option<CategoryId>,
    /// From this country only.
    pub country: Option<Country>,
    /// Of this delegation only.
    pub delegation: Option<DelegationId>,
    /// Who came to be registered in this way only.
    pub source: Option<Source>,
    /// By a code of this batch only; empty for any.
    pub batch: String,
    /// Only who was let in, or who was not.
    pub came: Option<bool>,
    /// Only who has a photo, or who has none.
    pub has_photo: Option<bool>,
    /// Only whose name is on a watch-list.
    pub is_watched: bool,
    /// With this answer only.
    pub answer: Option<WantedAnswer>,
    /// Registered on this day or later.
    pub from: Option<NaiveDate>,
    /// Registered on this day or earlier.
    pub until: Option<NaiveDate>,
    /// Registered at this instant or before: what a list showed, whoever came since. No part of the list's
    /// own address.
    pub made_by: Option<UtcTime>,
    /// The order.
    pub sort: SortBy,
    /// Whether the order is turned round.
    pub is_reversed: bool,
    /// After this one in that order.
    pub after: Option<RegistrationId>,
}

/// Words of a search that are looked for; more would only cost time.
const MOST_WORDS: usize = 8;
/// Longest word of a parameter, in bytes.
const LONGEST_WORD: usize = 200;

impl DeskFilter {
    /// Reads the parameters of a page; what makes no sense is left out.
    #[must_use]
    pub fn read<'a>((event, zone): (EventId, Tz), param: impl Fn(&str) -> Option<&'a str>) -> Self {
        let truth = |name: &str| match param(name) {
            Some("yes") => Some(true),
            Some("no") => Some(false),
            _ => None,
        };
        Self {
            event,
            zone,
            query: param("q").unwrap_or_default().trim().chars().take(200).collect(),
            state: param("state").and_then(|word| word.parse().ok()),
            category: param("category").and_then(|word| word.parse().ok()),
            country: param("country").and_then(|word| word.parse().ok()),
            delegation: param("delegation").and_then(|word| word.parse().ok()),
            source: param("source").and_then(|word| word.parse().ok()),
            batch: param("batch").unwrap_or_default().trim().chars().take(200).collect(),
            came: truth("came"),
            has_photo: truth("photo"),
            is_watched: truth("watched") == Some(true),
            answer: param("answer").and_then(|word| word.parse().ok()),
            from: param("from").and_then(|word| word.parse().ok()),
            until: param("until").and_then(|word| word.parse().ok()),
            made_by: None,
            sort: param("sort").and_then(|word| word.parse().ok()).unwrap_or(SortBy::Created),
            is_reversed: param("order") == Some("reverse"),
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

    /// The instants between which somebody registered: the first belongs to it, the last does not.
    #[must_use]
    pub fn span(&self) -> (Option<UtcTime>, Option<UtcTime>) {
        let next = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        (self.from.map(|day| day_start(day, self.zone)), self.until.map(|day| day_start(next(day), self.zone)))
    }

    /// Whether not everything is listed.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.state.is_some() || self.category.is_some() || !self.is_counted()
    }

    /// Whether the counts by category and state tell how many there are.
    #[must_use]
    pub fn is_counted(&self) -> bool {
        self.query.is_empty() && self.is_counted_without_words()
    }

    fn is_counted_without_words(&self) -> bool {
        self.country.is_none() && self.made_by.is_none() && !self.is_narrowed_more()
    }

    /// Whether nothing narrows the list but times, and perhaps state and category.
    #[must_use]
    pub fn is_only_dated(&self) -> bool {
        let undated = Self { from: None, until: None, made_by: None, ..self.clone() };
        (self.from.is_some() || self.until.is_some()) && undated.is_counted()
    }

    /// Whether nothing narrows the list but one answer.
    #[must_use]
    pub fn is_only_answered(&self) -> bool {
        let others = Self { answer: None, ..self.clone() };
        self.answer.is_some() && !others.is_filtered()
    }

    /// Whether anything narrows the list that stands behind "more filters".
    #[must_use]
    pub fn is_narrowed_more(&self) -> bool {
        self.delegation.is_some()
            || self.source.is_some()
            || !self.batch.is_empty()
            || self.came.is_some()
            || self.has_photo.is_some()
            || self.is_watched
            || self.answer.is_some()
            || self.from.is_some()
            || self.until.is_some()
    }

    /// The parameters without the place in the list, for links that change one of them.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let mut parameters = Vec::new();
        let mut add = |name, value: Option<String>| parameters.extend(value.map(|value| (name, value)));
        let truth = |is: bool| if is { "yes".to_owned() } else { "no".to_owned() };
        add("q", Some(self.query.clone()).filter(|query| !query.is_empty()));
        add("state", self.state.map(|state| state.to_string()));
        add("category", self.category.map(|category| category.to_string()));
        add("country", self.country.map(|country| country.as_str().to_owned()));
        add("delegation", self.delegation.map(|delegation| delegation.to_string()));
        add("source", self.source.map(|source| source.to_string()));
        add("batch", Some(self.batch.clone()).filter(|batch| !batch.is_empty()));
        add("came", self.came.map(truth));
        add("photo", self.has_photo.map(truth));
        add("watched", self.is_watched.then(|| truth(true)));
        add("answer", self.answer.as_ref().map(ToString::to_string));
        add("from", self.from.map(|day| day.to_string()));
        add("until", self.until.map(|day| day.to_string()));
        add("sort", Some(self.sort).filter(|sort| *sort != SortBy::Created).map(|sort| sort.to_string()));
        add("order", self.is_reversed.then(|| "reverse".to_owned()));
        parameters
    }

    /// The parameters as one line, without the question mark.
    #[must_use]
    pub fn line(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(self.parameters()).finish()
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

    /// The address of the same list in this order; turned round where it is in this order already.
    #[must_use]
    pub fn sorted_url(&self, path: &str, sort: SortBy) -> String {
        let is_reversed = self.sort == sort && !self.is_reversed;
        Self { sort, is_reversed, ..self.clone() }.url(path, "", "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event() -> (EventId, Tz) {
        (EventId::new(), chrono_tz::Asia::Shanghai)
    }

    #[test]
    fn a_filter_survives_its_own_address() {
        let question = QuestionId::new();
        let answer = format!("{question}:vegan");
        let given = [
            ("q", "Łódź 李"),
            ("state", "confirmed"),
            ("sort", "name"),
            ("country", "pl"),
            ("category", "no-id"),
            ("source", "import"),
            ("batch", "Guests & press"),
            ("came", "no"),
            ("photo", "maybe"),
            ("answer", answer.as_str()),
            ("from", "2027-02-30"),
            ("until", "2027-02-28"),
            ("order", "reverse"),
        ];
        let event = event();
        let filter =
            DeskFilter::read(event, |name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| *value));
        assert_eq!(filter.words(), ["łodz", "李"]);
        assert_eq!(filter.country.map(Country::as_str), Some("PL"));
        assert_eq!((filter.came, filter.has_photo, filter.from), (Some(false), None, None));
        let (from, until) = filter.span();
        assert_eq!((from, until.map(|at| at.to_string()).as_deref()), (None, Some("2027-02-28T16:00:00Z")));
        let address = filter.url("/list", "after", "x");
        let read: Vec<(String, String)> =
            url::form_urlencoded::parse(address.trim_start_matches("/list?").as_bytes()).into_owned().collect();
        let again =
            DeskFilter::read(event, |name| read.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()));
        assert_eq!(again.parameters(), filter.parameters());
        assert_eq!(again.answer, Some(WantedAnswer { question, choice: "vegan".into() }));
        assert_eq!(read.last().expect("a place"), &("after".to_owned(), "x".to_owned()));
        assert!(!filter.is_counted() && filter.is_narrowed_more());
    }

    #[test]
    fn the_head_of_a_column_turns_its_order_round() {
        let event = event();
        let filter = DeskFilter::read(event, |_| None);
        assert_eq!(filter.sorted_url("/list", SortBy::Name), "/list?sort=name");
        assert_eq!(filter.sorted_url("/list", SortBy::Created), "/list?order=reverse");
        let by_name = DeskFilter { sort: SortBy::Name, ..filter };
        assert_eq!(by_name.sorted_url("/list", SortBy::Name), "/list?sort=name&order=reverse");
    }
}
