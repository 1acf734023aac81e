//! Choosing, and queueing only what is wanted.

use super::model::{Addressee, Refused, Topic};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::mailings::model::Timing;
use crate::registration::model::Registration;
use crate::web::{Token, TokenHash};
use diesel::QueryResult;

/// What an address wants no more of.
///
/// # Errors
/// When the database refuses.
pub fn refused(db: &mut DbConnection, of: &Addressee) -> QueryResult<Refused> {
    let mut refused = store::refused(db, of)?;
    if store::wants_changes(db, of)? == Some(false) {
        refused.insert(Topic::Change);
    }
    Ok(refused)
}

/// The same of somebody who is registered.
///
/// # Errors
/// When the database refuses.
pub fn refused_by(db: &mut DbConnection, registration: &Registration) -> QueryResult<Refused> {
    refused(db, &of(registration))
}

/// A registration's address.
#[must_use]
pub fn of(registration: &Registration) -> Addressee {
    Addressee { event: registration.event_id, address_key: registration.email_key.clone() }
}

/// The address of a link at an event, and the sort of the mail in which it stands.
///
/// # Errors
/// When the database refuses.
pub fn by_token(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<(Addressee, Topic)>> {
    let found = match store::of_link(db, token)? {
        Some(found) => Some(found),
        None => store::of_mailing_link(db, token)?.map(|(event, address, timing)| {
            let timing: Timing = serde_json::from_str(&timing).unwrap_or_default();
            (event, address, topic_of(timing))
        }),
    };
    let here = found.filter(|(of, ..)| *of == event);
    Ok(here.map(|(event, address_key, topic)| (Addressee { event, address_key }, topic)))
}

/// The sort of a mailing: one that follows people's sessions reminds of them.
#[must_use]
pub fn topic_of(timing: Timing) -> Topic {
    if timing.before_session().is_some() { Topic::Reminder } else { Topic::Mailing }
}

/// Refuses one sort, as by one click in the mail. May be asked for again.
///
/// # Errors
/// When the database refuses.
pub fn refuse(db: &mut DbConnection, now: UtcTime, of: &Addressee, topic: Topic) -> QueryResult<()> {
    let mut wished = refused(db, of)?;
    wished.insert(topic);
    choose(db, now, (Actor::Visitor, None), of, &wished)
}

/// Sets what an address wants no more of. `about`: the registration on whose page it was chosen.
///
/// # Errors
/// When the database refuses.
pub fn choose(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, about): (Actor, Option<&Registration>),
    of: &Addressee,
    wished: &Refused,
) -> QueryResult<()> {
    let before = refused(db, of)?;
    if before == *wished {
        return Ok(());
    }
    for topic in Topic::ALL.iter().copied().filter(|topic| before.contains(topic) != wished.contains(topic)) {
        match (topic, wished.contains(&topic)) {
            (Topic::Change, refuses) => store::set_wants_changes(db, of, !refuses)?,
            (_, true) => store::refuse(db, now, of, topic)?,
            (_, false) => store::want(db, of, topic)?,
        }
    }
    take_back(db, now, of, &wished.difference(&before).copied().collect())?;
    let entry = match about {
        Some(own) => Entry::new(Some(of.event), actor, "mailing.choice-changed", "registration", own.id.as_str()),
        None if wished.is_subset(&before) => {
            Entry::new(Some(of.event), actor, "mailing.wanted-again", "event", of.event.as_str())
        }
        None => Entry::new(Some(of.event), actor, "mailing.refused", "event", of.event.as_str()),
    };
    let topics: Vec<&str> = wished.iter().map(|topic| topic.as_str()).collect();
    audit::note(db, now, &entry.with(serde_json::json!({ "refused": topics })))
}

/// Takes back what was queued before and has not left, such as mail that waits for review.
fn take_back(db: &mut DbConnection, now: UtcTime, of: &Addressee, refused: &Refused) -> QueryResult<()> {
    let mut gone = Vec::new();
    for (id, url) in mail::operations::refusable(db, of.event, &of.address_key)? {
        let Some(token) = url.rsplit('/').next() else { continue };
        let topic = by_token(db, of.event, &Token::received(token).hash())?.map(|(_, topic)| topic);
        if topic.is_some_and(|topic| refused.contains(&topic)) {
            gone.push(id);
        }
    }
    mail::operations::take_back(db, now, &gone).map(drop)
}

/// A fresh link for one mail at an event, as an address.
#[must_use]
pub fn fresh_url(public_url: &str, slug: &str) -> String {
    format!("{public_url}/{slug}/u/{}", Token::new().reveal())
}

/// Queues a mail to many whose link [`fresh_url`] made, unless its address wants none of the sort.
///
/// # Errors
/// When the database refuses.
pub fn queue(db: &mut DbConnection, now: UtcTime, topic: Topic, message: &NewMessage) -> QueryResult<bool> {
    let Some(event) = message.event else { return mail::operations::queue(db, now, message).map(|_| true) };
    let of = Addressee { event, address_key: message.recipient.key() };
    if message.recipient.is_nowhere() || store::is_refused(db, &of, topic)? {
        return Ok(false);
    }
    if let Some(token) = message.unsubscribe.as_deref().and_then(|url| url.rsplit('/').next()) {
        store::keep_link(db, now, &of, topic, &Token::received(token).hash())?;
    }
    mail::operations::queue(db, now, message).map(|_| true)
}

/// Forgets what an address wants.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, of: &Addressee) -> QueryResult<()> {
    store::forget(db, of)
}
