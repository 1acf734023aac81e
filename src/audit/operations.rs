//! Writing to the audit log.

use super::model::Entry;
use super::store;
use crate::db::{DbConnection, UtcTime};
use diesel::QueryResult;

/// Notes a change in the transaction that makes it.
///
/// # Errors
/// When the database refuses; the change is then undone with it.
pub fn note(db: &mut DbConnection, now: UtcTime, entry: &Entry<'_>) -> QueryResult<()> {
    store::insert(db, now, entry)
}
