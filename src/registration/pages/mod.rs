//! The pages of registration: the form, the attendee's own page, categories, the desk.

mod categories;
mod desk;
mod desk_actions;
mod desk_list;
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

use super::category::Category;
use super::mails::{Letter, new_link};
use super::model::{LinkPurpose, Registration, RegistrationState};
use super::operations::{CategoryError, Known, RegisterError, StandingError, give_or_find_ticket_key as ticket_key};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::web::{EventHead, Failure, FormData, PageContext, RouteTable, Visit};
use chrono::TimeDelta;

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
    walk_in::routes(routes);
    desk_list::routes(routes);
    desk_views::routes(routes);
    desk::routes(routes);
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

/// Until when a registration made or reminded of at `now` may be confirmed.
fn verify_by(app: &App, now: UtcTime) -> UtcTime {
    now + TimeDelta::hours(app.settings.registration.verify_hours)
}

/// The link and mail by which an address gets to its registration again.
fn known_address(
    app: &App,
    now: UtcTime,
    event: &Event,
    category: &Category,
    registration: &Registration,
) -> Result<Known, Failure> {
    let mut registration = registration.clone();
    if registration.state == RegistrationState::Unverified {
        registration.verify_by = Some(verify_by(app, now));
        let (token, link) = new_link(now, &registration, LinkPurpose::Verify);
        let message = Letter { app, event, registration: &registration, category, now }.verify(&token)?;
        return Ok(Known { verify_by: registration.verify_by, registration, link, message, submission: None });
    }
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let message = Letter { app, event, registration: &registration, category, now }.already_registered(&token)?;
    Ok(Known { verify_by: None, registration, link, message, submission: None })
}

/// What was typed, upon the version that is kept now: saving once more then means it.
fn upon_version(typed: &FormData, names: &[&str], version: i32) -> FormData {
    let mut fields: Vec<(String, String)> =
        names.iter().flat_map(|name| typed.all(name).map(|value| ((*name).to_owned(), value.to_owned()))).collect();
    fields.push(("version".to_owned(), version.to_string()));
    FormData::from_fields(fields)
}
