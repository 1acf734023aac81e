//! The tables of seats, bookings and their offers.

use super::model::{Booking, BookingRules, BookingState, NewOffer, Seats, SeatsFacts};
use crate::db::schema::{attendance_rules, bookings, offers, registrations, session_guests, session_seats, sessions};
use crate::db::{BookingId, DbConnection, EventId, Json, RegistrationId, SessionId, UserId, UtcTime};
use crate::each_backend;
use crate::i18n::Localized;
use crate::registration::model::{Registration, RegistrationState};
use diesel::prelude::*;

/// What the event says of all bookings.
pub(super) fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<BookingRules> {
    let set = attendance_rules::table.find(event).select(BookingRules::as_select()).first(db).optional()?;
    Ok(set.unwrap_or_default())
}

/// The seats of one session.
pub(super) fn seats(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<Option<Seats>> {
    session_seats::table
        .find(session)
        .filter(session_seats::event_id.eq(event))
        .select(Seats::as_select())
        .first(db)
        .optional()
}

/// The seats of every session of an event that can be booked.
pub(super) fn all_seats(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Seats>> {
    session_seats::table.filter(session_seats::event_id.eq(event)).select(Seats::as_select()).load(db)
}

/// Makes a session's seats; whether there were none before.
pub(super) fn insert_seats(
    db: &mut DbConnection,
    now: UtcTime,
    (event, session): (EventId, SessionId),
    facts: &SeatsFacts,
) -> QueryResult<bool> {
    let categories = json(&facts.categories)?;
    let added = each_backend!(db, backend => diesel::insert_into(session_seats::table)
        .values((
            session_seats::session_id.eq(session),
            session_seats::event_id.eq(event),
            session_seats::capacity.eq(facts.capacity),
            session_seats::taken.eq(0),
            session_seats::opens_at.eq(facts.opens_at),
            session_seats::closes_at.eq(facts.closes_at),
            session_seats::has_waiting_list.eq(facts.has_waiting_list),
            session_seats::shows_rank.eq(facts.shows_rank),
            session_seats::offer_minutes.eq(facts.offer_minutes),
            session_seats::categories.eq(&categories),
            session_seats::version.eq(1),
            session_seats::updated_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

fn json<T: serde::Serialize>(value: T) -> QueryResult<Json<T>> {
    Json::new(value).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

/// Changes a session's seats if they are still of this version and no more are taken than there would be.
pub(super) fn update_seats(
    db: &mut DbConnection,
    now: UtcTime,
    (session, version): (SessionId, i32),
    facts: &SeatsFacts,
) -> QueryResult<bool> {
    let categories = json(&facts.categories)?;
    let same = session_seats::table
        .find(session)
        .filter(session_seats::version.eq(version))
        .filter(session_seats::taken.le(facts.capacity));
    let changed = diesel::update(same)
        .set((
            session_seats::capacity.eq(facts.capacity),
            session_seats::opens_at.eq(facts.opens_at),
            session_seats::closes_at.eq(facts.closes_at),
            session_seats::has_waiting_list.eq(facts.has_waiting_list),
            session_seats::shows_rank.eq(facts.shows_rank),
            session_seats::offer_minutes.eq(facts.offer_minutes),
            session_seats::categories.eq(&categories),
            session_seats::version.eq(session_seats::version + 1),
            session_seats::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Takes a seat; whether one was left.
pub(super) fn take(db: &mut DbConnection, session: SessionId) -> QueryResult<bool> {
    let left = session_seats::table.find(session).filter(session_seats::taken.lt(session_seats::capacity));
    Ok(diesel::update(left).set(session_seats::taken.eq(session_seats::taken + 1)).execute(db)? == 1)
}

/// Gives seats back.
pub(super) fn free(db: &mut DbConnection, session: SessionId, seats: i32) -> QueryResult<()> {
    diesel::update(session_seats::table.find(session))
        .set(session_seats::taken.eq(session_seats::taken - seats))
        .execute(db)
        .map(drop)
}

/// Keeps others from deciding about the same person until the transaction ends, so that two processes
/// can't both find them within a limit. SQLite has one writer and needs nothing.
pub(super) fn hold_person(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    if let DbConnection::Postgres(backend) = db {
        registrations::table.find(id).select(registrations::id).for_update().first::<RegistrationId>(backend)?;
    }
    Ok(())
}

/// The booking without end that someone has for a session.
pub(super) fn active(
    db: &mut DbConnection,
    session: SessionId,
    registration: RegistrationId,
) -> QueryResult<Option<Booking>> {
    bookings::table
        .filter(bookings::session_id.eq(session))
        .filter(bookings::registration_id.eq(registration))
        .filter(bookings::ended_at.is_null())
        .select(Booking::as_select())
        .first(db)
        .optional()
}

/// One booking of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: BookingId) -> QueryResult<Option<Booking>> {
    bookings::table.find(id).filter(bookings::event_id.eq(event)).select(Booking::as_select()).first(db).optional()
}

/// The bookings without end of one person.
pub(super) fn of_person(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Vec<Booking>> {
    bookings::table
        .filter(bookings::registration_id.eq(registration))
        .filter(bookings::ended_at.is_null())
        .order(bookings::created_at)
        .select(Booking::as_select())
        .load(db)
}

/// The bookings without end of a session with whose they are: seats first, then those who wait in order.
pub(super) fn of_session(
    db: &mut DbConnection,
    session: SessionId,
    (state, limit): (Option<BookingState>, i64),
) -> QueryResult<Vec<(Booking, Registration)>> {
    let mut query = bookings::table
        .inner_join(registrations::table)
        .filter(bookings::session_id.eq(session))
        .filter(bookings::ended_at.is_null())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(bookings::state.eq(state));
    }
    query
        .order((bookings::state, bookings::priority.desc(), bookings::waits_since, bookings::id))
        .limit(limit)
        .select((Booking::as_select(), Registration::as_select()))
        .load(db)
}

/// How many wait for each session of an event.
pub(super) fn waiting(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SessionId, i64)>> {
    bookings::table
        .filter(bookings::event_id.eq(event))
        .filter(bookings::state.eq(BookingState::Waiting))
        .group_by(bookings::session_id)
        .select((bookings::session_id, diesel::dsl::count_star()))
        .load(db)
}

/// How many wait for a session; before this one in order, where one is named.
pub(super) fn waiting_before(db: &mut DbConnection, session: SessionId, before: Option<&Booking>) -> QueryResult<i64> {
    let mut query = bookings::table
        .filter(bookings::session_id.eq(session))
        .filter(bookings::state.eq(BookingState::Waiting))
        .into_boxed();
    if let Some(own) = before {
        let earlier = bookings::waits_since
            .lt(own.waits_since)
            .or(bookings::waits_since.eq(own.waits_since).and(bookings::id.lt(own.id)));
        query = query.filter(
            bookings::priority.gt(own.priority).or(bookings::priority.eq(own.priority).and(earlier.assume_not_null())),
        );
    }
    query.count().get_result(db)
}

/// Adds a booking; whether the person had none without end for the session.
pub(super) fn insert(db: &mut DbConnection, booking: &Booking) -> QueryResult<bool> {
    let added = each_backend!(db, backend => diesel::insert_into(bookings::table)
        .values(booking)
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Brings a booking from one state into another; whether it still stood there.
pub(super) fn change(
    db: &mut DbConnection,
    now: UtcTime,
    (id, from): (BookingId, BookingState),
    (to, offered_until): (BookingState, Option<UtcTime>),
) -> QueryResult<bool> {
    let changed = diesel::update(bookings::table.find(id).filter(bookings::state.eq(from)))
        .set((
            bookings::state.eq(to),
            bookings::offered_until.eq(offered_until),
            bookings::ended_at.eq(to.is_end().then_some(now)),
            bookings::version.eq(bookings::version + 1),
            bookings::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Sets who is offered seats first.
pub(super) fn set_priority(db: &mut DbConnection, id: BookingId, priority: i32) -> QueryResult<bool> {
    Ok(diesel::update(bookings::table.find(id)).set(bookings::priority.eq(priority)).execute(db)? == 1)
}

/// Offers whose time is over, with whose they were.
pub(super) fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<(Booking, Registration)>> {
    bookings::table
        .inner_join(registrations::table)
        .filter(bookings::offered_until.lt(now))
        .filter(bookings::state.eq(BookingState::Offered))
        .order(bookings::offered_until)
        .limit(limit)
        .select((Booking::as_select(), Registration::as_select()))
        .load(db)
}

/// Offers of an event that hold, with whose they are.
pub(super) fn offered(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Booking, Registration)>> {
    bookings::table
        .inner_join(registrations::table)
        .filter(bookings::event_id.eq(event))
        .filter(bookings::state.eq(BookingState::Offered))
        .filter(bookings::offered_until.is_not_null())
        .filter(registrations::email_key.ne(""))
        .order(bookings::id)
        .select((Booking::as_select(), Registration::as_select()))
        .load(db)
}

/// Sessions with a free seat for which somebody waits.
pub(super) fn with_free_seats(db: &mut DbConnection) -> QueryResult<Vec<Seats>> {
    let waits = bookings::table
        .filter(bookings::state.eq(BookingState::Waiting))
        .filter(bookings::session_id.eq(session_seats::session_id));
    session_seats::table
        .filter(session_seats::taken.lt(session_seats::capacity))
        .filter(diesel::dsl::exists(waits))
        .select(Seats::as_select())
        .load(db)
}

/// Records that a seat was offered.
pub(super) fn insert_offer(
    db: &mut DbConnection,
    now: UtcTime,
    offer: &NewOffer,
    made_by: Option<UserId>,
) -> QueryResult<()> {
    diesel::insert_into(offers::table)
        .values((
            offers::id.eq(offer.id),
            offers::event_id.eq(offer.booking.event_id),
            offers::registration_id.eq(offer.booking.registration_id),
            offers::booking_id.eq(offer.booking.id),
            offers::reason.eq(&offer.reason),
            offers::made_by.eq(made_by),
            offers::made_at.eq(now),
            offers::until.eq(offer.until),
        ))
        .execute(db)
        .map(drop)
}

/// Records what came of the open offer of a booking.
pub(super) fn end_offer(db: &mut DbConnection, now: UtcTime, booking: BookingId, outcome: &str) -> QueryResult<()> {
    diesel::update(offers::table.filter(offers::booking_id.eq(booking)).filter(offers::ended_at.is_null()))
        .set((offers::outcome.eq(outcome), offers::ended_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Whether someone is invited to a session that is closed to others.
pub(super) fn is_guest(db: &mut DbConnection, session: SessionId, registration: RegistrationId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(session_guests::table.find((session, registration)))).get_result(db)
}

/// Sessions to which someone is invited.
pub(super) fn invitations(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Vec<SessionId>> {
    session_guests::table
        .filter(session_guests::registration_id.eq(registration))
        .select(session_guests::session_id)
        .load(db)
}

/// Invites someone; a second time changes nothing.
pub(super) fn add_guest(
    db: &mut DbConnection,
    now: UtcTime,
    session: SessionId,
    registration: RegistrationId,
) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(session_guests::table)
        .values((
            session_guests::session_id.eq(session),
            session_guests::registration_id.eq(registration),
            session_guests::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))
    .map(drop)
}

/// Takes an invitation back.
pub(super) fn remove_guest(db: &mut DbConnection, session: SessionId, registration: RegistrationId) -> QueryResult<()> {
    diesel::delete(session_guests::table.find((session, registration))).execute(db).map(drop)
}

/// Who is invited to a session.
pub(super) fn guests(db: &mut DbConnection, session: SessionId, limit: i64) -> QueryResult<Vec<Registration>> {
    session_guests::table
        .inner_join(registrations::table.on(registrations::id.eq(session_guests::registration_id)))
        .filter(session_guests::session_id.eq(session))
        .order(registrations::sort_key)
        .limit(limit)
        .select(Registration::as_select())
        .load(db)
}

/// Confirmed registrations of an event that have one of these numbers.
pub(super) fn by_codes(db: &mut DbConnection, event: EventId, codes: &[String]) -> QueryResult<Vec<Registration>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::code.eq_any(codes))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .select(Registration::as_select())
        .load(db)
}

/// How a session may be entered, as its row says.
pub(super) fn access(
    db: &mut DbConnection,
    event: EventId,
    session: SessionId,
) -> QueryResult<Option<crate::programme::model::Access>> {
    sessions::table.find(session).filter(sessions::event_id.eq(event)).select(sessions::access).first(db).optional()
}

/// The bookings without end of one person, with the titles and codes of their sessions.
pub(super) fn with_titles(
    db: &mut DbConnection,
    event: EventId,
    registration: RegistrationId,
) -> QueryResult<Vec<(Booking, Localized, String)>> {
    bookings::table
        .inner_join(sessions::table)
        .filter(bookings::event_id.eq(event))
        .filter(bookings::registration_id.eq(registration))
        .filter(bookings::ended_at.is_null())
        .order((bookings::created_at, bookings::id))
        .select((Booking::as_select(), sessions::title, sessions::code))
        .load(db)
}

/// Gives a booking to another registration, with what was offered for it.
pub(super) fn move_to(db: &mut DbConnection, id: BookingId, registration: RegistrationId) -> QueryResult<()> {
    diesel::update(bookings::table.find(id))
        .set((bookings::registration_id.eq(registration), bookings::version.eq(bookings::version + 1)))
        .execute(db)?;
    diesel::update(offers::table.filter(offers::booking_id.eq(id)))
        .set(offers::registration_id.eq(registration))
        .execute(db)
        .map(drop)
}

/// Moves invitations to another registration that has not got them.
pub(super) fn move_guests(db: &mut DbConnection, (to, from): (RegistrationId, RegistrationId)) -> QueryResult<()> {
    let present = invitations(db, to)?;
    let own = || session_guests::table.filter(session_guests::registration_id.eq(from));
    diesel::update(own().filter(session_guests::session_id.ne_all(present)))
        .set(session_guests::registration_id.eq(to))
        .execute(db)?;
    diesel::delete(own()).execute(db).map(drop)
}
