//! Offering what is free to those who wait, in order.

use super::{BookError, note, settle};
use crate::audit::{self, Actor, Entry};
use crate::bookings::model::{Booking, BookingState, NewOffer, Seats};
use crate::bookings::rules::{self, Hours};
use crate::bookings::store;
use crate::db::{BookingId, DbConnection, EventId, OfferId, SessionId, UserId, UtcTime};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::{PrivateLink, Registration};
use crate::registration::operations::keep_link;
use chrono::TimeDelta;
use diesel::QueryResult;
use serde_json::json;

/// A session with free seats, and who waits for them, in order.
pub type Line = (Seats, Vec<(Booking, Registration)>);

/// Seats that could be offered now, each with those who come next, in order.
///
/// # Errors
/// When the database refuses.
pub fn next_in_line(db: &mut DbConnection) -> QueryResult<Vec<Line>> {
    let mut found = Vec::new();
    for seats in store::with_free_seats(db)? {
        let next = store::of_session(db, seats.session_id, (Some(BookingState::Waiting), seats.left().into()))?;
        found.push((seats, next));
    }
    Ok(found)
}

/// Who would be offered the next `count` seats of a session, and why: an order that is only read.
///
/// # Errors
/// When the database refuses.
pub fn line(db: &mut DbConnection, session: SessionId, count: i64) -> QueryResult<Vec<(Booking, Registration)>> {
    store::of_session(db, session, (Some(BookingState::Waiting), count))
}

/// Until when a seat would be offered at `now`: never past the session's beginning or the end of booking.
/// Nothing when it is too late.
#[must_use]
pub fn offer_until(seats: &Seats, hours: &[Hours], now: UtcTime) -> Option<UtcTime> {
    let until = now + TimeDelta::minutes(seats.offer_minutes.into());
    match rules::ends_at(seats, hours) {
        Some(end) if end <= now => None,
        Some(end) => Some(until.min(end)),
        None => Some(until),
    }
}

/// An offer with the mail that tells of it and the link that the mail carries.
#[derive(Clone, Debug)]
pub struct PreparedOffer {
    /// The offer.
    pub offer: NewOffer,
    /// The mail.
    pub message: NewMessage,
    /// Its link.
    pub link: PrivateLink,
}

/// Offers seats to those who wait; how many were. Each is offered once, however many processes try:
/// the seat and the booking's state are both taken by guarded updates.
///
/// # Errors
/// When the database refuses.
pub fn offer(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, made_by): (Actor, Option<UserId>),
    prepared: &[PreparedOffer],
) -> QueryResult<usize> {
    let mut done = 0;
    for one in prepared {
        let booking = &one.offer.booking;
        if !store::take(db, booking.session_id)? {
            continue;
        }
        let to = (BookingState::Offered, Some(one.offer.until));
        if !store::change(db, now, (booking.id, BookingState::Waiting), to)? {
            store::free(db, booking.session_id, 1)?;
            continue;
        }
        store::insert_offer(db, now, &one.offer, made_by)?;
        keep_link(db, &one.link)?;
        mail::operations::queue(db, now, &one.message)?;
        note(db, now, actor, "booking.offered", booking)?;
        done += 1;
    }
    Ok(done)
}

/// A new offer to whoever stands at `rank` of those who wait, with the reason that is kept.
#[must_use]
pub fn new_offer(booking: Booking, rank: usize, until: UtcTime) -> NewOffer {
    let reason = json!({ "rank": rank, "priority": booking.priority, "waits_since": booking.waits_since });
    NewOffer { id: OfferId::new(), booking, until, reason: reason.to_string() }
}

/// Offers of an event that hold, with whose they are.
///
/// # Errors
/// When the database refuses.
pub fn offered(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Booking, Registration)>> {
    store::offered(db, event)
}

/// Offers whose time is over, with whose they were.
///
/// # Errors
/// When the database refuses.
pub fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<(Booking, Registration)>> {
    store::overdue(db, now, limit)
}

/// An offer that ran out, with the mail that says so and the link that it carries.
#[derive(Clone, Debug)]
pub struct Lapse {
    /// The booking as it was read.
    pub booking: Booking,
    /// The mail; nothing where it could not be worded.
    pub told: Option<(NewMessage, PrivateLink)>,
}

/// Ends offers that ran out; how many. One that was answered meanwhile is left as it is.
///
/// # Errors
/// When the database refuses.
pub fn lapse(db: &mut DbConnection, now: UtcTime, lapses: &[Lapse]) -> Result<usize, BookError> {
    let mut ended = 0;
    for Lapse { booking, told } in lapses {
        match settle(db, now, booking, BookingState::Lapsed, "ran_out") {
            Err(BookError::Stale) => continue,
            done => done?,
        }
        if let Some((message, link)) = told {
            keep_link(db, link)?;
            mail::operations::queue(db, now, message)?;
        }
        note(db, now, Actor::System, "booking.lapsed", booking)?;
        ended += 1;
    }
    Ok(ended)
}

/// Sets who of those who wait is offered seats first.
///
/// # Errors
/// When there is no such booking.
pub fn prefer(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, booking, priority): (EventId, BookingId, i32),
) -> Result<(), BookError> {
    let found = store::find(db, event, booking)?.ok_or(BookError::NotFound)?;
    if found.priority == priority {
        return Ok(());
    }
    store::set_priority(db, booking, priority)?;
    let entry = Entry::new(Some(event), actor, "booking.priority", "booking", found.id.as_str());
    audit::note(db, now, &entry.with(json!({ "priority": priority })))?;
    Ok(())
}
