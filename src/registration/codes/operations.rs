//! Making, using and ending codes.

use super::model::{CodeFacts, InvitationCode, Invitee, Unusable, Use, code_key};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, InvitationId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::operations::{release_places, reserve_places};
use diesel::QueryResult;
use serde_json::json;

/// Why no codes were made or one was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// There is no such code at this event.
    #[error("no such code")]
    NotFound,
    /// Fewer places are left than are to be reserved.
    #[error("fewer places are left than are to be reserved")]
    Full,
    /// It can't be used.
    #[error("the code can't be used: {0:?}")]
    Unusable(Unusable),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(CodeError);

/// Makes one code for each invitee, and takes the places that they reserve.
///
/// # Errors
/// When fewer places are left than are to be reserved; then nothing is made.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, facts): (EventId, &CodeFacts),
    invitees: &[(InvitationId, String, Invitee)],
) -> Result<(), CodeError> {
    if facts.is_reserved {
        let wanted = facts.uses.saturating_mul(i32::try_from(invitees.len()).unwrap_or(i32::MAX));
        if !reserve_places(db, facts.category, wanted)? {
            return Err(CodeError::Full);
        }
        touch_public(db, event)?;
    }
    for (id, code, invitee) in invitees {
        store::insert(db, now, (event, *id, code), facts, invitee)?;
    }
    let entry = Entry::new(Some(event), actor, "codes.made", "event", event.as_str());
    audit::note(db, now, &entry.with(json!({ "batch": facts.batch, "codes": invitees.len(), "uses": facts.uses })))?;
    Ok(())
}

/// The code that somebody has typed at an event, whether it can be used or not.
///
/// # Errors
/// When the database refuses.
pub fn typed(db: &mut DbConnection, event: EventId, text: &str) -> QueryResult<Option<InvitationCode>> {
    match code_key(text) {
        key if key.is_empty() => Ok(None),
        key => store::by_key(db, event, &key),
    }
}

/// Takes one use; whether there was one.
///
/// # Errors
/// When the database refuses.
pub fn take_use(db: &mut DbConnection, now: UtcTime, code: InvitationId) -> QueryResult<bool> {
    store::take_use(db, now, code)
}

/// Gives a use back that came to nothing in the same transaction.
///
/// # Errors
/// When the database refuses.
pub fn give_use_back(db: &mut DbConnection, now: UtcTime, code: InvitationId) -> QueryResult<()> {
    store::give_use_back(db, now, code)
}

/// Notes that a registration came by a code.
///
/// # Errors
/// When the database refuses.
pub fn note_use(db: &mut DbConnection, registration: RegistrationId, code: InvitationId) -> QueryResult<()> {
    store::set_code(db, registration, code)
}

/// The code by which a registration came.
///
/// # Errors
/// When the database refuses.
pub fn of_registration(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Option<InvitationCode>> {
    store::of_registration(db, registration)
}

/// Follows the end of a registration that nobody was let in by: the use of its code is back, and where the
/// code reserves places, the place that became free a moment before is the code's again.
///
/// # Errors
/// When the database refuses.
pub fn return_use(db: &mut DbConnection, now: UtcTime, registration: RegistrationId) -> QueryResult<()> {
    let Some(code) = store::of_registration(db, registration)? else { return Ok(()) };
    let stands = code.revoked_at.is_none() && code.expires_at.is_none_or(|until| now <= until);
    // The place that became free was another category's, or somebody has taken it since: without a place the use stays
    // spent, for whoever used it would come in beyond the last place.
    if code.is_reserved && stands && !reserve_places(db, code.category_id, 1)? {
        return Ok(());
    }
    store::give_use_back(db, now, code.id)
}

/// Forgets whom the code of a registration was made for, where it was made for one person.
///
/// # Errors
/// When the database refuses.
pub fn forget_invitee(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    match store::of_registration(db, registration)? {
        Some(code) if code.uses == 1 => store::forget_invitee(db, code.id),
        _ => Ok(()),
    }
}

/// Takes a code back. Who has registered by it stays; places that it reserved become free.
///
/// # Errors
/// When there is no such code.
pub fn revoke(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, InvitationId),
) -> Result<(), CodeError> {
    let code = store::find(db, event, id)?.ok_or(CodeError::NotFound)?;
    if !store::revoke(db, now, id)? {
        return Ok(());
    }
    free(db, now, &code)?;
    audit::note(db, now, &Entry::new(Some(event), actor, "codes.revoked", "code", id.as_str()))?;
    Ok(())
}

fn free(db: &mut DbConnection, now: UtcTime, code: &InvitationCode) -> QueryResult<()> {
    if store::end_reservation(db, now, code.id)? && code.uses > code.used {
        release_places(db, code.category_id, code.uses - code.used)?;
        touch_public(db, code.event_id)?;
    }
    Ok(())
}

/// Codes that keep places and whose time is over.
///
/// # Errors
/// When the database refuses.
pub fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<InvitationCode>> {
    store::overdue(db, now, limit)
}

/// Frees the places of a code whose time is over.
///
/// # Errors
/// When the database refuses.
pub fn expire(db: &mut DbConnection, now: UtcTime, code: &InvitationCode) -> QueryResult<()> {
    free(db, now, code)
}

/// The codes that one page shows, who has used them, and the batches there are.
#[derive(Clone, Debug)]
pub struct CodesPage {
    /// The codes, the newest first.
    pub codes: Vec<InvitationCode>,
    /// Who has used them.
    pub uses: Vec<Use>,
    /// Each batch with the number of its codes.
    pub batches: Vec<(String, i64)>,
}

/// Some codes of an event, of one batch or of all.
///
/// # Errors
/// When the database refuses.
pub fn page(db: &mut DbConnection, event: EventId, batch: Option<&str>, place: (i64, i64)) -> QueryResult<CodesPage> {
    let codes = store::list(db, event, batch, place)?;
    let ids: Vec<InvitationId> = codes.iter().map(|code| code.id).collect();
    Ok(CodesPage { uses: store::uses(db, &ids)?, batches: store::batches(db, event)?, codes })
}

/// One code of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: InvitationId) -> QueryResult<Option<InvitationCode>> {
    store::find(db, event, id)
}

/// Codes with an address to which no mail has gone yet.
///
/// # Errors
/// When the database refuses.
pub fn unsent(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<InvitationCode>> {
    store::unsent(db, event, limit)
}

/// Queues the mails of codes, each once; `again` sends them another time. How many.
///
/// # Errors
/// When the database refuses.
pub fn send(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, again): (Actor, bool),
    letters: &[(InvitationCode, NewMessage)],
) -> QueryResult<usize> {
    let mut sent = 0;
    for (code, message) in letters {
        if store::mark_sent(db, now, code.id, again)? {
            mail::operations::queue(db, now, message)?;
            audit::note(db, now, &Entry::new(Some(code.event_id), actor, "codes.sent", "code", code.id.as_str()))?;
            sent += 1;
        }
    }
    Ok(sent)
}
