//! From a place taken to its end: confirming, changing, cancelling, running out.

use super::places;
use super::transition::{StateChange, transition};
use crate::accreditation::operations as accreditation;
use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, DbError, EventId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::events;
use crate::events::model::Event;
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::codes::operations as codes;
use crate::registration::model::{Details, LinkPurpose, PrivateLink, Registration, RegistrationState};
use crate::registration::store::{categories, links, registrations};
use crate::web::TokenHash;
use diesel::QueryResult;
use std::collections::BTreeMap;

/// Why a registration was not changed.
#[derive(Debug, thiserror::Error)]
pub enum StandingError {
    /// Someone else changed it in the meantime.
    #[error("someone else changed the registration in the meantime")]
    Stale,
    /// No place is left.
    #[error("no place is left")]
    Full,
    /// It has come to its end.
    #[error("the registration has ended")]
    Ended,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(StandingError);

/// What a private link opens.
#[derive(Clone, Debug)]
pub struct Own {
    /// The event.
    pub event: Event,
    /// The link itself.
    pub link: PrivateLink,
    /// The registration.
    pub registration: Registration,
    /// Its category.
    pub category: Category,
    /// Whether sealed answers are opened for whoever holds the link. A focal point may hold it, or have it sent to an
    /// address of their own.
    pub opens_sealed: bool,
}

/// What the link of this secret opens at the event of this slug.
///
/// # Errors
/// When the database refuses.
pub fn own(db: &mut DbConnection, slug: &str, token: &TokenHash) -> QueryResult<Option<Own>> {
    let Some(event) = events::operations::by_slug(db, slug)? else { return Ok(None) };
    let Some((link, registration)) = links::by_token(db, event.id, token)? else { return Ok(None) };
    let category = categories::find(db, event.id, registration.category_id)?.ok_or(diesel::result::Error::NotFound)?;
    let is_of_delegation = places::delegation_of(db, registration.id)?.is_some();
    let opens_sealed = link.purpose != LinkPurpose::Shown && !is_of_delegation;
    Ok(Some(Own { event, link, registration, category, opens_sealed }))
}

/// A registration about to be confirmed, with the mail made ready.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// The link that was pressed.
    pub link: PrivateLink,
    /// The registration.
    pub registration: Registration,
    /// Where it goes: confirmed, or applied where an officer approves.
    pub to: RegistrationState,
    /// The mail with ticket and calendar entry, or that the application has arrived.
    pub message: NewMessage,
}

/// Confirms an address. Returns whether this call did it: pressed twice, it is done once.
///
/// # Errors
/// When the database refuses.
pub fn confirm(db: &mut DbConnection, now: UtcTime, confirmation: &Confirmation) -> QueryResult<bool> {
    let Confirmation { link, registration, to, message } = confirmation;
    if !registrations::confirm(db, now, (registration.id, *to))? {
        return Ok(false);
    }
    links::use_up(db, now, link.id)?;
    mail::operations::queue(db, now, message)?;
    let actor = Actor::Attendee(registration.id);
    let id = registration.id.as_str();
    let is_in = *to == RegistrationState::Confirmed;
    let action = if is_in { "registration.confirmed" } else { "registration.applied" };
    audit::note(db, now, &Entry::new(Some(registration.event_id), actor, action, "registration", id))?;
    Ok(true)
}

/// A registration about to be cancelled, with the mail made ready.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// The registration as it was read.
    pub registration: Registration,
    /// The mail that says so.
    pub message: NewMessage,
}

/// Cancels a registration and frees its place.
///
/// # Errors
/// When it has ended or moved on in the meantime.
pub fn cancel(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    cancellation: &Cancellation,
) -> Result<(), StandingError> {
    let change = StateChange { message: Some(cancellation.message.clone()), ..StateChange::default() };
    transition(db, now, actor, &cancellation.registration, RegistrationState::Cancelled, &change)?;
    Ok(())
}

/// Changes the facts about the person if the registration is still as `version` had it.
///
/// # Errors
/// When it has ended or someone else was faster.
pub fn change_details(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (registration, version): (&Registration, i32),
    details: &Details,
) -> Result<(), StandingError> {
    let current = registrations::find(db, registration.event_id, registration.id)?.ok_or(StandingError::Ended)?;
    if current.state.is_end() {
        return Err(StandingError::Ended);
    }
    let changed = Details::from(&current).changed(details);
    if changed.is_empty() {
        return Ok(());
    }
    if !registrations::update_details(db, now, (&current, version), details)? {
        return Err(StandingError::Stale);
    }
    let id = current.id.as_str();
    let entry = Entry::new(Some(current.event_id), actor, "registration.changed", "registration", id)
        .with(serde_json::json!({ "fields": changed }));
    audit::note(db, now, &entry)?;
    if changed.iter().any(|field| IDENTITY_FIELDS.contains(field)) {
        accreditation::name_changed(db, now, actor, &current)?;
    }
    Ok(())
}

/// What officers approve: a change by anyone but the team asks for approval again.
const IDENTITY_FIELDS: [&str; 4] = ["given_name", "family_name", "native_name", "nationality"];

/// Unverified registrations whose time is over.
///
/// # Errors
/// When the database refuses.
pub fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<RegistrationId>> {
    registrations::overdue(db, now, limit)
}

/// Ends those of these registrations whose time is over and frees their places; how many.
///
/// # Errors
/// When the database refuses.
pub fn expire(db: &mut DbConnection, now: UtcTime, ids: &[RegistrationId]) -> QueryResult<usize> {
    let mut freed_places: BTreeMap<(CategoryId, EventId), i32> = BTreeMap::new();
    let (mut count, mut ended) = (0, Vec::new());
    for id in ids {
        let Some((event, category)) = registrations::expire(db, now, *id)? else { continue };
        *freed_places.entry((category, event)).or_default() += 1;
        if places::give_back_shared(db, category, *id)? {
            touch_public(db, event)?;
        }
        count += 1;
        ended.push(*id);
        let entry = Entry::new(Some(event), Actor::System, "registration.expired", "registration", id.as_str());
        audit::note(db, now, &entry)?;
    }
    for ((category, event), freed) in freed_places {
        if categories::free_places(db, category, freed)? {
            touch_public(db, event)?;
        }
    }
    for id in ended {
        codes::return_use(db, now, id)?;
    }
    Ok(count)
}
