//! Use cases of seats. What costs time, such as wording mails, is done before the transaction.

mod offering;

pub use offering::{
    Lapse, Line, PreparedOffer, lapse, line, new_offer, next_in_line, offer, offer_until, offered, overdue, prefer,
};

use super::model::{Booking, BookingState, Seats, SeatsFacts};
use super::rules::{self, Ask, Hours, Refusal};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{BookingId, DbConnection, DbError, EventId, RegistrationId, SessionId, UtcTime};
use crate::db_failure;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::programme::model::Access;
use crate::registration::category::Category;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{keep_link, of_event};
use diesel::QueryResult;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Why a seat was not booked, given back or set up.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The session has no seats that can be booked, or the booking is not there.
    #[error("there is nothing to book")]
    NotFound,
    /// Only confirmed people have seats.
    #[error("the registration is not confirmed")]
    NotConfirmed,
    /// A rule says no.
    #[error("a rule refuses this booking: {0:?}")]
    Refused(Refusal),
    /// Every seat is taken, and nobody may wait.
    #[error("every seat is taken")]
    Full,
    /// Someone else changed it in the meantime.
    #[error("it was changed in the meantime")]
    Stale,
    /// More seats are taken than there would be.
    #[error("{0} seats are taken already")]
    BelowTaken(i32),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(BookError);

/// Somebody who wants a seat, with what is needed to decide and to tell.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The event.
    pub event: EventId,
    /// The session.
    pub session: SessionId,
    /// Who.
    pub registration: RegistrationId,
    /// When every session takes place, as the public knows it.
    pub hours: Vec<Hours>,
    /// The mail that says "you have a seat".
    pub booked: NewMessage,
    /// The mail that says "you are in the waiting list".
    pub waiting: NewMessage,
    /// The link that the mail carries.
    pub link: PrivateLink,
    /// Whether the team gives the seat: its own rules of time, category and number don't bind it.
    pub by_team: bool,
}

impl Wish {
    fn hours_of(&self, sessions: &[SessionId]) -> Vec<Hours> {
        self.hours.iter().filter(|hours| sessions.contains(&hours.session)).copied().collect()
    }
}

/// What came of a wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// They have a seat.
    Booked,
    /// They wait; how many are before them.
    Waiting(i64),
    /// They had this booking before.
    Known(BookingState),
}

/// Books a seat, or a place in the waiting list where every seat is taken or others wait already.
///
/// # Errors
/// When the registration is not confirmed, a rule refuses, or nothing is left.
pub fn book(db: &mut DbConnection, now: UtcTime, actor: Actor, wish: &Wish) -> Result<Outcome, BookError> {
    let seats = store::seats(db, wish.event, wish.session)?.ok_or(BookError::NotFound)?;
    let (registration, category) = of_event(db, wish.event, wish.registration)?.ok_or(BookError::NotFound)?;
    if registration.state != RegistrationState::Confirmed {
        return Err(BookError::NotConfirmed);
    }
    store::hold_person(db, wish.registration)?;
    let own = store::of_person(db, wish.registration)?;
    if let Some(known) = own.iter().find(|booking| booking.session_id == wish.session) {
        return Ok(Outcome::Known(known.state));
    }
    if !wish.by_team {
        check(db, now, wish, (&seats, &category), &own)?;
    }
    let before = store::waiting_before(db, wish.session, None)?;
    let has_seat = (before == 0 || wish.by_team) && seats.left() > 0 && store::take(db, wish.session)?;
    if !has_seat && !seats.has_waiting_list {
        return Err(BookError::Full);
    }
    let state = if has_seat { BookingState::Booked } else { BookingState::Waiting };
    let booking = Booking {
        id: BookingId::new(),
        event_id: wish.event,
        session_id: wish.session,
        registration_id: wish.registration,
        state,
        priority: 0,
        waits_since: (!has_seat).then_some(now),
        offered_until: None,
        came_at: None,
        ended_at: None,
        calendar_sequence: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    if !store::insert(db, &booking)? {
        return Err(BookError::Stale);
    }
    keep_link(db, &wish.link)?;
    mail::operations::queue(db, now, if has_seat { &wish.booked } else { &wish.waiting })?;
    note(db, now, actor, if has_seat { "booking.made" } else { "booking.waits" }, &booking)?;
    Ok(if has_seat { Outcome::Booked } else { Outcome::Waiting(before) })
}

fn check(
    db: &mut DbConnection,
    now: UtcTime,
    wish: &Wish,
    (seats, category): (&Seats, &Category),
    own: &[Booking],
) -> Result<(), BookError> {
    let others: Vec<SessionId> = own.iter().map(|booking| booking.session_id).collect();
    let access = store::access(db, wish.event, wish.session)?.ok_or(BookError::NotFound)?;
    let ask = Ask {
        seats,
        rules: store::rules(db, wish.event)?,
        now,
        category: category.id,
        may_book: category.may_book,
        is_closed: access == Access::Invitation,
        is_invited: store::is_guest(db, wish.session, wish.registration)?,
        hours: &wish.hours_of(&[wish.session]),
        others: &others,
        other_hours: &wish.hours_of(&others),
    };
    rules::may_book(&ask).map_err(BookError::Refused)
}

/// What becomes of a booking by the person's or the team's will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The offered seat is taken up.
    Accept,
    /// The seat, the offer or the place in the waiting list is given back.
    GiveBack,
    /// The team takes it away.
    Remove,
}

