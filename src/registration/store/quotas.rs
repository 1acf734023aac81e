//! The tables of quotas and of the places that registrations hold of them.

use crate::db::schema::{categories, held_places, invitation_codes, quota_categories, quotas, registrations};
use crate::db::{CategoryId, DbConnection, EventId, QuestionId, QuotaId, RegistrationId, UtcTime};
use crate::each_backend;
use crate::i18n::Localized;
use crate::registration::forms::model::AnswerChoice;
use crate::registration::model::RegistrationState;
use crate::registration::quota::{ChoicePlaces, Quota, QuotaFacts};
use diesel::prelude::*;
use std::collections::HashSet;

/// The quotas of an event in their order; those of choices of questions are not among them.
pub(in crate::registration) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Quota>> {
    quotas::table
        .filter(quotas::event_id.eq(event))
        .filter(quotas::question_id.is_null())
        .order((quotas::position, quotas::code))
        .select(Quota::as_select())
        .load(db)
}

/// The places of choices: of which question, and which of its choices.
pub(in crate::registration) fn of_choices(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ChoicePlaces>> {
    quotas::table
        .filter(quotas::event_id.eq(event))
        .filter(quotas::question_id.is_not_null())
        .order(quotas::id)
        .select(ChoicePlaces::as_select())
        .load(db)
}

/// Sets how many may choose something, where no more have chosen it; whether that was so.
pub(in crate::registration) fn set_capacity(
    db: &mut DbConnection,
    now: UtcTime,
    id: QuotaId,
    capacity: i32,
) -> QueryResult<bool> {
    let fits = quotas::table.find(id).filter(quotas::taken.le(capacity));
    Ok(diesel::update(fits).set((quotas::capacity.eq(capacity), quotas::updated_at.eq(now))).execute(db)? == 1)
}

/// Limits a choice, counting those who have made it already.
pub(in crate::registration) fn insert_choice(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, code): (EventId, QuotaId, &str),
    (question, choice): (QuestionId, &AnswerChoice),
    (capacity, holders): (i32, &[RegistrationId]),
) -> QueryResult<()> {
    diesel::insert_into(quotas::table)
        .values((
            quotas::id.eq(id),
            quotas::event_id.eq(event),
            quotas::code.eq(code),
            quotas::name.eq(&choice.label),
            quotas::capacity.eq(capacity),
            quotas::taken.eq(i32::try_from(holders.len()).unwrap_or(i32::MAX)),
            quotas::question_id.eq(question),
            quotas::choice.eq(&choice.code),
            quotas::position.eq(0),
            quotas::version.eq(1),
            quotas::created_at.eq(now),
            quotas::updated_at.eq(now),
        ))
        .execute(db)?;
    insert_holders(db, id, holders)
}

/// Rows that one statement adds.
const ROWS_AT_ONCE: usize = 400;

/// The answers of those who hold places and have answered a question.
pub(in crate::registration) fn answers_to(
    db: &mut DbConnection,
    event: EventId,
    question: QuestionId,
) -> QueryResult<Vec<(RegistrationId, String)>> {
    let holding: Vec<RegistrationState> =
        RegistrationState::ALL.iter().copied().filter(|state| state.holds_place()).collect();
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq_any(holding))
        .filter(registrations::answers.like(format!("%{question}%")))
        .select((registrations::id, registrations::answers))
        .load(db)
}

/// Lets go of one place that a registration holds; whether it held one.
pub(in crate::registration) fn let_go_of(
    db: &mut DbConnection,
    registration: RegistrationId,
    quota: QuotaId,
) -> QueryResult<bool> {
    Ok(diesel::delete(held_places::table.find((registration, quota))).execute(db)? == 1)
}

/// The answers of a registration, as they stand in their column.
pub(in crate::registration) fn answers_of(db: &mut DbConnection, id: RegistrationId) -> QueryResult<String> {
    registrations::table.find(id).select(registrations::answers).first(db)
}

