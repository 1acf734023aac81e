//! Reviewing what was sent in.

use super::CallError;
use crate::accounts::model::{Roles, User};
use crate::audit::{self, Actor, Entry};
use crate::calls::model::proposal::{Proposal, ProposalState};
use crate::calls::model::review::{
    Criterion, CriterionFacts, Review, ReviewStanding, Scores, reviews_forum, takes_part,
};
use crate::calls::store;
use crate::db::{CriterionId, DbConnection, EventId, Json, ProposalReviewId, SessionProposalId, UserId, UtcTime};
use crate::programme::model::SessionState;
use crate::web::token::hex;
use diesel::QueryResult;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// A proposal that was sent in, with where it stands.
#[derive(Clone, Debug)]
pub struct SentIn {
    /// The proposal, with the format and forum that its session has now.
    pub proposal: Proposal,
    /// Where it stands.
    pub state: ProposalState,
    /// The state of its session, if there still is one.
    pub session: Option<SessionState>,
}

impl SentIn {
    fn of((proposal, session): (Proposal, Option<SessionState>)) -> Self {
        Self { state: proposal.state(session), proposal, session }
    }
}

/// Everything that was sent in, with every review.
#[derive(Clone, Debug, Default)]
pub struct Round {
    /// The proposals in the order in which they were sent in.
    pub proposals: Vec<SentIn>,
    /// The criteria in their order.
    pub criteria: Vec<Criterion>,
    reviews: HashMap<SessionProposalId, Vec<Review>>,
}

impl Round {
    /// The reviews of one proposal.
    #[must_use]
    pub fn reviews(&self, id: SessionProposalId) -> &[Review] {
        self.reviews.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// The review that an account gave.
    #[must_use]
    pub fn own(&self, id: SessionProposalId, user: UserId) -> Option<&Review> {
        self.reviews(id).iter().find(|review| review.user_id == user)
    }

    /// One proposal.
    #[must_use]
    pub fn find(&self, id: SessionProposalId) -> Option<&SentIn> {
        self.proposals.iter().find(|one| one.proposal.id == id)
    }

    /// How many have scored a proposal.
    #[must_use]
    pub fn scored(&self, id: SessionProposalId) -> usize {
        self.reviews(id).iter().filter(|review| review.standing == ReviewStanding::Scored).count()
    }

    /// What waits for an account's review: undecided, in its forums, without a part of its own and without a review of
    /// its own. Fewest reviews first; among equals each account has an order of its own, so that the first in the
    /// list does not get all reviews.
    #[must_use]
    pub fn waiting(&self, user: &User, roles: &Roles) -> Vec<&SentIn> {
        let mut waiting: Vec<&SentIn> = self.proposals.iter().filter(|one| self.waits(one, user, roles)).collect();
        waiting.sort_by_cached_key(|one| {
            let mut digest = Sha256::new();
            digest.update(user.id.as_str());
            digest.update(one.proposal.id.as_str());
            (self.scored(one.proposal.id), hex(&digest.finalize()))
        });
        waiting
    }

    fn waits(&self, one: &SentIn, user: &User, roles: &Roles) -> bool {
        one.state == ProposalState::Proposed
            && reviews_forum(roles, user.is_admin, one.proposal.forum_id)
            && !takes_part(user, &one.proposal)
            && self.own(one.proposal.id, user.id).is_none()
    }
}

/// Everything that was sent in, with every review.
///
/// # Errors
/// When the database refuses.
pub fn round(db: &mut DbConnection, event: EventId) -> QueryResult<Round> {
    let mut reviews: HashMap<SessionProposalId, Vec<Review>> = HashMap::new();
    for review in store::reviews::all(db, event)? {
        reviews.entry(review.proposal_id).or_default().push(review);
    }
    let proposals = store::reviews::sent_in(db, event)?.into_iter().map(SentIn::of).collect();
    Ok(Round { proposals, criteria: store::reviews::criteria(db, event)?, reviews })
}

/// The number of drafts that nobody has sent in yet.
///
/// # Errors
/// When the database refuses.
pub fn drafts(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    store::reviews::drafts(db, event)
}

/// The reviews of one proposal, each with its reviewer's name.
///
/// # Errors
/// When the database refuses.
pub fn reviews_of(db: &mut DbConnection, id: SessionProposalId) -> QueryResult<Vec<(Review, String)>> {
    store::reviews::of(db, id)
}

/// What a reviewer says.
#[derive(Clone, Debug)]
pub struct NewReview {
    /// Scores, an abstention or a conflict.
    pub standing: ReviewStanding,
    /// The scores.
    pub scores: Scores,
    /// Words to the organizers.
    pub to_team: String,
    /// Words to the author.
    pub to_author: String,
}

/// Keeps a review, if the reviewer's own is still as `version` had it; 0 for none yet.
///
/// # Errors
/// When the proposal is decided, its reviewer has a part in it, or another window of theirs was faster.
pub fn keep(
    db: &mut DbConnection,
    now: UtcTime,
    user: &User,
    (event, id, version): (EventId, SessionProposalId, i32),
    new: &NewReview,
) -> Result<(), CallError> {
    let (proposal, session) = store::proposals::find(db, event, id)?.ok_or(CallError::NotFound)?;
    if proposal.state(session) != ProposalState::Proposed || takes_part(user, &proposal) {
        return Err(CallError::Ended);
    }
    let kept = store::reviews::own(db, id, user.id)?;
    let review = Review {
        id: kept.as_ref().map_or_else(ProposalReviewId::new, |kept| kept.id),
        proposal_id: id,
        user_id: user.id,
        standing: new.standing,
        scores: Json::new(new.scores.clone()).map_err(unwritable)?,
        to_team: new.to_team.clone(),
        to_author: new.to_author.clone(),
        version: version + 1,
        created_at: now,
        updated_at: now,
    };
    match kept {
        Some(kept) if kept.version == version && store::reviews::update(db, &review, version)? => {}
        None if version == 0 => insert(db, &review)?,
        _ => return Err(CallError::Stale),
    }
    let entry = Entry::new(Some(event), Actor::User(user.id), "proposal.reviewed", "proposal", id.as_str());
    audit::note(db, now, &entry.with(json!({ "standing": new.standing })))?;
    Ok(())
}

fn insert(db: &mut DbConnection, review: &Review) -> Result<(), CallError> {
    use diesel::result::{DatabaseErrorKind, Error};
    match store::reviews::insert(db, review) {
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Err(CallError::Stale),
        outcome => Ok(outcome?),
    }
}

fn unwritable(error: serde_json::Error) -> diesel::result::Error {
    diesel::result::Error::SerializationError(error.into())
}

/// The criteria of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn criteria(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Criterion>> {
    store::reviews::criteria(db, event)
}

