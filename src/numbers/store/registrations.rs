//! Counting registrations.

use super::{Scope, hour_of, hour_text, read, unindexed};
use crate::db::{CategoryId, DbConnection, EventId};
use crate::each_backend;
use crate::numbers::model::{EndedInHour, Group, MadeInHour, Organisations, Part, Tally};
use crate::registration::model::{RegistrationState, Source};
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

#[derive(QueryableByName)]
struct GroupRow {
    #[diesel(sql_type = Text)]
    category_id: CategoryId,
    #[diesel(sql_type = Text)]
    state: RegistrationState,
    #[diesel(sql_type = Nullable<Text>)]
    country: Option<String>,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    source: Source,
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    verified: i64,
    #[diesel(sql_type = BigInt)]
    came: i64,
}

/// Registrations of a span, put together by everything that they are counted by.
pub(in crate::numbers) fn groups(db: &mut DbConnection, scope: &Scope) -> QueryResult<Vec<Group>> {
    let created = unindexed(db, "created_at");
    let sql = format!(
        "SELECT category_id, state, country, language, source, count(*) AS made, \
         count(confirmed_at) AS verified, count(came_at) AS came FROM registrations \
         WHERE event_id = $1 AND ($2 = '' OR category_id = $2) AND {created} >= $3 AND {created} < $4 \
         GROUP BY category_id, state, country, language, source"
    );
    let category = scope.category();
    let rows: Vec<GroupRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .bind::<Timestamp, _>(scope.from)
        .bind::<Timestamp, _>(scope.to)
        .load(backend))?;
    let group = |row: GroupRow| Group {
        category: row.category_id,
        state: row.state,
        country: row.country,
        language: row.language,
        source: row.source,
        count: row.made,
        verified: row.verified,
        came: row.came,
    };
    Ok(rows.into_iter().map(group).collect())
}

/// Whether a row is of one of these categories. Ids are ours and hold nothing that could end a text.
fn is_among(categories: &[CategoryId]) -> String {
    let listed: Vec<String> = categories.iter().map(|category| format!("'{category}'")).collect();
    if listed.is_empty() { "1 = 0".to_owned() } else { format!("category_id IN ({})", listed.join(", ")) }
}

#[derive(QueryableByName)]
struct MadeRow {
    #[diesel(sql_type = Text)]
    hour: String,
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    holding: i64,
}

/// Registrations by the hour in which they were made. Those before the span count too: they hold places in it.
/// Places are counted in the categories of `places` alone.
pub(in crate::numbers) fn made(
    db: &mut DbConnection,
    scope: &Scope,
    places: &[CategoryId],
) -> QueryResult<Vec<MadeInHour>> {
    let hour = hour_of(db, "created_at", scope.step);
    let text = hour_text(db, "hour");
    let holding: Vec<String> =
        RegistrationState::ALL.iter().filter(|state| state.holds_place()).map(|state| format!("'{state}'")).collect();
    let (holding, is_counted) = (holding.join(", "), is_among(places));
    let sql = format!(
        "SELECT {text} AS hour, made, holding FROM (SELECT {hour} AS hour, count(*) AS made, \
         count(CASE WHEN state IN ({holding}) AND {is_counted} THEN 1 END) AS holding FROM registrations \
         WHERE event_id = $1 AND ($2 = '' OR category_id = $2) AND created_at >= $3 AND created_at < $4 GROUP BY 1) AS hours"
    );
    let category = scope.category();
    let rows: Vec<MadeRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .bind::<Timestamp, _>(scope.from)
        .bind::<Timestamp, _>(scope.to)
        .load(backend))?;
    rows.into_iter()
        .map(|row| Ok(MadeInHour { hour: read(&row.hour)?, registered: row.made, holding: row.holding }))
        .collect()
}

#[derive(QueryableByName)]
struct EndedRow {
    #[diesel(sql_type = Text)]
    hour: String,
    #[diesel(sql_type = Text)]
    begun: String,
    #[diesel(sql_type = BigInt)]
    ended: i64,
    #[diesel(sql_type = BigInt)]
    held: i64,
}

/// Registrations that ended, by the hours in which they were made and ended. Who has waited and never
/// confirmed anything held no place.
/// Places are counted in the categories of `places` alone.
pub(in crate::numbers) fn ended(
    db: &mut DbConnection,
    scope: &Scope,
    places: &[CategoryId],
) -> QueryResult<Vec<EndedInHour>> {
    let is_counted = is_among(places);
    let (hour, begun) = (hour_of(db, "ended_at", scope.step), hour_of(db, "created_at", scope.step));
    let (hour_text, begun_text) = (hour_text(db, "hour"), hour_text(db, "begun"));
    let sql = format!(
        "SELECT {hour_text} AS hour, {begun_text} AS begun, ended, held FROM (SELECT {hour} AS hour, {begun} AS begun, \
         count(*) AS ended, count(CASE WHEN (waits_since IS NULL OR confirmed_at IS NOT NULL) AND {is_counted} THEN 1 END) AS held \
         FROM registrations WHERE event_id = $1 AND ended_at IS NOT NULL AND ($2 = '' OR category_id = $2) GROUP BY 1, 2) AS ends"
    );
    let category = scope.category();
    let rows: Vec<EndedRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .load(backend))?;
    rows.into_iter()
        .map(|row| {
            Ok(EndedInHour { hour: read(&row.hour)?, made: read(&row.begun)?, count: row.ended, held: row.held })
        })
        .collect()
}

#[derive(QueryableByName)]
struct OrganisationRow {
    #[diesel(sql_type = Text)]
    organisation: String,
    #[diesel(sql_type = BigInt)]
    made: i64,
    #[diesel(sql_type = BigInt)]
    standing: i64,
    #[diesel(sql_type = BigInt)]
    organisations: i64,
}

/// The organisations with the most people, and how many there are. The empty name is everybody without one.
pub(in crate::numbers) fn organisations(
    db: &mut DbConnection,
    scope: &Scope,
    limit: i64,
) -> QueryResult<Organisations> {
    let created = unindexed(db, "created_at");
    let sql = format!(
        "SELECT organisation, made, standing, count(*) OVER () AS organisations FROM \
         (SELECT organisation, count(*) AS made, count(CASE WHEN ended_at IS NULL THEN 1 END) AS standing FROM registrations \
         WHERE event_id = $1 AND ($2 = '' OR category_id = $2) AND {created} >= $3 AND {created} < $4 GROUP BY organisation) AS named \
         ORDER BY standing DESC, made DESC, organisation LIMIT $5"
    );
    let category = scope.category();
    let rows: Vec<OrganisationRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .bind::<Timestamp, _>(scope.from)
        .bind::<Timestamp, _>(scope.to)
        .bind::<BigInt, _>(limit)
        .load(backend))?;
    let count = rows.first().map_or(0, |row| row.organisations);
    let part = |row: OrganisationRow| Part {
        key: row.organisation,
        tally: Tally { registered: row.made, standing: row.standing, ..Tally::default() },
    };
    Ok(Organisations { first: rows.into_iter().map(part).collect(), count, ..Organisations::default() })
}

/// How many wait in each category now.
pub(in crate::numbers) fn waiting(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(CategoryId, i64)>> {
    use crate::db::schema::registrations as r;
    r::table
        .filter(r::event_id.eq(event))
        .filter(r::state.eq(RegistrationState::Waitlisted))
        .group_by(r::category_id)
        .select((r::category_id, diesel::dsl::count_star()))
        .load(db)
}
