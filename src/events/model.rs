//! What an event is.

use crate::db::{EventId, Json, UtcTime, schema::events};
use crate::i18n::{Lang, Localized};
use crate::mail::address::EmailAddress;
use chrono::{NaiveDate, NaiveTime, TimeZone};
use diesel::prelude::*;

/// One edition of a conference, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = events)]
pub struct Event {
    /// The event.
    pub id: EventId,
    /// Its place in URLs; never one of [`RESERVED_SLUGS`].
    pub slug: String,
    /// Its name.
    pub name: Localized,
    /// Its theme in one line.
    pub tagline: Localized,
    /// What it is, in Markdown.
    pub description: Localized,
    /// The venue's or town's name.
    pub place: Localized,
    /// The venue's postal address.
    pub address: Localized,
    /// First day, in the event's zone.
    pub starts_on: NaiveDate,
    /// Last day, in the event's zone.
    pub ends_on: NaiveDate,
    /// The IANA zone that days and times are meant in.
    pub timezone: ZoneName,
    /// Its languages; the first is the main one and always there.
    pub languages: Json<Vec<Lang>>,
    /// The accent colour, `#rrggbb`.
    pub accent: String,
    /// Where guests write to.
    pub contact_email: Option<String>,
    /// What people agree to when they register, in Markdown.
    pub privacy_notice: Localized,
    /// Counts changes of the draft.
    pub draft_version: i64,
    /// Counts changes of anything that public pages show.
    pub public_version: i64,
    /// Counts edits of this row, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

impl Event {
    /// The time zone.
    #[must_use]
    pub fn zone(&self) -> chrono_tz::Tz {
        self.timezone.0
    }

    /// The main language.
    #[must_use]
    pub fn main_language(&self) -> Lang {
        self.languages.first().copied().unwrap_or(Lang::EN)
    }

    /// The name in the nearest language.
    #[must_use]
    pub fn name_in(&self, lang: Lang) -> &str {
        self.name.text(lang, &self.languages)
    }

    /// Every day of the event. One that its zone skips, as where an island moves over the date line, is
    /// none: no clock ever shows it.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        let zone = self.zone();
        // No change of clocks at noon is known that leaves the rest of the day.
        let exists = move |day: &NaiveDate| zone.from_local_datetime(&day.and_time(NOON)).latest().is_some();
        self.starts_on.iter_days().take_while(|day| *day <= self.ends_on).filter(exists)
    }
}

const NOON: NaiveTime = NaiveTime::from_hms_opt(12, 0, 0).unwrap();

/// Words that can't be an event's slug, because an address begins with them: `/{event}` for most,
/// `/organizer/{event}` for `accounts`, `activity`, `mail` and `new`.
pub const RESERVED_SLUGS: &[&str] = &[
    "account",
    "accounts",
    "activity",
    "api",
    "checkin",
    "demo",
    "favicon.ico",
    "files",
    "healthz",
    "invitation",
    "language",
    "login",
    "logout",
    "mail",
    "media",
    "metrics",
    "new",
    "organizer",
    "readyz",
    "reset",
    "robots.txt",
    "setup",
    "static",
];

/// Longest slug, so that addresses stay short enough to be printed.
const SLUG_LENGTH: usize = 60;
/// Days of the longest event: a year, which also keeps lists of days bounded.
const LONGEST_DAYS: i64 = 366;
/// The accent colour of a new event: a deep blue that reads on white.
pub const DEFAULT_ACCENT: &str = "#1f4e9e";

/// Why facts can't be an event's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEvent {
    /// The slug has other characters, or none, or too many.
    #[error("the slug should be 2 to 60 small letters, digits and hyphens, such as summit-2027")]
    SlugMalformed,
    /// The slug is one of [`RESERVED_SLUGS`].
    #[error("this slug is an address of the program itself; choose another")]
    SlugReserved,
    /// There is no name in any language.
    #[error("the event needs a name")]
    NoName,
    /// There is no language.
    #[error("the event needs a language at least, such as en")]
    NoLanguages,
    /// A text was no language tag.
    #[error("languages are written as tags such as en, zh or pt-BR, each once")]
    BadLanguage,
    /// A text was no time zone.
    #[error("the time zone should be an IANA name such as Asia/Shanghai")]
    BadZone,
    /// The last day comes before the first.
    #[error("the last day comes before the first")]
    EndsBeforeStart,
    /// More than a year of days.
    #[error("an event lasts 366 days at most")]
    TooLong,
}

