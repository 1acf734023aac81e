//! What delegations may send, and how much of it is taken.

use crate::db::schema::{delegation_quotas, delegations, registrations};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId};
use diesel::prelude::*;

/// The delegation in which somebody is registered.
pub(in crate::registration) fn of(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Option<DelegationId>> {
    registrations::table.find(id).select(registrations::delegation_id).first(db)
}

/// Places of a delegation in a category, and how many are left.
type Left = ((DelegationId, CategoryId), i32);

/// What is left of the places of every delegation of an event.
pub(in crate::registration) fn left(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Left>> {
    delegation_quotas::table
        .inner_join(delegations::table)
        .filter(delegations::event_id.eq(event))
        .select((
            (delegation_quotas::delegation_id, delegation_quotas::category_id),
            delegation_quotas::capacity - delegation_quotas::taken,
        ))
        .load(db)
}

/// Takes one of the places that a delegation may send in a category; whether there was one.
pub(in crate::registration) fn take(
    db: &mut DbConnection,
    delegation: DelegationId,
    category: CategoryId,
) -> QueryResult<bool> {
    let free = delegation_quotas::table
        .find((delegation, category))
        .filter(delegation_quotas::taken.lt(delegation_quotas::capacity));
    let changed = diesel::update(free).set(delegation_quotas::taken.eq(delegation_quotas::taken + 1)).execute(db)?;
    Ok(changed == 1)
}

/// Gives one back.
pub(in crate::registration) fn free(
    db: &mut DbConnection,
    delegation: DelegationId,
    category: CategoryId,
) -> QueryResult<()> {
    let taken = delegation_quotas::table.find((delegation, category)).filter(delegation_quotas::taken.gt(0));
    diesel::update(taken).set(delegation_quotas::taken.eq(delegation_quotas::taken - 1)).execute(db).map(drop)
}

/// Sets the delegation of a registration, its rank in it, and whether it leads it.
pub(in crate::registration) fn set(
    db: &mut DbConnection,
    id: RegistrationId,
    (delegation, rank, is_head): (Option<DelegationId>, i32, bool),
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((
            registrations::delegation_id.eq(delegation),
            registrations::delegation_rank.eq(rank),
            registrations::is_head.eq(is_head),
        ))
        .execute(db)
        .map(drop)
}
