//! Registrations as the door needs them, and what their categories include.

use crate::checkin::model::{Attendee, Inclusion};
use crate::checkin::rules::Seats;
use crate::db::schema::{bookings, categories, gates, presences, registrations, scans, session_seats, slots};
use crate::db::{CategoryId, DbConnection, EventId, GateId, Json, RegistrationId, SessionId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use chrono::NaiveDate;
use diesel::prelude::*;

/// One registration of an event.
pub(in crate::checkin) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Option<Attendee>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(Attendee::as_select())
        .first(db)
        .optional()
}

/// The registration with this code.
pub(in crate::checkin) fn by_code(
    db: &mut DbConnection,
    event: EventId,
    code: &str,
) -> QueryResult<Option<RegistrationId>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::code.eq(code))
        .select(registrations::id)
        .first(db)
        .optional()
}

/// Makes every other transaction that lets this person in wait for this one. One row of the
/// registration is what both databases lock by changing it, so it is set to what it is.
pub(in crate::checkin) fn lock(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set(registrations::version.eq(registrations::version))
        .execute(db)
        .map(drop)
}

/// Remembers when someone first came.
pub(in crate::checkin) fn came(db: &mut DbConnection, at: UtcTime, id: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(id).filter(registrations::came_at.is_null()))
        .set(registrations::came_at.eq(at))
        .execute(db)
        .map(drop)
}

/// Remembers when someone came to a session they have a seat in.
pub(in crate::checkin) fn came_to_session(
    db: &mut DbConnection,
    at: UtcTime,
    (session, id): (SessionId, RegistrationId),
) -> QueryResult<()> {
    let own = bookings::table
        .filter(bookings::session_id.eq(session))
        .filter(bookings::registration_id.eq(id))
        .filter(bookings::ended_at.is_null())
        .filter(bookings::came_at.is_null());
    diesel::update(own).set(bookings::came_at.eq(at)).execute(db).map(drop)
}

type Row = (CategoryId, String, Localized, String, Json<Vec<String>>, Json<Vec<NaiveDate>>);

fn inclusion((id, code, name, badge_color, zones, days): Row) -> Inclusion {
    Inclusion { id, code, name, badge_color, zones: zones.into_inner(), days: days.into_inner() }
}

/// What a category includes.
pub(in crate::checkin) fn includes(db: &mut DbConnection, category: CategoryId) -> QueryResult<Inclusion> {
    categories::table
        .find(category)
        .select((
            categories::id,
            categories::code,
            categories::name,
            categories::badge_color,
            categories::zones,
            categories::days,
        ))
        .first(db)
        .map(inclusion)
}

/// What each category of an event includes.
pub(in crate::checkin) fn inclusions(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Inclusion>> {
    let rows: Vec<Row> = categories::table
        .filter(categories::event_id.eq(event))
        .order((categories::position, categories::code))
        .select((
            categories::id,
            categories::code,
            categories::name,
            categories::badge_color,
            categories::zones,
            categories::days,
        ))
        .load(db)?;
    Ok(rows.into_iter().map(inclusion).collect())
}

/// The word of a seat that is taken and no mere offer or wait.
const BOOKED: &str = "booked";

/// The seats of a session, as someone at its gate finds them at `now`.
pub(in crate::checkin) fn seats(
    db: &mut DbConnection,
    now: UtcTime,
    session: SessionId,
    id: Option<RegistrationId>,
) -> QueryResult<Option<Seats>> {
    let capacity: Option<i32> =
        session_seats::table.find(session).select(session_seats::capacity).first(db).optional()?;
    let Some(capacity) = capacity else { return Ok(None) };
    let booked = bookings::table
        .filter(bookings::session_id.eq(session))
        .filter(bookings::state.eq(BOOKED))
        .filter(bookings::ended_at.is_null());
    let awaited: i64 = booked.filter(bookings::came_at.is_null()).count().get_result(db)?;
    let own: i64 = match id {
        Some(id) => booked.filter(bookings::registration_id.eq(id)).count().get_result(db)?,
        None => 0,
    };
    let leading = gates::table.filter(gates::session_id.eq(session)).select(gates::id);
    let inside: i64 = presences::table
        .filter(presences::gate_id.eq_any(leading))
        .filter(presences::is_inside.eq(true))
        .count()
        .get_result(db)?;
    let begins: Option<UtcTime> =
        slots::table.filter(slots::session_id.eq(session)).select(diesel::dsl::min(slots::starts_at)).first(db)?;
    let are_kept = begins.is_none_or(|begins| now < begins);
    Ok(Some(Seats { capacity: capacity.into(), inside, awaited, has_booking: own > 0, are_kept }))
}

/// Makes every other transaction that lets someone into this session wait for this one.
pub(in crate::checkin) fn lock_session(db: &mut DbConnection, session: SessionId) -> QueryResult<()> {
    diesel::update(session_seats::table.find(session))
        .set(session_seats::version.eq(session_seats::version))
        .execute(db)
        .map(drop)
}

/// A registration, its state, the one that stands for it, and the number of its ticket.
pub(in crate::checkin) type Unfit = (RegistrationId, RegistrationState, Option<String>, i32);

/// Registrations that a valid ticket may name and that are not to be let in by it: those that were
/// confirmed once and are not any more, those that another stands for, and those with a newer ticket.
pub(in crate::checkin) fn not_standing(
    db: &mut DbConnection,
    event: EventId,
    since: UtcTime,
) -> QueryResult<Vec<Unfit>> {
    let had_ticket =
        registrations::confirmed_at.is_not_null().and(registrations::state.ne(RegistrationState::Confirmed));
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::updated_at.ge(since))
        .filter(had_ticket.or(registrations::merged_into.is_not_null()).or(registrations::ticket_serial.gt(0)))
        .select((registrations::id, registrations::state, registrations::merged_into, registrations::ticket_serial))
        .load(db)
}

/// Who went in or out where, as it was learnt since an instant: a device without network tells it later.
pub(in crate::checkin) fn entries_since(
    db: &mut DbConnection,
    event: EventId,
    since: UtcTime,
) -> QueryResult<Vec<(RegistrationId, GateId, UtcTime, bool)>> {
    let own = gates::table.filter(gates::event_id.eq(event)).select(gates::id);
    let learnt = scans::table.filter(scans::event_id.eq(event)).filter(scans::received_at.ge(since)).select(scans::id);
    presences::table
        .filter(presences::gate_id.eq_any(own))
        .filter(presences::last_at.ge(since).or(presences::last_scan.eq_any(learnt)))
        .select((presences::registration_id, presences::gate_id, presences::last_at, presences::is_inside))
        .load(db)
}
