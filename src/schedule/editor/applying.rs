//! Checking and writing one edit, once the draft's new version is taken.

use super::model::{
    BlockFacts, BlockStep, BlockWish, Changes, EditKind, EditState, SlotChange, SlotNow, SlotState, SlotStep, SlotWish,
    Wishes,
};
use super::operations::{Applied, EditError, Standing};
use super::store::{self, NewEdit};
use crate::accounts::operations::ProgrammeRights;
use crate::audit::{self, Actor, Entry};
use crate::db::{BlockId, DbConnection, DbError, EditId, ForumId, Json, RoomId, SessionId, SlotId, UtcTime};
use crate::events::model::Event;
use crate::schedule::draft::Block;
use std::collections::{HashMap, HashSet};

/// Why an edit is made, which decides what becomes of the history.
pub(super) enum Reason {
    /// It is new: what was undone before can't be done again.
    New,
    /// It takes this one back.
    Undoes(EditId),
    /// It does this one again.
    Redoes(EditId),
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

/// Slots by their ids.
pub(super) fn by_id(slots: Vec<SlotNow>) -> HashMap<SlotId, SlotNow> {
    slots.into_iter().map(|slot| (slot.id, slot)).collect()
}

/// Each once.
pub(super) fn unique<T: Copy + Ord>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The refusal of slots that are not as someone saw them.
pub(super) fn stale_slots(present: &HashMap<SlotId, SlotNow>, asked: impl Iterator<Item = SlotId>) -> EditError {
    let asked = unique(asked);
    let (there, gone): (Vec<SlotId>, Vec<SlotId>) = asked.into_iter().partition(|id| present.contains_key(id));
    let slots = there.iter().filter_map(|id| present.get(id)).cloned().collect();
    EditError::Stale(Box::new(Standing { slots, removed: gone, ..Standing::default() }))
}
