//! Reminders, and messages to focal points and to the people of a delegation.

use super::{By, DelegationError, begin, history, note};
use crate::audit::Actor;
use crate::db::{DbConnection, DelegationId, EventId, UtcTime};
use crate::delegations::model::{MESSAGES, next_allowed};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::PrivateLink;
use crate::registration::operations::keep_link;
use serde_json::json;

/// What was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// A reminder of what is owed.
    Reminder,
    /// Words to everybody of the delegation.
    Message,
}

impl Told {
    const fn action(self) -> &'static str {
        match self {
            Self::Reminder => "delegation.reminded",
            Self::Message => "delegation.told",
        }
    }

    /// How many of them may go out within [`crate::delegations::model::PAUSE`].
    const fn most(self) -> usize {
        match self {
            Self::Reminder => 1,
            Self::Message => MESSAGES,
        }
    }

    /// When the next may go out; nothing where it may at once.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn next(self, db: &mut DbConnection, now: UtcTime, id: DelegationId) -> diesel::QueryResult<Option<UtcTime>> {
        let before = history(db, id)?;
        let same = before.iter().filter(|noted| noted.action == self.action()).map(|noted| noted.at);
        Ok(next_allowed(same, self.most(), now))
    }
}

/// Reminds people of what they owe, each with a link of their own; a day must lie between two times.
///
/// # Errors
/// When a reminder went out a short time ago, the link ends or the delegation is closed.
pub fn remind(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    letters: &[(PrivateLink, NewMessage)],
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    if let Some(next) = Told::Reminder.next(db, now, id)? {
        return Err(DelegationError::TooSoon(next));
    }
    for (link, message) in letters {
        keep_link(db, link)?;
        mail::operations::queue(db, now, message)?;
    }
    let detail = json!({ "people": letters.len() });
    note(db, now, (by.actor, Told::Reminder.action()), (event, id), detail)?;
    Ok(())
}

/// Tells the people of a delegation something; a focal point may do so a few times a day.
///
/// # Errors
/// When that was done too often, the link ends or the delegation is closed.
pub fn tell_members(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    messages: &[NewMessage],
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    if by.link.is_some()
        && let Some(next) = Told::Message.next(db, now, id)?
    {
        return Err(DelegationError::TooSoon(next));
    }
    for message in messages {
        mail::operations::queue(db, now, message)?;
    }
    note(db, now, (by.actor, Told::Message.action()), (event, id), json!({ "people": messages.len() }))?;
    Ok(())
}

/// Tells the focal points of delegations something.
///
/// # Errors
/// When a delegation is gone.
pub fn tell_contacts(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    messages: &[(DelegationId, NewMessage)],
) -> Result<(), DelegationError> {
    for (id, message) in messages {
        mail::operations::queue(db, now, message)?;
        note(db, now, (actor, "delegation.contact-told"), (event, *id), json!({}))?;
    }
    Ok(())
}
