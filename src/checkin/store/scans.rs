//! The tables `scans` and `presences`.

use crate::checkin::model::{Gate, Presence, Scan, ScanResult};
use crate::db::schema::{gates, presences, registrations, scans};
use crate::db::{DbConnection, EventId, GateId, RegistrationId, ScanId, UtcTime};
use crate::i18n::Localized;
use crate::registration::names::NameOrder;
use diesel::prelude::*;

/// A scan that is known.
pub(in crate::checkin) fn find(db: &mut DbConnection, id: ScanId) -> QueryResult<Option<Scan>> {
    scans::table.find(id).select(Scan::as_select()).first(db).optional()
}

/// Keeps a scan.
pub(in crate::checkin) fn insert(db: &mut DbConnection, scan: &Scan) -> QueryResult<()> {
    diesel::insert_into(scans::table).values(scan).execute(db).map(drop)
}

/// Where someone is by a gate, or by any main entry where the gate is one: the last entry first.
pub(in crate::checkin) fn presences(
    db: &mut DbConnection,
    gate: &Gate,
    id: RegistrationId,
) -> QueryResult<Vec<Presence>> {
    let mut query = presences::table
        .inner_join(gates::table)
        .filter(presences::registration_id.eq(id))
        .select(Presence::as_select())
        .order((presences::last_at.desc(), presences::gate_id))
        .into_boxed();
    query =
        if gate.is_main { query.filter(gates::is_main.eq(true)) } else { query.filter(presences::gate_id.eq(gate.id)) };
    query.load(db)
}

/// The first that is known of somebody at a gate.
fn begin(
    db: &mut DbConnection,
    at: UtcTime,
    (id, gate, scan): (RegistrationId, GateId, ScanId),
    is_inside: bool,
) -> QueryResult<()> {
    let presence = Presence {
        registration_id: id,
        gate_id: gate,
        is_inside,
        entries: 1,
        first_at: at,
        last_at: at,
        last_scan: scan,
    };
    diesel::insert_into(presences::table).values(&presence).execute(db).map(drop)
}

/// Remembers that someone went in; `known` is what stood there before.
pub(in crate::checkin) fn enter(
    db: &mut DbConnection,
    at: UtcTime,
    (id, gate, scan): (RegistrationId, GateId, ScanId),
    known: Option<&Presence>,
) -> QueryResult<()> {
    let Some(known) = known else {
        return begin(db, at, (id, gate, scan), true);
    };
    diesel::update(presences::table.find((id, gate)))
        .set((
            presences::is_inside.eq(true),
            presences::entries.eq(presences::entries + 1),
            presences::first_at.eq(known.first_at.min(at)),
            presences::last_at.eq(known.last_at.max(at)),
            presences::last_scan.eq(scan),
        ))
        .execute(db)
        .map(drop)
}

/// Remembers an entry that is older than what is known of them by now: it counts, and changes nothing of where they are.
pub(in crate::checkin) fn entered_earlier(
    db: &mut DbConnection,
    at: UtcTime,
    (id, gate, scan): (RegistrationId, GateId, ScanId),
    known: Option<&Presence>,
) -> QueryResult<()> {
    let Some(known) = known else {
        return begin(db, at, (id, gate, scan), false);
    };
    diesel::update(presences::table.find((id, gate)))
        .set((presences::entries.eq(presences::entries + 1), presences::first_at.eq(known.first_at.min(at))))
        .execute(db)
        .map(drop)
}

/// When somebody went in and out by a gate, or by any main entry where the gate is one, by time; and whether it was in.
pub(in crate::checkin) fn passages(
    db: &mut DbConnection,
    gate: &Gate,
    id: RegistrationId,
) -> QueryResult<Vec<(GateId, UtcTime, bool)>> {
    let passed = [ScanResult::In, ScanResult::Admitted, ScanResult::Out];
    let mut query = scans::table
        .inner_join(gates::table)
        .filter(scans::registration_id.eq(id))
        .filter(scans::result.eq_any(passed))
        .select((gates::id, scans::scanned_at, scans::result))
        .order((scans::scanned_at, scans::id))
        .into_boxed();
    query = if gate.is_main { query.filter(gates::is_main.eq(true)) } else { query.filter(gates::id.eq(gate.id)) };
    let rows: Vec<(GateId, UtcTime, ScanResult)> = query.load(db)?;
    Ok(rows.into_iter().map(|(gate, at, result)| (gate, at, result != ScanResult::Out)).collect())
}

