//! The concerns of a draft, kept true while its slots move.

use super::facts::Facts;
use super::judge::Probe;
use super::model::{Concern, Found, Heard, Severity};
use super::timeline::{Entry, Timeline, Who};
use crate::db::{BlockId, RoomId, SessionId, SlotId, UtcTime};
use crate::schedule::draft::{Block, BlockKind, Draft};
use crate::schedule::model::ProgrammeSlot;
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// What a change did to the concerns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Those that are no more.
    pub vanished: Vec<Found>,
    /// Those that are new.
    pub appeared: Vec<Found>,
}

/// Every concern of a draft. Built once by sorting what each room, person and forum is taken up by;
/// from then on a move looks only at what is near the old and the new place.
#[derive(Clone, Debug)]
pub struct ConcernBook {
    pub(super) facts: Facts,
    pub(super) heard: Heard,
    pub(super) slots: Vec<Slot>,
    numbers: HashMap<SlotId, usize>,
    /// The slots of each session.
    pub(super) of_session: Vec<Vec<usize>>,
    pub(super) blocks: Vec<BlockFacts>,
    block_numbers: HashMap<BlockId, usize>,
    pub(super) rooms: Vec<Timeline>,
    /// Blocks that take all rooms.
    pub(super) everywhere: Timeline,
    pub(super) people: Vec<Timeline>,
    pub(super) forums: Vec<Timeline>,
}

/// A slot as it is now, and what speaks against it.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub(super) id: SlotId,
    pub(super) guid: String,
    pub(super) session: usize,
    pub(super) room: Option<usize>,
    pub(super) start: UtcTime,
    pub(super) end: UtcTime,
    is_placed: bool,
    found: Vec<Found>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct BlockFacts {
    pub(super) id: BlockId,
    pub(super) kind: BlockKind,
    /// All rooms when none.
    pub(super) room: Option<usize>,
    start: UtcTime,
    end: UtcTime,
    is_there: bool,
}

impl ConcernBook {
    /// The concerns of a draft of which nothing else is known.
    #[must_use]
    pub fn new(draft: &Draft) -> Self {
        Self::with(draft, Heard::default())
    }

    /// The concerns of a draft, heeding what other areas know.
    #[must_use]
    pub fn with(draft: &Draft, heard: Heard) -> Self {
        let facts = Facts::of(draft, &heard);
        let mut book = Self {
            of_session: vec![Vec::new(); facts.sessions.len()],
            rooms: vec![Timeline::default(); facts.rooms.len()],
            people: vec![Timeline::default(); facts.people.len()],
            forums: vec![Timeline::default(); facts.forums.len()],
            everywhere: Timeline::default(),
            slots: Vec::with_capacity(draft.slots.len()),
            numbers: HashMap::with_capacity(draft.slots.len()),
            blocks: Vec::with_capacity(draft.blocks.len()),
            block_numbers: HashMap::with_capacity(draft.blocks.len()),
            facts,
            heard,
        };
        for session in &draft.programme.sessions {
            for slot in &session.slots {
                if let Some(number) = book.add_slot(session.id, slot) {
                    book.occupy(number, Timeline::push);
                }
            }
        }
        for block in &draft.blocks {
            let number = book.add_block(block);
            book.occupy_block(number, Timeline::push);
        }
        let Self { rooms, people, forums, everywhere, .. } = &mut book;
        rooms.iter_mut().chain(people).chain(forums).chain([everywhere]).for_each(Timeline::sort);
        for number in 0..book.slots.len() {
            book.slots[number].found = book.judged(number);
        }
        book
    }

    /// Everything that speaks against the draft: what blocks first, then by time.
    #[must_use]
    pub fn all(&self) -> Vec<Found> {
        let mut all: Vec<(Reverse<Severity>, UtcTime, &Found)> = self
            .slots
            .iter()
            .flat_map(|slot| slot.found.iter().map(|found| (Reverse(found.severity), slot.start, found)))
            .collect();
        all.sort_unstable_by(|one, other| {
            (one.0, one.1, one.2.slot, &one.2.concern).cmp(&(other.0, other.1, other.2.slot, &other.2.concern))
        });
        all.into_iter().map(|(_, _, found)| found.clone()).collect()
    }

    /// What speaks against one slot.
    #[must_use]
    pub fn of(&self, slot: SlotId) -> &[Found] {
        self.numbers.get(&slot).map_or(&[], |number| &self.slots[*number].found)
    }

    /// Puts a slot of a session into the timetable, or to its new place where it is there already.
    pub fn place(&mut self, session: SessionId, slot: &ProgrammeSlot) -> Changed {
        let mut touched = self.near_slot(slot.id);
        self.take_out(slot.id);
        if let Some(number) = self.add_slot(session, slot) {
            self.occupy(number, Timeline::insert);
            touched.insert(number);
        }
        self.settle(touched)
    }

