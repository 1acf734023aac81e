//! What an edit says, and the rules of its parts.

use crate::db::{BlockId, EditId, EventId, RoomId, SessionId, SlotId, TabId, UserId, UtcTime};
use crate::i18n::Localized;
use crate::schedule::draft::{Block, BlockKind};
use crate::text_enum;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where and when a slot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotState {
    /// The room, where one is set.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends, always later than the start.
    pub end: UtcTime,
}

/// What one step does to one slot: from nothing = placed, to nothing = taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotChange {
    /// The slot; a new id where it is placed anew.
    pub slot: SlotId,
    /// The session that it is of.
    pub session: SessionId,
    /// The slot's guid in exchange formats. Empty for a slot that never was: it then gets the
    /// session's own where the session has no other slot, else one of its own.
    pub guid: String,
    /// How it is now; an edit of a slot that is otherwise is refused.
    pub before: Option<SlotState>,
    /// How it is to be.
    pub after: Option<SlotState>,
}

impl SlotChange {
    /// A new slot of a session.
    #[must_use]
    pub fn placed(session: SessionId, after: SlotState) -> Self {
        Self { slot: SlotId::new(), session, guid: String::new(), before: None, after: Some(after) }
    }
}

text_enum! {
    /// What an edit is called.
    pub enum EditKind {
        /// A session was placed.
        Place = "place",
        /// Slots were moved.
        Move = "move",
        /// A slot was made longer or shorter.
        Stretch = "stretch",
        /// Two slots exchanged room and start.
        Swap = "swap",
        /// Slots were taken out.
        Remove = "remove",
        /// A slot was fixed where it is, or freed.
        Fix = "fix",
        /// A block was made, changed or taken away.
        Block = "block",
        /// A proposed timetable was accepted.
        Propose = "propose",
        /// A kept copy was made the draft.
        Copy = "copy",
        /// Sessions were placed by an import.
        Import = "import",
        /// A step was taken back.
        Undo = "undo",
        /// A step that was taken back was done again.
        Redo = "redo",
    }
}

text_enum! {
    /// What can still be done with an edit.
    pub enum EditState {
        /// It can be undone by whoever made it.
        Done = "done",
        /// It was undone and can be done again.
        Undone = "undone",
        /// It can be neither: a new edit, or somebody else's, took its place.
        Dropped = "dropped",
        /// It tells that an earlier one was undone or done again.
        Told = "told",
    }
}

/// A slot as it stands in the draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotNow {
    /// The slot.
    pub id: SlotId,
    /// Its session.
    pub session: SessionId,
    /// Its guid in exchange formats.
    pub guid: String,
    /// Its key in the file that it was imported from.
    pub source_key: Option<String>,
    /// Where and when it is.
    pub state: SlotState,
    /// Counts changes.
    pub version: i32,
    /// Whether proposals leave it where it is.
    pub is_fixed: bool,
}

/// A change of a slot as it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotStep {
    /// The change.
    #[serde(flatten)]
    pub change: SlotChange,
    /// The slot's version after it.
    pub version: i32,
    /// Whether it was fixed before.
    #[serde(default)]
    pub was_fixed: bool,
    /// Whether it is fixed after it.
    #[serde(default)]
    pub is_fixed: bool,
    /// Its key in the file that it was imported from, so that a further import knows it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_key: Option<String>,
}

/// What a block says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockFacts {
    /// Its room; all rooms when none.
    pub room: Option<RoomId>,
    /// What it is for.
    pub kind: BlockKind,
    /// What people read; the kind's own word where empty.
    pub title: Localized,
    /// Whether the public sees it.
    pub is_public: bool,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}

impl From<&Block> for BlockFacts {
    fn from(block: &Block) -> Self {
        Self {
            room: block.room_id,
            kind: block.kind,
            title: block.title.clone(),
            is_public: block.is_public,
            start: block.starts_at,
            end: block.ends_at,
        }
    }
}

impl BlockFacts {
    /// The block that says this.
    #[must_use]
    pub fn block(&self, id: BlockId, event: EventId, version: i32, now: UtcTime) -> Block {
        Block {
            id,
            event_id: event,
            room_id: self.room,
            kind: self.kind,
            title: self.title.clone(),
            is_public: self.is_public,
            starts_at: self.start,
            ends_at: self.end,
            version,
            created_at: now,
            updated_at: now,
        }
    }
}

