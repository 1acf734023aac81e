//! Where a session could go, and what would speak against it there.

use super::book::ConcernBook;
use super::facts::minutes;
use super::model::{Concern, Severity};
use super::timeline::{Entry, Hours, Who};
use crate::db::{RoomId, SessionId, SlotId, UtcTime};
use crate::schedule::times::day_span;
use chrono::{NaiveDate, TimeDelta};

/// A stretch of starts in one room that something speaks against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The room.
    pub room: RoomId,
    /// The first start that it speaks against.
    pub from: UtcTime,
    /// The first start that it does not speak against any more.
    pub to: UtcTime,
    /// How much weight it has.
    pub severity: Severity,
    /// What speaks against it.
    pub concern: Concern,
}

/// The finest step of starts. Touching is no overlap, so a stretch begins one step after the last
/// start that still fits before something.
const STEP: TimeDelta = TimeDelta::minutes(1);

/// What a search for candidates is about.
struct Search {
    session: usize,
    own: Option<usize>,
    length: TimeDelta,
    day: (UtcTime, UtcTime),
}

impl Search {
    /// The starts with which a session would overlap a stretch, or come nearer to it than these gaps.
    fn starts_near(&self, entry: (UtcTime, UtcTime), before: TimeDelta, after: TimeDelta) -> (UtcTime, UtcTime) {
        (entry.0 - self.length - before + STEP, entry.1 + after)
    }

    /// The part of a stretch of starts that is in the day.
    fn within(&self, (from, to): (UtcTime, UtcTime)) -> Option<(UtcTime, UtcTime)> {
        let (from, to) = (from.max(self.day.0), to.min(self.day.1));
        (from < to).then_some((from, to))
    }

    /// The starts at which someone or something would not be free all the time.
    fn starts_outside(&self, hours: &Hours) -> Vec<(UtcTime, UtcTime)> {
        let mut outside: Vec<_> =
            hours.never.iter().map(|never| self.starts_near(*never, TimeDelta::zero(), TimeDelta::zero())).collect();
        if !hours.only.is_empty() {
            let mut from = self.day.0;
            for (start, end) in hours.only.iter().filter(|(start, end)| *end - *start >= self.length) {
                outside.push((from, *start));
                from = *end - self.length + STEP;
            }
            outside.push((from, self.day.1));
        }
        joined(outside.into_iter().filter_map(|stretch| self.within(stretch)).collect())
    }
}

/// What overlaps or touches as one.
fn joined(mut stretches: Vec<(UtcTime, UtcTime)>) -> Vec<(UtcTime, UtcTime)> {
    let mut hours = Hours { never: Vec::new(), only: std::mem::take(&mut stretches) };
    hours.join();
    hours.only
}

impl ConcernBook {
    /// For each room the starts of a day, in the event's zone and on whole minutes, at which a session
    /// of this length would raise a concern. Concerns that it has at every place are left out. `slot`
    /// is the slot that would be moved; none where the session would be placed once more.
    #[must_use]
    pub fn candidates(&self, session: SessionId, slot: Option<SlotId>, length: i32, day: NaiveDate) -> Vec<Stretch> {
        let Some(session) = self.facts.session_numbers.get(&session).copied() else { return Vec::new() };
        let search =
            Search { session, own: self.number_of(slot), length: minutes(length), day: day_span(day, self.facts.zone) };
        let anywhere = self.against_any_room(&search);
        let mut stretches = Vec::new();
        for number in 0..self.facts.rooms.len() {
            let mut here = anywhere.clone();
            self.against_room(&search, number, &mut here);
            self.against_walks(&search, number, &mut here);
            here.sort_unstable_by(|one, other| (one.0, &one.2).cmp(&(other.0, &other.2)));
            stretches.extend(here.into_iter().map(|(from, to, concern)| Stretch {
                room: self.facts.rooms[number].id,
                from,
                to,
                severity: self.severity(session, &concern),
                concern,
            }));
        }
        stretches
    }

    /// What speaks against times in every room: people, forum, audience and the event itself.
    fn against_any_room(&self, search: &Search) -> Vec<(UtcTime, UtcTime, Concern)> {
        let mut against = Vec::new();
        let mut add = |stretch, concern: Concern| {
            against.extend(search.within(stretch).map(|(from, to)| (from, to, concern)));
        };
        let none = TimeDelta::zero();
        add((search.day.0, self.facts.opens.min(search.day.1)), Concern::OutsideEvent);
        add((self.facts.closes.max(search.day.0), search.day.1), Concern::OutsideEvent);
        let facts = &self.facts.sessions[search.session];
        for person in &facts.people {
            let person_facts = &self.facts.people[*person];
            for away in search.starts_outside(&person_facts.hours) {
                add(away, Concern::SpeakerAway(person_facts.id));
            }
            for (entry, slot, session) in self.others_of_day(search, Takes::Person(*person), none) {
                let busy = search.starts_near((entry.start, entry.end), none, none);
                add(busy, Concern::SpeakerBusy(person_facts.id, slot, session));
            }
        }
        if let Some(forum) = facts.forum {
            for (entry, slot, session) in self.others_of_day(search, Takes::Forum(forum), none) {
                let overlaps = search.starts_near((entry.start, entry.end), none, none);
                add(overlaps, Concern::ForumOverlaps(self.facts.forums[forum], slot, session));
            }
        }
        for (other, people) in facts.shared.iter().filter(|(other, _)| self.facts.sessions[*other].takes_place) {
            for slot in self.of_session[*other].iter().map(|number| &self.slots[*number]) {
                let shared = Concern::SharedAudience(slot.id, self.facts.sessions[*other].id, *people);
                add(search.starts_near((slot.start, slot.end), none, none), shared);
            }
        }
        against
    }

