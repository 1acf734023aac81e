//! Checking an event's draft, and muting what was looked at and found to be all right.

use super::model::{Found, MutedConcerns, Severity, blocking};
use super::{concerns, store};
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::touch_draft;
use crate::schedule::draft::Draft;
use crate::schedule::operations as schedule;
use diesel::QueryResult;

/// Why a concern was not muted or unmuted.
#[derive(Debug, thiserror::Error)]
pub enum MuteError {
    /// The draft has no such concern (any more).
    #[error("the draft has no such concern any more")]
    Gone,
    /// It blocks a release, and who may not release may not mute it.
    #[error("only who may release may mute what blocks a release")]
    NotAllowed,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(MuteError);

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
    let found = concerns(&draft);
    Ok(Checked { found, muted: store::all(db, event)?, draft })
}

/// Mutes a concern of the draft with a reason. `may_release` says whether who mutes it may also release.
///
/// # Errors
/// When the draft has no such concern, or it blocks a release and `may_release` is false.
pub fn mute(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    (key, reason): (&str, &str),
    may_release: bool,
) -> Result<(), MuteError> {
    // First of all, so that the draft that is looked at is the one that is muted in.
    touch_draft(db, event.id)?;
    let checked = checked(db, event)?;
    let found = checked.found.iter().find(|found| found.key() == key).ok_or(MuteError::Gone)?;
    if found.severity == Severity::Blocks && !may_release {
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