/// Checks a slug: small letters, digits and hyphens, and no word that the program's own addresses
/// begin with.
///
/// # Errors
/// What is wrong with it.
pub fn check_slug(slug: &str) -> Result<(), InvalidEvent> {
    let fits = (2..=SLUG_LENGTH).contains(&slug.len())
        && !slug.starts_with('-')
        && !slug.ends_with('-')
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if RESERVED_SLUGS.contains(&slug) {
        return Err(InvalidEvent::SlugReserved);
    }
    if fits { Ok(()) } else { Err(InvalidEvent::SlugMalformed) }
}

/// Checks first and last day.
///
/// # Errors
/// When they are the wrong way round or too far apart.
pub fn check_dates(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<(), InvalidEvent> {
    let days = (ends_on - starts_on).num_days() + 1;
    match days {
        ..1 => Err(InvalidEvent::EndsBeforeStart),
        1..=LONGEST_DAYS => Ok(()),
        _ => Err(InvalidEvent::TooLong),
    }
}

/// Checks an event's languages: one at least, none twice.
///
/// # Errors
/// What is wrong with them.
pub fn check_languages(languages: &[Lang]) -> Result<(), InvalidEvent> {
    let mut seen = std::collections::BTreeSet::new();
    if languages.is_empty() {
        return Err(InvalidEvent::NoLanguages);
    }
    if languages.iter().all(|lang| seen.insert(*lang)) { Ok(()) } else { Err(InvalidEvent::BadLanguage) }
}

/// The least that an event is made from; everything else can be filled in later. Always valid.
#[derive(Clone, Debug)]
pub struct NewEvent {
    slug: String,
    name: Localized,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    timezone: ZoneName,
    languages: Vec<Lang>,
}

impl NewEvent {
    /// Checks the facts.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn new(
        slug: &str,
        name: Localized,
        (starts_on, ends_on): (NaiveDate, NaiveDate),
        timezone: ZoneName,
        languages: Vec<Lang>,
    ) -> Result<Self, InvalidEvent> {
        check_slug(slug)?;
        check_languages(&languages)?;
        check_dates(starts_on, ends_on)?;
        if name.is_empty() {
            return Err(InvalidEvent::NoName);
        }
        Ok(Self { slug: slug.to_owned(), name, starts_on, ends_on, timezone, languages })
    }

    /// Reads the words of `plenary event create`; the name is in the main language.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn from_command_line(
        slug: &str,
        name: &str,
        starts_on: NaiveDate,
        ends_on: NaiveDate,
        timezone: &str,
        locales: &[String],
    ) -> Result<Self, InvalidEvent> {
        let timezone = timezone.parse().map_err(|_| InvalidEvent::BadZone)?;
        let languages: Vec<Lang> =
            locales.iter().map(|tag| tag.parse()).collect::<Result<_, _>>().map_err(|_| InvalidEvent::BadLanguage)?;
        let main = languages.first().copied().ok_or(InvalidEvent::NoLanguages)?;
        let name = Localized::single(main, crate::web::forms::clean_line(name));
        Self::new(slug, name, (starts_on, ends_on), timezone, languages)
    }

    /// Its place in URLs.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// The event as it begins, made at `now`.
    ///
    /// # Errors
    /// Never in practice: a list of tags can always be written as JSON.
    pub(super) fn into_event(self, now: UtcTime) -> Result<Event, serde_json::Error> {
        Ok(Event {
            id: EventId::new(),
            slug: self.slug,
            name: self.name,
            tagline: Localized::new(),
            description: Localized::new(),
            place: Localized::new(),
            address: Localized::new(),
            starts_on: self.starts_on,
            ends_on: self.ends_on,
            timezone: self.timezone,
            languages: Json::new(self.languages)?,
            accent: DEFAULT_ACCENT.to_owned(),
            contact_email: None,
            privacy_notice: Localized::new(),
            draft_version: 1,
            public_version: 1,
            version: 1,
            created_at: now,
            updated_at: now,
        })
    }
}

