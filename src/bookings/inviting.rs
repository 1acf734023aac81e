//! Use cases of invitations to sessions that are closed to others.

use super::operations::BookError;
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, RegistrationId, SessionId, UtcTime};
use serde_json::json;
use std::collections::HashSet;

/// Invites people by the numbers of their registrations; the numbers that nobody confirmed has.
///
/// # Errors
/// When there is no such session.
pub fn invite(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, session): (EventId, SessionId),
    codes: &[String],
) -> Result<Vec<String>, BookError> {
    store::access(db, event, session)?.ok_or(BookError::NotFound)?;
    let found = store::by_codes(db, event, codes)?;
    for registration in &found {
        store::add_guest(db, now, session, registration.id)?;
    }
    let entry = Entry::new(Some(event), actor, "session.invited", "session", session.as_str());
    audit::note(db, now, &entry.with(json!({ "count": found.len() })))?;
    let known: HashSet<&str> = found.iter().map(|registration| registration.code.as_str()).collect();
    Ok(codes.iter().filter(|code| !known.contains(code.as_str())).cloned().collect())
}

/// Takes an invitation back. A seat booked by it stays.
///
/// # Errors
/// When the database refuses.
pub fn uninvite(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, session): (EventId, SessionId),
    registration: RegistrationId,
) -> Result<(), BookError> {
    store::access(db, event, session)?.ok_or(BookError::NotFound)?;
    store::remove_guest(db, session, registration)?;
    audit::note(db, now, &Entry::new(Some(event), actor, "session.uninvited", "session", session.as_str()))?;
    Ok(())
}
