//! Taking a place.

use super::places;
use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, DbError, EventId, InvitationId, QuotaId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::applicant::Submission;
use crate::registration::codes::operations as codes;
use crate::registration::forms::attaching::{Attached, attach};
use crate::registration::model::{Details, PrivateLink, Registration};
use crate::registration::store::{categories, keys, links, quotas as store_quotas, registrations};
use chrono::TimeDelta;
use diesel::QueryResult;

/// How long the same content counts as the same submission.
const SAME_CONTENT: TimeDelta = TimeDelta::minutes(10);

/// A registration with its link and mail, made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The registration.
    pub registration: Registration,
    /// The answers, as they stand in their column.
    pub answers: String,
    /// What the answers bring with them.
    pub attached: Attached,
    /// The link that confirms its address.
    pub link: PrivateLink,
    /// The mail with the link.
    pub message: NewMessage,
    /// The quotas against which it counts besides its category.
    pub quotas: Vec<QuotaId>,
    /// Those of them that follow from choices, which no code reserves.
    pub chosen: Vec<QuotaId>,
    /// The invitation code that was used.
    pub code: Option<Redeemed>,
    /// What a repetition is known by.
    pub submission: Submission,
}

/// An invitation code that somebody registers by.
#[derive(Clone, Copy, Debug)]
pub struct Redeemed {
    /// The code.
    pub id: InvitationId,
    /// Whether it has places of its own.
    pub is_reserved: bool,
}

/// What came of a submission. The browser is told the same in every case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A place was taken.
    Registered(RegistrationId),
    /// The address has a registration, and got its link again.
    KnownAddress,
    /// The same was submitted before.
    Repeated,
}

/// Why nobody was registered.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The last place is taken.
    #[error("every place of this category is taken")]
    Full,
    /// The invitation code was used up, taken back or ran out in the meantime.
    #[error("the invitation code can't be used any more")]
    CodeSpent,
    /// A file was sent with another form in the meantime.
    #[error("a file does not wait any more")]
    FileGone,
    /// The code made for it is given away; make another.
    #[error("the registration's code is given away")]
    CodeTaken,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(RegisterError);

