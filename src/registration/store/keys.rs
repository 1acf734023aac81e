//! The tables `idempotency_keys` and `event_keys`.

use crate::db::schema::{event_keys, idempotency_keys};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::each_backend;
use diesel::prelude::*;

/// Remembers a submission; false when it is known already.
pub(in crate::registration) fn remember(
    db: &mut DbConnection,
    now: UtcTime,
    (scope, key): (&str, &str),
    subject: &str,
) -> QueryResult<bool> {
    let added = each_backend!(db, backend => diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::scope.eq(scope),
            idempotency_keys::idempotency_key.eq(key),
            idempotency_keys::subject_id.eq(subject),
            idempotency_keys::answer.eq("sent"),
            idempotency_keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// What a known submission came to, and when.
pub(in crate::registration) fn recall(
    db: &mut DbConnection,
    (scope, key): (&str, &str),
) -> QueryResult<Option<(Option<String>, UtcTime)>> {
    idempotency_keys::table
        .find((scope, key))
        .select((idempotency_keys::subject_id, idempotency_keys::created_at))
        .first(db)
        .optional()
}

/// Lets a known submission stand for another registration from now on.
pub(in crate::registration) fn replace(
    db: &mut DbConnection,
    now: UtcTime,
    (scope, key): (&str, &str),
    subject: &str,
) -> QueryResult<()> {
    diesel::update(idempotency_keys::table.find((scope, key)))
        .set((idempotency_keys::subject_id.eq(subject), idempotency_keys::created_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Deletes submissions that nobody will repeat.
pub(in crate::registration) fn forget(db: &mut DbConnection, before: UtcTime) -> QueryResult<usize> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(before))).execute(db)
}

/// The secret half of an event's ticket key, as it is stored.
pub(in crate::registration) fn ticket_secret(db: &mut DbConnection, event: EventId) -> QueryResult<Option<String>> {
    event_keys::table.find(event).select(event_keys::secret_key).first(db).optional()
}

/// Gives an event a ticket key unless it has one.
pub(in crate::registration) fn insert_ticket_key(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    (public, secret): (&str, &str),
) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(event_keys::table)
        .values((
            event_keys::event_id.eq(event),
            event_keys::public_key.eq(public),
            event_keys::secret_key.eq(secret),
            event_keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(())
}
