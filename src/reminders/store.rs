//! The tables `reminder_rules` and `reminders`.

use super::model::{ReminderKey, ReminderKind, Rules};
use crate::bookings::model::BookingState;
use crate::db::schema::{bookings, registrations, reminder_rules, reminders, speaker_invitations, speakers};
use crate::db::{BookingId, DbConnection, EventId, RegistrationId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime};
use crate::each_backend;
use crate::registration::model::{Registration, RegistrationState};
use crate::speakers::inviting::model::InvitationState;
use diesel::prelude::*;

/// The rules of an event, and how often they were edited.
pub(super) fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<Rules> {
    let row: Option<(String, i32)> = reminder_rules::table
        .find(event)
        .select((reminder_rules::rules, reminder_rules::version))
        .first(db)
        .optional()?;
    Ok(row.map_or_else(Rules::default, |(rules, version)| {
        let mut rules: Rules = serde_json::from_str(&rules).unwrap_or_default();
        rules.version = version;
        rules
    }))
}

/// Puts an event's rules in place of those of version `rules.version`; false when somebody else was faster.
pub(super) fn put(db: &mut DbConnection, now: UtcTime, event: EventId, rules: &Rules) -> QueryResult<bool> {
    let text = serde_json::to_string(rules).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let changed = if rules.version == 0 {
        let row = (
            reminder_rules::event_id.eq(event),
            reminder_rules::rules.eq(text),
            reminder_rules::version.eq(1),
            reminder_rules::updated_at.eq(now),
        );
        each_backend!(db, db => diesel::insert_into(reminder_rules::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(db))?
    } else {
        let same = reminder_rules::table.find(event).filter(reminder_rules::version.eq(rules.version));
        diesel::update(same)
            .set((
                reminder_rules::rules.eq(text),
                reminder_rules::version.eq(rules.version + 1),
                reminder_rules::updated_at.eq(now),
            ))
            .execute(db)?
    };
    Ok(changed == 1)
}

/// The steps of a kind that are past at an event, by person or thing.
pub(super) fn past(db: &mut DbConnection, event: EventId, kind: ReminderKind) -> QueryResult<Vec<(String, String)>> {
    reminders::table
        .filter(reminders::event_id.eq(event))
        .filter(reminders::kind.eq(kind))
        .select((reminders::subject, reminders::step))
        .load(db)
}

/// Takes a step; false when it was taken before. Two nodes that take one at the same instant wait for each
/// other at the row's key, and one of them gets it.
pub(super) fn take(db: &mut DbConnection, now: UtcTime, key: &ReminderKey, step: &str) -> QueryResult<bool> {
    let row = (
        reminders::kind.eq(key.kind),
        reminders::subject.eq(&key.subject),
        reminders::step.eq(step),
        reminders::event_id.eq(key.event),
        reminders::sent_at.eq(now),
    );
    let taken = each_backend!(db, db => diesel::insert_into(reminders::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(taken == 1)
}

/// Whether an invitation still waits for an answer.
pub(super) fn is_open(db: &mut DbConnection, id: SpeakerInvitationId) -> QueryResult<bool> {
    let open = speaker_invitations::table.find(id).filter(speaker_invitations::state.eq(InvitationState::Open));
    Ok(open.count().get_result::<i64>(db)? == 1)
}

/// How many reminders of each kind have left at an event.
pub(super) fn counts(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(ReminderKind, i64)>> {
    reminders::table
        .filter(reminders::event_id.eq(event))
        .group_by(reminders::kind)
        .select((reminders::kind, diesel::dsl::count_star()))
        .load(db)
}

/// Somebody who may be reminded: the registration, what steps count from, and since when it concerns them.
pub(super) type Waiting = (Registration, Option<UtcTime>, Option<UtcTime>);

/// Confirmed people with an address who have had no reminder of this step and were confirmed before it came.
pub(super) fn confirmed(
    db: &mut DbConnection,
    (event, before): (EventId, UtcTime),
    (kind, step): (ReminderKind, &str),
    limit: i64,
) -> QueryResult<Vec<Waiting>> {
    let reminded = reminders::table
        .filter(reminders::event_id.eq(event))
        .filter(reminders::kind.eq(kind))
        .filter(reminders::step.eq(step))
        .select(reminders::subject);
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .filter(registrations::email_key.ne(""))
        .filter(registrations::confirmed_at.lt(before))
        .filter(registrations::id.ne_all(reminded))
        .order(registrations::id)
        .limit(limit)
        .select((Registration::as_select(), registrations::confirmed_at, registrations::confirmed_at))
        .load(db)
}

/// People with a seat in a session, booked before a step came, who have had no reminder of it.
pub(super) fn booked(
    db: &mut DbConnection,
    (event, session): (EventId, SessionId),
    before: UtcTime,
    (kind, step): (ReminderKind, &str),
) -> QueryResult<Vec<Waiting>> {
    let reminded = reminders::table
        .filter(reminders::event_id.eq(event))
        .filter(reminders::kind.eq(kind))
        .filter(reminders::step.eq(step))
        .select(reminders::subject);
    let seated = bookings::table
        .filter(bookings::session_id.eq(session))
        .filter(bookings::state.eq(BookingState::Booked))
        .filter(bookings::created_at.lt(before))
        .select(bookings::registration_id);
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .filter(registrations::email_key.ne(""))
        .filter(registrations::id.eq_any(seated))
        .filter(registrations::id.ne_all(reminded))
        .select((Registration::as_select(), registrations::confirmed_at, registrations::confirmed_at))
        .load(db)
}

/// Applications whose applicants were asked for more.
pub(super) fn asked(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Waiting>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Applied))
        .filter(registrations::email_key.ne(""))
        .filter(registrations::asked_at.is_not_null())
        .select((Registration::as_select(), registrations::asked_at, registrations::asked_at))
        .load(db)
}

/// People to whom a place is offered, with until when and since when.
pub(super) fn offered(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Waiting>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Offered))
        .filter(registrations::email_key.ne(""))
        .filter(registrations::offered_until.is_not_null())
        .select((Registration::as_select(), registrations::offered_until, registrations::waits_since))
        .load(db)
}

/// Whether a registration is still in a state.
pub(super) fn is_in_state(db: &mut DbConnection, id: RegistrationId, state: RegistrationState) -> QueryResult<bool> {
    let same = registrations::table.find(id).filter(registrations::state.eq(state));
    Ok(same.count().get_result::<i64>(db)? == 1)
}

/// Whether somebody still has a seat in a session.
pub(super) fn is_booked(db: &mut DbConnection, id: RegistrationId, session: SessionId) -> QueryResult<bool> {
    let seat = bookings::table
        .filter(bookings::registration_id.eq(id))
        .filter(bookings::session_id.eq(session))
        .filter(bookings::state.eq(BookingState::Booked));
    Ok(seat.count().get_result::<i64>(db)? > 0)
}

/// Whether a seat is offered still, until the same time.
pub(super) fn is_kept(db: &mut DbConnection, id: BookingId, until: UtcTime) -> QueryResult<bool> {
    let kept = bookings::table
        .find(id)
        .filter(bookings::state.eq(BookingState::Offered))
        .filter(bookings::offered_until.eq(until));
    Ok(kept.count().get_result::<i64>(db)? == 1)
}

/// Whether a speaker is still there.
pub(super) fn is_speaker(db: &mut DbConnection, id: SpeakerId) -> QueryResult<bool> {
    Ok(speakers::table.find(id).count().get_result::<i64>(db)? == 1)
}
