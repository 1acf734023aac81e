//! The people of a delegation: adding, changing, putting in order, withdrawing.

use super::{By, DelegationError, begin, note};
use crate::audit::{self, Entry};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, UtcTime};
use crate::delegations::model::{Member, Refusal, by_numbers, moved};
use crate::delegations::store::{delegations, members};
use crate::i18n::Lang;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::forms::answering::{self, Changed};
use crate::registration::forms::model::Stage;
use crate::registration::model::{Details, PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{
    self as registration, EnrolError, Enrolment, StateChange, change_details, enrol, keep_link, transition,
};
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// What came of adding people.
#[derive(Clone, Debug, Default)]
pub struct Added {
    /// Those who were added, in the order in which they were given.
    pub added: Vec<RegistrationId>,
    /// Those who were not: their number in what was given, and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// Adds people, each by a number that the caller knows them by. Either those who can be are added, or with
/// `all_or_nothing` nobody as soon as one can't be.
///
/// # Errors
/// When the link ends or the delegation is closed, or, with `all_or_nothing`, when somebody can't be added.
pub fn add(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    (people, all_or_nothing): (&[(usize, Enrolment)], bool),
) -> Result<Added, DelegationError> {
    begin(db, now, by, (event, id))?;
    let present = members::of(db, id)?;
    let last = present.iter().map(|member| member.rank).max().unwrap_or(0);
    let mut without_address: HashSet<Facts> = present
        .iter()
        .filter(|member| member.is_active() && !member.registration.has_address())
        .map(|member| facts(&member.registration))
        .collect();
    // Categories one after another, in one order, as other transactions take their places.
    let mut ranked: Vec<_> = people.iter().zip(last + 1..).collect();
    ranked.sort_by_key(|((_, enrolment), rank)| (enrolment.registration.category_id, *rank));
    let mut outcomes = Vec::with_capacity(ranked.len());
    for ((number, enrolment), rank) in ranked {
        let own = &enrolment.registration;
        let outcome = if !own.has_address() && !without_address.insert(facts(own)) {
            Err(Refusal::Again)
        } else {
            add_one(db, now, by, id, &Enrolment { delegation: Some((id, rank)), ..enrolment.clone() })?
        };
        outcomes.push((*number, outcome));
    }
    outcomes.sort_by_key(|(number, _)| *number);
    let mut done = Added::default();
    for (number, outcome) in outcomes {
        match outcome {
            Ok(registration) => done.added.push(registration),
            Err(refusal) => done.refused.push((number, refusal)),
        }
    }
    if all_or_nothing && !done.refused.is_empty() {
        return Err(DelegationError::Refused(done.refused));
    }
    if !done.added.is_empty() {
        let detail = json!({ "people": done.added.len() });
        note(db, now, (by.actor, "delegation.added"), (event, id), detail)?;
    }
    Ok(done)
}

/// By what somebody without an address is known again, so that a form sent twice adds them once.
type Facts = (String, String, String, String, String);

fn facts(registration: &Registration) -> Facts {
    let Registration { given_name, family_name, native_name, organisation, position, .. } = registration.clone();
    (given_name, family_name, native_name, organisation, position)
}

fn add_one(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    id: DelegationId,
    enrolment: &Enrolment,
) -> Result<Result<RegistrationId, Refusal>, DelegationError> {
    match enrol(db, now, by.actor, enrolment) {
        Ok(registration) => Ok(Ok(registration)),
        Err(EnrolError::Known(_)) => Ok(Err(Refusal::Known)),
        Err(EnrolError::Full) => {
            let (event, category) = (enrolment.registration.event_id, enrolment.registration.category_id);
            Ok(Err(why_full(db, event, id, category)?))
        }
        Err(EnrolError::CodeTaken) => Err(DelegationError::CodeTaken),
        Err(EnrolError::Db(error)) => Err(error.into()),
    }
}

/// Lets others who change a delegation wait until this transaction ends; the last rank in it, or nothing where the
/// event has no such delegation.
///
/// # Errors
/// When the database refuses.
pub fn hold(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id): (EventId, DelegationId),
) -> diesel::QueryResult<Option<i32>> {
    if delegations::find(db, event, id)?.is_none() || !delegations::lock(db, now, id)? {
        return Ok(None);
    }
    members::last_rank(db, id).map(Some)
}

/// Whose places are taken.
///
/// # Errors
/// When the database refuses.
pub fn why_full(
    db: &mut DbConnection,
    event: EventId,
    id: DelegationId,
    category: CategoryId,
) -> diesel::QueryResult<Refusal> {
    let own = delegations::places(db, id)?.into_iter().find(|places| places.category_id == category);
    let (capacity, left) = own.map_or((0, 0), |places| (places.capacity, places.left()));
    if left == 0 {
        return Ok(Refusal::DelegationFull(capacity));
    }
    let categories = registration::all_categories(db, event)?;
    let is_full = categories.iter().any(|one| one.id == category && one.is_full());
    Ok(if is_full { Refusal::CategoryFull } else { Refusal::QuotaFull })
}

/// Somebody of the delegation as they are now.
fn find(
    db: &mut DbConnection,
    (event, id): (EventId, DelegationId),
    person: RegistrationId,
) -> Result<Registration, DelegationError> {
    let belongs = members::delegation_of(db, person)?.is_some_and(|(own, _)| own == id);
    let found = registration::find(db, event, person)?.filter(|_| belongs);
    found.ok_or(DelegationError::NotFound)
}

/// Withdraws somebody: their places become free, and they are told where there is a mail. Whether this call did
/// it; done twice, it is done once.
///
/// # Errors
/// When the link ends or the delegation is closed, or nobody like that is in it.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    (person, message): (RegistrationId, Option<&NewMessage>),
) -> Result<bool, DelegationError> {
    begin(db, now, by, (event, id))?;
    let current = find(db, (event, id), person)?;
    if current.state.is_end() {
        return Ok(false);
    }
    let change = StateChange {
        reason: "withdrawn by the delegation".to_owned(),
        message: message.cloned(),
        offered_until: None,
    };
    transition(db, now, by.actor, &current, RegistrationState::Cancelled, &change)?;
    members::set_place(db, person, (0, false))?;
    note(db, now, (by.actor, "delegation.withdrawn"), (event, id), json!({ "registration": person }))?;
    Ok(true)
}

