//! The table `address_marks`.

use crate::db::schema::{address_marks, messages};
use crate::db::{DbConnection, EventId, MessageId, UserId, UtcTime};
use crate::mail::model::{AddressMark, MarkReason};
use diesel::prelude::*;

type MarkRow = (String, MarkReason, String, Option<MessageId>, UtcTime);

const COLUMNS: (
    address_marks::address_key,
    address_marks::reason,
    address_marks::detail,
    address_marks::message_id,
    address_marks::marked_at,
) = (
    address_marks::address_key,
    address_marks::reason,
    address_marks::detail,
    address_marks::message_id,
    address_marks::marked_at,
);

fn mark((address_key, reason, detail, message, marked_at): MarkRow) -> AddressMark {
    AddressMark { address_key, reason, detail, message, marked_at }
}

/// What is known against an address.
pub(in crate::mail) fn find(db: &mut DbConnection, key: &str) -> QueryResult<Option<AddressMark>> {
    let row: Option<MarkRow> = address_marks::table
        .find(key)
        .filter(address_marks::cleared_at.is_null())
        .select(COLUMNS)
        .first(db)
        .optional()?;
    Ok(row.map(mark))
}

/// Marks of addresses that the event has written to, the newest first, at most `limit`.
pub(in crate::mail) fn of_event(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<AddressMark>> {
    let written = messages::table
        .filter(messages::recipient_key.eq(address_marks::address_key))
        .filter(messages::event_id.eq(event));
    let rows: Vec<MarkRow> = address_marks::table
        .filter(address_marks::cleared_at.is_null())
        .filter(diesel::dsl::exists(written))
        .order(address_marks::marked_at.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(db)?;
    Ok(rows.into_iter().map(mark).collect())
}

/// Marks an address, unless it is marked already. Where it was cleared, only what was sent since counts.
pub(in crate::mail) fn set(
    db: &mut DbConnection,
    now: UtcTime,
    (key, reason, detail): (&str, MarkReason, &str),
    (message, sent_at): (MessageId, UtcTime),
) -> QueryResult<bool> {
    let known: Option<Option<UtcTime>> =
        address_marks::table.find(key).select(address_marks::cleared_at).first(db).optional()?;
    let facts = (
        address_marks::reason.eq(reason),
        address_marks::detail.eq(detail),
        address_marks::message_id.eq(message),
        address_marks::marked_at.eq(now),
        address_marks::cleared_at.eq(None::<UtcTime>),
        address_marks::cleared_by.eq(None::<UserId>),
    );
    let changed = match known {
        Some(None) => 0,
        Some(Some(cleared_at)) if sent_at <= cleared_at => 0,
        Some(Some(_)) => diesel::update(address_marks::table.find(key)).set(facts).execute(db)?,
        // Another process may mark it at the same instant; once is enough.
        None => crate::each_backend!(db, backend => diesel::insert_into(address_marks::table)
            .values((address_marks::address_key.eq(key), facts))
            .on_conflict_do_nothing()
            .execute(backend))?,
    };
    Ok(changed == 1)
}

/// Notes that an address works again; false where it was not marked.
pub(in crate::mail) fn clear(db: &mut DbConnection, now: UtcTime, key: &str, by: Option<UserId>) -> QueryResult<bool> {
    let marked = address_marks::table.find(key).filter(address_marks::cleared_at.is_null());
    let changed = diesel::update(marked)
        .set((address_marks::cleared_at.eq(now), address_marks::cleared_by.eq(by)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Forgets an address, marked or cleared.
pub(in crate::mail) fn forget(db: &mut DbConnection, key: &str) -> QueryResult<()> {
    diesel::delete(address_marks::table.find(key)).execute(db).map(drop)
}
