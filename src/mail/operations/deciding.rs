//! What organizers decide of messages.

use super::quiet::Clocks;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, MessageId, RegistrationId, UtcTime};
use crate::mail::model::{MessageDetail, MessageState, NewMessage, Rendered};
use crate::mail::store::deciding as rows;
use crate::mail::store::{self, Start};
use crate::mail::{outbox, store::deciding::Draft};
use diesel::QueryResult;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// Why nothing was done with a message.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such message at this event.
    #[error("no such message")]
    NotFound,
    /// It is not in the state that this needs, any more.
    #[error("the message has another state by now")]
    OtherState,
    /// Somebody else changed it since it was opened.
    #[error("the message was changed meanwhile")]
    Changed,
    /// The database refused.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(DecideError);

/// What becomes of drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// They leave.
    Release,
    /// They never do.
    Discard,
}

/// Decides drafts, some at a time; what is no draft any more is left alone. Returns how many were decided. Released
/// at night, they leave when the quiet hours end; to an address that does not work they rest as failed.
///
/// # Errors
/// When the database refuses.
pub fn decide_drafts(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, ids): (EventId, &[MessageId]),
    decision: Decision,
) -> QueryResult<usize> {
    let drafts = rows::drafts(db, event, ids)?;
    let (decided, action) = match decision {
        Decision::Release => (release(db, now, event, &drafts)?, "mail.released"),
        Decision::Discard => {
            let ids: Vec<MessageId> = drafts.iter().map(|draft| draft.id).collect();
            (rows::cancel(db, now, &ids, (MessageState::Draft, "discarded"))?, "mail.discarded")
        }
    };
    let Some(first) = drafts.first().filter(|_| decided > 0) else { return Ok(0) };
    let entry = match drafts.len() {
        1 => Entry::new(Some(event), actor, action, "message", first.id.as_str()),
        _ => Entry::new(Some(event), actor, action, "event", event.as_str()),
    };
    audit::note(db, now, &entry.with(json!({ "messages": decided })))?;
    Ok(decided)
}

fn release(db: &mut DbConnection, now: UtcTime, event: EventId, drafts: &[Draft]) -> QueryResult<usize> {
    let keys: Vec<String> = drafts.iter().map(|draft| draft.recipient_key.clone()).collect();
    let marked: HashMap<String, String> = rows::marked(db, &keys)?.into_iter().collect();
    let quiet = store::pauses::rules(db, event)?.and_then(|rules| rules.quiet);
    let people: Vec<RegistrationId> = drafts.iter().filter_map(|draft| draft.registration).collect();
    let clocks = if quiet.is_some() { Some(Clocks::of(db, event, &people)?) } else { None };
    let mut decided = 0;
    let mut by_time: BTreeMap<UtcTime, Vec<MessageId>> = BTreeMap::new();
    for draft in drafts {
        if let Some(detail) = marked.get(&draft.recipient_key).filter(|_| !draft.kind.is_asked_for()) {
            decided += rows::fail(db, now, draft.id, detail)?;
            continue;
        }
        let due = match (quiet, &clocks) {
            (Some(quiet), Some(clocks)) => quiet.after(now, clocks.zone(draft.registration)),
            _ => now,
        };
        by_time.entry(due).or_default().push(draft.id);
    }
    for (due, ids) in by_time {
        decided += rows::release(db, now, &ids, due)?;
    }
    Ok(decided)
}

/// Decides one draft.
///
/// # Errors
/// When it is not there, or no draft any more.
pub fn decide_draft(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, MessageId),
    decision: Decision,
) -> Result<(), DecideError> {
    outbox::find(db, Some(event), id)?.ok_or(DecideError::NotFound)?;
    match decide_drafts(db, now, actor, (event, &[id]), decision)? {
        0 => Err(DecideError::OtherState),
        _ => Ok(()),
    }
}

/// Gives a draft other words.
///
/// # Errors
/// When somebody else changed or decided it since `version`.
pub fn edit_draft(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, MessageId, i32),
    content: &Rendered,
) -> Result<(), DecideError> {
    if !rows::edit(db, now, (event, id, version), content)? {
        return Err(DecideError::Changed);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "message.edited", "message", id.as_str()))?;
    Ok(())
}

/// Takes back a message that waits in the queue.
///
/// # Errors
/// When it is not there, or left already.
pub fn cancel_queued(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MessageId,
) -> Result<(), DecideError> {
    outbox::find(db, Some(event), id)?.ok_or(DecideError::NotFound)?;
    if rows::cancel(db, now, &[id], (MessageState::Queued, "cancelled"))? == 0 {
        return Err(DecideError::OtherState);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "message.cancelled", "message", id.as_str()))?;
    Ok(())
}

/// Sends what a message says once more, as a message of its own that leaves at once: an organizer asks for it.
///
/// # Errors
/// When it is not there, or has neither left nor failed.
pub fn send_copy(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MessageId,
) -> Result<MessageId, DecideError> {
    let detail = outbox::find(db, Some(event), id)?.ok_or(DecideError::NotFound)?;
    if !can_be_copied(&detail) {
        return Err(DecideError::OtherState);
    }
    let copies = detail.copies.clone();
    let message = copy_of(detail, event).ok_or(DecideError::OtherState)?;
    let start = Start { state: MessageState::Queued, due_at: now, mark: None };
    let copy = store::insert(db, now, &message, start)?;
    rows::set_copy(db, copy, id)?;
    if !copies.is_empty() {
        store::name_copies(db, copy, &copies)?;
    }
    let entry = Entry::new(Some(event), actor, "message.copied", "message", id.as_str());
    audit::note(db, now, &entry.with(json!({ "copy": copy })))?;
    Ok(copy)
}

/// Whether a message can be sent once more: it left or failed, and its words were not deleted with its person.
#[must_use]
pub fn can_be_copied(message: &MessageDetail) -> bool {
    let ended = matches!(message.summary.state, MessageState::Sent | MessageState::Failed | MessageState::Bounced);
    ended && !message.summary.recipient_address.is_empty()
}

fn copy_of(detail: MessageDetail, event: EventId) -> Option<NewMessage> {
    Some(NewMessage {
        event: Some(event),
        kind: detail.summary.kind,
        registration: detail.registration,
        user: detail.user,
        speaker: detail.speaker,
        unsubscribe: detail.unsubscribe,
        recipient_name: detail.summary.recipient_name,
        recipient: detail.summary.recipient_address.parse().ok()?,
        language: detail.language,
        content: Rendered {
            subject: detail.summary.subject,
            text: detail.body_text,
            html: detail.body_html,
            source: None,
        },
        attachments: detail.attachments,
    })
}
