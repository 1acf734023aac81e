//! What a copy keeps, and what making it the draft would do.

use crate::db::{RoomId, SessionId, SlotId};
use crate::schedule::draft::{Block, Draft};
use crate::schedule::editor::model::{BlockFacts, BlockWish, SlotChange, SlotState, SlotWish};
use crate::schedule::model::{Programme, ProgrammeSlot};
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// A draft as it was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// The programme, every session in whatever state.
    pub programme: Programme,
    /// The blocks, also those that the public does not see.
    pub blocks: Vec<Block>,
    /// The slots that proposals leave where they are.
    pub fixed: HashSet<SlotId>,
}

impl From<&Draft> for Kept {
    fn from(draft: &Draft) -> Self {
        Self {
            programme: draft.programme.clone(),
            blocks: draft.blocks.clone(),
            fixed: draft.slots.iter().filter(|(_, planning)| planning.is_fixed).map(|(id, _)| *id).collect(),
        }
    }
}

/// What making a copy the draft would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Return {
    /// Changes of slots, those taken out first.
    pub slots: Vec<SlotWish>,
    /// Changes of blocks.
    pub blocks: Vec<BlockWish>,
    /// Sessions of the copy that are not there any more, and are skipped.
    pub gone: Vec<SessionId>,
    /// Sessions whose room is not there any more; they get their time without a room.
    pub roomless: Vec<SessionId>,
    /// Sessions made since, which lose their place.
    pub newer: Vec<SessionId>,
}

impl Return {
    /// Whether the draft is already like the copy.
    #[must_use]
    pub const fn is_nothing(&self) -> bool {
        self.slots.is_empty() && self.blocks.is_empty()
    }
}

/// A slot with its session.
type Slots<'a> = HashMap<SlotId, (SessionId, &'a ProgrammeSlot)>;

fn slots_of(programme: &Programme) -> Slots<'_> {
    let sessions = programme.sessions.iter();
    sessions.flat_map(|session| session.slots.iter().map(|slot| (slot.id, (session.id, slot)))).collect()
}

const fn state(slot: &ProgrammeSlot, room: Option<RoomId>) -> SlotState {
    SlotState { room, start: slot.start, end: slot.end }
}

/// The way from a draft back to a copy.
#[must_use]
pub(super) fn way_back(draft: &Draft, kept: &Kept) -> Return {
    let rooms: HashSet<RoomId> = draft.programme.rooms.iter().map(|room| room.id).collect();
    let present: HashSet<SessionId> = draft.programme.sessions.iter().map(|session| session.id).collect();
    let known: HashSet<SessionId> = kept.programme.sessions.iter().map(|session| session.id).collect();
    let (now, then) = (slots_of(&draft.programme), slots_of(&kept.programme));
    let is_fixed = |slot: &SlotId| draft.slots.get(slot).is_some_and(|planning| planning.is_fixed);
    let mut way = Return::default();
    // Guids become free by what is taken out, so that goes first.
    let mut taken: Vec<_> = now.iter().filter(|(id, _)| !then.contains_key(id)).collect();
    taken.sort_by_key(|(id, _)| **id);
    for (id, (session, slot)) in taken {
        if !known.contains(session) && !way.newer.contains(session) {
            way.newer.push(*session);
        }
        way.slots.push(change((*id, *session, slot), Some(state(slot, slot.room)), None, Some((is_fixed(id), false))));
    }
    let mut wanted: Vec<_> = then.iter().collect();
    wanted.sort_by_key(|(id, _)| **id);
    for (id, (session, slot)) in wanted {
        if !present.contains(session) {
            if !way.gone.contains(session) {
                way.gone.push(*session);
            }
            continue;
        }
        let room = slot.room.filter(|room| rooms.contains(room));
        if room != slot.room && !way.roomless.contains(session) {
            way.roomless.push(*session);
        }
        let here = now.get(id).filter(|(of, _)| of == session).map(|(_, slot)| state(slot, slot.room));
        let after = state(slot, room);
        let fixed = (here.is_some() && is_fixed(id), kept.fixed.contains(id));
        if here != Some(after) || fixed.0 != fixed.1 {
            way.slots.push(change((*id, *session, slot), here, Some(after), Some(fixed)));
        }
    }
    way.blocks = blocks(&draft.blocks, &kept.blocks, &rooms);
    way
}

