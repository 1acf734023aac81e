//! The table `categories`.

use crate::db::schema::{categories, registrations};
use crate::db::{CategoryId, DbConnection, EventId, UtcTime};
use crate::registration::category::{Category, CategoryFacts};
use diesel::prelude::*;

/// The categories of an event in their order.
pub(in crate::registration) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Category>> {
    categories::table
        .filter(categories::event_id.eq(event))
        .order((categories::position.asc(), categories::code.asc()))
        .select(Category::as_select())
        .load(db)
}

/// How many places of each category are taken.
pub(in crate::registration) fn taken(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(CategoryId, i32)>> {
    categories::table.filter(categories::event_id.eq(event)).select((categories::id, categories::taken)).load(db)
}

/// One category of an event.
pub(in crate::registration) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: CategoryId,
) -> QueryResult<Option<Category>> {
    categories::table.find(id).filter(categories::event_id.eq(event)).select(Category::as_select()).first(db).optional()
}

/// One category of whatever event.
pub(in crate::registration) fn by_id(db: &mut DbConnection, id: CategoryId) -> QueryResult<Option<Category>> {
    categories::table.find(id).select(Category::as_select()).first(db).optional()
}

/// Adds a category.
pub(in crate::registration) fn insert(db: &mut DbConnection, category: &Category) -> QueryResult<()> {
    diesel::insert_into(categories::table).values(category).execute(db).map(drop)
}

/// Changes a category if nobody else has since `version` and its places still suffice; returns
/// whether it was changed.
pub(in crate::registration) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (CategoryId, i32),
    facts: &CategoryFacts,
) -> QueryResult<bool> {
    let changed = diesel::update(
        categories::table
            .find(id)
            .filter(categories::version.eq(version))
            .filter(categories::taken.le(facts.capacity.unwrap_or(i32::MAX))),
    )
    .set((
        categories::name.eq(&facts.name),
        categories::description.eq(&facts.description),
        categories::includes.eq(&facts.includes),
        categories::capacity.eq(facts.capacity),
        categories::opens_at.eq(facts.opens_at),
        categories::closes_at.eq(facts.closes_at),
        categories::access_code.eq(&facts.access_code),
        categories::badge_color.eq(&facts.badge_color),
        (
            categories::needs_approval.eq(facts.admission.needs_approval),
            categories::officers_needed.eq(facts.admission.officers_needed),
            categories::has_waiting_list.eq(facts.admission.has_waiting_list),
            categories::shows_rank.eq(facts.admission.shows_rank),
            categories::offer_hours.eq(facts.admission.offer_hours),
            categories::offers_until.eq(facts.admission.offers_until),
            categories::address_rules.eq(&facts.admission.address_rules),
            categories::needs_code.eq(facts.admission.needs_code),
            categories::zones.eq(&facts.inclusion.zones),
            categories::days.eq(&facts.inclusion.days),
            categories::may_transfer.eq(facts.inclusion.may_transfer),
            categories::may_book.eq(facts.inclusion.may_book),
        ),
        categories::version.eq(categories::version + 1),
        categories::updated_at.eq(now),
    ))
    .execute(db)?;
    Ok(changed == 1)
}

/// Gives a category its place in lists.
pub(in crate::registration) fn set_position(db: &mut DbConnection, id: CategoryId, position: i32) -> QueryResult<()> {
    diesel::update(categories::table.find(id)).set(categories::position.eq(position)).execute(db).map(drop)
}

/// Whether anyone has ever registered in it.
pub(in crate::registration) fn is_used(db: &mut DbConnection, id: CategoryId) -> QueryResult<bool> {
    let any = registrations::table.filter(registrations::category_id.eq(id));
    diesel::select(diesel::dsl::exists(any)).get_result(db)
}

/// Deletes a category that nobody has registered in.
pub(in crate::registration) fn delete(db: &mut DbConnection, id: CategoryId) -> QueryResult<()> {
    diesel::delete(categories::table.find(id)).execute(db).map(drop)
}

/// Takes a place if one is left; then says whether it was the last. The update decides, so that it
/// is right under any interleaving.
pub(in crate::registration) fn take_place(db: &mut DbConnection, id: CategoryId) -> QueryResult<Option<bool>> {
    let has_room = categories::capacity.is_null().or(categories::taken.nullable().lt(categories::capacity));
    let counts: Option<(i32, Option<i32>)> = diesel::update(categories::table.find(id).filter(has_room))
        .set(categories::taken.eq(categories::taken + 1))
        .returning((categories::taken, categories::capacity))
        .get_result(db)
        .optional()?;
    Ok(counts.map(|(taken, capacity)| Some(taken) == capacity))
}

/// Takes so many places at once; whether there were so many.
pub(in crate::registration) fn take_places(db: &mut DbConnection, id: CategoryId, count: i32) -> QueryResult<bool> {
    let has_room = categories::capacity.is_null().or((categories::taken + count).nullable().le(categories::capacity));
    let changed = diesel::update(categories::table.find(id).filter(has_room))
        .set(categories::taken.eq(categories::taken + count))
        .execute(db)?;
    Ok(changed == 1)
}

/// Frees so many places; says whether the category was full before.
pub(in crate::registration) fn free_places(db: &mut DbConnection, id: CategoryId, count: i32) -> QueryResult<bool> {
    let (taken, capacity): (i32, Option<i32>) = diesel::update(categories::table.find(id))
        .set(categories::taken.eq(categories::taken - count))
        .returning((categories::taken, categories::capacity))
        .get_result(db)?;
    Ok(capacity.is_some_and(|capacity| taken + count >= capacity))
}

/// The events that had a category open or close after `since`, up to `now`.
pub(in crate::registration) fn events_with_turn(
    db: &mut DbConnection,
    since: UtcTime,
    now: UtcTime,
) -> QueryResult<Vec<EventId>> {
    let opened = categories::opens_at.gt(since).and(categories::opens_at.le(now));
    let closed = categories::closes_at.gt(since).and(categories::closes_at.le(now));
    categories::table.filter(opened.or(closed)).select(categories::event_id).distinct().load(db)
}
