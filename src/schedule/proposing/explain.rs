//! Why a session has no place: every place that it could have had, by what speaks against it.

use super::problem::{Obstacle, Problem, Unfit};
use super::rules::{clear_of, person_busy, room_taken};
use super::timetable::Held;
use crate::db::SpeakerId;
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// What speaks against a place.
    pub enum ReasonKind {
        /// The hours of the day are shorter than the session.
        TooLong = "too-long",
        /// The room has fewer places than the session.
        TooSmall = "too-small",
        /// The room has no channel or booth for a language that was asked for.
        NoInterpretation = "no-interpretation",
        /// Somebody who takes part is not free.
        SpeakerAway = "speaker-away",
        /// The room is not free.
        RoomClosed = "room-closed",
        /// The room holds a block, such as a break.
        Block = "block",
        /// Somebody who takes part is in another session, or on the way.
        SpeakerBusy = "speaker-busy",
        /// Another session of the forum takes place.
        ForumBusy = "forum-busy",
        /// The room holds another session.
        RoomTaken = "room-taken",
        /// Nothing; the search ended before it got there.
        Free = "free",
    }
}

/// One thing that speaks against places, and against how many.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What it is.
    pub kind: ReasonKind,
    /// How many places of the grid it rules out.
    pub places: u32,
    /// Who it is about most often.
    pub who: Option<SpeakerId>,
}

type Tally = BTreeMap<ReasonKind, (u32, BTreeMap<usize, u32>)>;

/// Why an item has no place when the others are held like this, the most frequent reason first.
pub(super) fn explain(problem: &Problem, held: &[Option<Held>], index: usize) -> Vec<Reason> {
    let item = &problem.items[index];
    let mut tally = Tally::new();
    for (room, here) in (0_u16..).zip(&problem.rooms) {
        if !here.wanted {
            continue;
        }
        let unfit = problem.unfit(item, room).map(|unfit| match unfit {
            Unfit::TooSmall => ReasonKind::TooSmall,
            Unfit::NoInterpretation => ReasonKind::NoInterpretation,
        });
        let reasons = if unfit.is_some() { Vec::new() } else { by_position(problem, held, index, room) };
        for (position, end) in problem.ends.iter().enumerate() {
            if end.is_none() {
                continue;
            }
            let (kind, who) = match unfit {
                Some(kind) => (kind, None),
                None if !problem.fits_hours(item, position) => (ReasonKind::TooLong, None),
                None => reasons[position].unwrap_or((ReasonKind::Free, None)),
            };
            let (places, people) = tally.entry(kind).or_default();
            *places += 1;
            if let Some(person) = who {
                *people.entry(person).or_default() += 1;
            }
        }
    }
    // Every session is too long just before the end of a day; that explains something only where
    // nothing else does.
    if tally.len() > 1 {
        tally.remove(&ReasonKind::TooLong);
    }
    let mut reasons: Vec<Reason> = tally
        .into_iter()
        .map(|(kind, (places, people))| {
            let who = people.into_iter().max_by_key(|(person, times)| (*times, std::cmp::Reverse(*person)));
            Reason { kind, places, who: who.map(|(person, _)| problem.people[person].id) }
        })
        .collect();
    reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.places), reason.kind));
    reasons
}

type First = Option<(ReasonKind, Option<usize>)>;

/// The first thing that speaks against each position in a room, what can't be changed before what could.
fn by_position(problem: &Problem, held: &[Option<Held>], index: usize, room: u16) -> Vec<First> {
    let item = &problem.items[index];
    let shared = |other: usize| item.people.iter().find(|person| problem.items[other].people.contains(person)).copied();
    let mut found: Vec<(ReasonKind, Option<usize>, (i32, i32))> = Vec::new();
    for (obstacle, forbidden) in problem.obstacles(index, room) {
        let (kind, who) = match obstacle {
            Obstacle::RoomClosed => (ReasonKind::RoomClosed, None),
            Obstacle::Block => (ReasonKind::Block, None),
            Obstacle::Away(person) => (ReasonKind::SpeakerAway, Some(person)),
            Obstacle::Fixed(_) => (ReasonKind::RoomTaken, None),
            Obstacle::Busy(other) => (ReasonKind::SpeakerBusy, shared(other)),
            Obstacle::Forum(_) => (ReasonKind::ForumBusy, None),
        };
        found.push((kind, who, forbidden));
    }
    let movable = |other: usize| held[other].filter(|_| problem.items[other].movable && other != index);
    for (other, holder) in problem.items.iter().enumerate() {
        if let Some(place) = movable(other).filter(|place| place.room == Some(room)) {
            found.push((ReasonKind::RoomTaken, None, room_taken(item, holder, (place.start, place.end))));
        }
    }
    for relation in &problem.related[index] {
        let Some(place) = movable(relation.other) else { continue };
        let stretch = (place.start, place.end);
        if relation.person {
            let walk = problem.walk(Some(room), place.room);
            found.push((ReasonKind::SpeakerBusy, shared(relation.other), person_busy(item, stretch, walk)));
        }
        if relation.forum {
            found.push((ReasonKind::ForumBusy, None, clear_of(stretch, item.length)));
        }
    }
    found.sort_by_key(|(kind, ..)| *kind);
    let mut first: Vec<First> = vec![None; problem.starts.len()];
    for (kind, who, forbidden) in found {
        let (from, to) = problem.range(forbidden);
        for position in first.iter_mut().take(to).skip(from) {
            position.get_or_insert((kind, who));
        }
    }
    first
}
