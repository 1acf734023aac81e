//! The one way in which slots and blocks change.

use super::model::{
    BlockFacts, BlockStep, BlockWish, Changes, EditKind, EditState, MOST_MOVES, Move, SlotChange, SlotNow, SlotState,
    SlotStep, SlotWish, Wishes,
};
use super::store::{self, NewEdit};
use crate::accounts::operations::ProgrammeRights;
use crate::audit::{self, Actor, Entry};
use crate::db::{
    BlockId, DbConnection, DbError, EditId, EventId, ForumId, Json, RoomId, SessionId, SlotId, TabId, UtcTime,
};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::next_draft_version;
use crate::schedule::draft::Block;
use diesel::QueryResult;
use std::collections::{HashMap, HashSet};

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

/// Why an edit is made, which decides what becomes of the history.
pub(super) enum Reason {
    /// It is new: what was undone before can't be done again.
    New,
    /// It takes this one back.
    Undoes(EditId),
    /// It does this one again.
    Redoes(EditId),
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

/// An edit under way; the draft's new version is taken, so nobody else edits until it ends.
pub(super) struct Editing<'a> {
    pub(super) db: &'a mut DbConnection,
    pub(super) now: UtcTime,
    pub(super) actor: Actor,
    pub(super) event: &'a Event,
    pub(super) version: i64,
}

