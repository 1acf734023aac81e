//! Waiting for a place: joining, offers in order, accepting and declining.

use super::registering::{Outcome, Prepared, RegisterError};
use super::standing::StandingError;
use super::transition::{StateChange, transition};
use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, EventId, QuotaId, RegistrationId, UserId, UtcTime};
use crate::events;
use crate::events::model::Event;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::forms::attaching::attach;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::quota::Quota;
use crate::registration::store::{categories, links, quotas, registrations, waiting};
use diesel::QueryResult;
use serde_json::json;
use std::collections::HashMap;

pub use crate::registration::store::waiting::Waiting;

/// Puts someone into the waiting list of a full category.
///
/// # Errors
/// When the code made for it is given away.
pub fn wait(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> Result<Outcome, RegisterError> {
    let Prepared { registration, answers, link, message, .. } = prepared;
    if !registrations::insert_if_free(db, registration, answers)? {
        return match registrations::active(db, registration.event_id, &registration.email_key)? {
            Some(_) => Ok(Outcome::Repeated),
            None => Err(RegisterError::CodeTaken),
        };
    }
    if !attach(db, registration.id, &prepared.attached)? {
        return Err(RegisterError::FileGone);
    }
    waiting::begin(db, now, registration.id)?;
    links::insert(db, link)?;
    mail::operations::queue(db, now, message)?;
    let (event, id) = (registration.event_id, registration.id.as_str());
    audit::note(db, now, &Entry::new(Some(event), Actor::Visitor, "registration.waits", "registration", id))?;
    Ok(Outcome::Registered(registration.id))
}

/// Whether anyone waits for a category: then nobody passes them.
///
/// # Errors
/// When the database refuses.
pub fn has_line(db: &mut DbConnection, category: CategoryId) -> QueryResult<bool> {
    Ok(waiting::count(db, category)? > 0)
}

/// How many are before a registration that waits, and until when one is offered a place.
///
/// # Errors
/// When the database refuses.
pub fn own_place(db: &mut DbConnection, registration: &Registration) -> QueryResult<(i64, Option<UtcTime>)> {
    let rank = match registration.state {
        RegistrationState::Waitlisted => waiting::before(db, registration)?,
        _ => 0,
    };
    Ok((rank, waiting::of(db, registration.id)?.offered_until))
}

/// A category for which people wait, with who comes next for the places that are free.
#[derive(Clone, Debug)]
pub struct Queue {
    /// The event.
    pub event: Event,
    /// The category.
    pub category: Category,
    /// Who is next, as many as places are free.
    pub next: Vec<(Registration, Waiting)>,
}

/// Places that are free and who is next for them, in every event; at most `limit` people of a category.
///
/// # Errors
/// When the database refuses.
pub fn next_in_line(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Queue>> {
    let mut found = Vec::new();
    // What is offered to one category is gone for the next that shares a quota.
    let mut promised: HashMap<QuotaId, i32> = HashMap::new();
    for id in waiting::categories_with_places(db)? {
        let Some(category) = categories::by_id(db, id)?.filter(|category| category.makes_offers(now)) else { continue };
        let shared = quotas::of_category(db, id)?;
        let Some(event) = events::operations::by_id(db, category.event_id)? else { continue };
        let all: Vec<Quota> = quotas::all(db, event.id)?;
        let own = all.iter().filter(|quota| shared.contains(&quota.id));
        let free = own.map(|quota| quota.left() - promised.get(&quota.id).copied().unwrap_or(0));
        let left = free.chain(category.places_left()).map(i64::from).min().unwrap_or(limit).clamp(0, limit);
        let next = waiting::line(db, id, left)?;
        for quota in shared {
            *promised.entry(quota).or_default() += i32::try_from(next.len()).unwrap_or(i32::MAX);
        }
        found.push(Queue { event, category, next });
    }
    Ok(found)
}

/// Places left of a category, its quotas counted in; nothing where there is no limit.
///
/// # Errors
/// When the database refuses.
pub fn places_left(db: &mut DbConnection, category: &Category) -> QueryResult<Option<i32>> {
    let own = quotas::of_category(db, category.id)?;
    let all = quotas::all(db, category.event_id)?;
    let shared = all.iter().filter(|quota| own.contains(&quota.id)).map(Quota::left);
    Ok(shared.chain(category.places_left()).min())
}

/// An offer made ready: whom, until when, and the mail with the link that takes it up.
#[derive(Clone, Debug)]
pub struct PreparedOffer {
    /// The registration as it was read.
    pub registration: Registration,
    /// Until when it holds.
    pub until: UtcTime,
    /// Why this person, in JSON.
    pub reason: String,
    /// The mail.
    pub message: NewMessage,
    /// Its link.
    pub link: PrivateLink,
}

/// Offers places; how many were. Each is offered once, however many processes try: state and places are
/// both taken by guarded updates, and whoever lost one is left waiting.
///
/// # Errors
/// When the database refuses.
pub fn offer(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, made_by): (Actor, Option<UserId>),
    prepared: &[PreparedOffer],
) -> Result<usize, StandingError> {
    let mut done = 0;
    for one in prepared {
        let current = registrations::find(db, one.registration.event_id, one.registration.id)?;
        let Some(current) = current.filter(|current| current.state == RegistrationState::Waitlisted) else { continue };
        let change = StateChange {
            reason: one.reason.clone(),
            offered_until: Some(one.until),
            message: Some(one.message.clone()),
        };
        match transition(db, now, actor, &current, RegistrationState::Offered, &change) {
            Ok(_) => {}
            // The place went to somebody else, or another process offers it to the same person.
            Err(StandingError::Full | StandingError::Stale) => continue,
            Err(error) => return Err(error),
        }
        waiting::insert_offer(db, now, (&current, one.until), (&one.reason, made_by))?;
        links::insert(db, &one.link)?;
        done += 1;
    }
    Ok(done)
}

/// Why this person is offered a place, for whoever asks later.
#[must_use]
pub fn reason(rank: usize, waiting: &Waiting) -> String {
    json!({ "rank": rank, "priority": waiting.priority, "waits_since": waiting.waits_since }).to_string()
}

/// Ends offers whose time is over; how many.
///
/// # Errors
/// When the database refuses.
pub fn lapse(db: &mut DbConnection, now: UtcTime, limit: i64) -> Result<usize, StandingError> {
    let overdue = waiting::overdue(db, now, limit)?;
    for registration in &overdue {
        let change = StateChange { reason: "the offer ran out".to_owned(), ..StateChange::default() };
        match transition(db, now, Actor::System, registration, RegistrationState::Expired, &change) {
            // Someone answered meanwhile.
            Err(StandingError::Stale | StandingError::Ended) => {}
            done => drop(done?),
        }
    }
    Ok(overdue.len())
}

/// People with what they have of waiting.
pub type Rows = Vec<(Registration, Waiting)>;

/// The waiting list of a category: who is offered a place, and who comes next in order.
///
/// # Errors
/// When the database refuses.
pub fn line(db: &mut DbConnection, category: CategoryId, limit: i64) -> QueryResult<(Rows, Rows)> {
    Ok((waiting::offered(db, category, limit)?, waiting::line(db, category, limit)?))
}

/// Sets who is offered places first; whether there was such a registration.
///
/// # Errors
/// When the database refuses.
pub fn prefer(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, RegistrationId),
    priority: i32,
) -> QueryResult<bool> {
    let Some(known) = registrations::find(db, event, id)? else { return Ok(false) };
    if waiting::of(db, known.id)?.priority == priority {
        return Ok(true);
    }
    let done = waiting::set_priority(db, (event, id), priority)?;
    let entry = Entry::new(Some(event), actor, "registration.priority", "registration", id.as_str());
    audit::note(db, now, &entry.with(json!({ "priority": priority })))?;
    Ok(done)
}
