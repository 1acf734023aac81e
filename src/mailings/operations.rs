//! Writing, planning and stopping mailings; who gets them; ending them for an address.

use super::choices::model::Addressee;
use super::choices::operations as choices;
use super::files::operations as files;
use super::model::{Audience, Mailing, MailingState, Sources, Timing};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, MailingId, MessageId, UserId, UtcTime};
use crate::mail::model::{Copied, NewMessage};
use crate::mail::operations::queue_naming;
use crate::registration::model::PrivateLink;
use crate::registration::operations::keep_link;
use crate::speakers::own::model::SpeakerLink;
use crate::speakers::own::operations as own_pages;
use crate::web::TokenHash;
use diesel::QueryResult;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Why a mailing was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MailingError {
    /// There is none.
    #[error("no such mailing")]
    NotFound,
    /// Somebody else changed it, or it has begun to leave.
    #[error("the mailing was changed meanwhile")]
    Changed,
    /// Nobody would get it.
    #[error("nobody would get it")]
    Nobody,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(MailingError);

/// The mailings of an event, newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Mailing, i64)>> {
    let mailings = store::list(db, event, 200)?;
    let ids: Vec<MailingId> = mailings.iter().map(|mailing| mailing.id).collect();
    let reached: HashMap<MailingId, i64> = store::all_reached(db, &ids)?.into_iter().collect();
    let with_count = |mailing: Mailing| {
        let count = reached.get(&mailing.id).copied().unwrap_or(0);
        (mailing, count)
    };
    Ok(mailings.into_iter().map(with_count).collect())
}

/// One mailing, and how many have got it.
///
/// # Errors
/// When it is not there.
pub fn find(db: &mut DbConnection, event: EventId, id: MailingId) -> Result<(Mailing, i64), MailingError> {
    let mailing = store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
    let reached = store::reached(db, id)?;
    Ok((mailing, reached))
}

/// What is to leave by `now`.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<Mailing>> {
    store::due(db, now)
}

/// What an organizer wrote.
#[derive(Clone, Debug)]
pub struct Content {
    /// Who is meant.
    pub audience: Audience,
    /// The words.
    pub sources: Sources,
    /// When it leaves.
    pub timing: Timing,
}

impl Content {
    fn words(&self) -> store::Words<'_> {
        store::Words { audience: &self.audience, sources: &self.sources, timing: self.timing }
    }
}

/// Keeps a draft: a new one, or one at a version.
///
/// # Errors
/// When somebody else changed it.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, user): (Actor, Option<UserId>),
    (event, known): (EventId, Option<(MailingId, i32)>),
    content: &Content,
) -> Result<MailingId, MailingError> {
    let id = match known {
        Some((id, version)) => {
            store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
            if !store::update(db, now, (id, version), &content.words())? {
                return Err(MailingError::Changed);
            }
            id
        }
        None => {
            let id = MailingId::new();
            store::insert(db, now, (event, id, user), &content.words())?;
            id
        }
    };
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.saved", "mailing", id.as_str()))?;
    Ok(id)
}

/// Begins another mailing with the words, audience, timing and files of one that is there.
///
/// # Errors
/// When it is not there.
pub fn copy(
    db: &mut DbConnection,
    now: UtcTime,
    by: (Actor, Option<UserId>),
    event: EventId,
    from: MailingId,
) -> Result<MailingId, MailingError> {
    let Mailing { audience, sources, timing, .. } = store::find(db, event, from)?.ok_or(MailingError::NotFound)?;
    let id = save(db, now, by, (event, None), &Content { audience, sources, timing })?;
    files::copy(db, now, from, id)?;
    Ok(id)
}

/// Lets a draft leave, now or at its time. `leaves_at` is the instant that its timing means.
///
/// # Errors
/// When it is no draft any more, or changed since version `version`.
pub fn plan(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, MailingId, i32),
    leaves_at: UtcTime,
) -> Result<(), MailingError> {
    let mailing = store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
    let to = (MailingState::Planned, Some(leaves_at));
    if mailing.version != version || !store::change_state(db, now, id, &[MailingState::Draft], to)? {
        return Err(MailingError::Changed);
    }
    let entry = Entry::new(Some(event), actor, "mailing.sent", "mailing", id.as_str());
    audit::note(db, now, &entry.with(json!({ "at": leaves_at.to_string() })))?;
    Ok(())
}

