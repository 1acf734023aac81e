//! Use cases of documents and of interpreters' links.

use super::inspecting::safe_name;
use super::model::{Briefing, Document, DocumentKind, PublicDocument, newest, series_of};
use super::receiving::Kept;
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{BriefingId, DbConnection, DbError, DocumentId, EventId, SessionId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::i18n::Localized;
use crate::speakers::own::model::AnsweredBy;
use crate::web::TokenHash;
use diesel::QueryResult;
use serde_json::json;
use std::collections::HashSet;

/// Why something about a document was not done.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is no such document, session or link, or it is not theirs.
    #[error("there is no such document")]
    NotFound,
    /// There are as many versions as anyone needs.
    #[error("there are too many versions")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(DocumentError);

/// Versions of one document, those deleted counted.
const MOST_VERSIONS: i32 = 100;

/// A document about to get its row.
#[derive(Clone, Debug)]
pub struct NewDocument {
    /// The event.
    pub event: EventId,
    /// The session.
    pub session: SessionId,
    /// Whose it is.
    pub speaker: Option<SpeakerId>,
    /// What it is for.
    pub kind: DocumentKind,
    /// Whether the public may have it, as far as whoever uploads it is concerned.
    pub is_public: bool,
    /// Whether interpreters get it.
    pub for_interpreters: bool,
    /// Who uploads it.
    pub by: AnsweredBy,
    /// Its bytes.
    pub kept: Kept,
}

/// Adds a version whose bytes are kept; its number.
///
/// # Errors
/// When there is no such session at this event, or the speaker has no part in it.
pub fn add(db: &mut DbConnection, now: UtcTime, actor: Actor, new: &NewDocument) -> Result<i32, DocumentError> {
    if !store::lock(db, new.event, new.session)? {
        return Err(DocumentError::NotFound);
    }
    if let Some(speaker) = new.speaker {
        let takes_part = store::people_of(db, new.session)?.iter().any(|(id, _)| *id == speaker);
        if !takes_part {
            return Err(DocumentError::NotFound);
        }
    }
    let series = series_of(new.session, new.speaker, new.kind);
    let number = store::last_number(db, new.event, &series)? + 1;
    if number > MOST_VERSIONS {
        return Err(DocumentError::TooMany);
    }
    let facts = &new.kept.facts;
    let document = Document {
        id: new.kept.id,
        event_id: new.event,
        session_id: Some(new.session),
        speaker_id: new.speaker,
        series,
        number,
        kind: new.kind,
        name: safe_name(&new.kept.said, facts.kind),
        media_type: facts.kind.media_type().to_owned(),
        bytes: facts.bytes,
        digest: facts.digest.clone(),
        checksum: facts.checksum,
        is_public: new.is_public,
        approved_at: None,
        for_interpreters: new.for_interpreters,
        uploaded_by: new.by,
        created_at: now,
    };
    store::insert(db, &document)?;
    note(db, now, actor, "document.added", &document)?;
    Ok(number)
}

fn note(db: &mut DbConnection, now: UtcTime, actor: Actor, action: &'static str, one: &Document) -> QueryResult<()> {
    let entry = Entry::new(Some(one.event_id), actor, action, "document", one.id.as_str());
    let detail =
        json!({ "session": one.session_id, "speaker": one.speaker_id, "kind": one.kind, "number": one.number });
    audit::note(db, now, &entry.with(detail))
}

/// One version.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: DocumentId) -> QueryResult<Option<Document>> {
    store::find(db, event, id)
}

/// The versions of a session, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn of_session(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<Document>> {
    store::of_session(db, session)
}

/// Versions, and sessions by their titles.
pub type OfSpeaker = (Vec<Document>, Vec<(SessionId, Localized)>);

/// The versions of a speaker, the newest first, with the sessions that they may hand something in for.
///
/// # Errors
/// When the database refuses.
pub fn of_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<OfSpeaker> {
    Ok((store::of_speaker(db, speaker)?, store::sessions_of(db, speaker)?))
}

