//! Numbers for the supervisor.

use crate::checkin::model::ScanResult;
use crate::db::schema::{gates, registrations, scans};
use crate::db::{DbConnection, EventId, GateId, UtcTime};
use crate::registration::model::RegistrationState;
use diesel::dsl::count_star;
use diesel::prelude::*;

/// How many scans of a gate came to what.
pub(in crate::checkin) fn by_gate(
    db: &mut DbConnection,
    event: EventId,
    since: UtcTime,
) -> QueryResult<Vec<(Option<GateId>, ScanResult, i64)>> {
    scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::scanned_at.ge(since))
        .group_by((scans::gate_id, scans::result))
        .select((scans::gate_id, scans::result, count_star()))
        .load(db)
}

/// How many are inside by each gate.
pub(in crate::checkin) fn inside(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(GateId, i32)>> {
    gates::table.filter(gates::event_id.eq(event)).select((gates::id, gates::inside)).load(db)
}

/// How many came, and how many could.
pub(in crate::checkin) fn came(db: &mut DbConnection, event: EventId) -> QueryResult<(i64, i64)> {
    let own = registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Confirmed));
    let came = own.filter(registrations::came_at.is_not_null()).count().get_result(db)?;
    Ok((came, own.count().get_result(db)?))
}

/// Conflicts that no supervisor has seen.
pub(in crate::checkin) fn open_conflicts(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::conflict.is_not_null())
        .filter(scans::seen_conflict_at.is_null())
        .count()
        .get_result(db)
}

/// When each person was let in since an instant, for counting by hour.
pub(in crate::checkin) fn entries(db: &mut DbConnection, event: EventId, since: UtcTime) -> QueryResult<Vec<UtcTime>> {
    scans::table
        .filter(scans::event_id.eq(event))
        .filter(scans::scanned_at.ge(since))
        .filter(scans::result.eq_any([ScanResult::In, ScanResult::Admitted]))
        .select(scans::scanned_at)
        .load(db)
}
