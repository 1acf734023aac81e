//! What organizers say of a category.

use super::{Category, instant};
use crate::db::{Json, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::web::{Checker, FieldErrors, FormData, Message};
use chrono::NaiveDate;
use chrono_tz::Tz;

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
    /// What a registration includes.
    pub inclusion: Inclusion,
}

/// What a registration of a category includes. Always valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// The codes of its zones.
    pub zones: Json<Vec<String>>,
    /// Its days; all where there is none.
    pub days: Json<Vec<NaiveDate>>,
    /// Whether a registration may pass to another person.
    pub may_transfer: bool,
    /// Whether seats in sessions may be booked.
    pub may_book: bool,
}

impl Default for Inclusion {
    fn default() -> Self {
        Self { zones: Json::default(), days: Json::default(), may_transfer: false, may_book: true }
    }
}

impl Inclusion {
    fn read(form: &FormData) -> Self {
        let days: Vec<NaiveDate> = form.all("days").filter_map(|day| day.parse().ok()).collect();
        let zones: Vec<String> = form.all("zones").map(str::to_owned).collect();
        Self {
            zones: Json::new(zones).unwrap_or_default(),
            days: Json::new(days).unwrap_or_default(),
            may_transfer: form.is_ticked("may_transfer"),
            may_book: form.is_ticked("may_book"),
        }
    }

    fn fields_of(category: &Category) -> Vec<(&'static str, String)> {
        let ticked = |is_on: bool| if is_on { "on".to_owned() } else { String::new() };
        let mut fields = vec![("may_transfer", ticked(category.may_transfer)), ("may_book", ticked(category.may_book))];
        fields.extend(category.zones.iter().map(|zone| ("zones", zone.clone())));
        fields.extend(category.days.iter().map(|day| ("days", day.to_string())));
        fields
    }
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
    /// Whether only an invitation code opens it.
    pub needs_code: bool,
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
            needs_code: false,
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
            needs_code: form.is_ticked("needs_code"),
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
            ("needs_code", ticked(category.needs_code)),
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
            inclusion: Inclusion::default(),
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
            inclusion: Inclusion::read(form),
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
        let admission = Admission::fields_of(category, wall).into_iter().chain(Inclusion::fields_of(category));
        fields.extend(plain.into_iter().chain(admission).map(|(name, value)| (name.to_owned(), value)));
        fields
    }
}
