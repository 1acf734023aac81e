//! A proposal held against the draft as it is now: what still stands, and what belongs together.

use super::model::{Request, Scope};
use super::outcome::{Entry, place_of};
use super::problem::Problem;
use super::rules::{At, clash};
use crate::db::SessionId;
use crate::schedule::draft::Draft;
use std::collections::{BTreeSet, HashMap};

/// How an entry stands to the draft as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// As it was when the proposal was made.
    Fresh,
    /// The draft is already as proposed.
    Done,
    /// Somebody has moved the session since.
    Moved,
    /// Something has come into the way since.
    Taken,
    /// The session or the room is not there any more.
    Gone,
}

/// A proposal beside the draft as it is now.
pub struct Review<'a> {
    problem: Problem,
    entries: &'a [Entry],
    /// Each entry's item, where it is still there.
    items: Vec<Option<usize>>,
    /// How each entry stands.
    pub standing: Vec<Standing>,
}

impl<'a> Review<'a> {
    /// Holds entries against a draft.
    #[must_use]
    pub fn new(draft: &Draft, request: &Request, entries: &'a [Entry]) -> Self {
        // Every session counts as one that may be placed: what was asked for is not the question any more.
        let request = Request { scope: Scope::Unplaced, undecided: true, may_move: true, ..request.clone() };
        let problem = Problem::new(draft, &request);
        let known: HashMap<_, usize> =
            problem.items.iter().enumerate().map(|(index, item)| ((item.session, item.slot), index)).collect();
        let items: Vec<Option<usize>> = entries
            .iter()
            .map(|entry| {
                let same = known.get(&(entry.session, entry.slot)).copied();
                let there = problem.items.iter().position(|item| item.session == entry.session);
                same.or(there)
            })
            .collect();
        let mut review = Self { problem, entries, items, standing: Vec::new() };
        review.standing = (0..entries.len()).map(|entry| review.first_look(draft, entry)).collect();
        let all: Vec<bool> = review.standing.iter().map(|standing| *standing == Standing::Fresh).collect();
        for entry in 0..entries.len() {
            if all[entry] && review.in_the_way(entry, &all).is_some() {
                review.standing[entry] = Standing::Taken;
            }
        }
        review
    }

    fn first_look(&self, draft: &Draft, entry: usize) -> Standing {
        let (item, entry) = (self.items[entry], &self.entries[entry]);
        let Some(item) = item else { return Standing::Gone };
        let is_known = |id| self.problem.rooms.iter().any(|room| room.id == id);
        if entry.after.and_then(|place| place.room).is_some_and(|room| !is_known(room)) {
            return Standing::Gone;
        }
        let item = &self.problem.items[item];
        let now = item.slot.and_then(|slot| place_of(draft, item.session, slot));
        match now {
            now if now == entry.before => Standing::Fresh,
            now if now == entry.after => Standing::Done,
            _ => Standing::Moved,
        }
    }

    fn target(&self, entry: usize) -> Option<At> {
        let place = self.entries[entry].after?;
        let room = self.problem.rooms.iter().position(|room| Some(room.id) == place.room);
        Some((room.and_then(|room| u16::try_from(room).ok()), self.problem.minute(place.start)))
    }

    /// Where an item is when the chosen entries are accepted.
    fn at(&self, item: usize, chosen: &HashMap<usize, usize>) -> Option<At> {
        match chosen.get(&item) {
            Some(entry) => self.target(*entry),
            None => self.problem.homes[item].map(|held| (held.room, held.start)),
        }
    }

    fn chosen_items(&self, chosen: &[bool]) -> HashMap<usize, usize> {
        let entries = self.items.iter().enumerate().zip(chosen);
        entries.filter(|(_, chosen)| **chosen).filter_map(|((entry, item), _)| Some(((*item)?, entry))).collect()
    }

    /// What stands in the way of an entry when these are accepted: another item, or itself where a
    /// rule of room, speaker or block speaks against it.
    fn in_the_way(&self, entry: usize, chosen: &[bool]) -> Option<usize> {
        let (item, target) = (self.items[entry]?, self.target(entry)?);
        let by_item = self.chosen_items(chosen);
        let room = target.0?;
        if self.problem.unfit(&self.problem.items[item], room).is_some() {
            return Some(item);
        }
        let forbidden = self.problem.obstacles(item, room).into_iter().any(|(obstacle, (low, high))| {
            use super::problem::Obstacle as O;
            matches!(obstacle, O::RoomClosed | O::Block | O::Away(_)) && target.1 > low && target.1 < high
        });
        if forbidden {
            return Some(item);
        }
        (0..self.problem.items.len()).filter(|other| *other != item).find(|other| {
            self.at(*other, &by_item).is_some_and(|at| clash(&self.problem, (item, target), (*other, at)).is_some())
        })
    }

    /// Which further entries these need: each moves out of a place that a chosen one needs.
    /// `Err` names a session whose place is taken by something that no entry moves away.
    ///
    /// # Errors
    /// When no choice of entries helps.
    pub fn needed(&self, chosen: &[bool]) -> Result<BTreeSet<usize>, SessionId> {
        let mut all = chosen.to_vec();
        let mut added = BTreeSet::new();
        loop {
            let mut grew = false;
            for entry in 0..all.len() {
                if !all[entry] {
                    continue;
                }
                let Some(other) = self.in_the_way(entry, &all) else { continue };
                let partner = self.items.iter().position(|item| *item == Some(other));
                match partner.filter(|partner| !all[*partner] && self.standing[*partner] == Standing::Fresh) {
                    Some(partner) => {
                        all[partner] = true;
                        added.insert(partner);
                        grew = true;
                    }
                    None => return Err(self.entries[entry].session),
                }
            }
            if !grew {
                return Ok(added);
            }
        }
    }
}
