//! Lists that somebody keeps under a name, and what lists say of people in files.

use crate::db::schema::{registrations, saved_views};
use crate::db::{CategoryId, DelegationId, EventId, RegistrationId, UserId, UtcTime, ViewId};
use crate::i18n::Lang;
use crate::registration::model::RegistrationState;
use crate::registration::names::NameOrder;
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

/// What a file says of a registration.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct ExportRow {
    /// The registration.
    pub id: RegistrationId,
    /// Its category.
    pub category_id: CategoryId,
    /// What people read out at the desk.
    pub code: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// The address; may be empty.
    pub email: String,
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script; may be empty.
    pub native_name: String,
    /// Ministry, company, university; may be empty.
    pub organisation: String,
    /// Office or job; may be empty.
    pub position: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The language of mails.
    pub language: Lang,
    /// When it was made.
    pub created_at: UtcTime,
    /// When the address was confirmed.
    pub confirmed_at: Option<UtcTime>,
    /// When it came to an end.
    pub ended_at: Option<UtcTime>,
    /// Dr, H.E., 教授; may be empty.
    pub honorific: String,
    /// Which name stands first.
    pub name_order: NameOrder,
    /// ISO 3166 alpha-2; nothing where it is the country.
    pub nationality: Option<String>,
    /// The answers, in JSON; sealed ones are not among them.
    pub answers: String,
    /// The delegation.
    pub delegation_id: Option<DelegationId>,
    /// How it came to be.
    pub source: String,
    /// When the person was let in first.
    pub came_at: Option<UtcTime>,
}
