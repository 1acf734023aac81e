//! Gates: making, changing, deleting.

use super::DoorError;
use crate::audit::{self, Actor, Entry};
use crate::checkin::model::{Gate, GateFacts, Inclusion};
use crate::checkin::store::{gates as store, people};
use crate::db::{DbConnection, EventId, GateId, SessionId, UtcTime, ZoneId};
use crate::i18n::Localized;
use diesel::QueryResult;

/// Adds a gate to an event.
///
/// # Errors
/// When its code is taken.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &GateFacts,
) -> Result<GateId, DoorError> {
    if store::by_code(db, event, &facts.code)?.is_some() {
        return Err(DoorError::CodeTaken);
    }
    let position = match facts.position {
        Some(position) => position,
        None => store::next_position(db, event)?,
    };
    let gate = Gate {
        id: GateId::new(),
        event_id: event,
        code: facts.code.clone(),
        name: facts.name.clone(),
        entry: facts.entry,
        categories: facts.categories.clone(),
        zone_id: facts.zone,
        session_id: facts.session,
        days: facts.days.clone(),
        opens_at: store::hour(facts.opens_at),
        closes_at: store::hour(facts.closes_at),
        is_main: facts.is_main,
        place_x: facts.place.map(|at| at.0),
        place_y: facts.place.map(|at| at.1),
        inside: 0,
        position,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(db, &gate)?;
    note(db, now, actor, event, "gate.created", gate.id)?;
    Ok(gate.id)
}

/// Changes a gate, if it is still as `version` had it.
///
/// # Errors
/// When its code is taken or someone else was faster.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, gate, version): (EventId, GateId, i32),
    facts: &GateFacts,
) -> Result<(), DoorError> {
    if store::by_code(db, event, &facts.code)?.is_some_and(|other| other != gate) {
        return Err(DoorError::CodeTaken);
    }
    store::find(db, event, gate)?.ok_or(DoorError::NotFound)?;
    if !store::update(db, now, (event, gate, version), facts)? {
        return Err(DoorError::Stale);
    }
    note(db, now, actor, event, "gate.changed", gate)
}

/// Deletes a gate. What was scanned there stays; who is inside by it is forgotten.
///
/// # Errors
/// When there is no such gate.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    gate: GateId,
) -> Result<(), DoorError> {
    if !store::delete(db, event, gate)? {
        return Err(DoorError::NotFound);
    }
    note(db, now, actor, event, "gate.deleted", gate)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    gate: GateId,
) -> Result<(), DoorError> {
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "gate", gate.as_str()))?)
}

/// The gates of an event in their order.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Gate>> {
    store::all(db, event)
}

/// One gate of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, gate: GateId) -> QueryResult<Option<Gate>> {
    store::find(db, event, gate)
}

/// What gates of an event may lead to and ask for.
pub struct Leads {
    /// Zones: id, code, name.
    pub zones: Vec<(ZoneId, String, Localized)>,
    /// Sessions: id, code, title.
    pub sessions: Vec<(SessionId, String, Localized)>,
    /// Categories.
    pub categories: Vec<Inclusion>,
}

/// What gates of an event may lead to and ask for.
///
/// # Errors
/// When the database refuses.
pub fn leads(db: &mut DbConnection, event: EventId) -> QueryResult<Leads> {
    Ok(Leads {
        zones: store::zones(db, event)?,
        sessions: store::sessions(db, event)?,
        categories: people::inclusions(db, event)?,
    })
}