    /// Moves a slot to another room or time, or makes it longer or shorter.
    pub fn move_slot(&mut self, slot: SlotId, room: Option<RoomId>, start: UtcTime, end: UtcTime) -> Changed {
        let placed = |number: &usize| self.slots[*number].is_placed;
        let Some(number) = self.numbers.get(&slot).copied().filter(placed) else { return Changed::default() };
        let mut touched = self.near_slot(slot);
        touched.insert(number);
        self.vacate(number);
        let room = room.and_then(|room| self.facts.room_numbers.get(&room).copied());
        let moved = &mut self.slots[number];
        (moved.room, moved.start, moved.end) = (room, start, end);
        self.occupy(number, Timeline::insert);
        self.settle(touched)
    }

    /// Takes a slot out of the timetable.
    pub fn remove(&mut self, slot: SlotId) -> Changed {
        let touched = self.near_slot(slot);
        self.take_out(slot);
        self.settle(touched)
    }

    /// Puts a block into the timetable, or to its new place where it is there already.
    pub fn put_block(&mut self, block: &Block) -> Changed {
        let mut touched = self.take_out_block(block.id);
        let number = self.add_block(block);
        self.occupy_block(number, Timeline::insert);
        // Whoever has a buffer may keep distance to it.
        let reach = self.facts.longest_buffer;
        touched.extend(self.slots_between(block.starts_at - reach, block.ends_at + reach));
        self.settle(touched)
    }

    /// Takes a block out of the timetable.
    pub fn remove_block(&mut self, block: BlockId) -> Changed {
        let touched = self.take_out_block(block);
        self.settle(touched)
    }

    /// What would speak against a slot of this length there, whether or not the session is placed yet.
    #[must_use]
    pub fn would(
        &self,
        session: SessionId,
        slot: Option<SlotId>,
        room: Option<RoomId>,
        (start, end): (UtcTime, UtcTime),
    ) -> Vec<(Severity, Concern)> {
        let Some(session) = self.facts.session_numbers.get(&session).copied() else { return Vec::new() };
        let room = room.and_then(|room| self.facts.room_numbers.get(&room).copied());
        let probe = Probe { own: self.number_of(slot), session, room, start, end };
        let concerns = self.judge(&probe);
        concerns.into_iter().map(|concern| (self.severity(session, &concern), concern)).collect()
    }

    pub(super) fn number_of(&self, slot: Option<SlotId>) -> Option<usize> {
        slot.and_then(|slot| self.numbers.get(&slot).copied())
    }

    /// A slot that is in the timetable again keeps its number.
    fn add_slot(&mut self, session: SessionId, slot: &ProgrammeSlot) -> Option<usize> {
        let session = self.facts.session_numbers.get(&session).copied()?;
        let row = Slot {
            id: slot.id,
            guid: slot.guid.clone(),
            session,
            room: slot.room.and_then(|room| self.facts.room_numbers.get(&room).copied()),
            start: slot.start,
            end: slot.end,
            is_placed: true,
            found: Vec::new(),
        };
        let next = self.slots.len();
        let number = *self.numbers.entry(slot.id).or_insert(next);
        if number == next {
            self.slots.push(row);
        } else {
            self.slots[number] = Slot { found: std::mem::take(&mut self.slots[number].found), ..row };
        }
        self.of_session[session].push(number);
        Some(number)
    }

    fn take_out(&mut self, slot: SlotId) {
        let Some(number) = self.numbers.get(&slot).copied().filter(|number| self.slots[*number].is_placed) else {
            return;
        };
        self.vacate(number);
        self.slots[number].is_placed = false;
        self.of_session[self.slots[number].session].retain(|one| *one != number);
    }

    fn add_block(&mut self, block: &Block) -> usize {
        // A room that is not the draft's takes nothing up.
        let room = block.room_id.map(|room| self.facts.room_numbers.get(&room).copied());
        let row = BlockFacts {
            id: block.id,
            kind: block.kind,
            room: room.flatten(),
            start: block.starts_at,
            end: block.ends_at,
            is_there: room != Some(None),
        };
        let next = self.blocks.len();
        let number = *self.block_numbers.entry(block.id).or_insert(next);
        if number == next {
            self.blocks.push(row);
        } else {
            self.blocks[number] = row;
        }
        number
    }

    /// Takes a block out and says which slots had something against it.
    fn take_out_block(&mut self, block: BlockId) -> BTreeSet<usize> {
        let Some(number) = self.block_numbers.get(&block).copied() else { return BTreeSet::new() };
        let BlockFacts { room, start, end, is_there, .. } = self.blocks[number];
        if is_there {
            let timeline = room.map_or(&mut self.everywhere, |room| &mut self.rooms[room]);
            timeline.remove(start, Who::Block(number));
            self.blocks[number].is_there = false;
        }
        let reach = self.facts.longest_buffer;
        self.slots_between(start - reach, end + reach).collect()
    }