/// A step with someone's booking for a session.
#[derive(Clone, Debug)]
pub struct Change<'a> {
    /// The event.
    pub event: EventId,
    /// The session.
    pub session: SessionId,
    /// Who.
    pub registration: RegistrationId,
    /// What is done.
    pub step: Step,
    /// What they are told.
    pub message: Option<&'a NewMessage>,
    /// When every session takes place, as the public knows it: nobody takes a seat of what has begun.
    pub hours: &'a [Hours],
}

/// Takes a step with someone's booking for a session. A seat that becomes free is offered to whoever
/// waits by the recurring job.
///
/// # Errors
/// When there is no such booking, or it does not stand where the step begins.
pub fn step(db: &mut DbConnection, now: UtcTime, actor: Actor, change: &Change<'_>) -> Result<(), BookError> {
    let Change { event, session, registration, step, message, hours } = *change;
    let seats = store::seats(db, event, session)?.ok_or(BookError::NotFound)?;
    let booking = store::active(db, session, registration)?.ok_or(BookError::NotFound)?;
    let (to, action, outcome) = match step {
        Step::Accept if booking.state == BookingState::Offered => {
            (BookingState::Booked, "booking.accepted", "accepted")
        }
        Step::Accept => return Err(BookError::Stale),
        Step::GiveBack => (BookingState::GivenBack, "booking.given-back", "declined"),
        Step::Remove => (BookingState::Removed, "booking.removed", "withdrawn"),
    };
    if step == Step::Accept {
        if booking.offered_until.is_some_and(|until| now > until) {
            return Err(BookError::Stale);
        }
        let own: Vec<Hours> = hours.iter().filter(|hours| hours.session == session).copied().collect();
        if rules::ends_at(&seats, &own).is_some_and(|end| now >= end) {
            return Err(BookError::Refused(Refusal::Over));
        }
    }
    settle(db, now, &booking, to, outcome)?;
    if let Some(message) = message {
        mail::operations::queue(db, now, message)?;
    }
    note(db, now, actor, action, &booking)?;
    Ok(())
}

/// Brings a booking to its next state, gives back the seat that it held, and closes its offer.
fn settle(
    db: &mut DbConnection,
    now: UtcTime,
    booking: &Booking,
    to: BookingState,
    outcome: &str,
) -> Result<(), BookError> {
    if !store::change(db, now, (booking.id, booking.state), (to, None))? {
        return Err(BookError::Stale);
    }
    if booking.state.holds_seat() && !to.holds_seat() {
        store::free(db, booking.session_id, 1)?;
    }
    if booking.state == BookingState::Offered {
        store::end_offer(db, now, booking.id, outcome)?;
    }
    Ok(())
}

/// Gives back every seat of someone whose registration has ended.
///
/// # Errors
/// When the database refuses.
pub fn give_all_back(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: RegistrationId,
) -> QueryResult<usize> {
    let own = store::of_person(db, registration)?;
    for booking in &own {
        if store::change(db, now, (booking.id, booking.state), (BookingState::GivenBack, None))? {
            if booking.state.holds_seat() {
                store::free(db, booking.session_id, 1)?;
            }
            store::end_offer(db, now, booking.id, "withdrawn")?;
            note(db, now, actor, "booking.given-back", booking)?;
        }
    }
    Ok(own.len())
}

