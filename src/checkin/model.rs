//! What gates, devices and scans are.

use crate::db::schema::{devices, gates, presences, registrations, scans};
use crate::db::{
    CategoryId, DeviceId, EventId, GateId, Json, RegistrationId, ScanId, SessionId, UserId, UtcTime, ZoneId,
};
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use crate::registration::names::{NameOrder, full_name};
use crate::text_enum;
use crate::web::TokenHash;
use chrono::{NaiveDate, NaiveTime};
use diesel::prelude::*;

text_enum! {
    /// How often a gate lets the same person in.
    pub enum EntryRule {
        /// Once a day, at all main entries together.
        Once = "once",
        /// As often as they come.
        Again = "again",
        /// In, out and in again: who is inside is counted.
        Counted = "counted",
    }
}

text_enum! {
    /// Which way someone goes.
    pub enum Direction {
        /// Inwards.
        In = "in",
        /// Outwards.
        Out = "out",
    }
}

text_enum! {
    /// What a scan came to.
    pub enum ScanResult {
        /// Let in.
        In = "in",
        /// Went out.
        Out = "out",
        /// Let in by a person against or without the rules, with a reason.
        Admitted = "admitted",
        /// Nobody is registered by this.
        Unknown = "unknown",
        /// The ticket is of another event.
        OtherEvent = "other-event",
        /// The signature of the ticket is wrong.
        BadSignature = "bad-signature",
        /// The ticket does not count any more.
        Revoked = "revoked",
        /// The registration was cancelled.
        Cancelled = "cancelled",
        /// The registration is not approved or not confirmed.
        NotApproved = "not-approved",
        /// Not valid for this gate.
        WrongGate = "wrong-gate",
        /// Not valid today.
        WrongDay = "wrong-day",
        /// The gate is closed at this hour.
        OutsideHours = "outside-hours",
        /// Went in already.
        AlreadyIn = "already-in",
        /// Goes out and never went in.
        NotInside = "not-inside",
        /// The session is full.
        Full = "full",
        /// The seats left belong to people with bookings.
        Standby = "standby",
    }
}

impl ScanResult {
    /// Whether the person went through the gate.
    #[must_use]
    pub const fn is_passage(self) -> bool {
        matches!(self, Self::In | Self::Out | Self::Admitted)
    }
}

