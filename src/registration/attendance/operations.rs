//! Setting zones and rules up.

use super::model::{AttendanceRules, Speaking, Zone};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, RegistrationId, SpeakerId, UtcTime, ZoneId};
use crate::db_failure;
use crate::i18n::{Lang, Localized, free_code, slug};
use crate::registration::operations::{EnrolError, Enrolment, enrol};
use diesel::QueryResult;
use std::collections::HashSet;

/// Why a zone or a rule was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AttendanceError {
    /// There is no such zone at this event.
    #[error("no such zone")]
    NotFound,
    /// Someone else changed it in the meantime.
    #[error("someone else changed the rules in the meantime")]
    Stale,
    /// A gate leads to the zone: without it, the gate would let everybody in.
    #[error("a gate leads to the zone")]
    InUse,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(AttendanceError);

/// The zones of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn zones(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Zone>> {
    store::zones_of(db, event)
}

/// Adds a zone; its code comes from its name.
///
/// # Errors
/// When the database refuses.
pub fn add_zone(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    name: &Localized,
) -> QueryResult<ZoneId> {
    let others = store::zones_of(db, event)?;
    let mut taken: HashSet<String> = others.iter().map(|zone| zone.code.clone()).collect();
    let word = name.iter().next().map(|(_, text)| slug(text)).filter(|word| !word.is_empty());
    let code = free_code(word.as_deref().unwrap_or("zone"), &mut taken);
    let zone = Zone { id: ZoneId::new(), event_id: event, code, name: name.clone() };
    store::insert_zone(db, &zone, i32::try_from(others.len()).unwrap_or(i32::MAX))?;
    note(db, now, actor, (event, "zone.created", zone.id))?;
    Ok(zone.id)
}

/// Gives a zone another name. Its code stays, because tickets hold it.
///
/// # Errors
/// When it is gone.
pub fn rename_zone(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, ZoneId),
    name: &Localized,
) -> Result<(), AttendanceError> {
    if !store::rename_zone(db, event, id, name)? {
        return Err(AttendanceError::NotFound);
    }
    Ok(note(db, now, actor, (event, "zone.changed", id))?)
}

/// Deletes a zone to which no gate leads.
///
/// # Errors
/// When it is gone or a gate leads to it.
pub fn delete_zone(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, ZoneId),
) -> Result<(), AttendanceError> {
    if store::has_gate(db, id)? {
        return Err(AttendanceError::InUse);
    }
    if !store::delete_zone(db, event, id)? {
        return Err(AttendanceError::NotFound);
    }
    Ok(note(db, now, actor, (event, "zone.deleted", id))?)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, action, id): (EventId, &'static str, ZoneId),
) -> QueryResult<()> {
    audit::note(db, now, &Entry::new(Some(event), actor, action, "zone", id.as_str()))
}

/// The rules of an event; the usual ones while none are set.
///
/// # Errors
/// When the database refuses.
pub fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<AttendanceRules> {
    Ok(store::rules(db, event)?.unwrap_or_default())
}

/// Sets the rules if nobody else has since they were read.
///
/// # Errors
/// When someone else was faster.
pub fn set_rules(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    rules: &AttendanceRules,
) -> Result<(), AttendanceError> {
    if !store::set_rules(db, now, event, rules)? {
        return Err(AttendanceError::Stale);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "attendance.changed", "event", event.as_str()))?;
    Ok(())
}

/// Those of a programme's speakers who have an address and were never registered as speakers.
///
/// # Errors
/// When the database refuses.
pub fn unregistered(
    db: &mut DbConnection,
    event: EventId,
    of: &[SpeakerId],
    fallback: Lang,
) -> QueryResult<Vec<Speaking>> {
    store::unregistered(db, event, of, fallback)
}

/// Registers a speaker, or notes who it is where the address is registered already; whether a registration
/// was made.
///
/// # Errors
/// When no place is left.
pub fn register_speaker(
    db: &mut DbConnection,
    now: UtcTime,
    (speaker, enrolment): (SpeakerId, &Enrolment),
) -> Result<bool, EnrolError> {
    match enrol(db, now, Actor::System, enrolment) {
        Ok(_) => Ok(true),
        Err(EnrolError::Known(known)) => {
            store::link(db, known, speaker)?;
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// People registered as speakers who are not in the programme any more: nobody is cancelled in silence.
///
/// # Errors
/// When the database refuses.
pub fn strangers(
    db: &mut DbConnection,
    event: EventId,
    of: &[SpeakerId],
) -> QueryResult<Vec<(RegistrationId, String, String)>> {
    store::strangers(db, event, of)
}
