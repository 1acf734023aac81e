//! Prepared reasons.

use crate::accreditation::model::{Reason, ReasonFacts};
use crate::accreditation::store::reasons as store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, ReasonId, UtcTime};
use crate::db_failure;
use diesel::QueryResult;

/// Why a reason was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ReasonError {
    /// There is no such reason.
    #[error("no such reason")]
    NotFound,
    /// Someone else changed it in the meantime.
    #[error("someone else changed the reason in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ReasonError);

/// The prepared reasons of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn all_reasons(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Reason>> {
    store::all(db, event)
}

/// Adds a reason, the last in order.
///
/// # Errors
/// When the database refuses.
pub fn create_reason(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &ReasonFacts,
) -> QueryResult<ReasonId> {
    let last = store::all(db, event)?.iter().map(|reason| reason.position).max().unwrap_or(0);
    let reason = Reason {
        id: ReasonId::new(),
        event_id: event,
        decision: facts.decision,
        name: facts.name.clone(),
        body: facts.body.clone(),
        position: last + 1,
        version: 1,
    };
    store::insert(db, &reason)?;
    told(db, now, actor, event, "reason.created", reason.id)?;
    Ok(reason.id)
}

/// Changes a reason if it is still as `version` had it.
///
/// # Errors
/// When it is gone or someone else was faster.
pub fn update_reason(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, version): (ReasonId, i32),
    facts: &ReasonFacts,
) -> Result<(), ReasonError> {
    if !store::update(db, event, (id, version), facts)? {
        let is_there = store::all(db, event)?.iter().any(|reason| reason.id == id);
        return Err(if is_there { ReasonError::Stale } else { ReasonError::NotFound });
    }
    Ok(told(db, now, actor, event, "reason.changed", id)?)
}

/// Deletes a reason. What was told with it stays told.
///
/// # Errors
/// When it is gone.
pub fn delete_reason(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: ReasonId,
) -> Result<(), ReasonError> {
    if !store::delete(db, event, id)? {
        return Err(ReasonError::NotFound);
    }
    Ok(told(db, now, actor, event, "reason.deleted", id)?)
}

fn told(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    id: ReasonId,
) -> QueryResult<()> {
    audit::note(db, now, &Entry::new(Some(event), actor, action, "reason", id.as_str()))
}
