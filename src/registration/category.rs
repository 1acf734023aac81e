//! Categories: kinds of attendees with their own places and dates.

use super::model::RegistrationState;
use crate::db::schema::categories;
use crate::db::{CategoryId, EventId, Json, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::web::{Checker, FieldErrors, FormData, Message};
use chrono::{LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
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
        self.access_code.as_ref().is_none_or(|own| own.to_lowercase() == code.trim().to_lowercase())
    }
}

/// The facts of a category that organizers set. Always valid.
#[derive(Clone, Debug)]
pub struct CategoryFacts {
    /// Its name.
    pub name: Localized,
    /// Who it is for.
    pub description: Localized,
    /// What it includes, one thing a line.
    pub includes: Localized,
    /// How many places there are, where there is a limit.
    pub capacity: Option<i32>,
    /// Since when one may register.
    pub opens_at: Option<UtcTime>,
    /// Until when one may register; later than `opens_at`.
    pub closes_at: Option<UtcTime>,
    /// The code that one must know; public where there is none.
    pub access_code: Option<String>,
    /// `#rrggbb`.
    pub badge_color: String,
    /// How people are let in.
    pub admission: Admission,
}

/// How people are let into a category. Always valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
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
}

/// How long an offered place is kept where nothing else is said, in hours.
const USUAL_OFFER: i32 = 48;
/// The longest time for which an offered place is kept: a month.
const LONGEST_OFFER: i32 = 744;

impl Default for Admission {
    fn default() -> Self {
        Self {
            needs_approval: false,
            officers_needed: 1,
            has_waiting_list: false,
            shows_rank: false,
            offer_hours: USUAL_OFFER,
            offers_until: None,
            address_rules: Json::default(),
        }
    }
}

impl Admission {
    fn read(checker: &mut Checker<'_>, form: &FormData, zone: Tz) -> Self {
        let rules: Vec<String> = form
            .text("address_rules")
            .split(|letter: char| letter.is_whitespace() || letter == ',' || letter == ';')
            .filter(|rule| !rule.is_empty())
            .map(str::to_lowercase)
            .collect();
        if rules.iter().any(|rule| !rule.contains('@') || rule.len() > 254) {
            checker.wrong("address_rules", Message::new("registration-error-address-rules"));
        }
        let offer_hours = match form.text("offer_hours") {
            "" => Some(USUAL_OFFER),
            _ => checker.number("offer_hours", 1..=LONGEST_OFFER),
        };
        Self {
            needs_approval: form.is_ticked("needs_approval"),
            officers_needed: if form.is_ticked("two_officers") { 2 } else { 1 },
            has_waiting_list: form.is_ticked("has_waiting_list"),
            shows_rank: form.is_ticked("shows_rank"),
            offer_hours: offer_hours.unwrap_or(USUAL_OFFER),
            offers_until: instant(checker, form, "offers_until", zone),
            address_rules: Json::new(rules).unwrap_or_default(),
        }
    }

    /// The fields of the form that shows a category's.
    fn fields_of(category: &Category, wall: impl Fn(Option<UtcTime>) -> String) -> Vec<(&'static str, String)> {
        let ticked = |is_on: bool| if is_on { "on".to_owned() } else { String::new() };
        vec![
            ("needs_approval", ticked(category.needs_approval)),
            ("two_officers", ticked(category.officers_needed > 1)),
            ("has_waiting_list", ticked(category.has_waiting_list)),
            ("shows_rank", ticked(category.shows_rank)),
            ("offer_hours", category.offer_hours.to_string()),
            ("offers_until", wall(category.offers_until)),
            ("address_rules", category.address_rules.join("\n")),
        ]
    }
}

/// The badge colour of a new category.
pub const DEFAULT_BADGE_COLOR: &str = "#1f4e9e";
/// Most places of a category.
const MOST_PLACES: i32 = 1_000_000;

impl CategoryFacts {
    /// An open category without limit.
    #[must_use]
    pub fn open(name: Localized) -> Self {
        Self {
            name,
            description: Localized::new(),
            includes: Localized::new(),
            capacity: None,
            opens_at: None,
            closes_at: None,
            access_code: None,
            badge_color: DEFAULT_BADGE_COLOR.to_owned(),
            admission: Admission::default(),
        }
    }

    /// Reads a form; times are meant in the event's zone.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData, languages: &[Lang], zone: Tz) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let facts = Self {
            name: checker.required_localized_line("name", languages),
            description: checker.localized_block("description", languages),
            includes: checker.localized_block("includes", languages),
            capacity: checker.optional_number("capacity", 0..=MOST_PLACES),
            opens_at: instant(&mut checker, form, "opens_at", zone),
            closes_at: instant(&mut checker, form, "closes_at", zone),
            access_code: checker.optional_line("access_code"),
            badge_color: checker.color("badge_color").unwrap_or_default(),
            admission: Admission::read(&mut checker, form, zone),
        };
        if let (Some(opens), Some(closes)) = (facts.opens_at, facts.closes_at)
            && closes <= opens
        {
            checker.wrong("closes_at", Message::new("registration-error-closes-before-opens"));
        }
        checker.finish(facts)
    }

    /// The fields of the form that shows `category`.
    #[must_use]
    pub fn fields_of(category: &Category, zone: Tz) -> Vec<(String, String)> {
        let mut fields = Vec::new();
        for (name, text) in
            [("name", &category.name), ("description", &category.description), ("includes", &category.includes)]
        {
            fields.extend(text.iter().map(|(lang, words)| (format!("{name}.{lang}"), words.to_owned())));
        }
        let wall = |at: Option<UtcTime>| {
            at.map(|at| at.in_zone(zone).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
        };
        let plain = [
            ("code", category.code.clone()),
            ("capacity", category.capacity.map(|capacity| capacity.to_string()).unwrap_or_default()),
            ("opens_at", wall(category.opens_at)),
            ("closes_at", wall(category.closes_at)),
            ("access_code", category.access_code.clone().unwrap_or_default()),
            ("badge_color", category.badge_color.clone()),
            ("version", category.version.to_string()),
        ];
        let admission = Admission::fields_of(category, wall);
        fields.extend(plain.into_iter().chain(admission).map(|(name, value)| (name.to_owned(), value)));
        fields
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
