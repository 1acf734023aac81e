//! What seats of a session are, and what a booking is.

use crate::db::schema::{attendance_rules, bookings, session_seats};
use crate::db::{BookingId, CategoryId, EventId, Json, OfferId, RegistrationId, SessionId, UtcTime};
use crate::text_enum;
use diesel::prelude::*;

text_enum! {
    /// Where a booking stands.
    pub enum BookingState {
        /// Has a seat.
        Booked = "booked",
        /// Waits for one.
        Waiting = "waiting",
        /// Is offered one for a limited time.
        Offered = "offered",
        /// Was given back, or an offer was declined.
        GivenBack = "given_back",
        /// Did not take the offer up in time.
        Lapsed = "lapsed",
        /// Was taken away by the team.
        Removed = "removed",
    }
}

impl BookingState {
    /// Whether a seat counts as taken.
    #[must_use]
    pub const fn holds_seat(self) -> bool {
        matches!(self, Self::Booked | Self::Offered)
    }

    /// Whether it is over: the person may book again.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::GivenBack | Self::Lapsed | Self::Removed)
    }
}

/// The seats of one session that can be booked, as their row holds them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = session_seats)]
pub struct Seats {
    /// The session.
    pub session_id: SessionId,
    /// Its event.
    pub event_id: EventId,
    /// How many there are.
    pub capacity: i32,
    /// How many are booked or offered.
    pub taken: i32,
    /// Since when they can be booked.
    pub opens_at: Option<UtcTime>,
    /// Until when.
    pub closes_at: Option<UtcTime>,
    /// Whether people may wait when all are taken.
    pub has_waiting_list: bool,
    /// Whether those who wait see their place in the list.
    pub shows_rank: bool,
    /// How long an offered seat is kept, in minutes.
    pub offer_minutes: i32,
    /// The categories that may book; all where it is empty.
    pub categories: Json<Vec<CategoryId>>,
    /// Counts edits.
    pub version: i32,
}

/// How full a session is, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// There are seats.
    Free,
    /// Few are left.
    Filling,
    /// None is left.
    Full,
}

impl Fill {
    /// The word in JSON, classes and keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Filling => "filling",
            Self::Full => "full",
        }
    }
}

impl Seats {
    /// Seats that nobody has.
    #[must_use]
    pub fn left(&self) -> i32 {
        (self.capacity - self.taken).max(0)
    }

    /// Four fifths taken is "filling".
    #[must_use]
    pub fn fill(&self) -> Fill {
        match self.left() {
            0 => Fill::Full,
            _ if i64::from(self.taken) * 5 >= i64::from(self.capacity) * 4 => Fill::Filling,
            _ => Fill::Free,
        }
    }
}

/// What organizers say of a session's seats. Always valid.
#[derive(Clone, Debug)]
pub struct SeatsFacts {
    /// How many there are.
    pub capacity: i32,
    /// Since when they can be booked.
    pub opens_at: Option<UtcTime>,
    /// Until when; later than `opens_at`.
    pub closes_at: Option<UtcTime>,
    /// Whether people may wait.
    pub has_waiting_list: bool,
    /// Whether those who wait see their place in the list.
    pub shows_rank: bool,
    /// How long an offered seat is kept, in minutes.
    pub offer_minutes: i32,
    /// The categories that may book; all where it is empty.
    pub categories: Vec<CategoryId>,
}

/// One person's seat in one session, or place in its waiting list.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = bookings)]
pub struct Booking {
    /// The booking.
    pub id: BookingId,
    /// The event.
    pub event_id: EventId,
    /// The session.
    pub session_id: SessionId,
    /// Whose it is.
    pub registration_id: RegistrationId,
    /// Where it stands.
    pub state: BookingState,
    /// Those with a higher number are offered seats first.
    pub priority: i32,
    /// Since when it waits.
    pub waits_since: Option<UtcTime>,
    /// Until when the offer holds.
    pub offered_until: Option<UtcTime>,
    /// When they came to the door.
    pub came_at: Option<UtcTime>,
    /// When it came to an end.
    pub ended_at: Option<UtcTime>,
    /// iCalendar `SEQUENCE` of the entry last sent.
    pub calendar_sequence: i32,
    /// Counts changes.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
}

/// What an event says of all bookings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = attendance_rules)]
pub struct BookingRules {
    /// Most sessions that one person books.
    pub most_bookings: Option<i32>,
    /// Whether two at the same time are refused, and not only told.
    pub refuses_overlap: bool,
}

impl Default for BookingRules {
    fn default() -> Self {
        Self { most_bookings: None, refuses_overlap: true }
    }
}

/// A seat that is offered to whoever waits.
#[derive(Clone, Debug)]
pub struct NewOffer {
    /// The offer.
    pub id: OfferId,
    /// The booking that waits.
    pub booking: Booking,
    /// Until when it holds.
    pub until: UtcTime,
    /// Why this person, in JSON.
    pub reason: String,
}
