//! What can be asked of a database about itself. Changes nothing.

use super::connection::DbConnection;
use super::migrate;
use super::types::UtcTime;
use diesel::prelude::*;
use diesel::sql_types::{Text, Timestamp};

/// How the schema differs from the program's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Migrations that are to be applied.
    pub missing: Vec<String>,
    /// Versions that were applied and that this program does not know.
    pub unknown: Vec<String>,
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

#[derive(QueryableByName)]
struct Moment {
    #[diesel(sql_type = Timestamp)]
    at: UtcTime,
}

/// What speaks against the database being whole.
pub(super) fn integrity(db: &mut DbConnection) -> QueryResult<Vec<String>> {
    let query = match db {
        DbConnection::Sqlite(_) => "SELECT quick_check AS line FROM pragma_quick_check LIMIT 10",
        // What an interrupted change of an index leaves behind.
        DbConnection::Postgres(_) => {
            "SELECT 'the index ' || indexrelid::regclass::text || ' is not valid' AS line FROM pg_index WHERE NOT indisvalid"
        }
    };
    let lines: Vec<Line> = diesel::sql_query(query).load(db)?;
    Ok(lines.into_iter().map(|line| line.line).filter(|line| line != "ok").collect())
}

/// How the schema differs from the program's.
pub(super) fn pending(db: &mut DbConnection) -> QueryResult<Pending> {
    let [sqlite, postgres] = migrate::names();
    let names = match db {
        DbConnection::Sqlite(_) => sqlite,
        DbConnection::Postgres(_) => postgres,
    };
    let there = match db {
        DbConnection::Sqlite(_) => "SELECT name AS line FROM sqlite_master WHERE name = '__diesel_schema_migrations'",
        DbConnection::Postgres(_) => {
            "SELECT table_name::text AS line FROM information_schema.tables WHERE table_name = '__diesel_schema_migrations'"
        }
    };
    if diesel::sql_query(there).load::<Line>(db)?.is_empty() {
        return Ok(Pending { missing: names, unknown: Vec::new() });
    }
    let applied: Vec<Line> =
        diesel::sql_query("SELECT version AS line FROM __diesel_schema_migrations ORDER BY version").load(db)?;
    let version = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
    let known: Vec<String> = names.iter().map(|name| version(name)).collect();
    Ok(Pending {
        missing: names.into_iter().filter(|name| applied.iter().all(|line| line.line != version(name))).collect(),
        unknown: applied.into_iter().map(|line| line.line).filter(|line| !known.contains(line)).collect(),
    })
}

/// What the clock of the server says.
pub(super) fn clock(db: &mut DbConnection) -> QueryResult<Option<UtcTime>> {
    match db {
        DbConnection::Sqlite(_) => Ok(None),
        DbConnection::Postgres(_) => {
            let query = "SELECT (clock_timestamp() AT TIME ZONE 'UTC') AS at";
            diesel::sql_query(query).get_result::<Moment>(db).map(|moment| Some(moment.at))
        }
    }
}
