//! What the desk notes for itself.

use super::standing::StandingError;
use super::waiting;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::registration::model::Noticed;
use crate::registration::store::registrations;
use diesel::QueryResult;

/// What the desk notes of a registration.
///
/// # Errors
/// When the database refuses.
pub fn noticed(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Noticed> {
    registrations::noticed(db, id)
}

/// Keeps what the desk notes, if the registration is still of this version. One that has ended takes remarks too.
///
/// # Errors
/// When there is none, or someone else was faster.
pub fn notice(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, RegistrationId, i32),
    (remark, priority): (&str, i32),
) -> Result<(), StandingError> {
    registrations::find(db, event, id)?.ok_or(StandingError::Ended)?;
    let before = registrations::noticed(db, id)?;
    if before == (Noticed { remark: remark.to_owned(), priority }) {
        return Ok(());
    }
    if !registrations::set_remark(db, now, (id, version), remark)? {
        return Err(StandingError::Stale);
    }
    if before.remark != remark {
        let entry = Entry::new(Some(event), actor, "registration.remark", "registration", id.as_str());
        audit::note(db, now, &entry)?;
    }
    waiting::prefer(db, now, actor, (event, id), priority)?;
    Ok(())
}
