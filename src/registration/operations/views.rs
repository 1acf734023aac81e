//! Lists that people keep under a name.

use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, UserId, UtcTime, ViewId};
use crate::db_failure;
use crate::registration::desk::{SavedView, ViewChange};
use crate::registration::store::views;
use diesel::QueryResult;

/// Views that one person may keep at an event.
const MOST_VIEWS: i64 = 50;

/// Why a view was not kept or changed.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// There is no such view, or it is somebody else's.
    #[error("no such view")]
    NotFound,
    /// There are too many.
    #[error("too many views are kept")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ViewError);

/// The views that somebody may use, and the one that their list opens with.
///
/// # Errors
/// When the database refuses.
pub fn views_of(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<(Vec<SavedView>, Option<ViewId>)> {
    let default = views::default_of(db, (event, user))?.map(|view| view.id);
    Ok((views::of(db, (event, user))?, default))
}

/// The view that somebody's list opens with.
///
/// # Errors
/// When the database refuses.
pub fn default_view(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<Option<SavedView>> {
    views::default_of(db, (event, user))
}

/// Keeps a list under a name; one of the same name is replaced.
///
/// # Errors
/// When too many are kept.
pub fn save_view(db: &mut DbConnection, now: UtcTime, view: &SavedView, is_default: bool) -> Result<(), ViewError> {
    let of = (view.event_id, view.user_id);
    if views::count(db, of)? >= MOST_VIEWS {
        return Err(ViewError::TooMany);
    }
    views::put(db, view)?;
    if is_default {
        views::set_default(db, of, Some(view.id))?;
    }
    note(db, now, view, "view.saved")
}

/// Makes a view the one that somebody's list opens with, or deletes it. Whoever may manage registrations may
/// delete shared views of others.
///
/// # Errors
/// When there is no such view for them.
pub fn change_view(
    db: &mut DbConnection,
    now: UtcTime,
    (user, may_manage): (UserId, bool),
    (event, id): (EventId, ViewId),
    change: ViewChange,
) -> Result<(), ViewError> {
    let known = views::of(db, (event, user))?;
    let view = known.into_iter().find(|view| view.id == id).ok_or(ViewError::NotFound)?;
    match change {
        ViewChange::Default => Ok(views::set_default(db, (event, user), Some(id))?),
        ViewChange::NoDefault => Ok(views::set_default(db, (event, user), None)?),
        ViewChange::Delete if view.user_id != user && !may_manage => Err(ViewError::NotFound),
        ViewChange::Delete => {
            views::delete(db, id)?;
            note(db, now, &SavedView { user_id: user, ..view }, "view.deleted")
        }
    }
}

fn note(db: &mut DbConnection, now: UtcTime, view: &SavedView, action: &'static str) -> Result<(), ViewError> {
    let entry = Entry::new(Some(view.event_id), Actor::User(view.user_id), action, "view", view.id.as_str());
    Ok(audit::note(db, now, &entry)?)
}
