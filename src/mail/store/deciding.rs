//! What organizers decide of messages: editing, releasing and discarding drafts, cancelling, sending again.

use super::insert_attempt;
use super::searching::add_subject;
use crate::db::schema::{address_marks, message_attempts, messages};
use crate::db::{AttemptId, DbConnection, EventId, MessageId, RegistrationId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::mail::model::{MessageKind, MessageState, Rendered};
use crate::mail::searching::{Words, subject_key};
use diesel::prelude::*;

/// A draft as its release looks at it.
#[derive(Clone, Debug, Queryable)]
pub(in crate::mail) struct Draft {
    /// The message.
    pub id: MessageId,
    /// What it is about.
    pub kind: MessageKind,
    /// The registration it speaks of.
    pub registration: Option<RegistrationId>,
    /// The address as compared.
    pub recipient_key: String,
}

/// Those of an event's messages that are drafts.
pub(in crate::mail) fn drafts(db: &mut DbConnection, event: EventId, ids: &[MessageId]) -> QueryResult<Vec<Draft>> {
    messages::table
        .filter(messages::id.eq_any(ids))
        .filter(messages::event_id.eq(event))
        .filter(messages::state.eq(MessageState::Draft))
        .order(messages::id)
        .select((messages::id, messages::kind, messages::registration_id, messages::recipient_key))
        .load(db)
}

/// The words against those of these addresses that are marked.
pub(in crate::mail) fn marked(db: &mut DbConnection, keys: &[String]) -> QueryResult<Vec<(String, String)>> {
    address_marks::table
        .filter(address_marks::address_key.eq_any(keys))
        .filter(address_marks::cleared_at.is_null())
        .select((address_marks::address_key, address_marks::detail))
        .load(db)
}

/// Puts drafts into the queue, to leave at `due_at`; returns how many still were drafts. They count as queued now: the date
/// in their head is not that of days ago, and a server that is down has its days to come back.
pub(in crate::mail) fn release(
    db: &mut DbConnection,
    now: UtcTime,
    ids: &[MessageId],
    due_at: UtcTime,
) -> QueryResult<usize> {
    let drafts = messages::table.filter(messages::id.eq_any(ids)).filter(messages::state.eq(MessageState::Draft));
    let released: Vec<MessageId> = diesel::update(drafts)
        .set((
            messages::state.eq(MessageState::Queued),
            messages::due_at.eq(due_at),
            messages::created_at.eq(now),
            messages::version.eq(messages::version + 1),
            messages::source.eq(None::<String>),
        ))
        .returning(messages::id)
        .get_results(db)?;
    note(db, now, &released, "released")
}

/// Lets a draft rest as failed, because its address does not work.
pub(in crate::mail) fn fail(db: &mut DbConnection, now: UtcTime, id: MessageId, detail: &str) -> QueryResult<usize> {
    let draft = messages::table.find(id).filter(messages::state.eq(MessageState::Draft));
    let changed = diesel::update(draft)
        .set((
            messages::state.eq(MessageState::Failed),
            messages::last_error.eq(detail),
            messages::source.eq(None::<String>),
        ))
        .execute(db)?;
    if changed == 1 {
        insert_attempt(db, now, id, (0, "marked", detail))?;
    }
    Ok(changed)
}

/// Takes back messages that are in this state; returns how many still were.
pub(in crate::mail) fn cancel(
    db: &mut DbConnection,
    now: UtcTime,
    ids: &[MessageId],
    (from, word): (MessageState, &str),
) -> QueryResult<usize> {
    let waiting = messages::table.filter(messages::id.eq_any(ids)).filter(messages::state.eq(from));
    let cancelled: Vec<MessageId> = diesel::update(waiting)
        .set((
            messages::state.eq(MessageState::Cancelled),
            messages::version.eq(messages::version + 1),
            messages::source.eq(None::<String>),
        ))
        .returning(messages::id)
        .get_results(db)?;
    note(db, now, &cancelled, word)
}

/// Messages about a speaker that have not left, of these kinds; where an instant is given, only those queued then.
pub(in crate::mail) fn waiting_of_speaker(
    db: &mut DbConnection,
    speaker: SpeakerId,
    (kinds, at): (&[MessageKind], Option<UtcTime>),
) -> QueryResult<Vec<MessageId>> {
    let mut query = messages::table
        .filter(messages::speaker_id.eq(speaker))
        .filter(messages::kind.eq_any(kinds.to_vec()))
        .filter(messages::state.eq_any([MessageState::Draft, MessageState::Queued]))
        .into_boxed();
    if let Some(at) = at {
        query = query.filter(messages::created_at.eq(at));
    }
    query.select(messages::id).load(db)
}

/// Messages to an address at an event that have not left and name a link by which it refuses such mail.
pub(in crate::mail) fn refusable(
    db: &mut DbConnection,
    event: EventId,
    address_key: &str,
) -> QueryResult<Vec<(MessageId, String)>> {
    messages::table
        .filter(messages::recipient_key.eq(address_key))
        .filter(messages::event_id.eq(event))
        .filter(messages::state.eq_any([MessageState::Draft, MessageState::Queued]))
        .filter(messages::unsubscribe_url.is_not_null())
        .select((messages::id, messages::unsubscribe_url.assume_not_null()))
        .load(db)
}

/// Notes what an organizer did with each of these.
fn note(db: &mut DbConnection, now: UtcTime, ids: &[MessageId], word: &str) -> QueryResult<usize> {
    let rows: Vec<_> = ids
        .iter()
        .map(|id| {
            (
                message_attempts::id.eq(AttemptId::new()),
                message_attempts::message_id.eq(*id),
                message_attempts::attempt.eq(0),
                message_attempts::outcome.eq(word),
                message_attempts::detail.eq(""),
                message_attempts::at.eq(now),
            )
        })
        .collect();
    if !rows.is_empty() {
        each_backend!(db, backend => diesel::insert_into(message_attempts::table).values(&rows).execute(backend))?;
    }
    Ok(ids.len())
}

/// Gives a draft other words; false where it has another version by now, or is none any more.
pub(in crate::mail) fn edit(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, MessageId, i32),
    content: &Rendered,
) -> QueryResult<bool> {
    let draft = messages::table
        .find(id)
        .filter(messages::event_id.eq(event))
        .filter(messages::state.eq(MessageState::Draft))
        .filter(messages::version.eq(version));
    let known: Option<(String, String)> =
        draft.select((messages::recipient_name, messages::recipient_key)).first(db).optional()?;
    let Some((name, key)) = known else { return Ok(false) };
    let (words, subject) = (Words::of(&name, &key, &content.subject), subject_key(&content.subject));
    let changed = diesel::update(draft)
        .set((
            messages::subject.eq(&content.subject),
            messages::body_text.eq(&content.text),
            messages::body_html.eq(&content.html),
            messages::source.eq(content.source.as_ref().map(super::json).transpose()?),
            messages::subject_key.eq(&subject),
            messages::search_words.eq(super::json(&words)?),
            messages::version.eq(version + 1),
        ))
        .execute(db)?;
    if changed == 1 {
        add_subject(db, event, &subject, &words.subject)?;
        note(db, now, &[id], "edited")?;
    }
    Ok(changed == 1)
}

/// Notes which message one is a copy of.
pub(in crate::mail) fn set_copy(db: &mut DbConnection, copy: MessageId, of: MessageId) -> QueryResult<()> {
    diesel::update(messages::table.find(copy)).set(messages::copy_of.eq(of)).execute(db).map(drop)
}
