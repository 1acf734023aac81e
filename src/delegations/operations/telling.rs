//! Reminders, and messages to focal points and to the people of a delegation.

use super::{By, DelegationError, begin, history, note};
use crate::audit::Actor;
use crate::db::{DbConnection, DelegationId, EventId, UtcTime};
use crate::delegations::model::{MESSAGES, next_allowed};
use crate::mail::model::NewMessage;
use crate::mailings::choices::model::Topic;
use crate::mailings::choices::operations as choices;
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
    let mut people = 0;
    for (link, message) in letters {
        if choices::queue(db, now, Topic::Reminder, message)? {
            keep_link(db, link)?;
            people += 1;
        }
    }
    let detail = json!({ "people": people });
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
    let mut people = 0;
    for message in messages {
        people += usize::from(choices::queue(db, now, Topic::Delegation, message)?);
    }
    note(db, now, (by.actor, Told::Message.action()), (event, id), json!({ "people": people }))?;
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
        choices::queue(db, now, Topic::Delegation, message)?;
        note(db, now, (actor, "delegation.contact-told"), (event, *id), json!({}))?;
    }
    Ok(())
}
