//! Lists that somebody keeps under a name.

use crate::db::schema::saved_views;
use crate::db::{EventId, UserId, UtcTime, ViewId};
use crate::text_enum;
use diesel::prelude::*;

/// A list that somebody keeps under a name, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = saved_views)]
pub struct SavedView {
    /// The view.
    pub id: ViewId,
    /// The event.
    pub event_id: EventId,
    /// Whose it is.
    pub user_id: UserId,
    /// Its name.
    pub name: String,
    /// The parameters of the list.
    pub query: String,
    /// Whether the whole team sees it.
    pub is_shared: bool,
    /// When it was made.
    pub created_at: UtcTime,
}

text_enum! {
    /// What is done to a saved view.
    pub enum ViewChange {
        /// The list opens with it.
        Default = "default",
        /// The list opens with everybody again.
        NoDefault = "no-default",
        /// It goes.
        Delete = "delete",
    }
}