/// Sets a session's seats up, or changes them if they are still of `version`.
///
/// # Errors
/// When someone else was faster, or more are taken than there would be.
pub fn set_seats(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, session, version): (EventId, SessionId, Option<i32>),
    facts: &SeatsFacts,
) -> Result<(), BookError> {
    store::access(db, event, session)?.ok_or(BookError::NotFound)?;
    let done = match version {
        None => store::insert_seats(db, now, (event, session), facts)?,
        Some(version) => store::update_seats(db, now, (session, version), facts)?,
    };
    if !done {
        let taken = store::seats(db, event, session)?.map_or(0, |seats| seats.taken);
        return Err(if facts.capacity < taken { BookError::BelowTaken(taken) } else { BookError::Stale });
    }
    let entry = Entry::new(Some(event), actor, "seats.set", "session", session.as_str());
    audit::note(db, now, &entry.with(json!({ "capacity": facts.capacity })))?;
    Ok(())
}

/// The confirmed registration that has this number.
///
/// # Errors
/// When the database refuses.
pub fn by_code(db: &mut DbConnection, event: EventId, code: &str) -> QueryResult<Option<Registration>> {
    Ok(store::by_codes(db, event, &[code.to_owned()])?.pop())
}

/// One booking of an event.
///
/// # Errors
/// When the database refuses.
pub fn booking(db: &mut DbConnection, event: EventId, id: BookingId) -> QueryResult<Option<Booking>> {
    store::find(db, event, id)
}

/// The seats of one session, once they are set up.
///
/// # Errors
/// When the database refuses.
pub fn seats(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<Option<Seats>> {
    store::seats(db, event, session)
}

/// The seats of every session of an event that can be booked.
///
/// # Errors
/// When the database refuses.
pub fn all_seats(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Seats>> {
    store::all_seats(db, event)
}

/// How many wait for each session of an event.
///
/// # Errors
/// When the database refuses.
pub fn waiting(db: &mut DbConnection, event: EventId) -> QueryResult<HashMap<SessionId, i64>> {
    Ok(store::waiting(db, event)?.into_iter().collect())
}

/// What the team sees of one session's seats.
#[derive(Clone, Debug)]
pub struct SessionSeats {
    /// The seats, once they are set up.
    pub seats: Option<Seats>,
    /// Who has one, is offered one or waits.
    pub bookings: Vec<(Booking, Registration)>,
    /// Who is invited.
    pub guests: Vec<Registration>,
}

/// Most people of a session that one page shows.
const LISTED: i64 = 5_000;

/// One session's seats, bookings and invitations.
///
/// # Errors
/// When the database refuses.
pub fn of_session(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<SessionSeats> {
    Ok(SessionSeats {
        seats: store::seats(db, event, session)?,
        bookings: store::of_session(db, session, (None, LISTED))?,
        guests: store::guests(db, session, LISTED)?,
    })
}

/// What one person may see of seats: their own, and all that can be booked.
#[derive(Clone, Debug)]
pub struct OwnSeats {
    /// Their bookings without end.
    pub bookings: Vec<Booking>,
    /// How many are before them, where they wait and may know.
    pub ranks: HashMap<BookingId, i64>,
    /// The seats of every session that has some.
    pub seats: HashMap<SessionId, Seats>,
    /// Closed sessions to which they are invited.
    pub invitations: HashSet<SessionId>,
    /// Whether a seat that overlaps with another is refused.
    pub refuses_overlap: bool,
}

/// What one person may see of seats.
///
/// # Errors
/// When the database refuses.
pub fn own_seats(db: &mut DbConnection, event: EventId, registration: RegistrationId) -> QueryResult<OwnSeats> {
    let bookings = store::of_person(db, registration)?;
    let seats: HashMap<SessionId, Seats> =
        store::all_seats(db, event)?.into_iter().map(|seats| (seats.session_id, seats)).collect();
    let mut ranks = HashMap::new();
    for booking in bookings.iter().filter(|booking| booking.state == BookingState::Waiting) {
        if seats.get(&booking.session_id).is_some_and(|seats| seats.shows_rank) {
            ranks.insert(booking.id, store::waiting_before(db, booking.session_id, Some(booking))?);
        }
    }
    let invitations = store::invitations(db, registration)?.into_iter().collect();
    let refuses_overlap = store::rules(db, event)?.refuses_overlap;
    Ok(OwnSeats { bookings, ranks, seats, invitations, refuses_overlap })
}

fn note(db: &mut DbConnection, now: UtcTime, actor: Actor, action: &'static str, booking: &Booking) -> QueryResult<()> {
    let entry = Entry::new(Some(booking.event_id), actor, action, "booking", booking.id.as_str());
    let about = json!({ "session": booking.session_id, "registration": booking.registration_id });
    audit::note(db, now, &entry.with(about))
}
