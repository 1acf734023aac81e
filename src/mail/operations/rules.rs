//! What an event says of its mail, and pausing it.

use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::mail::policy::{Pause, Rules};
use crate::mail::store;
use diesel::QueryResult;
use serde_json::json;

/// Why rules were not kept.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Somebody else changed them since they were opened.
    #[error("the rules were changed meanwhile")]
    Changed,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(RulesError);

/// What an event says of its mail.
///
/// # Errors
/// When the database refuses.
pub fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<Rules> {
    Ok(store::pauses::rules(db, event)?.unwrap_or_default())
}

/// Keeps what an event says of its mail, written at the version that `rules` names. It holds for what is queued from
/// now on.
///
/// # Errors
/// When somebody else changed it since.
pub fn keep_rules(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    rules: &Rules,
) -> Result<(), RulesError> {
    if !store::pauses::keep_rules(db, now, event, rules)? {
        return Err(RulesError::Changed);
    }
    let minutes = rules.quiet.map(crate::mail::quiet::QuietHours::minutes);
    let entry = Entry::new(Some(event), actor, "mail.rules", "event", event.as_str());
    audit::note(db, now, &entry.with(json!({ "held": rules.held, "quiet": minutes })))?;
    Ok(())
}

/// Where sending is paused.
///
/// # Errors
/// When the database refuses.
pub fn pauses(db: &mut DbConnection) -> QueryResult<Vec<Pause>> {
    store::pauses::all(db)
}

/// Pauses the mail of an event, or of the installation where there is none; or lets it leave again. Whoever did so
/// before stays who did it.
///
/// # Errors
/// When the database refuses.
pub fn set_paused(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: Option<EventId>,
    paused: bool,
) -> QueryResult<()> {
    let by = if let Actor::User(id) = actor { Some(id) } else { None };
    let changed = if paused { store::pauses::pause(db, now, event, by)? } else { store::pauses::resume(db, event)? };
    if changed {
        let action = if paused { "mail.paused" } else { "mail.resumed" };
        let id = event.map(|event| event.to_string()).unwrap_or_default();
        audit::note(db, now, &Entry::new(event, actor, action, "event", &id))?;
    }
    Ok(())
}

/// The domains that are spared because they asked for fewer, with until when and their words.
///
/// # Errors
/// When the database refuses.
pub fn spared_domains(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<(String, UtcTime, String)>> {
    store::pacing::spared(db, now)
}
