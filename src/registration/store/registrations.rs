//! The table `registrations`.

use crate::db::schema::registrations;
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::registration::model::{Details, Registration, RegistrationState, Source};
use diesel::prelude::*;

/// Adds a registration unless its address has one without end at the event, or its code is given
/// away; returns whether it was added. A refused insert must not be an error: on Postgres that
/// would end the savepoint.
pub(in crate::registration) fn insert_if_free(
    db: &mut DbConnection,
    registration: &Registration,
    answers: &str,
) -> QueryResult<bool> {
    let added = each_backend!(db, backend => diesel::insert_into(registrations::table)
        .values((registration, registrations::answers.eq(answers)))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Where a registration that nobody filled in a form for comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::registration) struct Origin<'a> {
    /// How it came to be.
    pub source: Source,
    /// The delegation and the rank in it.
    pub delegation: Option<(DelegationId, i32)>,
    /// The speaker who it is.
    pub speaker: Option<SpeakerId>,
    /// Answers, in JSON.
    pub answers: &'a str,
}

/// Adds a registration unless its address has one without end at the event, or its code is given away;
/// whether it was added.
pub(in crate::registration) fn insert_from(
    db: &mut DbConnection,
    registration: &Registration,
    origin: &Origin<'_>,
) -> QueryResult<bool> {
    let more = (
        registrations::source.eq(origin.source.as_str()),
        registrations::delegation_id.eq(origin.delegation.map(|(delegation, _)| delegation)),
        registrations::delegation_rank.eq(origin.delegation.map_or(0, |(_, rank)| rank)),
        registrations::speaker_id.eq(origin.speaker),
        registrations::answers.eq(origin.answers),
    );
    let added = each_backend!(db, backend => diesel::insert_into(registrations::table)
        .values((registration, more))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Takes back a registration that was added a moment ago and found no place.
pub(in crate::registration) fn delete(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::delete(registrations::table.find(id)).execute(db).map(drop)
}

/// The registration without end that an address has at an event.
pub(in crate::registration) fn active(
    db: &mut DbConnection,
    event: EventId,
    email_key: &str,
) -> QueryResult<Option<Registration>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::email_key.eq(email_key))
        .filter(registrations::ended_at.is_null())
        .select(Registration::as_select())
        .first(db)
        .optional()
}

/// One registration of an event.
pub(in crate::registration) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Option<Registration>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(Registration::as_select())
        .first(db)
        .optional()
}

/// Whether a registration exists and has not ended.
pub(in crate::registration) fn is_active(db: &mut DbConnection, id: &str) -> QueryResult<bool> {
    let Ok(id) = id.parse::<RegistrationId>() else { return Ok(false) };
    let row = registrations::table.find(id).filter(registrations::ended_at.is_null());
    diesel::select(diesel::dsl::exists(row)).get_result(db)
}

/// Confirms the address of a registration that awaits it and brings it into the state `to`; returns
/// whether it did.
pub(in crate::registration) fn confirm(
    db: &mut DbConnection,
    now: UtcTime,
    (id, to): (RegistrationId, RegistrationState),
) -> QueryResult<bool> {
    let changed = diesel::update(
        registrations::table
            .find(id)
            .filter(registrations::state.eq(RegistrationState::Unverified))
            .filter(registrations::verify_by.ge(now)),
    )
    .set((
        registrations::state.eq(to),
        registrations::confirmed_at.eq(now),
        registrations::verify_by.eq(None::<UtcTime>),
        registrations::version.eq(registrations::version + 1),
        registrations::updated_at.eq(now),
    ))
    .execute(db)?;
    Ok(changed == 1)
}

