//! The tables `saved_views` and `default_views`.

use crate::db::schema::{default_views, saved_views};
use crate::db::{DbConnection, EventId, UserId, ViewId};
use crate::registration::desk::SavedView;
use diesel::prelude::*;

/// The views that somebody may use, by name.
pub(in crate::registration) fn of(
    db: &mut DbConnection,
    (event, user): (EventId, UserId),
) -> QueryResult<Vec<SavedView>> {
    saved_views::table
        .filter(saved_views::event_id.eq(event))
        .filter(saved_views::user_id.eq(user).or(saved_views::is_shared))
        .order((saved_views::name.asc(), saved_views::id.asc()))
        .select(SavedView::as_select())
        .load(db)
}

/// The view that somebody's list opens with, while they may use it.
pub(in crate::registration) fn default_of(
    db: &mut DbConnection,
    (event, user): (EventId, UserId),
) -> QueryResult<Option<SavedView>> {
    default_views::table
        .inner_join(saved_views::table)
        .filter(default_views::user_id.eq(user))
        .filter(default_views::event_id.eq(event))
        .filter(saved_views::user_id.eq(user).or(saved_views::is_shared))
        .select(SavedView::as_select())
        .first(db)
        .optional()
}

/// How many views somebody has made at an event.
pub(in crate::registration) fn count(db: &mut DbConnection, (event, user): (EventId, UserId)) -> QueryResult<i64> {
    let own = saved_views::table.filter(saved_views::event_id.eq(event)).filter(saved_views::user_id.eq(user));
    own.count().get_result(db)
}

/// Keeps a view; one of the same name and person goes.
pub(in crate::registration) fn put(db: &mut DbConnection, view: &SavedView) -> QueryResult<()> {
    let same = saved_views::table
        .filter(saved_views::event_id.eq(view.event_id))
        .filter(saved_views::user_id.eq(view.user_id))
        .filter(saved_views::name.eq(&view.name));
    diesel::delete(same).execute(db)?;
    diesel::insert_into(saved_views::table).values(view).execute(db).map(drop)
}

/// Deletes a view.
pub(in crate::registration) fn delete(db: &mut DbConnection, id: ViewId) -> QueryResult<()> {
    diesel::delete(saved_views::table.find(id)).execute(db).map(drop)
}

/// Lets somebody's list open with a view, or with everybody.
pub(in crate::registration) fn set_default(
    db: &mut DbConnection,
    (event, user): (EventId, UserId),
    view: Option<ViewId>,
) -> QueryResult<()> {
    diesel::delete(default_views::table.find((user, event))).execute(db)?;
    let Some(view) = view else { return Ok(()) };
    diesel::insert_into(default_views::table)
        .values((default_views::user_id.eq(user), default_views::event_id.eq(event), default_views::view_id.eq(view)))
        .execute(db)
        .map(drop)
}
