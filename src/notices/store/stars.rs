//! The table `stars`, and seats beside it: what someone is told of when it changes.

use crate::db::schema::{bookings, change_notices, registrations, sessions, stars};
use crate::db::{DbConnection, EventId, RegistrationId, SessionId, UtcTime};
use crate::each_backend;
use crate::registration::model::RegistrationState;
use diesel::prelude::*;

/// The sessions that someone starred, each with the moment.
pub(in crate::notices) fn of(
    db: &mut DbConnection,
    registration: RegistrationId,
) -> QueryResult<Vec<(SessionId, UtcTime)>> {
    stars::table
        .filter(stars::registration_id.eq(registration))
        .order(stars::session_id)
        .select((stars::session_id, stars::created_at))
        .load(db)
}

/// The sessions in which someone has a seat, is offered one or waits for one, each with the moment.
pub(in crate::notices) fn booked(
    db: &mut DbConnection,
    registration: RegistrationId,
) -> QueryResult<Vec<(SessionId, UtcTime)>> {
    bookings::table
        .filter(bookings::registration_id.eq(registration))
        .filter(bookings::ended_at.is_null())
        .order(bookings::session_id)
        .select((bookings::session_id, bookings::created_at))
        .load(db)
}

/// The stars and seats of some registrations; of both for one session the earlier.
pub(in crate::notices) fn of_registrations(
    db: &mut DbConnection,
    chosen: &[RegistrationId],
) -> QueryResult<Vec<(RegistrationId, SessionId, UtcTime)>> {
    let mut found: Vec<(RegistrationId, SessionId, UtcTime)> = stars::table
        .filter(stars::registration_id.eq_any(chosen))
        .select((stars::registration_id, stars::session_id, stars::created_at))
        .load(db)?;
    let booked: Vec<(RegistrationId, SessionId, UtcTime)> = bookings::table
        .filter(bookings::registration_id.eq_any(chosen))
        .filter(bookings::ended_at.is_null())
        .select((bookings::registration_id, bookings::session_id, bookings::created_at))
        .load(db)?;
    found.extend(booked);
    found.sort_unstable();
    found.dedup_by_key(|(registration, session, _)| (*registration, *session));
    Ok(found)
}

/// Who starred one of these sessions or has a seat in it, has a confirmed place and wants to be told.
pub(in crate::notices) fn willing(
    db: &mut DbConnection,
    event: EventId,
    changed: &[SessionId],
) -> QueryResult<Vec<RegistrationId>> {
    let mut found = Vec::new();
    for chunk in changed.chunks(super::notices::CHUNK) {
        let some: Vec<RegistrationId> = stars::table
            .inner_join(registrations::table)
            .filter(stars::session_id.eq_any(chunk))
            .filter(registrations::event_id.eq(event))
            .filter(registrations::wants_change_notices.eq(true))
            .filter(registrations::state.eq(RegistrationState::Confirmed))
            .select(stars::registration_id)
            .distinct()
            .load(db)?;
        found.extend(some);
        let booked: Vec<RegistrationId> = bookings::table
            .inner_join(registrations::table)
            .filter(bookings::session_id.eq_any(chunk))
            .filter(bookings::event_id.eq(event))
            .filter(bookings::ended_at.is_null())
            .filter(registrations::wants_change_notices.eq(true))
            .filter(registrations::state.eq(RegistrationState::Confirmed))
            .select(bookings::registration_id)
            .distinct()
            .load(db)?;
        found.extend(booked);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The sessions of an event that have one of these codes.
pub(in crate::notices) fn sessions_by_code(
    db: &mut DbConnection,
    event: EventId,
    codes: &[String],
) -> QueryResult<Vec<SessionId>> {
    sessions::table
        .filter(sessions::event_id.eq(event))
        .filter(sessions::code.eq_any(codes))
        .select(sessions::id)
        .load(db)
}

/// Stars a session; a second time changes nothing.
pub(in crate::notices) fn add(
    db: &mut DbConnection,
    now: UtcTime,
    registration: RegistrationId,
    session: SessionId,
) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(stars::table)
        .values((
            stars::registration_id.eq(registration),
            stars::session_id.eq(session),
            stars::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))
    .map(drop)
}

/// Takes stars away.
pub(in crate::notices) fn remove(
    db: &mut DbConnection,
    registration: RegistrationId,
    chosen: &[SessionId],
) -> QueryResult<()> {
    diesel::delete(
        stars::table.filter(stars::registration_id.eq(registration)).filter(stars::session_id.eq_any(chosen)),
    )
    .execute(db)
    .map(drop)
}

/// Forgets the stars of a registration, and what it was to be told.
pub(in crate::notices) fn forget(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    diesel::delete(stars::table.filter(stars::registration_id.eq(registration))).execute(db)?;
    diesel::delete(change_notices::table.filter(change_notices::registration_id.eq(registration))).execute(db).map(drop)
}

/// Moves stars to another registration that has not got them.
pub(in crate::notices) fn adopt(
    db: &mut DbConnection,
    (to, from): (RegistrationId, RegistrationId),
) -> QueryResult<()> {
    let present: Vec<SessionId> =
        stars::table.filter(stars::registration_id.eq(to)).select(stars::session_id).load(db)?;
    let own = stars::table.filter(stars::registration_id.eq(from));
    diesel::update(own.filter(stars::session_id.ne_all(present))).set(stars::registration_id.eq(to)).execute(db)?;
    forget(db, from)
}
