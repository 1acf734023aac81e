//! The tables `documents` and `briefings`.

use super::model::{Briefing, Document};
use crate::db::schema::{briefings, documents, session_speakers, sessions, speakers};
use crate::db::{BriefingId, DbConnection, DocumentId, EventId, SessionId, SpeakerId, UtcTime};
use crate::i18n::Localized;
use crate::programme::model::SessionState;
use crate::web::TokenHash;
use diesel::prelude::*;

/// Holds a session's row until the transaction ends, so that versions of one series are numbered one after another.
pub(super) fn lock(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<bool> {
    let own = sessions::table.find(session).filter(sessions::event_id.eq(event));
    Ok(diesel::update(own).set(sessions::updated_at.eq(sessions::updated_at)).execute(db)? == 1)
}

/// The number of the newest version of a series.
pub(super) fn last_number(db: &mut DbConnection, event: EventId, series: &str) -> QueryResult<i32> {
    let last: Option<i32> = documents::table
        .filter(documents::event_id.eq(event))
        .filter(documents::series.eq(series))
        .order(documents::number.desc())
        .select(documents::number)
        .first(db)
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Adds a version.
pub(super) fn insert(db: &mut DbConnection, document: &Document) -> QueryResult<()> {
    diesel::insert_into(documents::table).values(document.clone()).execute(db).map(drop)
}

/// One version.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: DocumentId) -> QueryResult<Option<Document>> {
    documents::table.find(id).filter(documents::event_id.eq(event)).select(Document::as_select()).first(db).optional()
}

/// The versions of a session, the newest first.
pub(super) fn of_session(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<Document>> {
    documents::table
        .filter(documents::session_id.eq(session))
        .order((documents::created_at.desc(), documents::id.desc()))
        .select(Document::as_select())
        .load(db)
}

/// The versions of a speaker, the newest first.
pub(super) fn of_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Document>> {
    documents::table
        .filter(documents::speaker_id.eq(speaker))
        .order((documents::created_at.desc(), documents::id.desc()))
        .select(Document::as_select())
        .load(db)
}

/// The versions that interpreters get, or that the public may have.
pub(super) fn shared(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Document>> {
    documents::table
        .filter(documents::event_id.eq(event))
        .filter(documents::for_interpreters.eq(true))
        .select(Document::as_select())
        .load(db)
}

/// The versions that the public may have.
pub(super) fn public(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Document>> {
    documents::table
        .filter(documents::event_id.eq(event))
        .filter(documents::is_public.eq(true))
        .filter(documents::approved_at.is_not_null())
        .select(Document::as_select())
        .load(db)
}

/// Who has handed in a document of this kind for which session.
pub(super) fn speakers_with(
    db: &mut DbConnection,
    event: EventId,
    kind: super::model::DocumentKind,
) -> QueryResult<Vec<(Option<SpeakerId>, Option<SessionId>)>> {
    documents::table
        .filter(documents::event_id.eq(event))
        .filter(documents::kind.eq(kind))
        .filter(documents::speaker_id.is_not_null())
        .select((documents::speaker_id, documents::session_id))
        .distinct()
        .load(db)
}

/// Deletes a version.
pub(super) fn delete(db: &mut DbConnection, id: DocumentId) -> QueryResult<bool> {
    Ok(diesel::delete(documents::table.find(id)).execute(db)? == 1)
}

/// Says whether interpreters get a version and whether the public may have it.
pub(super) fn set_sharing(
    db: &mut DbConnection,
    id: DocumentId,
    (is_public, for_interpreters): (bool, bool),
) -> QueryResult<()> {
    diesel::update(documents::table.find(id))
        .set((documents::is_public.eq(is_public), documents::for_interpreters.eq(for_interpreters)))
        .execute(db)
        .map(drop)
}

/// Keeps the organizers' yes, or takes it back.
pub(super) fn set_approved(db: &mut DbConnection, id: DocumentId, at: Option<UtcTime>) -> QueryResult<()> {
    diesel::update(documents::table.find(id)).set(documents::approved_at.eq(at)).execute(db).map(drop)
}

/// Those of these documents that have a row.
pub(super) fn known(db: &mut DbConnection, ids: &[DocumentId]) -> QueryResult<Vec<DocumentId>> {
    documents::table.filter(documents::id.eq_any(ids.to_vec())).select(documents::id).load(db)
}

/// The sessions that a speaker has a part in and that may still take place, each once.
pub(super) fn sessions_of(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<(SessionId, Localized)>> {
    let ended = [SessionState::Rejected, SessionState::Withdrawn, SessionState::Cancelled];
    let mut found: Vec<(SessionId, Localized)> = session_speakers::table
        .inner_join(sessions::table)
        .filter(session_speakers::speaker_id.eq(speaker))
        .filter(sessions::state.ne_all(ended))
        .order(sessions::id)
        .select((sessions::id, sessions::title))
        .load(db)?;
    found.dedup_by_key(|(session, _)| *session);
    Ok(found)
}

/// Who takes part in a session, each once.
pub(super) fn people_of(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<(SpeakerId, String)>> {
    let mut found: Vec<(SpeakerId, String, i32)> = session_speakers::table
        .inner_join(speakers::table)
        .filter(session_speakers::session_id.eq(session))
        .order(session_speakers::position)
        .select((speakers::id, speakers::name, session_speakers::position))
        .load(db)?;
    let mut seen = std::collections::HashSet::new();
    found.retain(|(speaker, ..)| seen.insert(*speaker));
    Ok(found.into_iter().map(|(speaker, name, _)| (speaker, name)).collect())
}

/// Adds an interpreters' link.
pub(super) fn insert_briefing(db: &mut DbConnection, briefing: &Briefing) -> QueryResult<()> {
    diesel::insert_into(briefings::table).values(briefing.clone()).execute(db).map(drop)
}

/// The interpreters' links of an event, the newest first.
pub(super) fn briefings(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Briefing>> {
    briefings::table
        .filter(briefings::event_id.eq(event))
        .order((briefings::created_at.desc(), briefings::id.desc()))
        .select(Briefing::as_select())
        .load(db)
}

/// The link of this secret, unless it was taken back.
pub(super) fn briefing(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<Briefing>> {
    briefings::table
        .filter(briefings::token_hash.eq(token))
        .filter(briefings::event_id.eq(event))
        .filter(briefings::revoked_at.is_null())
        .select(Briefing::as_select())
        .first(db)
        .optional()
}

/// Takes a link back, if it still works.
pub(super) fn revoke(db: &mut DbConnection, now: UtcTime, event: EventId, id: BriefingId) -> QueryResult<bool> {
    let valid = briefings::table.find(id).filter(briefings::event_id.eq(event)).filter(briefings::revoked_at.is_null());
    Ok(diesel::update(valid).set(briefings::revoked_at.eq(now)).execute(db)? == 1)
}

/// Notes that a link was opened, the first time.
pub(super) fn note_opened(db: &mut DbConnection, now: UtcTime, id: BriefingId) -> QueryResult<()> {
    let unopened = briefings::table.find(id).filter(briefings::opened_at.is_null());
    diesel::update(unopened).set(briefings::opened_at.eq(now)).execute(db).map(drop)
}
