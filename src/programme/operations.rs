//! Use cases of sessions. Each counts as a change of the draft; the public sees it with the next release.

use super::model::{Role, Session, SessionFacts, SessionState};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, Json, SessionId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_draft;
use crate::i18n::{Localized, free_code, search_key, slug};
use diesel::QueryResult;

/// Why a session was not made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is no such session at this event.
    #[error("there is no such session")]
    NotFound,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed the session in the meantime")]
    Stale,
    /// Its state does not lead there.
    #[error("the session's state does not allow this step")]
    WrongStep,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(SessionError);

/// One session of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: SessionId) -> QueryResult<Option<Session>> {
    store::find(db, event, id)
}

fn key_of(title: &Localized) -> String {
    search_key(title.iter().map(|(_, text)| text))
}

/// Adds a session to an event's draft.
///
/// # Errors
/// When the database refuses.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &SessionFacts,
) -> Result<SessionId, SessionError> {
    let unwritable = |error: serde_json::Error| diesel::result::Error::SerializationError(error.into());
    // First of all, so that two that make a session at the same moment wait for each other's code.
    touch_draft(db, event)?;
    let mut taken = store::codes(db, event)?.into_iter().collect();
    let name = facts.title.iter().next().map(|(_, text)| slug(text)).unwrap_or_default();
    let id = SessionId::new();
    let session = Session {
        id,
        event_id: event,
        code: free_code(if name.is_empty() { "session" } else { &name }, &mut taken),
        guid: id.to_string(),
        title: facts.title.clone(),
        subtitle: facts.subtitle.clone(),
        abstract_text: facts.abstract_text.clone(),
        description: facts.description.clone(),
        format_id: facts.format,
        forum_id: facts.forum,
        language: facts.language,
        interpreted: Json::new(facts.interpreted.clone()).map_err(unwritable)?,
        access: facts.access,
        capacity: facts.capacity,
        state: facts.state,
        may_record: facts.may_record,
        links: Json::new(facts.links.clone()).map_err(unwritable)?,
        search_key: key_of(&facts.title),
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(db, &session, facts)?;
    store::replace_people(db, id, &facts.people)?;
    note(db, now, actor, event, "session.created", id)?;
    Ok(id)
}

/// Changes a session, if it is still as `version` had it and its state leads to the new one.
///
/// # Errors
/// When it is gone, someone else was faster, or the step is not allowed.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, SessionId, i32),
    facts: &SessionFacts,
) -> Result<(), SessionError> {
    let present = store::find(db, event, id)?.ok_or(SessionError::NotFound)?;
    if present.version != version {
        return Err(SessionError::Stale);
    }
    if !present.state.may_become(facts.state) {
        return Err(SessionError::WrongStep);
    }
    if !store::update(db, now, (event, id, version), facts, &key_of(&facts.title))? {
        return Err(SessionError::Stale);
    }
    store::replace_people(db, id, &facts.people)?;
    note(db, now, actor, event, "session.changed", id)
}

/// Changes what the author of a session's proposal wrote: texts, format, forum, language and, where given, its
/// people. Everything else stays as organizers have it.
///
/// # Errors
/// When the database refuses.
pub fn rewrite(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    session: &Session,
    people: Option<&[(SpeakerId, Role)]>,
) -> Result<(), SessionError> {
    store::rewrite(db, now, session, &key_of(&session.title))?;
    if let Some(people) = people {
        store::replace_people(db, session.id, people)?;
    }
    note(db, now, actor, session.event_id, "session.changed", session.id)
}

/// Who takes part in a session, in order.
///
/// # Errors
/// When the database refuses.
pub fn people_of(db: &mut DbConnection, id: SessionId) -> QueryResult<Vec<(SpeakerId, Role)>> {
    store::people_of(db, id)
}

/// Moves a session to another state, whoever edited it meanwhile.
///
/// # Errors
/// When it is gone or its state does not lead there.
pub fn set_state(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, SessionId),
    state: SessionState,
) -> Result<(), SessionError> {
    let present = store::find(db, event, id)?.ok_or(SessionError::NotFound)?;
    if !present.state.may_become(state) || !store::set_state(db, now, (id, present.state), state)? {
        return Err(SessionError::WrongStep);
    }
    note(db, now, actor, event, "session.changed", id)
}

/// Deletes a session with its slots. What was released stays released until the next release.
///
/// # Errors
/// When it is not there any more.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: SessionId,
) -> Result<(), SessionError> {
    if !store::delete(db, event, id)? {
        return Err(SessionError::NotFound);
    }
    note(db, now, actor, event, "session.deleted", id)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    id: SessionId,
) -> Result<(), SessionError> {
    touch_draft(db, event)?;
    audit::note(db, now, &Entry::new(Some(event), actor, action, "session", id.as_str()))?;
    Ok(())
}
