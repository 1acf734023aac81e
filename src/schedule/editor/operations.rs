//! The one way in which slots and blocks change.

use super::applying::{Editing, Reason, by_id, stale_slots, unique};
use super::model::{
    BlockFacts, BlockWish, Changes, EditKind, MOST_MOVES, Move, SlotChange, SlotNow, SlotState, SlotWish, Wishes,
};
use super::store;
use crate::audit::Actor;
use crate::db::{BlockId, DbConnection, DbError, EditId, EventId, RoomId, SessionId, SlotId, TabId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::next_draft_version;
use crate::schedule::draft::Block;
use diesel::QueryResult;
use std::collections::HashMap;

/// Why an edit was refused. Nothing of it is kept then.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Someone else has changed a slot or block since; carries how they stand now.
    #[error("someone else has changed the timetable in the meantime")]
    Stale(Box<Standing>),
    /// A step can't be taken back or done again, because someone has changed the same since.
    #[error("someone else has changed the same since")]
    Overtaken {
        /// The step.
        edit: EditId,
        /// Who changed it, where that is known.
        by: Option<String>,
    },
    /// The session, slot, block or room is not (any more) one of this event's.
    #[error("the session or room is not there any more")]
    Gone,
    /// The session belongs to a forum of others, or a block is for organizers of the whole event.
    #[error("this account may not change that")]
    Forbidden,
    /// The end is not later than the start.
    #[error("the end is not later than the start")]
    EndsBeforeStart,
    /// It would begin before the event's first day or after its last.
    #[error("this is outside the event's days")]
    OutsideEvent,
    /// The clocks skip that time on that day.
    #[error("the clocks skip that time on that day")]
    ClocksSkip,
    /// It is so already.
    #[error("nothing would change")]
    Unchanged,
    /// More at once than one edit takes.
    #[error("too many moves at once")]
    TooMany,
    /// This account has nothing to undo, or nothing to do again.
    #[error("there is nothing to undo or redo")]
    NothingLeft,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(EditError);

/// How what an edit was about stands now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// Slots that are there.
    pub slots: Vec<SlotNow>,
    /// Slots that are not there any more.
    pub removed: Vec<SlotId>,
    /// Blocks that are there.
    pub blocks: Vec<Block>,
    /// Blocks that are not there any more.
    pub removed_blocks: Vec<BlockId>,
}

/// An edit that was done.
#[derive(Clone, Debug)]
pub struct Applied {
    /// Its row.
    pub edit: EditId,
    /// The draft's version after it.
    pub version: i64,
    /// What it did.
    pub changes: Changes,
}

/// Changes slots: the one operation by which they are placed, moved and taken out.
///
/// Every change says how its slot is now; if one is otherwise, nothing is done at all.
///
/// # Errors
/// When a slot is not as the change says, a session or room is not this event's, a slot would end
/// before it begins or begin outside the event's days, or the actor may not edit a session's forum.
pub fn apply(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    kind: EditKind,
    changes: &[SlotChange],
) -> Result<Applied, EditError> {
    let slots = changes.iter().cloned().map(SlotWish::from).collect();
    edit(db, now, actor, event, kind, &Wishes { slots, ..Wishes::default() })
}

/// Does what an organizer asks for in one tab: moves, places, takes out, fixes or swaps slots that
/// are still of the version that the organizer saw.
///
/// # Errors
/// As [`apply`]; a slot of another version is [`EditError::Stale`].
pub fn make_moves(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (kind, tab): (EditKind, Option<TabId>),
    moves: &[Move],
) -> Result<Applied, EditError> {
    if moves.len() > MOST_MOVES {
        return Err(EditError::TooMany);
    }
    let version = next_draft_version(db, event.id)?;
    let sessions: Vec<SessionId> = unique(moves.iter().map(|one| one.session));
    let present = by_id(store::slots_of(db, event.id, &sessions)?);
    let fits = |one: &Move| match one.slot {
        None => true,
        Some(slot) => present
            .get(&slot)
            .is_some_and(|now| now.session == one.session && one.version.is_none_or(|version| version == now.version)),
    };
    if !moves.iter().all(fits) {
        return Err(stale_slots(&present, moves.iter().filter_map(|one| one.slot)));
    }
    let targets = targets(&present, kind, moves)?;
    let wish = |(one, to): (&Move, Option<SlotState>)| {
        let now = one.slot.and_then(|slot| present.get(&slot));
        let change = SlotChange {
            slot: now.map_or_else(SlotId::new, |now| now.id),
            session: one.session,
            guid: now.map(|now| now.guid.clone()).unwrap_or_default(),
            before: now.map(|now| now.state),
            after: to,
        };
        let was_fixed = now.is_some_and(|now| now.is_fixed);
        SlotWish { change, fixed: one.fixed.map(|fixed| (was_fixed, fixed)), source_key: None }
    };
    let wishes = Wishes { tab, slots: moves.iter().zip(targets).map(wish).collect(), blocks: Vec::new() };
    Editing { db, now, actor, event, version }.run(kind, &wishes, &Reason::New)
}

