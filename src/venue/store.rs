//! The table `rooms`.

use super::model::{Room, RoomFacts};
use crate::db::schema::{rooms, slots};
use crate::db::{DbConnection, EventId, Json, RoomId, UtcTime};
use crate::i18n::Lang;
use diesel::prelude::*;

/// The rooms of an event in their order.
pub(super) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Room>> {
    rooms::table
        .filter(rooms::event_id.eq(event))
        .order((rooms::position, rooms::code))
        .select(Room::as_select())
        .load(db)
}

/// One room of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, room: RoomId) -> QueryResult<Option<Room>> {
    rooms::table.find(room).filter(rooms::event_id.eq(event)).select(Room::as_select()).first(db).optional()
}

/// The room with this code.
pub(super) fn by_code(db: &mut DbConnection, event: EventId, code: &str) -> QueryResult<Option<RoomId>> {
    rooms::table.filter(rooms::event_id.eq(event)).filter(rooms::code.eq(code)).select(rooms::id).first(db).optional()
}

/// The position after the last.
pub(super) fn next_position(db: &mut DbConnection, event: EventId) -> QueryResult<i32> {
    let last: Option<i32> =
        rooms::table.filter(rooms::event_id.eq(event)).select(diesel::dsl::max(rooms::position)).first(db)?;
    Ok(last.map_or(1, |last| last.saturating_add(1)))
}

/// Adds a room.
pub(super) fn insert(db: &mut DbConnection, room: &Room) -> QueryResult<()> {
    diesel::insert_into(rooms::table).values(room).execute(db).map(drop)
}

/// Changes a room if nobody else has since `version`; returns whether it was changed.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (event, room, version): (EventId, RoomId, i32),
    channels: &Json<Vec<Lang>>,
    facts: &RoomFacts,
) -> QueryResult<bool> {
    let same = rooms::table.find(room).filter(rooms::event_id.eq(event)).filter(rooms::version.eq(version));
    let changed = diesel::update(same)
        .set((
            rooms::code.eq(&facts.code),
            rooms::name.eq(&facts.name),
            rooms::building.eq(&facts.building),
            rooms::capacity.eq(facts.capacity),
            rooms::booths.eq(facts.booths),
            rooms::channels.eq(channels),
            facts.position.map(|position| rooms::position.eq(position)),
            rooms::version.eq(rooms::version + 1),
            rooms::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Deletes a room; slots in it lose their room. Returns whether there was one.
pub(super) fn delete(db: &mut DbConnection, event: EventId, room: RoomId) -> QueryResult<bool> {
    Ok(diesel::delete(rooms::table.find(room).filter(rooms::event_id.eq(event))).execute(db)? == 1)
}

/// Slots of the draft that are in a room, which deleting it would leave without one.
pub(super) fn slots_in(db: &mut DbConnection, room: RoomId) -> QueryResult<i64> {
    slots::table.filter(slots::room_id.eq(room)).count().get_result(db)
}
