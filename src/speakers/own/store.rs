//! The tables `speaker_links`, `speaker_assistants` and `slot_answers`.

use super::model::{Answer, Assistant, OwnSession, SpeakerLink};
use crate::db::schema::{session_speakers, sessions, slot_answers, speaker_assistants, speaker_links, speakers};
use crate::db::{AssistantId, DbConnection, EventId, SessionId, SpeakerId, UtcTime};
use crate::programme::model::SessionState;
use crate::speakers::model::Speaker;
use crate::web::TokenHash;
use diesel::prelude::*;

/// Adds a link.
pub(super) fn insert_link(db: &mut DbConnection, link: SpeakerLink) -> QueryResult<()> {
    diesel::insert_into(speaker_links::table).values(link).execute(db).map(drop)
}

/// The link of this secret at this event, unless it was taken back, and whose page it opens.
pub(super) fn by_token(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<(SpeakerLink, Speaker)>> {
    speaker_links::table
        .inner_join(speakers::table)
        .filter(speaker_links::token_hash.eq(token))
        .filter(speaker_links::revoked_at.is_null())
        .filter(speakers::event_id.eq(event))
        .select((SpeakerLink::as_select(), Speaker::as_select()))
        .first(db)
        .optional()
}

/// The links of a speaker and of their assistants that still work, the newest first.
pub(super) fn valid_links(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<SpeakerLink>> {
    speaker_links::table
        .filter(speaker_links::speaker_id.eq(speaker))
        .filter(speaker_links::revoked_at.is_null())
        .order(speaker_links::created_at.desc())
        .select(SpeakerLink::as_select())
        .load(db)
}

/// Takes back every link to a speaker's page; says how many worked until now.
pub(super) fn revoke_all(db: &mut DbConnection, now: UtcTime, speaker: SpeakerId) -> QueryResult<usize> {
    let valid =
        speaker_links::table.filter(speaker_links::speaker_id.eq(speaker)).filter(speaker_links::revoked_at.is_null());
    diesel::update(valid).set(speaker_links::revoked_at.eq(now)).execute(db)
}

/// When a speaker's page was first opened.
pub(super) fn opened_at(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<UtcTime>> {
    let found: Option<Option<UtcTime>> =
        speakers::table.find(speaker).select(speakers::opened_at).first(db).optional()?;
    Ok(found.flatten())
}

/// Notes that a speaker's page was opened, unless it was before.
pub(super) fn note_opened(db: &mut DbConnection, now: UtcTime, speaker: SpeakerId) -> QueryResult<bool> {
    let unopened = speakers::table.find(speaker).filter(speakers::opened_at.is_null());
    Ok(diesel::update(unopened).set(speakers::opened_at.eq(now)).execute(db)? == 1)
}

/// A speaker's assistants, in the order in which they were added.
pub(super) fn assistants(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Assistant>> {
    speaker_assistants::table
        .filter(speaker_assistants::speaker_id.eq(speaker))
        .order((speaker_assistants::created_at, speaker_assistants::id))
        .select(Assistant::as_select())
        .load(db)
}

/// Adds an assistant.
pub(super) fn insert_assistant(db: &mut DbConnection, assistant: Assistant) -> QueryResult<()> {
    diesel::insert_into(speaker_assistants::table).values(assistant).execute(db).map(drop)
}

/// Takes an assistant away, with the links sent to them; false when they are not there.
pub(super) fn delete_assistant(db: &mut DbConnection, speaker: SpeakerId, id: AssistantId) -> QueryResult<bool> {
    // Before the row: a link without its assistant would be the speaker's own.
    diesel::delete(
        speaker_links::table.filter(speaker_links::assistant_id.eq(id)).filter(speaker_links::speaker_id.eq(speaker)),
    )
    .execute(db)?;
    let gone = diesel::delete(speaker_assistants::table.find(id).filter(speaker_assistants::speaker_id.eq(speaker)))
        .execute(db)?;
    Ok(gone == 1)
}

/// The sessions that a speaker has a part in and that will take place, whatever was released of them.
pub(super) fn sessions_of(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<OwnSession>> {
    session_speakers::table
        .inner_join(sessions::table)
        .filter(session_speakers::speaker_id.eq(speaker))
        .filter(sessions::state.eq_any([SessionState::Accepted, SessionState::Confirmed]))
        .order((sessions::id, session_speakers::position))
        .select((sessions::id, sessions::title, sessions::state, session_speakers::role))
        .load(db)
}

/// Every answer at an event.
pub(super) fn answers(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Answer>> {
    slot_answers::table.filter(slot_answers::event_id.eq(event)).select(Answer::as_select()).load(db)
}

/// Every answer of a speaker.
pub(super) fn answers_of(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Answer>> {
    slot_answers::table.filter(slot_answers::speaker_id.eq(speaker)).select(Answer::as_select()).load(db)
}

/// The answers to a session's slots.
pub(super) fn answers_to(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<Answer>> {
    slot_answers::table.filter(slot_answers::session_id.eq(session)).select(Answer::as_select()).load(db)
}

/// Keeps an answer in place of the one before.
pub(super) fn keep_answer(db: &mut DbConnection, answer: &Answer) -> QueryResult<()> {
    let key = (answer.speaker_id, answer.slot_guid.clone());
    let known = diesel::update(slot_answers::table.find(key)).set(answer.clone()).execute(db)?;
    if known == 0 {
        diesel::insert_into(slot_answers::table).values(answer.clone()).execute(db)?;
    }
    Ok(())
}

/// Who takes part in a session of the draft, each once.
pub(super) fn people_of(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<SpeakerId>> {
    session_speakers::table
        .filter(session_speakers::session_id.eq(session))
        .select(session_speakers::speaker_id)
        .distinct()
        .load(db)
}

/// Confirms a session that is accepted; says whether it was.
pub(super) fn confirm_session(db: &mut DbConnection, now: UtcTime, session: SessionId) -> QueryResult<bool> {
    let accepted = sessions::table.find(session).filter(sessions::state.eq(SessionState::Accepted));
    let changed = diesel::update(accepted)
        .set((
            sessions::state.eq(SessionState::Confirmed),
            sessions::version.eq(sessions::version + 1),
            sessions::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Each part of someone in a session that will take place.
pub(super) fn standing_parts(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerId, SessionId)>> {
    session_speakers::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .filter(sessions::state.eq_any([SessionState::Accepted, SessionState::Confirmed]))
        .select((session_speakers::speaker_id, session_speakers::session_id))
        .distinct()
        .load(db)
}
