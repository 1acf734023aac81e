//! Use cases of stars: what an attendee wants to see, and to be told of.

use super::digest::Book;
use super::model::Current;
use super::store::{people, stars};
use crate::audit::{self, Actor, Entry as AuditEntry};
use crate::db::{DbConnection, RegistrationId, SessionId, UtcTime};
use crate::registration::model::{Registration, RegistrationState};
use crate::schedule::model::Programme;
use diesel::QueryResult;
use std::collections::HashSet;

/// An attendee's programme: their stars, and whether they want to be told of changes.
///
/// # Errors
/// When the database refuses.
pub fn starred(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<(HashSet<SessionId>, bool)> {
    let stars = stars::of(db, registration)?;
    Ok((stars.into_iter().map(|(session, _)| session).collect(), people::wants(db, registration)?))
}

/// What an attendee's agenda holds: stars, and the sessions with a seat.
///
/// # Errors
/// When the database refuses.
pub fn agenda_of(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<HashSet<SessionId>> {
    let (stars, booked) = (stars::of(db, registration)?, stars::booked(db, registration)?);
    Ok(stars.into_iter().chain(booked).map(|(session, _)| session).collect())
}

/// Sets or takes away stars of public sessions by their codes; unknown codes are passed over.
///
/// # Errors
/// When the database refuses.
pub fn set_stars(
    db: &mut DbConnection,
    now: UtcTime,
    registration: &Registration,
    codes: &[String],
    starred: bool,
) -> QueryResult<()> {
    let sessions = stars::sessions_by_code(db, registration.event_id, codes)?;
    if !starred {
        return stars::remove(db, registration.id, &sessions);
    }
    if registration.state != RegistrationState::Confirmed {
        return Ok(());
    }
    for session in sessions {
        stars::add(db, now, registration.id, session)?;
    }
    Ok(())
}

/// Sets whether an attendee is told when a starred session changes.
///
/// # Errors
/// When the database refuses.
pub fn set_wants(db: &mut DbConnection, now: UtcTime, registration: &Registration, wants: bool) -> QueryResult<()> {
    people::set_wants(db, registration.id, wants)?;
    let action = if wants { "registration.notices-wanted" } else { "registration.notices-refused" };
    let (actor, id) = (Actor::Attendee(registration.id), registration.id.as_str());
    audit::note(db, now, &AuditEntry::new(Some(registration.event_id), actor, action, "registration", id))?;
    Ok(())
}

/// The entries of an attendee's agenda, by time.
#[must_use]
pub fn agenda(programme: &Programme, stars: &HashSet<SessionId>) -> Vec<Current> {
    let mut entries = Book::new(programme).of_sessions(stars.iter().copied());
    entries.sort_by(|one, other| (one.entry.start, &one.guid).cmp(&(other.entry.start, &other.guid)));
    entries
}

/// Forgets what somebody starred and was to be told.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    stars::forget(db, registration)
}

/// Moves what somebody starred to another registration of theirs. What the first was to be told, nobody is told twice.
///
/// # Errors
/// When the database refuses.
pub fn adopt(db: &mut DbConnection, of: (RegistrationId, RegistrationId)) -> QueryResult<()> {
    stars::adopt(db, of)
}
