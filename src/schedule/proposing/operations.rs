//! Asking for proposals, and accepting them.

use super::model::{Progress, ProposalState, Request};
use super::outcome::{Entry, Place};
use super::review::{Review, Standing};
pub use super::store::{Proposal, ProposalSummary};
use super::{Outcome, store};
use crate::audit::{self, Actor, Entry as AuditEntry};
use crate::db::{DbConnection, DbError, EventId, Json, LeaseId, ProposalId, SlotId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::schedule::draft::Draft;
use crate::schedule::editor::model::{EditKind, SlotChange, SlotState};
use crate::schedule::editor::operations::{EditError, apply};
use chrono::TimeDelta;
use diesel::QueryResult;
use std::collections::BTreeSet;

/// Why something was refused.
#[derive(Debug, thiserror::Error)]
pub enum ProposalError {
    /// It is not there (any more).
    #[error("the proposal is not there")]
    NotFound,
    /// As many proposals as an event may have at once are under way.
    #[error("too many proposals are under way")]
    TooMany,
    /// It is not ready, or has ended already.
    #[error("the proposal is not in the state for that")]
    WrongState,
    /// Nothing was chosen.
    #[error("no entry was chosen")]
    NothingChosen,
    /// Some of what was chosen stands against the draft as it is now.
    #[error("the draft has changed since")]
    Changed,
    /// Entries need others that were not chosen.
    #[error("entries were chosen without others that they need")]
    Incomplete(BTreeSet<usize>),
    /// The editor refused.
    #[error(transparent)]
    Edit(EditError),
    /// Something could not be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ProposalError);

impl From<EditError> for ProposalError {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Db(error) => Self::Db(error),
            other => Self::Edit(other),
        }
    }
}

/// Most proposals of one event that are under way at once.
const MOST_OPEN: i64 = 5;

/// The proposals of an event, newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProposalSummary>> {
    store::list(db, event)
}

/// One proposal of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: ProposalId) -> QueryResult<Option<Proposal>> {
    store::find(db, event, id)
}

/// Asks for a proposal; whoever is free begins with it.
///
/// # Errors
/// When too many are under way.
pub fn start(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    request: &Request,
) -> Result<ProposalId, ProposalError> {
    if store::open(db, event)? >= MOST_OPEN {
        return Err(ProposalError::TooMany);
    }
    let id = ProposalId::new();
    let by = if let Actor::User(user) = actor { Some(user) } else { None };
    let (asked, progress) = (Json::new(request.clone())?, Json::new(Progress::default())?);
    store::insert(db, now, by, (event, id), (&asked, &progress))?;
    let entry = AuditEntry::new(Some(event), actor, "proposal.started", "proposal", id.as_str());
    audit::note(db, now, &entry.with(serde_json::json!({ "scope": request.scope.as_str() })))?;
    Ok(id)
}

/// Asks for a proposal to end; what was found until then becomes its result.
///
/// # Errors
/// When it has ended already.
pub fn ask_to_stop(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: ProposalId,
) -> Result<(), ProposalError> {
    if store::find(db, event, id)?.is_none() {
        return Err(ProposalError::NotFound);
    }
    if !store::ask_to_stop(db, event, id)? {
        return Err(ProposalError::WrongState);
    }
    audit::note(db, now, &AuditEntry::new(Some(event), actor, "proposal.stopped", "proposal", id.as_str()))?;
    Ok(())
}

/// Takes a proposal that has ended away; the draft stays as it is.
///
/// # Errors
/// When it is not there or still under way.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: ProposalId,
) -> Result<(), ProposalError> {
    if !store::delete(db, event, id)? {
        return Err(ProposalError::NotFound);
    }
    audit::note(db, now, &AuditEntry::new(Some(event), actor, "proposal.deleted", "proposal", id.as_str()))?;
    Ok(())
}

/// Accepts entries of a proposal as one edit, which can be undone in one step.
///
/// # Errors
/// When the draft has changed so that they can't stand, or when they need others.
pub fn accept(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    id: ProposalId,
    chosen: &BTreeSet<usize>,
) -> Result<usize, ProposalError> {
    let proposal = store::find(db, event.id, id)?.ok_or(ProposalError::NotFound)?;
    let outcome = proposal.result.as_deref().ok_or(ProposalError::WrongState)?;
    let draft = crate::schedule::operations::draft(db, event)?;
    let changes = changes(&draft, &proposal.request, &outcome.entries, chosen)?;
    apply(db, now, actor, event, EditKind::Propose, &changes)?;
    let entry = AuditEntry::new(Some(event.id), actor, "proposal.accepted", "proposal", id.as_str());
    audit::note(db, now, &entry.with(serde_json::json!({ "entries": changes.len() })))?;
    Ok(changes.len())
}

