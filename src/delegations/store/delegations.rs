//! The tables `delegations` and `delegation_quotas`.

use crate::db::schema::{delegation_quotas, delegations};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, UtcTime};
use crate::delegations::model::{Contact, Delegation, DelegationFacts, Places};
use diesel::prelude::*;

/// The delegations of an event by their words.
pub(in crate::delegations) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Delegation>> {
    delegations::table
        .filter(delegations::event_id.eq(event))
        .order((delegations::code.asc(), delegations::id.asc()))
        .select(Delegation::as_select())
        .load(db)
}

/// One delegation of an event.
pub(in crate::delegations) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: DelegationId,
) -> QueryResult<Option<Delegation>> {
    delegations::table
        .find(id)
        .filter(delegations::event_id.eq(event))
        .select(Delegation::as_select())
        .first(db)
        .optional()
}

/// The words of an event's delegations.
pub(in crate::delegations) fn codes(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<String>> {
    delegations::table.filter(delegations::event_id.eq(event)).select(delegations::code).load(db)
}

/// Adds a delegation.
pub(in crate::delegations) fn insert(db: &mut DbConnection, delegation: &Delegation) -> QueryResult<()> {
    diesel::insert_into(delegations::table).values(delegation).execute(db).map(drop)
}

/// Changes a delegation if nobody else has since `version`; whether it did.
pub(in crate::delegations) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (DelegationId, i32),
    facts: &DelegationFacts,
) -> QueryResult<bool> {
    let changed = diesel::update(delegations::table.find(id).filter(delegations::version.eq(version)))
        .set((
            delegations::name.eq(&facts.name),
            delegations::country.eq(&facts.country),
            delegations::contact_name.eq(&facts.contact.name),
            delegations::contact_email.eq(&facts.contact.email),
            delegations::contact_email_key.eq(&facts.contact.email_key),
            delegations::language.eq(facts.contact.language),
            delegations::note.eq(&facts.note),
            delegations::closes_at.eq(facts.closes_at),
            delegations::version.eq(delegations::version + 1),
            delegations::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Gives a delegation another focal point.
pub(in crate::delegations) fn set_contact(
    db: &mut DbConnection,
    now: UtcTime,
    id: DelegationId,
    contact: &Contact,
) -> QueryResult<()> {
    diesel::update(delegations::table.find(id))
        .set((
            delegations::contact_name.eq(&contact.name),
            delegations::contact_email.eq(&contact.email),
            delegations::contact_email_key.eq(&contact.email_key),
            delegations::language.eq(contact.language),
            delegations::version.eq(delegations::version + 1),
            delegations::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Lets the transactions that change one delegation's people follow each other: the second waits here until the
/// first is kept, and then sees what it did.
pub(in crate::delegations) fn lock(db: &mut DbConnection, now: UtcTime, id: DelegationId) -> QueryResult<bool> {
    let changed = diesel::update(delegations::table.find(id)).set(delegations::updated_at.eq(now)).execute(db)?;
    Ok(changed == 1)
}

/// Deletes a delegation; registrations that came to an end in it stay without one.
pub(in crate::delegations) fn delete(db: &mut DbConnection, id: DelegationId) -> QueryResult<()> {
    diesel::delete(delegations::table.find(id)).execute(db).map(drop)
}

/// The places of a delegation.
pub(in crate::delegations) fn places(db: &mut DbConnection, id: DelegationId) -> QueryResult<Vec<Places>> {
    delegation_quotas::table.filter(delegation_quotas::delegation_id.eq(id)).select(Places::as_select()).load(db)
}

/// The places of every delegation of an event.
pub(in crate::delegations) fn all_places(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Places>> {
    delegation_quotas::table
        .inner_join(delegations::table)
        .filter(delegations::event_id.eq(event))
        .select(Places::as_select())
        .load(db)
}

/// Sets how many may come in a category; whether no more do already. Nothing is kept where nobody may.
pub(in crate::delegations) fn set_places(
    db: &mut DbConnection,
    (id, category): (DelegationId, CategoryId),
    capacity: i32,
) -> QueryResult<bool> {
    let row = || delegation_quotas::table.find((id, category));
    if capacity == 0 && diesel::delete(row().filter(delegation_quotas::taken.eq(0))).execute(db)? == 1 {
        return Ok(true);
    }
    let fits = row().filter(delegation_quotas::taken.le(capacity));
    if diesel::update(fits).set(delegation_quotas::capacity.eq(capacity)).execute(db)? == 1 {
        return Ok(true);
    }
    let is_known = row().select(delegation_quotas::taken).first::<i32>(db).optional()?.is_some();
    if !is_known && capacity > 0 {
        let places = Places { delegation_id: id, category_id: category, capacity, taken: 0 };
        diesel::insert_into(delegation_quotas::table).values(&places).execute(db)?;
    }
    Ok(!is_known)
}
