//! The table `timetable_proposals`.

use super::model::{Progress, ProposalState, Request};
use super::outcome::Outcome;
use crate::db::schema::timetable_proposals as proposals;
use crate::db::{DbConnection, EventId, Json, LeaseId, ProposalId, UserId, UtcTime};
use diesel::prelude::*;

/// A proposal as it is kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct Proposal {
    /// The proposal.
    pub id: ProposalId,
    /// The event.
    pub event_id: EventId,
    /// What was asked for.
    pub request: Json<Request>,
    /// Where it stands.
    pub state: ProposalState,
    /// How far it is.
    pub progress: Json<Progress>,
    /// What came of it.
    pub result: Option<Json<Outcome>>,
    /// Whether somebody wants it to end.
    pub stop_asked: bool,
    /// When it was asked for.
    pub created_at: UtcTime,
    /// When it ended.
    pub finished_at: Option<UtcTime>,
}

/// A proposal without its result.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = proposals)]
pub struct ProposalSummary {
    /// The proposal.
    pub id: ProposalId,
    /// What was asked for.
    pub request: Json<Request>,
    /// Where it stands.
    pub state: ProposalState,
    /// How far it is.
    pub progress: Json<Progress>,
    /// When it was asked for.
    pub created_at: UtcTime,
}

/// Most proposals that a list shows.
const SHOWN: i64 = 50;

/// The proposals of an event, newest first.
pub(super) fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProposalSummary>> {
    proposals::table
        .filter(proposals::event_id.eq(event))
        .order((proposals::created_at.desc(), proposals::id.desc()))
        .limit(SHOWN)
        .select(ProposalSummary::as_select())
        .load(db)
}

/// One proposal of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: ProposalId) -> QueryResult<Option<Proposal>> {
    let of_event = proposals::table.find(id).filter(proposals::event_id.eq(event));
    of_event.select(Proposal::as_select()).first(db).optional()
}

/// Adds a proposal that waits for a worker.
pub(super) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    by: Option<UserId>,
    (event, id): (EventId, ProposalId),
    (request, progress): (&Json<Request>, &Json<Progress>),
) -> QueryResult<()> {
    diesel::insert_into(proposals::table)
        .values((
            proposals::id.eq(id),
            proposals::event_id.eq(event),
            proposals::request.eq(request.clone()),
            proposals::state.eq(ProposalState::Queued),
            proposals::progress.eq(progress.clone()),
            proposals::stop_asked.eq(false),
            proposals::created_by.eq(by),
            proposals::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// How many proposals of an event are not ready yet.
pub(super) fn open(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    let is_open = proposals::state.eq_any([ProposalState::Queued, ProposalState::Running]);
    proposals::table.filter(proposals::event_id.eq(event)).filter(is_open).count().get_result(db)
}

/// The proposal that waits longest for a worker, if any: new, or left by a worker whose lease has ended.
pub(super) fn waiting(db: &mut DbConnection, now: UtcTime) -> QueryResult<Option<Proposal>> {
    let is_open = proposals::state.eq_any([ProposalState::Queued, ProposalState::Running]);
    proposals::table
        .filter(is_open)
        .filter(proposals::lease_until.is_null().or(proposals::lease_until.lt(now)))
        .order((proposals::created_at, proposals::id))
        .select(Proposal::as_select())
        .first(db)
        .optional()
}

/// Takes a proposal, unless another worker was faster.
pub(super) fn take(
    db: &mut DbConnection,
    now: UtcTime,
    id: ProposalId,
    (lease, until): (LeaseId, UtcTime),
    progress: &Json<Progress>,
) -> QueryResult<bool> {
    let free = proposals::lease_until.is_null().or(proposals::lease_until.lt(now));
    let is_open = proposals::state.eq_any([ProposalState::Queued, ProposalState::Running]);
    let changed = diesel::update(proposals::table.find(id).filter(is_open).filter(free))
        .set((
            proposals::state.eq(ProposalState::Running),
            proposals::progress.eq(progress.clone()),
            proposals::lease_id.eq(lease),
            proposals::lease_until.eq(until),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Records how far it is and holds it longer. Says whether it is to end; nothing when it is not
/// this worker's any more.
pub(super) fn record(
    db: &mut DbConnection,
    id: ProposalId,
    (lease, until): (LeaseId, UtcTime),
    progress: &Json<Progress>,
) -> QueryResult<Option<bool>> {
    let mine = proposals::table.find(id).filter(proposals::lease_id.eq(lease));
    let changed = diesel::update(mine)
        .set((proposals::progress.eq(progress.clone()), proposals::lease_until.eq(until)))
        .execute(db)?;
    if changed == 0 {
        return Ok(None);
    }
    proposals::table.find(id).select(proposals::stop_asked).first(db).optional()
}

/// Records what came of it, unless it is not this worker's any more.
pub(super) fn finish(
    db: &mut DbConnection,
    now: UtcTime,
    (id, lease): (ProposalId, LeaseId),
    state: ProposalState,
    (progress, result): (&Json<Progress>, Option<&Json<Outcome>>),
    error: Option<&str>,
) -> QueryResult<bool> {
    let mine = proposals::table.find(id).filter(proposals::lease_id.eq(lease));
    let changed = diesel::update(mine)
        .set((
            proposals::state.eq(state),
            proposals::progress.eq(progress.clone()),
            proposals::result.eq(result.cloned()),
            proposals::error.eq(error),
            proposals::lease_id.eq(None::<LeaseId>),
            proposals::lease_until.eq(None::<UtcTime>),
            proposals::finished_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Gives a proposal back, so that another worker begins it at once.
pub(super) fn give_back(db: &mut DbConnection, id: ProposalId, lease: LeaseId) -> QueryResult<()> {
    diesel::update(proposals::table.find(id).filter(proposals::lease_id.eq(lease)))
        .set((
            proposals::state.eq(ProposalState::Queued),
            proposals::lease_id.eq(None::<LeaseId>),
            proposals::lease_until.eq(None::<UtcTime>),
        ))
        .execute(db)?;
    Ok(())
}

/// Asks the worker to end; false when nobody works on it.
pub(super) fn ask_to_stop(db: &mut DbConnection, event: EventId, id: ProposalId) -> QueryResult<bool> {
    let is_open = proposals::state.eq_any([ProposalState::Queued, ProposalState::Running]);
    let changed = diesel::update(proposals::table.find(id).filter(proposals::event_id.eq(event)).filter(is_open))
        .set(proposals::stop_asked.eq(true))
        .execute(db)?;
    Ok(changed == 1)
}

/// Takes a proposal away; false when it is not there or still open.
pub(super) fn delete(db: &mut DbConnection, event: EventId, id: ProposalId) -> QueryResult<bool> {
    let is_ended = proposals::state.ne_all([ProposalState::Queued, ProposalState::Running]);
    let gone =
        diesel::delete(proposals::table.find(id).filter(proposals::event_id.eq(event)).filter(is_ended)).execute(db)?;
    Ok(gone == 1)
}
