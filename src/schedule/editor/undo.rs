//! Taking back one's own edits, and doing them again.
//!
//! The history of each account is its rows of `draft_edits`, so it survives reloads and is the same
//! in every tab. A step back is itself an edit, which others see as any other.

use super::applying::{Editing, Reason};
use super::model::{Changes, EditKind, EditState, NextStep, Wishes};
use super::operations::{Applied, EditError};
use super::store;
use crate::audit::Actor;
use crate::db::{DbConnection, EditId, EventId, TabId, UserId, UtcTime};
use crate::events::model::Event;
use crate::events::operations::next_draft_version;
use diesel::QueryResult;

/// Takes back the newest edit of an account that still stands.
///
/// # Errors
/// When there is none, when someone has changed the same since, or as any edit.
pub fn undo(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    event: &Event,
    tab: Option<TabId>,
) -> Result<Applied, EditError> {
    let version = next_draft_version(db, event.id)?;
    let step = store::next_undo(db, event.id, user)?.ok_or(EditError::NothingLeft)?;
    let wishes = Wishes { tab, ..step.changes.inverse() };
    let editing = Editing { db: &mut *db, now, actor: Actor::User(user), event, version };
    let outcome = editing.run(EditKind::Undo, &wishes, &Reason::Undoes(step.edit));
    outcome.or_else(|error| Err(overtaken(db, event.id, &step, error)?))
}

/// Does again what an account has undone last.
///
/// # Errors
/// As [`undo`].
pub fn redo(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    event: &Event,
    tab: Option<TabId>,
) -> Result<Applied, EditError> {
    let version = next_draft_version(db, event.id)?;
    let step = store::next_redo(db, event.id, user)?.ok_or(EditError::NothingLeft)?;
    let wishes = Wishes { tab, ..step.changes.again() };
    let editing = Editing { db: &mut *db, now, actor: Actor::User(user), event, version };
    let outcome = editing.run(EditKind::Redo, &wishes, &Reason::Redoes(step.edit));
    outcome.or_else(|error| Err(overtaken(db, event.id, &step, error)?))
}

/// Says who changed what a step was about, instead of only that it has changed.
fn overtaken(db: &mut DbConnection, event: EventId, step: &NextStep, error: EditError) -> Result<EditError, EditError> {
    if !matches!(error, EditError::Stale(_) | EditError::Gone | EditError::Unchanged) {
        return Ok(error);
    }
    let later = store::edits_after(db, event, step.version)?;
    let by = later.into_iter().rev().find(|edit| touches(&edit.changes, &step.changes)).and_then(|edit| edit.by);
    Ok(EditError::Overtaken { edit: step.edit, by: by.map(|(_, name)| name) })
}

/// Whether two edits are about the same session or block.
fn touches(one: &Changes, other: &Changes) -> bool {
    let same_slot = one.slots.iter().any(|step| other.slots.iter().any(|of| of.change.session == step.change.session));
    same_slot || one.blocks.iter().any(|step| other.blocks.iter().any(|of| of.block == step.block))
}

/// Gives up a step that can be neither taken back nor done again, so that the one before it can.
///
/// # Errors
/// When the database refuses.
pub fn give_up(db: &mut DbConnection, edit: EditId) -> QueryResult<()> {
    store::set_state(db, edit, EditState::Dropped, None)
}

/// What "undo" and "redo" would do for an account.
///
/// # Errors
/// When the database refuses.
pub fn next_steps(
    db: &mut DbConnection,
    event: EventId,
    user: UserId,
) -> QueryResult<(Option<NextStep>, Option<NextStep>)> {
    Ok((store::next_undo(db, event, user)?, store::next_redo(db, event, user)?))
}
