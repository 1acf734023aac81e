//! Beginning a proposal, changing it and taking it back.

use super::{CallError, call_of, dates_of};
use crate::audit::{self, Actor, Entry};
use crate::calls::model::proposal::{Content, Person, Proposal, ProposalState};
use crate::calls::store;
use crate::db::{DbConnection, EventId, FormatId, ForumId, Json, SessionId, SessionProposalId, UtcTime};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::programme::model::SessionState;
use crate::programme::operations as programme;
use crate::programme::strands::operations as strands;
use crate::web::TokenHash;
use diesel::QueryResult;

/// A proposal that is begun, made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The proposal.
    pub proposal: Proposal,
    /// The hash of the secret in the mail.
    pub link: TokenHash,
    /// The mail with the link.
    pub message: NewMessage,
    /// What a repetition is known by.
    pub key: String,
}

/// A proposal with where it stands.
#[derive(Clone, Debug)]
pub struct Own {
    /// The proposal.
    pub proposal: Proposal,
    /// Where it stands.
    pub state: ProposalState,
}

impl Own {
    fn of((proposal, session): (Proposal, Option<SessionState>)) -> Self {
        Self { state: proposal.state(session), proposal }
    }
}

/// Keeps a proposal that somebody begins, and sends its link. The same submission counts once.
///
/// # Errors
/// When the database refuses.
pub fn begin(db: &mut DbConnection, now: UtcTime, begun: &Begun) -> Result<(), CallError> {
    let Begun { proposal, link, message, key } = begun;
    if !store::proposals::remember(db, now, (proposal.event_id, key), proposal.id)? {
        return Ok(());
    }
    store::proposals::insert(db, proposal)?;
    store::proposals::insert_link(db, now, (proposal.id, link))?;
    mail::operations::queue(db, now, message)?;
    note(db, now, Actor::Visitor, proposal, "proposal.begun")
}

/// The proposal that a private link opens.
///
/// # Errors
/// When the database refuses.
pub fn by_token(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<Own>> {
    Ok(store::proposals::by_token(db, event, token)?.map(Own::of))
}

/// Whether a proposal can be changed by its author as one of this format in this forum: it is not decided, and the
/// call is open for such proposals, or the link by which it was begun still works.
///
/// # Errors
/// When the database refuses.
pub fn is_open(
    db: &mut DbConnection,
    now: UtcTime,
    own: &Own,
    (format, forum): (Option<FormatId>, Option<ForumId>),
) -> QueryResult<bool> {
    if !matches!(own.state, ProposalState::Draft | ProposalState::Proposed) {
        return Ok(false);
    }
    if let Some(link) = own.proposal.late_link_id
        && store::calls::late_link_by_id(db, link)?.is_some_and(|link| link.works(now))
    {
        return Ok(true);
    }
    let event = own.proposal.event_id;
    let call = call_of(db, now, event)?;
    let formats: Vec<FormatId> = strands::formats(db, event)?.into_iter().map(|(format, _)| format.id).collect();
    let forums: Vec<ForumId> = strands::forums(db, event)?.into_iter().map(|(forum, _)| forum.id).collect();
    Ok(dates_of(db, &call)?.takes((format, forum), (&formats, &forums), now))
}

/// A proposal that may be changed now, if it still is as `version` had it.
pub(super) fn changeable(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, SessionProposalId, i32),
    to: &Content,
) -> Result<Own, CallError> {
    let own = store::proposals::find(db, event, id)?.map(Own::of).ok_or(CallError::NotFound)?;
    let before = (own.proposal.format_id, own.proposal.forum_id);
    if !is_open(db, now, &own, (to.format, to.forum))?
        || (own.proposal.sent_at.is_some() && !is_open(db, now, &own, before)?)
    {
        return Err(CallError::Ended);
    }
    if own.proposal.version != version {
        return Err(CallError::Stale);
    }
    Ok(own)
}

/// Keeps content with the speakers that its people became.
pub(super) fn keep(
    db: &mut DbConnection,
    now: UtcTime,
    proposal: &Proposal,
    content: &Content,
    people: Vec<Person>,
) -> Result<(), CallError> {
    let unwritable = |error: serde_json::Error| diesel::result::Error::SerializationError(error.into());
    let people = Json::new(people).map_err(unwritable)?;
    if !store::proposals::set_content(db, now, (proposal.id, proposal.version), content, people)? {
        return Err(CallError::Stale);
    }
    Ok(())
}

/// Keeps what its author changed in a proposal that is not sent in yet.
///
/// # Errors
/// When it can't be changed any more or somebody was faster.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    key: (EventId, SessionProposalId, i32),
    content: &Content,
) -> Result<(), CallError> {
    let own = changeable(db, now, key, content)?;
    if own.proposal.sent_at.is_some() {
        return Err(CallError::Stale);
    }
    keep(db, now, &own.proposal, content, content.people.clone())?;
    note(db, now, Actor::Author(own.proposal.id), &own.proposal, "proposal.changed")
}

/// Takes a proposal back for its author: before it was sent in, while it is undecided, and after it was accepted.
///
/// # Errors
/// When it has ended already.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id): (EventId, SessionProposalId),
) -> Result<(), CallError> {
    let own = store::proposals::find(db, event, id)?.map(Own::of).ok_or(CallError::NotFound)?;
    if !may_withdraw(own.state) {
        return Err(CallError::Ended);
    }
    let actor = Actor::Author(id);
    if let Some(session) = own.proposal.session_id {
        programme::set_state(db, now, actor, (event, session), SessionState::Withdrawn)?;
    }
    store::proposals::set_withdrawn(db, now, id)?;
    note(db, now, actor, &own.proposal, "proposal.withdrawn")
}

/// Whether an author may take back a proposal that stands there.
#[must_use]
pub const fn may_withdraw(state: ProposalState) -> bool {
    matches!(state, ProposalState::Draft | ProposalState::Proposed | ProposalState::Accepted)
}

/// The session of a proposal that was sent in.
pub(super) fn session_of(proposal: &Proposal) -> Result<SessionId, CallError> {
    proposal.session_id.ok_or(CallError::Ended)
}

pub(super) fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    proposal: &Proposal,
    action: &'static str,
) -> Result<(), CallError> {
    let entry = Entry::new(Some(proposal.event_id), actor, action, "proposal", proposal.id.as_str());
    Ok(audit::note(db, now, &entry)?)
}
