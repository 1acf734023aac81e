//! What tells whether mail leaves.

use super::{claiming, pauses};
use crate::db::schema::{address_marks, mail_counts, message_attempts, messages};
use crate::db::{DbConnection, UtcTime};
use crate::mail::model::MessageState;
use diesel::prelude::*;

/// Messages in the queue, whatever keeps them.
pub(in crate::mail) fn waiting(db: &mut DbConnection) -> QueryResult<i64> {
    let rows: Vec<i32> =
        mail_counts::table.filter(mail_counts::state.eq(MessageState::Queued)).select(mail_counts::amount).load(db)?;
    Ok(rows.into_iter().map(i64::from).sum())
}

/// Messages that came back for good.
pub(in crate::mail) fn bounced(db: &mut DbConnection) -> QueryResult<i64> {
    let rows: Vec<i32> =
        mail_counts::table.filter(mail_counts::state.eq(MessageState::Bounced)).select(mail_counts::amount).load(db)?;
    Ok(rows.into_iter().map(i64::from).sum())
}

/// Addresses that get no mail because of what came back from them.
pub(in crate::mail) fn marked(db: &mut DbConnection) -> QueryResult<i64> {
    address_marks::table.count().get_result(db)
}

/// How many messages are due that nobody paused, and since when the oldest is.
pub(in crate::mail) fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<(i64, Option<UtcTime>)> {
    let mut found = (0, None::<UtcTime>);
    for lane in claiming::open_lanes(db)? {
        let due = messages::table
            .filter(messages::state.eq(MessageState::Queued))
            .filter(messages::lane.eq(lane.as_str()))
            .filter(messages::due_at.le(now));
        let oldest: Option<UtcTime> = due.order(messages::due_at).select(messages::due_at).first(db).optional()?;
        let Some(oldest) = oldest else { continue };
        let count: i64 = due.count().get_result(db)?;
        found = (found.0 + count, Some(found.1.map_or(oldest, |known| known.min(oldest))));
    }
    Ok(found)
}

/// Attempts with this outcome since then.
pub(in crate::mail) fn attempts_since(db: &mut DbConnection, outcome: &str, since: UtcTime) -> QueryResult<i64> {
    message_attempts::table
        .filter(message_attempts::outcome.eq(outcome))
        .filter(message_attempts::at.ge(since))
        .count()
        .get_result(db)
}

/// When the last attempt with this outcome was.
pub(in crate::mail) fn last(db: &mut DbConnection, outcome: &str) -> QueryResult<Option<UtcTime>> {
    message_attempts::table
        .filter(message_attempts::outcome.eq(outcome))
        .order(message_attempts::at.desc())
        .select(message_attempts::at)
        .first(db)
        .optional()
}

/// When the first attempt with this outcome was after `after`.
pub(in crate::mail) fn first_after(
    db: &mut DbConnection,
    outcome: &str,
    after: Option<UtcTime>,
) -> QueryResult<Option<UtcTime>> {
    let mut query = message_attempts::table.filter(message_attempts::outcome.eq(outcome)).into_boxed();
    if let Some(after) = after {
        query = query.filter(message_attempts::at.gt(after));
    }
    query.order(message_attempts::at).select(message_attempts::at).first(db).optional()
}

/// Where sending is paused.
pub(in crate::mail) fn pauses(db: &mut DbConnection) -> QueryResult<Vec<crate::mail::policy::Pause>> {
    pauses::all(db)
}
