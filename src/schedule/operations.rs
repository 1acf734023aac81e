//! Placing sessions and publishing releases.

use super::draft::Draft;
use super::draft_store;
use super::model::{Programme, ReleaseInfo};
use super::sequence;
pub use super::store::ReleaseSummary;
use super::store::{self, NewSlot};
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::{touch_draft, touch_public};
use crate::web::forms::{clean_block, clean_line};
use diesel::QueryResult;
use std::collections::HashSet;

/// Why a release or a placement was refused.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Nothing in the draft is accepted or confirmed.
    #[error("the draft has no accepted or confirmed session; there is nothing to release")]
    NothingToRelease,
    /// The session, slot or room is not (any more) one of this event's.
    #[error("the session or room is not there any more")]
    Gone,
    /// The end is not later than the start.
    #[error("the end is not later than the start")]
    EndsBeforeStart,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ScheduleError);

/// The draft as a value: every session in whatever state, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn draft_programme(db: &mut DbConnection, event: &Event) -> QueryResult<Programme> {
    store::draft(db, event)
}

/// The draft with all that planners know of it, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn draft(db: &mut DbConnection, event: &Event) -> QueryResult<Draft> {
    let programme = store::draft(db, event)?;
    draft_store::complete(db, event, programme)
}

/// The newest release.
///
/// # Errors
/// When the database refuses.
pub fn latest_release(db: &mut DbConnection, event: EventId) -> QueryResult<Option<Programme>> {
    store::latest_release(db, event)
}

/// The releases of an event, newest first, without their content.
///
/// # Errors
/// When the database refuses.
pub fn releases(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ReleaseSummary>> {
    store::releases(db, event)
}

/// What the draft would be as a release: accepted and confirmed sessions only, and the speakers of
/// those. A session that was public and is now cancelled stays in it, marked as such.
#[must_use]
pub fn releasable(mut draft: Programme, before: Option<&Programme>) -> Programme {
    let was_public: HashSet<SessionId> =
        before.into_iter().flat_map(|programme| &programme.sessions).map(|session| session.id).collect();
    draft.sessions.retain(|session| {
        let cancelled = session.state == crate::programme::model::SessionState::Cancelled;
        session.state.is_releasable() || (cancelled && was_public.contains(&session.id))
    });
    let named: HashSet<SpeakerId> =
        draft.sessions.iter().flat_map(|session| &session.people).map(|part| part.speaker).collect();
    draft.speakers.retain(|speaker| named.contains(&speaker.id));
    draft
}

/// Publishes the draft: freezes it into the next numbered release.
///
/// # Errors
/// When there is nothing to release.
pub fn release(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    name: Option<&str>,
    note: &str,
) -> Result<ReleaseInfo, ScheduleError> {
    // First of all, so that two releases at the same moment wait for each other.
    touch_public(db, event.id)?;
    let before = store::latest_release(db, event.id)?;
    let mut programme = releasable(store::draft(db, event)?, before.as_ref());
    if !programme.sessions.iter().any(|session| session.state.is_releasable()) {
        return Err(ScheduleError::NothingToRelease);
    }
    let number = before.as_ref().and_then(|programme| programme.release.as_ref()).map_or(1, |info| info.number + 1);
    let name = clean_line(name.unwrap_or_default());
    let info = ReleaseInfo {
        number,
        name: if name.is_empty() { number.to_string() } else { name },
        note: clean_block(note),
        published_at: now,
    };
    sequence::count_on(&mut programme, before.as_ref(), number, now);
    programme.release = Some(info.clone());
    let by = if let Actor::User(user) = actor { Some(user) } else { None };
    store::insert_release(db, now, by, &programme)?;
    let entry = Entry::new(Some(event.id), actor, "programme.released", "event", event.id.as_str());
    audit::note(
        db,
        now,
        &entry.with(serde_json::json!({ "number": info.number, "sessions": programme.sessions.len() })),
    )?;
    Ok(info)
}

/// A room and a time, as an organizer chooses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// The room, where one is set.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}

/// Puts a session into a room and time: a new slot, or `slot` moved.
///
/// # Errors
/// When session, slot or room are not this event's, or the end is not later than the start.
pub fn place(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (session, slot): (SessionId, Option<SlotId>),
    placement: Placement,
) -> Result<SlotId, ScheduleError> {
    if placement.end <= placement.start {
        return Err(ScheduleError::EndsBeforeStart);
    }
    let (of_event, guid, slots) = store::session_facts(db, session)?.ok_or(ScheduleError::Gone)?;
    let room_fits = match placement.room {
        Some(room) => store::is_room_of(db, event, room)?,
        None => true,
    };
    if of_event != event || !room_fits {
        return Err(ScheduleError::Gone);
    }
    let id = match slot {
        Some(id) => {
            if !store::move_slot(db, now, (session, id), placement.room, (placement.start, placement.end))? {
                return Err(ScheduleError::Gone);
            }
            id
        }
        None => {
            let id = SlotId::new();
            let new = NewSlot {
                id,
                event_id: event,
                session_id: session,
                room_id: placement.room,
                starts_at: placement.start,
                ends_at: placement.end,
                // The first slot stands for the session itself in exchange formats.
                guid: if slots == 0 { guid } else { uuid::Uuid::new_v4().to_string() },
                version: 1,
                created_at: now,
                updated_at: now,
            };
            store::insert_slot(db, &new)?;
            id
        }
    };
    touch_draft(db, event)?;
    let detail = serde_json::json!({ "room": placement.room, "start": placement.start, "end": placement.end });
    audit::note(db, now, &Entry::new(Some(event), actor, "session.placed", "session", session.as_str()).with(detail))?;
    Ok(id)
}

/// Takes a session's slot out of the timetable.
///
/// # Errors
/// When the slot is not there any more.
pub fn unplace(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (session, slot): (SessionId, SlotId),
) -> Result<(), ScheduleError> {
    let facts = store::session_facts(db, session)?;
    if facts.is_none_or(|(of_event, _, _)| of_event != event) || !store::delete_slot(db, session, slot)? {
        return Err(ScheduleError::Gone);
    }
    touch_draft(db, event)?;
    audit::note(db, now, &Entry::new(Some(event), actor, "session.unplaced", "session", session.as_str()))?;
    Ok(())
}