/// A gate as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = gates)]
pub struct Gate {
    /// The gate.
    pub id: GateId,
    /// The event.
    pub event_id: EventId,
    /// Its word, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// How often it lets the same person in.
    pub entry: EntryRule,
    /// The categories that may pass; all when empty.
    pub categories: Json<Vec<CategoryId>>,
    /// The zone it leads to, which a category must include.
    pub zone_id: Option<ZoneId>,
    /// The session it leads to.
    pub session_id: Option<SessionId>,
    /// The days on which it is open; all when empty.
    pub days: Json<Vec<NaiveDate>>,
    /// `HH:MM` since when it is open each day.
    pub opens_at: Option<String>,
    /// `HH:MM` until when it is open each day.
    pub closes_at: Option<String>,
    /// Whether it is an entry to the event as a whole.
    pub is_main: bool,
    /// Where it is on the plan, from the left, of 100.
    pub place_x: Option<i32>,
    /// Where it is on the plan, from the top, of 100.
    pub place_y: Option<i32>,
    /// How many are inside.
    pub inside: i32,
    /// Its place in lists.
    pub position: i32,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

impl Gate {
    /// Since when and until when it is open each day.
    #[must_use]
    pub fn hours(&self) -> (Option<NaiveTime>, Option<NaiveTime>) {
        let read =
            |text: &Option<String>| text.as_deref().and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
        (read(&self.opens_at), read(&self.closes_at))
    }
}

/// What an organizer says of a gate.
#[derive(Clone, Debug)]
pub struct GateFacts {
    /// Its word, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// How often it lets the same person in.
    pub entry: EntryRule,
    /// The categories that may pass; all when empty.
    pub categories: Json<Vec<CategoryId>>,
    /// The zone it leads to.
    pub zone: Option<ZoneId>,
    /// The session it leads to.
    pub session: Option<SessionId>,
    /// The days on which it is open; all when empty.
    pub days: Json<Vec<NaiveDate>>,
    /// Since when it is open each day.
    pub opens_at: Option<NaiveTime>,
    /// Until when it is open each day.
    pub closes_at: Option<NaiveTime>,
    /// Whether it is an entry to the event as a whole.
    pub is_main: bool,
    /// Where it is on the plan, each of 100.
    pub place: Option<(i32, i32)>,
    /// Its place in lists; last when none.
    pub position: Option<i32>,
}

/// A scanning device as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = devices)]
pub struct Device {
    /// The device.
    pub id: DeviceId,
    /// The event.
    pub event_id: EventId,
    /// The gate where it stands; chosen on the device when none.
    pub gate_id: Option<GateId>,
    /// What people call it.
    pub name: String,
    /// The hash of the code that signs it in, until it is used.
    pub code_hash: Option<TokenHash>,
    /// Until when the code works.
    pub code_until: Option<UtcTime>,
    /// The hash of what its cookie holds.
    pub token_hash: Option<TokenHash>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it last asked for anything, to a minute.
    pub seen_at: Option<UtcTime>,
    /// Since when it may not scan any more.
    pub revoked_at: Option<UtcTime>,
}

/// One scan as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = scans)]
pub struct Scan {
    /// The scan, named by the device.
    pub id: ScanId,
    /// The event.
    pub event_id: EventId,
    /// The gate.
    pub gate_id: Option<GateId>,
    /// The device, if it was one.
    pub device_id: Option<DeviceId>,
    /// The account, if it was one.
    pub user_id: Option<UserId>,
    /// Whom it found.
    pub registration_id: Option<RegistrationId>,
    /// Which way.
    pub direction: Direction,
    /// What it came to.
    pub result: ScanResult,
    /// Whether the device decided without asking.
    pub was_offline: bool,
    /// Why it should not have let the person in, found out later.
    pub conflict: Option<String>,
    /// When a supervisor saw that.
    pub seen_conflict_at: Option<UtcTime>,
    /// When it was scanned.
    pub scanned_at: UtcTime,
    /// When we heard of it.
    pub received_at: UtcTime,
}

/// Who is where: one row for a registration at a gate.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = presences)]
pub struct Presence {
    /// The registration.
    pub registration_id: RegistrationId,
    /// The gate.
    pub gate_id: GateId,
    /// Whether they are inside by this gate.
    pub is_inside: bool,
    /// How often they went in.
    pub entries: i32,
    /// When they first went in.
    pub first_at: UtcTime,
    /// When they last went in.
    pub last_at: UtcTime,
    /// The scan that did it.
    pub last_scan: ScanId,
}

/// What the door needs to know of a registration.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Attendee {
    /// The registration.
    pub id: RegistrationId,
    /// Its category.
    pub category_id: CategoryId,
    /// What people read out.
    pub code: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script; may be empty.
    pub native_name: String,
    /// Ministry, company, university; may be empty.
    pub organisation: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The photo, where there is one.
    pub photo_id: Option<String>,
    /// What the team notes for the door; may be empty.
    pub remark: String,
    /// Another registration that stands for this one.
    pub merged_into: Option<String>,
    /// Which name stands first.
    pub name_order: NameOrder,
    /// The number of the ticket that counts.
    pub ticket_serial: i32,
}

impl Attendee {
    /// The name as a line.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.given_name, &self.family_name, self.name_order)
    }
}

/// What a category includes.
#[derive(Clone, Debug)]
pub struct Inclusion {
    /// The category.
    pub id: CategoryId,
    /// Its code, as tickets hold it.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// `#rrggbb`.
    pub badge_color: String,
    /// The zones, by id or code.
    pub zones: Vec<String>,
    /// The days; all when empty.
    pub days: Vec<NaiveDate>,
}
