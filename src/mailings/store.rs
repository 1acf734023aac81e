//! The tables of mailings, and who fits an audience.

use super::choices::model::Topic;
use super::model::{Audience, Mailing, MailingState, Sources, Timing};
use crate::bookings::model::BookingState;
use crate::db::schema::{
    bookings, mail_refusals, mailing_recipients, mailings, registrations, session_speakers, sessions, slot_answers,
    slots, speakers,
};
use crate::db::{
    DbConnection, EventId, ForumId, MailingId, MessageId, RegistrationId, RoomId, SessionId, SpeakerId, UserId, UtcTime,
};
use crate::each_backend;
use crate::programme::model::SessionState;
use crate::registration::model::Registration;
use crate::speakers::model::Speaker;
use crate::web::TokenHash;
use diesel::prelude::*;

type Row = (MailingId, EventId, String, String, String, MailingState, Option<UtcTime>, i32, UtcTime);

const COLUMNS: (
    mailings::id,
    mailings::event_id,
    mailings::audience,
    mailings::sources,
    mailings::timing,
    mailings::state,
    mailings::leaves_at,
    mailings::version,
    mailings::created_at,
) = (
    mailings::id,
    mailings::event_id,
    mailings::audience,
    mailings::sources,
    mailings::timing,
    mailings::state,
    mailings::leaves_at,
    mailings::version,
    mailings::created_at,
);

fn mailing((id, event_id, audience, sources, timing, state, leaves_at, version, created_at): Row) -> Mailing {
    Mailing {
        id,
        event_id,
        audience: serde_json::from_str(&audience).unwrap_or_default(),
        sources: serde_json::from_str(&sources).unwrap_or_default(),
        timing: serde_json::from_str(&timing).unwrap_or_default(),
        state,
        leaves_at,
        version,
        created_at,
    }
}