    /// What speaks against one room: what is in it, its hours, and what it lacks.
    fn against_room(&self, search: &Search, number: usize, against: &mut Vec<(UtcTime, UtcTime, Concern)>) {
        let room = &self.facts.rooms[number];
        let none = TimeDelta::zero();
        let mut equipment = Vec::new();
        self.judge_equipment(search.session, number, &mut equipment);
        against.extend(equipment.into_iter().map(|concern| (search.day.0, search.day.1, concern)));
        let closed = search.starts_outside(&room.hours).into_iter();
        against.extend(closed.map(|(from, to)| (from, to, Concern::RoomClosed(room.id))));
        let reach = self.facts.longest_buffer;
        let (from, to) = (search.day.0 - reach, search.day.1 + search.length + reach);
        let in_room = self.rooms[number].between(from, to).chain(self.everywhere.between(from, to));
        for entry in in_room.filter(|entry| Some(entry.who) != search.own.map(Who::Slot)) {
            let (rival, stretch) = (self.rival(entry.who), (entry.start, entry.end));
            let mut add = |stretch, concern: Concern| {
                against.extend(search.within(stretch).map(|(from, to)| (from, to, concern)));
            };
            let taken = search.starts_near(stretch, none, none);
            add(taken, Concern::RoomTaken(rival));
            if !matches!(entry.who, Who::Block(block) if self.blocks[block].room.is_none()) {
                let before = self.buffer(search.session, entry.who, false);
                let after = self.buffer(search.session, entry.who, true);
                let near = search.starts_near(stretch, minutes(before), minutes(after));
                add((near.0, taken.0), Concern::BufferBroken(rival, before));
                add((taken.1, near.1), Concern::BufferBroken(rival, after));
            }
        }
    }

    /// What speaks against one room because of the ways to and from it.
    fn against_walks(&self, search: &Search, number: usize, against: &mut Vec<(UtcTime, UtcTime, Concern)>) {
        let reach = self.facts.longest_walk;
        if reach.is_zero() {
            return;
        }
        for person in &self.facts.sessions[search.session].people {
            let id = self.facts.people[*person].id;
            for (entry, slot, session) in self.all_of_day(search, Takes::Person(*person), reach) {
                let Who::Slot(other) = entry.who else { continue };
                let walk = self.facts.walk(Some(number), self.slots[other].room);
                let stretch = (entry.start, entry.end);
                let (near, taken) = (
                    search.starts_near(stretch, minutes(walk), minutes(walk)),
                    search.starts_near(stretch, TimeDelta::zero(), TimeDelta::zero()),
                );
                for part in [(near.0, taken.0), (taken.1, near.1)] {
                    let concern = Concern::TooFar(id, slot, session, walk);
                    against.extend(search.within(part).map(|(from, to)| (from, to, concern)));
                }
            }
        }
    }

    /// What the day already holds for a person or forum, but for the slot itself.
    fn all_of_day(
        &self,
        search: &Search,
        of: Takes,
        reach: TimeDelta,
    ) -> impl Iterator<Item = (Entry, SlotId, SessionId)> {
        let timeline = match of {
            Takes::Person(person) => &self.people[person],
            Takes::Forum(forum) => &self.forums[forum],
        };
        let (from, to, own) = (search.day.0 - reach, search.day.1 + search.length + reach, search.own);
        timeline.between(from, to).filter_map(move |entry| match entry.who {
            Who::Slot(number) if Some(number) != own => {
                let slot = &self.slots[number];
                Some((*entry, slot.id, self.facts.sessions[slot.session].id))
            }
            _ => None,
        })
    }

    /// The same without further slots of the session: its people are in one of them.
    fn others_of_day(
        &self,
        search: &Search,
        of: Takes,
        reach: TimeDelta,
    ) -> impl Iterator<Item = (Entry, SlotId, SessionId)> {
        let own = self.facts.sessions[search.session].id;
        self.all_of_day(search, of, reach).filter(move |(_, _, session)| *session != own)
    }
}

/// Whose time is looked at.
#[derive(Clone, Copy)]
enum Takes {
    Person(usize),
    Forum(usize),
}
