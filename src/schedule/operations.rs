//! Reading drafts and publishing releases.

use super::concerns::operations::check;
use super::concerns::{Found, count};
use super::draft::{Block, Draft};
use super::draft_store;
use super::model::{Programme, ReleaseInfo};
use super::sequence;
use super::store;
pub use super::store::ReleaseSummary;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, SessionId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::touch_public;
use crate::web::forms::{clean_block, clean_line};
use diesel::QueryResult;
use std::collections::HashSet;

/// Why a release was refused.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleError {
    /// Nothing in the draft is accepted or confirmed.
    #[error("the draft has no accepted or confirmed session; there is nothing to release")]
    NothingToRelease,
    /// Concerns block the release; they are not muted, and were not to be ignored.
    #[error("{} concerns block the release", count(.0))]
    Blocked(Vec<Found>),
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

/// What blocks a release of the draft: concerns among what would be in it that are not muted.
///
/// # Errors
/// When the database refuses.
pub fn blocking(db: &mut DbConnection, event: &Event) -> QueryResult<Vec<Found>> {
    let before = store::latest_release(db, event.id)?;
    let mut next = draft(db, event)?;
    next.programme = releasable(next.programme, before.as_ref());
    Ok(check(db, event.id, next)?.blocking())
}

/// Publishes the draft: freezes it into the next numbered release. Concerns that block it are
/// heeded unless `ignore_blocking` says that someone has seen them and wants it all the same.
///
/// # Errors
/// When there is nothing to release, or concerns block it.
pub fn release(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    name: Option<&str>,
    note: &str,
    ignore_blocking: bool,
) -> Result<ReleaseInfo, ScheduleError> {
    // First of all, so that two releases at the same moment wait for each other.
    touch_public(db, event.id)?;
    let before = store::latest_release(db, event.id)?;
    let mut next = draft(db, event)?;
    next.programme = releasable(next.programme, before.as_ref());
    if !next.programme.sessions.iter().any(|session| session.state.is_releasable()) {
        return Err(ScheduleError::NothingToRelease);
    }
    let checked = check(db, event.id, next)?;
    let blocking = checked.blocking();
    if !blocking.is_empty() && !ignore_blocking {
        return Err(ScheduleError::Blocked(blocking));
    }
    let mut programme = checked.draft.programme;
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
        &entry.with(serde_json::json!({ "number": info.number, "sessions": programme.sessions.len(), "blocking": count(&blocking) })),
    )?;
    Ok(info)
}

/// The blocks of an event by their start.
///
/// # Errors
/// When the database refuses.
pub fn blocks(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Block>> {
    draft_store::all_blocks(db, event)
}
