//! SQL of the numbers: grouped queries that both databases answer along an index alone.

pub(in crate::numbers) mod attention;
pub(in crate::numbers) mod door;
pub(in crate::numbers) mod openings;
pub(in crate::numbers) mod registrations;
pub(in crate::numbers) mod seats;

use super::days::{Step, instant};
use crate::db::{CategoryId, DbConnection, EventId, UtcTime};

/// Which rows are counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::numbers) struct Scope {
    /// Of this event.
    pub event: EventId,
    /// In this category only.
    pub category: Option<CategoryId>,
    /// From this instant on.
    pub from: UtcTime,
    /// Up to this instant.
    pub to: UtcTime,
    /// What instants are counted by.
    pub step: Step,
}

impl Scope {
    /// The category as statements compare it: empty for all.
    fn category(&self) -> String {
        self.category.map(|category| category.to_string()).unwrap_or_default()
    }
}

/// The expression for the beginning of the step that a column's instant lies in, as text.
fn hour_of(db: &DbConnection, column: &str, step: Step) -> String {
    match (db, step) {
        (DbConnection::Sqlite(_), Step::Hour) => format!("substr({column}, 1, 13) || ':00'"),
        (DbConnection::Sqlite(_), Step::Quarter) => format!(
            "substr({column}, 1, 14) || substr('00153045', 1 + 2 * (CAST(substr({column}, 15, 2) AS INTEGER) / 15), 2)"
        ),
        (DbConnection::Postgres(_), Step::Hour) => format!("date_trunc('hour', {column})"),
        (DbConnection::Postgres(_), Step::Quarter) => {
            format!("date_bin('15 minutes', {column}, TIMESTAMP '2000-01-01')")
        }
    }
}

/// The same as a text that is written once for each group, where writing it is dear.
fn hour_text(db: &DbConnection, hour: &str) -> String {
    match db {
        DbConnection::Sqlite(_) => hour.to_owned(),
        DbConnection::Postgres(_) => format!("to_char({hour}, 'YYYY-MM-DD HH24:MI')"),
    }
}

/// A column that SQLite may not choose an index by: the one that holds everything else is better.
fn unindexed(db: &DbConnection, column: &str) -> String {
    match db {
        DbConnection::Sqlite(_) => format!("+{column}"),
        DbConnection::Postgres(_) => column.to_owned(),
    }
}

/// The instant that a row names; one that can't be read is a bug of the statement.
fn read(hour: &str) -> diesel::QueryResult<UtcTime> {
    instant(hour).ok_or_else(|| {
        diesel::result::Error::DeserializationError(format!("{hour:?} is no beginning of an hour").into())
    })
}
