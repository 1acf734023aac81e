//! Addresses that do not work, and that work again.

use crate::audit::{self, Actor};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::mail::address::EmailAddress;
use crate::mail::model::AddressMark;
use crate::mail::store;
use diesel::QueryResult;

/// Marked addresses of one event that are listed and counted at most.
pub const MOST: i64 = 500;

/// What is known against an address.
///
/// # Errors
/// When the database refuses.
pub fn mark_of(db: &mut DbConnection, address: &str) -> QueryResult<Option<AddressMark>> {
    match address.parse::<EmailAddress>() {
        Ok(address) => store::marks::find(db, &address.key()),
        Err(_) => Ok(None),
    }
}

/// What is known against the addresses that an event has written to, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn marks_of_event(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<AddressMark>> {
    store::marks::of_event(db, event, MOST)
}

/// Notes that an address works again; false where it was not marked (any more).
///
/// # Errors
/// When the database refuses.
pub fn clear_mark(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: Option<EventId>,
    address: &EmailAddress,
) -> QueryResult<bool> {
    let by = if let Actor::User(id) = actor { Some(id) } else { None };
    let key = address.key();
    // Noted by the message that showed it: an address in the log could not be erased.
    let message = store::marks::find(db, &key)?.and_then(|mark| mark.message);
    let cleared = store::marks::clear(db, now, &key, by)?;
    if cleared {
        let message = message.map(|id| id.to_string()).unwrap_or_default();
        audit::note(db, now, &audit::Entry::new(event, actor, "mail.address-cleared", "message", &message))?;
    }
    Ok(cleared)
}
