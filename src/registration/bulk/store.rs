//! The tables `bulk_changes` and `bulk_change_people`.

use super::model::{BulkChange, BulkOutcome, Concerned, Selection};
use crate::db::schema::{bulk_change_people as people, bulk_changes, desk_lines, registrations};
use crate::db::{BulkChangeId, DbConnection, EventId, RegistrationId, UtcTime};
use crate::each_backend;
use crate::registration::model::Registration;
use crate::registration::store::desk;
use diesel::dsl::count_star;
use diesel::prelude::*;

/// Rows that one statement adds.
const ROWS_AT_ONCE: usize = 400;

/// Whom a selection means, those first who registered first.
pub(super) fn concerned(db: &mut DbConnection, selection: &Selection) -> QueryResult<Vec<Concerned>> {
    match selection {
        Selection::Listed(filter) => desk::concerned(db, filter),
        Selection::Ticked(event, ids) => desk_lines::table
            .filter(desk_lines::event_id.eq(event))
            .filter(desk_lines::registration_id.eq_any(ids.clone()))
            .order(desk_lines::registration_id)
            .select((desk_lines::registration_id, desk_lines::state, desk_lines::category_id))
            .load(db),
    }
}

/// Those of an event without an end to whom no mail can be sent. Their compared address says so, and has an index.
pub(super) fn addressless(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<RegistrationId>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::email_key.ge("no-address:"))
        .filter(registrations::email_key.lt("no-address;"))
        .filter(registrations::ended_at.is_null())
        .select(registrations::id)
        .load(db)
}

/// These registrations of an event, in no order.
pub(super) fn registrations_of(
    db: &mut DbConnection,
    event: EventId,
    ids: &[RegistrationId],
) -> QueryResult<Vec<Registration>> {
    registrations::table
        .filter(registrations::id.eq_any(ids.to_vec()))
        .filter(registrations::event_id.eq(event))
        .select(Registration::as_select())
        .load(db)
}

/// Adds a change with whom it concerns.
pub(super) fn insert(db: &mut DbConnection, change: &BulkChange, ids: &[RegistrationId]) -> QueryResult<()> {
    diesel::insert_into(bulk_changes::table).values(change).execute(db)?;
    for (some, first) in ids.chunks(ROWS_AT_ONCE).zip((0..).step_by(ROWS_AT_ONCE)) {
        let rows: Vec<_> = some
            .iter()
            .zip(first..)
            .map(|(id, position)| {
                (people::change_id.eq(change.id), people::position.eq(position), people::registration_id.eq(*id))
            })
            .collect();
        each_backend!(db, backend => diesel::insert_into(people::table).values(&rows).execute(backend))?;
    }
    Ok(())
}

/// One change of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: BulkChangeId) -> QueryResult<Option<BulkChange>> {
    bulk_changes::table
        .find(id)
        .filter(bulk_changes::event_id.eq(event))
        .select(BulkChange::as_select())
        .first(db)
        .optional()
}

/// The newest changes of an event.
pub(super) fn newest(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<BulkChange>> {
    bulk_changes::table
        .filter(bulk_changes::event_id.eq(event))
        .order((bulk_changes::created_at.desc(), bulk_changes::id.desc()))
        .limit(limit)
        .select(BulkChange::as_select())
        .load(db)
}

/// Changes that are not done, the oldest first.
pub(super) fn open(db: &mut DbConnection) -> QueryResult<Vec<BulkChange>> {
    bulk_changes::table
        .filter(bulk_changes::finished_at.is_null())
        .order((bulk_changes::created_at, bulk_changes::id))
        .select(BulkChange::as_select())
        .load(db)
}

/// Who is next in a change.
pub(super) fn next(db: &mut DbConnection, id: BulkChangeId, limit: i64) -> QueryResult<Vec<(i32, RegistrationId)>> {
    people::table
        .filter(people::change_id.eq(id))
        .filter(people::outcome.is_null())
        .order(people::position)
        .limit(limit)
        .select((people::position, people::registration_id))
        .load(db)
}

/// Claims somebody for this transaction; whether nobody else has done them.
pub(super) fn claim(db: &mut DbConnection, (id, position): (BulkChangeId, i32)) -> QueryResult<bool> {
    let open = people::table.find((id, position)).filter(people::outcome.is_null());
    Ok(diesel::update(open).set(people::outcome.eq(BulkOutcome::Done)).execute(db)? == 1)
}

/// Notes what came of somebody.
pub(super) fn settle(
    db: &mut DbConnection,
    (id, position): (BulkChangeId, i32),
    outcome: BulkOutcome,
) -> QueryResult<()> {
    diesel::update(people::table.find((id, position))).set(people::outcome.eq(outcome)).execute(db).map(drop)
}

/// Notes that everybody is done.
pub(super) fn finish(db: &mut DbConnection, now: UtcTime, id: BulkChangeId) -> QueryResult<()> {
    let open = bulk_changes::table.find(id).filter(bulk_changes::finished_at.is_null());
    diesel::update(open).set(bulk_changes::finished_at.eq(now)).execute(db).map(drop)
}

/// What came of how many; nothing for those who are still to come.
pub(super) fn tally(db: &mut DbConnection, id: BulkChangeId) -> QueryResult<Vec<(Option<BulkOutcome>, i64)>> {
    people::table
        .filter(people::change_id.eq(id))
        .group_by(people::outcome)
        .select((people::outcome, count_star()))
        .load(db)
}

/// People of a change with what came of them, from a position on: those who were done, or those who were refused.
pub(super) fn outcomes(
    db: &mut DbConnection,
    id: BulkChangeId,
    (is_done, from, limit): (bool, i32, i64),
) -> QueryResult<Vec<(i32, BulkOutcome, Registration)>> {
    let wanted: Vec<BulkOutcome> =
        BulkOutcome::ALL.iter().copied().filter(|outcome| (*outcome == BulkOutcome::Done) == is_done).collect();
    people::table
        .inner_join(registrations::table)
        .filter(people::change_id.eq(id))
        .filter(people::outcome.eq_any(wanted))
        .filter(people::position.ge(from))
        .order(people::position)
        .limit(limit)
        .select((people::position, people::outcome.assume_not_null(), Registration::as_select()))
        .load(db)
}