/// What is changed about somebody.
#[derive(Clone, Debug)]
pub struct Change {
    /// The registration.
    pub person: RegistrationId,
    /// As which version it was looked at.
    pub version: i32,
    /// The facts.
    pub details: Details,
    /// The address as typed and as compared; empty where there is none.
    pub address: (String, String),
    /// The language of mails.
    pub language: Lang,
}

/// Changes the facts about somebody, and where mail reaches them. Links that went to another address end.
///
/// # Errors
/// When someone else was faster, the registration has ended, or another one has the address.
pub fn change(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    change: &Change,
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    let before = find(db, (event, id), change.person)?;
    if before.state.is_end() {
        return Err(DelegationError::Ended);
    }
    if before.version != change.version {
        return Err(DelegationError::Stale);
    }
    change_details(db, now, by.actor, (&before, before.version), &change.details)?;
    let current = find(db, (event, id), change.person)?;
    let (email, key) = (change.address.0.as_str(), change.address.1.as_str());
    let is_moved = before.email != email;
    if !is_moved && current.language == change.language {
        return Ok(());
    }
    if !email.is_empty() && registration::active(db, event, key)?.is_some_and(|other| other.id != current.id) {
        return Err(DelegationError::Known);
    }
    let key = if email.is_empty() { current.keyless() } else { key.to_owned() };
    let search = change.details.search_key(if email.is_empty() { "" } else { &key }, &current.code);
    let address = (email, key.as_str(), search.as_str());
    match members::set_address(db, now, (current.id, current.version), address, change.language) {
        Ok(true) => {}
        Ok(false) => return Err(DelegationError::Stale),
        // Somebody took the address since it was looked up, which only Postgres lets happen.
        Err(DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => return Err(DelegationError::Known),
        Err(error) => return Err(error.into()),
    }
    if is_moved {
        members::revoke_links(db, now, current.id)?;
    }
    let entry = Entry::new(Some(event), by.actor, "registration.address", "registration", current.id.as_str());
    audit::note(db, now, &entry)?;
    Ok(())
}

/// Keeps what the focal point answers for somebody.
///
/// # Errors
/// When someone else was faster, the registration has ended, or a choice has no place left.
pub fn answer(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    (person, version, stage): (RegistrationId, i32, Stage),
    changed: Changed<'_>,
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    let current = find(db, (event, id), person)?;
    Ok(answering::save(db, now, by.actor, (&current, version, stage), changed)?)
}

/// Gives somebody a private link of their own, by mail where there is one. Nobody whose
/// registration ended gets one.
///
/// # Errors
/// When the link ends or the delegation is closed, or nobody like that is in it.
pub fn give_link(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    links: &[(PrivateLink, Option<NewMessage>)],
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    for (link, message) in links {
        if find(db, (event, id), link.registration_id)?.state.is_end() {
            return Err(DelegationError::Ended);
        }
        keep_link(db, link)?;
        if let Some(message) = message {
            mail::operations::queue(db, now, message)?;
        }
        let subject = link.registration_id;
        let action = if message.is_some() { "registration.link-sent" } else { "registration.link-shown" };
        audit::note(db, now, &Entry::new(Some(event), by.actor, action, "registration", subject.as_str()))?;
    }
    Ok(())
}

/// What is to become of the order.
#[derive(Clone, Debug)]
pub enum Place {
    /// Somebody moves by one place.
    Moved(RegistrationId, bool),
    /// Everybody gets the place that was typed, and this one leads the delegation.
    Typed(HashMap<RegistrationId, i64>, Option<RegistrationId>),
}

/// Puts people in order of seniority, and says who leads the delegation.
///
/// # Errors
/// When the link ends or the delegation is closed.
pub fn order(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
    place: &Place,
) -> Result<(), DelegationError> {
    begin(db, now, by, (event, id))?;
    let mut active = members::of(db, id)?;
    active.retain(Member::is_active);
    let ids: Vec<RegistrationId> = active.iter().map(|member| member.registration.id).collect();
    let leads = active.iter().find(|member| member.is_head).map(|member| member.registration.id);
    let (order, head) = match place {
        Place::Moved(one, is_up) => (moved(&ids, *one, *is_up), leads),
        Place::Typed(numbers, head) => (by_numbers(&ids, |one| numbers.get(&one).copied()), *head),
    };
    for (rank, person) in (1..).zip(order) {
        let is_head = head == Some(person);
        let as_before = |member: &Member| (member.registration.id, member.rank, member.is_head);
        if !active.iter().any(|member| as_before(member) == (person, rank, is_head)) {
            members::set_place(db, person, (rank, is_head))?;
        }
    }
    note(db, now, (by.actor, "delegation.ordered"), (event, id), json!({}))?;
    Ok(())
}
