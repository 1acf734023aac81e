//! Queueing messages.

pub mod deciding;
pub mod marks;
mod quiet;
pub mod rules;

use super::model::{Copied, MessageKind, MessageState, NewMessage};
use super::store::Start;
use super::{outbox, store};
use crate::audit::{self, Actor};
use crate::db::{DbConnection, DbError, EventId, MessageId, RegistrationId, SpeakerId, UtcTime};
use diesel::QueryResult;

/// Puts a message into the outbox, in the transaction of the change that causes it. A letter to somebody without
/// an address goes nowhere: nothing is queued. Where mail to the address came back for good or its owner
/// complained, it rests there as failed; where the event holds its kind, it waits for review; in the event's quiet
/// hours it waits until they end. Nothing of that is asked where someone waits for it.
///
/// # Errors
/// When the database refuses; the change is then undone with it.
pub fn queue(db: &mut DbConnection, now: UtcTime, message: &NewMessage) -> QueryResult<MessageId> {
    if message.recipient.is_nowhere() {
        return Ok(MessageId::new());
    }
    if message.kind.is_asked_for() {
        return store::insert(db, now, message, Start { state: MessageState::Queued, due_at: now, mark: None });
    }
    let mark = store::marks::find(db, &message.recipient.key())?;
    let rules = match message.event {
        Some(event) => store::pauses::rules(db, event)?,
        None => None,
    };
    let state = match (&mark, &rules) {
        (Some(_), _) => MessageState::Failed,
        (None, Some(rules)) if rules.holds(message.kind) => MessageState::Draft,
        _ => MessageState::Queued,
    };
    let due_at = match (message.event, rules.and_then(|rules| rules.quiet)) {
        (Some(event), Some(quiet)) if state == MessageState::Queued => {
            quiet::leaves(db, now, event, quiet, message.registration)?
        }
        _ => now,
    };
    store::insert(db, now, message, Start { state, due_at, mark: mark.as_ref() })
}

/// Puts a message into the outbox that names others as having got the same.
///
/// # Errors
/// When the database refuses; the change is then undone with it.
pub fn queue_naming(
    db: &mut DbConnection,
    now: UtcTime,
    message: &NewMessage,
    copies: &[Copied],
) -> QueryResult<MessageId> {
    let id = queue(db, now, message)?;
    if !copies.is_empty() {
        store::name_copies(db, id, copies)?;
    }
    Ok(id)
}

/// Lets up to `limit` messages be found by their words; how many messages. Until then a search looks through them.
///
/// # Errors
/// When the database refuses.
pub fn index_words(db: &mut DbConnection, limit: i64) -> QueryResult<usize> {
    store::words::index_some(db, limit)
}

/// Takes messages back that wait for review or their turn, because their reason is gone; how many.
///
/// # Errors
/// When the database refuses.
pub fn take_back(db: &mut DbConnection, now: UtcTime, ids: &[MessageId]) -> QueryResult<usize> {
    let drafts = store::deciding::cancel(db, now, ids, (MessageState::Draft, "cancelled"))?;
    Ok(drafts + store::deciding::cancel(db, now, ids, (MessageState::Queued, "cancelled"))?)
}

/// The same with those about a speaker, of these kinds; where an instant is given, only those queued then.
///
/// # Errors
/// When the database refuses.
pub fn take_back_of_speaker(
    db: &mut DbConnection,
    now: UtcTime,
    speaker: SpeakerId,
    which: (&[MessageKind], Option<UtcTime>),
) -> QueryResult<usize> {
    let ids = store::deciding::waiting_of_speaker(db, speaker, which)?;
    take_back(db, now, &ids)
}

/// Messages to an address that have not left, with the link in each by which it refuses such mail.
///
/// # Errors
/// When the database refuses.
pub fn refusable(db: &mut DbConnection, event: EventId, address_key: &str) -> QueryResult<Vec<(MessageId, String)>> {
    store::deciding::refusable(db, event, address_key)
}

/// Empties every message that speaks of a registration, and what is known of its address; what has not left does
/// not leave. Nothing happens while one of them is being sent; then false.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, registration: RegistrationId, address_key: &str) -> QueryResult<bool> {
    if store::is_sending(db, registration)? {
        return Ok(false);
    }
    store::marks::forget(db, address_key)?;
    store::forget(db, registration, None).map(|()| true)
}

/// Empties every message about a speaker, to them and to whoever helps them; what has not left does not leave.
///
/// # Errors
/// When the database refuses.
pub fn forget_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<()> {
    store::forget_speaker(db, speaker)
}

/// Empties the messages about passing on the place of a registration: they name both people.
///
/// # Errors
/// When the database refuses.
pub fn forget_transfers(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    use MessageKind as K;
    let kinds = [K::TransferOffered, K::TransferStarted, K::TransferTakenBack, K::TransferUnwanted, K::Transferred];
    store::forget(db, registration, Some(&kinds))
}

/// Lets messages belong to another registration of the same person; first the one that keeps them.
///
/// # Errors
/// When the database refuses.
pub fn adopt(db: &mut DbConnection, of: (RegistrationId, RegistrationId)) -> QueryResult<()> {
    store::adopt(db, of)
}

/// Why a message is not sent again.
#[derive(Debug, thiserror::Error)]
pub enum ResendError {
    /// There is no such message at this event.
    #[error("no such message")]
    NotFound,
    /// Only failed messages are sent again as they are.
    #[error("the message has not failed")]
    NotFailed,
    /// The database refused.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(ResendError);

/// Lets a failed message begin anew, with all its attempts before it.
///
/// # Errors
/// When it is not there or has not failed.
pub fn resend(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MessageId,
) -> Result<(), ResendError> {
    let detail = outbox::find(db, Some(event), id)?.ok_or(ResendError::NotFound)?;
    if detail.summary.state != MessageState::Failed || !store::queue_again(db, now, id)? {
        return Err(ResendError::NotFailed);
    }
    audit::note(db, now, &audit::Entry::new(Some(event), actor, "message.resent", "message", id.as_str()))?;
    Ok(())
}
