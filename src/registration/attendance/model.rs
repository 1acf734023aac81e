//! Zones, and the rules of attendance.

use crate::db::schema::{attendance_rules, zones};
use crate::db::{CategoryId, EventId, SpeakerId, ZoneId};
use crate::i18n::{Lang, Localized};
use diesel::prelude::*;

/// A part of the venue that not everybody may enter.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = zones)]
pub struct Zone {
    /// Names it.
    pub id: ZoneId,
    /// The event.
    pub event_id: EventId,
    /// Its word on tickets, unique at the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
}

/// What holds for every registration of an event.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = attendance_rules)]
pub struct AttendanceRules {
    /// The category in which speakers are registered by themselves.
    pub speaker_category_id: Option<CategoryId>,
    /// How many seats one person may book.
    pub most_bookings: Option<i32>,
    /// Whether a seat that overlaps with another is refused; otherwise it is only said.
    pub refuses_overlap: bool,
    /// Days after the event's end for which sealed answers are kept.
    pub sealed_days: i32,
    /// Counts changes; 0 while nothing is set.
    pub version: i32,
}

impl Default for AttendanceRules {
    fn default() -> Self {
        Self { speaker_category_id: None, most_bookings: None, refuses_overlap: true, sealed_days: 30, version: 0 }
    }
}

/// A speaker who may have to be registered.
#[derive(Clone, Debug)]
pub struct Speaking {
    /// Who.
    pub id: SpeakerId,
    /// The whole name.
    pub name: String,
    /// The name in its own script; may be empty.
    pub native_name: String,
    /// The address.
    pub email: String,
    /// The organisation in the event's languages.
    pub organisation: Localized,
    /// Office or job in the event's languages.
    pub position: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The language of mails.
    pub language: Lang,
}
