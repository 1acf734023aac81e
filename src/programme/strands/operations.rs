//! Use cases of forums and formats. Each counts as a change of the draft; the public sees it with
//! the next release.

use super::model::{Format, FormatFacts, Forum, ForumFacts};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, FormatId, ForumId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_draft;
use crate::i18n::{Lang, Localized, free_code, slug};
use diesel::QueryResult;
use serde_json::json;
use std::collections::HashMap;

/// Why a forum or format was not made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum StrandError {
    /// There is no such thing at this event.
    #[error("there is no such forum or format")]
    NotFound,
    /// Another one of the event has this code.
    #[error("another one has this code")]
    CodeTaken,
    /// Someone else changed it since the page was opened.
    #[error("someone else changed it in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(StrandError);

/// Something with the number of sessions of the draft that belong to it.
pub type Counted<T> = (T, i64);

/// What deleting something would change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Sessions of the draft that would be left without it.
    pub sessions: i64,
    /// Forum organizers who would no longer have it.
    pub organizers: i64,
}

/// The code wished for, or one made from the name; `taken` are those of the others.
fn code(wish: Option<&String>, name: &Localized, taken: Vec<String>, last_resort: &str) -> Result<String, StrandError> {
    match wish {
        Some(wish) if taken.contains(wish) => Err(StrandError::CodeTaken),
        Some(wish) => Ok(wish.clone()),
        None => {
            let made = slug(name.text(Lang::EN, &[]));
            Ok(free_code(if made.is_empty() { last_resort } else { &made }, &mut taken.into_iter().collect()))
        }
    }
}

fn note(db: &mut DbConnection, now: UtcTime, event: EventId, entry: &Entry<'_>) -> Result<(), StrandError> {
    touch_draft(db, event)?;
    Ok(audit::note(db, now, entry)?)
}

/// The forums of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn forums(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Counted<Forum>>> {
    let counts: HashMap<_, _> = store::forum::sessions_by_id(db, event)?.into_iter().collect();
    let all = store::forum::all(db, event)?;
    let counted = |forum: Forum| {
        let sessions = counts.get(&Some(forum.id)).copied().unwrap_or(0);
        (forum, sessions)
    };
    Ok(all.into_iter().map(counted).collect())
}

/// The formats of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn formats(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Counted<Format>>> {
    let counts: HashMap<_, _> = store::format::sessions_by_id(db, event)?.into_iter().collect();
    let all = store::format::all(db, event)?;
    let counted = |format: Format| {
        let sessions = counts.get(&Some(format.id)).copied().unwrap_or(0);
        (format, sessions)
    };
    Ok(all.into_iter().map(counted).collect())
}

/// One forum of an event.
///
/// # Errors
/// When the database refuses.
pub fn forum(db: &mut DbConnection, event: EventId, id: ForumId) -> QueryResult<Option<Forum>> {
    store::forum::find(db, event, id)
}

/// One format of an event.
///
/// # Errors
/// When the database refuses.
pub fn format(db: &mut DbConnection, event: EventId, id: FormatId) -> QueryResult<Option<Format>> {
    store::format::find(db, event, id)
}

/// What deleting a forum would change.
///
/// # Errors
/// When the database refuses.
pub fn affected_by_forum(db: &mut DbConnection, id: ForumId) -> QueryResult<Affected> {
    Ok(Affected { sessions: store::forum::sessions_of(db, id)?, organizers: store::organizers_of(db, id)? })
}

/// What deleting a format would change.
///
/// # Errors
/// When the database refuses.
pub fn affected_by_format(db: &mut DbConnection, id: FormatId) -> QueryResult<Affected> {
    Ok(Affected { sessions: store::format::sessions_of(db, id)?, organizers: 0 })
}

