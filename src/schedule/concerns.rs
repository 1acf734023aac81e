//! What speaks against a timetable: pure functions over a [`Programme`].

use super::model::{Programme, ProgrammeRoom, ProgrammeSession, ProgrammeSlot};
use crate::db::{RoomId, SessionId, SlotId, SpeakerId};
use std::collections::HashMap;

/// How much weight a concern has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth a look.
    Hint,
    /// Probably wrong.
    Warning,
    /// Can't be meant.
    Serious,
}

/// One thing that speaks against a slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Another session is in the room at that time.
    RoomTaken(SessionId),
    /// A person is in another session at that time.
    SpeakerBusy(SpeakerId, SessionId),
    /// It begins before the event's first day or ends after its last.
    OutsideEvent,
    /// The session has more places than the room.
    RoomTooSmall {
        /// Places of the session.
        wanted: i32,
        /// Places of the room.
        there: i32,
    },
    /// It is interpreted into more languages than the room has channels for.
    ChannelMissing,
    /// No room is set.
    NoRoom,
}

impl Concern {
    /// How much weight it has.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::RoomTaken(_) | Self::SpeakerBusy(..) => Severity::Serious,
            Self::OutsideEvent | Self::RoomTooSmall { .. } | Self::ChannelMissing => Severity::Warning,
            Self::NoRoom => Severity::Hint,
        }
    }
}

/// A concern with the slot that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub session: SessionId,
    /// Its slot.
    pub slot: SlotId,
    /// What speaks against it.
    pub concern: Concern,
}

/// Two slots that only touch do not overlap.
fn overlap(one: &ProgrammeSlot, other: &ProgrammeSlot) -> bool {
    one.start < other.end && other.start < one.end
}

/// Whether a session still takes place: an ended one is in nobody's way.
fn takes_place(session: &ProgrammeSession) -> bool {
    use crate::programme::model::SessionState as S;
    !matches!(session.state, S::Rejected | S::Withdrawn | S::Cancelled)
}

/// Everything that speaks against a draft, by the order of its sessions.
#[must_use]
pub fn concerns(programme: &Programme) -> Vec<Found> {
    let rooms: HashMap<RoomId, &ProgrammeRoom> = programme.rooms.iter().map(|room| (room.id, room)).collect();
    let mut placed: Vec<(&ProgrammeSession, &ProgrammeSlot)> = programme
        .sessions
        .iter()
        .filter(|session| takes_place(session))
        .flat_map(|session| session.slots.iter().map(move |slot| (session, slot)))
        .collect();
    placed.sort_by_key(|(_, slot)| slot.start);
    let mut found = Vec::new();
    for (index, (session, slot)) in placed.iter().enumerate() {
        let mut note = |session: &ProgrammeSession, slot: &ProgrammeSlot, concern| {
            found.push(Found { session: session.id, slot: slot.id, concern });
        };
        for concern in alone(programme, &rooms, session, slot) {
            note(session, slot, concern);
        }
        // Sorted by start: once one begins after this ends, all later ones do.
        for (other_session, other) in placed[index + 1..].iter().take_while(|(_, other)| other.start < slot.end) {
            for (concern, mirrored) in between((session, slot), (other_session, other)) {
                note(session, slot, concern);
                note(other_session, other, mirrored);
            }
        }
    }
    let order: HashMap<SessionId, usize> =
        programme.sessions.iter().enumerate().map(|(index, session)| (session.id, index)).collect();
    found.sort_by_key(|found| (std::cmp::Reverse(found.concern.severity()), order.get(&found.session).copied()));
    found
}

/// What speaks against a slot whatever else takes place.
fn alone(
    programme: &Programme,
    rooms: &HashMap<RoomId, &ProgrammeRoom>,
    session: &ProgrammeSession,
    slot: &ProgrammeSlot,
) -> Vec<Concern> {
    let mut concerns = Vec::new();
    let zone = programme.event.timezone;
    let first = slot.start.in_zone(zone).date_naive();
    // A session may run past midnight of the last day; what counts is the day on which it begins.
    if first < programme.event.starts_on || first > programme.event.ends_on {
        concerns.push(Concern::OutsideEvent);
    }
    let Some(room) = slot.room.and_then(|room| rooms.get(&room)) else {
        concerns.push(Concern::NoRoom);
        return concerns;
    };
    if let (Some(wanted), Some(there)) = (session.capacity, room.capacity)
        && wanted > there
    {
        concerns.push(Concern::RoomTooSmall { wanted, there });
    }
    let channels_differ =
        session.interpreted.iter().any(|lang| Some(*lang) != session.language && !room.channels.contains(lang));
    if channels_differ {
        concerns.push(Concern::ChannelMissing);
    }
    concerns
}

/// What two slots have against each other, seen from each side.
fn between(
    (session, slot): (&ProgrammeSession, &ProgrammeSlot),
    (other_session, other): (&ProgrammeSession, &ProgrammeSlot),
) -> Vec<(Concern, Concern)> {
    let mut concerns = Vec::new();
    if !overlap(slot, other) {
        return concerns;
    }
    if slot.room.is_some() && slot.room == other.room {
        concerns.push((Concern::RoomTaken(other_session.id), Concern::RoomTaken(session.id)));
    }
    if session.id == other_session.id {
        // One session shown in several rooms at once: its people are in one of them.
        return concerns;
    }
    let mut named = Vec::new();
    for part in &session.people {
        let twice = other_session.people.iter().any(|other| other.speaker == part.speaker);
        if twice && !named.contains(&part.speaker) {
            named.push(part.speaker);
            concerns.push((
                Concern::SpeakerBusy(part.speaker, other_session.id),
                Concern::SpeakerBusy(part.speaker, session.id),
            ));
        }
    }
    concerns
}

