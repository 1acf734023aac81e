//! The rows of two registrations that become one.

use super::model::{Party, Tie};
use crate::db::schema::{registration_links, registrations, transfers};
use crate::db::{DbConnection, EventId, RegistrationId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::registration::model::RegistrationState;
use crate::registration::names::{NameOrder, full_name};
use diesel::dsl::exists;
use diesel::prelude::*;

/// Lets whoever else changes these two wait until this transaction ends; in one order, so that nobody waits in a
/// circle.
pub(super) fn lock(db: &mut DbConnection, one: RegistrationId, other: RegistrationId) -> QueryResult<()> {
    for id in [one.min(other), one.max(other)] {
        diesel::update(registrations::table.find(id))
            .set(registrations::version.eq(registrations::version))
            .execute(db)?;
    }
    Ok(())
}

/// One registration of an event with what matters here.
pub(super) fn party(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Party>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(Party::as_select())
        .first(db)
        .optional()
}

/// The registration that is known by this number or address. Of several with one address the one that stands.
pub(super) fn named(
    db: &mut DbConnection,
    event: EventId,
    (code, address): (&str, Option<&str>),
) -> QueryResult<Option<RegistrationId>> {
    let own = || registrations::table.filter(registrations::event_id.eq(event)).select(registrations::id);
    let Some(address) = address else {
        return own().filter(registrations::code.eq(code)).first(db).optional();
    };
    own().filter(registrations::email_key.eq(address)).filter(registrations::ended_at.is_null()).first(db).optional()
}

/// Lets one registration lead to the one that is kept. At the door its ticket is then revoked.
pub(super) fn lead_on(
    db: &mut DbConnection,
    now: UtcTime,
    (from, to): (RegistrationId, RegistrationId),
) -> QueryResult<()> {
    diesel::update(registrations::table.find(from))
        .set((
            registrations::merged_into.eq(to.as_str()),
            registrations::speaker_id.eq(None::<SpeakerId>),
            registrations::photo_id.eq(None::<String>),
            registrations::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// What the kept one takes over beside details and answers.
#[derive(Clone, Debug)]
pub(super) struct More<'a> {
    /// The address as typed and as compared, and what a search looks through; nothing where it stays.
    pub(super) address: Option<(&'a str, &'a str, &'a str)>,
    pub(super) language: Lang,
    pub(super) remark: &'a str,
    pub(super) priority: i32,
    pub(super) waits_since: Option<UtcTime>,
    pub(super) came_at: Option<UtcTime>,
    pub(super) speaker: Option<SpeakerId>,
    pub(super) is_watched: bool,
    pub(super) photo: Option<String>,
    pub(super) hints: (Option<String>, Option<String>),
}

/// Sets it.
pub(super) fn set_more(db: &mut DbConnection, now: UtcTime, id: RegistrationId, more: &More<'_>) -> QueryResult<()> {
    if let Some((email, key, search)) = more.address {
        diesel::update(registrations::table.find(id))
            .set((
                registrations::email.eq(email),
                registrations::email_key.eq(key),
                registrations::search_key.eq(search),
            ))
            .execute(db)?;
    }
    diesel::update(registrations::table.find(id))
        .set((
            registrations::language.eq(more.language),
            registrations::remark.eq(more.remark),
            registrations::priority.eq(more.priority),
            registrations::waits_since.eq(more.waits_since),
            registrations::came_at.eq(more.came_at),
            registrations::speaker_id.eq(more.speaker),
            registrations::is_watched.eq(more.is_watched),
            registrations::photo_id.eq(&more.photo),
            registrations::document_key.eq(&more.hints.0),
            registrations::birth_key.eq(&more.hints.1),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Takes the links back that went to an address which is not the person's any more.
pub(super) fn revoke_links(db: &mut DbConnection, now: UtcTime, id: RegistrationId) -> QueryResult<()> {
    let open = registration_links::table
        .filter(registration_links::registration_id.eq(id))
        .filter(registration_links::revoked_at.is_null());
    diesel::update(open).set(registration_links::revoked_at.eq(now)).execute(db).map(drop)
}

/// Whether a registration was put together with another one of the same person.
pub(super) fn is_merged(db: &mut DbConnection, id: RegistrationId) -> QueryResult<bool> {
    let passed_on = transfers::table
        .filter(transfers::registration_id.eq(registrations::id))
        .filter(transfers::successor_id.is_not_null());
    let own = registrations::table
        .find(id)
        .filter(registrations::merged_into.is_not_null())
        .filter(registrations::state.eq(RegistrationState::Cancelled))
        .filter(diesel::dsl::not(exists(passed_on)));
    diesel::select(exists(own)).get_result(db)
}

/// The registrations that this one leads to, and those that lead to it.
pub(super) fn ties(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<Tie>> {
    type Row = (RegistrationId, String, String, String, NameOrder);
    let columns = (
        registrations::id,
        registrations::code,
        registrations::given_name,
        registrations::family_name,
        registrations::name_order,
    );
    let onwards: Option<Option<String>> =
        registrations::table.find(id).select(registrations::merged_into).first(db).optional()?;
    let onwards = onwards.flatten().and_then(|id| id.parse::<RegistrationId>().ok());
    let to: Vec<Row> = registrations::table.filter(registrations::id.eq_any(onwards)).select(columns).load(db)?;
    let from: Vec<Row> =
        registrations::table.filter(registrations::merged_into.eq(id.as_str())).select(columns).load(db)?;
    let passed: Vec<(RegistrationId, Option<RegistrationId>)> = transfers::table
        .filter(transfers::successor_id.is_not_null())
        .filter(transfers::registration_id.eq(id).or(transfers::successor_id.eq(id).assume_not_null()))
        .select((transfers::registration_id, transfers::successor_id))
        .load(db)?;
    let tie = |(other, code, given, family, order): Row, is_onwards: bool| Tie {
        id: other,
        code,
        name: full_name(&given, &family, order),
        is_onwards,
        is_transfer: passed.iter().any(|(sender, successor)| {
            if is_onwards { *sender == id && *successor == Some(other) } else { *sender == other }
        }),
    };
    let all = to.into_iter().map(|row| (row, true)).chain(from.into_iter().map(|row| (row, false)));
    Ok(all.map(|(row, is_onwards)| tie(row, is_onwards)).collect())
}
