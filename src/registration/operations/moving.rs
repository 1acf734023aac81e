//! Moving a registration into another category.

use super::places;
use super::standing::StandingError;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UtcTime};
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::model::{PrivateLink, Registration};
use crate::registration::store::{links, registrations};
use serde_json::json;

/// What leaves with a change of category: the mail and the private link that it carries.
pub type TicketMail = (NewMessage, PrivateLink);

/// Moves a registration that is still as it was read into another category. It stands where it stood; where
/// that holds a place, one of the new category is taken before that of the old is given back.
///
/// # Errors
/// When it has ended, someone else was faster, or no place is left; then nothing has changed.
pub fn change_category(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (registration, to): (&Registration, &Category),
    mail: Option<&TicketMail>,
) -> Result<(), StandingError> {
    if registration.state.is_end() {
        return Err(StandingError::Ended);
    }
    let moving = if registration.state.holds_place() {
        Some(places::take_for_move(db, registration, to.id)?.ok_or(StandingError::Full)?)
    } else {
        None
    };
    if !registrations::set_category(db, now, registration, to.id)? {
        if let Some(moving) = &moving {
            places::stay(db, moving, to.id)?;
        }
        return Err(StandingError::Stale);
    }
    if let Some(moving) = &moving {
        let was_full = places::settle_move(db, registration.id, (moving, registration.category_id))?;
        if moving.is_last || was_full {
            touch_public(db, registration.event_id)?;
        }
    }
    if let Some((message, link)) = mail {
        links::insert(db, link)?;
        mail::operations::queue(db, now, message)?;
    }
    let id = registration.id.as_str();
    let entry = Entry::new(Some(registration.event_id), actor, "registration.category-changed", "registration", id);
    audit::note(db, now, &entry.with(json!({ "from": registration.category_id, "to": to.id })))?;
    Ok(())
}