#[cfg(test)]
mod tests {
    use super::super::samples::{by, id, programme, session, slot};
    use super::*;
    use crate::i18n::Lang;
    use crate::programme::model::SessionState;

    /// The concerns about a draft, each with the number of its session.
    fn check(sessions: Vec<ProgrammeSession>, expected: &[(u8, Concern)]) {
        let found: Vec<_> =
            concerns(&programme(sessions)).into_iter().map(|found| (found.session, found.concern)).collect();
        let expected: Vec<_> = expected.iter().map(|(number, concern)| (id(*number), concern.clone())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_room_holds_one_session_at_a_time() {
        let first = || session(1, Some(1), "13T01:00");
        let taken = [(1, Concern::RoomTaken(id(2))), (2, Concern::RoomTaken(id(1)))];
        check(vec![first(), session(2, Some(1), "13T01:30")], &taken);
        check(vec![session(2, Some(1), "13T01:30"), first()], &[taken[1].clone(), taken[0].clone()]);
        check(vec![first(), session(2, Some(2), "13T01:30")], &[]);
        check(vec![first(), session(2, Some(1), "13T02:00")], &[]);
        let cancelled = ProgrammeSession { state: SessionState::Cancelled, ..session(2, Some(1), "13T01:30") };
        check(vec![first(), cancelled], &[]);
    }

    #[test]
    fn a_long_session_meets_all_that_begin_while_it_lasts() {
        let mut long = session(1, Some(1), "13T01:00");
        long.slots[0].end = long.slots[0].start + chrono::TimeDelta::hours(8);
        let others = [session(2, Some(1), "13T02:00"), session(3, Some(1), "13T05:00")];
        let found = concerns(&programme(vec![long, others[0].clone(), others[1].clone()]));
        assert_eq!(found.iter().filter(|found| found.session == id(1)).count(), 2);
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_person_is_in_one_place_at_a_time() {
        let first = || by(session(1, Some(1), "13T01:00"), &[1]);
        let busy = [(1, Concern::SpeakerBusy(id(1), id(2))), (2, Concern::SpeakerBusy(id(1), id(1)))];
        check(vec![first(), by(session(2, Some(2), "13T01:59"), &[1, 2])], &busy);
        check(vec![first(), by(session(2, Some(2), "13T01:59"), &[2])], &[]);
        check(vec![first(), by(session(2, Some(2), "13T02:00"), &[1])], &[]);
        // Speaker and moderator of the same session is told once.
        check(vec![by(session(1, Some(1), "13T01:00"), &[1, 1]), by(session(2, Some(2), "13T01:00"), &[1])], &busy);
    }

    #[test]
    fn one_session_may_be_shown_in_two_rooms() {
        let mut session = by(session(1, Some(1), "13T01:00"), &[1]);
        session.slots.push(slot(2, Some(2), "13T01:00"));
        check(vec![session.clone()], &[]);
        session.slots.push(slot(3, Some(2), "13T01:30"));
        check(vec![session], &[(1, Concern::RoomTaken(id(1))), (1, Concern::RoomTaken(id(1)))]);
    }

    #[test]
    fn days_are_those_of_the_events_own_zone() {
        // Midnight in Shanghai is 16:00 UTC of the day before.
        check(vec![session(1, Some(1), "12T15:59")], &[(1, Concern::OutsideEvent)]);
        check(vec![session(1, Some(1), "12T16:00")], &[]);
        check(vec![session(1, Some(1), "16T15:30")], &[]);
        check(vec![session(1, Some(1), "16T16:00")], &[(1, Concern::OutsideEvent)]);
    }

    #[test]
    fn a_room_must_hold_the_people_and_the_languages() {
        let with = |room, capacity, interpreted: &[Lang]| ProgrammeSession {
            capacity,
            interpreted: interpreted.to_vec(),
            ..session(1, room, "13T01:00")
        };
        check(vec![with(Some(2), Some(30), &[])], &[]);
        check(vec![with(Some(2), Some(31), &[])], &[(1, Concern::RoomTooSmall { wanted: 31, there: 30 })]);
        check(vec![with(Some(1), None, &[Lang::ZH])], &[]);
        check(vec![with(Some(2), None, &[Lang::ZH])], &[(1, Concern::ChannelMissing)]);
        // The language of the floor needs no channel.
        check(vec![with(Some(2), None, &[Lang::EN])], &[]);
        check(vec![with(None, Some(31), &[Lang::ZH])], &[(1, Concern::NoRoom)]);
    }

    #[test]
    fn what_cannot_be_meant_comes_first() {
        let sessions = vec![
            session(1, None, "13T01:00"),
            session(2, Some(1), "20T01:00"),
            session(3, Some(2), "14T01:00"),
            session(4, Some(2), "14T01:00"),
        ];
        let expected = [
            (3, Concern::RoomTaken(id(4))),
            (4, Concern::RoomTaken(id(3))),
            (2, Concern::OutsideEvent),
            (1, Concern::NoRoom),
        ];
        check(sessions, &expected);
    }
}