/// The slots of one session of an event, with their versions.
///
/// # Errors
/// When the database refuses.
pub fn slots_of_session(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<Vec<SlotNow>> {
    store::slots_of(db, event, &[session])
}

/// Where each slot is to be. One that is fixed stays; two that are swapped exchange room and start and keep their lengths.
fn targets(
    present: &HashMap<SlotId, SlotNow>,
    kind: EditKind,
    moves: &[Move],
) -> Result<Vec<Option<SlotState>>, EditError> {
    let state = |one: &Move| one.slot.and_then(|slot| present.get(&slot)).map(|now| now.state);
    match kind {
        EditKind::Swap => {}
        EditKind::Fix => return Ok(moves.iter().map(state).collect()),
        _ => return Ok(moves.iter().map(|one| one.to).collect()),
    }
    let [one, other] = moves else { return Err(EditError::Gone) };
    let (Some(one), Some(other)) = (state(one), state(other)) else { return Err(EditError::Gone) };
    let at = |place: SlotState, length| SlotState { room: place.room, start: place.start, end: place.start + length };
    Ok(vec![Some(at(other, one.end - one.start)), Some(at(one, other.end - other.start))])
}

/// Makes a block, or changes or takes away one that is still of the version that the organizer saw.
///
/// # Errors
/// When it is gone, has changed, or what it says can't be.
pub fn set_block(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (tab, block): (Option<TabId>, Option<(BlockId, Option<i32>)>),
    facts: Option<&BlockFacts>,
) -> Result<Applied, EditError> {
    let version = next_draft_version(db, event.id)?;
    let before = match block {
        None => None,
        Some((id, seen)) => {
            let found = store::blocks_of(db, event.id, &[id])?.pop().ok_or(EditError::Gone)?;
            if seen.is_some_and(|seen| seen != found.version) {
                let standing = Standing { blocks: vec![found], ..Standing::default() };
                return Err(EditError::Stale(Box::new(standing)));
            }
            Some(BlockFacts::from(&found))
        }
    };
    let id = block.map_or_else(BlockId::new, |(id, _)| id);
    let wishes =
        Wishes { tab, slots: Vec::new(), blocks: vec![BlockWish { block: id, before, after: facts.cloned() }] };
    Editing { db, now, actor, event, version }.run(EditKind::Block, &wishes, &Reason::New)
}

/// Puts a copy of a block into every room that does not have the same one.
///
/// # Errors
/// When it is gone, or every room has it.
pub fn copy_block(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (tab, block): (Option<TabId>, BlockId),
) -> Result<Applied, EditError> {
    let version = next_draft_version(db, event.id)?;
    let facts = BlockFacts::from(&store::blocks_of(db, event.id, &[block])?.pop().ok_or(EditError::Gone)?);
    let all = crate::schedule::operations::blocks(db, event.id)?;
    let mut rooms: Vec<RoomId> = store::rooms_of(db, event.id)?.into_iter().collect();
    rooms.sort_unstable();
    let copies = rooms.into_iter().map(|room| BlockFacts { room: Some(room), ..facts.clone() });
    let blocks = copies
        .filter(|copy| facts.room.is_some() && !all.iter().any(|block| BlockFacts::from(block) == *copy))
        .map(|copy| BlockWish { block: BlockId::new(), before: None, after: Some(copy) })
        .collect();
    Editing { db, now, actor, event, version }.run(
        EditKind::Block,
        &Wishes { tab, slots: Vec::new(), blocks },
        &Reason::New,
    )
}

/// One edit as one transaction.
///
/// # Errors
/// As [`apply`].
pub fn edit(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    kind: EditKind,
    wishes: &Wishes,
) -> Result<Applied, EditError> {
    // First of all: whoever else edits this draft waits here.
    let version = next_draft_version(db, event.id)?;
    Editing { db, now, actor, event, version }.run(kind, wishes, &Reason::New)
}
