//! The tables `messages` and `message_attempts`; below it what comes in, and marks of addresses.

pub(super) mod arrival;
pub(super) mod claiming;
pub(super) mod deciding;
pub(super) mod figures;
pub(super) mod listing;
pub(super) mod marks;
pub(super) mod pacing;
pub(super) mod pauses;
pub(super) mod searching;
pub(super) mod words;

use super::lane::Lane;
use super::model::{AddressMark, Copied, Delay, MessageKind, MessageState, NewMessage, OutboxMessage, Outcome};
use super::searching::{Words, subject_key};
use crate::db::schema::{message_attempts, message_reports, messages};
use crate::db::{AttemptId, DbConnection, EventId, LeaseId, MessageId, RegistrationId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::i18n::Lang;
use diesel::prelude::*;

/// How a message begins its way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start<'a> {
    /// Its state.
    pub state: MessageState,
    /// When it may leave.
    pub due_at: UtcTime,
    /// What is known against its address.
    pub mark: Option<&'a AddressMark>,
}

/// Adds a message.
pub(super) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    message: &NewMessage,
    start: Start<'_>,
) -> QueryResult<MessageId> {
    let id = MessageId::new();
    let detail = start.mark.map(|mark| mark.detail.as_str());
    let key = message.recipient.key();
    let domain = key.rsplit_once('@').map_or("", |(_, domain)| domain);
    let (words, subject_key) = search_words(message, &key)?;
    // Only what waits for review is ever edited.
    let source = match &message.content.source {
        Some(source) if start.state == MessageState::Draft => Some(json(source)?),
        _ => None,
    };
    let lane = Lane::of_message(message);
    let row = (
        (
            messages::id.eq(id),
            messages::event_id.eq(message.event),
            messages::kind.eq(message.kind),
            messages::registration_id.eq(message.registration),
            messages::user_id.eq(message.user),
            messages::speaker_id.eq(message.speaker),
            messages::unsubscribe_url.eq(&message.unsubscribe),
            messages::recipient_name.eq(&message.recipient_name),
            messages::recipient_address.eq(message.recipient.as_str()),
            messages::language.eq(message.language),
            messages::subject.eq(&message.content.subject),
            messages::body_text.eq(&message.content.text),
        ),
        (
            messages::body_html.eq(&message.content.html),
            messages::attachments.eq(json(&message.attachments)?),
            messages::state.eq(start.state),
            messages::attempts.eq(0),
            messages::due_at.eq(start.due_at),
            messages::created_at.eq(now),
            messages::recipient_key.eq(&key),
            messages::last_error.eq(detail),
            messages::recipient_domain.eq(domain),
            messages::lane.eq(lane.as_str()),
        ),
        (messages::subject_key.eq(subject_key), messages::search_words.eq(words), messages::source.eq(source)),
    );
    // On the database's own connection the statement is kept by its type; the enum's spells it out to look for it.
    each_backend!(db, backend => diesel::insert_into(messages::table).values(row).execute(backend))?;
    if let Some(detail) = detail {
        insert_attempt(db, now, id, (0, "marked", detail))?;
    }
    Ok(id)
}

/// Names others in a message as having got the same.
pub(super) fn name_copies(db: &mut DbConnection, id: MessageId, copies: &[Copied]) -> QueryResult<()> {
    diesel::update(messages::table.find(id)).set(messages::copies.eq(json(copies)?)).execute(db).map(drop)
}

/// By which words it is found; a message that belongs to no event stands in no list that could be searched.
fn search_words(message: &NewMessage, key: &str) -> QueryResult<(String, String)> {
    if message.event.is_none() {
        return Ok(("{}".to_owned(), String::new()));
    }
    let subject = &message.content.subject;
    let words = json(&Words::of(&message.recipient_name, key, subject))?;
    Ok((words, subject_key(subject)))
}

fn json<T: serde::Serialize + ?Sized>(value: &T) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct ClaimedRow {
    id: MessageId,
    event_id: Option<EventId>,
    kind: MessageKind,
    recipient_domain: String,
    recipient_name: String,
    recipient_address: String,
    language: Lang,
    subject: String,
    body_text: String,
    body_html: String,
    attachments: String,
    copies: String,
    unsubscribe_url: Option<String>,
    attempts: i32,
    created_at: UtcTime,
}

