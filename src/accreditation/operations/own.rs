//! The applicant's side: what officers ask, what the applicant answers, and what undoes an approval.

use super::deciding::told;
use crate::accreditation::model::{QueueFilter, Review, ReviewKind, Said, Waiting};
use crate::accreditation::store::queue::Way;
use crate::accreditation::store::{applicants, queue, reviews};
use crate::audit::Actor;
use crate::db::{CategoryId, DbConnection, DbError, EventId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{self as registration, StandingError, StateChange};
use diesel::QueryResult;

/// Why an answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The application is decided.
    #[error("the application is decided")]
    Decided,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(AnswerError);

/// What an applicant sees of the accreditation.
#[derive(Clone, Debug, Default)]
pub struct OwnStanding {
    /// Questions and answers, the oldest first.
    pub said: Vec<Said>,
    /// Whether an answer is awaited.
    pub is_asked: bool,
    /// Whether something may be written.
    pub is_open: bool,
    /// Whether an officer approved.
    pub is_approved: bool,
    /// Why it was rejected; may be empty.
    pub rejected_because: String,
    /// Whether the second form is filled in.
    pub is_completed: bool,
}

/// What an applicant sees of the accreditation; what colleagues note stays among them.
///
/// # Errors
/// When the database refuses.
pub fn own_standing(db: &mut DbConnection, registration: &Registration) -> QueryResult<OwnStanding> {
    let mut said = reviews::history(db, registration.id)?;
    let find = |kind: ReviewKind| said.iter().find(|said| said.review.decision == kind);
    let rejected_because = find(ReviewKind::Reject).map(|said| said.review.reason.clone()).unwrap_or_default();
    let is_completed = find(ReviewKind::Completed).is_some();
    let asked_at =
        applicants::find(db, registration.event_id, registration.id)?.map(|own| (own.asked_at, own.approved_at));
    let (asked_at, approved_at) = asked_at.unwrap_or_default();
    said.retain(|said| matches!(said.review.decision, ReviewKind::Ask | ReviewKind::Answer));
    said.reverse();
    Ok(OwnStanding {
        is_asked: asked_at.is_some() && registration.state == RegistrationState::Applied,
        is_open: registration.state == RegistrationState::Applied && !said.is_empty(),
        is_approved: approved_at.is_some(),
        rejected_because: if registration.state == RegistrationState::Rejected {
            rejected_because
        } else {
            String::new()
        },
        is_completed,
        said,
    })
}

/// Takes what the applicant writes to the officers. The application is back with them.
///
/// # Errors
/// When it is decided.
pub fn answer(
    db: &mut DbConnection,
    now: UtcTime,
    registration: &Registration,
    words: &str,
) -> Result<(), AnswerError> {
    let current = applicants::find(db, registration.event_id, registration.id)?;
    if !current.is_some_and(|current| current.is_open()) {
        return Err(AnswerError::Decided);
    }
    let review = Review { reason: words.to_owned(), ..Review::new(now, registration.id, None, ReviewKind::Answer) };
    reviews::insert(db, &review)?;
    applicants::set_asked(db, now, registration.id, None)?;
    told(db, now, Actor::Attendee(registration.id), registration, "registration.answered")?;
    Ok(())
}

/// Empties what was written about a person; what was decided, when and by whom stays.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<()> {
    reviews::forget(db, registration)
}

/// Follows a change of name, document or photo: the person is compared with the watch-lists again,
/// officers who approved before look again, and whoever was approved already applies anew. Returns
/// whether that was so.
///
/// # Errors
/// When the registration moved on in the meantime.
pub fn identity_changed(
    db: &mut DbConnection,
    now: UtcTime,
    registration: &Registration,
) -> Result<bool, StandingError> {
    applicants::unscreen(db, registration.id)?;
    let (needs_approval, _) = applicants::rule(db, registration.category_id)?;
    if !needs_approval || !matches!(registration.state, RegistrationState::Applied | RegistrationState::Confirmed) {
        return Ok(false);
    }
    reviews::settle(db, registration.id)?;
    reviews::insert(db, &Review::new(now, registration.id, None, ReviewKind::Changed))?;
    if registration.state == RegistrationState::Applied {
        return Ok(false);
    }
    let change = StateChange { reason: "identity changed".to_owned(), ..StateChange::default() };
    let actor = Actor::Attendee(registration.id);
    registration::transition(db, now, actor, registration, RegistrationState::Applied, &change)?;
    Ok(true)
}

/// Follows a change of name. The team corrects names without a new approval; the watch-lists are
/// asked again all the same.
///
/// # Errors
/// When the registration moved on in the meantime.
pub fn name_changed(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: &Registration,
) -> Result<(), StandingError> {
    match actor {
        Actor::User(_) | Actor::CommandLine | Actor::System => Ok(applicants::unscreen(db, registration.id)?),
        _ => identity_changed(db, now, registration).map(drop),
    }
}

/// Notes that an approved person has filled in the second form.
///
/// # Errors
/// When the database refuses.
pub fn complete(db: &mut DbConnection, now: UtcTime, registration: &Registration) -> QueryResult<()> {
    reviews::insert(db, &Review::new(now, registration.id, None, ReviewKind::Completed))?;
    told(db, now, Actor::Attendee(registration.id), registration, "registration.second-form")
}

/// The categories that have a form for those who are approved.
///
/// # Errors
/// When the database refuses.
pub fn second_form(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<CategoryId>> {
    applicants::with_second_form(db, event)
}

/// Some of those who owe the second form, after one of them.
///
/// # Errors
/// When the database refuses.
pub fn owing(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    second_form: &[CategoryId],
    (after, limit): (Option<RegistrationId>, i64),
) -> QueryResult<Vec<Registration>> {
    let filter = QueueFilter { waiting: Some(Waiting::Form), ..QueueFilter::read(event, |_| None) };
    let ids = queue::list(db, now, &filter, second_form, (Way::Onwards, after), limit)?;
    Ok(applicants::of_ids(db, event, &ids)?.into_iter().map(|applicant| applicant.registration).collect())
}

/// Reminds someone of the second form, unless it came in meanwhile; whether it did.
///
/// # Errors
/// When the database refuses.
pub fn remind(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: &Registration,
    (message, link): (&NewMessage, &PrivateLink),
) -> QueryResult<bool> {
    let said = reviews::of_all(db, &[registration.id])?;
    if said.iter().any(|review| review.decision == ReviewKind::Completed) {
        return Ok(false);
    }
    registration::keep_link(db, link)?;
    mail::operations::queue(db, now, message)?;
    reviews::insert(db, &Review::new(now, registration.id, None, ReviewKind::Reminded))?;
    told(db, now, actor, registration, "registration.reminded")?;
    Ok(true)
}
