//! Counting scans.

use super::{Scope, hour_of, hour_text, read};
use crate::checkin::model::{EntryRule, ScanResult};
use crate::db::schema::{gates, presences, registrations};
use crate::db::{DbConnection, GateId, UtcTime};
use crate::each_backend;
use crate::numbers::model::{CameOnDay, ScannedInHour};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};
use std::fmt::Write;

#[derive(QueryableByName)]
struct ScanRow {
    #[diesel(sql_type = Nullable<Text>)]
    gate_id: Option<GateId>,
    #[diesel(sql_type = Text)]
    hour: String,
    #[diesel(sql_type = BigInt)]
    entered: i64,
    #[diesel(sql_type = BigInt)]
    refused: i64,
}

/// The results with which a person came in, for a list in a statement.
fn entries() -> String {
    format!("'{}', '{}'", ScanResult::In, ScanResult::Admitted)
}

/// What narrows scans to a category: the registrations of those scans alone.
const OF_CATEGORY: &str =
    "($2 = '' OR registration_id IN (SELECT id FROM registrations WHERE event_id = $1 AND category_id = $2))";

/// Scans of a span by gate and hour.
pub(in crate::numbers) fn scanned(db: &mut DbConnection, scope: &Scope) -> QueryResult<Vec<ScannedInHour>> {
    let (hour, text, entries) = (hour_of(db, "scanned_at", scope.step), hour_text(db, "hour"), entries());
    let sql = format!(
        "SELECT gate_id, {text} AS hour, entered, refused FROM (SELECT gate_id, {hour} AS hour, \
         count(CASE WHEN result IN ({entries}) THEN 1 END) AS entered, \
         count(CASE WHEN result NOT IN ({entries}, '{out}') THEN 1 END) AS refused FROM scans \
         WHERE event_id = $1 AND {OF_CATEGORY} AND scanned_at >= $3 AND scanned_at < $4 GROUP BY 1, 2) AS hours",
        out = ScanResult::Out,
    );
    let category = scope.category();
    let rows: Vec<ScanRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .bind::<Timestamp, _>(scope.from)
        .bind::<Timestamp, _>(scope.to)
        .load(backend))?;
    rows.into_iter()
        .map(|row| {
            Ok(ScannedInHour { gate: row.gate_id, hour: read(&row.hour)?, entered: row.entered, refused: row.refused })
        })
        .collect()
}

#[derive(QueryableByName)]
struct CameRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
    #[diesel(sql_type = BigInt)]
    people: i64,
    #[diesel(sql_type = BigInt)]
    entries: i64,
}

/// How many people were let in on each of some days, each with its first instant and the one after its last.
pub(in crate::numbers) fn came(
    db: &mut DbConnection,
    scope: &Scope,
    days: &[(NaiveDate, UtcTime, UtcTime)],
) -> QueryResult<Vec<CameOnDay>> {
    let (Some((_, from, _)), Some((_, _, to))) = (days.first(), days.last()) else { return Ok(Vec::new()) };
    let mut number = String::new();
    for (index, (_, _, end)) in days.iter().enumerate() {
        let end = end.to_chrono().format("%Y-%m-%d %H:%M:%S");
        // Writing to a string can't fail.
        let _ = write!(number, "WHEN scanned_at < '{end}' THEN {index} ");
    }
    let entries = entries();
    let sql = format!(
        "SELECT CAST(CASE {number} END AS BIGINT) AS number, count(DISTINCT registration_id) AS people, count(*) AS entries FROM scans \
         WHERE event_id = $1 AND {OF_CATEGORY} AND scanned_at >= $3 AND scanned_at < $4 AND result IN ({entries}) GROUP BY 1"
    );
    let category = scope.category();
    let rows: Vec<CameRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Text, _>(&category)
        .bind::<Timestamp, _>(*from)
        .bind::<Timestamp, _>(*to)
        .load(backend))?;
    let on_day = |(index, (day, ..)): (usize, &(NaiveDate, UtcTime, UtcTime))| {
        let row = rows.iter().find(|row| usize::try_from(row.number) == Ok(index));
        CameOnDay { day: *day, people: row.map_or(0, |row| row.people), entries: row.map_or(0, |row| row.entries) }
    };
    Ok(days.iter().enumerate().map(on_day).collect())
}

/// How many people are inside by gates at which they scan out too, doors of sessions aside.
pub(in crate::numbers) fn inside(db: &mut DbConnection, scope: &Scope) -> QueryResult<i64> {
    let mut query = presences::table
        .inner_join(gates::table.on(gates::id.eq(presences::gate_id)))
        .inner_join(registrations::table.on(registrations::id.eq(presences::registration_id)))
        .filter(gates::event_id.eq(scope.event))
        .filter(gates::entry.eq(EntryRule::Counted))
        .filter(gates::session_id.is_null())
        .filter(presences::is_inside)
        .into_boxed();
    if let Some(category) = scope.category {
        query = query.filter(registrations::category_id.eq(category));
    }
    query.select(diesel::dsl::count(presences::registration_id).aggregate_distinct()).get_result(db)
}