/// Stops what has not left yet; before anything has left, it becomes a draft again.
///
/// # Errors
/// When there is nothing to stop.
pub fn stop(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MailingId,
) -> Result<(), MailingError> {
    let (mailing, reached) = find(db, event, id)?;
    let to = if reached == 0 { MailingState::Draft } else { MailingState::Stopped };
    if !store::change_state(db, now, mailing.id, &[MailingState::Planned, MailingState::Leaving], (to, None))? {
        return Err(MailingError::Changed);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.stopped", "mailing", id.as_str()))?;
    Ok(())
}

/// Raises the version of a draft, because something that belongs to it changes.
///
/// # Errors
/// When it is not there, or no draft any more.
pub(super) fn touch_draft(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    id: MailingId,
) -> Result<(), MailingError> {
    store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
    let draft = (MailingState::Draft, None);
    if store::change_state(db, now, id, &[MailingState::Draft], draft)? { Ok(()) } else { Err(MailingError::Changed) }
}

/// Moves a mailing on in the job that lets it leave.
///
/// # Errors
/// When the database refuses.
pub fn move_on(db: &mut DbConnection, now: UtcTime, mailing: &Mailing, to: MailingState) -> QueryResult<bool> {
    let from = [MailingState::Planned, MailingState::Leaving];
    store::change_state(db, now, mailing.id, &from, (to, mailing.leaves_at))
}

/// Deletes a draft.
///
/// # Errors
/// When it is none.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MailingId,
) -> Result<(), MailingError> {
    if !store::delete_draft(db, event, id)? {
        return Err(MailingError::Changed);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.deleted", "mailing", id.as_str()))?;
    Ok(())
}

/// A mail made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The address as compared.
    pub address_key: String,
    /// The session it is about, or nothing.
    pub about: String,
    /// What ends mailings for the address.
    pub token: TokenHash,
    /// The mail.
    pub message: NewMessage,
    /// Who is named as having got the same.
    pub copies: Vec<Copied>,
    /// The private link that it brings.
    pub link: Link,
}

/// A private link of whichever sort.
#[derive(Clone, Debug)]
pub enum Link {
    /// Of an attendee.
    Registration(Box<PrivateLink>),
    /// Of a speaker.
    Speaker(Box<SpeakerLink>),
}

/// Queues prepared mails for everyone who has not got the mailing yet; nothing once it was stopped.
/// How many were queued, or that it was stopped.
///
/// # Errors
/// When the database refuses.
pub fn queue_prepared(
    db: &mut DbConnection,
    now: UtcTime,
    mailing: &Mailing,
    prepared: &[Prepared],
) -> QueryResult<Option<usize>> {
    let present = store::find(db, mailing.event_id, mailing.id)?;
    if present.is_none_or(|present| present.state != MailingState::Leaving) {
        return Ok(None);
    }
    let (mut queued, topic) = (0, choices::topic_of(mailing.timing));
    for one in prepared {
        let key = (one.address_key.as_str(), one.about.as_str());
        if !store::take(db, now, (mailing.event_id, mailing.id, topic), key, &one.token)? {
            continue;
        }
        let message: MessageId = queue_naming(db, now, &one.message, &one.copies)?;
        store::note_message(db, mailing.id, key, message)?;
        match &one.link {
            Link::Registration(link) => keep_link(db, link)?,
            Link::Speaker(link) => own_pages::keep_link(db, link)?,
        }
        queued += 1;
    }
    Ok(Some(queued))
}

/// Who has got a mailing: addresses with what each was about.
///
/// # Errors
/// When the database refuses.
pub fn have_got(db: &mut DbConnection, id: MailingId) -> QueryResult<HashSet<(String, String)>> {
    store::have_got(db, id).map(|keys| keys.into_iter().collect())
}

/// Addresses that want no mailings that leave like this.
///
/// # Errors
/// When the database refuses.
pub fn refusals(db: &mut DbConnection, event: EventId, timing: Timing) -> QueryResult<HashSet<String>> {
    store::refusals(db, event, choices::topic_of(timing)).map(|keys| keys.into_iter().collect())
}

/// Forgets that an address got mailings of an event, and that it wants none.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, event: EventId, address: &str) -> QueryResult<()> {
    choices::forget(db, &Addressee { event, address_key: address.to_owned() })?;
    store::forget(db, event, address)
}
