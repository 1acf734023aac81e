//! Use cases of invitations.

use super::model::{Declining, Invitation, InvitationState, ProposedState, Titled};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, ForumId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_draft;
use crate::i18n::Localized;
use crate::mail;
use crate::mail::address::EmailAddress;
use crate::mail::model::{MessageKind, NewMessage};
use crate::programme::model::Role;
use crate::speakers::model::SpeakerFacts;
use crate::speakers::operations as speakers;
use crate::speakers::operations::SpeakerError;
use crate::speakers::own::model::{Assistant, SpeakerLink};
use crate::speakers::own::operations as own;
use diesel::QueryResult;
use serde_json::json;
use std::collections::HashMap;

/// Why an invitation was not sent, answered or taken back.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// There is no such invitation, speaker or session.
    #[error("there is no such invitation")]
    NotFound,
    /// One like it waits for an answer already.
    #[error("they are invited already")]
    Known,
    /// A speaker of the event has this address already.
    #[error("the address is of a speaker already")]
    KnownAddress(String),
    /// Whether somebody whom they proposed is wanted has not been decided.
    #[error("a proposal has not been decided")]
    Undecided,
    /// Neither the speaker nor an assistant has an address.
    #[error("nobody could be written to")]
    Unreachable,
    /// It has moved on since the page was opened, or was taken back.
    #[error("the invitation has changed in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(InviteError);

impl From<SpeakerError> for InviteError {
    fn from(error: SpeakerError) -> Self {
        match error {
            SpeakerError::NotFound => Self::NotFound,
            SpeakerError::Stale => Self::Stale,
            SpeakerError::Db(error) => Self::Db(error),
        }
    }
}

/// A mail with the private link that it carries.
pub type Delivery = (SpeakerLink, NewMessage);

/// The invitations of a speaker, the oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Titled>> {
    store::of_speaker(db, speaker)
}

/// The forums to which the sessions of these invitations belong.
///
/// # Errors
/// When the database refuses.
pub fn forums_of(db: &mut DbConnection, invitations: &[Titled]) -> QueryResult<HashMap<SessionId, Option<ForumId>>> {
    let chosen: Vec<SessionId> = invitations.iter().filter_map(|(one, _)| one.session_id).collect();
    Ok(store::forums(db, &chosen)?.into_iter().collect())
}

/// One invitation of a speaker.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, speaker: SpeakerId, id: SpeakerInvitationId) -> QueryResult<Option<Titled>> {
    store::find(db, speaker, id)
}

