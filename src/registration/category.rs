//! Categories: kinds of attendees with their own places and dates.

mod facts;

pub use facts::{Admission, CategoryFacts, DEFAULT_BADGE_COLOR, Inclusion};

use super::model::RegistrationState;
use crate::db::schema::categories;
use crate::db::{CategoryId, EventId, Json, UtcTime};
use crate::i18n::Localized;
use crate::web::{Checker, FormData, Message};
use chrono::{LocalResult, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;

/// A kind of attendee, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = categories)]
pub struct Category {
    /// The category.
    pub id: CategoryId,
    /// The event.
    pub event_id: EventId,
    /// Its word in forms and tickets, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// Who it is for.
    pub description: Localized,
    /// What it includes, one thing a line.
    pub includes: Localized,
    /// How many places there are, where there is a limit.
    pub capacity: Option<i32>,
    /// How many are taken.
    pub taken: i32,
    /// Since when one may register.
    pub opens_at: Option<UtcTime>,
    /// Until when one may register.
    pub closes_at: Option<UtcTime>,
    /// The code that one must know; public where there is none.
    pub access_code: Option<String>,
    /// `#rrggbb`.
    pub badge_color: String,
    /// Whether an officer approves each application.
    pub needs_approval: bool,
    /// How many officers have to approve: one or two.
    pub officers_needed: i32,
    /// Whether people may wait when every place is taken.
    pub has_waiting_list: bool,
    /// Whether those who wait see their place in the list.
    pub shows_rank: bool,
    /// How long an offered place is kept, in hours.
    pub offer_hours: i32,
    /// After this no place is offered any more.
    pub offers_until: Option<UtcTime>,
    /// Addresses and domains (`@example.org`) that may register; everybody where it is empty.
    pub address_rules: Json<Vec<String>>,
    /// Whether only an invitation code opens it.
    pub needs_code: bool,
    /// The codes of the zones that it includes.
    pub zones: Json<Vec<String>>,
    /// The days that it includes; all where there is none.
    pub days: Json<Vec<NaiveDate>>,
    /// Whether a registration may pass to another person.
    pub may_transfer: bool,
    /// Whether seats in sessions may be booked.
    pub may_book: bool,
    /// Its place in lists.
    pub position: i32,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// Whether one may register in a category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// From an instant on.
    NotYet(UtcTime),
    /// Now.
    Open,
    /// Every place is taken.
    Full,
    /// Not any more.
    Over,
}

impl Category {
    /// Whether one may register at `now`.
    #[must_use]
    pub fn opening(&self, now: UtcTime) -> Opening {
        match (self.opens_at, self.closes_at) {
            (Some(opens), _) if now < opens => Opening::NotYet(opens),
            (_, Some(closes)) if now >= closes => Opening::Over,
            _ if self.is_full() => Opening::Full,
            _ => Opening::Open,
        }
    }

    /// Whether its dates allow to register at `now`, places aside.
    #[must_use]
    pub fn is_open(&self, now: UtcTime) -> bool {
        matches!(self.opening(now), Opening::Open | Opening::Full)
    }

    /// Whether every place is taken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.capacity.is_some_and(|capacity| self.taken >= capacity)
    }

    /// Whether an address may register here: it is named itself, or its domain or one above it.
    #[must_use]
    pub fn takes(&self, email_key: &str) -> bool {
        let domain = email_key.rsplit('@').next().unwrap_or_default();
        let fits = |rule: &String| match rule.strip_prefix('@') {
            Some(listed) => domain == listed || domain.strip_suffix(listed).is_some_and(|above| above.ends_with('.')),
            None => rule == email_key,
        };
        self.address_rules.is_empty() || self.address_rules.iter().any(fits)
    }

    /// Whether places that become free are offered to those who wait at `now`.
    #[must_use]
    pub fn makes_offers(&self, now: UtcTime) -> bool {
        self.has_waiting_list && self.offers_until.is_none_or(|until| now < until)
    }

    /// Until when a place that is offered at `now` is kept.
    #[must_use]
    pub fn offer_until(&self, now: UtcTime) -> UtcTime {
        let until = now + TimeDelta::hours(self.offer_hours.into());
        self.offers_until.map_or(until, |last| until.min(last))
    }

    /// Where a registration goes once its address is confirmed.
    #[must_use]
    pub const fn after_verification(&self) -> RegistrationState {
        if self.needs_approval { RegistrationState::Applied } else { RegistrationState::Confirmed }
    }

    /// Places left, where there is a limit.
    #[must_use]
    pub fn places_left(&self) -> Option<i32> {
        self.capacity.map(|capacity| (capacity - self.taken).max(0))
    }

    /// Whether someone who knows `code` may see it. Compared without regard to case or spaces at
    /// the ends: codes are read from letters and telephones.
    #[must_use]
    pub fn is_visible_with(&self, code: &str) -> bool {
        !self.needs_code && self.access_code.as_ref().is_none_or(|own| own.to_lowercase() == code.trim().to_lowercase())
    }
}