/// A change of a block as it was done: from nothing = made, to nothing = taken away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockStep {
    /// The block.
    pub block: BlockId,
    /// Its version after it.
    pub version: i32,
    /// How it was.
    pub before: Option<BlockFacts>,
    /// How it is.
    pub after: Option<BlockFacts>,
}

/// All that one edit did; stands as JSON in its row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// The editor's tab that it was made in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tab: Option<TabId>,
    /// Slots, in the order in which they were changed.
    #[serde(default)]
    pub slots: Vec<SlotStep>,
    /// Blocks, in the order in which they were changed.
    #[serde(default)]
    pub blocks: Vec<BlockStep>,
}

/// A change of a slot that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotWish {
    /// The change.
    pub change: SlotChange,
    /// Whether it was and is to be fixed; as it is when none.
    pub fixed: Option<(bool, bool)>,
    /// The key of a slot that is put back.
    pub source_key: Option<String>,
}

impl From<SlotChange> for SlotWish {
    fn from(change: SlotChange) -> Self {
        Self { change, fixed: None, source_key: None }
    }
}

/// A change of a block that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockWish {
    /// The block; a new id where it is made.
    pub block: BlockId,
    /// How it is now; an edit of a block that is otherwise is refused.
    pub before: Option<BlockFacts>,
    /// How it is to be.
    pub after: Option<BlockFacts>,
}

/// All that an edit asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The tab that asks.
    pub tab: Option<TabId>,
    /// Slots.
    pub slots: Vec<SlotWish>,
    /// Blocks.
    pub blocks: Vec<BlockWish>,
}

impl Changes {
    /// What takes these changes back: each the other way round, the last first.
    #[must_use]
    pub fn inverse(&self) -> Wishes {
        let slot = |step: &SlotStep| {
            let SlotChange { slot, session, ref guid, before, after } = step.change;
            let change = SlotChange { slot, session, guid: guid.clone(), before: after, after: before };
            let fixed = Some((step.is_fixed, step.was_fixed));
            SlotWish { change, fixed, source_key: step.source_key.clone() }
        };
        let block =
            |step: &BlockStep| BlockWish { block: step.block, before: step.after.clone(), after: step.before.clone() };
        Wishes {
            tab: None,
            slots: self.slots.iter().rev().map(slot).collect(),
            blocks: self.blocks.iter().rev().map(block).collect(),
        }
    }

    /// What does these changes again after they were taken back.
    #[must_use]
    pub fn again(&self) -> Wishes {
        let slot = |step: &SlotStep| SlotWish {
            change: step.change.clone(),
            fixed: Some((step.was_fixed, step.is_fixed)),
            source_key: step.source_key.clone(),
        };
        let block =
            |step: &BlockStep| BlockWish { block: step.block, before: step.before.clone(), after: step.after.clone() };
        Wishes {
            tab: None,
            slots: self.slots.iter().map(slot).collect(),
            blocks: self.blocks.iter().map(block).collect(),
        }
    }

    /// The sessions whose slots were changed, each once, in order.
    #[must_use]
    pub fn sessions(&self) -> Vec<SessionId> {
        let mut found: Vec<SessionId> = Vec::new();
        for step in &self.slots {
            if !found.contains(&step.change.session) {
                found.push(step.change.session);
            }
        }
        found
    }
}

/// What one organizer asks to do with one slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The slot; a new one when none.
    pub slot: Option<SlotId>,
    /// Its session.
    pub session: SessionId,
    /// The version that the organizer saw; not compared when none.
    pub version: Option<i32>,
    /// Where it is to be; nothing takes it out. A swap finds this out by itself.
    pub to: Option<SlotState>,
    /// Whether it is to be fixed; as it is when none.
    pub fixed: Option<bool>,
}

/// Most moves in one edit of an organizer.
pub const MOST_MOVES: usize = 500;

/// An edit as others are told of it.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The draft's version that it made.
    pub version: i64,
    /// Who made it, unless the program did or the account is gone.
    pub by: Option<(UserId, String)>,
    /// What it is called.
    pub kind: EditKind,
    /// What it did.
    pub changes: Changes,
}

/// The step that "undo" or "redo" would take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The edit.
    pub edit: EditId,
    /// The draft's version that it made.
    pub version: i64,
    /// What it is called.
    pub kind: EditKind,
    /// What it did.
    pub changes: Changes,
}

/// Somebody at work in the editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Present {
    /// Their tab.
    pub tab: TabId,
    /// Their name.
    pub name: String,
    /// The day that they look at.
    pub day: NaiveDate,
    /// The session that they hold.
    pub session: Option<SessionId>,
}
