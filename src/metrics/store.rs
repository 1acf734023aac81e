//! What waits in the outbox.

use crate::db::schema::messages;
use crate::db::{DbConnection, UtcTime};
use crate::mail::model::MessageState;
use diesel::dsl::{count_star, min};
use diesel::prelude::*;

/// Messages in the queue, and since when the oldest of them is due.
pub(super) fn waiting(db: &mut DbConnection) -> QueryResult<(i64, Option<UtcTime>)> {
    messages::table
        .filter(messages::state.eq(MessageState::Queued))
        .select((count_star(), min(messages::due_at)))
        .first(db)
}
