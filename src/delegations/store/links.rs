//! The table `delegation_links`.

use crate::db::schema::{delegation_links, delegations};
use crate::db::{DbConnection, DelegationId, EventId, LinkId, UtcTime};
use crate::delegations::model::{Delegation, DelegationLink};
use crate::web::TokenHash;
use diesel::prelude::*;

/// Adds a link.
pub(in crate::delegations) fn insert(db: &mut DbConnection, link: &DelegationLink) -> QueryResult<()> {
    diesel::insert_into(delegation_links::table).values(link).execute(db).map(drop)
}

/// The link of this secret at this event and what it opens, taken back or not.
pub(in crate::delegations) fn by_token(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<(DelegationLink, Delegation)>> {
    delegation_links::table
        .inner_join(delegations::table)
        .filter(delegation_links::token_hash.eq(token))
        .filter(delegations::event_id.eq(event))
        .select((DelegationLink::as_select(), Delegation::as_select()))
        .first(db)
        .optional()
}

/// Notes that something is changed by a link; whether it stands.
pub(in crate::delegations) fn note_use(db: &mut DbConnection, now: UtcTime, id: LinkId) -> QueryResult<bool> {
    let standing = || delegation_links::table.find(id).filter(delegation_links::revoked_at.is_null());
    diesel::update(standing().filter(delegation_links::used_at.is_null()))
        .set(delegation_links::used_at.eq(now))
        .execute(db)?;
    Ok(standing().select(delegation_links::id).first::<LinkId>(db).optional()?.is_some())
}

/// Takes every link of a delegation back.
pub(in crate::delegations) fn revoke(db: &mut DbConnection, now: UtcTime, id: DelegationId) -> QueryResult<usize> {
    let open = delegation_links::table
        .filter(delegation_links::delegation_id.eq(id))
        .filter(delegation_links::revoked_at.is_null());
    diesel::update(open).set(delegation_links::revoked_at.eq(now)).execute(db)
}

/// The links of a delegation.
pub(in crate::delegations) fn of(db: &mut DbConnection, id: DelegationId) -> QueryResult<Vec<DelegationLink>> {
    delegation_links::table.filter(delegation_links::delegation_id.eq(id)).select(DelegationLink::as_select()).load(db)
}

/// The links of every delegation of an event.
pub(in crate::delegations) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<DelegationLink>> {
    delegation_links::table
        .inner_join(delegations::table)
        .filter(delegations::event_id.eq(event))
        .select(DelegationLink::as_select())
        .load(db)
}
