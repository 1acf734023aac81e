//! The tables of quotas and of the places that registrations hold of them.

use crate::db::schema::{held_places, quota_categories, quotas};
use crate::db::{CategoryId, DbConnection, EventId, QuotaId, RegistrationId, UtcTime};
use crate::registration::quota::{Quota, QuotaFacts};
use diesel::prelude::*;

/// The quotas of an event in their order; those of choices of questions are not among them.
pub(in crate::registration) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Quota>> {
    quotas::table
        .filter(quotas::event_id.eq(event))
        .filter(quotas::question_id.is_null())
        .order((quotas::position, quotas::code))
        .select(Quota::as_select())
        .load(db)
}

/// Which categories count against which quotas of an event.
pub(in crate::registration) fn links(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(QuotaId, CategoryId)>> {
    quota_categories::table
        .inner_join(quotas::table)
        .filter(quotas::event_id.eq(event))
        .order((quota_categories::category_id, quota_categories::quota_id))
        .select((quota_categories::quota_id, quota_categories::category_id))
        .load(db)
}

/// The quotas against which a category counts, in the one order in which they are taken.
pub(in crate::registration) fn of_category(db: &mut DbConnection, category: CategoryId) -> QueryResult<Vec<QuotaId>> {
    quota_categories::table
        .filter(quota_categories::category_id.eq(category))
        .order(quota_categories::quota_id)
        .select(quota_categories::quota_id)
        .load(db)
}

/// One quota of an event.
pub(in crate::registration) fn find(db: &mut DbConnection, event: EventId, id: QuotaId) -> QueryResult<Option<Quota>> {
    quotas::table.find(id).filter(quotas::event_id.eq(event)).select(Quota::as_select()).first(db).optional()
}

/// Adds a quota, the last in order.
pub(in crate::registration) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, code): (EventId, QuotaId, &str),
    facts: &QuotaFacts,
) -> QueryResult<()> {
    let count: i64 = quotas::table.filter(quotas::event_id.eq(event)).count().get_result(db)?;
    diesel::insert_into(quotas::table)
        .values((
            quotas::id.eq(id),
            quotas::event_id.eq(event),
            quotas::code.eq(code),
            quotas::name.eq(&facts.name),
            quotas::capacity.eq(facts.capacity),
            quotas::taken.eq(0),
            quotas::position.eq(i32::try_from(count).unwrap_or(i32::MAX)),
            quotas::version.eq(1),
            quotas::created_at.eq(now),
            quotas::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Changes a quota if it is still of this version and no more is taken than there would be.
pub(in crate::registration) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (QuotaId, i32),
    facts: &QuotaFacts,
) -> QueryResult<bool> {
    let same = quotas::table.find(id).filter(quotas::version.eq(version)).filter(quotas::taken.le(facts.capacity));
    let changed = diesel::update(same)
        .set((
            quotas::name.eq(&facts.name),
            quotas::capacity.eq(facts.capacity),
            quotas::version.eq(quotas::version + 1),
            quotas::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Sets which categories count against a quota. Places that are held already stay as they are.
pub(in crate::registration) fn set_categories(
    db: &mut DbConnection,
    id: QuotaId,
    categories: &[CategoryId],
) -> QueryResult<()> {
    diesel::delete(quota_categories::table.filter(quota_categories::quota_id.eq(id))).execute(db)?;
    for category in categories {
        diesel::insert_into(quota_categories::table)
            .values((quota_categories::quota_id.eq(id), quota_categories::category_id.eq(category)))
            .execute(db)?;
    }
    Ok(())
}

/// Deletes a quota with what is held of it.
pub(in crate::registration) fn delete(db: &mut DbConnection, id: QuotaId) -> QueryResult<()> {
    diesel::delete(quotas::table.find(id)).execute(db).map(drop)
}

/// Takes a place if one is left; whether it was the last.
pub(in crate::registration) fn take(db: &mut DbConnection, id: QuotaId) -> QueryResult<Option<bool>> {
    let left = quotas::table.find(id).filter(quotas::taken.lt(quotas::capacity));
    let counts: Option<(i32, i32)> = diesel::update(left)
        .set(quotas::taken.eq(quotas::taken + 1))
        .returning((quotas::taken, quotas::capacity))
        .get_result(db)
        .optional()?;
    Ok(counts.map(|(taken, capacity)| taken == capacity))
}

/// Gives places back; whether the quota was full before.
pub(in crate::registration) fn free(db: &mut DbConnection, id: QuotaId, count: i32) -> QueryResult<bool> {
    let (taken, capacity): (i32, i32) = diesel::update(quotas::table.find(id))
        .set(quotas::taken.eq(quotas::taken - count))
        .returning((quotas::taken, quotas::capacity))
        .get_result(db)?;
    Ok(taken + count >= capacity)
}

/// Notes that a registration holds a place of each of these.
pub(in crate::registration) fn hold(
    db: &mut DbConnection,
    registration: RegistrationId,
    quotas: &[QuotaId],
) -> QueryResult<()> {
    for quota in quotas {
        diesel::insert_into(held_places::table)
            .values((held_places::registration_id.eq(registration), held_places::quota_id.eq(quota)))
            .execute(db)?;
    }
    Ok(())
}

/// Lets go of what a registration holds; the quotas of which it held a place.
pub(in crate::registration) fn let_go(
    db: &mut DbConnection,
    registration: RegistrationId,
) -> QueryResult<Vec<QuotaId>> {
    let mut held: Vec<QuotaId> =
        diesel::delete(held_places::table.filter(held_places::registration_id.eq(registration)))
            .returning(held_places::quota_id)
            .get_results(db)?;
    held.sort_unstable();
    Ok(held)
}
