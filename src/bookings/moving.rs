//! Seats and invitations that move to another registration of the same person.

use super::model::{Booking, BookingState};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use diesel::QueryResult;
use serde_json::json;

/// Somebody's bookings without end with the titles of their sessions, by when they were made. One query.
///
/// # Errors
/// When the database refuses.
pub fn seats_of(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Vec<(Booking, Localized, String)>> {
    store::with_titles(db, event, id)
}

/// How much a booking is worth.
const fn worth(state: BookingState) -> u8 {
    match state {
        BookingState::Booked => 3,
        BookingState::Offered => 2,
        BookingState::Waiting => 1,
        BookingState::GivenBack | BookingState::Lapsed | BookingState::Removed => 0,
    }
}

/// Moves what one registration has of seats to another of the same person. Where both have something for one
/// session the better booking stands; the other one ends, and its seat becomes free.
///
/// # Errors
/// When the database refuses.
pub fn adopt(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (kept, from): (RegistrationId, RegistrationId),
) -> QueryResult<()> {
    let own = store::of_person(db, kept)?;
    for booking in store::of_person(db, from)? {
        if let Some(present) = own.iter().find(|one| one.session_id == booking.session_id) {
            let is_better = worth(booking.state) > worth(present.state);
            give_back(db, now, actor, if is_better { present } else { &booking })?;
            if !is_better {
                continue;
            }
        }
        store::move_to(db, booking.id, kept)?;
        let entry = Entry::new(Some(booking.event_id), actor, "booking.moved", "booking", booking.id.as_str());
        let about = json!({ "session": booking.session_id, "registration": kept, "from": from });
        audit::note(db, now, &entry.with(about))?;
    }
    store::move_guests(db, (kept, from))
}

fn give_back(db: &mut DbConnection, now: UtcTime, actor: Actor, booking: &Booking) -> QueryResult<()> {
    if store::change(db, now, (booking.id, booking.state), (BookingState::GivenBack, None))? {
        if booking.state.holds_seat() {
            store::free(db, booking.session_id, 1)?;
        }
        store::end_offer(db, now, booking.id, "withdrawn")?;
        let entry = Entry::new(Some(booking.event_id), actor, "booking.given-back", "booking", booking.id.as_str());
        let about = json!({ "session": booking.session_id, "registration": booking.registration_id });
        audit::note(db, now, &entry.with(about))?;
    }
    Ok(())
}
