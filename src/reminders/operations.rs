//! Setting the rules, and letting reminders leave.

use super::model::{ReminderKey, ReminderKind, Rules};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{
    BookingId, DbConnection, DbError, EventId, RegistrationId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime,
};
use crate::db_failure;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::mailings::choices::model::Topic;
use crate::mailings::choices::operations as choices;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::speakers::own::model::SpeakerLink;
use crate::speakers::own::operations as own;
use diesel::QueryResult;
use std::collections::HashSet;

/// Why rules were not set.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// Somebody else changed them since the page was opened.
    #[error("somebody else changed the reminders in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(RulesError);

/// The rules of an event.
///
/// # Errors
/// When the database refuses.
pub fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<Rules> {
    store::rules(db, event)
}

/// Sets the rules of an event, if they are still as `rules.version` has them.
///
/// # Errors
/// When somebody else was faster.
pub fn set_rules(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    rules: &Rules,
) -> Result<(), RulesError> {
    if !store::put(db, now, event, rules)? {
        return Err(RulesError::Stale);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "reminders.changed", "event", event.as_str()))?;
    Ok(())
}

/// How many reminders of each kind have left at an event.
///
/// # Errors
/// When the database refuses.
pub fn counts(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(ReminderKind, i64)>> {
    store::counts(db, event)
}

/// The steps of a kind that are past at an event, by person or thing.
///
/// # Errors
/// When the database refuses.
pub fn past(db: &mut DbConnection, event: EventId, kind: ReminderKind) -> QueryResult<HashSet<(String, String)>> {
    store::past(db, event, kind).map(|all| all.into_iter().collect())
}

/// What must still be so when a reminder leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Still {
    /// The invitation waits for an answer.
    Open(SpeakerInvitationId),
    /// The speaker is there.
    Speaker(SpeakerId),
    /// The registration is in this state.
    InState(RegistrationId, RegistrationState),
    /// The seat is offered still, until the same time.
    Kept(BookingId, UtcTime),
    /// The person has a seat in the session.
    Booked(RegistrationId, SessionId),
}

impl Still {
    fn holds(self, db: &mut DbConnection) -> QueryResult<bool> {
        match self {
            Self::Open(invitation) => store::is_open(db, invitation),
            Self::Speaker(speaker) => store::is_speaker(db, speaker),
            Self::InState(registration, state) => store::is_in_state(db, registration, state),
            Self::Kept(booking, until) => store::is_kept(db, booking, until),
            Self::Booked(registration, session) => store::is_booked(db, registration, session),
        }
    }
}

/// Somebody who may be reminded.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub registration: Registration,
    /// What steps count from or towards.
    pub at: UtcTime,
    /// Since when it concerns them.
    pub since: UtcTime,
}

fn candidates(rows: Vec<store::Waiting>) -> Vec<Candidate> {
    let candidate = |(registration, at, since): store::Waiting| {
        let created = registration.created_at;
        Candidate { at: at.unwrap_or(created), since: since.unwrap_or(created), registration }
    };
    rows.into_iter().map(candidate).collect()
}

/// Some confirmed people who have had no reminder of a step and were confirmed before it came.
///
/// # Errors
/// When the database refuses.
pub fn confirmed(
    db: &mut DbConnection,
    of: (EventId, UtcTime),
    step: (ReminderKind, &str),
    limit: i64,
) -> QueryResult<Vec<Candidate>> {
    store::confirmed(db, of, step, limit).map(candidates)
}

/// People with a seat in a session who have had no reminder of a step and booked before it came.
///
/// # Errors
/// When the database refuses.
pub fn booked(
    db: &mut DbConnection,
    of: (EventId, SessionId),
    before: UtcTime,
    step: (ReminderKind, &str),
) -> QueryResult<Vec<Candidate>> {
    store::booked(db, of, before, step).map(candidates)
}

/// Applicants who were asked for more, with when.
///
/// # Errors
/// When the database refuses.
pub fn asked(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Candidate>> {
    store::asked(db, event).map(candidates)
}

/// People to whom a place is offered, with until when.
///
/// # Errors
/// When the database refuses.
pub fn offered(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Candidate>> {
    store::offered(db, event).map(candidates)
}

/// A private link of whichever sort.
#[derive(Clone, Debug)]
pub enum Link {
    /// Of a speaker's page.
    Speaker(Box<SpeakerLink>),
    /// Of an attendee's page.
    Registration(Box<PrivateLink>),
}

/// A reminder made ready before the transaction that lets it leave.
#[derive(Clone, Debug)]
pub struct Ready {
    /// What keeps it from leaving twice.
    pub key: ReminderKey,
    /// Earlier steps that are past with it.
    pub passed: Vec<String>,
    /// What must still be so.
    pub still: Still,
    /// Its mails, with their links.
    pub mails: Vec<(Link, NewMessage)>,
}

/// Lets reminders leave that have not left before and still have a reason; how many did. Taking the step and
/// queueing the mails are one transaction.
///
/// # Errors
/// When the database refuses; then none of these has left.
pub fn send(db: &mut DbConnection, now: UtcTime, ready: &[Ready]) -> QueryResult<usize> {
    let mut left = 0;
    for one in ready {
        if !one.still.holds(db)? || !store::take(db, now, &one.key, &one.key.step)? {
            continue;
        }
        for step in &one.passed {
            store::take(db, now, &one.key, step)?;
        }
        let mut has_left = false;
        for (link, message) in &one.mails {
            if one.key.kind.can_be_refused() {
                if !choices::queue(db, now, Topic::Reminder, message)? {
                    continue;
                }
            } else {
                mail::operations::queue(db, now, message)?;
            }
            match link {
                Link::Speaker(link) => own::keep_link(db, link)?,
                Link::Registration(link) => crate::registration::operations::keep_link(db, link)?,
            }
            has_left = true;
        }
        // Whoever wants none is done with too, and nothing was sent that could be noted.
        if !has_left {
            continue;
        }
        let entry = Entry::new(Some(one.key.event), Actor::System, "reminder.sent", "reminder", &one.key.subject);
        let detail = serde_json::json!({ "kind": one.key.kind, "step": one.key.step });
        audit::note(db, now, &entry.with(detail))?;
        left += 1;
    }
    Ok(left)
}
