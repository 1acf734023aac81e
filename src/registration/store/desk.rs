//! Lists of registrations that stay fast with 100,000 rows: by keyset, never by offset, each order
//! along an index.

use crate::db::schema::{categories, registrations};
use crate::db::{CategoryId, DbConnection, EventId, RegistrationId, UtcTime};
use crate::registration::desk::{DeskFilter, SortBy};
use crate::registration::model::{Registration, RegistrationState};
use diesel::dsl::count_star;
use diesel::prelude::*;

/// Where a registration stands in each order.
type Place = (UtcTime, String, RegistrationState);

/// Up to `limit` registrations that the filter lets through, in its order.
pub(in crate::registration) fn list(
    db: &mut DbConnection,
    filter: &DeskFilter,
    limit: i64,
) -> QueryResult<Vec<Registration>> {
    let mut query = registrations::table.filter(registrations::event_id.eq(filter.event)).into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(registrations::state.eq(state));
    }
    if let Some(category) = filter.category {
        query = query.filter(registrations::category_id.eq(category));
    }
    if let Some(country) = filter.country {
        query = query.filter(registrations::country.eq(country.as_str()));
    }
    for word in filter.words() {
        query = query.filter(registrations::search_key.like(pattern(&word)).escape('\\'));
    }
    let place = match filter.after {
        Some(after) => place_of(db, filter.event, after)?.map(|place| (after, place)),
        None => None,
    };
    // Written as "at or beyond the value, and beyond it or beyond the id": the first half is a range of the index.
    query = match (filter.sort, place) {
        (_, None) => query,
        (SortBy::Created, Some((id, (created, _, _)))) => query
            .filter(registrations::created_at.le(created))
            .filter(registrations::created_at.lt(created).or(registrations::id.lt(id))),
        (SortBy::Name, Some((id, (_, name, _)))) => query
            .filter(registrations::sort_key.ge(name.clone()))
            .filter(registrations::sort_key.gt(name).or(registrations::id.gt(id))),
        (SortBy::State, Some((id, (created, _, state)))) => {
            let later = registrations::created_at.gt(created);
            let same = registrations::created_at.eq(created).and(registrations::id.gt(id));
            query.filter(registrations::state.ge(state)).filter(registrations::state.gt(state).or(later).or(same))
        }
    };
    query = match filter.sort {
        SortBy::Created => query.order((registrations::created_at.desc(), registrations::id.desc())),
        SortBy::Name => query.order((registrations::sort_key.asc(), registrations::id.asc())),
        SortBy::State => {
            query.order((registrations::state.asc(), registrations::created_at.asc(), registrations::id.asc()))
        }
    };
    query.limit(limit).select(Registration::as_select()).load(db)
}

fn place_of(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Place>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select((registrations::created_at, registrations::sort_key, registrations::state))
        .first(db)
        .optional()
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
