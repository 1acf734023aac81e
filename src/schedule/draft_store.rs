//! What planners know of a draft, read whole.

use super::draft::{Availability, Block, Draft, Planning, Rules, SlotPlanning};
use super::model::Programme;
use crate::db::schema::{
    availabilities, blocks, bookings, formats, forums, rooms, schedule_rules, sessions, slots, stars,
};
use crate::db::{DbConnection, EventId, FormatId, ForumId, RegistrationId, RoomId, SessionId, SlotId};
use crate::events::model::Event;
use diesel::prelude::*;
use std::collections::HashMap;

/// Completes a programme that was read in the same transaction to the draft that planners see.
pub(super) fn complete(db: &mut DbConnection, event: &Event, programme: Programme) -> QueryResult<Draft> {
    let id = event.id;
    let planned: Vec<(SessionId, Option<i32>, i32, i32, i32)> = sessions::table
        .filter(sessions::event_id.eq(id))
        .select((sessions::id, sessions::expected, sessions::buffer_before, sessions::buffer_after, sessions::version))
        .load(db)?;
    let slot_rows: Vec<(SlotId, i32, bool)> =
        slots::table.filter(slots::event_id.eq(id)).select((slots::id, slots::version, slots::is_fixed)).load(db)?;
    let serial: Vec<ForumId> =
        forums::table.filter(forums::event_id.eq(id)).filter(forums::is_serial.eq(true)).select(forums::id).load(db)?;
    let minutes: Vec<(FormatId, i32)> =
        formats::table.filter(formats::event_id.eq(id)).select((formats::id, formats::minutes)).load(db)?;
    let booths: Vec<(RoomId, i32)> =
        rooms::table.filter(rooms::event_id.eq(id)).select((rooms::id, rooms::booths)).load(db)?;
    let (stars, shared_audience) = audience(db, id)?;
    Ok(Draft {
        programme,
        version: event.draft_version,
        sessions: planned
            .into_iter()
            .map(|(id, expected, buffer_before, buffer_after, version)| {
                (id, Planning { expected, buffer_before, buffer_after, version })
            })
            .collect(),
        slots: slot_rows.into_iter().map(|(id, version, is_fixed)| (id, SlotPlanning { version, is_fixed })).collect(),
        blocks: all_blocks(db, id)?,
        availabilities: all_availabilities(db, id)?,
        serial_forums: serial.into_iter().collect(),
        format_minutes: minutes.into_iter().collect(),
        booths: booths.into_iter().collect(),
        shared_audience,
        stars,
        rules: rules(db, event)?,
    })
}

/// The blocks of an event by their start.
pub(super) fn all_blocks(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Block>> {
    blocks::table
        .filter(blocks::event_id.eq(event))
        .order((blocks::starts_at, blocks::id))
        .select(Block::as_select())
        .load(db)
}

/// What was said of the times of an event's speakers and rooms.
pub(super) fn all_availabilities(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Availability>> {
    availabilities::table
        .filter(availabilities::event_id.eq(event))
        .order((availabilities::starts_at, availabilities::id))
        .select(Availability::as_select())
        .load(db)
}

/// The rules of an event's timetable; the usual ones where it has set none.
pub(super) fn rules(db: &mut DbConnection, event: &Event) -> QueryResult<Rules> {
    match schedule_rules::table.find(event.id).select(Rules::as_select()).first(db).optional()? {
        Some(rules) => Ok(rules),
        None => Rules::of(event.id, event.updated_at)
            .map_err(|error| diesel::result::Error::SerializationError(error.into())),
    }
}

/// Most sessions of one person that are compared with each other: who stars everything says nothing.
const MOST_STARS: usize = 60;

type Stars = HashMap<SessionId, i32>;
type SharedStars = HashMap<(SessionId, SessionId), i32>;

/// How many people starred each session or booked a seat in it, and each two sessions together.
fn audience(db: &mut DbConnection, event: EventId) -> QueryResult<(Stars, SharedStars)> {
    let mut rows: Vec<(RegistrationId, SessionId)> = stars::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .select((stars::registration_id, stars::session_id))
        .load(db)?;
    let booked: Vec<(RegistrationId, SessionId)> = bookings::table
        .filter(bookings::event_id.eq(event))
        .filter(bookings::ended_at.is_null())
        .select((bookings::registration_id, bookings::session_id))
        .load(db)?;
    rows.extend(booked);
    rows.sort_unstable();
    rows.dedup();
    let (mut single, mut shared): (Stars, SharedStars) = (HashMap::new(), HashMap::new());
    for of_one in rows.chunk_by(|one, other| one.0 == other.0) {
        for (index, (_, session)) in of_one.iter().enumerate() {
            *single.entry(*session).or_default() += 1;
            if of_one.len() <= MOST_STARS {
                for (_, other) in &of_one[index + 1..] {
                    *shared.entry((*session, *other)).or_default() += 1;
                }
            }
        }
    }
    Ok((single, shared))
}