/// Adds a criterion as the last.
///
/// # Errors
/// When the database refuses.
pub fn add_criterion(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &CriterionFacts,
) -> Result<(), CallError> {
    let others = store::reviews::criteria(db, event)?;
    let criterion = Criterion {
        id: CriterionId::new(),
        event_id: event,
        name: facts.name.clone(),
        help: facts.help.clone(),
        weight: facts.weight,
        lowest: facts.lowest,
        highest: facts.highest,
        position: others.iter().map(|other| other.position).max().unwrap_or(0) + 1,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::reviews::insert_criterion(db, &criterion)?;
    note_criterion(db, now, actor, (event, criterion.id), "criterion.created")
}

/// Changes a criterion, if it is still as `version` had it. Its scale stays once somebody has scored by it.
///
/// # Errors
/// When it is gone, someone else was faster, or its scale would change what scores mean.
pub fn change_criterion(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, CriterionId, i32),
    facts: &CriterionFacts,
) -> Result<(), CallError> {
    let others = store::reviews::criteria(db, event)?;
    let present = others.into_iter().find(|other| other.id == id).ok_or(CallError::NotFound)?;
    let is_rescaled = (present.lowest, present.highest) != (facts.lowest, facts.highest);
    if is_rescaled && store::reviews::all(db, event)?.iter().any(|review| review.scores.of(&present).is_some()) {
        return Err(CallError::Scored);
    }
    if !store::reviews::update_criterion(db, now, (event, id, version), facts)? {
        return Err(CallError::Stale);
    }
    note_criterion(db, now, actor, (event, id), "criterion.changed")
}

/// Deletes a criterion; scores that were given by it count no longer.
///
/// # Errors
/// When it is gone.
pub fn delete_criterion(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, CriterionId),
) -> Result<(), CallError> {
    if !store::reviews::delete_criterion(db, event, id)? {
        return Err(CallError::NotFound);
    }
    note_criterion(db, now, actor, (event, id), "criterion.deleted")
}

fn note_criterion(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, CriterionId),
    action: &'static str,
) -> Result<(), CallError> {
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "criterion", id.as_str()))?)
}
