//! Saying when a speaker or a room is free.

use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AvailabilityId, DbConnection, DbError, EventId, RoomId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_draft;
use crate::schedule::draft::{Availability, Level};
use diesel::QueryResult;

/// Why windows were not kept.
#[derive(Debug, thiserror::Error)]
pub enum AvailabilityError {
    /// A window ends before it begins.
    #[error("a window does not end later than it begins")]
    Backwards,
    /// More windows than anyone means.
    #[error("too many windows")]
    TooMany,
    /// The speaker or room is not (any more) one of this event's.
    #[error("the speaker or room is not there any more")]
    Gone,
    /// Someone else has set them since the form was opened.
    #[error("someone else has changed it in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(AvailabilityError);

/// Most windows of one speaker or room.
pub const MOST_WINDOWS: usize = 200;

/// A stretch of time and what is said of it; see [`Availability`] for what several mean together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
    /// What is said of it.
    pub level: Level,
}

impl From<&Availability> for Window {
    fn from(row: &Availability) -> Self {
        Self { start: row.starts_at, end: row.ends_at, level: row.level }
    }
}

/// Whose windows these are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A speaker's.
    Speaker(SpeakerId),
    /// A room's.
    Room(RoomId),
}

/// The windows of a speaker or room by their start.
///
/// # Errors
/// When the database refuses.
pub fn of(db: &mut DbConnection, event: EventId, subject: Subject) -> QueryResult<Vec<Window>> {
    Ok(store::of(db, event, subject)?.iter().map(Window::from).collect())
}

/// A text that changes whenever the windows of a speaker or room are set: forms carry it, so that
/// two people don't overwrite each other.
///
/// # Errors
/// When the database refuses.
pub fn stamp(db: &mut DbConnection, event: EventId, subject: Subject) -> QueryResult<String> {
    // All rows of a subject are written at once, so any of them knows when that was.
    let rows = store::of(db, event, subject)?;
    Ok(rows.first().map_or_else(|| "0".to_owned(), |row| row.id.to_string()))
}

/// Replaces all windows of a speaker.
///
/// # Errors
/// When a window ends before it begins, there are too many, or the speaker is not this event's.
pub fn set_for_speaker(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    speaker: SpeakerId,
    windows: &[Window],
) -> Result<(), AvailabilityError> {
    set(db, now, actor, event, Subject::Speaker(speaker), windows)
}

/// Replaces all windows of a room.
///
/// # Errors
/// When a window ends before it begins, there are too many, or the room is not this event's.
pub fn set_for_room(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    room: RoomId,
    windows: &[Window],
) -> Result<(), AvailabilityError> {
    set(db, now, actor, event, Subject::Room(room), windows)
}

fn set(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    subject: Subject,
    windows: &[Window],
) -> Result<(), AvailabilityError> {
    if windows.len() > MOST_WINDOWS {
        return Err(AvailabilityError::TooMany);
    }
    if windows.iter().any(|window| window.end <= window.start) {
        return Err(AvailabilityError::Backwards);
    }
    // First of all, so that two who set the same wait for each other.
    touch_draft(db, event)?;
    if !store::is_of_event(db, event, subject)? {
        return Err(AvailabilityError::Gone);
    }
    store::delete(db, event, subject)?;
    let mut sorted = windows.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    for window in sorted {
        let (speaker_id, room_id) = match subject {
            Subject::Speaker(speaker) => (Some(speaker), None),
            Subject::Room(room) => (None, Some(room)),
        };
        let row = Availability {
            id: AvailabilityId::new(),
            event_id: event,
            speaker_id,
            room_id,
            level: window.level,
            starts_at: window.start,
            ends_at: window.end,
            created_at: now,
        };
        store::insert(db, row)?;
    }
    let (kind, id) = match &subject {
        Subject::Speaker(speaker) => ("speaker", speaker.as_str()),
        Subject::Room(room) => ("room", room.as_str()),
    };
    let entry = Entry::new(Some(event), actor, "availability.set", kind, id);
    audit::note(db, now, &entry.with(serde_json::json!({ "windows": windows.len() })))?;
    Ok(())
}
