//! What the rules look at, taken from a draft once and numbered, so that checking never searches by id.

use super::model::{Demand, Heard};
use super::timeline::Hours;
use crate::db::{ForumId, RoomId, SessionId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::programme::model::SessionState;
use crate::schedule::draft::{Availability, Draft, Level, Planning};
use crate::schedule::model::{ProgrammeRoom, ProgrammeSession};
use crate::schedule::times::day_start;
use chrono::{Days, TimeDelta};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Everything that does not change when a slot moves.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) sessions: Vec<SessionFacts>,
    pub(super) rooms: Vec<RoomFacts>,
    pub(super) people: Vec<PersonFacts>,
    /// Forums whose sessions may not overlap.
    pub(super) forums: Vec<ForumId>,
    pub(super) session_numbers: HashMap<SessionId, usize>,
    pub(super) room_numbers: HashMap<RoomId, usize>,
    pub(super) zone: Tz,
    /// A session that begins earlier is outside the event.
    pub(super) opens: UtcTime,
    /// A session that begins then or later is outside the event.
    pub(super) closes: UtcTime,
    pub(super) longest_walk: TimeDelta,
    pub(super) longest_buffer: TimeDelta,
    /// Minutes between buildings, by their numbers.
    walks: Vec<Vec<i32>>,
}

#[derive(Clone, Debug)]
pub(super) struct SessionFacts {
    pub(super) id: SessionId,
    /// An ended session is in nobody's way.
    pub(super) takes_place: bool,
    pub(super) is_releasable: bool,
    pub(super) is_unconfirmed: bool,
    /// Each person once, whatever their roles.
    pub(super) people: Vec<usize>,
    /// Its forum, where that is serial.
    pub(super) forum: Option<usize>,
    /// The usual length of its format.
    pub(super) minutes: Option<i32>,
    pub(super) demands: Vec<(Demand, i32)>,
    /// What it is interpreted into; the language of the floor needs no channel.
    pub(super) interpreted: Vec<Lang>,
    /// Languages of the event that the rules ask for and that it lacks.
    pub(super) lacks: Vec<Lang>,
    pub(super) buffer_before: i32,
    pub(super) buffer_after: i32,
    /// Sessions that many of its audience want to see too, with how many.
    pub(super) shared: Vec<(usize, i32)>,
}

#[derive(Clone, Debug)]
pub(super) struct RoomFacts {
    pub(super) id: RoomId,
    pub(super) building: usize,
    pub(super) capacity: Option<i32>,
    pub(super) channels: Vec<Lang>,
    pub(super) booths: Option<i32>,
    pub(super) hours: Hours,
}

#[derive(Clone, Debug)]
pub(super) struct PersonFacts {
    pub(super) id: SpeakerId,
    pub(super) hours: Hours,
}

/// Numbers things in the order in which they are first met.
struct Numbers<T>(HashMap<T, usize>);

impl<T: std::hash::Hash + Eq> Numbers<T> {
    fn of(&mut self, thing: T) -> usize {
        let next = self.0.len();
        *self.0.entry(thing).or_insert(next)
    }
}

/// Whether a session still takes place: an ended one is in nobody's way.
fn takes_place(state: SessionState) -> bool {
    !matches!(state, SessionState::Rejected | SessionState::Withdrawn | SessionState::Cancelled)
}

impl Facts {
    pub(super) fn of(draft: &Draft, heard: &Heard) -> Self {
        let programme = &draft.programme;
        let event = &programme.event;
        let mut people = Numbers(HashMap::with_capacity(programme.speakers.len()));
        let mut forums = Numbers(HashMap::new());
        let mut sessions: Vec<SessionFacts> = programme
            .sessions
            .iter()
            .map(|session| session_facts(draft, heard, session, &mut people, &mut forums))
            .collect();
        let session_numbers: HashMap<SessionId, usize> =
            sessions.iter().enumerate().map(|(number, session)| (session.id, number)).collect();
        share_audience(draft, &session_numbers, &mut sessions);
        let (speaker_hours, mut room_hours) = hours(&draft.availabilities);
        let (rooms, walks) = rooms(draft, &mut room_hours);
        let buffers = sessions.iter().map(|session| session.buffer_before.max(session.buffer_after));
        Self {
            longest_buffer: minutes(buffers.max().unwrap_or(0)),
            longest_walk: minutes(walks.iter().flatten().copied().max().unwrap_or(0)),
            room_numbers: rooms.iter().enumerate().map(|(number, room)| (room.id, number)).collect(),
            people: in_order(people)
                .into_iter()
                .map(|id| PersonFacts { id, hours: speaker_hours.get(&id).cloned().unwrap_or_default() })
                .collect(),
            forums: in_order(forums),
            zone: event.timezone,
            opens: day_start(event.starts_on, event.timezone),
            // A session may run past midnight of the last day; what counts is the day on which it begins.
            closes: day_start(event.ends_on.checked_add_days(Days::new(1)).unwrap_or(event.ends_on), event.timezone),
            sessions,
            rooms,
            session_numbers,
            walks,
        }
    }

