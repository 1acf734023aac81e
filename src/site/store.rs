//! What the snapshot is made from.

use super::model::Opening;
use crate::db::schema::{categories, events};
use crate::db::{DbConnection, EventId, UtcTime};
use diesel::prelude::*;

/// The version of each event, to see cheaply whether anything changed.
pub(super) fn versions(db: &mut DbConnection) -> QueryResult<Vec<(EventId, i64)>> {
    events::table.order(events::id).select((events::id, events::public_version)).load(db)
}

/// The dates of an event's public categories.
pub(super) fn openings(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Opening>> {
    let rows: Vec<(Option<UtcTime>, Option<UtcTime>)> = categories::table
        .filter(categories::event_id.eq(event))
        .filter(categories::access_code.is_null())
        .order(categories::position)
        .select((categories::opens_at, categories::closes_at))
        .load(db)?;
    Ok(rows.into_iter().map(|(opens, closes)| Opening { opens, closes }).collect())
}
