//! A proposal: what would change, what it is worth, and why some sessions have no place.

use super::cost::{Costs, Weights, measure};
use super::explain::{Reason, explain};
use super::model::Request;
use super::problem::{Problem, Spot};
use super::rules::clash;
use super::search::{Budget, Watched, search};
use super::timetable::Held;
use crate::db::{RoomId, SessionId, SlotId, UtcTime};
use crate::schedule::draft::Draft;
use crate::schedule::model::ProgrammeSlot;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Instant;

/// A room and a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The room, where one is set.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}

/// One difference between the draft and the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The session.
    pub session: SessionId,
    /// Its slot; none while it has no place.
    pub slot: Option<SlotId>,
    /// The slot's name in exchange formats.
    pub guid: String,
    /// Where it was when the proposal was made.
    pub before: Option<Place>,
    /// Where it would be.
    pub after: Option<Place>,
}

/// A session that has no place in the proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unplaced {
    /// The session.
    pub session: SessionId,
    /// Why, the most frequent reason first.
    pub reasons: Vec<Reason>,
}

/// A whole proposal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The draft that it is about.
    pub draft_version: i64,
    /// What would change, by the new start.
    pub entries: Vec<Entry>,
    /// What has no place.
    pub unplaced: Vec<Unplaced>,
    /// How many sessions the search could place or move.
    pub wanted: u32,
    /// Pairs of sessions that can't both be where they are, in the draft.
    pub clashes_before: u32,
    /// The same in the proposal; only between what may not move.
    pub clashes_after: u32,
    /// The soft things in the draft.
    pub before: Costs,
    /// The soft things in the proposal.
    pub after: Costs,
    /// What each of them costs.
    pub weights: Weights,
    /// How long it took.
    pub milliseconds: u64,
}

/// Makes a proposal for a draft.
#[must_use]
pub fn propose(draft: &Draft, request: &Request, budget: Option<Budget>, watched: &Watched) -> Outcome {
    let began = Instant::now();
    let problem = Problem::new(draft, request);
    let time = std::time::Duration::from_secs(request.seconds.into());
    let budget = budget.unwrap_or_else(|| Budget::of(&problem, time));
    let spots = search(&problem, request.seed, budget, watched);
    let mut outcome = read(draft, &problem, &spots);
    outcome.milliseconds = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    outcome
}

/// Where every item is when the movable ones are at these spots.
pub(super) fn held_at(problem: &Problem, spots: &[Option<Spot>]) -> Vec<Option<Held>> {
    let at = |(index, spot): (usize, &Option<Spot>)| {
        if problem.items[index].movable { spot.map(|spot| problem.held(index, spot)) } else { problem.homes[index] }
    };
    spots.iter().enumerate().map(at).collect()
}

/// Pairs of items that can't both be where they are.
pub(super) fn clashes(problem: &Problem, held: &[Option<Held>]) -> Vec<(usize, usize)> {
    let placed: Vec<(usize, Held)> =
        held.iter().enumerate().filter_map(|(index, held)| held.map(|held| (index, held))).collect();
    let mut found = Vec::new();
    for (place, (one, at)) in placed.iter().enumerate() {
        for (other, there) in &placed[place + 1..] {
            if clash(problem, (*one, (at.room, at.start)), (*other, (there.room, there.start))).is_some() {
                found.push((*one, *other));
            }
        }
    }
    found
}

fn read(draft: &Draft, problem: &Problem, spots: &[Option<Spot>]) -> Outcome {
    let held = held_at(problem, spots);
    let count = |held: &[Option<Held>]| u32::try_from(clashes(problem, held).len()).unwrap_or(u32::MAX);
    let movable = || problem.items.iter().enumerate().filter(|(_, item)| item.movable);
    let mut entries: Vec<Entry> = Vec::new();
    for (index, item) in movable() {
        let stays = match (problem.homes[index], held[index]) {
            (None, None) => true,
            (Some(home), Some(held)) => (home.room, home.start) == (held.room, held.start),
            _ => false,
        };
        if stays {
            continue;
        }
        let before = item.slot.and_then(|slot| place_of(draft, item.session, slot));
        let after = held[index].map(|held| {
            let start = problem.instant(held.start);
            // A slot keeps its length to the second, whatever that is in whole minutes.
            let length = before
                .map_or_else(|| chrono::TimeDelta::minutes(item.length.into()), |place: Place| place.end - place.start);
            let room = held.room.map(|room| problem.rooms[usize::from(room)].id);
            let start =
                before.filter(|place| problem.minute(place.start) == held.start).map_or(start, |place| place.start);
            Place { room, start, end: start + length }
        });
        entries.push(Entry { session: item.session, slot: item.slot, guid: item.guid.clone(), before, after });
    }
    entries.sort_by_key(|entry| (entry.after.map_or((true, None), |place| (false, Some(place.start))), entry.session));
    Outcome {
        draft_version: draft.version,
        entries,
        unplaced: movable()
            .filter(|(index, _)| held[*index].is_none())
            .map(|(index, item)| Unplaced { session: item.session, reasons: explain(problem, &held, index) })
            .collect(),
        wanted: u32::try_from(movable().count()).unwrap_or(u32::MAX),
        clashes_before: count(&problem.homes),
        clashes_after: count(&held),
        before: measure(problem, &problem.homes),
        after: measure(problem, &held),
        weights: problem.weights,
        milliseconds: 0,
    }
}

/// The draft as it would be with these entries accepted.
#[must_use]
pub fn with_entries<'a>(mut draft: Draft, entries: impl IntoIterator<Item = &'a Entry>) -> Draft {
    let places: HashMap<SessionId, usize> =
        draft.programme.sessions.iter().enumerate().map(|(place, session)| (session.id, place)).collect();
    for entry in entries {
        let Some(session) = places.get(&entry.session).map(|place| &mut draft.programme.sessions[*place]) else {
            continue;
        };
        session.slots.retain(|slot| Some(slot.id) != entry.slot);
        if let Some(place) = entry.after {
            session.slots.push(ProgrammeSlot {
                id: entry.slot.unwrap_or_else(SlotId::new),
                guid: entry.guid.clone(),
                room: place.room,
                start: place.start,
                end: place.end,
                sequence: 0,
                changed_at: place.start,
                moved_from: None,
            });
        }
    }
    draft
}

/// Where a slot of the draft is.
pub(super) fn place_of(draft: &Draft, session: SessionId, slot: SlotId) -> Option<Place> {
    let session = draft.programme.sessions.iter().find(|one| one.id == session)?;
    let slot = session.slots.iter().find(|one| one.id == slot)?;
    Some(Place { room: slot.room, start: slot.start, end: slot.end })
}
