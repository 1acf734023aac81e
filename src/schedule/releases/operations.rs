//! Publishing: the draft now or at a set time, or an earlier release again.

use super::impact::{Impact, impact};
use super::lines::{Line, lines};
use super::log::{LOGGED, Logged, ReleaseLog};
use super::model::{PlannedRelease, Refusal, ReleaseSummary, note_moves};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, SessionId, SpeakerId, UserId, UtcTime};
use crate::events::model::Event;
use crate::events::operations::touch_public;
use crate::notices;
use crate::programme::model::SessionState;
use crate::schedule::concerns::operations::{Checked, check};
use crate::schedule::concerns::{Found, count};
use crate::schedule::model::{Programme, ReleaseInfo};
use crate::schedule::operations::{ScheduleError, draft};
use crate::schedule::sequence;
use crate::schedule::store::facts;
use crate::web::forms::{clean_block, clean_line};
use diesel::QueryResult;
use std::collections::HashSet;

/// The newest release.
///
/// # Errors
/// When the database refuses.
pub fn latest_release(db: &mut DbConnection, event: EventId) -> QueryResult<Option<Programme>> {
    store::latest_release(db, event)
}

/// The release of this number.
///
/// # Errors
/// When the database refuses.
pub fn release_of_number(db: &mut DbConnection, event: EventId, number: i32) -> QueryResult<Option<Programme>> {
    store::release(db, event, number)
}

/// The releases of an event, newest first, without their content.
///
/// # Errors
/// When the database refuses.
pub fn releases(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ReleaseSummary>> {
    store::releases(db, event)
}

/// What is planned for an event.
///
/// # Errors
/// When the database refuses.
pub fn plan_of(db: &mut DbConnection, event: EventId) -> QueryResult<Option<PlannedRelease>> {
    store::plan(db, event)
}

/// What the last releases changed. Reads one release after the other, so that two at most are in memory.
///
/// # Errors
/// When the database refuses.
pub fn log(db: &mut DbConnection, event: EventId) -> QueryResult<ReleaseLog> {
    let summaries = store::releases(db, event)?;
    let mut log = ReleaseLog::default();
    let mut before: Option<Programme> = match summaries.get(LOGGED) {
        Some(older) => store::release(db, event, older.number)?,
        None => None,
    };
    for summary in summaries.into_iter().take(LOGGED).rev() {
        let Some(after) = store::release(db, event, summary.number)? else { continue };
        log = log.with(Logged::new(summary, before.as_ref(), &after));
        before = Some(after);
    }
    Ok(log)
}

/// What the draft would be as a release: accepted and confirmed sessions only, and the speakers of
/// those. A session that was public and is now cancelled stays in it, marked as such.
#[must_use]
pub fn releasable(mut draft: Programme, before: Option<&Programme>) -> Programme {
    let was_public: HashSet<SessionId> =
        before.into_iter().flat_map(|programme| &programme.sessions).map(|session| session.id).collect();
    draft.sessions.retain(|session| {
        let cancelled = session.state == SessionState::Cancelled;
        session.state.is_releasable() || (cancelled && was_public.contains(&session.id))
    });
    let named: HashSet<SpeakerId> =
        draft.sessions.iter().flat_map(|session| &session.people).map(|part| part.speaker).collect();
    draft.speakers.retain(|speaker| named.contains(&speaker.id));
    draft
}

/// The draft as it would be released, checked; and how many sessions stay out.
fn next_release(db: &mut DbConnection, event: &Event, before: Option<&Programme>) -> QueryResult<(Checked, usize)> {
    let mut next = draft(db, event)?;
    let all = next.programme.sessions.len();
    next.programme = releasable(next.programme, before);
    let left_out = all - next.programme.sessions.len();
    Ok((check(db, event.id, next)?, left_out))
}

/// Everything that one looks at before releasing.
pub struct Upcoming {
    /// The newest release.
    pub before: Option<Programme>,
    /// The draft as it would be released, with what speaks against it.
    pub next: Checked,
    /// Sessions that stay out.
    pub left_out: usize,
    /// What differs.
    pub lines: Vec<Line>,
    /// What it means for people.
    pub impact: Impact,
    /// Who would be told.
    pub notices: notices::operations::Preview,
    /// The releases so far, newest first.
    pub releases: Vec<ReleaseSummary>,
    /// What is planned.
    pub plan: Option<PlannedRelease>,
}

impl Upcoming {
    /// Whether nothing in the draft is accepted or confirmed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        has_nothing(&self.next.draft.programme)
    }
}

