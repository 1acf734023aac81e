//! What the board is made from, each in one query however many speakers there are.

use crate::db::schema::{
    availabilities, session_speakers, sessions, slot_answers, slots, speaker_assistants, speakers,
};
use crate::db::{DbConnection, EventId, ForumId, SessionId, SpeakerId, UtcTime};
use crate::programme::model::SessionState;
use crate::speakers::model::Speaker;
use crate::speakers::own::model::{AnswerKind, Assistant};
use diesel::prelude::*;

/// Every speaker of an event, with when their page was first opened.
pub(super) fn speakers(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Speaker, Option<UtcTime>)>> {
    speakers::table.filter(speakers::event_id.eq(event)).select((Speaker::as_select(), speakers::opened_at)).load(db)
}

/// Who takes part in which session that may still take place.
pub(super) fn parts(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(SpeakerId, SessionId, Option<ForumId>)>> {
    let ended = [SessionState::Rejected, SessionState::Withdrawn, SessionState::Cancelled];
    session_speakers::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .filter(sessions::state.ne_all(ended))
        .select((session_speakers::speaker_id, sessions::id, sessions::forum_id))
        .distinct()
        .load(db)
}

/// The sessions that have a place in the draft.
pub(super) fn placed(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<SessionId>> {
    slots::table.filter(slots::event_id.eq(event)).select(slots::session_id).distinct().load(db)
}

/// Who helps whom.
pub(super) fn assistants(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Assistant>> {
    speaker_assistants::table
        .inner_join(speakers::table)
        .filter(speakers::event_id.eq(event))
        .order((speaker_assistants::created_at, speaker_assistants::id))
        .select(Assistant::as_select())
        .load(db)
}

/// What was answered to slots.
pub(super) fn answers(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerId, SessionId, AnswerKind)>> {
    slot_answers::table
        .filter(slot_answers::event_id.eq(event))
        .select((slot_answers::speaker_id, slot_answers::session_id, slot_answers::answer))
        .load(db)
}

/// What one speaker answered to slots.
pub(super) fn answers_of(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<(SessionId, AnswerKind)>> {
    slot_answers::table
        .filter(slot_answers::speaker_id.eq(speaker))
        .select((slot_answers::session_id, slot_answers::answer))
        .load(db)
}

/// Who has said when they are free.
pub(super) fn available(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Option<SpeakerId>>> {
    availabilities::table
        .filter(availabilities::event_id.eq(event))
        .filter(availabilities::speaker_id.is_not_null())
        .select(availabilities::speaker_id)
        .distinct()
        .load(db)
}
