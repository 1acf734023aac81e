//! The table `transfers`.

use super::model::{Standing, Transfer, TransferOutcome};
use crate::db::schema::{registrations, transfers};
use crate::db::{DbConnection, EventId, RegistrationId, TransferId, UtcTime};
use crate::web::TokenHash;
use diesel::prelude::*;

/// Adds an offer.
pub(super) fn insert(db: &mut DbConnection, transfer: &Transfer) -> QueryResult<()> {
    diesel::insert_into(transfers::table).values(transfer).execute(db).map(drop)
}

/// The offer of this secret at an event.
pub(super) fn by_token(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<Transfer>> {
    transfers::table
        .filter(transfers::token_hash.eq(token))
        .filter(transfers::event_id.eq(event))
        .select(Transfer::as_select())
        .first(db)
        .optional()
}

/// The newest offer of a place.
pub(super) fn newest(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Option<Transfer>> {
    transfers::table
        .filter(transfers::registration_id.eq(registration))
        .order((transfers::created_at.desc(), transfers::id.desc()))
        .select(Transfer::as_select())
        .first(db)
        .optional()
}

/// Every offer of a place, the newest first.
pub(super) fn all(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Vec<Transfer>> {
    transfers::table
        .filter(transfers::registration_id.eq(registration))
        .order((transfers::created_at.desc(), transfers::id.desc()))
        .select(Transfer::as_select())
        .load(db)
}

/// How often a place was offered.
pub(super) fn count(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<i64> {
    transfers::table.filter(transfers::registration_id.eq(registration)).count().get_result(db)
}

/// What the row of a registration says that matters here.
pub(super) fn standing(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Standing> {
    registrations::table
        .find(registration)
        .select((
            registrations::came_at,
            registrations::speaker_id,
            registrations::delegation_id,
            registrations::delegation_rank,
            registrations::source,
        ))
        .first(db)
}

/// Lets whoever else changes this registration, or lets its ticket in, wait until this transaction ends.
pub(super) fn lock(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(registration))
        .set(registrations::came_at.eq(registrations::came_at))
        .execute(db)
        .map(drop)
}

/// Ends an offer that is open, and forgets whom it was made to; whether it was open.
pub(super) fn end(db: &mut DbConnection, now: UtcTime, id: TransferId, outcome: TransferOutcome) -> QueryResult<bool> {
    let open = transfers::table.find(id).filter(transfers::ended_at.is_null());
    let ended = diesel::update(open)
        .set((
            transfers::outcome.eq(outcome),
            transfers::ended_at.eq(now),
            transfers::given_name.eq(""),
            transfers::family_name.eq(""),
            transfers::email.eq(""),
        ))
        .execute(db)?;
    Ok(ended == 1)
}

/// Notes who has the place now.
pub(super) fn set_successor(
    db: &mut DbConnection,
    (id, before): (TransferId, RegistrationId),
    successor: RegistrationId,
) -> QueryResult<()> {
    diesel::update(transfers::table.find(id)).set(transfers::successor_id.eq(successor)).execute(db)?;
    // At the door the old ticket is then revoked.
    diesel::update(registrations::table.find(before))
        .set(registrations::merged_into.eq(successor.as_str()))
        .execute(db)
        .map(drop)
}

/// Some open offers whose time is over, with the registrations they are of.
pub(super) fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Transfer>> {
    transfers::table
        .filter(transfers::ended_at.is_null())
        .filter(transfers::until.lt(now))
        .order(transfers::until)
        .limit(limit)
        .select(Transfer::as_select())
        .load(db)
}