/// The instant of a `<input type=datetime-local>`, or nothing when it is empty.
pub fn instant(checker: &mut Checker<'_>, form: &FormData, name: &str, zone: Tz) -> Option<UtcTime> {
    let text = form.text(name).trim().replace(' ', "T");
    if text.is_empty() {
        return None;
    }
    let wall = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok());
    let Some(wall) = wall else {
        checker.wrong(name, Message::new("registration-error-date-time"));
        return None;
    };
    match instant_of(wall, zone) {
        Ok(at) => Some(at),
        Err(problem) => {
            let key = match problem {
                WallClock::Skipped => "registration-error-time-skipped",
                WallClock::Twice => "registration-error-time-twice",
            };
            checker.wrong(name, Message::new(key).with("zone", zone.name()));
            None
        }
    }
}

/// Why a time on the wall clock names no single instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WallClock {
    /// The clocks are put forward over it.
    Skipped,
    /// The clocks are put back over it, so that it comes twice.
    Twice,
}

/// The instant at which the clocks in `zone` show `wall`.
///
/// # Errors
/// When there is no such instant, or two.
pub fn instant_of(wall: NaiveDateTime, zone: Tz) -> Result<UtcTime, WallClock> {
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(at) => Ok(at.with_timezone(&Utc).into()),
        LocalResult::None => Err(WallClock::Skipped),
        LocalResult::Ambiguous(..) => Err(WallClock::Twice),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    fn category(capacity: Option<i32>, taken: i32, opens: Option<i64>, closes: Option<i64>) -> Category {
        let at = |seconds: i64| UtcTime::from(chrono::DateTime::from_timestamp(seconds, 0).expect("in range"));
        Category {
            id: CategoryId::new(),
            event_id: EventId::new(),
            code: "guest".into(),
            name: Localized::single(Lang::EN, "Guest"),
            description: Localized::new(),
            includes: Localized::new(),
            capacity,
            taken,
            opens_at: opens.map(at),
            closes_at: closes.map(at),
            access_code: None,
            badge_color: DEFAULT_BADGE_COLOR.into(),
            needs_approval: false,
            officers_needed: 1,
            has_waiting_list: false,
            shows_rank: false,
            offer_hours: 48,
            offers_until: None,
            needs_code: false,
            zones: Json::default(),
            days: Json::default(),
            may_transfer: false,
            may_book: true,
            address_rules: Json::default(),
            position: 1,
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        }
    }

    #[test]
    fn dates_and_places_decide_whether_one_may_register() {
        let at = |seconds: i64| UtcTime::from(chrono::DateTime::from_timestamp(seconds, 0).expect("in range"));
        for (category, expected) in [
            (category(None, 900, None, None), Opening::Open),
            (category(Some(10), 9, Some(50), Some(101)), Opening::Open),
            (category(Some(10), 10, None, None), Opening::Full),
            (category(Some(0), 0, None, None), Opening::Full),
            (category(None, 0, Some(101), None), Opening::NotYet(at(101))),
            (category(None, 0, None, Some(100)), Opening::Over),
        ] {
            assert_eq!(category.opening(at(100)), expected, "{category:?}");
        }
    }

    #[test]
    fn addresses_are_let_in_by_name_or_by_domain() {
        let mut listed = category(None, 0, None, None);
        assert!(listed.takes("anyone@anywhere.example"), "no rule, no limit");
        listed.address_rules = Json::new(vec!["@un.example".to_owned(), "ada@home.example".to_owned()]).expect("JSON");
        for (address, is_taken) in [
            ("ada@home.example", true),
            ("bo@home.example", false),
            ("bo@un.example", true),
            ("bo@geneva.un.example", true),
            ("bo@notun.example", false),
        ] {
            assert_eq!(listed.takes(address), is_taken, "{address}");
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_show_twice_is_refused() {
        let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect(text);
        let berlin = chrono_tz::Europe::Berlin;
        assert_eq!(instant_of(wall("2027-03-28 02:30"), berlin), Err(WallClock::Skipped));
        assert_eq!(instant_of(wall("2027-10-31 02:30"), berlin), Err(WallClock::Twice));
        let noon = instant_of(wall("2027-07-01 12:00"), berlin).expect("one instant");
        assert_eq!(noon.to_string(), "2027-07-01T10:00:00Z");
    }

    #[test]
    fn a_form_is_read_as_it_was_shown() {
        let zone = chrono_tz::Asia::Shanghai;
        let mut shown = category(Some(20), 3, Some(1_800_000_000), Some(1_800_003_600));
        shown.access_code = Some("SILK-2027".into());
        let form = FormData::from_fields(CategoryFacts::fields_of(&shown, zone));
        let read = CategoryFacts::read(&form, &[Lang::EN, Lang::ZH], zone).expect("valid");
        assert_eq!((read.opens_at, read.closes_at, read.capacity), (shown.opens_at, shown.closes_at, shown.capacity));
        assert!(shown.is_visible_with(" silk-2027 ") && !shown.is_visible_with("") && !shown.is_visible_with("silk"));
    }

    #[test]
    fn every_wrong_field_is_named() {
        let form =
            FormData::parse(b"name.en=&capacity=-1&opens_at=2027-03-28T02:30&closes_at=tomorrow&badge_color=red");
        let errors = CategoryFacts::read(&form, &[Lang::EN], chrono_tz::Europe::Berlin).expect_err("refused");
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.message.key)).collect();
        assert_eq!(
            named,
            [
                ("name.en", "error-required"),
                ("capacity", "error-out-of-range"),
                ("opens_at", "registration-error-time-skipped"),
                ("closes_at", "registration-error-date-time"),
                ("badge_color", "error-color"),
            ]
        );
    }
}