impl Editing<'_> {
    pub(super) fn run(mut self, kind: EditKind, wishes: &Wishes, reason: &Reason) -> Result<Applied, EditError> {
        let rights = match self.actor {
            Actor::User(user) => crate::accounts::operations::programme_rights(self.db, self.event.id, user)?,
            _ => ProgrammeRights::all(),
        };
        let rooms = store::rooms_of(self.db, self.event.id)?;
        let slots = self.slots(wishes, &rights, &rooms, reason)?;
        let blocks = self.blocks(wishes, &rights, &rooms)?;
        if slots.is_empty() && blocks.is_empty() {
            return Err(EditError::Unchanged);
        }
        self.record(kind, Changes { tab: wishes.tab, slots, blocks }, reason)
    }

    fn slots(
        &mut self,
        wishes: &Wishes,
        rights: &ProgrammeRights,
        rooms: &HashSet<RoomId>,
        reason: &Reason,
    ) -> Result<Vec<SlotStep>, EditError> {
        if wishes.slots.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<SessionId> = unique(wishes.slots.iter().map(|wish| wish.change.session));
        let sessions: HashMap<SessionId, (String, Option<ForumId>)> = store::sessions_of(self.db, self.event.id, &ids)?
            .into_iter()
            .map(|(id, guid, forum)| (id, (guid, forum)))
            .collect();
        let mut present = by_id(store::slots_of(self.db, self.event.id, &ids)?);
        let mut steps = Vec::with_capacity(wishes.slots.len());
        for wish in &wishes.slots {
            let (guid, forum) = sessions.get(&wish.change.session).ok_or(EditError::Gone)?;
            if !rights.may_edit_forum(*forum) {
                return Err(EditError::Forbidden);
            }
            if !is_as_expected(&present, wish) {
                return Err(stale_slots(&present, wishes.slots.iter().map(|wish| wish.change.slot)));
            }
            if let Some(after) = wish.change.after {
                self.check(after, wish.change.before, rooms)?;
            }
            let guid = match (&reason, wish.change.before) {
                (_, Some(_)) => wish.change.guid.clone(),
                (Reason::New, None) => free_guid(&present, &wish.change, guid),
                // A session that was placed again meanwhile would be there twice.
                (_, None) if guid_is_taken(&present, &wish.change.guid) => {
                    return Err(stale_slots(&present, wishes.slots.iter().map(|wish| wish.change.slot)));
                }
                (_, None) => wish.change.guid.clone(),
            };
            steps.extend(self.change_slot(&mut present, wish, guid)?);
        }
        Ok(steps)
    }

    /// What no slot may be. One that was outside the event's days, as by an import, may stay there.
    fn check(&self, after: SlotState, before: Option<SlotState>, rooms: &HashSet<RoomId>) -> Result<(), EditError> {
        if after.end <= after.start {
            return Err(EditError::EndsBeforeStart);
        }
        if after.room.is_some_and(|room| !rooms.contains(&room)) {
            return Err(EditError::Gone);
        }
        self.check_day(after.start, before.map(|before| before.start))
    }

    fn check_day(&self, start: UtcTime, before: Option<UtcTime>) -> Result<(), EditError> {
        let day = start.in_zone(self.event.zone()).date_naive();
        if before != Some(start) && !(self.event.starts_on..=self.event.ends_on).contains(&day) {
            return Err(EditError::OutsideEvent);
        }
        Ok(())
    }

    fn change_slot(
        &mut self,
        present: &mut HashMap<SlotId, SlotNow>,
        wish: &SlotWish,
        guid: String,
    ) -> Result<Option<SlotStep>, EditError> {
        let SlotChange { slot, session, before, after, .. } = wish.change;
        let old = present.get(&slot).cloned();
        let was_fixed = old.as_ref().map_or_else(|| wish.fixed.is_some_and(|(was, _)| was), |old| old.is_fixed);
        let is_fixed = wish.fixed.map_or(was_fixed, |(_, fixed)| fixed);
        if before == after && was_fixed == is_fixed {
            return Ok(None);
        }
        let source_key = match &old {
            Some(old) => old.source_key.clone(),
            // Imported again meanwhile, another slot has it.
            None => wish
                .source_key
                .clone()
                .filter(|key| !present.values().any(|other| other.source_key.as_ref() == Some(key))),
        };
        let version = old.as_ref().map_or_else(|| self.first_version(&wish.change), |old| old.version + 1);
        let (db, now) = (&mut *self.db, self.now);
        match after {
            Some(state) => {
                let new = SlotNow {
                    id: slot,
                    session,
                    guid: guid.clone(),
                    source_key: source_key.clone(),
                    state,
                    version,
                    is_fixed,
                };
                match old {
                    Some(_) => store::update_slot(db, now, &new)?,
                    None => store::insert_slot(db, now, self.event.id, &new)?,
                }
                present.insert(slot, new);
            }
            None => {
                store::delete_slot(db, slot)?;
                present.remove(&slot);
            }
        }
        let change = SlotChange { slot, session, guid, before, after };
        Ok(Some(SlotStep { change, version, was_fixed, is_fixed, source_key }))
    }

    /// One that is put back must not have a version that an old tab still knows.
    fn first_version(&self, change: &SlotChange) -> i32 {
        if change.guid.is_empty() { 1 } else { self.version_number() }
    }

    fn version_number(&self) -> i32 {
        i32::try_from(self.version).unwrap_or(i32::MAX)
    }

    fn blocks(
        &mut self,
        wishes: &Wishes,
        rights: &ProgrammeRights,
        rooms: &HashSet<RoomId>,
    ) -> Result<Vec<BlockStep>, EditError> {
        if wishes.blocks.is_empty() {
            return Ok(Vec::new());
        }
        if !rights.is_for_all() {
            return Err(EditError::Forbidden);
        }
        let ids: Vec<BlockId> = unique(wishes.blocks.iter().map(|wish| wish.block));
        let present: HashMap<BlockId, Block> =
            store::blocks_of(self.db, self.event.id, &ids)?.into_iter().map(|block| (block.id, block)).collect();
        let mut steps = Vec::with_capacity(wishes.blocks.len());
        for wish in &wishes.blocks {
            let old = present.get(&wish.block);
            if old.map(BlockFacts::from) != wish.before {
                let removed_blocks = ids.iter().copied().filter(|id| !present.contains_key(id)).collect();
                let blocks = present.into_values().collect();
                return Err(EditError::Stale(Box::new(Standing { blocks, removed_blocks, ..Standing::default() })));
            }
            steps.extend(self.change_block(old, wish, rooms)?);
        }
        Ok(steps)
    }

    fn change_block(
        &mut self,
        old: Option<&Block>,
        wish: &BlockWish,
        rooms: &HashSet<RoomId>,
    ) -> Result<Option<BlockStep>, EditError> {
        if wish.before == wish.after {
            return Ok(None);
        }
        // One that is put back must not have a version that an old tab still knows.
        let version = old.map_or_else(|| self.version_number(), |old| old.version + 1);
        match &wish.after {
            Some(facts) => {
                if facts.end <= facts.start {
                    return Err(EditError::EndsBeforeStart);
                }
                if facts.room.is_some_and(|room| !rooms.contains(&room)) {
                    return Err(EditError::Gone);
                }
                self.check_day(facts.start, wish.before.as_ref().map(|before| before.start))?;
                match old {
                    Some(_) => store::update_block(self.db, self.now, (wish.block, version), facts)?,
                    None => store::insert_block(self.db, &facts.block(wish.block, self.event.id, version, self.now))?,
                }
            }
            None => store::delete_block(self.db, wish.block)?,
        }
        let (before, after) = (wish.before.clone(), wish.after.clone());
        Ok(Some(BlockStep { block: wish.block, version, before, after }))
    }

    /// The edit's row, what becomes of the history, and the audit entry.
    fn record(self, kind: EditKind, changes: Changes, reason: &Reason) -> Result<Applied, EditError> {
        let Self { db, now, actor, event, version } = self;
        let user = if let Actor::User(user) = actor { Some(user) } else { None };
        let json = Json::new(changes.clone())
            .map_err(|error| EditError::Db(DbError::Query(diesel::result::Error::SerializationError(error.into()))))?;
        match reason {
            Reason::New => user.map_or(Ok(()), |user| store::drop_undone(db, event.id, user))?,
            Reason::Undoes(edit) => store::set_state(db, *edit, EditState::Undone, Some(now))?,
            Reason::Redoes(edit) => store::set_state(db, *edit, EditState::Done, None)?,
        }
        let state = if matches!(reason, Reason::New) { EditState::Done } else { EditState::Told };
        let edit = EditId::new();
        store::insert_edit(
            db,
            now,
            &NewEdit { id: edit, event: event.id, version, user, kind, changes: &json, state },
        )?;
        note(db, now, actor, event, kind, &changes)?;
        Ok(Applied { edit, version, changes })
    }
}