/// Takes a place for an applicant whose address is not confirmed yet.
///
/// # Errors
/// When no place is left.
pub fn register(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> Result<Outcome, RegisterError> {
    let Prepared { registration, answers, link, message, quotas, code, submission, .. } = prepared;
    // Content needs no row of its own: a repetition meets the registration that it made.
    if !submission.is_by_content && !is_new(db, now, submission, registration)? {
        return Ok(Outcome::Repeated);
    }
    let is_last = claim(db, now, prepared)?;
    if !registrations::insert_if_free(db, registration, answers)? {
        let_go(db, now, prepared)?;
        return meet_known_address(db, now, prepared);
    }
    if !attach(db, registration.id, &prepared.attached)? {
        return Err(RegisterError::FileGone);
    }
    places::hold(db, registration.id, quotas)?;
    if let Some(code) = code {
        codes::note_use(db, registration.id, code.id)?;
    }
    links::insert(db, link)?;
    mail::operations::queue(db, now, message)?;
    note(db, now, Actor::Visitor, "registration.made", registration)?;
    if is_last {
        touch_public(db, registration.event_id)?;
    }
    Ok(Outcome::Registered(registration.id))
}

/// Takes a use of the code and the places that it does not have already; whether one was the last.
fn claim(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> Result<bool, RegisterError> {
    let Prepared { registration, quotas, chosen, code, .. } = prepared;
    if let Some(code) = code
        && !codes::take_use(db, now, code.id)?
    {
        return Err(RegisterError::CodeSpent);
    }
    let taken = match code {
        Some(code) if code.is_reserved => places::take_quotas(db, chosen)?,
        _ => places::take(db, registration.category_id, quotas)?,
    };
    if taken.is_none()
        && let Some(code) = code
    {
        codes::give_use_back(db, now, code.id)?;
    }
    taken.ok_or(RegisterError::Full)
}

/// Gives back what [`claim`] has taken.
fn let_go(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> QueryResult<()> {
    let Prepared { registration, quotas, chosen, code, .. } = prepared;
    let is_reserved = code.is_some_and(|code| code.is_reserved);
    for quota in if is_reserved { chosen } else { quotas } {
        store_quotas::free(db, *quota, 1)?;
    }
    if !is_reserved {
        categories::free_places(db, registration.category_id, 1)?;
    }
    code.map_or(Ok(()), |code| codes::give_use_back(db, now, code.id))
}

/// The address got a registration between the look before and now: the prepared mail leads to that one.
fn meet_known_address(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> Result<Outcome, RegisterError> {
    let Prepared { registration, link, message, submission, .. } = prepared;
    let known = registrations::active(db, registration.event_id, &registration.email_key)?;
    let known = known.ok_or(RegisterError::CodeTaken)?;
    if !submission.is_by_content {
        keys::replace(db, now, (known.event_id.as_str(), &submission.key), known.id.as_str())?;
    } else if made_by(&known, registration.category_id, &Details::from(registration), now)
        || !is_new(db, now, submission, &known)?
    {
        return Ok(Outcome::Repeated);
    }
    let (link, message, verify_by) = (link.clone(), message.clone(), registration.verify_by);
    let known = Known { registration: known, link, message, verify_by, submission: None };
    Ok(send_link_again(db, now, Actor::Visitor, &known)?)
}

/// Whether a registration came of this very content a short while ago.
#[must_use]
pub fn made_by(registration: &Registration, category: CategoryId, details: &Details, now: UtcTime) -> bool {
    registration.category_id == category
        && Details::from(registration) == *details
        && now - registration.created_at <= SAME_CONTENT
}

/// A registration whose address gets its link again.
#[derive(Clone, Debug)]
pub struct Known {
    /// The registration.
    pub registration: Registration,
    /// Its new link.
    pub link: PrivateLink,
    /// The mail with the link.
    pub message: NewMessage,
    /// Until when it may be confirmed, where it is not yet.
    pub verify_by: Option<UtcTime>,
    /// What a repetition is known by, where a visitor caused it.
    pub submission: Option<Submission>,
}

/// Sends a registration's address its link again.
///
/// # Errors
/// When the database refuses.
pub fn send_link_again(db: &mut DbConnection, now: UtcTime, actor: Actor, known: &Known) -> QueryResult<Outcome> {
    let registration = &known.registration;
    if let Some(submission) = &known.submission
        && !is_new(db, now, submission, registration)?
    {
        return Ok(Outcome::Repeated);
    }
    if let Some(verify_by) = known.verify_by {
        registrations::extend(db, registration.id, verify_by)?;
    }
    let link = PrivateLink { registration_id: registration.id, ..known.link.clone() };
    links::insert(db, &link)?;
    let message = NewMessage { registration: Some(registration.id), ..known.message.clone() };
    mail::operations::queue(db, now, &message)?;
    note(db, now, actor, "registration.link-sent", registration)?;
    Ok(Outcome::KnownAddress)
}

/// Remembers that an address was searched for which nobody has: as much is written as for one that is known.
///
/// # Errors
/// When the database refuses.
pub fn note_search(db: &mut DbConnection, now: UtcTime, event: EventId, submission: &Submission) -> QueryResult<()> {
    let key = (event.as_str(), submission.key.as_str());
    if !keys::remember(db, now, key, "")? {
        keys::replace(db, now, key, "")?;
    }
    Ok(())
}

/// Whether a submission comes for the first time. One whose registration has ended since, or one
/// known only by its content from a while ago, counts as new.
fn is_new(db: &mut DbConnection, now: UtcTime, submission: &Submission, subject: &Registration) -> QueryResult<bool> {
    let (key, subject) = ((subject.event_id.as_str(), submission.key.as_str()), subject.id);
    if keys::remember(db, now, key, subject.as_str())? {
        return Ok(true);
    }
    let Some((before, at)) = keys::recall(db, key)? else { return Ok(false) };
    let is_old = submission.is_by_content && now - at > SAME_CONTENT;
    let stands = match before {
        Some(before) => registrations::is_active(db, &before)?,
        None => false,
    };
    if stands && !is_old {
        return Ok(false);
    }
    keys::replace(db, now, key, subject.as_str())?;
    Ok(true)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    action: &'static str,
    registration: &Registration,
) -> QueryResult<()> {
    let entry = Entry::new(Some(registration.event_id), actor, action, "registration", registration.id.as_str());
    audit::note(db, now, &entry)
}
