//! Who is registered already, and who is still to be told.

use super::model::{Kept, Key, Present, Row};
use crate::db::schema::{events, registrations, untold_registrations};
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::each_backend;
use crate::i18n::Lang;
use crate::registration::model::Registration;
use diesel::prelude::*;

/// Values that one query names: both databases limit them.
const NAMED: usize = 500;

/// Lets another import at the same event wait until this transaction ends.
pub(super) fn lock(db: &mut DbConnection, event: EventId) -> QueryResult<()> {
    diesel::update(events::table.find(event)).set(events::version.eq(events::version)).execute(db).map(drop)
}

/// Those of whom these rows speak, as far as they are registered. Three queries for each [`NAMED`] rows.
pub(super) fn present(db: &mut DbConnection, event: EventId, rows: &[Row]) -> QueryResult<Present> {
    let mut found: Vec<Kept> = Vec::new();
    for some in rows.chunks(NAMED) {
        let (mut codes, mut addresses, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for row in some {
            match &row.key {
                Key::Code(code) => codes.push(code.clone()),
                Key::Email(address) => addresses.push(address.clone()),
                Key::Person(_) => names.push(row.sort_key()),
            }
        }
        let own = || registrations::table.filter(registrations::event_id.eq(event)).select(Kept::as_select());
        if !codes.is_empty() {
            found.extend(own().filter(registrations::code.eq_any(codes)).load(db)?);
        }
        if !addresses.is_empty() {
            let active = own().filter(registrations::ended_at.is_null());
            found.extend(active.filter(registrations::email_key.eq_any(addresses)).load(db)?);
        }
        if !names.is_empty() {
            let active = own().filter(registrations::ended_at.is_null()).filter(registrations::email.eq(""));
            found.extend(active.filter(registrations::sort_key.eq_any(names)).load(db)?);
        }
    }
    Ok(Present::new(found))
}

/// Sets what a table says of somebody beside details and answers.
pub(super) fn set_more(
    db: &mut DbConnection,
    now: UtcTime,
    id: RegistrationId,
    (language, priority, remark): (Lang, i32, &str),
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((
            registrations::language.eq(language),
            registrations::priority.eq(priority),
            registrations::remark.eq(remark),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Sets what a table says of somebody new beside what everybody has.
pub(super) fn begin_with(
    db: &mut DbConnection,
    id: RegistrationId,
    (priority, remark): (i32, &str),
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((registrations::priority.eq(priority), registrations::remark.eq(remark)))
        .execute(db)
        .map(drop)
}

/// Notes that somebody is still to be told.
pub(super) fn be_told(db: &mut DbConnection, now: UtcTime, id: RegistrationId) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(untold_registrations::table)
        .values((untold_registrations::registration_id.eq(id), untold_registrations::created_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(backend))
    .map(drop)
}

/// Some of those who are to be told, in order.
pub(super) fn untold(db: &mut DbConnection, limit: i64) -> QueryResult<Vec<Registration>> {
    untold_registrations::table
        .inner_join(registrations::table)
        .order((untold_registrations::created_at, untold_registrations::registration_id))
        .limit(limit)
        .select(Registration::as_select())
        .load(db)
}

/// Takes the note back; whether there was one. Of two processes one has it.
pub(super) fn is_told(db: &mut DbConnection, id: RegistrationId) -> QueryResult<bool> {
    Ok(diesel::delete(untold_registrations::table.find(id)).execute(db)? == 1)
}

/// How many at an event are still to be told.
pub(super) fn untold_count(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    untold_registrations::table
        .inner_join(registrations::table)
        .filter(registrations::event_id.eq(event))
        .count()
        .get_result(db)
}
