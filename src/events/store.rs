//! The table `events`.

use super::model::Event;
use crate::db::DbConnection;
use crate::db::schema::events;
use diesel::prelude::*;

/// The event of this slug.
pub(crate) fn by_slug(db: &mut DbConnection, slug: &str) -> QueryResult<Option<Event>> {
    events::table.filter(events::slug.eq(slug)).select(Event::as_select()).first(db).optional()
}
