//! Use cases of speakers. Each counts as a change of the draft; the public sees it with the next release.

use super::model::{Part, Speaker, SpeakerFacts, SpeakerSummary, StoredFile};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, FileId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_draft;
use crate::i18n::{free_code, slug};
use crate::mail;
use diesel::QueryResult;
use serde_json::json;

/// Why a speaker was not made, changed or deleted.
#[derive(Debug, thiserror::Error)]
pub enum SpeakerError {
    /// There is no such speaker at this event.
    #[error("there is no such speaker")]
    NotFound,
    /// Someone else changed them since the page was opened.
    #[error("someone else changed the speaker in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(SpeakerError);

/// A speaker as `version` had them.
pub type SpeakerKey = (EventId, SpeakerId, i32);

/// Every speaker of an event, each with the number of their sessions in the draft, in two queries.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerSummary, i64)>> {
    let counts = store::session_counts(db, event)?;
    let counted = |speaker: SpeakerSummary| {
        let sessions = counts.get(&speaker.id).copied().unwrap_or(0);
        (speaker, sessions)
    };
    Ok(store::summaries(db, event)?.into_iter().map(counted).collect())
}

/// One speaker of an event with their parts in sessions of the draft.
///
/// # Errors
/// When there is none.
pub fn find(db: &mut DbConnection, event: EventId, id: SpeakerId) -> Result<(Speaker, Vec<Part>), SpeakerError> {
    let speaker = store::find(db, event, id)?.ok_or(SpeakerError::NotFound)?;
    Ok((speaker, store::parts_of(db, id)?))
}

/// Some speakers of an event.
///
/// # Errors
/// When the database refuses.
pub fn some(db: &mut DbConnection, event: EventId, wanted: &[SpeakerId]) -> QueryResult<Vec<Speaker>> {
    store::some(db, event, wanted)
}

/// Adds a speaker to an event.
///
/// # Errors
/// When the database refuses.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &SpeakerFacts,
) -> Result<SpeakerId, SpeakerError> {
    let id = SpeakerId::new();
    create_as(db, now, actor, (event, id), facts).map(|()| id)
}

/// Adds a speaker under an id that is known before, as where a mail with a link to their page is written first.
///
/// # Errors
/// When the database refuses.
pub fn create_as(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, SpeakerId),
    facts: &SpeakerFacts,
) -> Result<(), SpeakerError> {
    let mut taken = store::codes(db, event)?.into_iter().collect();
    let wish = slug(&facts.name);
    let speaker = Speaker {
        id,
        event_id: event,
        code: free_code(if wish.is_empty() { "speaker" } else { &wish }, &mut taken),
        guid: id.to_string(),
        name: facts.name.clone(),
        native_name: facts.native_name.clone(),
        position: facts.position.clone(),
        organisation: facts.organisation.clone(),
        country: facts.country.clone(),
        biography: facts.biography.clone(),
        photo_id: None,
        email: facts.email.clone(),
        language: facts.language,
        search_key: facts.search_key(),
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(db, &speaker)?;
    note(db, now, &Entry::new(Some(event), actor, "speaker.created", "speaker", id.as_str()), event)
}

/// Changes a speaker, if they are still as `version` had them.
///
/// # Errors
/// When they are gone or someone else was faster.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    key: SpeakerKey,
    facts: &SpeakerFacts,
) -> Result<(), SpeakerError> {
    let (event, id, _) = key;
    store::find(db, event, id)?.ok_or(SpeakerError::NotFound)?;
    if !store::update(db, now, key, facts)? {
        return Err(SpeakerError::Stale);
    }
    note(db, now, &Entry::new(Some(event), actor, "speaker.changed", "speaker", id.as_str()), event)
}

/// Deletes a speaker, if they are still as `version` had them; they are taken out of their
/// sessions. Returns the photo whose bytes nothing needs any more.
///
/// # Errors
/// When they are gone or someone has changed them.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    key: SpeakerKey,
) -> Result<Option<FileId>, SpeakerError> {
    let (event, id, _) = key;
    let (speaker, parts) = find(db, event, id)?;
    // As long as they are known as this speaker's.
    mail::operations::forget_speaker(db, id)?;
    if !store::delete(db, key)? {
        return Err(SpeakerError::Stale);
    }
    let entry = Entry::new(Some(event), actor, "speaker.deleted", "speaker", id.as_str());
    note(db, now, &entry.with(json!({ "parts": parts.len() })), event)?;
    forget(db, event, speaker.photo_id)
}

/// Gives a speaker a photo whose bytes are stored, or takes it away, if they are still as
/// `version` had them. Returns the photo before whose bytes nothing needs any more.
///
/// # Errors
/// When they are gone or someone else was faster.
pub fn set_photo(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    key: SpeakerKey,
    photo: Option<&StoredFile>,
) -> Result<Option<FileId>, SpeakerError> {
    let (event, id, _) = key;
    let before = store::find(db, event, id)?.ok_or(SpeakerError::NotFound)?.photo_id;
    if let Some(file) = photo {
        store::insert_file(db, file)?;
    }
    if !store::set_photo(db, now, key, photo.map(|file| file.id))? {
        return Err(SpeakerError::Stale);
    }
    let action = if photo.is_some() { "speaker.photo-changed" } else { "speaker.photo-removed" };
    note(db, now, &Entry::new(Some(event), actor, action, "speaker", id.as_str()), event)?;
    forget(db, event, before)
}

/// Forgets a photo that no speaker has any more, unless a release still shows it: what is released
/// stays as it is.
fn forget(db: &mut DbConnection, event: EventId, photo: Option<FileId>) -> Result<Option<FileId>, SpeakerError> {
    let Some(photo) = photo else { return Ok(None) };
    if store::is_released(db, event, photo)? {
        return Ok(None);
    }
    store::delete_file(db, photo)?;
    Ok(Some(photo))
}

fn note(db: &mut DbConnection, now: UtcTime, entry: &Entry<'_>, event: EventId) -> Result<(), SpeakerError> {
    touch_draft(db, event)?;
    Ok(audit::note(db, now, entry)?)
}
