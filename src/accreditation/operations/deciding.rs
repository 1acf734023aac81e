//! What officers decide and note.

use crate::accreditation::model::{Applicant, Decision, Progress, Review, ReviewKind};
use crate::accreditation::store::{applicants, reviews};
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, RegistrationId, UserId, UtcTime};
use crate::db_failure;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{self as registration, StandingError, StateChange};
use diesel::QueryResult;

/// Why a decision was not taken.
#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    /// There is no such application.
    #[error("no such application")]
    NotFound,
    /// It changed since it was looked at.
    #[error("the application changed in the meantime")]
    Stale,
    /// Another officer must approve it as well.
    #[error("the second approval is another officer's")]
    SameOfficer,
    /// No place is left.
    #[error("every place is taken")]
    Full,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(DecideError);

impl From<StandingError> for DecideError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Full => Self::Full,
            StandingError::Db(error) => Self::Db(error),
            _ => Self::Stale,
        }
    }
}

/// A decision with its mail, made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The application as it was looked at.
    pub registration: Registration,
    /// The officer.
    pub officer: UserId,
    /// What is decided.
    pub decision: Decision,
    /// What the applicant reads; may be empty.
    pub reason: String,
    /// What colleagues read; may be empty.
    pub note: String,
    /// The mail. It does not leave while another officer must approve.
    pub message: NewMessage,
    /// The private link that it carries.
    pub link: Option<PrivateLink>,
}

/// What came of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person is approved.
    Approved,
    /// Another officer must approve as well.
    AwaitsSecond,
    /// The applicant is asked for more.
    Asked,
    /// The person is rejected.
    Rejected,
}

/// Takes a decision. One rejection suffices; an approval may need that of another officer.
///
/// # Errors
/// When the application moved on, or the officer has approved it already.
pub fn decide(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> Result<Outcome, DecideError> {
    let Prepared { registration, officer, decision, .. } = prepared;
    let (_, needed) = applicants::rule(db, registration.category_id)?;
    let approved_by = reviews::pending(db, registration.id)?.into_iter().flatten().collect();
    let progress = Progress { approved_by, needed: needed.max(1), ..Progress::default() };
    if *decision == Decision::Approve && !progress.may_approve(*officer) {
        return Err(DecideError::SameOfficer);
    }
    if !applicants::claim(db, now, registration.id, registration.version)? {
        return Err(DecideError::Stale);
    }
    let review = Review {
        reason: prepared.reason.clone(),
        note: prepared.note.clone(),
        ..Review::new(now, registration.id, Some(*officer), decision.review())
    };
    reviews::insert(db, &review)?;
    match decision {
        Decision::Approve if !progress.is_last() => {
            applicants::set_asked(db, now, registration.id, None)?;
            told(db, now, Actor::User(*officer), registration, "registration.first-approval")?;
            Ok(Outcome::AwaitsSecond)
        }
        Decision::Approve => settle(db, now, prepared, RegistrationState::Confirmed).map(|()| Outcome::Approved),
        Decision::Reject => settle(db, now, prepared, RegistrationState::Rejected).map(|()| Outcome::Rejected),
        Decision::Ask => {
            applicants::set_asked(db, now, registration.id, Some(now))?;
            send(db, now, prepared)?;
            told(db, now, Actor::User(*officer), registration, "registration.asked-for-more")?;
            Ok(Outcome::Asked)
        }
    }
}

fn settle(db: &mut DbConnection, now: UtcTime, prepared: &Prepared, to: RegistrationState) -> Result<(), DecideError> {
    reviews::settle(db, prepared.registration.id)?;
    send(db, now, prepared)?;
    let change = StateChange { reason: prepared.reason.clone(), ..StateChange::default() };
    let actor = Actor::User(prepared.officer);
    registration::transition(db, now, actor, &prepared.registration, to, &change)?;
    Ok(())
}

fn send(db: &mut DbConnection, now: UtcTime, prepared: &Prepared) -> QueryResult<()> {
    if let Some(link) = &prepared.link {
        registration::keep_link(db, link)?;
    }
    mail::operations::queue(db, now, &prepared.message).map(drop)
}

pub(super) fn told(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    registration: &Registration,
    action: &'static str,
) -> QueryResult<()> {
    let entry = Entry::new(Some(registration.event_id), actor, action, "registration", registration.id.as_str());
    audit::note(db, now, &entry)
}

/// Notes something for colleagues.
///
/// # Errors
/// When there is no such application.
pub fn note(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id): (EventId, RegistrationId),
    officer: UserId,
    words: &str,
) -> Result<(), DecideError> {
    applicants::find(db, event, id)?.ok_or(DecideError::NotFound)?;
    let review = Review { note: words.to_owned(), ..Review::new(now, id, Some(officer), ReviewKind::Note) };
    Ok(reviews::insert(db, &review)?)
}

/// Says that nothing is in what watch-lists say about a person, and why. Lists uploaded later and
/// changes of the person bring the flag back.
///
/// # Errors
/// When there is no such application.
pub fn clear_flag(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id): (EventId, RegistrationId),
    officer: UserId,
    words: &str,
) -> Result<(), DecideError> {
    let Applicant { registration, .. } = applicants::find(db, event, id)?.ok_or(DecideError::NotFound)?;
    let review = Review { note: words.to_owned(), ..Review::new(now, id, Some(officer), ReviewKind::Cleared) };
    reviews::insert(db, &review)?;
    applicants::clear_flag(db, id)?;
    Ok(told(db, now, Actor::User(officer), &registration, "registration.flag-cleared")?)
}