/// A step of one slot is noted of its session, any other of the event.
fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    kind: EditKind,
    changes: &Changes,
) -> Result<(), EditError> {
    if let ([step], []) = (changes.slots.as_slice(), changes.blocks.as_slice()) {
        let SlotChange { slot, session, before, after, .. } = &step.change;
        let action = if after.is_some() { "session.placed" } else { "session.unplaced" };
        let detail = serde_json::json!({ "edit": kind, "slot": slot, "before": before, "after": after });
        let entry = Entry::new(Some(event.id), actor, action, "session", session.as_str()).with(detail);
        return Ok(audit::note(db, now, &entry)?);
    }
    let detail = serde_json::json!({ "edit": kind, "slots": changes.slots.len(), "blocks": changes.blocks.len() });
    let entry = Entry::new(Some(event.id), actor, "schedule.edited", "event", event.id.as_str()).with(detail);
    Ok(audit::note(db, now, &entry)?)
}

fn is_as_expected(present: &HashMap<SlotId, SlotNow>, wish: &SlotWish) -> bool {
    let SlotChange { slot, session, before, .. } = &wish.change;
    match (present.get(slot), before) {
        (None, None) => true,
        (Some(now), Some(before)) => {
            now.session == *session && now.state == *before && wish.fixed.is_none_or(|(was, _)| was == now.is_fixed)
        }
        _ => false,
    }
}

fn guid_is_taken(present: &HashMap<SlotId, SlotNow>, guid: &str) -> bool {
    present.values().any(|slot| slot.guid == guid)
}

/// The first slot of a session stands for the session itself in exchange formats.
fn free_guid(present: &HashMap<SlotId, SlotNow>, change: &SlotChange, of_session: &str) -> String {
    let is_first = !present.values().any(|slot| slot.session == change.session);
    let wanted = if change.guid.is_empty() && is_first { of_session } else { change.guid.as_str() };
    if wanted.is_empty() || guid_is_taken(present, wanted) {
        return uuid::Uuid::new_v4().to_string();
    }
    wanted.to_owned()
}

fn by_id(slots: Vec<SlotNow>) -> HashMap<SlotId, SlotNow> {
    slots.into_iter().map(|slot| (slot.id, slot)).collect()
}

fn unique<T: Copy + Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn stale_slots(present: &HashMap<SlotId, SlotNow>, asked: impl Iterator<Item = SlotId>) -> EditError {
    let asked = unique(asked);
    let (there, gone): (Vec<SlotId>, Vec<SlotId>) = asked.into_iter().partition(|id| present.contains_key(id));
    let slots = there.iter().filter_map(|id| present.get(id)).cloned().collect();
    EditError::Stale(Box::new(Standing { slots, removed: gone, ..Standing::default() }))
}