/// Every invitation at an event.
///
/// # Errors
/// When the database refuses.
pub fn of_event(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Invitation>> {
    store::of_event(db, event)
}

/// The invitations at an event that wait for an answer.
///
/// # Errors
/// When the database refuses.
pub fn open(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Titled>> {
    store::open(db, event)
}

/// The sessions that one may be invited to.
///
/// # Errors
/// When the database refuses.
pub fn sessions(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SessionId, Localized, Option<ForumId>)>> {
    store::sessions(db, event)
}

/// Somebody new who is invited: they are added first.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// Who it will be.
    pub speaker: SpeakerId,
    /// What is known of them.
    pub facts: SpeakerFacts,
    /// Who helps them, if somebody does.
    pub assistant: Option<Assistant>,
    /// What they do in the session that they are invited to.
    pub role: Role,
}

/// Adds somebody as a speaker and invites them, all at once. The same submission, told by its `key`, counts once: then
/// the speaker whom it added.
///
/// # Errors
/// When a speaker has the address already, nobody could be written to, or the session is not there.
pub fn invite_new(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (newcomer, key): (&Newcomer, &str),
    (invitation, deliveries): (&Invitation, &[Delivery]),
) -> Result<SpeakerId, InviteError> {
    // First of all, so that two organizers who invite the same person wait for each other.
    touch_draft(db, invitation.event_id)?;
    if !key.is_empty()
        && let Some(known) = store::remember(db, now, (invitation.event_id, key), newcomer.speaker)?
    {
        return Ok(known);
    }
    if let Some(name) = holder(db, invitation.event_id, newcomer.facts.email.as_deref())? {
        return Err(InviteError::KnownAddress(name));
    }
    speakers::create_as(db, now, actor, (invitation.event_id, newcomer.speaker), &newcomer.facts)?;
    if let Some(assistant) = &newcomer.assistant {
        own::keep_assistant(db, now, actor, invitation.event_id, assistant)?;
    }
    if let Some(session) = invitation.session_id {
        store::add_part(db, now, (session, newcomer.speaker), newcomer.role)?;
    }
    invite(db, now, actor, invitation, deliveries)?;
    Ok(newcomer.speaker)
}

/// The speaker who has this address already.
fn holder(db: &mut DbConnection, event: EventId, address: Option<&str>) -> QueryResult<Option<String>> {
    let key = |address: &str| address.parse::<EmailAddress>().ok().map(|address| address.key());
    let Some(wanted) = address.and_then(key) else { return Ok(None) };
    let all = store::addresses(db, event)?;
    let found = all.into_iter().find(|(_, own)| own.as_deref().and_then(key).is_some_and(|own| own == wanted));
    Ok(found.map(|(name, _)| name))
}

/// Sends an invitation. One that was answered or taken back before makes room for the new one, which keeps the reason
/// that was given until there is another answer.
///
/// # Errors
/// When one like it waits already, nobody could be written to, or speaker or session are not there.
pub fn invite(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    invitation: &Invitation,
    deliveries: &[Delivery],
) -> Result<(), InviteError> {
    // First of all, so that two organizers who invite the same person wait for each other.
    touch_draft(db, invitation.event_id)?;
    if deliveries.is_empty() {
        return Err(InviteError::Unreachable);
    }
    if let Some(session) = invitation.session_id {
        let all = store::sessions(db, invitation.event_id)?;
        if !all.iter().any(|(id, ..)| *id == session) {
            return Err(InviteError::NotFound);
        }
    }
    speakers::find(db, invitation.event_id, invitation.speaker_id)?;
    if let Some(before) = store::about(db, invitation.speaker_id, &invitation.about)? {
        if before.state == InvitationState::Open {
            return Err(InviteError::Known);
        }
        if before.proposed_state == ProposedState::Open {
            return Err(InviteError::Undecided);
        }
        store::delete(db, before.id)?;
        store::insert(db, &Invitation { reason: before.reason, ..invitation.clone() })?;
    } else {
        store::insert(db, invitation)?;
    }
    deliver(db, now, deliveries)?;
    note(db, now, actor, "speaker.invited", invitation)
}

/// Keeps the links of mails and queues them.
fn deliver(db: &mut DbConnection, now: UtcTime, deliveries: &[Delivery]) -> QueryResult<()> {
    for (link, message) in deliveries {
        own::keep_link(db, link)?;
        mail::operations::queue(db, now, message)?;
    }
    Ok(())
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    action: &'static str,
    invitation: &Invitation,
) -> Result<(), InviteError> {
    let entry = Entry::new(Some(invitation.event_id), actor, action, "speaker", invitation.speaker_id.as_str());
    let detail = json!({ "invitation": invitation.id, "session": invitation.session_id });
    Ok(audit::note(db, now, &entry.with(detail))?)
}

/// What a speaker says.
#[derive(Clone, Debug)]
pub enum Said {
    /// They take part.
    Accept,
    /// They don't; the mail tells the organizers.
    Decline(Declining, Option<Box<NewMessage>>),
}

/// Keeps an answer. Declining changes nothing in the programme: that is for the organizers to say.
///
/// # Errors
/// When the invitation is not theirs, was taken back, or says so already.
pub fn answer(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (speaker, id): (SpeakerId, SpeakerInvitationId),
    said: &Said,
) -> Result<(), InviteError> {
    let (invitation, _) = store::find(db, speaker, id)?.ok_or(InviteError::NotFound)?;
    let state = match said {
        Said::Accept => InvitationState::Accepted,
        Said::Decline(..) => InvitationState::Declined,
    };
    if invitation.state == state {
        // Sent twice.
        return Ok(());
    }
    let (reason, proposed) = match said {
        Said::Accept => ("", None),
        Said::Decline(declining, _) => {
            let proposed = declining.proposed.as_ref().map(|(name, email)| (name.as_str(), email.as_str()));
            (declining.reason.as_str(), proposed)
        }
    };
    if !invitation.may_become(state) || !store::answer(db, now, &invitation, state, (reason, proposed))? {
        return Err(InviteError::Stale);
    }
    if let Said::Decline(_, Some(message)) = said {
        mail::operations::queue(db, now, message)?;
    }
    let action = match state {
        InvitationState::Accepted => "speaker.invitation-accepted",
        _ => "speaker.invitation-declined",
    };
    note(db, now, actor, action, &invitation)
}

/// Takes an invitation back that waits for an answer; reminders stop.
///
/// # Errors
/// When it is not there or was answered.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (speaker, id): (SpeakerId, SpeakerInvitationId),
) -> Result<(), InviteError> {
    let (invitation, _) = store::find(db, speaker, id)?.ok_or(InviteError::NotFound)?;
    let state = InvitationState::Withdrawn;
    if !invitation.may_become(state) || !store::answer(db, now, &invitation, state, ("", None))? {
        return Err(InviteError::Stale);
    }
    // What waits for review or its turn would invite all the same.
    let is_last = !store::of_speaker(db, speaker)?.iter().any(|(one, _)| one.state == InvitationState::Open);
    let sent_at = (!is_last).then_some(invitation.sent_at);
    let kinds = [MessageKind::SpeakerInvitation, MessageKind::SpeakerInvitationReminder];
    mail::operations::take_back_of_speaker(db, now, speaker, (&kinds, sent_at))?;
    note(db, now, actor, "speaker.invitation-withdrawn", &invitation)
}

/// Invites somebody in the place of the speaker who proposed them: they take over the part in the session.
///
/// # Errors
/// When somebody has decided already.
pub fn invite_instead(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    before: (SpeakerId, SpeakerInvitationId),
    newcomer: &Newcomer,
    (invitation, deliveries): (&Invitation, &[Delivery]),
) -> Result<(), InviteError> {
    let (declined, _) = store::find(db, before.0, before.1)?.ok_or(InviteError::NotFound)?;
    if !store::decide(db, declined.id, ProposedState::Invited)? {
        return Err(InviteError::Stale);
    }
    speakers::create_as(db, now, actor, (invitation.event_id, newcomer.speaker), &newcomer.facts)?;
    if let Some(session) = declined.session_id {
        store::replace_part(db, now, session, (declined.speaker_id, newcomer.speaker))?;
    }
    invite(db, now, actor, invitation, deliveries)
}

/// Says that somebody who was proposed is not wanted.
///
/// # Errors
/// When somebody has decided already.
pub fn dismiss(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (speaker, id): (SpeakerId, SpeakerInvitationId),
) -> Result<(), InviteError> {
    let (invitation, _) = store::find(db, speaker, id)?.ok_or(InviteError::NotFound)?;
    if !store::decide(db, id, ProposedState::Dismissed)? {
        return Err(InviteError::Stale);
    }
    note(db, now, actor, "speaker.proposed-dismissed", &invitation)
}
