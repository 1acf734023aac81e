//! Whether someone may book a seat, as a pure function over values.

use super::model::{BookingRules, Seats};
use crate::db::{CategoryId, SessionId, UtcTime};

/// When a session takes place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// The session.
    pub session: SessionId,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}

impl Hours {
    /// Whether nobody can be at both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.session != other.session && self.start < other.end && other.start < self.end
    }
}

/// Who wants to book what.
#[derive(Clone, Debug)]
pub struct Ask<'a> {
    /// The session's seats.
    pub seats: &'a Seats,
    /// What the event says of all bookings.
    pub rules: BookingRules,
    /// The present instant.
    pub now: UtcTime,
    /// The category of the person.
    pub category: CategoryId,
    /// Whether people of it book seats at all.
    pub may_book: bool,
    /// Whether only those who are invited may come.
    pub is_closed: bool,
    /// Whether this person is.
    pub is_invited: bool,
    /// When the session takes place; empty while it has no time.
    pub hours: &'a [Hours],
    /// What the person has booked already, without this session.
    pub others: &'a [SessionId],
    /// When those take place.
    pub other_hours: &'a [Hours],
}

/// Why someone may not book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Seats can be booked from an instant on.
    NotYet(UtcTime),
    /// Not any more.
    Over,
    /// By invitation only.
    InvitedOnly,
    /// Not in this category.
    OtherCategory,
    /// People of this category book no seats.
    NoSeats,
    /// They have as many as one person may have.
    TooMany(i32),
    /// They are elsewhere at that time.
    Overlap(SessionId),
}

impl Refusal {
    /// The key of its text.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::NotYet(_) => "seats-error-not-yet",
            Self::Over => "seats-error-over",
            Self::InvitedOnly => "seats-error-invited-only",
            Self::OtherCategory | Self::NoSeats => "seats-error-other-category",
            Self::TooMany(_) => "seats-error-too-many",
            Self::Overlap(_) => "seats-error-overlap",
        }
    }
}

/// Whether a session's seats can still be booked or offered: it has not begun and booking is open.
#[must_use]
pub fn ends_at(seats: &Seats, hours: &[Hours]) -> Option<UtcTime> {
    let begins = hours.iter().map(|hours| hours.start).max();
    [seats.closes_at, begins].into_iter().flatten().min()
}

/// The session booked already that is on at the same time, if any.
#[must_use]
pub fn overlap(hours: &[Hours], others: &[Hours]) -> Option<SessionId> {
    // Of a session that takes place twice one of the times is enough.
    let clash = |one: &Hours| others.iter().find(|other| one.overlaps(other)).map(|other| other.session);
    let clashes: Vec<Option<SessionId>> = hours.iter().map(clash).collect();
    if clashes.iter().any(Option::is_none) { None } else { clashes.into_iter().flatten().next() }
}

