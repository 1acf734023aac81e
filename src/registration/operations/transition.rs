//! The one place where the state of a registration changes after it was made.

use super::StandingError;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UtcTime};
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::store::{categories, registrations};
use serde_json::json;

/// What goes along with a change of state.
#[derive(Clone, Debug, Default)]
pub struct StateChange {
    /// Why, for the audit log; may be empty.
    pub reason: String,
    /// Until when a place is offered.
    pub offered_until: Option<UtcTime>,
    /// The mail that says so, rendered before the transaction.
    pub message: Option<NewMessage>,
}

/// Moves a registration that still stands as it was read, and gives its place back or takes one.
///
/// # Errors
/// When it may not become that, moved on in the meantime, or no place is left for it.
pub fn transition(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: &Registration,
    to: RegistrationState,
    change: &StateChange,
) -> Result<Registration, StandingError> {
    let from = registration.state;
    if !from.may_become(to) {
        return Err(if from.is_end() { StandingError::Ended } else { StandingError::Stale });
    }
    let mut is_public = false;
    if to.holds_place() && !from.holds_place() {
        is_public = categories::take_place(db, registration.category_id)?.ok_or(StandingError::Full)?;
    }
    if !registrations::change_state(db, now, registration.id, (from, to), change.offered_until)? {
        return Err(StandingError::Stale);
    }
    if from.holds_place() && !to.holds_place() {
        is_public = categories::free_places(db, registration.category_id, 1)?;
    }
    if is_public {
        touch_public(db, registration.event_id)?;
    }
    if let Some(message) = &change.message {
        mail::operations::queue(db, now, message)?;
    }
    let entry =
        Entry::new(Some(registration.event_id), actor, action(from, to), "registration", registration.id.as_str());
    audit::note(db, now, &entry.with(json!({ "reason": change.reason })))?;
    registrations::find(db, registration.event_id, registration.id)?.ok_or(StandingError::Stale)
}

/// How the history names a change of state.
const fn action(from: RegistrationState, to: RegistrationState) -> &'static str {
    use RegistrationState as S;
    match (from, to) {
        (S::Confirmed, S::Applied) => "registration.reopened",
        (_, S::Unverified) => "registration.made",
        (_, S::Applied) => "registration.applied",
        (_, S::Waitlisted) => "registration.waitlisted",
        (_, S::Offered) => "registration.offered",
        (S::Applied, S::Confirmed) => "registration.approved",
        (_, S::Confirmed) => "registration.confirmed",
        (_, S::Rejected) => "registration.rejected",
        (_, S::Cancelled) => "registration.cancelled",
        (_, S::Expired) => "registration.expired",
    }
}
