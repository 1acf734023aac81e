//! The tables `slots` and `blocks` as edits change them, `draft_edits` and `editor_presence`.

use super::model::{BlockFacts, Changes, Edit, EditKind, EditState, NextStep, Present, SlotNow, SlotState};
use crate::db::schema::{blocks, draft_edits, editor_presence, events, rooms, sessions, slots, users};
use crate::db::{
    BlockId, DbConnection, EditId, EventId, ForumId, Json, RoomId, SessionId, SlotId, TabId, UserId, UtcTime,
};
use crate::schedule::draft::Block;
use chrono::NaiveDate;
use diesel::prelude::*;
use std::collections::HashSet;

/// The slots of some sessions.
pub(super) fn slots_of(db: &mut DbConnection, event: EventId, of: &[SessionId]) -> QueryResult<Vec<SlotNow>> {
    type Row = (SlotId, SessionId, Option<RoomId>, UtcTime, UtcTime, String, Option<String>, i32, bool);
    let rows: Vec<Row> = slots::table
        .filter(slots::event_id.eq(event))
        .filter(slots::session_id.eq_any(of))
        .select((
            slots::id,
            slots::session_id,
            slots::room_id,
            slots::starts_at,
            slots::ends_at,
            slots::guid,
            slots::source_key,
            slots::version,
            slots::is_fixed,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(id, session, room, start, end, guid, source_key, version, is_fixed)| SlotNow {
            state: SlotState { room, start, end },
            id,
            session,
            guid,
            source_key,
            version,
            is_fixed,
        })
        .collect())
}

/// Those of some sessions that are of this event, with guid and forum.
pub(super) fn sessions_of(
    db: &mut DbConnection,
    event: EventId,
    ids: &[SessionId],
) -> QueryResult<Vec<(SessionId, String, Option<ForumId>)>> {
    sessions::table
        .filter(sessions::event_id.eq(event))
        .filter(sessions::id.eq_any(ids))
        .select((sessions::id, sessions::guid, sessions::forum_id))
        .load(db)
}

/// The rooms of an event.
pub(super) fn rooms_of(db: &mut DbConnection, event: EventId) -> QueryResult<HashSet<RoomId>> {
    let ids: Vec<RoomId> = rooms::table.filter(rooms::event_id.eq(event)).select(rooms::id).load(db)?;
    Ok(ids.into_iter().collect())
}

/// Adds a slot.
pub(super) fn insert_slot(db: &mut DbConnection, now: UtcTime, event: EventId, slot: &SlotNow) -> QueryResult<()> {
    diesel::insert_into(slots::table)
        .values((
            (slots::id.eq(slot.id), slots::event_id.eq(event), slots::session_id.eq(slot.session)),
            (slots::room_id.eq(slot.state.room), slots::starts_at.eq(slot.state.start)),
            (slots::ends_at.eq(slot.state.end), slots::guid.eq(&slot.guid), slots::source_key.eq(&slot.source_key)),
            (slots::version.eq(slot.version), slots::is_fixed.eq(slot.is_fixed)),
            (slots::created_at.eq(now), slots::updated_at.eq(now)),
        ))
        .execute(db)
        .map(drop)
}

