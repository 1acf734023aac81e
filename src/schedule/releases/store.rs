//! The tables `releases` and `planned_releases`, and who has starred what.

use super::model::{PlannedRelease, Refusal, ReleaseSummary};
use crate::db::schema::{bookings, planned_releases, releases, sessions, stars};
use crate::db::{DbConnection, EventId, RegistrationId, ReleaseId, SessionId, UserId, UtcTime};
use crate::schedule::model::Programme;
use diesel::prelude::*;

/// The releases of an event, newest first, without their content.
pub(super) fn releases(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ReleaseSummary>> {
    releases::table
        .filter(releases::event_id.eq(event))
        .order(releases::number.desc())
        .select(ReleaseSummary::as_select())
        .load(db)
}

/// The number of the newest release; 0 before the first.
pub(super) fn newest_number(db: &mut DbConnection, event: EventId) -> QueryResult<i32> {
    let newest: Option<i32> = releases::table
        .filter(releases::event_id.eq(event))
        .order(releases::number.desc())
        .select(releases::number)
        .first(db)
        .optional()?;
    Ok(newest.unwrap_or_default())
}

/// The newest release.
pub(super) fn latest_release(db: &mut DbConnection, event: EventId) -> QueryResult<Option<Programme>> {
    let content: Option<String> = releases::table
        .filter(releases::event_id.eq(event))
        .order(releases::number.desc())
        .select(releases::content)
        .first(db)
        .optional()?;
    content.map(|json| read(&json)).transpose()
}

/// The release of this number.
pub(super) fn release(db: &mut DbConnection, event: EventId, number: i32) -> QueryResult<Option<Programme>> {
    let content: Option<String> = releases::table
        .filter(releases::event_id.eq(event))
        .filter(releases::number.eq(number))
        .select(releases::content)
        .first(db)
        .optional()?;
    content.map(|json| read(&json)).transpose()
}

fn read(json: &str) -> QueryResult<Programme> {
    serde_json::from_str(json).map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}

/// Keeps a release; its number is taken from the programme.
pub(super) fn insert_release(
    db: &mut DbConnection,
    now: UtcTime,
    by: Option<UserId>,
    programme: &Programme,
    restores: Option<i32>,
) -> QueryResult<()> {
    let content =
        serde_json::to_string(programme).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let info = programme.release.as_ref().ok_or(diesel::result::Error::NotFound)?;
    diesel::insert_into(releases::table)
        .values((
            releases::id.eq(ReleaseId::new()),
            releases::event_id.eq(programme.event.id),
            releases::number.eq(info.number),
            releases::name.eq(&info.name),
            releases::note.eq(&info.note),
            releases::content.eq(content),
            releases::restores.eq(restores),
            releases::created_by.eq(by),
            releases::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// What is planned for an event.
pub(super) fn plan(db: &mut DbConnection, event: EventId) -> QueryResult<Option<PlannedRelease>> {
    planned_releases::table.find(event).select(PlannedRelease::as_select()).first(db).optional()
}

/// Keeps a plan that was not there.
pub(super) fn insert_plan(db: &mut DbConnection, plan: &PlannedRelease) -> QueryResult<()> {
    diesel::insert_into(planned_releases::table).values(plan.clone()).execute(db).map(drop)
}

/// Takes a plan away if it is still as it was looked at. Of two processes that both have seen it,
/// one waits for the other here and then finds nothing.
pub(super) fn take_plan(db: &mut DbConnection, plan: &PlannedRelease) -> QueryResult<bool> {
    let same = planned_releases::table
        .find(plan.event_id)
        .filter(planned_releases::created_at.eq(plan.created_at))
        .filter(planned_releases::due_at.eq(plan.due_at));
    Ok(diesel::delete(same).execute(db)? == 1)
}

/// The plans that are due and were not refused.
pub(super) fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<PlannedRelease>> {
    planned_releases::table
        .filter(planned_releases::due_at.le(now))
        .filter(planned_releases::last_error.is_null())
        .order((planned_releases::due_at, planned_releases::event_id))
        .select(PlannedRelease::as_select())
        .load(db)
}

/// Notes why a plan was not published, if it is still as it was tried.
pub(super) fn note_refusal(db: &mut DbConnection, plan: &PlannedRelease, refusal: Refusal) -> QueryResult<()> {
    let same = planned_releases::table
        .find(plan.event_id)
        .filter(planned_releases::created_at.eq(plan.created_at))
        .filter(planned_releases::due_at.eq(plan.due_at));
    diesel::update(same).set(planned_releases::last_error.eq(refusal.as_text())).execute(db).map(drop)
}

/// Who has starred which session of an event or has a seat in it, each once.
pub(super) fn audience(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(RegistrationId, SessionId)>> {
    let mut found: Vec<(RegistrationId, SessionId)> = stars::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .select((stars::registration_id, stars::session_id))
        .load(db)?;
    let booked: Vec<(RegistrationId, SessionId)> = bookings::table
        .filter(bookings::event_id.eq(event))
        .filter(bookings::ended_at.is_null())
        .select((bookings::registration_id, bookings::session_id))
        .load(db)?;
    found.extend(booked);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
