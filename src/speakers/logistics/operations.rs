//! Use cases of travel, needs and consents.

use super::model::{Needs, RecordingConsent, RecordingText, Travel};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AssistantId, ConsentId, DbConnection, DbError, EventId, SessionId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::i18n::Localized;
use crate::reminders::operations as reminders;
use crate::speakers::model::SpeakerSummary;
use crate::speakers::own::model::AnsweredBy;
use diesel::QueryResult;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Why something was not kept.
#[derive(Debug, thiserror::Error)]
pub enum LogisticsError {
    /// There is nothing like that.
    #[error("there is nothing like that")]
    NotFound,
    /// Somebody else changed it since the page was opened.
    #[error("somebody else changed it in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(LogisticsError);

/// How a speaker travels.
///
/// # Errors
/// When the database refuses.
pub fn travel(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<Travel>> {
    store::travel(db, speaker)
}

/// Keeps how a speaker travels. A change after the day on which it was to be settled is news to the team.
///
/// # Errors
/// When somebody else changed it since `travel.version`.
pub fn save_travel(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    travel: &Travel,
) -> Result<(), LogisticsError> {
    let before = store::travel(db, travel.speaker_id)?;
    let is_late = is_late(db, now, event)?;
    let is_same = before.as_ref().is_some_and(|before| before.says_the_same(travel));
    let news_at = match &before {
        _ if is_late && !is_same => Some(now),
        Some(before) => before.news_at,
        None => None,
    };
    let new = Travel { news_at, version: travel.version + 1, updated_at: now, ..travel.clone() };
    if !store::put_travel(db, &new, travel.version)? {
        return Err(LogisticsError::Stale);
    }
    note(db, now, actor, event.id, "speaker.travel-changed", travel.speaker_id)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    speaker: SpeakerId,
) -> Result<(), LogisticsError> {
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "speaker", speaker.as_str()))?)
}

/// Whether the day is past on which journeys were to be settled.
fn is_late(db: &mut DbConnection, now: UtcTime, event: &Event) -> QueryResult<bool> {
    let settled_on = reminders::rules(db, event.id)?.deadline("travel");
    Ok(settled_on.is_some_and(|day| now.in_zone(event.zone()).date_naive() > day))
}

/// Deletes everything about how a speaker travels. After the day on which it was to be settled, that there is no
/// journey any more stays as news until the team has seen it: somebody may be on the way to fetch them.
///
/// # Errors
/// When the database refuses.
pub fn delete_travel(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    speaker: SpeakerId,
) -> Result<(), LogisticsError> {
    let Some(before) = store::travel(db, speaker)? else { return Ok(()) };
    let nothing = Travel::empty(now, event.id, speaker);
    if is_late(db, now, event)? {
        let new = Travel { news_at: Some(now), version: before.version + 1, ..nothing };
        if before.is_nothing() || !store::put_travel(db, &new, before.version)? {
            return Ok(());
        }
    } else if !store::delete_travel(db, speaker)? {
        return Ok(());
    }
    note(db, now, actor, event.id, "speaker.travel-deleted", speaker)
}

/// Everybody's travel with whose it is.
///
/// # Errors
/// When the database refuses.
pub fn all_travel(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerSummary, Travel)>> {
    store::all_travel(db, event)
}

/// Notes that a list of everybody's travel was taken away as a file.
///
/// # Errors
/// When the database refuses.
pub fn note_export(db: &mut DbConnection, now: UtcTime, actor: Actor, event: EventId) -> QueryResult<()> {
    audit::note(db, now, &Entry::new(Some(event), actor, "speaker.travel-exported", "event", event.as_str()))
}

/// Notes that the team has seen a late change.
///
/// # Errors
/// When there was none.
pub fn note_seen(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, speaker): (EventId, SpeakerId),
) -> Result<(), LogisticsError> {
    if !store::note_seen(db, event, speaker)? {
        return Err(LogisticsError::NotFound);
    }
    if store::travel(db, speaker)?.is_some_and(|travel| travel.is_nothing()) {
        store::delete_travel(db, speaker)?;
    }
    note(db, now, actor, event, "speaker.travel-seen", speaker)
}

/// Whether an assistant sees and changes how the speaker travels.
///
/// # Errors
/// When the database refuses.
pub fn may_travel(db: &mut DbConnection, assistant: Option<AssistantId>) -> QueryResult<bool> {
    assistant.map_or(Ok(true), |assistant| store::may_travel(db, assistant))
}

