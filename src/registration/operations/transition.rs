//! The one place where a registration's state changes after it was made.

use super::places;
use super::standing::StandingError;
use crate::audit::{self, Actor, Entry};
use crate::bookings;
use crate::db::{DbConnection, UtcTime};
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::codes::operations as codes;
use crate::registration::model::{Registration, RegistrationState as State};
use crate::registration::store::quotas::answers_of;
use crate::registration::store::{registrations, waiting};
use serde_json::json;

/// Why and with what a state changes. Mails are worded before the transaction.
#[derive(Clone, Debug, Default)]
pub struct StateChange {
    /// The reason that is kept; may be empty.
    pub reason: String,
    /// Until when an offered place is kept; for offers only.
    pub offered_until: Option<UtcTime>,
    /// What the person is told.
    pub message: Option<NewMessage>,
}

/// Brings a registration that is still as it was read into the state `to`: takes or gives back places
/// where only one of the two states holds some, closes an open offer, gives back seats at an end, and
/// notes the reason.
///
/// # Errors
/// When the state can't follow, someone else was faster, or no place is left.
pub fn transition(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: &Registration,
    to: State,
    change: &StateChange,
) -> Result<Registration, StandingError> {
    let from = registration.state;
    if !from.may_become(to) {
        return Err(if from.is_end() { StandingError::Ended } else { StandingError::Stale });
    }
    let mut shows = false;
    let of_place = (registration.id, registration.category_id);
    let taken = if to.holds_place() && !from.holds_place() {
        let of = (registration.event_id, registration.category_id);
        let quotas = places::quotas_of(db, of, |db| answers_of(db, registration.id))?;
        let delegation = places::delegation_of(db, registration.id)?;
        let is_last = places::take_with(db, delegation, registration.category_id, &quotas)?;
        shows |= is_last.ok_or(StandingError::Full)?;
        Some((delegation, quotas))
    } else {
        None
    };
    let moved = registrations::change_state(db, now, of_place, (from, to), change.offered_until)?;
    if !moved {
        // Someone else was faster; what was taken for nothing goes back, and the transaction may go on.
        if let Some((delegation, quotas)) = taken {
            places::put_back(db, delegation, registration.category_id, &quotas)?;
        }
        return Err(StandingError::Stale);
    }
    if let Some((_, quotas)) = taken {
        places::hold(db, registration.id, &quotas)?;
    }
    if from.holds_place() && !to.holds_place() {
        shows |= places::give_back(db, registration)?;
    }
    // Nobody was let in by the code, so its use is back. Who was confirmed once has used it for good.
    if to.is_end() && from.holds_place() && registration.confirmed_at.is_none() {
        codes::return_use(db, now, registration.id)?;
    }
    if from == State::Offered {
        waiting::end_offer(db, now, registration.id, outcome(to))?;
    }
    if to.is_end() {
        bookings::operations::give_all_back(db, now, actor, registration.id)?;
    }
    if let Some(message) = &change.message {
        mail::operations::queue(db, now, message)?;
    }
    if shows {
        touch_public(db, registration.event_id)?;
    }
    let entry =
        Entry::new(Some(registration.event_id), actor, action(from, to), "registration", registration.id.as_str());
    audit::note(db, now, &entry.with(json!({ "reason": change.reason })))?;
    registrations::find(db, registration.event_id, registration.id)?.ok_or(StandingError::Stale)
}

/// What came of an offer whose registration went on to `to`.
const fn outcome(to: State) -> &'static str {
    match to {
        State::Confirmed | State::Applied => "accepted",
        State::Expired => "ran_out",
        State::Cancelled => "declined",
        _ => "withdrawn",
    }
}

/// How the history names a change of state.
const fn action(from: State, to: State) -> &'static str {
    match (from, to) {
        (State::Confirmed, State::Applied) => "registration.reopened",
        (_, State::Unverified) => "registration.made",
        (_, State::Applied) => "registration.applied",
        (_, State::Waitlisted) => "registration.waits",
        (_, State::Offered) => "registration.offered",
        (State::Applied, State::Confirmed) => "registration.approved",
        (_, State::Confirmed) => "registration.confirmed",
        (_, State::Rejected) => "registration.rejected",
        (_, State::Cancelled) => "registration.cancelled",
        (_, State::Expired) => "registration.expired",
    }
}