impl ClaimedRow {
    fn into_message(self) -> QueryResult<OutboxMessage> {
        let attachments = serde_json::from_str(&self.attachments)
            .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        let copies = serde_json::from_str(&self.copies)
            .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        Ok(OutboxMessage {
            id: self.id,
            event: self.event_id,
            copies,
            kind: self.kind,
            domain: self.recipient_domain,
            recipient_name: self.recipient_name,
            recipient_address: self.recipient_address,
            language: self.language,
            subject: self.subject,
            body_text: self.body_text,
            body_html: self.body_html,
            attachments,
            unsubscribe: self.unsubscribe_url,
            attempts: self.attempts,
            created_at: self.created_at,
        })
    }
}

/// Records what an attempt came to. Nothing changes when the lease has passed to another worker:
/// what the later one records is the truth.
pub(super) fn record(
    db: &mut DbConnection,
    now: UtcTime,
    lease: LeaseId,
    id: MessageId,
    attempt: i32,
    outcome: &Outcome,
) -> QueryResult<()> {
    let (state, word, detail, due, sent_at, attempts) = match outcome {
        Outcome::Sent { detail } => (MessageState::Sent, "sent", detail, now, Some(now), attempt),
        Outcome::Again { detail, due, reason } => {
            let (word, attempts) = match reason {
                Delay::PutOff => ("deferred", attempt),
                Delay::Unreachable => ("unreachable", attempt - 1),
                Delay::Spared => ("", attempt - 1),
            };
            (MessageState::Queued, word, detail, *due, None, attempts)
        }
        Outcome::Failed { detail } => (MessageState::Failed, "failed", detail, now, None, attempt),
    };
    let last_error = (state != MessageState::Sent).then_some(detail.as_str());
    let changed = diesel::update(messages::table.filter(messages::id.eq(id)).filter(messages::lease_id.eq(lease)))
        .set((
            messages::state.eq(state),
            messages::attempts.eq(attempts),
            messages::due_at.eq(due),
            messages::sent_at.eq(sent_at),
            messages::last_error.eq(last_error),
            messages::lease_id.eq(None::<LeaseId>),
            messages::lease_until.eq(None::<UtcTime>),
        ))
        .execute(db)?;
    // What was not tried is no attempt.
    if changed == 0 || word.is_empty() {
        return Ok(());
    }
    insert_attempt(db, now, id, (attempt, word, detail))
}

