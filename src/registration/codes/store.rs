//! The table `invitation_codes`, and which registration came by which.

use super::model::{CodeFacts, InvitationCode, Invitee, Use, code_key};
use crate::db::schema::{invitation_codes as codes, registrations};
use crate::db::{DbConnection, EventId, InvitationId, RegistrationId, UtcTime};
use crate::registration::model::Registration;
use diesel::prelude::*;

/// The codes of an event, the newest first.
pub(super) fn list(
    db: &mut DbConnection,
    event: EventId,
    batch: Option<&str>,
    (offset, limit): (i64, i64),
) -> QueryResult<Vec<InvitationCode>> {
    let mut query = codes::table.filter(codes::event_id.eq(event)).into_boxed();
    if let Some(batch) = batch {
        query = query.filter(codes::batch.eq(batch.to_owned()));
    }
    query
        .order((codes::created_at.desc(), codes::id.desc()))
        .offset(offset)
        .limit(limit)
        .select(InvitationCode::as_select())
        .load(db)
}

/// The words for which codes were made, with how many codes and uses there are.
pub(super) fn batches(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(String, i64)>> {
    codes::table
        .filter(codes::event_id.eq(event))
        .group_by(codes::batch)
        .order(codes::batch)
        .select((codes::batch, diesel::dsl::count_star()))
        .load(db)
}

/// One code of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: InvitationId) -> QueryResult<Option<InvitationCode>> {
    codes::table.find(id).filter(codes::event_id.eq(event)).select(InvitationCode::as_select()).first(db).optional()
}

/// The code that somebody has typed.
pub(super) fn by_key(db: &mut DbConnection, event: EventId, key: &str) -> QueryResult<Option<InvitationCode>> {
    codes::table
        .filter(codes::event_id.eq(event))
        .filter(codes::code_key.eq(key))
        .select(InvitationCode::as_select())
        .first(db)
        .optional()
}

/// Adds a code.
pub(super) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, code): (EventId, InvitationId, &str),
    facts: &CodeFacts,
    invitee: &Invitee,
) -> QueryResult<()> {
    diesel::insert_into(codes::table)
        .values((
            (
                codes::id.eq(id),
                codes::event_id.eq(event),
                codes::category_id.eq(facts.category),
                codes::code.eq(code),
                codes::code_key.eq(code_key(code)),
                codes::batch.eq(&facts.batch),
                codes::uses.eq(facts.uses),
                codes::used.eq(0),
                codes::is_reserved.eq(facts.is_reserved),
                codes::skips_approval.eq(facts.skips_approval),
            ),
            (
                codes::email.eq(&invitee.email),
                codes::language.eq(invitee.language),
                codes::prefill.eq(serde_json::to_string(&invitee.prefill).unwrap_or_else(|_| "{}".to_owned())),
                codes::expires_at.eq(facts.expires_at),
                codes::version.eq(1),
                codes::created_at.eq(now),
                codes::updated_at.eq(now),
            ),
        ))
        .execute(db)
        .map(drop)
}

/// Takes one use of a code that can be used; whether there was one.
pub(super) fn take_use(db: &mut DbConnection, now: UtcTime, id: InvitationId) -> QueryResult<bool> {
    let usable = codes::table
        .find(id)
        .filter(codes::used.lt(codes::uses))
        .filter(codes::revoked_at.is_null())
        .filter(codes::expires_at.is_null().or(codes::expires_at.ge(now)));
    Ok(diesel::update(usable).set((codes::used.eq(codes::used + 1), codes::updated_at.eq(now))).execute(db)? == 1)
}

/// Gives one use back.
pub(super) fn give_use_back(db: &mut DbConnection, now: UtcTime, id: InvitationId) -> QueryResult<()> {
    diesel::update(codes::table.find(id).filter(codes::used.gt(0)))
        .set((codes::used.eq(codes::used - 1), codes::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Notes that a registration came by a code.
pub(super) fn set_code(db: &mut DbConnection, registration: RegistrationId, code: InvitationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(registration))
        .set((registrations::code_id.eq(code), registrations::source.eq("code")))
        .execute(db)
        .map(drop)
}

/// The code by which a registration came.
pub(super) fn of_registration(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Option<InvitationCode>> {
    registrations::table
        .inner_join(codes::table.on(registrations::code_id.eq(codes::id.nullable())))
        .filter(registrations::id.eq(id))
        .select(InvitationCode::as_select())
        .first(db)
        .optional()
}

/// Forgets whom a code was made for.
pub(super) fn forget_invitee(db: &mut DbConnection, id: InvitationId) -> QueryResult<()> {
    diesel::update(codes::table.find(id))
        .set((codes::email.eq(None::<String>), codes::prefill.eq("{}")))
        .execute(db)
        .map(drop)
}

/// Takes a code back if it stands; whether it did.
pub(super) fn revoke(db: &mut DbConnection, now: UtcTime, id: InvitationId) -> QueryResult<bool> {
    let standing = codes::table.find(id).filter(codes::revoked_at.is_null());
    Ok(diesel::update(standing).set((codes::revoked_at.eq(now), codes::updated_at.eq(now))).execute(db)? == 1)
}

/// Ends the reservation of a code, if it has one; whether it had.
pub(super) fn end_reservation(db: &mut DbConnection, now: UtcTime, id: InvitationId) -> QueryResult<bool> {
    let reserved = codes::table.find(id).filter(codes::is_reserved);
    Ok(diesel::update(reserved).set((codes::is_reserved.eq(false), codes::updated_at.eq(now))).execute(db)? == 1)
}

/// Codes with reserved places whose time is over.
pub(super) fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<InvitationCode>> {
    codes::table
        .filter(codes::expires_at.lt(now))
        .filter(codes::is_reserved)
        .order(codes::expires_at)
        .limit(limit)
        .select(InvitationCode::as_select())
        .load(db)
}

/// Codes of a batch with an address, whose mail has not been queued.
pub(super) fn unsent(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<InvitationCode>> {
    codes::table
        .filter(codes::event_id.eq(event))
        .filter(codes::email.is_not_null())
        .filter(codes::sent_at.is_null())
        .filter(codes::revoked_at.is_null())
        .order(codes::id)
        .limit(limit)
        .select(InvitationCode::as_select())
        .load(db)
}

/// Notes that a code's mail is queued, unless it was before and `again` is not meant; whether to queue it.
pub(super) fn mark_sent(db: &mut DbConnection, now: UtcTime, id: InvitationId, again: bool) -> QueryResult<bool> {
    let mut row = codes::table.find(id).into_boxed();
    if !again {
        row = row.filter(codes::sent_at.is_null());
    }
    let found: Option<InvitationId> = row.select(codes::id).first(db).optional()?;
    if found.is_none() {
        return Ok(false);
    }
    diesel::update(codes::table.find(id)).set(codes::sent_at.eq(now)).execute(db)?;
    Ok(true)
}

/// Who has used some codes.
pub(super) fn uses(db: &mut DbConnection, of: &[InvitationId]) -> QueryResult<Vec<Use>> {
    let rows: Vec<(Option<InvitationId>, Registration)> = registrations::table
        .filter(registrations::code_id.eq_any(of))
        .order(registrations::created_at)
        .select((registrations::code_id, Registration::as_select()))
        .load(db)?;
    let with = |(code, registration): (Option<InvitationId>, Registration)| Some(Use { code: code?, registration });
    Ok(rows.into_iter().filter_map(with).collect())
}
