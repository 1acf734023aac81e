//! The table `form_openings`.

use super::Scope;
use crate::db::schema::form_openings;
use crate::db::{DbConnection, EventId, UtcTime};
use crate::each_backend;
use crate::numbers::model::OpenedFrom;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text, Timestamp};
use diesel::upsert::excluded;

/// Adds to what is counted already.
pub(in crate::numbers) fn add(
    db: &mut DbConnection,
    (event, hour, source): (EventId, UtcTime, &str),
    openings: i64,
) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(form_openings::table)
        .values((
            form_openings::event_id.eq(event),
            form_openings::hour.eq(hour),
            form_openings::source.eq(source),
            form_openings::openings.eq(openings),
        ))
        .on_conflict((form_openings::event_id, form_openings::hour, form_openings::source))
        .do_update()
        .set(form_openings::openings.eq(form_openings::openings + excluded(form_openings::openings)))
        .execute(backend))
    .map(drop)
}

/// The words that an event's openings are counted under.
pub(in crate::numbers) fn sources(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<String>> {
    form_openings::table.filter(form_openings::event_id.eq(event)).select(form_openings::source).distinct().load(db)
}

#[derive(QueryableByName)]
struct OpenedRow {
    #[diesel(sql_type = Text)]
    source: String,
    #[diesel(sql_type = BigInt)]
    opened: i64,
}

/// How often the form was opened in a span, by where from; the most first.
pub(in crate::numbers) fn opened(db: &mut DbConnection, scope: &Scope) -> QueryResult<Vec<OpenedFrom>> {
    // The sum of numbers of eight bytes is a decimal to Postgres.
    let sql = "SELECT source, CAST(sum(openings) AS BIGINT) AS opened FROM form_openings \
         WHERE event_id = $1 AND hour >= $2 AND hour < $3 GROUP BY source ORDER BY 2 DESC, 1";
    let rows: Vec<OpenedRow> = each_backend!(db, backend => sql_query(sql)
        .bind::<Text, _>(scope.event)
        .bind::<Timestamp, _>(scope.from)
        .bind::<Timestamp, _>(scope.to)
        .load(backend))?;
    Ok(rows.into_iter().map(|row| OpenedFrom { source: row.source, openings: row.opened }).collect())
}
