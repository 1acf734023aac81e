//! The tables `calls`, `call_windows` and `late_links`.

use crate::calls::model::{Call, LateLink, Window};
use crate::db::schema::{call_windows, calls, late_links};
use crate::db::{DbConnection, EventId, LateLinkId, UtcTime};
use crate::web::TokenHash;
use diesel::prelude::*;

/// The call of an event, if it was ever set up.
pub(in crate::calls) fn find(db: &mut DbConnection, event: EventId) -> QueryResult<Option<Call>> {
    calls::table.find(event).select(Call::as_select()).first(db).optional()
}

/// Keeps a call if it is still as `version` had it; a call of version 0 is not kept yet.
pub(in crate::calls) fn save(db: &mut DbConnection, call: &Call, version: i32) -> QueryResult<bool> {
    let changed = if version == 0 {
        if find(db, call.event_id)?.is_some() {
            return Ok(false);
        }
        diesel::insert_into(calls::table).values(call.clone()).execute(db)?
    } else {
        let same = calls::table.find(call.event_id).filter(calls::version.eq(version));
        diesel::update(same).set(call.clone()).execute(db)?
    };
    Ok(changed == 1)
}

/// The lines of other dates.
pub(in crate::calls) fn windows(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Window>> {
    call_windows::table
        .filter(call_windows::event_id.eq(event))
        .order(call_windows::id)
        .select(Window::as_select())
        .load(db)
}

/// Puts these lines in place of those before.
pub(in crate::calls) fn set_windows(db: &mut DbConnection, event: EventId, windows: &[Window]) -> QueryResult<()> {
    diesel::delete(call_windows::table.filter(call_windows::event_id.eq(event))).execute(db)?;
    for window in windows {
        diesel::insert_into(call_windows::table).values(window.clone()).execute(db)?;
    }
    Ok(())
}

/// The late links of an event, the newest first.
pub(in crate::calls) fn late_links(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<LateLink>> {
    late_links::table
        .filter(late_links::event_id.eq(event))
        .order(late_links::id.desc())
        .select(LateLink::as_select())
        .load(db)
}

/// The late link of this secret.
pub(in crate::calls) fn late_link(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<LateLink>> {
    late_links::table
        .filter(late_links::event_id.eq(event))
        .filter(late_links::token_hash.eq(token))
        .select(LateLink::as_select())
        .first(db)
        .optional()
}

/// The late link of this id.
pub(in crate::calls) fn late_link_by_id(db: &mut DbConnection, id: LateLinkId) -> QueryResult<Option<LateLink>> {
    late_links::table.find(id).select(LateLink::as_select()).first(db).optional()
}

/// Adds a late link.
pub(in crate::calls) fn insert_late_link(db: &mut DbConnection, link: &LateLink) -> QueryResult<()> {
    diesel::insert_into(late_links::table).values(link.clone()).execute(db).map(drop)
}

/// Takes a late link back; whether it worked until now.
pub(in crate::calls) fn revoke_late_link(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    id: LateLinkId,
) -> QueryResult<bool> {
    let standing =
        late_links::table.find(id).filter(late_links::event_id.eq(event)).filter(late_links::revoked_at.is_null());
    Ok(diesel::update(standing).set(late_links::revoked_at.eq(now)).execute(db)? == 1)
}
