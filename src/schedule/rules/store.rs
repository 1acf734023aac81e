//! The table `schedule_rules`.

use crate::db::schema::schedule_rules;
use crate::db::{DbConnection, EventId};
use crate::schedule::draft::Rules;
use diesel::prelude::*;

/// How often an event's rules were edited; 0 while there is no row.
pub(super) fn version(db: &mut DbConnection, event: EventId) -> QueryResult<i32> {
    let version = schedule_rules::table.find(event).select(schedule_rules::version).first(db).optional()?;
    Ok(version.unwrap_or(0))
}

/// Puts an event's rules in place of its present ones, of which there are none where `is_first`.
pub(super) fn put(db: &mut DbConnection, rules: &Rules, is_first: bool) -> QueryResult<()> {
    if is_first {
        diesel::insert_into(schedule_rules::table).values(rules.clone()).execute(db)?;
    } else {
        diesel::update(schedule_rules::table.find(rules.event_id)).set(rules.clone()).execute(db)?;
    }
    Ok(())
}
