//! Lists of registrations that stay fast with 100,000 rows.
//!
//! Whether a filter lets few or many through decides how a page is found. Few: the narrow table
//! `desk_lines` says who they are, and their rows are fetched. Many: an index is walked in the list's order
//! until the page is full. Either way it goes by keyset, never by offset.

use crate::db::schema::{categories, chosen_answers, delegations, desk_lines, invitation_codes, registrations};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, UtcTime};
use crate::registration::desk::{DeskFilter, SortBy};
use crate::registration::model::{Registration, RegistrationState};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

type Backend = <DbConnection as diesel::Connection>::Backend;
type Rows = registrations::BoxedQuery<'static, Backend>;
/// Where a registration stands in each order.
type Place = (UtcTime, String, RegistrationState);

/// Narrows a query by everything that both tables hold.
macro_rules! narrowed {
    ($query:expr, $rows:ident, $filter:expr) => {{
        let (mut query, filter): (_, &DeskFilter) = ($query, $filter);
        if let Some(country) = filter.country {
            query = query.filter($rows::country.eq(country.as_str()));
        }
        if let Some(delegation) = filter.delegation {
            query = query.filter($rows::delegation_id.eq(delegation));
        }
        if let Some(source) = filter.source {
            query = query.filter($rows::source.eq(source.as_str()));
        }
        if !filter.batch.is_empty() {
            let codes = invitation_codes::table
                .filter(invitation_codes::event_id.eq(filter.event))
                .filter(invitation_codes::batch.eq(filter.batch.clone()))
                .select(invitation_codes::id.nullable());
            query = query.filter($rows::code_id.eq_any(codes));
        }
        query = match filter.came {
            Some(true) => query.filter($rows::came_at.is_not_null()),
            Some(false) => query.filter($rows::came_at.is_null()),
            None => query,
        };
        query = match filter.has_photo {
            Some(true) => query.filter($rows::photo_id.is_not_null()),
            Some(false) => query.filter($rows::photo_id.is_null()),
            None => query,
        };
        if filter.is_watched {
            query = query.filter($rows::is_watched);
        }
        let (from, until) = filter.span();
        if let Some(from) = from {
            query = query.filter($rows::created_at.ge(from));
        }
        if let Some(until) = until {
            query = query.filter($rows::created_at.lt(until));
        }
        if let Some(made_by) = filter.made_by {
            query = query.filter($rows::created_at.le(made_by));
        }
        for word in filter.words() {
            query = query.filter($rows::search_key.like(pattern(&word)).escape('\\'));
        }
        query
    }};
}

/// The lines that a filter lets through, in no order.
fn lines(filter: &DeskFilter) -> desk_lines::BoxedQuery<'static, Backend> {
    let query = desk_lines::table.filter(desk_lines::event_id.eq(filter.event)).into_boxed();
    let mut query = narrowed!(query, desk_lines, filter);
    if let Some(state) = filter.state {
        query = query.filter(desk_lines::state.eq(state));
    }
    if let Some(category) = filter.category {
        query = query.filter(desk_lines::category_id.eq(category));
    }
    if let Some(wanted) = &filter.answer {
        let given = chosen_answers::table
            .filter(chosen_answers::question_id.eq(wanted.question))
            .filter(chosen_answers::choice.eq(wanted.choice.clone()))
            .select(chosen_answers::registration_id);
        query = query.filter(desk_lines::registration_id.eq_any(given));
    }
    query
}

/// Up to `limit` registrations that a filter lets through, in no order. Stops looking once it has so many.
pub(in crate::registration) fn ids(
    db: &mut DbConnection,
    filter: &DeskFilter,
    limit: i64,
) -> QueryResult<Vec<RegistrationId>> {
    lines(filter).limit(limit).select(desk_lines::registration_id).load(db)
}