fn has_nothing(programme: &Programme) -> bool {
    !programme.sessions.iter().any(|session| session.state.is_releasable())
}

/// What the next release would be, change and mean.
///
/// # Errors
/// When the database refuses.
pub fn upcoming(db: &mut DbConnection, now: UtcTime, event: &Event) -> QueryResult<Upcoming> {
    let before = store::latest_release(db, event.id)?;
    let (mut next, left_out) = next_release(db, event, before.as_ref())?;
    // Mails and their calendar entries are previewed with the numbers that they would have.
    count_on(&mut next.draft.programme, before.as_ref(), now);
    let audience = store::audience(db, event.id)?;
    let programme = &next.draft.programme;
    Ok(Upcoming {
        lines: lines(before.as_ref(), programme),
        impact: impact(before.as_ref(), programme, &audience, &next.found),
        notices: notices::operations::preview(db, now, event, before.as_ref(), programme)?,
        releases: store::releases(db, event.id)?,
        plan: store::plan(db, event.id)?,
        before,
        next,
        left_out,
    })
}

/// What blocks a release of the draft: concerns among what would be in it that are not muted.
///
/// # Errors
/// When the database refuses.
pub fn blocking(db: &mut DbConnection, event: &Event) -> QueryResult<Vec<Found>> {
    let before = store::latest_release(db, event.id)?;
    Ok(next_release(db, event, before.as_ref())?.0.blocking())
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
    let (next, _) = next_release(db, event, before.as_ref())?;
    if has_nothing(&next.draft.programme) {
        return Err(ScheduleError::NothingToRelease);
    }
    let blocking = next.blocking();
    if !blocking.is_empty() && !ignore_blocking {
        return Err(ScheduleError::Blocked(blocking));
    }
    let details = serde_json::json!({ "blocking": count(&blocking) });
    let name = name.unwrap_or_default();
    publish(db, now, (actor, event), before.as_ref(), next.draft.programme, Words { name, note }, (None, details))
}

/// Name and note of a release as typed.
#[derive(Clone, Copy)]
struct Words<'a> {
    name: &'a str,
    note: &'a str,
}

/// Freezes a programme into the next numbered release, and lets follow what follows from it.
fn publish(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, event): (Actor, &Event),
    before: Option<&Programme>,
    mut programme: Programme,
    words: Words<'_>,
    (restores, mut details): (Option<i32>, serde_json::Value),
) -> Result<ReleaseInfo, ScheduleError> {
    let number = count_on(&mut programme, before, now);
    let name = clean_line(words.name);
    let info = ReleaseInfo {
        number,
        name: if name.is_empty() { number.to_string() } else { name },
        note: clean_block(words.note),
        published_at: now,
    };
    programme.release = Some(info.clone());
    store::insert_release(db, now, user(actor), &programme, restores)?;
    notices::operations::after_release(db, now, event, before, &programme)?;
    details["number"] = info.number.into();
    details["sessions"] = programme.sessions.len().into();
    let entry = Entry::new(Some(event.id), actor, "programme.released", "event", event.id.as_str());
    audit::note(db, now, &entry.with(details))?;
    Ok(info)
}

/// Counts a programme on from the release before it: its slots' numbers, where they were, and its own number.
fn count_on(programme: &mut Programme, before: Option<&Programme>, now: UtcTime) -> i32 {
    let number = before.and_then(|before| before.release.as_ref()).map_or(1, |info| info.number + 1);
    sequence::count_on(programme, before, number, now);
    note_moves(programme, before, now);
    number
}

const fn user(actor: Actor) -> Option<UserId> {
    if let Actor::User(user) = actor { Some(user) } else { None }
}