pub(super) fn list(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<Mailing>> {
    let rows: Vec<Row> = mailings::table
        .filter(mailings::event_id.eq(event))
        .order(mailings::created_at.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(db)?;
    Ok(rows.into_iter().map(mailing).collect())
}

pub(super) fn find(db: &mut DbConnection, event: EventId, id: MailingId) -> QueryResult<Option<Mailing>> {
    let row: Option<Row> =
        mailings::table.find(id).filter(mailings::event_id.eq(event)).select(COLUMNS).first(db).optional()?;
    Ok(row.map(mailing))
}

/// What is to leave by `now`.
pub(super) fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<Mailing>> {
    let rows: Vec<Row> = mailings::table
        .filter(mailings::state.eq_any([MailingState::Planned, MailingState::Leaving]))
        .filter(mailings::leaves_at.le(now))
        .order(mailings::leaves_at)
        .select(COLUMNS)
        .load(db)?;
    Ok(rows.into_iter().map(mailing).collect())
}

/// What can be written of a mailing.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    pub(super) audience: &'a Audience,
    pub(super) sources: &'a Sources,
    pub(super) timing: Timing,
}

fn json<T: serde::Serialize>(value: &T) -> QueryResult<String> {
    serde_json::to_string(value).map_err(|error| diesel::result::Error::SerializationError(error.into()))
}

pub(super) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, by): (EventId, MailingId, Option<UserId>),
    words: &Words<'_>,
) -> QueryResult<()> {
    diesel::insert_into(mailings::table)
        .values((
            mailings::id.eq(id),
            mailings::event_id.eq(event),
            mailings::audience.eq(json(words.audience)?),
            mailings::sources.eq(json(words.sources)?),
            mailings::timing.eq(json(&words.timing)?),
            mailings::state.eq(MailingState::Draft),
            mailings::version.eq(1),
            mailings::created_by.eq(by),
            mailings::created_at.eq(now),
            mailings::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Changes a draft; false when it is none any more or somebody else was quicker.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (MailingId, i32),
    words: &Words<'_>,
) -> QueryResult<bool> {
    let target =
        mailings::table.find(id).filter(mailings::version.eq(version)).filter(mailings::state.eq(MailingState::Draft));
    let changed = diesel::update(target)
        .set((
            mailings::audience.eq(json(words.audience)?),
            mailings::sources.eq(json(words.sources)?),
            mailings::timing.eq(json(&words.timing)?),
            mailings::version.eq(version + 1),
            mailings::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Moves a mailing on from one of `from`; false when it stands elsewhere.
pub(super) fn change_state(
    db: &mut DbConnection,
    now: UtcTime,
    id: MailingId,
    from: &[MailingState],
    (to, leaves_at): (MailingState, Option<UtcTime>),
) -> QueryResult<bool> {
    let target = mailings::table.find(id).filter(mailings::state.eq_any(from.to_vec()));
    let changed = diesel::update(target)
        .set((
            mailings::state.eq(to),
            mailings::leaves_at.eq(leaves_at),
            mailings::version.eq(mailings::version + 1),
            mailings::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

pub(super) fn delete_draft(db: &mut DbConnection, event: EventId, id: MailingId) -> QueryResult<bool> {
    let target =
        mailings::table.find(id).filter(mailings::event_id.eq(event)).filter(mailings::state.eq(MailingState::Draft));
    Ok(diesel::delete(target).execute(db)? == 1)
}

/// How many have got it.
pub(super) fn reached(db: &mut DbConnection, id: MailingId) -> QueryResult<i64> {
    mailing_recipients::table.filter(mailing_recipients::mailing_id.eq(id)).count().get_result(db)
}

/// How many have got each of these mailings; those that nobody has got are left out.
pub(super) fn all_reached(db: &mut DbConnection, ids: &[MailingId]) -> QueryResult<Vec<(MailingId, i64)>> {
    mailing_recipients::table
        .filter(mailing_recipients::mailing_id.eq_any(ids))
        .group_by(mailing_recipients::mailing_id)
        .select((mailing_recipients::mailing_id, diesel::dsl::count_star()))
        .load(db)
}

pub(super) fn have_got(db: &mut DbConnection, id: MailingId) -> QueryResult<Vec<(String, String)>> {
    mailing_recipients::table
        .filter(mailing_recipients::mailing_id.eq(id))
        .select((mailing_recipients::address_key, mailing_recipients::about))
        .load(db)
}

/// Takes an address for a mailing; false when it has got it already, or wants none.
pub(super) fn take(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, topic): (EventId, MailingId, Topic),
    (address, about): (&str, &str),
    token: &TokenHash,
) -> QueryResult<bool> {
    let refused: i64 = mail_refusals::table.find((event, address, topic)).count().get_result(db)?;
    if refused > 0 {
        return Ok(false);
    }
    let row = (
        mailing_recipients::mailing_id.eq(id),
        mailing_recipients::address_key.eq(address),
        mailing_recipients::about.eq(about),
        mailing_recipients::token_hash.eq(token),
        mailing_recipients::created_at.eq(now),
    );
    let taken = each_backend!(db, db => diesel::insert_into(mailing_recipients::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(taken == 1)
}

pub(super) fn note_message(
    db: &mut DbConnection,
    id: MailingId,
    (address, about): (&str, &str),
    message: MessageId,
) -> QueryResult<()> {
    diesel::update(mailing_recipients::table.find((id, address, about)))
        .set(mailing_recipients::message_id.eq(message))
        .execute(db)
        .map(drop)
}

/// Addresses that refused a sort of mails.
pub(super) fn refusals(db: &mut DbConnection, event: EventId, topic: Topic) -> QueryResult<Vec<String>> {
    mail_refusals::table
        .filter(mail_refusals::event_id.eq(event))
        .filter(mail_refusals::topic.eq(topic))
        .select(mail_refusals::address_key)
        .load(db)
}

/// Up to `limit` registrations after `after` that fit, with their answers.
pub(super) fn fitting(
    db: &mut DbConnection,
    event: EventId,
    audience: &Audience,
    (after, limit): (Option<RegistrationId>, i64),
) -> QueryResult<Vec<(Registration, String)>> {
    let mut query = registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq_any(audience.wanted_states()))
        .filter(registrations::email_key.ne(""))
        .into_boxed();
    let categories = audience.wanted_categories();
    if !categories.is_empty() {
        query = query.filter(registrations::category_id.eq_any(categories));
    }
    let delegations = audience.wanted_delegations();
    if !delegations.is_empty() {
        query = query.filter(registrations::delegation_id.eq_any(delegations));
    }
    if !audience.countries.is_empty() {
        query = query.filter(registrations::country.eq_any(audience.countries.clone()));
    }
    match audience.came.as_str() {
        "yes" => query = query.filter(registrations::came_at.is_not_null()),
        "no" => query = query.filter(registrations::came_at.is_null()),
        _ => {}
    }
    if let Some(session) = audience.booked_session() {
        let booked = bookings::table
            .filter(bookings::session_id.eq(session))
            .filter(bookings::state.eq(BookingState::Booked))
            .select(bookings::registration_id);
        query = query.filter(registrations::id.eq_any(booked));
    }
    if let Some(after) = after {
        query = query.filter(registrations::id.gt(after));
    }
    query.order(registrations::id).limit(limit).select((Registration::as_select(), registrations::answers)).load(db)
}

/// Who has a seat in which session.
pub(super) fn seats(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(RegistrationId, SessionId)>> {
    bookings::table
        .filter(bookings::event_id.eq(event))
        .filter(bookings::state.eq(BookingState::Booked))
        .select((bookings::registration_id, bookings::session_id))
        .load(db)
}

/// A speaker's part in a session of the draft.
pub(super) type SpeakerPart = (SpeakerId, SessionId, Option<ForumId>);

/// Every speaker, and what they take part in.
pub(super) fn speaking(
    db: &mut DbConnection,
    event: EventId,
    states: &[SessionState],
) -> QueryResult<(Vec<Speaker>, Vec<SpeakerPart>)> {
    let people = speakers::table
        .filter(speakers::event_id.eq(event))
        .order(speakers::id)
        .select(Speaker::as_select())
        .load(db)?;
    let parts = session_speakers::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .filter(sessions::state.eq_any(states.to_vec()))
        .select((session_speakers::speaker_id, sessions::id, sessions::forum_id))
        .load(db)?;
    Ok((people, parts))
}

/// Where and when the draft's sessions take place.
pub(super) fn places(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SessionId, Option<RoomId>, UtcTime)>> {
    slots::table
        .filter(slots::event_id.eq(event))
        .order(slots::starts_at)
        .select((slots::session_id, slots::room_id, slots::starts_at))
        .load(db)
}

/// Which speakers have answered which session.
pub(super) fn answered(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerId, SessionId)>> {
    slot_answers::table
        .filter(slot_answers::event_id.eq(event))
        .select((slot_answers::speaker_id, slot_answers::session_id))
        .load(db)
}

/// Forgets that an address got mailings of an event.
pub(super) fn forget(db: &mut DbConnection, event: EventId, address: &str) -> QueryResult<()> {
    let own = mailings::table.filter(mailings::event_id.eq(event)).select(mailings::id);
    diesel::delete(mailing_recipients::table.filter(mailing_recipients::address_key.eq(address)))
        .filter(mailing_recipients::mailing_id.eq_any(own))
        .execute(db)
        .map(drop)
}
