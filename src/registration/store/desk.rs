//! Lists of registrations that stay fast with 100,000 rows.
//!
//! Whether a filter lets few or many through decides how a page is found. Few: the narrow table
//! `desk_lines` says who they are, and their rows are fetched. Many: an index is walked in the list's order
//! until the page is full. Either way it goes by keyset, never by offset.

use crate::db::schema::{categories, chosen_answers, delegations, desk_lines, invitation_codes, registrations};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use crate::registration::bulk::model::Concerned;
use crate::registration::desk::{DeskFilter, ExportRow, SortBy};
use crate::registration::model::{Registration, RegistrationState};
use diesel::dsl::{count_star, exists, sql};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

type Backend = <DbConnection as diesel::Connection>::Backend;
type Rows = registrations::BoxedQuery<'static, Backend>;
/// Where a registration stands in each order.
#[derive(Clone, Debug, Queryable)]
struct Place {
    id: RegistrationId,
    created_at: UtcTime,
    sort_key: String,
    state: RegistrationState,
    category: CategoryId,
    country: String,
}

/// The country by which lists are ordered: an index has one place for whoever has none.
fn country_key() -> SqlLiteral<Text> {
    sql("COALESCE(registrations.country, '')")
}

/// When somebody registered, so said that SQLite, which knows nothing of how many registered in a time, does not
/// take the index by time and sort what it finds.
fn created_unindexed() -> SqlLiteral<Timestamp> {
    sql("COALESCE(registrations.created_at, registrations.created_at)")
}

/// Narrows a query by when somebody registered.
macro_rules! dated {
    ($query:expr, $created_at:expr, $filter:expr) => {{
        let (mut query, filter): (_, &DeskFilter) = ($query, $filter);
        let (from, until) = filter.span();
        if let Some(from) = from {
            query = query.filter($created_at.ge(from));
        }
        if let Some(until) = until {
            query = query.filter($created_at.lt(until));
        }
        if let Some(made_by) = filter.made_by {
            query = query.filter($created_at.le(made_by));
        }
        query
    }};
}

/// Narrows a query by everything else that both tables hold.
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
        for word in filter.words() {
            query = query.filter($rows::search_key.like(pattern(&word)).escape('\\'));
        }
        query
    }};
}

/// So many who gave an answer are few: they are looked up. Where it is frequent, each line is asked for it instead.
const FEW_ANSWERS: i64 = 5_000;

/// Those who gave the answer that a filter asks for; a macro, because a query of a type of its own could not be
/// asked for a row of another table.
macro_rules! given {
    ($wanted:expr) => {
        chosen_answers::table
            .filter(chosen_answers::question_id.eq($wanted.question))
            .filter(chosen_answers::choice.eq($wanted.choice.clone()))
    };
}

/// The lines that a filter lets through, in no order.
fn lines(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<desk_lines::BoxedQuery<'static, Backend>> {
    let query = desk_lines::table.filter(desk_lines::event_id.eq(filter.event)).into_boxed();
    let mut query = dated!(narrowed!(query, desk_lines, filter), desk_lines::created_at, filter);
    if let Some(state) = filter.state {
        query = query.filter(desk_lines::state.eq(state));
    }
    if let Some(category) = filter.category {
        query = query.filter(desk_lines::category_id.eq(category));
    }
    if let Some(wanted) = &filter.answer {
        let some: Vec<RegistrationId> =
            given!(wanted).limit(FEW_ANSWERS).select(chosen_answers::registration_id).load(db)?;
        query = if (some.len() as i64) < FEW_ANSWERS {
            query.filter(desk_lines::registration_id.eq_any(some))
        } else {
            query.filter(exists(given!(wanted).filter(chosen_answers::registration_id.eq(desk_lines::registration_id))))
        };
    }
    Ok(query)
}

/// The registrations that a filter lets through which asks for nothing but times, state and category: an index
/// by time holds all three.
fn in_time(filter: &DeskFilter) -> Option<Rows> {
    if !filter.is_only_dated() {
        return None;
    }
    let query = registrations::table.filter(registrations::event_id.eq(filter.event)).into_boxed();
    let mut query = dated!(query, registrations::created_at, filter);
    if let Some(state) = filter.state {
        query = query.filter(registrations::state.concat("").eq(state.as_str()));
    }
    if let Some(category) = filter.category {
        query = query.filter(registrations::category_id.concat("").eq(category.to_string()));
    }
    Some(query)
}

/// Up to `limit` registrations that a filter lets through, in no order. Stops looking once it has so many.
pub(in crate::registration) fn ids(
    db: &mut DbConnection,
    filter: &DeskFilter,
    limit: i64,
) -> QueryResult<Vec<RegistrationId>> {
    match in_time(filter) {
        Some(rows) => rows.limit(limit).select(registrations::id).load(db),
        None => lines(db, filter)?.limit(limit).select(desk_lines::registration_id).load(db),
    }
}

