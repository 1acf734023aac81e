//! The table `availabilities`.

use super::operations::Subject;
use crate::db::schema::{availabilities, rooms, speakers};
use crate::db::{DbConnection, EventId, RoomId, SpeakerId};
use crate::schedule::draft::Availability;
use diesel::prelude::*;

/// The windows of a speaker or room by their start.
pub(super) fn of(db: &mut DbConnection, event: EventId, subject: Subject) -> QueryResult<Vec<Availability>> {
    let all = availabilities::table
        .filter(availabilities::event_id.eq(event))
        .order((availabilities::starts_at, availabilities::id))
        .select(Availability::as_select());
    match subject {
        Subject::Speaker(speaker) => all.filter(availabilities::speaker_id.eq(speaker)).load(db),
        Subject::Room(room) => all.filter(availabilities::room_id.eq(room)).load(db),
    }
}

/// Whether a speaker or room is one of this event's.
pub(super) fn is_of_event(db: &mut DbConnection, event: EventId, subject: Subject) -> QueryResult<bool> {
    match subject {
        Subject::Speaker(id) => {
            let found = speakers::table.find(id).filter(speakers::event_id.eq(event)).select(speakers::id);
            found.first::<SpeakerId>(db).optional().map(|found| found.is_some())
        }
        Subject::Room(id) => {
            let found = rooms::table.find(id).filter(rooms::event_id.eq(event)).select(rooms::id);
            found.first::<RoomId>(db).optional().map(|found| found.is_some())
        }
    }
}

/// Takes all windows of a speaker or room away.
pub(super) fn delete(db: &mut DbConnection, event: EventId, subject: Subject) -> QueryResult<()> {
    let all = availabilities::table.filter(availabilities::event_id.eq(event));
    match subject {
        Subject::Speaker(speaker) => diesel::delete(all.filter(availabilities::speaker_id.eq(speaker))).execute(db),
        Subject::Room(room) => diesel::delete(all.filter(availabilities::room_id.eq(room))).execute(db),
    }
    .map(drop)
}

/// Adds a window.
pub(super) fn insert(db: &mut DbConnection, row: Availability) -> QueryResult<()> {
    diesel::insert_into(availabilities::table).values(row).execute(db).map(drop)
}