/// Adds a forum to an event.
///
/// # Errors
/// When its code is taken.
pub fn create_forum(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &ForumFacts,
) -> Result<ForumId, StrandError> {
    let taken = store::forum::codes(db, event, None)?;
    let forum = Forum {
        id: ForumId::new(),
        event_id: event,
        code: code(facts.code.as_ref(), &facts.name, taken, "forum")?,
        name: facts.name.clone(),
        description: facts.description.clone(),
        color: facts.color.clone(),
        is_serial: facts.is_serial,
        position: facts.position.map_or_else(|| store::forum::next_position(db, event), Ok)?,
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::forum::insert(db, &forum)?;
    note(db, now, event, &Entry::new(Some(event), actor, "forum.created", "forum", forum.id.as_str()))?;
    Ok(forum.id)
}

/// Changes a forum, if it is still as `version` had it.
///
/// # Errors
/// When it is gone, its code is taken or someone else was faster.
pub fn update_forum(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, ForumId, i32),
    facts: &ForumFacts,
) -> Result<(), StrandError> {
    store::forum::find(db, event, id)?.ok_or(StrandError::NotFound)?;
    let taken = store::forum::codes(db, event, Some(id))?;
    let code = code(facts.code.as_ref(), &facts.name, taken, "forum")?;
    if !store::update_forum(db, now, (event, id, version), (&code, facts))? {
        return Err(StrandError::Stale);
    }
    note(db, now, event, &Entry::new(Some(event), actor, "forum.changed", "forum", id.as_str()))
}

/// Deletes a forum, if it is still as `version` had it. Its sessions stay, without a forum.
///
/// # Errors
/// When it is gone or someone has changed it.
pub fn delete_forum(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, ForumId, i32),
) -> Result<(), StrandError> {
    store::forum::find(db, event, id)?.ok_or(StrandError::NotFound)?;
    let affected = affected_by_forum(db, id)?;
    if !store::forum::delete(db, (event, id, version))? {
        return Err(StrandError::Stale);
    }
    let entry = Entry::new(Some(event), actor, "forum.deleted", "forum", id.as_str());
    note(db, now, event, &entry.with(json!({ "sessions": affected.sessions, "organizers": affected.organizers })))
}

/// Adds a format to an event.
///
/// # Errors
/// When its code is taken.
pub fn create_format(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &FormatFacts,
) -> Result<FormatId, StrandError> {
    let taken = store::format::codes(db, event, None)?;
    let format = Format {
        id: FormatId::new(),
        event_id: event,
        code: code(facts.code.as_ref(), &facts.name, taken, "format")?,
        name: facts.name.clone(),
        minutes: facts.minutes,
        position: facts.position.map_or_else(|| store::format::next_position(db, event), Ok)?,
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::format::insert(db, &format)?;
    note(db, now, event, &Entry::new(Some(event), actor, "format.created", "format", format.id.as_str()))?;
    Ok(format.id)
}

/// Changes a format, if it is still as `version` had it.
///
/// # Errors
/// When it is gone, its code is taken or someone else was faster.
pub fn update_format(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, FormatId, i32),
    facts: &FormatFacts,
) -> Result<(), StrandError> {
    store::format::find(db, event, id)?.ok_or(StrandError::NotFound)?;
    let taken = store::format::codes(db, event, Some(id))?;
    let code = code(facts.code.as_ref(), &facts.name, taken, "format")?;
    if !store::update_format(db, now, (event, id, version), (&code, facts))? {
        return Err(StrandError::Stale);
    }
    note(db, now, event, &Entry::new(Some(event), actor, "format.changed", "format", id.as_str()))
}

/// Deletes a format, if it is still as `version` had it. Its sessions stay, without a format.
///
/// # Errors
/// When it is gone or someone has changed it.
pub fn delete_format(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, FormatId, i32),
) -> Result<(), StrandError> {
    store::format::find(db, event, id)?.ok_or(StrandError::NotFound)?;
    let affected = affected_by_format(db, id)?;
    if !store::format::delete(db, (event, id, version))? {
        return Err(StrandError::Stale);
    }
    let entry = Entry::new(Some(event), actor, "format.deleted", "format", id.as_str());
    note(db, now, event, &entry.with(json!({ "sessions": affected.sessions })))
}