/// Remembers that someone is not inside any more; returns whether they were.
pub(in crate::checkin) fn leave(
    db: &mut DbConnection,
    at: UtcTime,
    (id, known, scan): (RegistrationId, &Presence, ScanId),
) -> QueryResult<bool> {
    let inside = presences::table.find((id, known.gate_id)).filter(presences::is_inside.eq(true));
    let left = diesel::update(inside)
        .set((
            presences::is_inside.eq(false),
            presences::last_at.eq(known.last_at.max(at)),
            presences::last_scan.eq(scan),
        ))
        .execute(db)?;
    Ok(left == 1)
}

/// Counts who is inside by a gate up or down.
pub(in crate::checkin) fn count(db: &mut DbConnection, gate: GateId, by: i32) -> QueryResult<()> {
    diesel::update(gates::table.find(gate)).set(gates::inside.eq(gates::inside + by)).execute(db).map(drop)
}

/// A scan with given name, family name and code of whom it found.
type Named = (Scan, Option<(String, String, NameOrder, String)>);

/// Scans that let someone in who should not have been, not yet seen by a supervisor; with names.
pub(in crate::checkin) fn conflicts(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<Named>> {
    scans::table
        .left_join(registrations::table)
        .filter(scans::event_id.eq(event))
        .filter(scans::conflict.is_not_null())
        .filter(scans::seen_conflict_at.is_null())
        .order((scans::scanned_at.desc(), scans::id))
        .limit(limit)
        .select((
            Scan::as_select(),
            (registrations::given_name, registrations::family_name, registrations::name_order, registrations::code)
                .nullable(),
        ))
        .load(db)
}

/// The scans of one person by time: when, at which gate, and what came of it.
pub(in crate::checkin) fn of_person(
    db: &mut DbConnection,
    id: RegistrationId,
) -> QueryResult<Vec<(UtcTime, Option<String>, String)>> {
    scans::table
        .left_join(gates::table)
        .filter(scans::registration_id.eq(id))
        .order((scans::scanned_at, scans::id))
        .select((scans::scanned_at, gates::code.nullable(), scans::result))
        .load(db)
}

/// Notes that a supervisor saw a conflict; returns whether it was new.
pub(in crate::checkin) fn see(db: &mut DbConnection, now: UtcTime, event: EventId, scan: ScanId) -> QueryResult<bool> {
    let own = scans::table.find(scan).filter(scans::event_id.eq(event)).filter(scans::conflict.is_not_null());
    Ok(diesel::update(own).set(scans::seen_conflict_at.eq(now)).execute(db)? == 1)
}

/// A scan in the words of a log: when, the gate's name, which way, and what came of it.
pub(in crate::checkin) type LoggedScan = (UtcTime, Option<Localized>, String, String);

/// Everything of a person that is known at the door, in the words of a log: when, the gate's name, which way, and what
/// came of it; the newest first.
pub(in crate::checkin) fn log_of(
    db: &mut DbConnection,
    id: RegistrationId,
    limit: i64,
) -> QueryResult<Vec<LoggedScan>> {
    scans::table
        .left_join(gates::table)
        .filter(scans::registration_id.eq(id))
        .order((scans::scanned_at.desc(), scans::id.desc()))
        .limit(limit)
        .select((scans::scanned_at, gates::name.nullable(), scans::direction, scans::result))
        .load(db)
}

/// Moves scans to another registration of the same person, and where they are by each gate. Who was inside twice
/// is inside once.
pub(in crate::checkin) fn adopt(
    db: &mut DbConnection,
    (to, from): (RegistrationId, RegistrationId),
) -> QueryResult<()> {
    diesel::update(scans::table.filter(scans::registration_id.eq(from)))
        .set(scans::registration_id.eq(to))
        .execute(db)?;
    let of = |db: &mut DbConnection, id: RegistrationId| -> QueryResult<Vec<Presence>> {
        presences::table.filter(presences::registration_id.eq(id)).select(Presence::as_select()).load(db)
    };
    let own = of(db, to)?;
    for moved in of(db, from)? {
        let row = presences::table.find((from, moved.gate_id));
        let Some(present) = own.iter().find(|one| one.gate_id == moved.gate_id) else {
            diesel::update(row).set(presences::registration_id.eq(to)).execute(db)?;
            continue;
        };
        let newest = if moved.last_at > present.last_at { &moved } else { present };
        diesel::update(presences::table.find((to, moved.gate_id)))
            .set((
                presences::is_inside.eq(present.is_inside || moved.is_inside),
                presences::entries.eq(present.entries + moved.entries),
                presences::first_at.eq(present.first_at.min(moved.first_at)),
                presences::last_at.eq(newest.last_at),
                presences::last_scan.eq(newest.last_scan),
            ))
            .execute(db)?;
        diesel::delete(row).execute(db)?;
        if present.is_inside && moved.is_inside {
            count(db, moved.gate_id, -1)?;
        }
    }
    Ok(())
}
