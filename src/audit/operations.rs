//! Writing to the audit log.

use super::model::{Entry, Noted};
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

/// Whether `action` was ever noted of a subject; with exactly this detail, where one is given.
///
/// # Errors
/// When the database refuses.
pub fn was_noted(
    db: &mut DbConnection,
    (subject_kind, subject_id): (&str, &str),
    action: &str,
    detail: Option<&serde_json::Value>,
) -> QueryResult<bool> {
    store::exists(db, (subject_kind, subject_id), action, detail.map(ToString::to_string).as_deref())
}

/// What was done to one thing, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn of_subject(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<Vec<Noted>> {
    store::of_subject(db, kind, id)
}

/// Empties the details of what was done to one thing: that something was done, when and by whom stays.
///
/// # Errors
/// When the database refuses.
pub fn forget_details(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<()> {
    store::forget_details(db, kind, id)
}
