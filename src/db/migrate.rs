//! Migrations, embedded for each backend.

use super::connection::DbConnection;
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number that nothing else on the server uses for an advisory lock: "plenary" as digits.
const LOCK: &str = "7536279";

/// The schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
#[error("the database schema can't be brought up to date: {0}")]
pub struct MigrateError(pub(super) String);

fn failed(error: impl std::fmt::Display) -> MigrateError {
    MigrateError(error.to_string())
}

/// Applies what is missing and returns the names.
pub(super) fn up(connection: &mut DbConnection) -> Result<Vec<String>, MigrateError> {
    match connection {
        DbConnection::Sqlite(db) => {
            // The write lock is held throughout: a second process waits and finds nothing to do.
            db.immediate_transaction(|db| -> diesel::migration::Result<_> {
                Ok(db.run_pending_migrations(SQLITE)?.iter().map(ToString::to_string).collect())
            })
            .map_err(failed)
        }
        DbConnection::Postgres(db) => {
            // Several nodes may start at once; the others wait and find nothing to do.
            db.batch_execute(&format!("SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK})")).map_err(failed)?;
            let applied =
                db.run_pending_migrations(POSTGRES).map_err(failed)?.iter().map(ToString::to_string).collect();
            db.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})")).map_err(failed)?;
            Ok(applied)
        }
    }
}

/// Takes all back, newest first.
pub(super) fn down(connection: &mut DbConnection) -> Result<(), MigrateError> {
    match connection {
        DbConnection::Sqlite(db) => db.revert_all_migrations(SQLITE).map(drop).map_err(failed),
        DbConnection::Postgres(db) => db.revert_all_migrations(POSTGRES).map(drop).map_err(failed),
    }
}

/// The names of the migrations of both backends, for the test that compares them.
#[must_use]
pub fn names() -> [Vec<String>; 2] {
    let list = |migrations: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>>| {
        migrations.iter().map(|migration| migration.name().to_string()).collect()
    };
    let list_postgres = |migrations: Vec<Box<dyn Migration<diesel::pg::Pg>>>| {
        migrations.iter().map(|migration| migration.name().to_string()).collect()
    };
    [SQLITE.migrations().map(list).unwrap_or_default(), POSTGRES.migrations().map(list_postgres).unwrap_or_default()]
}
