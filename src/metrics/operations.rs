//! Taking the figures.

use crate::audit::operations as audit;
use crate::db::{DbConnection, UtcTime};
use crate::jobs::{self, LastRun};
use crate::mail::health::{self, MailState, Returned};
use diesel::QueryResult;

/// Figures that stand in the database, and so are the same for every process.
#[derive(Debug)]
pub struct Figures {
    /// How sending stands.
    pub mail: MailState,
    /// What came back.
    pub returned: Returned,
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
pub fn figures(db: &mut DbConnection, now: UtcTime) -> QueryResult<Figures> {
    Ok(Figures {
        mail: health::state(db, now)?,
        returned: health::returned(db)?,
        jobs: jobs::last_runs(db)?,
        chained: audit::head(db)?.position,
        unchained: audit::waiting(db)?,
    })
}
