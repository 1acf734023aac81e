//! Seats as an attendee sees them on the own programme.

use super::model::{Booking, BookingState, Fill, Seats};
use super::operations::OwnSeats;
use super::rules::{self, Hours};
use crate::db::{SessionId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Texts};
use crate::programme::model::Access;
use crate::schedule::model::ProgrammeSession;
use crate::site::model::Released;
use serde::Serialize;

/// What is said of a session's seats, and what can be done.
#[derive(Clone, Debug, Serialize)]
pub struct SeatLine {
    /// `booked`, `waiting`, `offered`, `free`, `filling`, `full` or `closed`.
    pub state: &'static str,
    /// In words.
    pub label: String,
    /// The name of the button that does something, `book` or `give_back`; empty where there is none.
    pub action: &'static str,
    /// Its words.
    pub action_label: String,
    /// Whether an offered seat can be taken up.
    pub may_accept: bool,
    /// What of one's own seats is on at the same time, in words; may be empty.
    pub clash: String,
}

/// Puts seats in words.
#[derive(Clone, Copy)]
pub struct SeatWords<'a> {
    /// The texts.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// The event.
    pub event: &'a Event,
    /// The present instant.
    pub now: UtcTime,
}

impl SeatWords<'_> {
    fn text(&self, key: &str) -> String {
        self.texts.text(self.lang, key, &[])
    }

    fn time(&self, at: UtcTime) -> String {
        Formatter::of(self.lang).date_time(at.in_zone(self.event.zone()).naive_local())
    }

    /// The line of a public session; nothing where its seats are not booked.
    #[must_use]
    pub fn line(&self, session: &ProgrammeSession, own: &OwnSeats, released: &Released) -> Option<SeatLine> {
        let seats = own.seats.get(&session.id)?;
        if let Some(booking) = own.bookings.iter().find(|booking| booking.session_id == session.id) {
            return Some(self.booked(booking, own.ranks.get(&booking.id).copied()));
        }
        let is_invited = own.invitations.contains(&session.id);
        if session.access == Access::Invitation && !is_invited {
            return Some(self.plain("closed", self.text("seats-closed")));
        }
        let mut line = self.bookable(seats);
        if let Some(other) = clash(session, own, released).filter(|_| !line.action.is_empty()) {
            let title = other.title.text(self.lang, &self.event.languages).to_owned();
            line.clash = self.texts.text(self.lang, "seats-own-clash", &[("title", title.into())]);
            if own.refuses_overlap {
                line.action = "";
            }
        }
        Some(line)
    }

    /// One's own booking in words.
    #[must_use]
    pub fn booked(&self, booking: &Booking, rank: Option<i64>) -> SeatLine {
        let label = match (booking.state, rank, booking.offered_until) {
            (BookingState::Offered, _, Some(until)) => {
                self.texts.text(self.lang, "seats-own-offered", &[("time", self.time(until).into())])
            }
            (BookingState::Waiting, Some(rank), _) => {
                self.texts.text(self.lang, "seats-own-waiting-rank", &[("rank", (rank + 1).into())])
            }
            (BookingState::Waiting, None, _) => self.text("seats-own-waiting"),
            _ => self.text("seats-own-booked"),
        };
        SeatLine {
            state: booking.state.as_str(),
            label,
            action: "give_back",
            action_label: self.text(match booking.state {
                BookingState::Waiting => "seats-leave",
                BookingState::Offered => "seats-decline",
                _ => "seats-give-back",
            }),
            may_accept: booking.state == BookingState::Offered,
            clash: String::new(),
        }
    }

    fn bookable(&self, seats: &Seats) -> SeatLine {
        if let Some(opens) = seats.opens_at.filter(|opens| self.now < *opens) {
            let label = self.texts.text(self.lang, "seats-opens", &[("time", self.time(opens).into())]);
            return self.plain("closed", label);
        }
        if seats.closes_at.is_some_and(|closes| self.now >= closes) {
            return self.plain("closed", self.text("seats-over"));
        }
        let (fill, left) = (seats.fill(), seats.left());
        let label = self.texts.text(self.lang, &format!("seats-{}", fill.as_str()), &[("left", left.into())]);
        let action_label = match fill {
            Fill::Full if !seats.has_waiting_list => return self.plain("full", label),
            Fill::Full => self.text("seats-wait"),
            _ => self.text("seats-book"),
        };
        SeatLine { action: "book", action_label, ..self.plain(fill.as_str(), label) }
    }

    fn plain(&self, state: &'static str, label: String) -> SeatLine {
        SeatLine { state, label, action: "", action_label: String::new(), may_accept: false, clash: String::new() }
    }
}

/// The session of one's own bookings that is on at the same time.
fn clash<'r>(session: &ProgrammeSession, own: &OwnSeats, released: &'r Released) -> Option<&'r ProgrammeSession> {
    let hours = |session: &ProgrammeSession| {
        let slots = session.slots.iter();
        slots.map(|slot| Hours { session: session.id, start: slot.start, end: slot.end }).collect::<Vec<_>>()
    };
    let booked = own.bookings.iter().filter_map(|booking| released.session(booking.session_id));
    let others: Vec<Hours> = booked.flat_map(hours).collect();
    rules::overlap(&hours(session), &others).and_then(|other| released.session(other))
}

/// The sessions that someone has a seat in, is offered one, or waits for.
#[must_use]
pub fn sessions(own: &OwnSeats) -> Vec<SessionId> {
    own.bookings.iter().map(|booking| booking.session_id).collect()
}
