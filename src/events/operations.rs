//! Use cases of events.

use super::model::{Event, EventChanges, InvalidEvent, NewEvent};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, Json, UtcTime};
use crate::db_failure;
use diesel::QueryResult;

/// Why an event was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// The facts can't be an event's.
    #[error(transparent)]
    Invalid(#[from] InvalidEvent),
    /// Another event has this slug.
    #[error("there is an event with this slug already")]
    SlugTaken,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed the event in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(EventError);

/// Makes an event.
///
/// # Errors
/// When its slug is taken.
pub fn create(db: &mut DbConnection, now: UtcTime, actor: Actor, new: &NewEvent) -> Result<Event, EventError> {
    if store::by_slug(db, new.slug())?.is_some() {
        return Err(EventError::SlugTaken);
    }
    let event = new.clone().into_event(now).map_err(unwritable)?;
    match store::insert(db, &event) {
        Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
            return Err(EventError::SlugTaken);
        }
        outcome => outcome?,
    }
    audit::note(db, now, &Entry::new(Some(event.id), actor, "event.created", "event", event.id.as_str()))?;
    Ok(event)
}

/// Changes an event's settings, if it is still as `version` had it.
///
/// # Errors
/// When the facts don't fit together, or someone else was faster.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, version): (EventId, i32),
    changes: &EventChanges,
) -> Result<(), EventError> {
    changes.check()?;
    let languages = Json::new(changes.languages.clone()).map_err(unwritable)?;
    if !store::update(db, now, (event, version), &languages, changes)? {
        return Err(EventError::Stale);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "event.changed", "event", event.as_str()))?;
    Ok(())
}

fn unwritable(error: serde_json::Error) -> EventError {
    EventError::Db(DbError::Query(diesel::result::Error::SerializationError(error.into())))
}

/// The event of this slug.
///
/// # Errors
/// When the database refuses.
pub fn by_slug(db: &mut DbConnection, slug: &str) -> QueryResult<Option<Event>> {
    store::by_slug(db, slug)
}

/// Id and public version of the event of this slug: whoever keeps what was made of an event sees by
/// it whether that still stands.
///
/// # Errors
/// When the database refuses.
pub fn public_version(db: &mut DbConnection, slug: &str) -> QueryResult<Option<(EventId, i64)>> {
    store::public_version(db, slug)
}

/// The event of this id.
///
/// # Errors
/// When the database refuses.
pub fn by_id(db: &mut DbConnection, id: EventId) -> QueryResult<Option<Event>> {
    store::by_id(db, id)
}

/// Every event, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection) -> QueryResult<Vec<Event>> {
    store::all(db)
}

/// Counts one more change of something that public pages show, in the change's own transaction.
///
/// # Errors
/// When the database refuses.
pub fn touch_public(db: &mut DbConnection, event: EventId) -> QueryResult<()> {
    store::touch_public(db, event)
}

/// Counts one more change of the draft, in the change's own transaction.
///
/// # Errors
/// When the database refuses.
pub fn touch_draft(db: &mut DbConnection, event: EventId) -> QueryResult<()> {
    store::touch_draft(db, event)
}

/// Counts one more change of the draft and returns its new version. Whoever else changes the same
/// draft waits until this transaction ends, so versions follow each other without gaps.
///
/// # Errors
/// When the database refuses or the event is gone.
pub fn next_draft_version(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    store::touch_draft(db, event)?;
    store::draft_version(db, event)
}
