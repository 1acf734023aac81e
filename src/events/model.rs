//! What an event is.

use crate::db::{EventId, Json, UtcTime, schema::events};
use crate::i18n::{Lang, Localized};
use chrono::NaiveDate;
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

    /// Every day of the event.
    pub fn days(&self) -> impl Iterator<Item = NaiveDate> {
        self.starts_on.iter_days().take_while(|day| *day <= self.ends_on)
    }
}

/// Words that can't be an event's slug, because an address begins with them.
pub const RESERVED_SLUGS: &[&str] = &[
    "account",
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
    "media",
    "metrics",
    "organizer",
    "readyz",
    "reset",
    "robots.txt",
    "setup",
    "static",
];

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