/// What is left of each quota of an event and of each choice that has limits, by name.
pub(in crate::registration) fn left(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(QuotaId, Localized, i32)>> {
    quotas::table
        .filter(quotas::event_id.eq(event))
        .select((quotas::id, quotas::name, quotas::capacity - quotas::taken))
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

/// Counts anew against a quota whose categories these are: everybody who holds a place in one of them holds one of the
/// quota, and invitation codes that keep places keep as many of it. How many that is.
pub(in crate::registration) fn recount(db: &mut DbConnection, id: QuotaId, of: &[CategoryId]) -> QueryResult<i32> {
    // Whoever takes a place writes the category first: nobody does until this is through.
    diesel::update(categories::table.filter(categories::id.eq_any(of)))
        .set(categories::taken.eq(categories::taken))
        .execute(db)?;
    let holding: Vec<RegistrationState> =
        RegistrationState::ALL.iter().copied().filter(|state| state.holds_place()).collect();
    let holders: HashSet<RegistrationId> = registrations::table
        .filter(registrations::category_id.eq_any(of))
        .filter(registrations::state.eq_any(holding))
        .select(registrations::id)
        .load(db)?
        .into_iter()
        .collect();
    let known: HashSet<RegistrationId> = held_places::table
        .filter(held_places::quota_id.eq(id))
        .select(held_places::registration_id)
        .load(db)?
        .into_iter()
        .collect();
    let gone: Vec<RegistrationId> = known.difference(&holders).copied().collect();
    for some in gone.chunks(ROWS_AT_ONCE) {
        let theirs =
            held_places::table.filter(held_places::quota_id.eq(id)).filter(held_places::registration_id.eq_any(some));
        diesel::delete(theirs).execute(db)?;
    }
    let fresh: Vec<RegistrationId> = holders.difference(&known).copied().collect();
    insert_holders(db, id, &fresh)?;
    let kept: Vec<i32> = invitation_codes::table
        .filter(invitation_codes::category_id.eq_any(of))
        .filter(invitation_codes::is_reserved)
        .select(invitation_codes::uses - invitation_codes::used)
        .load(db)?;
    Ok(i32::try_from(holders.len()).unwrap_or(i32::MAX).saturating_add(kept.into_iter().sum()))
}

fn insert_holders(db: &mut DbConnection, id: QuotaId, holders: &[RegistrationId]) -> QueryResult<()> {
    for some in holders.chunks(ROWS_AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|holder| (held_places::registration_id.eq(*holder), held_places::quota_id.eq(id)))
            .collect();
        each_backend!(db, backend => diesel::insert_into(held_places::table).values(&rows).execute(backend))?;
    }
    Ok(())
}

/// Changes a quota if it is still of this version; `taken` of it are held.
pub(in crate::registration) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version, taken): (QuotaId, i32, i32),
    facts: &QuotaFacts,
) -> QueryResult<bool> {
    let same = quotas::table.find(id).filter(quotas::version.eq(version));
    let changed = diesel::update(same)
        .set((
            quotas::name.eq(&facts.name),
            quotas::capacity.eq(facts.capacity),
            quotas::taken.eq(taken),
            quotas::version.eq(quotas::version + 1),
            quotas::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Sets which categories count against a quota; [`recount`] counts whom they hold.
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

/// Takes so many places at once; whether there were so many.
pub(in crate::registration) fn take_many(db: &mut DbConnection, id: QuotaId, count: i32) -> QueryResult<bool> {
    let left = quotas::table.find(id).filter((quotas::taken + count).le(quotas::capacity));
    Ok(diesel::update(left).set(quotas::taken.eq(quotas::taken + count)).execute(db)? == 1)
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

/// The quotas of which a registration holds a place.
pub(in crate::registration) fn held(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Vec<QuotaId>> {
    held_places::table
        .filter(held_places::registration_id.eq(registration))
        .order(held_places::quota_id)
        .select(held_places::quota_id)
        .load(db)
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
