//! Queueing messages.

use super::model::NewMessage;
use super::store;
use crate::db::{DbConnection, MessageId, UtcTime};
use diesel::QueryResult;

/// Puts a message into the outbox, in the transaction of the change that causes it.
///
/// # Errors
/// When the database refuses; the change is then undone with it.
pub fn queue(db: &mut DbConnection, now: UtcTime, message: &NewMessage) -> QueryResult<MessageId> {
    store::insert(db, now, message)
}
