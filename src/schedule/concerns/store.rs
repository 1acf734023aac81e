//! The table `muted_concerns`.

use super::model::{Muted, MutedConcerns};
use crate::db::schema::{muted_concerns, users};
use crate::db::{DbConnection, EventId, UserId, UtcTime};
use diesel::prelude::*;

/// The muted concerns of an event.
pub(super) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<MutedConcerns> {
    let rows: Vec<(String, String, Option<String>)> = muted_concerns::table
        .left_join(users::table.on(muted_concerns::muted_by.eq(users::id.nullable())))
        .filter(muted_concerns::event_id.eq(event))
        .select((muted_concerns::concern, muted_concerns::reason, users::name.nullable()))
        .load(db)?;
    Ok(rows.into_iter().map(|(key, reason, by)| (key, Muted { reason, by })).collect())
}

/// Mutes a concern, or gives one that is muted another reason.
pub(super) fn mute(
    db: &mut DbConnection,
    now: UtcTime,
    by: Option<UserId>,
    (event, key): (EventId, &str),
    reason: &str,
) -> QueryResult<()> {
    unmute(db, event, key)?;
    diesel::insert_into(muted_concerns::table)
        .values((
            muted_concerns::event_id.eq(event),
            muted_concerns::concern.eq(key),
            muted_concerns::reason.eq(reason),
            muted_concerns::muted_by.eq(by),
            muted_concerns::created_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Unmutes a concern; says whether it was muted.
pub(super) fn unmute(db: &mut DbConnection, event: EventId, key: &str) -> QueryResult<bool> {
    Ok(diesel::delete(muted_concerns::table.find((event, key))).execute(db)? == 1)
}
