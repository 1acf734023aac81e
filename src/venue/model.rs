//! What a room is.

use crate::db::schema::rooms;
use crate::db::{EventId, Json, RoomId, UtcTime};
use crate::i18n::{Lang, Localized};
use diesel::prelude::*;

/// One room of an event, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = rooms)]
pub struct Room {
    /// The room.
    pub id: RoomId,
    /// The event.
    pub event_id: EventId,
    /// Its place in URLs and on signs, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// The building or area it belongs to.
    pub building: Localized,
    /// How many people it holds, where known.
    pub capacity: Option<i32>,
    /// Booths for interpreters.
    pub booths: i32,
    /// Languages that can be heard besides the floor.
    pub channels: Json<Vec<Lang>>,
    /// Its place in the order of display.
    pub position: i32,
    /// Stable in exchange formats.
    pub guid: String,
    /// Its key in the file it was imported from.
    pub source_key: Option<String>,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// What an organizer says of a room.
#[derive(Clone, Debug)]
pub struct RoomFacts {
    /// Its place in URLs; must be unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// The building or area it belongs to.
    pub building: Localized,
    /// How many people it holds, where known.
    pub capacity: Option<i32>,
    /// Booths for interpreters.
    pub booths: i32,
    /// Languages that can be heard besides the floor.
    pub channels: Vec<Lang>,
    /// Its place in the order of display; last when none.
    pub position: Option<i32>,
}
