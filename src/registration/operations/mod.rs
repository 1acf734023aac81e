//! Use cases of registration.
//!
//! What costs time (rendering mails, drawing codes, signing) is done before the transaction: a
//! write job is a handful of statements, because every other registration waits behind it.

mod categories;
mod desk;
mod enrolling;
mod moving;
mod places;
mod quotas;
mod registering;
mod remarks;
mod standing;
mod tickets;
mod transition;
pub mod turns;
mod views;
pub mod waiting;

pub use categories::{CategoryError, Move, create_category, delete_category, move_category, update_category};
pub use desk::{DeskPage, FilterChoices, export_page, filter_choices, find_people, list_page, newest, of_event};
pub use enrolling::{EnrolError, Enrolment, enrol};
pub use moving::{TicketMail, change_category};
pub use places::{change_delegation, follow_choices, release_places, reserve_places};
pub use quotas::{QuotaError, QuotaPage, delete_quota, quota_page, save_quota};
pub use registering::{
    Known, Outcome, Prepared, Redeemed, RegisterError, made_by, note_search, register, send_link_again,
};
pub use remarks::{notice, noticed};
pub use standing::{
    Cancellation, Confirmation, Own, StandingError, cancel, change_details, confirm, expire, overdue, own,
};
pub use tickets::{find_ticket_key, give_or_find_ticket_key, give_ticket_key, renew_ticket};
pub use transition::{StateChange, transition};
pub use views::{ViewError, change_view, default_view, save_view, views_of};

use super::category::Category;
use super::kept::{KeptAnswer, KeptForms};
use super::model::{Counts, PrivateLink, Registration};
use super::quota::ChoicePlaces;
use super::store;
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::events;
use diesel::QueryResult;

/// The categories of an event in which anyone may register at `now`, full ones too.
///
/// # Errors
/// When the database refuses.
pub fn open_categories(db: &mut DbConnection, event: EventId, now: UtcTime) -> QueryResult<Vec<Category>> {
    let mut categories = store::categories::all(db, event)?;
    categories.retain(|category| category.access_code.is_none() && category.is_open(now));
    Ok(categories)
}

/// Every category of an event in its order.
///
/// # Errors
/// When the database refuses.
pub fn all_categories(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Category>> {
    store::categories::all(db, event)
}

/// How many registrations of an event stand where.
///
/// # Errors
/// When the database refuses.
pub fn counts(db: &mut DbConnection, event: EventId) -> QueryResult<Counts> {
    store::desk::counts(db, event).map(Counts::new)
}

/// An event with its categories and quotas, for the registration form.
///
/// # Errors
/// When the database refuses.
pub fn form_of(db: &mut DbConnection, kept: &KeptForms, slug: &str) -> QueryResult<Option<KeptAnswer>> {
    kept.form_of(db, slug)
}

/// The choices of an event that only so many may make.
///
/// # Errors
/// When the database refuses.
pub fn choice_places(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ChoicePlaces>> {
    store::quotas::of_choices(db, event)
}

/// One registration of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Registration>> {
    store::registrations::find(db, event, id)
}

/// The registration without end that an address has at an event.
///
/// # Errors
/// When the database refuses.
pub fn active(db: &mut DbConnection, event: EventId, email_key: &str) -> QueryResult<Option<Registration>> {
    store::registrations::active(db, event, email_key)
}

/// Keeps a private link whose secret stands in a mail that is queued with it.
///
/// # Errors
/// When the database refuses.
pub fn keep_link(db: &mut DbConnection, link: &PrivateLink) -> QueryResult<()> {
    store::links::insert(db, link)
}

/// Notes that something was handed in under this scope and key; false where it was before, even at the same instant.
///
/// # Errors
/// When the database refuses.
pub fn is_first(db: &mut DbConnection, now: UtcTime, of: (&str, &str), subject: &str) -> QueryResult<bool> {
    store::keys::remember(db, now, of, subject)
}

/// Deletes submissions that nobody will repeat.
///
/// # Errors
/// When the database refuses.
pub fn forget_submissions(db: &mut DbConnection, before: UtcTime) -> QueryResult<usize> {
    store::keys::forget(db, before)
}

/// Makes public pages follow where a category opened or closed after `since`: nobody changed
/// anything, only time went by.
///
/// # Errors
/// When the database refuses.
pub fn note_turns(db: &mut DbConnection, since: UtcTime, now: UtcTime) -> QueryResult<usize> {
    let turned = store::categories::events_with_turn(db, since, now)?;
    for event in &turned {
        events::operations::touch_public(db, *event)?;
    }
    Ok(turned.len())
}