/// Writes where a slot is, its version and whether it is fixed.
pub(super) fn update_slot(db: &mut DbConnection, now: UtcTime, slot: &SlotNow) -> QueryResult<()> {
    diesel::update(slots::table.find(slot.id))
        .set((
            slots::room_id.eq(slot.state.room),
            slots::starts_at.eq(slot.state.start),
            slots::ends_at.eq(slot.state.end),
            slots::is_fixed.eq(slot.is_fixed),
            slots::version.eq(slot.version),
            slots::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Takes a slot away.
pub(super) fn delete_slot(db: &mut DbConnection, slot: SlotId) -> QueryResult<()> {
    diesel::delete(slots::table.find(slot)).execute(db).map(drop)
}

/// Some blocks of an event.
pub(super) fn blocks_of(db: &mut DbConnection, event: EventId, ids: &[BlockId]) -> QueryResult<Vec<Block>> {
    blocks::table.filter(blocks::event_id.eq(event)).filter(blocks::id.eq_any(ids)).select(Block::as_select()).load(db)
}

/// Adds a block.
pub(super) fn insert_block(db: &mut DbConnection, block: &Block) -> QueryResult<()> {
    diesel::insert_into(blocks::table).values(block.clone()).execute(db).map(drop)
}

/// Writes what a block says.
pub(super) fn update_block(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (BlockId, i32),
    facts: &BlockFacts,
) -> QueryResult<()> {
    diesel::update(blocks::table.find(id))
        .set((
            blocks::room_id.eq(facts.room),
            blocks::kind.eq(facts.kind),
            blocks::title.eq(&facts.title),
            blocks::is_public.eq(facts.is_public),
            blocks::starts_at.eq(facts.start),
            blocks::ends_at.eq(facts.end),
            blocks::version.eq(version),
            blocks::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Takes a block away.
pub(super) fn delete_block(db: &mut DbConnection, block: BlockId) -> QueryResult<()> {
    diesel::delete(blocks::table.find(block)).execute(db).map(drop)
}

/// A row of `draft_edits` to be written.
pub(super) struct NewEdit<'a> {
    pub(super) id: EditId,
    pub(super) event: EventId,
    pub(super) version: i64,
    pub(super) user: Option<UserId>,
    pub(super) kind: EditKind,
    pub(super) changes: &'a Json<Changes>,
    pub(super) state: EditState,
}

/// Adds an edit.
pub(super) fn insert_edit(db: &mut DbConnection, now: UtcTime, edit: &NewEdit<'_>) -> QueryResult<()> {
    diesel::insert_into(draft_edits::table)
        .values((
            (draft_edits::id.eq(edit.id), draft_edits::event_id.eq(edit.event)),
            (draft_edits::draft_version.eq(edit.version), draft_edits::user_id.eq(edit.user)),
            (draft_edits::kind.eq(edit.kind), draft_edits::changes.eq(edit.changes)),
            (draft_edits::state.eq(edit.state), draft_edits::created_at.eq(now)),
        ))
        .execute(db)
        .map(drop)
}

/// The edit that this user would undo: their newest that stands.
pub(super) fn next_undo(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<Option<NextStep>> {
    let row = draft_edits::table
        .filter(draft_edits::event_id.eq(event))
        .filter(draft_edits::user_id.eq(user))
        .filter(draft_edits::state.eq(EditState::Done))
        .order(draft_edits::draft_version.desc())
        .select((draft_edits::id, draft_edits::draft_version, draft_edits::kind, draft_edits::changes))
        .first(db)
        .optional()?;
    Ok(row.map(step_of))
}

/// The edit that this user would do again: undoing goes backwards, so it is the oldest undone.
pub(super) fn next_redo(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<Option<NextStep>> {
    let row = draft_edits::table
        .filter(draft_edits::event_id.eq(event))
        .filter(draft_edits::user_id.eq(user))
        .filter(draft_edits::state.eq(EditState::Undone))
        .order(draft_edits::draft_version.asc())
        .select((draft_edits::id, draft_edits::draft_version, draft_edits::kind, draft_edits::changes))
        .first(db)
        .optional()?;
    Ok(row.map(step_of))
}

fn step_of((edit, version, kind, changes): (EditId, i64, EditKind, Json<Changes>)) -> NextStep {
    NextStep { edit, version, kind, changes: changes.into_inner() }
}

/// Sets what can be done with an edit.
pub(super) fn set_state(
    db: &mut DbConnection,
    edit: EditId,
    state: EditState,
    undone_at: Option<UtcTime>,
) -> QueryResult<()> {
    diesel::update(draft_edits::table.find(edit))
        .set((draft_edits::state.eq(state), draft_edits::undone_at.eq(undone_at)))
        .execute(db)
        .map(drop)
}

/// Nothing that this user has undone can be done again.
pub(super) fn drop_undone(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<()> {
    let undone = draft_edits::table
        .filter(draft_edits::event_id.eq(event))
        .filter(draft_edits::user_id.eq(user))
        .filter(draft_edits::state.eq(EditState::Undone));
    diesel::update(undone).set(draft_edits::state.eq(EditState::Dropped)).execute(db).map(drop)
}

/// Most edits that are read at once; who is further behind reads the draft anew.
pub(super) const MOST_EDITS: i64 = 200;

/// The edits after a version of the draft, the oldest first.
pub(super) fn edits_after(db: &mut DbConnection, event: EventId, version: i64) -> QueryResult<Vec<Edit>> {
    type Row = (i64, Option<UserId>, Option<String>, EditKind, Json<Changes>);
    let rows: Vec<Row> = draft_edits::table
        .left_join(users::table)
        .filter(draft_edits::event_id.eq(event))
        .filter(draft_edits::draft_version.gt(version))
        .order(draft_edits::draft_version)
        .limit(MOST_EDITS)
        .select((
            draft_edits::draft_version,
            draft_edits::user_id,
            users::name.nullable(),
            draft_edits::kind,
            draft_edits::changes,
        ))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(version, user, name, kind, changes)| Edit {
            version,
            by: user.zip(name),
            kind,
            changes: changes.into_inner(),
        })
        .collect())
}

/// Forgets edits from before `limit`.
pub(super) fn delete_edits(db: &mut DbConnection, limit: UtcTime) -> QueryResult<usize> {
    diesel::delete(draft_edits::table.filter(draft_edits::created_at.lt(limit))).execute(db)
}

/// The version of an event's draft; none when the event is gone.
pub(super) fn draft_version(db: &mut DbConnection, event: EventId) -> QueryResult<Option<i64>> {
    events::table.find(event).select(events::draft_version).first(db).optional()
}

/// Where someone is in the editor.
pub(super) struct Seen {
    pub(super) tab: TabId,
    pub(super) event: EventId,
    pub(super) user: UserId,
    pub(super) day: NaiveDate,
    pub(super) session: Option<SessionId>,
}

/// Notes where someone is. A tab that another account has is left alone.
pub(super) fn mark_present(db: &mut DbConnection, now: UtcTime, seen: &Seen) -> QueryResult<()> {
    let own: Option<(UserId, EventId)> = editor_presence::table
        .find(seen.tab)
        .select((editor_presence::user_id, editor_presence::event_id))
        .first(db)
        .optional()?;
    let place = (
        editor_presence::day.eq(seen.day),
        editor_presence::session_id.eq(seen.session),
        editor_presence::seen_at.eq(now),
    );
    match own {
        Some(own) if own != (seen.user, seen.event) => Ok(()),
        Some(_) => diesel::update(editor_presence::table.find(seen.tab)).set(place).execute(db).map(drop),
        None => {
            let row = (
                editor_presence::id.eq(seen.tab),
                editor_presence::event_id.eq(seen.event),
                editor_presence::user_id.eq(seen.user),
                place,
            );
            diesel::insert_into(editor_presence::table).values(row).execute(db).map(drop)
        }
    }
}

/// Whether a session is one of this event's.
pub(super) fn is_session_of(db: &mut DbConnection, event: EventId, session: SessionId) -> QueryResult<bool> {
    let found = sessions::table.find(session).filter(sessions::event_id.eq(event)).select(sessions::id);
    found.first::<SessionId>(db).optional().map(|found| found.is_some())
}

/// Who was seen in the editor since `limit`, in a stable order.
pub(super) fn present(db: &mut DbConnection, event: EventId, limit: UtcTime) -> QueryResult<Vec<Present>> {
    let rows: Vec<(TabId, String, NaiveDate, Option<SessionId>)> = editor_presence::table
        .inner_join(users::table)
        .filter(editor_presence::event_id.eq(event))
        .filter(editor_presence::seen_at.ge(limit))
        .order(editor_presence::id)
        .select((editor_presence::id, users::name, editor_presence::day, editor_presence::session_id))
        .load(db)?;
    Ok(rows.into_iter().map(|(tab, name, day, session)| Present { tab, name, day, session }).collect())
}

/// Forgets who was last seen before `limit`.
pub(super) fn delete_absent(db: &mut DbConnection, limit: UtcTime) -> QueryResult<usize> {
    diesel::delete(editor_presence::table.filter(editor_presence::seen_at.lt(limit))).execute(db)
}
