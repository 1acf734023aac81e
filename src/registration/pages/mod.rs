//! The pages of registration: the form, the attendee's own page, categories, the desk.

mod categories;
mod desk;
mod desk_actions;
mod desk_bulk;
mod desk_bulk_view;
mod desk_list;
mod desk_more;
mod desk_views;
mod details_form;
mod export;
mod files;
mod find;
mod own;
mod own_answers;
mod own_changes;
mod own_data;
mod own_more;
mod own_offer;
mod quotas;
mod register;
mod register_view;
mod ticket;
mod ticket_key;
mod waiting;
mod walk_in;

pub(in crate::registration) use details_form::DetailFields;
pub(in crate::registration) use own::find as find_own;
pub(in crate::registration) use register_view::privacy_notice;

use super::mails::{known_address, verify_by};
use super::operations::{CategoryError, RegisterError, StandingError, give_or_find_ticket_key as ticket_key};
use crate::events::model::Event;
use crate::web::{EventHead, Failure, FormData, PageContext, RouteTable, Visit};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    register::routes(routes);
    find::routes(routes);
    files::routes(routes);
    own::routes(routes);
    own_answers::routes(routes);
    own_changes::routes(routes);
    own_data::routes(routes);
    own_offer::routes(routes);
    quotas::routes(routes);
    waiting::routes(routes);
    ticket::routes(routes);
    ticket_key::routes(routes);
    categories::routes(routes);
    super::forms::pages::routes(routes);
    super::codes::pages::routes(routes);
    super::attendance::pages::routes(routes);
    super::transfers::pages::routes(routes);
    super::privacy::pages::routes(routes);
    super::importing::pages::routes(routes);
    walk_in::routes(routes);
    desk_list::routes(routes);
    desk_views::routes(routes);
    desk_bulk::routes(routes);
    super::merging::pages::routes(routes);
    desk::routes(routes);
    desk_more::routes(routes);
    desk_actions::routes(routes);
    export::routes(routes);
}

impl From<CategoryError> for Failure {
    fn from(error: CategoryError) -> Self {
        match error {
            CategoryError::NotFound => Self::NotFound,
            CategoryError::CodeTaken => Self::conflict("registration-error-code-taken"),
            CategoryError::Stale => Self::conflict("registration-error-stale"),
            CategoryError::BelowTaken(_) => Self::conflict("registration-error-below-taken-page"),
            CategoryError::InUse => Self::conflict("registration-error-category-in-use"),
            CategoryError::Db(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Failure {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Full => Self::conflict("registration-error-full-page"),
            RegisterError::CodeSpent => Self::conflict("codes-error-spent"),
            RegisterError::FileGone => Self::conflict("forms-error-file-gone-page"),
            RegisterError::CodeTaken => Self::Busy,
            RegisterError::Db(error) => error.into(),
        }
    }
}

impl From<StandingError> for Failure {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Stale => Self::conflict("registration-error-stale"),
            StandingError::Ended => Self::conflict("registration-error-ended"),
            StandingError::Full => Self::conflict("registration-error-full-page"),
            StandingError::Db(error) => error.into(),
        }
    }
}

/// The frame of a public page of an event.
pub(in crate::registration) fn public_context(visit: &Visit, event: &Event, title_key: &str) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, title_key)
}

/// What was typed, upon the version that is kept now: saving once more then means it.
fn upon_version(typed: &FormData, names: &[&str], version: i32) -> FormData {
    let mut fields: Vec<(String, String)> =
        names.iter().flat_map(|name| typed.all(name).map(|value| ((*name).to_owned(), value.to_owned()))).collect();
    fields.push(("version".to_owned(), version.to_string()));
    FormData::from_fields(fields)
}
