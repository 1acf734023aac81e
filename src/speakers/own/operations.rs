//! Use cases of the speaker's own page; see [`super::answers`] for what they say to a slot.

pub use super::answers::{Answers, AskedSlot, NewAnswer, Outcome, answer, answers, reason, requests};
use super::model::{Answer, Assistant, OwnSession, SpeakerLink};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AssistantId, DbConnection, DbError, EventId, LinkId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events;
use crate::events::model::Event;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::schedule::availability::operations::{self as availability, Subject, Window};
use crate::speakers::inviting::model::Titled;
use crate::speakers::inviting::operations as inviting;
use crate::speakers::model::Speaker;
use crate::web::{Token, TokenHash};
use diesel::QueryResult;
use serde_json::json;

/// Why something about a speaker's page was not done.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// The assistant is not there any more.
    #[error("there is no such assistant")]
    NotFound,
    /// There are as many assistants as anyone needs.
    #[error("there are too many assistants")]
    TooMany,
    /// Someone with this address helps already.
    #[error("there is an assistant with this address already")]
    Known,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(OwnError);

/// Most assistants of one speaker: each can answer for them.
pub const MOST_ASSISTANTS: usize = 8;

/// A new link to a speaker's page and the secret that only its mail will hold.
#[must_use]
pub fn prepare_link(now: UtcTime, speaker: SpeakerId, assistant: Option<AssistantId>) -> (Token, SpeakerLink) {
    let token = Token::new();
    let link = SpeakerLink {
        id: LinkId::new(),
        token_hash: token.hash(),
        speaker_id: speaker,
        assistant_id: assistant,
        created_at: now,
        revoked_at: None,
    };
    (token, link)
}

/// Keeps a link that was made ready before its mail was worded.
///
/// # Errors
/// When the database refuses.
pub fn keep_link(db: &mut DbConnection, link: &SpeakerLink) -> QueryResult<()> {
    store::insert_link(db, link.clone())
}

/// Makes a link to a speaker's page, for one mail to the speaker or to one of the assistants. The
/// page is at `/{event}/s/{token}`. Links made before stay valid: an older mail must not stop
/// working because a newer one was sent.
///
/// # Errors
/// When the database refuses.
pub fn new_link(
    db: &mut DbConnection,
    now: UtcTime,
    speaker: SpeakerId,
    assistant: Option<AssistantId>,
) -> QueryResult<Token> {
    let (token, link) = prepare_link(now, speaker, assistant);
    store::insert_link(db, link)?;
    Ok(token)
}

/// What a private link opens.
#[derive(Clone, Debug)]
pub struct Own {
    /// The event.
    pub event: Event,
    /// The speaker whose page it is.
    pub speaker: Speaker,
    /// The assistant whom the link was sent to, when it was not the speaker.
    pub assistant: Option<AssistantId>,
}

/// What the link of this secret opens at an event.
///
/// # Errors
/// When the database refuses.
pub fn own(db: &mut DbConnection, event: Event, token: &TokenHash) -> QueryResult<Result<Own, Event>> {
    Ok(match store::by_token(db, event.id, token)? {
        Some((link, speaker)) => Ok(Own { event, speaker, assistant: link.assistant_id }),
        None => Err(event),
    })
}

/// The event of a slug.
///
/// # Errors
/// When the database refuses.
pub fn event(db: &mut DbConnection, slug: &str) -> QueryResult<Option<Event>> {
    events::operations::by_slug(db, slug)
}

/// What is known of a speaker besides the release.
#[derive(Clone, Debug)]
pub struct Known {
    /// Their sessions in the draft that will take place.
    pub sessions: Vec<OwnSession>,
    /// Their answers.
    pub answers: Vec<Answer>,
    /// When they are free.
    pub windows: Vec<Window>,
    /// Who helps them.
    pub assistants: Vec<Assistant>,
    /// Links that still work, the newest first.
    pub links: Vec<SpeakerLink>,
    /// When the page was first opened.
    pub opened_at: Option<UtcTime>,
    /// What they are invited to.
    pub invitations: Vec<Titled>,
}

