//! The table `gates`, and what gates lead to.

use crate::checkin::model::{Gate, GateFacts};
use crate::db::schema::{gates, sessions, zones};
use crate::db::{DbConnection, EventId, GateId, SessionId, UtcTime, ZoneId};
use crate::i18n::Localized;
use diesel::prelude::*;

/// The gates of an event in their order.
pub(in crate::checkin) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Gate>> {
    gates::table
        .filter(gates::event_id.eq(event))
        .order((gates::position, gates::code))
        .select(Gate::as_select())
        .load(db)
}

/// One gate of an event.
pub(in crate::checkin) fn find(db: &mut DbConnection, event: EventId, gate: GateId) -> QueryResult<Option<Gate>> {
    gates::table.find(gate).filter(gates::event_id.eq(event)).select(Gate::as_select()).first(db).optional()
}

/// The gate with this code.
pub(in crate::checkin) fn by_code(db: &mut DbConnection, event: EventId, code: &str) -> QueryResult<Option<GateId>> {
    gates::table.filter(gates::event_id.eq(event)).filter(gates::code.eq(code)).select(gates::id).first(db).optional()
}

/// The position after the last.
pub(in crate::checkin) fn next_position(db: &mut DbConnection, event: EventId) -> QueryResult<i32> {
    let last: Option<i32> =
        gates::table.filter(gates::event_id.eq(event)).select(diesel::dsl::max(gates::position)).first(db)?;
    Ok(last.map_or(1, |last| last.saturating_add(1)))
}

/// Adds a gate.
pub(in crate::checkin) fn insert(db: &mut DbConnection, gate: &Gate) -> QueryResult<()> {
    diesel::insert_into(gates::table).values(gate).execute(db).map(drop)
}

/// An hour as it stands in its column.
pub(in crate::checkin) fn hour(time: Option<chrono::NaiveTime>) -> Option<String> {
    time.map(|time| time.format("%H:%M").to_string())
}

/// Changes a gate if nobody else has since `version`; returns whether it was changed.
pub(in crate::checkin) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (event, gate, version): (EventId, GateId, i32),
    facts: &GateFacts,
) -> QueryResult<bool> {
    let same = gates::table.find(gate).filter(gates::event_id.eq(event)).filter(gates::version.eq(version));
    let changed = diesel::update(same)
        .set((
            (gates::code.eq(&facts.code), gates::name.eq(&facts.name), gates::entry.eq(facts.entry)),
            (gates::categories.eq(&facts.categories), gates::days.eq(&facts.days), gates::is_main.eq(facts.is_main)),
            (gates::zone_id.eq(facts.zone), gates::session_id.eq(facts.session)),
            (gates::opens_at.eq(hour(facts.opens_at)), gates::closes_at.eq(hour(facts.closes_at))),
            (gates::place_x.eq(facts.place.map(|at| at.0)), gates::place_y.eq(facts.place.map(|at| at.1))),
            facts.position.map(|position| gates::position.eq(position)),
            (gates::version.eq(gates::version + 1), gates::updated_at.eq(now)),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Deletes a gate with who is inside by it; returns whether there was one.
pub(in crate::checkin) fn delete(db: &mut DbConnection, event: EventId, gate: GateId) -> QueryResult<bool> {
    Ok(diesel::delete(gates::table.find(gate).filter(gates::event_id.eq(event))).execute(db)? == 1)
}

/// The zones of an event: id, code and name.
pub(in crate::checkin) fn zones(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(ZoneId, String, Localized)>> {
    zones::table
        .filter(zones::event_id.eq(event))
        .order((zones::position, zones::code))
        .select((zones::id, zones::code, zones::name))
        .load(db)
}

/// The sessions of an event: id, code and title.
pub(in crate::checkin) fn sessions(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(SessionId, String, Localized)>> {
    sessions::table
        .filter(sessions::event_id.eq(event))
        .order(sessions::code)
        .select((sessions::id, sessions::code, sessions::title))
        .load(db)
}

/// The code of a zone.
pub(in crate::checkin) fn zone_code(db: &mut DbConnection, zone: ZoneId) -> QueryResult<Option<String>> {
    zones::table.find(zone).select(zones::code).first(db).optional()
}
