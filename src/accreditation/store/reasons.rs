//! The table `reason_templates`.

use crate::accreditation::model::{Reason, ReasonFacts};
use crate::db::schema::reason_templates as reasons;
use crate::db::{DbConnection, EventId, ReasonId};
use diesel::prelude::*;

/// The prepared reasons of an event in their order.
pub(in crate::accreditation) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Reason>> {
    reasons::table
        .filter(reasons::event_id.eq(event))
        .order((reasons::position.asc(), reasons::id.asc()))
        .select(Reason::as_select())
        .load(db)
}

/// Adds one.
pub(in crate::accreditation) fn insert(db: &mut DbConnection, reason: &Reason) -> QueryResult<()> {
    diesel::insert_into(reasons::table).values(reason).execute(db).map(drop)
}

/// Changes one if nobody else has since `version`; returns whether it did.
pub(in crate::accreditation) fn update(
    db: &mut DbConnection,
    event: EventId,
    (id, version): (ReasonId, i32),
    facts: &ReasonFacts,
) -> QueryResult<bool> {
    let known = reasons::table.find(id).filter(reasons::event_id.eq(event)).filter(reasons::version.eq(version));
    let changed = diesel::update(known)
        .set((
            reasons::decision.eq(facts.decision),
            reasons::name.eq(&facts.name),
            reasons::body.eq(&facts.body),
            reasons::version.eq(reasons::version + 1),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Deletes one; returns whether it was there.
pub(in crate::accreditation) fn delete(db: &mut DbConnection, event: EventId, id: ReasonId) -> QueryResult<bool> {
    let deleted = diesel::delete(reasons::table.find(id).filter(reasons::event_id.eq(event))).execute(db)?;
    Ok(deleted == 1)
}
