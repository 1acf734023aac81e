//! Setting a call up.

use super::CallError;
use crate::audit::{self, Actor, Entry};
use crate::calls::model::{Call, LateLink, Window};
use crate::calls::store;
use crate::db::{DbConnection, EventId, LateLinkId, UtcTime};
use crate::events::operations::touch_public;
use crate::web::TokenHash;
use diesel::QueryResult;
use serde_json::json;

/// Keeps a call and its other dates, if it is still as `call.version` had it.
///
/// # Errors
/// When someone else was faster.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    call: &Call,
    windows: &[Window],
) -> Result<(), CallError> {
    save_call(db, now, actor, call)?;
    Ok(store::calls::set_windows(db, call.event_id, windows)?)
}

/// Keeps a call, if it is still as `call.version` had it; its other dates stay.
///
/// # Errors
/// When someone else was faster.
pub fn save_call(db: &mut DbConnection, now: UtcTime, actor: Actor, call: &Call) -> Result<(), CallError> {
    let event = call.event_id;
    // First of all, so that two who set it up for the first time wait for each other.
    touch_public(db, event)?;
    let kept = Call { version: call.version + 1, updated_at: now, ..call.clone() };
    if !store::calls::save(db, &kept, call.version)? {
        return Err(CallError::Stale);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "call.changed", "event", event.as_str()))?;
    Ok(())
}

/// The links that open the call after its end, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn late_links(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<LateLink>> {
    store::calls::late_links(db, event)
}

/// The link of this secret, if it opens the call now.
///
/// # Errors
/// When the database refuses.
pub fn working_late_link(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<LateLink>> {
    Ok(store::calls::late_link(db, event, token)?.filter(|link| link.works(now)))
}

/// Adds a link that opens the call after its end.
///
/// # Errors
/// When the database refuses.
pub fn add_late_link(db: &mut DbConnection, now: UtcTime, actor: Actor, link: &LateLink) -> Result<(), CallError> {
    store::calls::insert_late_link(db, link)?;
    let entry = Entry::new(Some(link.event_id), actor, "call.late-link-made", "late-link", link.id.as_str());
    audit::note(db, now, &entry.with(json!({ "until": link.until })))?;
    Ok(())
}

/// Takes such a link back. What was begun by it can't be changed after the call's end any more.
///
/// # Errors
/// When there is none, or it was taken back already.
pub fn revoke_late_link(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, LateLinkId),
) -> Result<(), CallError> {
    if !store::calls::revoke_late_link(db, now, event, id)? {
        return Err(CallError::NotFound);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "call.late-link-revoked", "late-link", id.as_str()))?;
    Ok(())
}