    /// Minutes from one room to another; none where one is not set.
    pub(super) fn walk(&self, from: Option<usize>, to: Option<usize>) -> i32 {
        match (from, to) {
            (Some(from), Some(to)) => self.walks[self.rooms[from].building][self.rooms[to].building],
            _ => 0,
        }
    }
}

fn in_order<T>(numbers: Numbers<T>) -> Vec<T> {
    let mut all: Vec<(T, usize)> = numbers.0.into_iter().collect();
    all.sort_unstable_by_key(|(_, number)| *number);
    all.into_iter().map(|(thing, _)| thing).collect()
}

pub(super) fn minutes(minutes: i32) -> TimeDelta {
    TimeDelta::minutes(minutes.max(0).into())
}

fn session_facts(
    draft: &Draft,
    heard: &Heard,
    session: &ProgrammeSession,
    people: &mut Numbers<SpeakerId>,
    forums: &mut Numbers<ForumId>,
) -> SessionFacts {
    let Planning { expected, buffer_before, buffer_after, .. } =
        draft.sessions.get(&session.id).copied().unwrap_or_default();
    let mut parts: Vec<usize> = session.people.iter().map(|part| people.of(part.speaker)).collect();
    parts.sort_unstable();
    parts.dedup();
    let demands = [
        (Demand::Capacity, session.capacity),
        (Demand::Booked, heard.booked.get(&session.id).copied()),
        (Demand::Expected, expected),
        (Demand::Stars, draft.stars.get(&session.id).copied()),
    ];
    let heard_in = |lang: &Lang| session.language == Some(*lang) || session.interpreted.contains(lang);
    let wanted = if draft.rules.wants_all_languages { draft.programme.event.languages.as_slice() } else { &[] };
    SessionFacts {
        id: session.id,
        takes_place: takes_place(session.state),
        is_releasable: session.state.is_releasable(),
        is_unconfirmed: session.state == SessionState::Accepted && !parts.is_empty(),
        people: parts,
        forum: session.forum.filter(|forum| draft.serial_forums.contains(forum)).map(|forum| forums.of(forum)),
        minutes: session.format.and_then(|format| draft.format_minutes.get(&format).copied()),
        demands: demands.into_iter().filter_map(|(demand, people)| Some((demand, people?))).collect(),
        interpreted: session.interpreted.iter().copied().filter(|lang| Some(*lang) != session.language).collect(),
        lacks: wanted.iter().copied().filter(|lang| !heard_in(lang)).collect(),
        buffer_before,
        buffer_after,
        shared: Vec::new(),
    }
}

/// Notes at each session with whom it shares an audience that matters.
fn share_audience(draft: &Draft, numbers: &HashMap<SessionId, usize>, sessions: &mut [SessionFacts]) {
    let least = draft.rules.shared_audience;
    if least <= 0 {
        return;
    }
    for ((one, other), people) in draft.shared_audience.iter().filter(|(_, people)| **people >= least) {
        if let (Some(one), Some(other)) = (numbers.get(one), numbers.get(other)) {
            sessions[*one].shared.push((*other, *people));
            sessions[*other].shared.push((*one, *people));
        }
    }
}

/// When the speakers and the rooms of whom something is said are free.
fn hours(said: &[Availability]) -> (HashMap<SpeakerId, Hours>, HashMap<RoomId, Hours>) {
    let (mut speakers, mut rooms) = (HashMap::new(), HashMap::new());
    for one in said {
        let hours: &mut Hours = match (one.speaker_id, one.room_id) {
            (Some(speaker), _) => speakers.entry(speaker).or_default(),
            (None, Some(room)) => rooms.entry(room).or_default(),
            (None, None) => continue,
        };
        let stretch = (one.starts_at, one.ends_at);
        match one.level {
            Level::Unavailable => hours.never.push(stretch),
            Level::Available | Level::Preferred => hours.only.push(stretch),
        }
    }
    speakers.values_mut().chain(rooms.values_mut()).for_each(Hours::join);
    (speakers, rooms)
}

/// The rooms, and the walks between the buildings that they name by number.
fn rooms(draft: &Draft, hours: &mut HashMap<RoomId, Hours>) -> (Vec<RoomFacts>, Vec<Vec<i32>>) {
    let mut buildings = Numbers(HashMap::new());
    let facts = |room: &ProgrammeRoom| RoomFacts {
        id: room.id,
        building: buildings.of(draft.building(room).to_owned()),
        capacity: room.capacity,
        channels: room.channels.clone(),
        booths: draft.booths.get(&room.id).copied(),
        hours: hours.remove(&room.id).unwrap_or_default(),
    };
    let rooms = draft.programme.rooms.iter().map(facts).collect();
    let names = in_order(buildings);
    let from = |one: &String| names.iter().map(|other| draft.rules.walk(one, other)).collect();
    (rooms, names.iter().map(from).collect())
}