/// What is known of a speaker, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn known(db: &mut DbConnection, event: EventId, speaker: SpeakerId) -> QueryResult<Known> {
    Ok(Known {
        sessions: store::sessions_of(db, speaker)?,
        answers: store::answers_of(db, speaker)?,
        windows: availability::of(db, event, Subject::Speaker(speaker))?,
        assistants: store::assistants(db, speaker)?,
        links: store::valid_links(db, speaker)?,
        opened_at: store::opened_at(db, speaker)?,
        invitations: inviting::of_speaker(db, speaker)?,
    })
}

/// A speaker's assistants, in the order in which they were added.
///
/// # Errors
/// When the database refuses.
pub fn assistants(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Assistant>> {
    store::assistants(db, speaker)
}

/// Keeps a link that was [prepared](prepare_link) and queues the mail that carries it.
///
/// # Errors
/// When the database refuses.
pub fn send_link(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    link: &SpeakerLink,
    message: &NewMessage,
) -> QueryResult<()> {
    store::insert_link(db, link.clone())?;
    mail::operations::queue(db, now, message)?;
    let entry = Entry::new(Some(event), actor, "speaker.link-sent", "speaker", link.speaker_id.as_str());
    audit::note(db, now, &entry.with(json!({ "assistant": link.assistant_id })))
}

/// Takes back every link to a speaker's page, those of the assistants too; says how many there were.
///
/// # Errors
/// When the database refuses.
pub fn revoke_links(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    speaker: SpeakerId,
) -> QueryResult<usize> {
    let revoked = store::revoke_all(db, now, speaker)?;
    let entry = Entry::new(Some(event), actor, "speaker.links-revoked", "speaker", speaker.as_str());
    audit::note(db, now, &entry.with(json!({ "links": revoked })))?;
    Ok(revoked)
}

/// Adds an assistant without writing to them: another mail brings their link.
///
/// # Errors
/// When the database refuses.
pub fn keep_assistant(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    assistant: &Assistant,
) -> QueryResult<()> {
    store::insert_assistant(db, assistant.clone())?;
    let entry = Entry::new(Some(event), actor, "speaker.assistant-added", "speaker", assistant.speaker_id.as_str());
    audit::note(db, now, &entry.with(json!({ "assistant": assistant.id })))
}

/// When a speaker's page was first opened.
///
/// # Errors
/// When the database refuses.
pub fn opened_at(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<UtcTime>> {
    store::opened_at(db, speaker)
}

/// Notes that a speaker's page was opened, the first time that it is.
///
/// # Errors
/// When the database refuses.
pub fn note_opened(db: &mut DbConnection, now: UtcTime, speaker: SpeakerId) -> QueryResult<bool> {
    store::note_opened(db, now, speaker)
}

/// Adds an assistant with a link of their own, and queues the mail that carries it.
///
/// # Errors
/// When the address is known, or there are too many.
pub fn add_assistant(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    assistant: &Assistant,
    (link, message): (&SpeakerLink, &NewMessage),
) -> Result<(), OwnError> {
    let present = store::assistants(db, assistant.speaker_id)?;
    if present.len() >= MOST_ASSISTANTS {
        return Err(OwnError::TooMany);
    }
    if present.iter().any(|other| other.email.eq_ignore_ascii_case(&assistant.email)) {
        return Err(OwnError::Known);
    }
    store::insert_assistant(db, assistant.clone())?;
    store::insert_link(db, link.clone())?;
    mail::operations::queue(db, now, message)?;
    let entry = Entry::new(Some(event), actor, "speaker.assistant-added", "speaker", assistant.speaker_id.as_str());
    audit::note(db, now, &entry.with(json!({ "assistant": assistant.id })))?;
    Ok(())
}

/// Takes an assistant away; their links stop working.
///
/// # Errors
/// When they are not there any more.
pub fn remove_assistant(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    speaker: SpeakerId,
    assistant: AssistantId,
) -> Result<(), OwnError> {
    if !store::delete_assistant(db, speaker, assistant)? {
        return Err(OwnError::NotFound);
    }
    let entry = Entry::new(Some(event), actor, "speaker.assistant-removed", "speaker", speaker.as_str());
    audit::note(db, now, &entry.with(json!({ "assistant": assistant })))?;
    Ok(())
}