/// Who takes part in a session, each once.
///
/// # Errors
/// When the database refuses.
pub fn people_of(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<(SpeakerId, String)>> {
    store::people_of(db, session)
}

/// Who has handed in slides for which session.
///
/// # Errors
/// When the database refuses.
pub fn with_slides(db: &mut DbConnection, event: EventId) -> QueryResult<HashSet<(SpeakerId, SessionId)>> {
    let all = store::speakers_with(db, event, DocumentKind::Slides)?;
    Ok(all.into_iter().filter_map(|(speaker, session)| speaker.zip(session)).collect())
}

/// What the public may have of an event's sessions: of each series the newest version that it may.
///
/// # Errors
/// When the database refuses.
pub fn public(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<PublicDocument>> {
    let all = store::public(db, event)?;
    let found = newest(&all, Document::is_for_everybody).into_iter();
    Ok(found.filter_map(|one| Some(PublicDocument { session: one.session_id?, document: one.clone() })).collect())
}

/// What interpreters get of an event's sessions: of each series the newest version that is shared with them.
///
/// # Errors
/// When the database refuses.
pub fn for_interpreters(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Document>> {
    let all = store::shared(db, event)?;
    Ok(newest(&all, |one| one.for_interpreters).into_iter().cloned().collect())
}

/// What is done with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Deletes it.
    Delete,
    /// The uploader lets the public have it, or no longer.
    Public(bool),
    /// Interpreters get it, or no longer.
    Interpreters(bool),
    /// The organizers let the public have it, or no longer.
    Approve(bool),
}

/// Changes a version that is `speaker`'s own, or any of the session where no speaker asks. The caller removes the
/// bytes of one that was deleted.
///
/// # Errors
/// When it is not there, or not theirs.
pub fn change(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, DocumentId),
    (session, speaker): (Option<SessionId>, Option<SpeakerId>),
    change: Change,
) -> Result<(), DocumentError> {
    let found = store::find(db, event, id)?.ok_or(DocumentError::NotFound)?;
    let is_theirs = session.is_none_or(|session| found.session_id == Some(session))
        && speaker.is_none_or(|speaker| found.speaker_id == Some(speaker));
    if !is_theirs {
        return Err(DocumentError::NotFound);
    }
    let action = match change {
        Change::Delete => {
            store::delete(db, id)?;
            "document.deleted"
        }
        Change::Public(is_public) => {
            store::set_sharing(db, id, (is_public, found.for_interpreters))?;
            "document.changed"
        }
        Change::Interpreters(get_it) => {
            store::set_sharing(db, id, (found.is_public, get_it))?;
            "document.changed"
        }
        Change::Approve(is_approved) => {
            store::set_approved(db, id, is_approved.then_some(now))?;
            if is_approved { "document.approved" } else { "document.disapproved" }
        }
    };
    // What everybody sees of the session may differ now.
    if found.approved_at.is_some() || matches!(change, Change::Approve(_)) {
        touch_public(db, event)?;
    }
    Ok(note(db, now, actor, action, &found)?)
}

/// Those of these documents that have a row.
///
/// # Errors
/// When the database refuses.
pub fn known(db: &mut DbConnection, ids: &[DocumentId]) -> QueryResult<HashSet<DocumentId>> {
    Ok(store::known(db, ids)?.into_iter().collect())
}

/// The interpreters' links of an event, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn briefings(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Briefing>> {
    store::briefings(db, event)
}

/// Makes an interpreters' link.
///
/// # Errors
/// When the database refuses.
pub fn add_briefing(db: &mut DbConnection, now: UtcTime, actor: Actor, briefing: &Briefing) -> QueryResult<()> {
    store::insert_briefing(db, briefing)?;
    let entry = Entry::new(Some(briefing.event_id), actor, "briefing.made", "briefing", briefing.id.as_str());
    audit::note(db, now, &entry)
}

/// Takes an interpreters' link back.
///
/// # Errors
/// When it is not there or was taken back.
pub fn revoke_briefing(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, BriefingId),
) -> Result<(), DocumentError> {
    if !store::revoke(db, now, event, id)? {
        return Err(DocumentError::NotFound);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "briefing.revoked", "briefing", id.as_str()))?;
    Ok(())
}

/// The link of this secret, unless it was taken back.
///
/// # Errors
/// When the database refuses.
pub fn briefing(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<Briefing>> {
    store::briefing(db, event, token)
}

/// Notes that a link was opened, the first time.
///
/// # Errors
/// When the database refuses.
pub fn note_opened(db: &mut DbConnection, now: UtcTime, id: BriefingId) -> QueryResult<()> {
    store::note_opened(db, now, id)
}
