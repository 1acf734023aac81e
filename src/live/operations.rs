//! Announcing and taking back.

use super::model::{Announcement, NewAnnouncement, Occasion, usual_end};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AnnouncementId, DbConnection, DbError, EventId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::touch_public;
use crate::schedule::model::Programme;
use crate::schedule::operations as schedule;
use crate::schedule::times::resolve;
use crate::site::model::{DAY_BEGINS, programme_day};
use crate::venue::operations as venue;
use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use diesel::QueryResult;

/// Why something was not announced or taken back.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// There is no such announcement at this event.
    #[error("there is no such announcement")]
    NotFound,
    /// The room or session is not (any more) one of this event's.
    #[error("the room or session is not there any more")]
    Gone,
    /// It would end before it begins.
    #[error("the announcement would end before it begins")]
    EndsBeforeStart,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(LiveError);

/// Announces something; public pages show it with their next look.
///
/// # Errors
/// When its room or session is not there, or it would end before it begins.
pub fn announce(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    new: &NewAnnouncement,
) -> Result<AnnouncementId, LiveError> {
    let released = schedule::latest_release(db, event.id)?;
    check_place(db, event, released.as_ref(), new)?;
    let starts_at = new.from.unwrap_or(now);
    let occasions = released.as_ref().map(occasions).unwrap_or_default();
    let ends_at =
        new.until.unwrap_or_else(|| usual_end(new, &occasions, starts_at, end_of_day(starts_at, event.zone())));
    if ends_at <= starts_at || ends_at <= now {
        return Err(LiveError::EndsBeforeStart);
    }
    let announcement = Announcement {
        id: AnnouncementId::new(),
        event_id: event.id,
        kind: new.kind,
        room_id: new.room.filter(|_| new.session.is_none()),
        session_id: new.session,
        body: new.body.clone(),
        delay_minutes: new.delay_minutes,
        starts_at,
        ends_at,
        withdrawn_at: None,
        created_by: if let Actor::User(user) = actor { Some(user) } else { None },
        created_at: now,
    };
    store::insert(db, &announcement)?;
    touch_public(db, event.id)?;
    note(db, now, actor, event.id, ("announcement.made", announcement.id))?;
    Ok(announcement.id)
}

fn check_place(
    db: &mut DbConnection,
    event: &Event,
    released: Option<&Programme>,
    new: &NewAnnouncement,
) -> Result<(), LiveError> {
    if let Some(session) = new.session {
        let is_public = released.is_some_and(|programme| programme.sessions.iter().any(|one| one.id == session));
        return if is_public { Ok(()) } else { Err(LiveError::Gone) };
    }
    match new.room {
        Some(room) => venue::find(db, event.id, room)?.map(drop).ok_or(LiveError::Gone),
        None => Ok(()),
    }
}

fn occasions(programme: &Programme) -> Vec<Occasion> {
    let slots = programme.sessions.iter().flat_map(|session| session.slots.iter().map(move |slot| (session.id, slot)));
    slots.map(|(session, slot)| Occasion { session, room: slot.room, start: slot.start, end: slot.end }).collect()
}

/// When the day of the programme ends that an instant belongs to.
fn end_of_day(at: UtcTime, zone: Tz) -> UtcTime {
    let next = programme_day(at, zone).succ_opt().unwrap_or_default();
    let begins = NaiveTime::MIN + DAY_BEGINS;
    // No zone changes its clocks at five; where one did, a day's length serves.
    resolve(next, begins, zone, None).ok().filter(|end| *end > at).unwrap_or(at + TimeDelta::hours(24))
}

/// Takes an announcement back. Doing it twice is doing it once.
///
/// # Errors
/// When there is no such announcement.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    announcement: AnnouncementId,
) -> Result<(), LiveError> {
    if store::withdraw(db, now, event, announcement)? {
        touch_public(db, event)?;
        return note(db, now, actor, event, ("announcement.withdrawn", announcement));
    }
    if store::exists(db, event, announcement)? { Ok(()) } else { Err(LiveError::NotFound) }
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (action, announcement): (&'static str, AnnouncementId),
) -> Result<(), LiveError> {
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "announcement", announcement.as_str()))?)
}

/// Every announcement of an event, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Announcement>> {
    store::all(db, event)
}

/// What holds, or may hold still, of an event: also what ended less than a day ago, because a
/// session may run on that it made late.
///
/// # Errors
/// When the database refuses.
pub fn standing(db: &mut DbConnection, event: EventId, now: UtcTime) -> QueryResult<Vec<Announcement>> {
    store::standing(db, event, now - TimeDelta::hours(24))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_five_in_the_morning_on_the_events_clocks() {
        let at = |text: &str| UtcTime::from(chrono::DateTime::parse_from_rfc3339(text).expect("a time").to_utc());
        for (now, zone, end) in [
            ("2027-04-13T09:00:00+08:00", Tz::Asia__Shanghai, "2027-04-14T05:00:00+08:00"),
            ("2027-04-14T01:30:00+08:00", Tz::Asia__Shanghai, "2027-04-14T05:00:00+08:00"),
            ("2027-04-14T05:00:00+08:00", Tz::Asia__Shanghai, "2027-04-15T05:00:00+08:00"),
            ("2027-10-30T23:00:00+02:00", Tz::Europe__Berlin, "2027-10-31T05:00:00+01:00"),
            ("2027-04-13T09:00:00+05:45", Tz::Asia__Kathmandu, "2027-04-14T05:00:00+05:45"),
        ] {
            assert_eq!(end_of_day(at(now), zone), at(end), "{now}");
        }
    }
}
