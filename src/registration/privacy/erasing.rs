//! Deleting what is held about a person, over every area that holds something.

use super::store;
use crate::accreditation::operations as accreditation;
use crate::audit::{self, Actor, Entry};
use crate::badges::operations as badges;
use crate::db::{AnswerFileId, DbConnection, UtcTime};
use crate::mail;
use crate::mailings::operations as mailings;
use crate::notices::starring;
use crate::registration::codes::operations as codes;
use crate::registration::forms::sealed::operations as sealed;
use crate::registration::model::Registration;
use diesel::QueryResult;

/// Some registrations whose data are to be deleted now.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Registration>> {
    store::due(db, now, limit)
}

/// Deletes everything about a person whose time has come, and keeps what is counted. Nothing happens while one
/// of their mails is on its way: the next run does it. Returns the files whose bytes the caller removes, if it was done.
///
/// # Errors
/// When the database refuses.
pub fn erase(db: &mut DbConnection, now: UtcTime, own: &Registration) -> QueryResult<Option<Vec<AnswerFileId>>> {
    if !mail::operations::forget(db, own.id, &own.email_key)? {
        return Ok(None);
    }
    if !store::anonymise(db, now, (own.event_id, own.id), &own.keyless())? {
        return Ok(None);
    }
    let files = sealed::forget_all(db, own.id)?;
    // Whoever passed the place on has mails that name the person.
    for before in store::predecessors(db, own.id)? {
        mail::operations::forget_transfers(db, before)?;
    }
    mailings::forget(db, own.event_id, &own.email_key)?;
    accreditation::forget(db, own.id)?;
    starring::forget(db, own.id)?;
    codes::forget_invitee(db, own.id)?;
    badges::forget(db, own.id)?;
    audit::forget_details(db, "registration", own.id.as_str())?;
    let entry = Entry::new(Some(own.event_id), Actor::System, "registration.erased", "registration", own.id.as_str());
    audit::note(db, now, &entry)?;
    Ok(Some(files))
}
