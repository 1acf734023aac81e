//! Use cases of events.

use super::model::Event;
use super::store;
use crate::db::DbConnection;
use diesel::QueryResult;

/// The event of this slug.
///
/// # Errors
/// When the database refuses.
pub fn by_slug(db: &mut DbConnection, slug: &str) -> QueryResult<Option<Event>> {
    store::by_slug(db, slug)
}
