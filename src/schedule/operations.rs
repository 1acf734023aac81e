//! Reading drafts and publishing releases.

use super::concerns::{Found, count};
use super::draft::{Block, Draft, Rules};
use super::draft_store;
use super::model::Programme;
pub use super::releases::model::ReleaseSummary;
pub use super::releases::operations::{blocking, latest_release, releasable, release, release_of_number, releases};
use super::store;
use crate::db::{DbConnection, DbError, EventId};
use crate::db_failure;
use crate::events::model::Event;
use diesel::QueryResult;

/// Why a release was refused.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Nothing in the draft is accepted or confirmed.
    #[error("the draft has no accepted or confirmed session; there is nothing to release")]
    NothingToRelease,
    /// Concerns block the release; they are not muted, and were not to be ignored.
    #[error("{} concerns block the release", count(.0))]
    Blocked(Vec<Found>),
    /// Someone else released or planned something in the meantime.
    #[error("someone else has released or planned something in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ScheduleError);

/// The draft as a value: every session in whatever state, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn draft_programme(db: &mut DbConnection, event: &Event) -> QueryResult<Programme> {
    store::draft(db, event)
}

/// The draft with all that planners know of it, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn draft(db: &mut DbConnection, event: &Event) -> QueryResult<Draft> {
    let programme = store::draft(db, event)?;
    draft_store::complete(db, event, programme)
}

/// The rules of an event's timetable; the usual ones where it has set none.
///
/// # Errors
/// When the database refuses.
pub fn rules(db: &mut DbConnection, event: &Event) -> QueryResult<Rules> {
    draft_store::rules(db, event)
}

/// The blocks of an event by their start.
///
/// # Errors
/// When the database refuses.
pub fn blocks(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Block>> {
    draft_store::all_blocks(db, event)
}