/// Whether they may book.
///
/// # Errors
/// Why not.
pub fn may_book(ask: &Ask<'_>) -> Result<(), Refusal> {
    if let Some(opens) = ask.seats.opens_at.filter(|opens| ask.now < *opens) {
        return Err(Refusal::NotYet(opens));
    }
    if ends_at(ask.seats, ask.hours).is_some_and(|end| ask.now >= end) {
        return Err(Refusal::Over);
    }
    if ask.is_closed && !ask.is_invited {
        return Err(Refusal::InvitedOnly);
    }
    if !ask.is_invited && !ask.may_book {
        return Err(Refusal::NoSeats);
    }
    let allowed = &ask.seats.categories;
    if !ask.is_invited && !allowed.is_empty() && !allowed.contains(&ask.category) {
        return Err(Refusal::OtherCategory);
    }
    if let Some(most) = ask.rules.most_bookings.filter(|most| ask.others.len() >= usize::try_from(*most).unwrap_or(0)) {
        return Err(Refusal::TooMany(most));
    }
    match overlap(ask.hours, ask.other_hours) {
        Some(other) if ask.rules.refuses_overlap => Err(Refusal::Overlap(other)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{EventId, Json};

    fn at(hour: i64) -> UtcTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + hour * 3600, 0).expect("in range").to_utc().into()
    }

    fn seats(session: SessionId, opens: Option<i64>, closes: Option<i64>, categories: Vec<CategoryId>) -> Seats {
        Seats {
            session_id: session,
            event_id: EventId::new(),
            capacity: 10,
            taken: 0,
            opens_at: opens.map(at),
            closes_at: closes.map(at),
            has_waiting_list: true,
            shows_rank: true,
            offer_minutes: 60,
            categories: Json::new(categories).expect("JSON"),
            version: 1,
        }
    }

    #[test]
    fn each_rule_refuses_for_its_own_reason() {
        let (session, other, category) = (SessionId::new(), SessionId::new(), CategoryId::new());
        let hours = [Hours { session, start: at(10), end: at(11) }];
        let meanwhile = [Hours { session: other, start: at(10), end: at(12) }];
        let after = [Hours { session: other, start: at(11), end: at(12) }];
        let open = seats(session, None, None, vec![]);
        let ask = Ask {
            seats: &open,
            rules: BookingRules::default(),
            now: at(0),
            category,
            may_book: true,
            is_closed: false,
            is_invited: false,
            hours: &hours,
            others: &[],
            other_hours: &[],
        };
        let later = seats(session, Some(1), None, vec![]);
        let closed = seats(session, None, Some(0), vec![]);
        let elsewhere = seats(session, None, None, vec![CategoryId::new()]);
        let own = seats(session, None, None, vec![category]);
        let lenient = BookingRules { most_bookings: None, refuses_overlap: false };
        let one = BookingRules { most_bookings: Some(1), refuses_overlap: true };
        for (ask, expected) in [
            (ask.clone(), Ok(())),
            (Ask { seats: &later, ..ask.clone() }, Err(Refusal::NotYet(at(1)))),
            (Ask { seats: &closed, ..ask.clone() }, Err(Refusal::Over)),
            (Ask { now: at(10), ..ask.clone() }, Err(Refusal::Over)),
            (Ask { hours: &[], now: at(99), ..ask.clone() }, Ok(())),
            (Ask { is_closed: true, ..ask.clone() }, Err(Refusal::InvitedOnly)),
            (Ask { is_closed: true, is_invited: true, ..ask.clone() }, Ok(())),
            (Ask { seats: &elsewhere, ..ask.clone() }, Err(Refusal::OtherCategory)),
            (Ask { seats: &elsewhere, is_invited: true, ..ask.clone() }, Ok(())),
            (Ask { may_book: false, ..ask.clone() }, Err(Refusal::NoSeats)),
            (Ask { seats: &own, ..ask.clone() }, Ok(())),
            (Ask { rules: one, others: &[other], ..ask.clone() }, Err(Refusal::TooMany(1))),
            (Ask { others: &[other], other_hours: &meanwhile, ..ask.clone() }, Err(Refusal::Overlap(other))),
            (Ask { others: &[other], other_hours: &after, ..ask.clone() }, Ok(())),
            (Ask { rules: lenient, others: &[other], other_hours: &meanwhile, ..ask.clone() }, Ok(())),
        ] {
            assert_eq!(may_book(&ask), expected, "{ask:?}");
        }
    }

    #[test]
    fn a_session_that_is_given_twice_can_be_seen_the_other_time() {
        let (session, other) = (SessionId::new(), SessionId::new());
        let twice = [Hours { session, start: at(10), end: at(11) }, Hours { session, start: at(15), end: at(16) }];
        let busy = [Hours { session: other, start: at(10), end: at(12) }];
        assert_eq!(overlap(&twice, &busy), None);
        assert_eq!(overlap(&twice[..1], &busy), Some(other));
    }
}