/// Publishes the content of an earlier release again, as the next number: calendars that have the
/// newer times get the earlier ones back as a change. `newest` is the release that was the newest
/// when this was decided. The draft stays as it is.
///
/// # Errors
/// When another release has come in between, or there is no such earlier one.
pub fn restore(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (number, newest): (i32, i32),
    note: &str,
) -> Result<ReleaseInfo, ScheduleError> {
    touch_public(db, event.id)?;
    if store::newest_number(db, event.id)? != newest {
        return Err(ScheduleError::Stale);
    }
    let before = store::latest_release(db, event.id)?;
    let earlier = store::release(db, event.id, number)?.filter(|_| number < newest);
    let earlier = earlier.ok_or(diesel::result::Error::NotFound)?;
    let programme = as_of_now(event, earlier);
    let words = Words { name: "", note };
    let details = serde_json::json!({ "restores": number });
    publish(db, now, (actor, event), before.as_ref(), programme, words, (Some(number), details))
}

/// An earlier programme under the event's present name and address.
#[must_use]
pub fn as_of_now(event: &Event, mut programme: Programme) -> Programme {
    programme.event = facts(event);
    programme
}

/// Plans the next release, or changes the plan. `known` is the state of the plan that was looked at.
///
/// # Errors
/// When someone else changed the plan in the meantime.
pub fn plan(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (name, note, due_at): (&str, &str, UtcTime),
    known: Option<UtcTime>,
) -> Result<(), ScheduleError> {
    take_known(db, event, known)?;
    let planned = PlannedRelease {
        event_id: event,
        name: clean_line(name),
        note: clean_block(note),
        due_at,
        last_error: None,
        created_by: user(actor),
        created_at: now,
    };
    match store::insert_plan(db, &planned) {
        // Two plan at the same moment: the first is kept, and shown to the second.
        Err(diesel::result::Error::DatabaseError(diesel::result::DatabaseErrorKind::UniqueViolation, _)) => {
            return Err(ScheduleError::Stale);
        }
        outcome => outcome?,
    }
    let entry = Entry::new(Some(event), actor, "release.planned", "event", event.as_str());
    Ok(audit::note(db, now, &entry.with(serde_json::json!({ "due_at": due_at.to_string() })))?)
}

/// Gives up what is planned. `known` is the state of the plan that was looked at.
///
/// # Errors
/// When someone else changed the plan in the meantime, or it was published.
pub fn cancel_plan(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    known: UtcTime,
) -> Result<(), ScheduleError> {
    take_known(db, event, Some(known))?;
    let entry = Entry::new(Some(event), actor, "release.plan-cancelled", "event", event.as_str());
    Ok(audit::note(db, now, &entry)?)
}

fn take_known(db: &mut DbConnection, event: EventId, known: Option<UtcTime>) -> Result<(), ScheduleError> {
    let present = store::plan(db, event)?;
    if present.as_ref().map(|plan| plan.created_at) != known {
        return Err(ScheduleError::Stale);
    }
    match present {
        Some(plan) if !store::take_plan(db, &plan)? => Err(ScheduleError::Stale),
        _ => Ok(()),
    }
}

/// The plans that are due.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<PlannedRelease>> {
    store::due(db, now)
}

/// Takes a plan and publishes the draft by it. False when another process was faster or the plan has changed.
///
/// # Errors
/// When there is nothing to release or concerns block it: then the plan stays.
pub fn publish_planned(db: &mut DbConnection, now: UtcTime, plan: &PlannedRelease) -> Result<bool, ScheduleError> {
    if !store::take_plan(db, plan)? {
        return Ok(false);
    }
    let Some(event) = crate::events::operations::by_id(db, plan.event_id)? else { return Ok(false) };
    let actor = plan.created_by.map_or(Actor::System, Actor::User);
    release(db, now, actor, &event, Some(&plan.name), &plan.note, false)?;
    Ok(true)
}

/// What an organizer has to know of a release that was refused.
#[must_use]
pub fn refusal_of(error: &ScheduleError) -> Option<Refusal> {
    match error {
        ScheduleError::NothingToRelease => Some(Refusal::NothingToRelease),
        ScheduleError::Blocked(found) => Some(Refusal::Blocked(count(found))),
        ScheduleError::Stale | ScheduleError::Db(_) => None,
    }
}

/// Notes at a plan why it was not published.
///
/// # Errors
/// When the database refuses.
pub fn note_refusal(db: &mut DbConnection, plan: &PlannedRelease, refusal: Refusal) -> QueryResult<()> {
    store::note_refusal(db, plan, refusal)
}
