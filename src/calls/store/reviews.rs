//! The tables `review_criteria` and `proposal_reviews`, and proposals as those see them who review and decide.

use super::proposals::Standing;
use crate::calls::model::proposal::{Decision, Proposal};
use crate::calls::model::review::{Criterion, CriterionFacts, Review};
use crate::db::schema::{proposal_reviews, review_criteria, session_proposals, sessions, users};
use crate::db::{CriterionId, DbConnection, EventId, FormatId, ForumId, SessionProposalId, UserId, UtcTime};
use crate::programme::model::SessionState;
use diesel::prelude::*;

/// The criteria of an event in their order.
pub(in crate::calls) fn criteria(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Criterion>> {
    review_criteria::table
        .filter(review_criteria::event_id.eq(event))
        .order((review_criteria::position, review_criteria::id))
        .select(Criterion::as_select())
        .load(db)
}

/// Adds a criterion.
pub(in crate::calls) fn insert_criterion(db: &mut DbConnection, criterion: &Criterion) -> QueryResult<()> {
    diesel::insert_into(review_criteria::table).values(criterion.clone()).execute(db).map(drop)
}

/// Changes a criterion if it is still as `version` had it.
pub(in crate::calls) fn update_criterion(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, CriterionId, i32),
    facts: &CriterionFacts,
) -> QueryResult<bool> {
    let same = review_criteria::table
        .find(id)
        .filter(review_criteria::event_id.eq(event))
        .filter(review_criteria::version.eq(version));
    let changed = diesel::update(same)
        .set((
            review_criteria::name.eq(&facts.name),
            review_criteria::help.eq(&facts.help),
            review_criteria::weight.eq(facts.weight),
            review_criteria::lowest.eq(facts.lowest),
            review_criteria::highest.eq(facts.highest),
            review_criteria::version.eq(version + 1),
            review_criteria::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Deletes a criterion; whether it was there.
pub(in crate::calls) fn delete_criterion(db: &mut DbConnection, event: EventId, id: CriterionId) -> QueryResult<bool> {
    let own = review_criteria::table.find(id).filter(review_criteria::event_id.eq(event));
    Ok(diesel::delete(own).execute(db)? == 1)
}

type Row = (Proposal, Option<SessionState>, Option<FormatId>, Option<ForumId>);

/// Format and forum are the session's, which organizers may have changed.
fn as_session_has_it((mut proposal, state, format, forum): Row) -> Standing {
    if state.is_some() {
        proposal.format_id = format;
        proposal.forum_id = forum;
    }
    (proposal, state)
}

/// Every proposal that was sent in, in that order.
pub(in crate::calls) fn sent_in(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Standing>> {
    let rows: Vec<Row> = session_proposals::table
        .left_join(sessions::table)
        .filter(session_proposals::event_id.eq(event))
        .filter(session_proposals::sent_at.is_not_null())
        .order((session_proposals::sent_at, session_proposals::id))
        .select((
            Proposal::as_select(),
            sessions::state.nullable(),
            sessions::format_id.nullable(),
            sessions::forum_id.nullable(),
        ))
        .load(db)?;
    Ok(rows.into_iter().map(as_session_has_it).collect())
}

/// The number of drafts that were begun and neither sent in nor taken back.
pub(in crate::calls) fn drafts(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    session_proposals::table
        .filter(session_proposals::event_id.eq(event))
        .filter(session_proposals::sent_at.is_null())
        .filter(session_proposals::withdrawn_at.is_null())
        .count()
        .get_result(db)
}

/// Every review at an event.
pub(in crate::calls) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Review>> {
    proposal_reviews::table
        .inner_join(session_proposals::table)
        .filter(session_proposals::event_id.eq(event))
        .order(proposal_reviews::id)
        .select(Review::as_select())
        .load(db)
}

/// The reviews of one proposal, each with its reviewer's name.
pub(in crate::calls) fn of(db: &mut DbConnection, proposal: SessionProposalId) -> QueryResult<Vec<(Review, String)>> {
    proposal_reviews::table
        .inner_join(users::table)
        .filter(proposal_reviews::proposal_id.eq(proposal))
        .order(proposal_reviews::id)
        .select((Review::as_select(), users::name))
        .load(db)
}

/// The review of one account.
pub(in crate::calls) fn own(
    db: &mut DbConnection,
    proposal: SessionProposalId,
    user: UserId,
) -> QueryResult<Option<Review>> {
    proposal_reviews::table
        .filter(proposal_reviews::proposal_id.eq(proposal))
        .filter(proposal_reviews::user_id.eq(user))
        .select(Review::as_select())
        .first(db)
        .optional()
}

/// Adds a review.
pub(in crate::calls) fn insert(db: &mut DbConnection, review: &Review) -> QueryResult<()> {
    diesel::insert_into(proposal_reviews::table).values(review.clone()).execute(db).map(drop)
}

/// Changes a review if it is still as `version` had it.
pub(in crate::calls) fn update(db: &mut DbConnection, review: &Review, version: i32) -> QueryResult<bool> {
    let same = proposal_reviews::table.find(review.id).filter(proposal_reviews::version.eq(version));
    let changed = diesel::update(same)
        .set((
            proposal_reviews::standing.eq(review.standing),
            proposal_reviews::scores.eq(review.scores.clone()),
            proposal_reviews::to_team.eq(&review.to_team),
            proposal_reviews::to_author.eq(&review.to_author),
            proposal_reviews::version.eq(version + 1),
            proposal_reviews::updated_at.eq(review.updated_at),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Notes what is decided about a proposal and not applied yet.
pub(in crate::calls) fn set_pending(
    db: &mut DbConnection,
    id: SessionProposalId,
    pending: Option<Decision>,
) -> QueryResult<()> {
    diesel::update(session_proposals::table.find(id)).set(session_proposals::pending.eq(pending)).execute(db).map(drop)
}

/// Applies what was decided, if exactly that is still pending: nothing is applied twice.
pub(in crate::calls) fn apply(
    db: &mut DbConnection,
    now: UtcTime,
    id: SessionProposalId,
    decision: Decision,
) -> QueryResult<bool> {
    let pending = session_proposals::table.find(id).filter(session_proposals::pending.eq(decision));
    let changed = diesel::update(pending)
        .set((
            session_proposals::pending.eq(None::<Decision>),
            session_proposals::decision.eq(decision),
            session_proposals::decided_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}