/// How many a filter lets through.
pub(in crate::registration) fn count(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<i64> {
    lines(filter).count().get_result(db)
}

/// Up to `limit` of these registrations in the filter's order, from its place on.
pub(in crate::registration) fn of_ids(
    db: &mut DbConnection,
    filter: &DeskFilter,
    ids: &[RegistrationId],
    limit: i64,
) -> QueryResult<Vec<Registration>> {
    // The event is left out: whoever looks at its index walks the whole event.
    let query = registrations::table.filter(registrations::id.eq_any(ids.to_vec())).into_boxed();
    let place = place_of(db, filter)?;
    ordered(query, filter, place).limit(limit).select(Registration::as_select()).load(db)
}

/// Up to `limit` registrations that the filter lets through, in its order, found by walking an index.
pub(in crate::registration) fn list(
    db: &mut DbConnection,
    filter: &DeskFilter,
    limit: i64,
) -> QueryResult<Vec<Registration>> {
    let place = place_of(db, filter)?;
    ordered(walked(filter), filter, place).limit(limit).select(Registration::as_select()).load(db)
}

/// The rows that a filter lets through, found by walking an index. Joined with an empty text, state and category
/// don't tempt SQLite, which knows nothing of how many rows have them, to use their indexes and sort.
pub(in crate::registration) fn walked(filter: &DeskFilter) -> Rows {
    let query = registrations::table.filter(registrations::event_id.eq(filter.event)).into_boxed();
    let mut query = narrowed!(query, registrations, filter);
    query = match filter.state {
        Some(state) if filter.sort == SortBy::Name => query.filter(registrations::state.concat("").eq(state.as_str())),
        Some(state) => query.filter(registrations::state.eq(state)),
        None => query,
    };
    if let Some(category) = filter.category {
        query = query.filter(registrations::category_id.concat("").eq(category.to_string()));
    }
    if let Some(wanted) = &filter.answer {
        let given = chosen_answers::table
            .filter(chosen_answers::question_id.eq(wanted.question))
            .filter(chosen_answers::choice.eq(wanted.choice.clone()))
            .filter(chosen_answers::registration_id.eq(registrations::id));
        query = query.filter(exists(given));
    }
    query
}

/// The rows in the filter's order, after `place`. Written as "at or beyond the value, and beyond it or beyond
/// the id": the first half is a range of the index.
pub(in crate::registration) fn ordered(
    query: Rows,
    filter: &DeskFilter,
    place: Option<(RegistrationId, Place)>,
) -> Rows {
    use registrations::{created_at, id, sort_key, state};
    // The newest come first unless the order is turned round; names and states begin at their beginning.
    let ascends = (filter.sort != SortBy::Created) != filter.is_reversed;
    let query = match (filter.sort, place, ascends) {
        (_, None, _) => query,
        (SortBy::Created, Some((last, (at, ..))), false) => {
            query.filter(created_at.le(at)).filter(created_at.lt(at).or(id.lt(last)))
        }
        (SortBy::Created, Some((last, (at, ..))), true) => {
            query.filter(created_at.ge(at)).filter(created_at.gt(at).or(id.gt(last)))
        }
        (SortBy::Name, Some((last, (_, name, _))), true) => {
            query.filter(sort_key.ge(name.clone())).filter(sort_key.gt(name).or(id.gt(last)))
        }
        (SortBy::Name, Some((last, (_, name, _))), false) => {
            query.filter(sort_key.le(name.clone())).filter(sort_key.lt(name).or(id.lt(last)))
        }
        (SortBy::State, Some((last, (at, _, stands))), true) => {
            let same = created_at.eq(at).and(id.gt(last));
            query.filter(state.ge(stands)).filter(state.gt(stands).or(created_at.gt(at)).or(same))
        }
        (SortBy::State, Some((last, (at, _, stands))), false) => {
            let same = created_at.eq(at).and(id.lt(last));
            query.filter(state.le(stands)).filter(state.lt(stands).or(created_at.lt(at)).or(same))
        }
    };
    match (filter.sort, ascends) {
        (SortBy::Created, false) => query.order((created_at.desc(), id.desc())),
        (SortBy::Created, true) => query.order((created_at.asc(), id.asc())),
        (SortBy::Name, true) => query.order((sort_key.asc(), id.asc())),
        (SortBy::Name, false) => query.order((sort_key.desc(), id.desc())),
        (SortBy::State, true) => query.order((state.asc(), created_at.asc(), id.asc())),
        (SortBy::State, false) => query.order((state.desc(), created_at.desc(), id.desc())),
    }
}

/// Where the list goes on.
pub(in crate::registration) fn place_of(
    db: &mut DbConnection,
    filter: &DeskFilter,
) -> QueryResult<Option<(RegistrationId, Place)>> {
    let Some(after) = filter.after else { return Ok(None) };
    let place = registrations::table
        .find(after)
        .filter(registrations::event_id.eq(filter.event))
        .select((registrations::created_at, registrations::sort_key, registrations::state))
        .first(db)
        .optional()?;
    Ok(place.map(|place| (after, place)))
}

/// `%word%` with the wildcards in the word taken literally.
fn pattern(word: &str) -> String {
    let escape = |character: char| matches!(character, '%' | '_' | '\\').then_some('\\');
    let escaped: String = word.chars().flat_map(|character| escape(character).into_iter().chain([character])).collect();
    format!("%{escaped}%")
}

/// How many registrations of an event are in each category and state, by an index alone.
pub(in crate::registration) fn counts(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(CategoryId, RegistrationState, i64)>> {
    let own = categories::table.filter(categories::event_id.eq(event)).select(categories::id);
    registrations::table
        .filter(registrations::category_id.eq_any(own))
        .group_by((registrations::category_id, registrations::state))
        .select((registrations::category_id, registrations::state, count_star()))
        .load(db)
}

/// The delegations of an event by name.
pub(in crate::registration) fn delegations(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(DelegationId, String)>> {
    delegations::table
        .filter(delegations::event_id.eq(event))
        .order((delegations::name.asc(), delegations::id.asc()))
        .select((delegations::id, delegations::name))
        .load(db)
}

/// The batches of an event's invitation codes.
pub(in crate::registration) fn batches(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<String>> {
    invitation_codes::table
        .filter(invitation_codes::event_id.eq(event))
        .filter(invitation_codes::batch.ne(""))
        .distinct()
        .order(invitation_codes::batch.asc())
        .select(invitation_codes::batch)
        .load(db)
}
