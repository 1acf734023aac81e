//! Whose badges are printed: what organizers choose by.

use super::model::{Bearer, PrintReason};
use crate::db::{CategoryId, DelegationId, EventId, UtcTime};
use crate::i18n::{Country, search_key};
use crate::text_enum;
use chrono::{NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

text_enum! {
    /// What was printed of a person before.
    pub enum Printed {
        /// Nothing yet.
        Not = "not",
        /// A badge that shows something else than it would now.
        Changed = "changed",
        /// Anything, or nothing.
        Any = "any",
    }
}

text_enum! {
    /// In which order badges come out of the printer.
    pub enum Order {
        /// By name.
        Name = "name",
        /// By category, then by name.
        Category = "category",
        /// By country, then by name.
        Country = "country",
        /// By delegation, then by rank in it.
        Delegation = "delegation",
    }
}

/// Whose badges; confirmed people only.
#[derive(Clone, Debug, PartialEq)]
pub struct BadgeFilter {
    /// Of this event.
    pub event: EventId,
    /// The words as typed.
    pub query: String,
    /// In this category only.
    pub category: Option<CategoryId>,
    /// From this country only.
    pub country: Option<Country>,
    /// In this delegation only.
    pub delegation: Option<DelegationId>,
    /// What was printed before.
    pub printed: Printed,
    /// Registered at this time on the event's clocks or later.
    pub registered_since: Option<NaiveDateTime>,
    /// Approved, or confirmed where nobody approves, at this time or later.
    pub approved_since: Option<NaiveDateTime>,
    /// Speakers only.
    pub speakers: bool,
    /// The order.
    pub order: Order,
}

/// Words of a search that are looked for; more would only cost time.
const MOST_WORDS: usize = 8;
/// How a `<input type=datetime-local>` writes a time.
const LOCAL: &str = "%Y-%m-%dT%H:%M";

impl BadgeFilter {
    /// Reads parameters of a page or fields of a form; what makes no sense is left out.
    #[must_use]
    pub fn read<'a>(event: EventId, param: impl Fn(&str) -> Option<&'a str>) -> Self {
        let time = |name: &str| {
            let text = param(name)?.trim().replace(' ', "T");
            NaiveDateTime::parse_from_str(text.get(..16)?, LOCAL).ok()
        };
        Self {
            event,
            query: param("q").unwrap_or_default().trim().chars().take(200).collect(),
            category: param("category").and_then(|word| word.parse().ok()),
            country: param("country").and_then(|word| word.parse().ok()),
            delegation: param("delegation").and_then(|word| word.parse().ok()),
            printed: param("printed").and_then(|word| word.parse().ok()).unwrap_or(Printed::Not),
            registered_since: time("registered_since"),
            approved_since: time("approved_since"),
            speakers: param("speakers").is_some_and(|word| !word.is_empty()),
            order: param("order").and_then(|word| word.parse().ok()).unwrap_or(Order::Name),
        }
    }

    /// The same as parameters, for links and hidden fields.
    #[must_use]
    pub fn parameters(&self) -> Vec<(&'static str, String)> {
        let time = |at: Option<NaiveDateTime>| at.map(|at| at.format(LOCAL).to_string()).unwrap_or_default();
        let all = [
            ("q", self.query.clone()),
            ("category", self.category.map(|id| id.to_string()).unwrap_or_default()),
            ("country", self.country.map(|country| country.as_str().to_owned()).unwrap_or_default()),
            ("delegation", self.delegation.map(|id| id.to_string()).unwrap_or_default()),
            ("printed", self.printed.to_string()),
            ("registered_since", time(self.registered_since)),
            ("approved_since", time(self.approved_since)),
            ("speakers", if self.speakers { "on".to_owned() } else { String::new() }),
            ("order", self.order.to_string()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Whether anything but the order is chosen.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        self.parameters().iter().any(|(name, value)| match *name {
            "order" => false,
            "printed" => value != Printed::Not.as_str(),
            _ => true,
        })
    }

    /// The words that a registration must hold, all of them, as its search key is written.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let key = search_key([self.query.as_str()]);
        key.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).map(str::to_owned).collect()
    }
}

/// The instant of a time on an event's clocks; the earlier one where clocks are put back, and none of its
/// own in an hour that they skip.
#[must_use]
pub fn instant(wall: NaiveDateTime, zone: Tz) -> UtcTime {
    let at = zone.from_local_datetime(&wall).earliest().map(|at| at.with_timezone(&Utc));
    at.unwrap_or_else(|| wall.and_utc()).into()
}

/// Whether a person's badge shows something else than the one printed last, whose hash this is.
#[must_use]
pub fn is_out_of_date(bearer: &Bearer, printed: Option<&str>) -> bool {
    printed.is_some_and(|content| !content.is_empty() && content != bearer.content())
}

/// Why the next badge of a person is printed, unless somebody says why.
#[must_use]
pub const fn usual_reason(was_printed: bool) -> PrintReason {
    if was_printed { PrintReason::Wrong } else { PrintReason::First }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badges::model::bearer;

    #[test]
    fn a_filter_survives_its_own_parameters() {
        let event = EventId::new();
        let category = CategoryId::new();
        let given = [
            ("q", "Łódź 李".to_owned()),
            ("category", category.to_string()),
            ("country", "pl".to_owned()),
            ("printed", "changed".to_owned()),
            ("registered_since", "2027-04-01T09:30:00".to_owned()),
            ("approved_since", "nonsense of more than sixteen letters".to_owned()),
            ("speakers", "on".to_owned()),
            ("order", "country".to_owned()),
        ];
        let read = |from: &[(&str, String)]| {
            BadgeFilter::read(event, |name| from.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str()))
        };
        let filter = read(&given);
        assert_eq!(filter.words(), ["łodz", "李"]);
        assert_eq!((filter.printed, filter.order, filter.speakers), (Printed::Changed, Order::Country, true));
        assert_eq!(filter.approved_since, None);
        assert_eq!(read(&filter.parameters()), filter);
        let nothing = read(&[]);
        assert_eq!((nothing.printed, nothing.is_filtered(), filter.is_filtered()), (Printed::Not, false, true));
    }

    #[test]
    fn only_a_badge_that_was_printed_is_out_of_date() {
        let person = bearer("Ada", "Lovelace", "");
        let content = person.content();
        for (printed, expected) in
            [(None, false), (Some(content.as_str()), false), (Some("other"), true), (Some(""), false)]
        {
            assert_eq!(is_out_of_date(&person, printed), expected, "{printed:?}");
        }
    }
}
