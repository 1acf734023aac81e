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