pub(super) fn insert_attempt(
    db: &mut DbConnection,
    now: UtcTime,
    id: MessageId,
    (attempt, outcome, detail): (i32, &str, &str),
) -> QueryResult<()> {
    diesel::insert_into(message_attempts::table)
        .values((
            message_attempts::id.eq(AttemptId::new()),
            message_attempts::message_id.eq(id),
            message_attempts::attempt.eq(attempt),
            message_attempts::outcome.eq(outcome),
            message_attempts::detail.eq(detail),
            message_attempts::at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// When a message was tried, the last time first.
pub(super) fn attempts_of(db: &mut DbConnection, id: MessageId) -> QueryResult<Vec<UtcTime>> {
    message_attempts::table
        .filter(message_attempts::message_id.eq(id))
        .filter(message_attempts::attempt.gt(0))
        .order(message_attempts::at.desc())
        .select(message_attempts::at)
        .load(db)
}

/// Whether a message that was claimed may leave now: the lease holds it still, and nobody has paused it meanwhile.
pub(super) fn may_leave(
    db: &mut DbConnection,
    lease: LeaseId,
    message: (MessageId, Option<EventId>, bool),
) -> QueryResult<bool> {
    let (id, event, is_asked_for) = message;
    let paused = pauses::all(db)?;
    if paused.iter().any(|pause| pause.event.is_none() || (!is_asked_for && pause.event == event)) {
        return Ok(false);
    }
    let held =
        messages::table.find(id).filter(messages::lease_id.eq(lease)).filter(messages::state.eq(MessageState::Sending));
    diesel::select(diesel::dsl::exists(held)).get_result(db)
}

/// Gives back what leases still hold: messages that were claimed and not begun.
pub(super) fn return_leases(db: &mut DbConnection, leases: &[LeaseId]) -> QueryResult<usize> {
    diesel::update(
        messages::table.filter(messages::lease_id.eq_any(leases)).filter(messages::state.eq(MessageState::Sending)),
    )
    .set((
        messages::state.eq(MessageState::Queued),
        messages::attempts.eq(messages::attempts - 1),
        messages::lease_id.eq(None::<LeaseId>),
        messages::lease_until.eq(None::<UtcTime>),
    ))
    .execute(db)
}

/// Puts a failed message back into the queue; false when it has not failed (any more).
pub(super) fn queue_again(db: &mut DbConnection, now: UtcTime, id: MessageId) -> QueryResult<bool> {
    let changed = diesel::update(messages::table.find(id).filter(messages::state.eq(MessageState::Failed)))
        .set((
            messages::state.eq(MessageState::Queued),
            messages::attempts.eq(0),
            messages::due_at.eq(now),
            messages::last_error.eq(None::<String>),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Whether a message that speaks of a registration is on its way.
pub(super) fn is_sending(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<bool> {
    let sending = messages::table
        .filter(messages::registration_id.eq(registration))
        .filter(messages::state.eq(MessageState::Sending));
    diesel::select(diesel::dsl::exists(sending)).get_result(db)
}

/// Empties the messages that speak of a registration, or those of these kinds; what waits is cancelled.
pub(super) fn forget(
    db: &mut DbConnection,
    registration: RegistrationId,
    kinds: Option<&[MessageKind]>,
) -> QueryResult<()> {
    let mut query =
        messages::table.filter(messages::registration_id.eq(registration)).select(messages::id).into_boxed();
    if let Some(kinds) = kinds {
        query = query.filter(messages::kind.eq_any(kinds.to_vec()));
    }
    let chosen: Vec<MessageId> = query.load(db)?;
    empty(db, &chosen)
}

/// Empties the messages that speak of a speaker; what waits is cancelled.
pub(super) fn forget_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<()> {
    let chosen: Vec<MessageId> =
        messages::table.filter(messages::speaker_id.eq(speaker)).select(messages::id).load(db)?;
    empty(db, &chosen)
}

fn empty(db: &mut DbConnection, chosen: &[MessageId]) -> QueryResult<()> {
    searching::forget(db, chosen)?;
    diesel::update(messages::table.filter(messages::id.eq_any(chosen)))
        .set((
            messages::recipient_name.eq(""),
            messages::recipient_address.eq(""),
            messages::recipient_key.eq(""),
            messages::subject.eq(""),
            messages::body_text.eq(""),
            messages::body_html.eq(""),
            messages::attachments.eq("[]"),
            messages::copies.eq("[]"),
            messages::unsubscribe_url.eq(None::<String>),
            messages::last_error.eq(None::<String>),
            messages::subject_key.eq(""),
            messages::search_words.eq("{}"),
            messages::source.eq(None::<String>),
        ))
        .execute(db)?;
    diesel::update(message_attempts::table.filter(message_attempts::message_id.eq_any(chosen)))
        .set(message_attempts::detail.eq(""))
        .execute(db)?;
    diesel::delete(message_reports::table.filter(message_reports::message_id.eq_any(chosen))).execute(db)?;
    let waits = [MessageState::Draft, MessageState::Queued, MessageState::Failed];
    diesel::update(messages::table.filter(messages::id.eq_any(chosen)).filter(messages::state.eq_any(waits)))
        .set(messages::state.eq(MessageState::Cancelled))
        .execute(db)
        .map(drop)
}

/// Lets messages speak of another registration of the same person.
pub(super) fn adopt(db: &mut DbConnection, (to, from): (RegistrationId, RegistrationId)) -> QueryResult<()> {
    diesel::update(messages::table.filter(messages::registration_id.eq(from)))
        .set(messages::registration_id.eq(to))
        .execute(db)
        .map(drop)
}
