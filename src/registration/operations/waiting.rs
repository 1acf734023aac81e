//! Waiting for a place: joining, offers in order, accepting and declining.

use super::registering::{Outcome, Prepared, RegisterError};
use super::standing::StandingError;
use super::transition::{StateChange, transition};
use super::turns::{self, Room, Turn};
use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, EventId, RegistrationId, UserId, UtcTime};
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
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;

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
    /// Who is next, and why.
    pub next: Vec<(Registration, String)>,
}

/// Whom what is free can serve, in order and in every event, and why it is their turn; at most `limit` people of a
/// category.
///
/// # Errors
/// When the database refuses.
pub fn next_in_line(db: &mut DbConnection, now: UtcTime, limit: usize) -> QueryResult<Vec<Queue>> {
    let mut found = Vec::new();
    // What is offered to one category is gone for the next that shares a quota.
    let mut rooms: HashMap<EventId, Room> = HashMap::new();
    for id in waiting::categories_with_places(db)? {
        let Some(category) = categories::by_id(db, id)?.filter(|category| category.makes_offers(now)) else { continue };
        let Some(event) = events::operations::by_id(db, category.event_id)? else { continue };
        let room = match rooms.entry(event.id) {
            MapEntry::Occupied(known) => known.into_mut(),
            MapEntry::Vacant(new) => new.insert(Room::read(db, event.id)?),
        };
        let (line, needs) = (waiting::line(db, id, i64::MAX)?, turns::needs(db, id)?);
        let turns = turns::turns(room, &category, line.iter().map(|(one, _)| one.id), &needs);
        let (mut next, mut passed) = (Vec::new(), Vec::new());
        for (rank, ((registration, waits), turn)) in (1..).zip(line.into_iter().zip(turns)) {
            match turn {
                Turn::Now if next.len() < limit => next.push((registration, reason(rank, &waits, &passed))),
                Turn::Passed(lack) => passed.push(json!({ "number": registration.code, "lacks": lack.word() })),
                Turn::Now | Turn::Later => break,
            }
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

/// People passed over that the reason of one offer names.
const NAMED: usize = 20;

/// Why this person is offered a place, and who before them could not be, for whoever asks later.
fn reason(rank: usize, waiting: &Waiting, passed: &[Value]) -> String {
    let passed = &passed[..passed.len().min(NAMED)];
    let reason = json!({
        "rank": rank, "priority": waiting.priority, "waits_since": waiting.waits_since, "passed_over": passed,
    });
    reason.to_string()
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