fn change(
    (id, session, slot): (SlotId, SessionId, &ProgrammeSlot),
    before: Option<SlotState>,
    after: Option<SlotState>,
    fixed: Option<(bool, bool)>,
) -> SlotWish {
    let change = SlotChange { slot: id, session, guid: slot.guid.clone(), before, after };
    SlotWish { change, fixed, source_key: None }
}

fn blocks(now: &[Block], then: &[Block], rooms: &HashSet<RoomId>) -> Vec<BlockWish> {
    let find = |all: &[Block], block: &Block| all.iter().find(|one| one.id == block.id).map(BlockFacts::from);
    let gone = now.iter().filter(|block| find(then, block).is_none());
    let mut wishes: Vec<BlockWish> =
        gone.map(|block| BlockWish { block: block.id, before: Some(BlockFacts::from(block)), after: None }).collect();
    // A block of a room that is gone has gone with it.
    for block in then.iter().filter(|block| block.room_id.is_none_or(|room| rooms.contains(&room))) {
        let (before, after) = (find(now, block), BlockFacts::from(block));
        if before.as_ref() != Some(&after) {
            wishes.push(BlockWish { block: block.id, before, after: Some(after) });
        }
    }
    wishes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::proposing::instances::{Size, planted};
    use crate::schedule::proposing::{Budget, Watched, propose, with_entries};
    use proptest::prelude::*;

    /// The draft with a way back walked.
    fn walked(mut draft: Draft, way: &Return) -> Draft {
        for wish in &way.slots {
            let id = wish.change.session;
            let session = draft.programme.sessions.iter_mut().find(|one| one.id == id).expect("it");
            session.slots.retain(|slot| slot.id != wish.change.slot);
            draft.slots.remove(&wish.change.slot);
            if let Some(after) = wish.change.after {
                session.slots.push(ProgrammeSlot {
                    id: wish.change.slot,
                    guid: wish.change.guid.clone(),
                    room: after.room,
                    start: after.start,
                    end: after.end,
                    sequence: 0,
                    changed_at: after.start,
                    moved_from: None,
                });
                let planning = draft.slots.entry(wish.change.slot).or_default();
                planning.is_fixed = wish.fixed.is_some_and(|(_, fixed)| fixed);
            }
        }
        draft
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        #[test]
        fn the_way_back_leads_to_the_copy(seed in any::<u64>(), moved in 0_usize..6) {
            let instance = planted(Size { rooms: 2, days: 1, sessions: 12, filled: 70, step: 15 }, seed);
            let budget = Some(Budget { time: None, steps: 100, threads: 1 });
            let solved = propose(&instance.draft, &instance.request, budget, &Watched::default());
            let draft = with_entries(instance.draft.clone(), &solved.entries);
            let kept = Kept::from(&instance.draft);
            let way = way_back(&draft, &kept);
            prop_assert!(way.gone.is_empty() && way.roomless.is_empty() && way.newer.is_empty());
            prop_assert!(way_back(&walked(draft.clone(), &way), &kept).is_nothing());
            // And from the empty draft to the full one.
            let mut full = Kept::from(&draft);
            full.programme.sessions.truncate(moved.max(1));
            let way = way_back(&instance.draft, &full);
            prop_assert!(way_back(&walked(instance.draft, &way), &full).is_nothing());
        }
    }

    #[test]
    fn what_is_gone_is_named_and_skipped() {
        let instance = planted(Size { rooms: 2, days: 1, sessions: 12, filled: 70, step: 15 }, 1);
        let budget = Some(Budget { time: None, steps: 100, threads: 1 });
        let solved = propose(&instance.draft, &instance.request, budget, &Watched::default());
        let full = with_entries(instance.draft.clone(), &solved.entries);
        let kept = Kept::from(&full);
        let mut now = instance.draft;
        let gone = now.programme.sessions.remove(0).id;
        let room = now.programme.rooms.remove(0).id;
        let way = way_back(&now, &kept);
        assert_eq!(way.gone, [gone]);
        assert!(!way.roomless.is_empty());
        assert!(way.slots.iter().all(|wish| wish.change.session != gone));
        assert!(way.slots.iter().all(|wish| wish.change.after.is_none_or(|after| after.room != Some(room))));
    }
}
