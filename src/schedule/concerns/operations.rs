//! Checking an event's draft, and muting what was looked at and found to be all right.

use super::model::{Found, Heard, MutedConcerns, Replies, Reply, Severity, blocking};
use super::{ConcernBook, store};
use crate::accounts::access::Allowed;
use crate::accounts::model::Permission;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, ForumId, SessionId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::touch_draft;
use crate::schedule::draft::Draft;
use crate::schedule::model::ProgrammeSlot;
use crate::schedule::operations as schedule;
use crate::speakers::own::answers::answers;
use crate::speakers::own::model::AnswerKind;
use diesel::QueryResult;
use std::collections::HashMap;

/// Why a concern was not muted or unmuted.
#[derive(Debug, thiserror::Error)]
pub enum MuteError {
    /// The draft has no such concern (any more).
    #[error("the draft has no such concern any more")]
    Gone,
    /// It is not theirs to mute: see [`Muter`].
    #[error("only who may release may mute what blocks a release")]
    NotAllowed,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(MuteError);

/// What someone may mute: who may release anything, who edits what warns about sessions of their forums.
#[derive(Clone, Debug)]
pub struct Muter {
    may_release: bool,
    may_edit: bool,
    forums: Vec<ForumId>,
}

impl Muter {
    /// What this account may mute.
    #[must_use]
    pub fn of<P>(team: &Allowed<P>) -> Self {
        Self {
            may_release: team.may(Permission::ManageEvent),
            may_edit: team.may(Permission::EditProgramme),
            forums: team.roles.forums.clone(),
        }
    }

    /// Whether a concern about a session of this forum may be muted.
    #[must_use]
    pub fn may_mute(&self, severity: Severity, forum: Option<ForumId>) -> bool {
        let is_own = forum.is_some_and(|forum| self.forums.contains(&forum));
        self.may_release || (self.may_edit && severity != Severity::Blocks && is_own)
    }
}

/// A draft and all that speaks against it.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The draft.
    pub draft: Draft,
    /// What speaks against it, muted or not: what blocks first, then by time.
    pub found: Vec<Found>,
    /// What is muted.
    pub muted: MutedConcerns,
}

impl Checked {
    /// Those that block a release and are not muted.
    #[must_use]
    pub fn blocking(&self) -> Vec<Found> {
        blocking(&self.found, &self.muted)
    }

    /// Those that are not muted.
    pub fn open(&self) -> impl Iterator<Item = &Found> {
        self.found.iter().filter(|found| !self.muted.contains_key(&found.key()))
    }
}

/// What other areas know that bears on an event's timetable.
///
/// # Errors
/// When the database refuses.
pub fn heard(db: &mut DbConnection, event: EventId) -> QueryResult<Heard> {
    let answers = answers(db, event)?;
    // Reading a release is dear, and most drafts have no answers yet.
    let released = if answers.is_empty() { None } else { schedule::latest_release(db, event)? };
    let booked = booked(db, event)?;
    let mut heard = Heard { booked, ..Heard::default() };
    let Some(released) = released else { return Ok(heard) };
    let slots = released.sessions.iter().flat_map(|session| &session.slots);
    let slots: HashMap<&str, &ProgrammeSlot> = slots.map(|slot| (slot.guid.as_str(), slot)).collect();
    for ((speaker, guid), answer) in answers {
        let Some(slot) = slots.get(guid.as_str()).filter(|slot| !answer.is_earlier_than(slot.sequence)) else {
            continue;
        };
        let reply = match answer.answer {
            AnswerKind::Accepted => Reply::Accepted,
            AnswerKind::Asked => Reply::Asked,
            AnswerKind::Declined => Reply::Declined,
        };
        let (room, start, end) = (slot.room, slot.start, slot.end);
        let replies = heard.replies.entry(guid).or_insert_with(|| Replies { room, start, end, given: Vec::new() });
        replies.given.push((speaker, reply));
    }
    Ok(heard)
}

/// How many seats of each session are booked or offered.
fn booked(db: &mut DbConnection, event: EventId) -> QueryResult<HashMap<SessionId, i32>> {
    let all = crate::bookings::operations::all_seats(db, event)?;
    Ok(all.into_iter().map(|seats| (seats.session_id, seats.taken)).collect())
}

/// The muted concerns of an event.
///
/// # Errors
/// When the database refuses.
pub fn muted(db: &mut DbConnection, event: EventId) -> QueryResult<MutedConcerns> {
    store::all(db, event)
}

/// An event's draft with all that speaks against it, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn checked(db: &mut DbConnection, event: &Event) -> QueryResult<Checked> {
    let draft = schedule::draft(db, event)?;
    check(db, event.id, draft)
}

/// All that speaks against a draft that was read in the same transaction.
///
/// # Errors
/// When the database refuses.
pub fn check(db: &mut DbConnection, event: EventId, draft: Draft) -> QueryResult<Checked> {
    let found = ConcernBook::with(&draft, heard(db, event)?).all();
    Ok(Checked { found, muted: store::all(db, event)?, draft })
}

/// Mutes a concern of the draft with a reason.
///
/// # Errors
/// When the draft has no such concern, or it is not the muter's to mute.
pub fn mute(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (key, reason): (&str, &str),
    muter: &Muter,
) -> Result<(), MuteError> {
    // First of all, so that the draft that is looked at is the one that is muted in.
    touch_draft(db, event.id)?;
    let checked = checked(db, event)?;
    let forum = |found: &Found| {
        let session = checked.draft.programme.sessions.iter().find(|session| session.id == found.session);
        session.and_then(|session| session.forum)
    };
    // Of two sessions that are in each other's way, either's organizer may decide.
    let mut sides = checked.found.iter().filter(|found| found.key() == key).peekable();
    sides.peek().ok_or(MuteError::Gone)?;
    if !sides.any(|found| muter.may_mute(found.severity, forum(found))) {
        return Err(MuteError::NotAllowed);
    }
    let by = if let Actor::User(user) = actor { Some(user) } else { None };
    store::mute(db, now, by, (event.id, key), reason)?;
    note(db, now, actor, event.id, ("concern.muted", key))
}

/// Lets a muted concern speak again.
///
/// # Errors
/// When it is not muted.
pub fn unmute(db: &mut DbConnection, now: UtcTime, actor: Actor, event: EventId, key: &str) -> Result<(), MuteError> {
    if !store::unmute(db, event, key)? {
        return Err(MuteError::Gone);
    }
    touch_draft(db, event)?;
    note(db, now, actor, event, ("concern.unmuted", key))
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (action, key): (&'static str, &str),
) -> Result<(), MuteError> {
    let entry = Entry::new(Some(event), actor, action, "event", event.as_str());
    Ok(audit::note(db, now, &entry.with(serde_json::json!({ "concern": key })))?)
}