/// Moves a registration that still stands as `from` in the category in which it was read, whose places are taken
/// or given back with it; with the instants that belong to the new state. Returns whether it did.
pub(in crate::registration) fn change_state(
    db: &mut DbConnection,
    now: UtcTime,
    (id, category): (RegistrationId, CategoryId),
    (from, to): (RegistrationState, RegistrationState),
    offered_until: Option<UtcTime>,
) -> QueryResult<bool> {
    use RegistrationState as S;
    let row = || registrations::table.find(id);
    let same = row().filter(registrations::state.eq(from)).filter(registrations::category_id.eq(category));
    let changed = diesel::update(same)
        .set((
            registrations::state.eq(to),
            registrations::verify_by.eq(None::<UtcTime>),
            registrations::offered_until.eq(offered_until.filter(|_| to == S::Offered)),
            registrations::asked_at.eq(None::<UtcTime>),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)?;
    if changed == 0 {
        return Ok(false);
    }
    match to {
        S::Confirmed => diesel::update(row())
            .set((
                registrations::confirmed_at.eq(now),
                registrations::approved_at.eq((from == S::Applied).then_some(now)),
            ))
            .execute(db)?,
        S::Applied => diesel::update(row()).set(registrations::approved_at.eq(None::<UtcTime>)).execute(db)?,
        S::Waitlisted => diesel::update(row()).set(registrations::waits_since.eq(now)).execute(db)?,
        S::Rejected | S::Cancelled | S::Expired => diesel::update(row())
            .set((
                registrations::ended_at.eq(now),
                registrations::calendar_sequence.eq(registrations::calendar_sequence + 1),
            ))
            .execute(db)?,
        S::Unverified | S::Offered => 0,
    };
    Ok(true)
}

/// Ends an unverified registration whose time is over; its category when it did.
pub(in crate::registration) fn expire(
    db: &mut DbConnection,
    now: UtcTime,
    id: RegistrationId,
) -> QueryResult<Option<(EventId, CategoryId)>> {
    diesel::update(
        registrations::table
            .find(id)
            .filter(registrations::state.eq(RegistrationState::Unverified))
            .filter(registrations::verify_by.lt(now)),
    )
    .set((
        registrations::state.eq(RegistrationState::Expired),
        registrations::ended_at.eq(now),
        registrations::verify_by.eq(None::<UtcTime>),
        registrations::version.eq(registrations::version + 1),
        registrations::updated_at.eq(now),
    ))
    .returning((registrations::event_id, registrations::category_id))
    .get_result(db)
    .optional()
}

/// Unverified registrations whose time is over.
pub(in crate::registration) fn overdue(
    db: &mut DbConnection,
    now: UtcTime,
    limit: i64,
) -> QueryResult<Vec<RegistrationId>> {
    registrations::table
        .filter(registrations::verify_by.lt(now))
        .filter(registrations::state.eq(RegistrationState::Unverified))
        .order(registrations::verify_by.asc())
        .limit(limit)
        .select(registrations::id)
        .load(db)
}

/// Gives an unverified registration more time.
pub(in crate::registration) fn extend(
    db: &mut DbConnection,
    id: RegistrationId,
    verify_by: UtcTime,
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id).filter(registrations::state.eq(RegistrationState::Unverified)))
        .set(registrations::verify_by.eq(verify_by))
        .execute(db)
        .map(drop)
}

/// Changes the facts about the person if nobody else has since `version`; returns whether it did.
pub(in crate::registration) fn update_details(
    db: &mut DbConnection,
    now: UtcTime,
    (registration, version): (&Registration, i32),
    details: &Details,
) -> QueryResult<bool> {
    let changed = diesel::update(registrations::table.find(registration.id).filter(registrations::version.eq(version)))
        .set((
            registrations::given_name.eq(&details.given_name),
            registrations::family_name.eq(&details.family_name),
            registrations::native_name.eq(&details.native_name),
            registrations::organisation.eq(&details.organisation),
            registrations::position.eq(&details.position),
            registrations::country.eq(&details.country),
            registrations::honorific.eq(&details.honorific),
            registrations::name_order.eq(details.name_order),
            registrations::nationality.eq(&details.nationality),
            registrations::search_key.eq(details.search_key(&registration.email_key, &registration.code)),
            registrations::sort_key.eq(details.sort_key()),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Moves a registration into another category if nobody has changed it since it was read; whether it did. The
/// tickets of somebody confirmed say the old category and don't count any more.
pub(in crate::registration) fn set_category(
    db: &mut DbConnection,
    now: UtcTime,
    registration: &Registration,
    to: CategoryId,
) -> QueryResult<bool> {
    let step = i32::from(registration.state == RegistrationState::Confirmed);
    let same = registrations::table
        .find(registration.id)
        .filter(registrations::version.eq(registration.version))
        .filter(registrations::category_id.eq(registration.category_id))
        .filter(registrations::state.eq(registration.state))
        .filter(registrations::ticket_serial.eq(registration.ticket_serial));
    let changed = diesel::update(same)
        .set((
            registrations::category_id.eq(to),
            registrations::ticket_serial.eq(registrations::ticket_serial + step),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Raises the number that a ticket must have.
pub(in crate::registration) fn renew_ticket(
    db: &mut DbConnection,
    now: UtcTime,
    id: RegistrationId,
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((registrations::ticket_serial.eq(registrations::ticket_serial + 1), registrations::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}
