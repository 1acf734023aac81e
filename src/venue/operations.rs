//! Use cases of rooms. Each counts as a change of the draft; the public sees it with the next release.

use super::model::{Room, RoomFacts};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, Json, RoomId, UtcTime};
use crate::db_failure;
use crate::events;
use diesel::QueryResult;
use serde_json::json;

/// Why a room was not made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum RoomError {
    /// There is no such room at this event.
    #[error("there is no such room")]
    NotFound,
    /// Another room of the event has this code.
    #[error("another room has this code")]
    CodeTaken,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed the room in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(RoomError);

/// Adds a room to an event.
///
/// # Errors
/// When its code is taken.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &RoomFacts,
) -> Result<Room, RoomError> {
    if store::by_code(db, event, &facts.code)?.is_some() {
        return Err(RoomError::CodeTaken);
    }
    let id = RoomId::new();
    let position = match facts.position {
        Some(position) => position,
        None => store::next_position(db, event)?,
    };
    let room = Room {
        id,
        event_id: event,
        code: facts.code.clone(),
        name: facts.name.clone(),
        building: facts.building.clone(),
        capacity: facts.capacity,
        booths: facts.booths,
        channels: Json::new(facts.channels.clone()).map_err(unwritable)?,
        position,
        guid: id.to_string(),
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(db, &room)?;
    note(db, now, actor, event, "room.created", id)?;
    Ok(room)
}

/// Changes a room, if it is still as `version` had it.
///
/// # Errors
/// When its code is taken or someone else was faster.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, room, version): (EventId, RoomId, i32),
    facts: &RoomFacts,
) -> Result<(), RoomError> {
    if store::by_code(db, event, &facts.code)?.is_some_and(|other| other != room) {
        return Err(RoomError::CodeTaken);
    }
    store::find(db, event, room)?.ok_or(RoomError::NotFound)?;
    let channels = Json::new(facts.channels.clone()).map_err(unwritable)?;
    if !store::update(db, now, (event, room, version), &channels, facts)? {
        return Err(RoomError::Stale);
    }
    note(db, now, actor, event, "room.changed", room)
}

/// Deletes a room. Sessions placed in it keep their time and have no room.
///
/// # Errors
/// When there is no such room.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    room: RoomId,
) -> Result<(), RoomError> {
    let emptied = store::slots_in(db, room)?;
    if !store::delete(db, event, room)? {
        return Err(RoomError::NotFound);
    }
    events::operations::touch_draft(db, event)?;
    let entry = Entry::new(Some(event), actor, "room.deleted", "room", room.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "slots_without_room": emptied })))?)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    room: RoomId,
) -> Result<(), RoomError> {
    events::operations::touch_draft(db, event)?;
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "room", room.as_str()))?)
}

fn unwritable(error: serde_json::Error) -> RoomError {
    RoomError::Db(DbError::Query(diesel::result::Error::SerializationError(error.into())))
}

/// The rooms of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Room>> {
    store::all(db, event)
}

/// One room of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, room: RoomId) -> QueryResult<Option<Room>> {
    store::find(db, event, room)
}

/// Slots of the draft that deleting a room would leave without one.
///
/// # Errors
/// When the database refuses.
pub fn slots_in(db: &mut DbConnection, room: RoomId) -> QueryResult<i64> {
    store::slots_in(db, room)
}