/// Whom a filter lets through, as far as a change of many needs to know them; those who registered first come first.
pub(in crate::registration) fn concerned(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<Vec<Concerned>> {
    lines(db, filter)?
        .order(desk_lines::registration_id)
        .select((desk_lines::registration_id, desk_lines::state, desk_lines::category_id))
        .load(db)
}

/// How many a filter lets through.
pub(in crate::registration) fn count(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<i64> {
    if let Some(rows) = in_time(filter) {
        return rows.count().get_result(db);
    }
    // A question belongs to one event: its answers alone tell how many gave them.
    if let Some(wanted) = filter.answer.as_ref().filter(|_| filter.is_only_answered()) {
        return given!(wanted).count().get_result(db);
    }
    lines(db, filter)?.count().get_result(db)
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

/// The same as a file shows them.
pub(in crate::registration) fn export_rows(
    db: &mut DbConnection,
    filter: &DeskFilter,
    limit: i64,
) -> QueryResult<Vec<ExportRow>> {
    let place = place_of(db, filter)?;
    ordered(walked(filter), filter, place).limit(limit).select(ExportRow::as_select()).load(db)
}

/// The rows that a filter lets through, found by walking an index. Joined with an empty text, state and category
/// don't tempt SQLite, which knows nothing of how many rows have them, to use their indexes and sort.
fn walked(filter: &DeskFilter) -> Rows {
    let query = registrations::table.filter(registrations::event_id.eq(filter.event)).into_boxed();
    let mut query = narrowed!(query, registrations, filter);
    query = match filter.sort {
        SortBy::Created | SortBy::State => dated!(query, registrations::created_at, filter),
        SortBy::Name | SortBy::Category | SortBy::Country => dated!(query, created_unindexed(), filter),
    };
    query = match (filter.state, filter.sort) {
        (None, _) => query,
        (Some(state), SortBy::Created | SortBy::State) => query.filter(registrations::state.eq(state)),
        (Some(state), _) => query.filter(registrations::state.concat("").eq(state.as_str())),
    };
    query = match (filter.category, filter.sort) {
        (None, _) => query,
        (Some(category), SortBy::Category) => query.filter(registrations::category_id.eq(category)),
        (Some(category), _) => query.filter(registrations::category_id.concat("").eq(category.to_string())),
    };
    if let Some(country) = filter.country.filter(|_| filter.sort == SortBy::Country) {
        query = query.filter(country_key().eq(country.as_str()));
    }
    if let Some(wanted) = &filter.answer {
        query = query.filter(exists(given!(wanted).filter(chosen_answers::registration_id.eq(registrations::id))));
    }
    query
}

/// Orders rows by a value, or by groups and in each by time, and lastly by id; after `place`. Written as "at or
/// beyond the value, and beyond it or beyond the id": the first half is a range of the index.
macro_rules! walk {
    ($query:expr, $key:expr, $place:expr, $ascends:expr) => {{
        let query = match ($place, $ascends) {
            (None, _) => $query,
            (Some((last, value)), true) => $query.filter($key.ge(value.clone())).filter($key.gt(value).or(id.gt(last))),
            (Some((last, value)), false) => {
                $query.filter($key.le(value.clone())).filter($key.lt(value).or(id.lt(last)))
            }
        };
        if $ascends { query.order(($key.asc(), id.asc())) } else { query.order(($key.desc(), id.desc())) }
    }};
    ($query:expr, $key:expr, $place:expr, $ascends:expr, in groups) => {{
        let query = match ($place, $ascends) {
            (None, _) => $query,
            (Some((last, at, value)), true) => $query
                .filter($key.ge(value.clone()))
                .filter($key.gt(value).or(created_at.gt(at)).or(created_at.eq(at).and(id.gt(last)))),
            (Some((last, at, value)), false) => $query
                .filter($key.le(value.clone()))
                .filter($key.lt(value).or(created_at.lt(at)).or(created_at.eq(at).and(id.lt(last)))),
        };
        if $ascends {
            query.order(($key.asc(), created_at.asc(), id.asc()))
        } else {
            query.order(($key.desc(), created_at.desc(), id.desc()))
        }
    }};
}

/// The rows in the filter's order, after `place`. The newest come first unless the order is turned round; all
/// else begins at its beginning.
fn ordered(query: Rows, filter: &DeskFilter, place: Option<Place>) -> Rows {
    use registrations::{category_id, created_at, id, sort_key, state};
    let ascends = (filter.sort != SortBy::Created) != filter.is_reversed;
    match filter.sort {
        SortBy::Created => walk!(query, created_at, place.map(|place| (place.id, place.created_at)), ascends),
        SortBy::Name => walk!(query, sort_key, place.map(|place| (place.id, place.sort_key)), ascends),
        SortBy::State => {
            walk!(query, state, place.map(|place| (place.id, place.created_at, place.state)), ascends, in groups)
        }
        SortBy::Category => {
            let place = place.map(|place| (place.id, place.created_at, place.category));
            walk!(query, category_id, place, ascends, in groups)
        }
        SortBy::Country => {
            let place = place.map(|place| (place.id, place.created_at, place.country));
            walk!(query, country_key(), place, ascends, in groups)
        }
    }
}

/// Where the list goes on.
fn place_of(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<Option<Place>> {
    use registrations::{category_id, created_at, event_id, id, sort_key, state};
    let Some(after) = filter.after else { return Ok(None) };
    registrations::table
        .find(after)
        .filter(event_id.eq(filter.event))
        .select((id, created_at, sort_key, state, category_id, country_key()))
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

/// The delegations of an event by name.
pub(in crate::registration) fn delegations(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(DelegationId, Localized)>> {
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