/// What a speaker needs.
///
/// # Errors
/// When the database refuses.
pub fn needs(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<Needs>> {
    store::needs(db, speaker)
}

/// Keeps what a speaker needs.
///
/// # Errors
/// When somebody else changed it since `needs.version`.
pub fn save_needs(db: &mut DbConnection, now: UtcTime, actor: Actor, needs: &Needs) -> Result<(), LogisticsError> {
    let new = Needs { version: needs.version + 1, updated_at: now, ..needs.clone() };
    if !store::put_needs(db, &new, needs.version)? {
        return Err(LogisticsError::Stale);
    }
    note(db, now, actor, needs.event_id, "speaker.needs-changed", needs.speaker_id)
}

/// What the people of a session need, and which of them have agreed to be recorded by the newest text.
#[derive(Clone, Debug, Default)]
pub struct OfSession {
    /// By speaker.
    pub needs: HashMap<SpeakerId, Needs>,
    /// Whether any consent is asked for.
    pub asks_consent: bool,
    /// Who has agreed.
    pub agreed: HashSet<SpeakerId>,
}

/// What is known of the people of a session.
///
/// # Errors
/// When the database refuses.
pub fn of_session(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<OfSession> {
    let needs = store::needs_of_session(db, session)?;
    let agreed = agreed(db, event)?;
    Ok(OfSession {
        needs: needs.into_iter().map(|needs| (needs.speaker_id, needs)).collect(),
        asks_consent: agreed.is_some(),
        agreed: agreed.unwrap_or_default(),
    })
}

/// The newest version of the text that speakers agree to.
///
/// # Errors
/// When the database refuses.
pub fn text(db: &mut DbConnection, event: EventId) -> QueryResult<Option<RecordingText>> {
    store::text(db, event)
}

/// Sets the text. One that differs is a new version, which everybody is asked for anew.
///
/// # Errors
/// When somebody else set one since version `seen`.
pub fn set_text(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, seen): (EventId, i32),
    text: &Localized,
) -> Result<(), LogisticsError> {
    let present = store::text(db, event)?;
    let number = present.as_ref().map_or(0, |present| present.number);
    if number != seen {
        return Err(LogisticsError::Stale);
    }
    if present.is_some_and(|present| present.text == *text) {
        return Ok(());
    }
    let new = RecordingText { event_id: event, number: number + 1, text: text.clone(), created_at: now };
    if !store::insert_text(db, &new)? {
        return Err(LogisticsError::Stale);
    }
    let entry = Entry::new(Some(event), actor, "recording.text-changed", "event", event.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "number": new.number })))?)
}

/// What a speaker was asked and has said.
///
/// # Errors
/// When the database refuses.
pub fn consents(
    db: &mut DbConnection,
    event: EventId,
    speaker: SpeakerId,
) -> QueryResult<(Option<RecordingText>, Vec<RecordingConsent>)> {
    Ok((store::text(db, event)?, store::consents(db, speaker)?))
}

/// Keeps that a speaker agrees to a version of the text.
///
/// # Errors
/// When there is a newer version than they have read.
pub fn agree(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, speaker): (EventId, SpeakerId),
    (number, by): (i32, AnsweredBy),
) -> Result<(), LogisticsError> {
    let text = store::text(db, event)?.ok_or(LogisticsError::NotFound)?;
    if text.number != number || store::text_version(db, event, number)?.is_none() {
        return Err(LogisticsError::Stale);
    }
    let standing = store::consents(db, speaker)?.into_iter().find(|one| one.withdrawn_at.is_none());
    if standing.is_some_and(|one| one.number == number) {
        return Ok(());
    }
    store::withdraw(db, now, speaker)?;
    let id = ConsentId::new();
    let consent = RecordingConsent {
        id,
        event_id: event,
        speaker_id: speaker,
        number,
        given_by: by,
        given_at: now,
        withdrawn_at: None,
    };
    store::insert_consent(db, &consent)?;
    let entry = Entry::new(Some(event), actor, "speaker.recording-agreed", "speaker", speaker.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "number": number })))?)
}

/// Withdraws what a speaker agreed to.
///
/// # Errors
/// When the database refuses.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, speaker): (EventId, SpeakerId),
) -> Result<(), LogisticsError> {
    if store::withdraw(db, now, speaker)? {
        note(db, now, actor, event, "speaker.recording-withdrawn", speaker)?;
    }
    Ok(())
}

/// Who has agreed to the newest text; nothing where no consent is asked for.
///
/// # Errors
/// When the database refuses.
pub fn agreed(db: &mut DbConnection, event: EventId) -> QueryResult<Option<HashSet<SpeakerId>>> {
    let Some(text) = store::text(db, event)? else { return Ok(None) };
    let standing = store::standing_consents(db, event)?.into_iter();
    Ok(Some(standing.filter(|one| one.number == text.number).map(|one| one.speaker_id).collect()))
}

/// Who has said when they come and go.
///
/// # Errors
/// When the database refuses.
pub fn travelling(db: &mut DbConnection, event: EventId) -> QueryResult<HashSet<SpeakerId>> {
    Ok(store::travelling(db, event)?.into_iter().collect())
}
