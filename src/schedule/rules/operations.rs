//! Reading and setting the rules of an event's timetable.

use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::{touch_draft, touch_public};
use crate::schedule::draft::Rules;
use crate::schedule::draft_store;
use diesel::QueryResult;

/// Why rules were not set.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Someone else changed them since the page was opened.
    #[error("someone else changed the rules in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(RulesError);

/// The rules of an event's timetable; the usual ones where it has set none.
///
/// # Errors
/// When the database refuses.
pub fn rules(db: &mut DbConnection, event: &Event) -> QueryResult<Rules> {
    draft_store::rules(db, event)
}

/// Sets the rules, if they are still as `rules.version` has them.
///
/// # Errors
/// When someone else was faster.
pub fn set(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    mut rules: Rules,
) -> Result<(), RulesError> {
    // First of all, so that two that set them at the same moment wait for each other.
    touch_draft(db, event.id)?;
    let present = store::version(db, event.id)?;
    if present != rules.version {
        return Err(RulesError::Stale);
    }
    (rules.event_id, rules.version, rules.updated_at) = (event.id, present + 1, now);
    store::put(db, &rules, present == 0)?;
    // How long pages say "moved from" is for the public to see.
    touch_public(db, event.id)?;
    audit::note(db, now, &Entry::new(Some(event.id), actor, "rules.changed", "event", event.id.as_str()))?;
    Ok(())
}
