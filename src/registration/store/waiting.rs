//! Who waits for a place, and offers of places.

use crate::db::schema::{categories, offers, registrations};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, OfferId, RegistrationId, UserId, UtcTime};
use crate::registration::model::{Registration, RegistrationState};
use diesel::prelude::*;

/// A place in a waiting list.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Waiting {
    /// Those with a higher number are offered places first.
    pub priority: i32,
    /// Since when they wait.
    pub waits_since: Option<UtcTime>,
    /// Until when an offered place is kept.
    pub offered_until: Option<UtcTime>,
}

/// Notes since when a registration waits.
pub(in crate::registration) fn begin(db: &mut DbConnection, now: UtcTime, id: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(id)).set(registrations::waits_since.eq(now)).execute(db).map(drop)
}

/// How many wait for a category.
pub(in crate::registration) fn count(db: &mut DbConnection, category: CategoryId) -> QueryResult<i64> {
    registrations::table
        .filter(registrations::category_id.eq(category))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .count()
        .get_result(db)
}

/// A registration's place in its waiting list: how many are before it.
pub(in crate::registration) fn before(db: &mut DbConnection, registration: &Registration) -> QueryResult<i64> {
    let own = of(db, registration.id)?;
    let earlier = registrations::waits_since
        .lt(own.waits_since)
        .or(registrations::waits_since.eq(own.waits_since).and(registrations::id.lt(registration.id)));
    registrations::table
        .filter(registrations::category_id.eq(registration.category_id))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .filter(
            registrations::priority
                .gt(own.priority)
                .or(registrations::priority.eq(own.priority).and(earlier.assume_not_null())),
        )
        .count()
        .get_result(db)
}

/// What a registration has of waiting and offers.
pub(in crate::registration) fn of(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Waiting> {
    registrations::table.find(id).select(Waiting::as_select()).first(db)
}

/// Who waits for a category, in the order in which places are offered.
pub(in crate::registration) fn line(
    db: &mut DbConnection,
    category: CategoryId,
    limit: i64,
) -> QueryResult<Vec<(Registration, Waiting)>> {
    registrations::table
        .filter(registrations::category_id.eq(category))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .order((registrations::priority.desc(), registrations::waits_since, registrations::id))
        .limit(limit)
        .select((Registration::as_select(), Waiting::as_select()))
        .load(db)
}

/// The answers and delegations of those who wait for a category.
pub(in crate::registration) fn needs(
    db: &mut DbConnection,
    category: CategoryId,
) -> QueryResult<Vec<(RegistrationId, String, Option<DelegationId>)>> {
    registrations::table
        .filter(registrations::category_id.eq(category))
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .select((registrations::id, registrations::answers, registrations::delegation_id))
        .load(db)
}

/// Who is offered a place of a category now.
pub(in crate::registration) fn offered(
    db: &mut DbConnection,
    category: CategoryId,
    limit: i64,
) -> QueryResult<Vec<(Registration, Waiting)>> {
    registrations::table
        .filter(registrations::category_id.eq(category))
        .filter(registrations::state.eq(RegistrationState::Offered))
        .order((registrations::offered_until, registrations::id))
        .limit(limit)
        .select((Registration::as_select(), Waiting::as_select()))
        .load(db)
}

/// Categories with a place of their own left for which somebody waits.
pub(in crate::registration) fn categories_with_places(db: &mut DbConnection) -> QueryResult<Vec<CategoryId>> {
    let waits = registrations::table
        .filter(registrations::state.eq(RegistrationState::Waitlisted))
        .filter(registrations::category_id.eq(categories::id));
    let has_room = categories::capacity.is_null().or(categories::taken.nullable().lt(categories::capacity));
    categories::table
        .filter(has_room.assume_not_null())
        .filter(diesel::dsl::exists(waits))
        .order((categories::event_id, categories::position, categories::code))
        .select(categories::id)
        .load(db)
}

/// Offers whose time is over.
pub(in crate::registration) fn overdue(
    db: &mut DbConnection,
    now: UtcTime,
    limit: i64,
) -> QueryResult<Vec<Registration>> {
    registrations::table
        .filter(registrations::offered_until.lt(now))
        .filter(registrations::state.eq(RegistrationState::Offered))
        .order(registrations::offered_until)
        .limit(limit)
        .select(Registration::as_select())
        .load(db)
}

/// Sets who is offered places first.
pub(in crate::registration) fn set_priority(
    db: &mut DbConnection,
    (event, id): (EventId, RegistrationId),
    priority: i32,
) -> QueryResult<bool> {
    let own = registrations::table.find(id).filter(registrations::event_id.eq(event));
    Ok(diesel::update(own).set(registrations::priority.eq(priority)).execute(db)? == 1)
}

/// Records that a place was offered, and why to this person.
pub(in crate::registration) fn insert_offer(
    db: &mut DbConnection,
    now: UtcTime,
    (registration, until): (&Registration, UtcTime),
    (reason, made_by): (&str, Option<UserId>),
) -> QueryResult<()> {
    diesel::insert_into(offers::table)
        .values((
            offers::id.eq(OfferId::new()),
            offers::event_id.eq(registration.event_id),
            offers::registration_id.eq(registration.id),
            offers::reason.eq(reason),
            offers::made_by.eq(made_by),
            offers::made_at.eq(now),
            offers::until.eq(until),
        ))
        .execute(db)
        .map(drop)
}

/// Records what came of the open offer of a registration.
pub(in crate::registration) fn end_offer(
    db: &mut DbConnection,
    now: UtcTime,
    registration: RegistrationId,
    outcome: &str,
) -> QueryResult<()> {
    let open = offers::table
        .filter(offers::registration_id.eq(registration))
        .filter(offers::booking_id.is_null())
        .filter(offers::ended_at.is_null());
    diesel::update(open).set((offers::outcome.eq(outcome), offers::ended_at.eq(now))).execute(db).map(drop)
}