/// What the settings page of an event changes; everything but the slug, which stands in links.
#[derive(Clone, Debug)]
pub struct EventChanges {
    /// Its name.
    pub name: Localized,
    /// Its theme in one line.
    pub tagline: Localized,
    /// What it is, in Markdown.
    pub description: Localized,
    /// The venue's or town's name.
    pub place: Localized,
    /// The venue's postal address.
    pub address: Localized,
    /// First day, in the event's zone.
    pub starts_on: NaiveDate,
    /// Last day, in the event's zone.
    pub ends_on: NaiveDate,
    /// The IANA zone.
    pub timezone: ZoneName,
    /// Its languages, the main one first.
    pub languages: Vec<Lang>,
    /// The accent colour, `#rrggbb`.
    pub accent: String,
    /// Where guests write to.
    pub contact_email: Option<EmailAddress>,
    /// What people agree to when they register, in Markdown.
    pub privacy_notice: Localized,
}

impl EventChanges {
    /// Checks what depends on several fields.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), InvalidEvent> {
        check_languages(&self.languages)?;
        check_dates(self.starts_on, self.ends_on)?;
        if self.name.is_empty() { Err(InvalidEvent::NoName) } else { Ok(()) }
    }
}

/// An IANA time zone by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, diesel::expression::AsExpression, diesel::deserialize::FromSqlRow)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct ZoneName(pub chrono_tz::Tz);

/// A text was no time zone.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no time zone; write for example Asia/Shanghai")]
pub struct InvalidZone(pub String);

impl ZoneName {
    /// The IANA name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.name()
    }
}

impl std::str::FromStr for ZoneName {
    type Err = InvalidZone;
    fn from_str(text: &str) -> Result<Self, InvalidZone> {
        text.trim().parse().map(Self).map_err(|_| InvalidZone(text.chars().take(60).collect()))
    }
}

crate::text_column!(ZoneName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_short_plain_and_not_an_address_of_the_program() {
        for right in ["wuzhen-2025", "fosdem2020", "36c3", "a1"] {
            assert_eq!(check_slug(right), Ok(()), "{right}");
        }
        for wrong in ["", "a", "Summit", "-x1", "x1-", "a b", "ü1", "a/b", &"x".repeat(61)] {
            assert_eq!(check_slug(wrong), Err(InvalidEvent::SlugMalformed), "{wrong:?}");
        }
        for reserved in RESERVED_SLUGS {
            assert_eq!(check_slug(reserved), Err(InvalidEvent::SlugReserved), "{reserved}");
        }
    }

    #[test]
    fn days_run_forward_and_not_for_ever() {
        let day = |text: &str| text.parse::<NaiveDate>().expect(text);
        assert_eq!(check_dates(day("2027-04-13"), day("2027-04-13")), Ok(()));
        assert_eq!(check_dates(day("2028-01-01"), day("2028-12-31")), Ok(()));
        assert_eq!(check_dates(day("2027-04-13"), day("2027-04-12")), Err(InvalidEvent::EndsBeforeStart));
        assert_eq!(check_dates(day("2027-01-01"), day("2028-01-02")), Err(InvalidEvent::TooLong));
    }

    #[test]
    fn the_command_line_says_what_is_wrong() {
        let day = |text: &str| text.parse::<NaiveDate>().expect(text);
        let made = |name: &str, zone: &str, locales: &[&str]| {
            let locales: Vec<String> = locales.iter().map(ToString::to_string).collect();
            NewEvent::from_command_line("summit", name, day("2027-04-13"), day("2027-04-16"), zone, &locales)
        };
        assert!(made("Summit", "Asia/Shanghai", &["en", "zh"]).is_ok());
        for (name, zone, locales, problem) in [
            (" ", "Asia/Shanghai", &["en"][..], InvalidEvent::NoName),
            ("Summit", "Asia/Wuzhen", &["en"], InvalidEvent::BadZone),
            ("Summit", "UTC", &[], InvalidEvent::NoLanguages),
            ("Summit", "UTC", &["english"], InvalidEvent::BadLanguage),
            ("Summit", "UTC", &["en", "EN"], InvalidEvent::BadLanguage),
        ] {
            assert_eq!(made(name, zone, locales).err(), Some(problem));
        }
    }
}
