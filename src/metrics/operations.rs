//! Taking the figures.

use super::store;
use crate::audit::operations as audit;
use crate::db::{DbConnection, UtcTime};
use crate::jobs::{self, LastRun};
use diesel::QueryResult;

/// Figures that stand in the database, and so are the same for every process.
#[derive(Debug)]
pub struct Figures {
    /// Mails in the queue.
    pub mail_waiting: i64,
    /// Since when the oldest of them is due.
    pub mail_oldest_due: Option<UtcTime>,
    /// How each recurring job ran the last time.
    pub jobs: Vec<LastRun>,
    /// Entries of the record of changes that are chained.
    pub chained: i32,
    /// Entries that wait to be.
    pub unchained: i64,
}

/// Takes the figures: a fixed number of queries, each answered by an index.
///
/// # Errors
/// When the database refuses.
pub fn figures(db: &mut DbConnection) -> QueryResult<Figures> {
    let (mail_waiting, mail_oldest_due) = store::waiting(db)?;
    Ok(Figures {
        mail_waiting,
        mail_oldest_due,
        jobs: jobs::last_runs(db)?,
        chained: audit::head(db)?.position,
        unchained: audit::waiting(db)?,
    })
}