fn changes(
    draft: &Draft,
    request: &Request,
    entries: &[Entry],
    chosen: &BTreeSet<usize>,
) -> Result<Vec<SlotChange>, ProposalError> {
    let review = Review::new(draft, request, entries);
    let flags: Vec<bool> = (0..entries.len()).map(|entry| chosen.contains(&entry)).collect();
    if !flags.contains(&true) {
        return Err(ProposalError::NothingChosen);
    }
    if chosen.iter().any(|entry| review.standing.get(*entry) != Some(&Standing::Fresh)) {
        return Err(ProposalError::Changed);
    }
    match review.needed(&flags) {
        Ok(needed) if needed.is_empty() => {}
        Ok(needed) => return Err(ProposalError::Incomplete(needed)),
        Err(_) => return Err(ProposalError::Changed),
    }
    let state = |place: Place| SlotState { room: place.room, start: place.start, end: place.end };
    let change = |entry: &Entry| SlotChange {
        slot: entry.slot.unwrap_or_else(SlotId::new),
        session: entry.session,
        guid: if entry.slot.is_some() { entry.guid.clone() } else { String::new() },
        before: entry.before.map(state),
        after: entry.after.map(state),
    };
    Ok(chosen.iter().filter_map(|entry| entries.get(*entry)).map(change).collect())
}

/// A proposal that a worker holds.
#[derive(Clone, Debug)]
pub struct Claimed {
    /// The proposal.
    pub proposal: Proposal,
    /// The hold on it.
    pub lease: LeaseId,
    /// The event.
    pub event: Event,
    /// How far it is, this attempt counted.
    pub progress: Progress,
}

/// How long a worker may be silent before another takes over.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// A proposal that has ended so many workers is given up.
const MOST_ATTEMPTS: u32 = 3;

/// Whether a proposal waits for a worker.
///
/// # Errors
/// When the database refuses.
pub fn is_waiting(db: &mut DbConnection, now: UtcTime) -> QueryResult<bool> {
    Ok(store::waiting(db, now)?.is_some())
}

/// Takes the proposal that waits longest.
///
/// # Errors
/// When the database refuses.
pub fn claim(db: &mut DbConnection, now: UtcTime) -> Result<Option<Claimed>, ProposalError> {
    let Some(proposal) = store::waiting(db, now)? else { return Ok(None) };
    let lease = LeaseId::new();
    let progress = Progress { attempts: proposal.progress.attempts + 1, ..Progress::default() };
    let kept = Json::new(progress)?;
    if !store::take(db, now, proposal.id, (lease, now + LEASE), &kept)? {
        return Ok(None);
    }
    let event = crate::events::operations::by_id(db, proposal.event_id)?.ok_or(ProposalError::NotFound)?;
    if progress.attempts > MOST_ATTEMPTS {
        let words = "its workers have ended while they worked on it";
        store::finish(db, now, (proposal.id, lease), ProposalState::Failed, (&kept, None), Some(words))?;
        return Ok(None);
    }
    Ok(Some(Claimed { proposal, lease, event, progress }))
}

/// Records how far a held proposal is. Says whether to end; nothing when another worker has it now.
///
/// # Errors
/// When the database refuses.
pub fn record(
    db: &mut DbConnection,
    now: UtcTime,
    id: ProposalId,
    lease: LeaseId,
    progress: Progress,
) -> Result<Option<bool>, ProposalError> {
    Ok(store::record(db, id, (lease, now + LEASE), &Json::new(progress)?)?)
}

/// Records what came of a held proposal.
///
/// # Errors
/// When the database refuses.
pub fn finish(
    db: &mut DbConnection,
    now: UtcTime,
    held: (ProposalId, LeaseId),
    state: ProposalState,
    progress: Progress,
    result: Result<&Outcome, &str>,
) -> Result<(), ProposalError> {
    let (result, error) = (result.ok().cloned().map(Json::new).transpose()?, result.err());
    store::finish(db, now, held, state, (&Json::new(progress)?, result.as_ref()), error)?;
    Ok(())
}

/// Gives a held proposal back unfinished.
///
/// # Errors
/// When the database refuses.
pub fn give_back(db: &mut DbConnection, id: ProposalId, lease: LeaseId) -> Result<(), ProposalError> {
    Ok(store::give_back(db, id, lease)?)
}