    fn slots_between(&self, from: UtcTime, to: UtcTime) -> impl Iterator<Item = usize> {
        let near = |timeline: &Timeline| {
            let slots = timeline.between(from, to).filter_map(|entry| match entry.who {
                Who::Slot(number) => Some(number),
                Who::Block(_) => None,
            });
            slots.collect::<Vec<_>>()
        };
        self.rooms.iter().flat_map(near).collect::<Vec<_>>().into_iter()
    }

    /// Enters a slot wherever it takes something up; an ended session takes up nothing.
    fn occupy(&mut self, number: usize, enter: fn(&mut Timeline, Entry)) {
        let Slot { session, room, start, end, .. } = self.slots[number];
        let entry = Entry { start, end, who: Who::Slot(number) };
        let facts = &self.facts.sessions[session];
        if facts.takes_place {
            room.into_iter().for_each(|room| enter(&mut self.rooms[room], entry));
            facts.people.iter().for_each(|person| enter(&mut self.people[*person], entry));
            facts.forum.into_iter().for_each(|forum| enter(&mut self.forums[forum], entry));
        }
    }

    fn vacate(&mut self, number: usize) {
        let Slot { session, room, start, .. } = self.slots[number];
        let (facts, who) = (&self.facts.sessions[session], Who::Slot(number));
        if facts.takes_place {
            room.into_iter().for_each(|room| self.rooms[room].remove(start, who));
            facts.people.iter().for_each(|person| self.people[*person].remove(start, who));
            facts.forum.into_iter().for_each(|forum| self.forums[forum].remove(start, who));
        }
    }

    fn occupy_block(&mut self, number: usize, enter: fn(&mut Timeline, Entry)) {
        let BlockFacts { room, kind, start, end, is_there, .. } = self.blocks[number];
        let entry = Entry { start, end, who: Who::Block(number) };
        match room {
            Some(room) => enter(&mut self.rooms[room], entry),
            // The registration desk stands in the foyer: while it is open, the rooms are free.
            None if is_there && kind != BlockKind::Registration => enter(&mut self.everywhere, entry),
            None => {}
        }
    }

    /// A slot and those that it has something against: their concerns may change when it moves.
    fn near_slot(&self, slot: SlotId) -> BTreeSet<usize> {
        let Some(number) = self.numbers.get(&slot).copied() else { return BTreeSet::new() };
        let others = self.slots[number].found.iter().filter_map(|found| found.concern.other());
        others.filter_map(|(other, _)| self.numbers.get(&other).copied()).chain([number]).collect()
    }

    /// Judges the touched slots again, and those that they now have something against.
    fn settle(&mut self, touched: BTreeSet<usize>) -> Changed {
        let (mut changed, mut seen, mut waiting) = (Changed::default(), touched.clone(), Vec::from_iter(touched));
        let last_first = waiting.len();
        let mut at = 0;
        while let Some(number) = waiting.get(at).copied() {
            let new = if self.slots[number].is_placed { self.judged(number) } else { Vec::new() };
            if at < last_first {
                let others = new.iter().filter_map(|found| found.concern.other());
                let others: Vec<usize> = others.filter_map(|(other, _)| self.numbers.get(&other).copied()).collect();
                waiting.extend(others.into_iter().filter(|other| seen.insert(*other)));
            }
            let old = std::mem::replace(&mut self.slots[number].found, new);
            let new = &self.slots[number].found;
            changed.appeared.extend(new.iter().filter(|found| !old.contains(found)).cloned());
            changed.vanished.extend(old.into_iter().filter(|found| !new.contains(found)));
            at += 1;
        }
        changed
    }

    fn judged(&self, number: usize) -> Vec<Found> {
        let Slot { id, session, room, start, end, .. } = self.slots[number];
        if !self.facts.sessions[session].takes_place {
            return Vec::new();
        }
        let concerns = self.judge(&Probe { own: Some(number), session, room, start, end });
        let found = |concern: Concern| Found {
            session: self.facts.sessions[session].id,
            slot: id,
            severity: self.severity(session, &concern),
            concern,
        };
        concerns.into_iter().map(found).collect()
    }

    /// A concern blocks only where all sessions that it names would be released.
    pub(super) fn severity(&self, session: usize, concern: &Concern) -> Severity {
        let released = |number: usize| self.facts.sessions[number].is_releasable;
        let other = concern.other().and_then(|(_, other)| self.facts.session_numbers.get(&other));
        let all = released(session) && other.is_none_or(|other| released(*other));
        if all { concern.severity() } else { concern.severity().min(Severity::Warns) }
    }
}
