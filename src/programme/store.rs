//! The tables `sessions` and `session_speakers`.

use super::model::{Role, Session, SessionFacts, SessionState};
use crate::db::schema::{session_speakers, sessions};
use crate::db::{DbConnection, EventId, Json, SessionId, SpeakerId, UtcTime};
use diesel::prelude::*;

/// One session of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: SessionId) -> QueryResult<Option<Session>> {
    sessions::table.find(id).filter(sessions::event_id.eq(event)).select(Session::as_select()).first(db).optional()
}

/// The codes in use at an event.
pub(super) fn codes(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<String>> {
    sessions::table.filter(sessions::event_id.eq(event)).select(sessions::code).load(db)
}

/// Adds a session. What only planners see of it stands in columns that its row does not hold.
pub(super) fn insert(db: &mut DbConnection, session: &Session, facts: &SessionFacts) -> QueryResult<()> {
    let planned = (
        sessions::expected.eq(facts.expected),
        sessions::buffer_before.eq(facts.buffer_before),
        sessions::buffer_after.eq(facts.buffer_after),
    );
    diesel::insert_into(sessions::table).values((session.clone(), planned)).execute(db)?;
    Ok(())
}

/// Changes a session, if it is still as `version` had it.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, SessionId, i32),
    facts: &SessionFacts,
    search_key: &str,
) -> QueryResult<bool> {
    let json = |error: serde_json::Error| diesel::result::Error::SerializationError(error.into());
    let target = sessions::table.find(id).filter(sessions::event_id.eq(event)).filter(sessions::version.eq(version));
    let changed = diesel::update(target)
        .set((
            (
                sessions::title.eq(&facts.title),
                sessions::subtitle.eq(&facts.subtitle),
                sessions::abstract_text.eq(&facts.abstract_text),
                sessions::description.eq(&facts.description),
                sessions::format_id.eq(facts.format),
                sessions::forum_id.eq(facts.forum),
                sessions::language.eq(facts.language),
                sessions::interpreted.eq(Json::new(facts.interpreted.clone()).map_err(json)?),
            ),
            (
                sessions::access.eq(facts.access),
                sessions::capacity.eq(facts.capacity),
                sessions::expected.eq(facts.expected),
                sessions::buffer_before.eq(facts.buffer_before),
                sessions::buffer_after.eq(facts.buffer_after),
                sessions::state.eq(facts.state),
                sessions::may_record.eq(facts.may_record),
                sessions::links.eq(Json::new(facts.links.clone()).map_err(json)?),
                sessions::search_key.eq(search_key),
                sessions::version.eq(version + 1),
                sessions::updated_at.eq(now),
            ),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Keeps a session's texts, format, forum and language.
pub(super) fn rewrite(db: &mut DbConnection, now: UtcTime, session: &Session, search_key: &str) -> QueryResult<()> {
    diesel::update(sessions::table.find(session.id))
        .set((
            sessions::title.eq(&session.title),
            sessions::abstract_text.eq(&session.abstract_text),
            sessions::description.eq(&session.description),
            sessions::format_id.eq(session.format_id),
            sessions::forum_id.eq(session.forum_id),
            sessions::language.eq(session.language),
            sessions::search_key.eq(search_key),
            sessions::version.eq(sessions::version + 1),
            sessions::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Moves a session from one state to another; whether it was still in the one.
pub(super) fn set_state(
    db: &mut DbConnection,
    now: UtcTime,
    (id, from): (SessionId, SessionState),
    to: SessionState,
) -> QueryResult<bool> {
    let changed = diesel::update(sessions::table.find(id).filter(sessions::state.eq(from)))
        .set((sessions::state.eq(to), sessions::version.eq(sessions::version + 1), sessions::updated_at.eq(now)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Who takes part in a session, in order.
pub(super) fn people_of(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<(SpeakerId, Role)>> {
    session_speakers::table
        .filter(session_speakers::session_id.eq(session))
        .order(session_speakers::position)
        .select((session_speakers::speaker_id, session_speakers::role))
        .load(db)
}

/// Puts these people in place of a session's present ones.
pub(super) fn replace_people(
    db: &mut DbConnection,
    session: SessionId,
    people: &[(SpeakerId, Role)],
) -> QueryResult<()> {
    diesel::delete(session_speakers::table.filter(session_speakers::session_id.eq(session))).execute(db)?;
    for (position, (speaker, role)) in people.iter().enumerate() {
        diesel::insert_into(session_speakers::table)
            .values((
                session_speakers::session_id.eq(session),
                session_speakers::speaker_id.eq(*speaker),
                session_speakers::role.eq(*role),
                session_speakers::position.eq(i32::try_from(position).unwrap_or(i32::MAX)),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Deletes a session with its slots and parts; false when it is not there.
pub(super) fn delete(db: &mut DbConnection, event: EventId, id: SessionId) -> QueryResult<bool> {
    let gone = diesel::delete(sessions::table.find(id).filter(sessions::event_id.eq(event))).execute(db)?;
    Ok(gone == 1)
}
