//! Keeping copies of a draft, and going back to one.

use super::model::{Kept, way_back};
use super::store;
pub use super::store::CopySummary;
use crate::audit::{self, Actor, Entry};
use crate::db::{CopyId, DbConnection, DbError, EventId, Json, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::schedule::editor::model::{EditKind, Wishes};
use crate::schedule::editor::operations::{EditError, edit};
use diesel::QueryResult;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// It is not there (any more).
    #[error("the copy is not there")]
    NotFound,
    /// The event has as many copies as it may have.
    #[error("the event has as many copies as it may have")]
    TooMany,
    /// The draft is already like the copy.
    #[error("nothing would change")]
    Unchanged,
    /// The draft has changed since the difference was shown.
    #[error("the draft has changed since")]
    Changed,
    /// The editor refused.
    #[error(transparent)]
    Edit(EditError),
    /// It could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(CopyError);

impl From<EditError> for CopyError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Db(error) => Self::Db(error),
            other => Self::Edit(other),
        }
    }
}

/// Most copies of one event: each holds a whole programme.
const MOST: i64 = 50;

/// The copies of an event, newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<CopySummary>> {
    store::list(db, event)
}

/// One copy of an event with what it keeps.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: CopyId) -> QueryResult<Option<(CopySummary, Kept)>> {
    store::find(db, event, id)
}

/// Keeps the draft as it is now.
///
/// # Errors
/// When the event has too many copies.
pub fn keep(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (name, note): (&str, &str),
) -> Result<CopyId, CopyError> {
    if store::count(db, event.id)? >= MOST {
        return Err(CopyError::TooMany);
    }
    let id = CopyId::new();
    let content = Json::new(Kept::from(&crate::schedule::operations::draft(db, event)?))?;
    let by = if let Actor::User(user) = actor { Some(user) } else { None };
    store::insert(db, now, by, (event.id, id), (name, note), &content)?;
    let entry = Entry::new(Some(event.id), actor, "copy.kept", "copy", id.as_str());
    audit::note(db, now, &entry.with(serde_json::json!({ "name": name })))?;
    Ok(id)
}

/// Makes a copy the draft, as one edit that can be undone. `seen` is the draft's version whose
/// difference the organizer saw.
///
/// # Errors
/// When the copy is gone, the draft has changed since, or nothing would change.
pub fn make_draft(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    id: CopyId,
    seen: i64,
) -> Result<(), CopyError> {
    let (copy, kept) = store::find(db, event.id, id)?.ok_or(CopyError::NotFound)?;
    let event = crate::events::operations::by_id(db, event.id)?.ok_or(CopyError::NotFound)?;
    if event.draft_version != seen {
        return Err(CopyError::Changed);
    }
    let way = way_back(&crate::schedule::operations::draft(db, &event)?, &kept);
    if way.is_nothing() {
        return Err(CopyError::Unchanged);
    }
    edit(db, now, actor, &event, EditKind::Copy, &Wishes { tab: None, slots: way.slots, blocks: way.blocks })?;
    let entry = Entry::new(Some(event.id), actor, "copy.made-draft", "copy", id.as_str());
    audit::note(db, now, &entry.with(serde_json::json!({ "name": copy.name })))?;
    Ok(())
}

/// Takes a copy away.
///
/// # Errors
/// When it is not there.
pub fn delete(db: &mut DbConnection, now: UtcTime, actor: Actor, event: EventId, id: CopyId) -> Result<(), CopyError> {
    if !store::delete(db, event, id)? {
        return Err(CopyError::NotFound);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "copy.deleted", "copy", id.as_str()))?;
    Ok(())
}
