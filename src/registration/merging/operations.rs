//! Looking at two registrations side by side, and making one of them.

use super::model::{Barrier, BothAnswers, Choices, Party, Tie, barrier};
use super::store::{self, More};
use crate::audit::{self, Actor, Entry};
use crate::badges::operations as badges;
use crate::bookings::moving as bookings;
use crate::checkin::operations as checkin;
use crate::db::{AnswerFileId, DbConnection, DbError, EventId, QuestionId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::delegations::operations as delegations;
use crate::mail;
use crate::mail::address::EmailAddress;
use crate::mail::model::NewMessage;
use crate::notices::starring;
use crate::registration::forms::model::{Form, Part, Question};
use crate::registration::forms::operations as forms;
use crate::registration::forms::sealed::model::SealedAnswer;
use crate::registration::forms::sealed::operations as sealed;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{
    StandingError, StateChange, change_delegation, change_details, find, follow_choices, keep_link, transition,
};
use crate::registration::privacy::operations as privacy;
use diesel::QueryResult;
use serde_json::json;

/// Why two registrations were not put together.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of them is not there.
    #[error("no such registration")]
    NotFound,
    /// They can't be.
    #[error("the registrations can't be put together: {0}")]
    Barred(Barrier),
    /// Someone changed one of them in the meantime.
    #[error("someone changed one of the registrations in the meantime")]
    Stale,
    /// The delegation, or a choice in the answers, has no place left.
    #[error("no place is left")]
    Full,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(MergeError);

impl From<StandingError> for MergeError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Full => Self::Full,
            StandingError::Stale | StandingError::Ended => Self::Stale,
            StandingError::Db(error) => Self::Db(error),
        }
    }
}

/// Two registrations side by side.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The one that is to be kept.
    pub kept: Party,
    /// The one that is to end.
    pub other: Party,
    /// The answers of both.
    pub answers: BothAnswers,
}

/// Two registrations of an event side by side, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn pair(
    db: &mut DbConnection,
    event: EventId,
    (kept, other): (RegistrationId, RegistrationId),
) -> QueryResult<Option<Pair>> {
    let (Some(kept), Some(other)) = (store::party(db, event, kept)?, store::party(db, event, other)?) else {
        return Ok(None);
    };
    let form = Form { questions: forms::all_questions(db, event)? };
    let rows =
        (sealed::of_registration(db, kept.registration.id)?, sealed::of_registration(db, other.registration.id)?);
    let answers = BothAnswers::new(form, (&kept, &other), rows);
    Ok(Some(Pair { kept, other, answers }))
}

/// The registration that is known by this number or address at an event.
///
/// # Errors
/// When the database refuses.
pub fn named(db: &mut DbConnection, event: EventId, word: &str) -> QueryResult<Option<RegistrationId>> {
    let address = word.parse::<EmailAddress>().ok().map(|address| address.key());
    store::named(db, event, (&word.to_uppercase(), address.as_deref()))
}

/// The registrations that this one leads to, and those that lead to it.
///
/// # Errors
/// When the database refuses.
pub fn ties(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<Tie>> {
    store::ties(db, id)
}

/// Whether a registration was put together with another one of the same person.
///
/// # Errors
/// When the database refuses.
pub fn is_merged(db: &mut DbConnection, id: RegistrationId) -> QueryResult<bool> {
    store::is_merged(db, id)
}

/// Two registrations about to become one, with everything made ready.
#[derive(Clone, Debug)]
pub struct Merge {
    /// The event.
    pub event: EventId,
    /// The one that is kept and its version as it was looked at.
    pub kept: (RegistrationId, i32),
    /// The one that ends and its version as it was looked at.
    pub other: (RegistrationId, i32),
    /// What is taken from the one that ends.
    pub choices: Choices,
    /// Its sealed answers as they were, and sealed for the one that is kept.
    pub resealed: Vec<(SealedAnswer, SealedAnswer)>,
    /// What the person is told, with the link in it.
    pub letter: Option<(PrivateLink, NewMessage)>,
}

/// Makes two registrations one. In one transaction: seats, invitations, scans, prints, mails and stars move; the one
/// that ends gives its places back; the kept one takes the facts and answers that were chosen. Returns the files whose
/// bytes the caller removes: the kept one had other answers in their place.
///
/// # Errors
/// When something speaks against it, someone was faster, or a place is missing; then the transaction is to be undone.
pub fn merge(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    merge: &Merge,
) -> Result<Vec<AnswerFileId>, MergeError> {
    let Pair { kept, other, answers } = begin(db, now, merge)?;
    let (id, from) = (kept.registration.id, other.registration.id);
    bookings::adopt(db, now, actor, (id, from))?;
    let change = StateChange { reason: "merged".to_owned(), ..StateChange::default() };
    transition(db, now, actor, &other.registration, RegistrationState::Cancelled, &change)?;
    store::lead_on(db, now, (from, id))?;
    let choices = &merge.choices;
    let details = choices.details(&kept, &other);
    change_details(db, now, actor, (&kept.registration, kept.registration.version), &details)?;
    if choices.takes("delegation") {
        let place = (other.delegation_id, other.delegation_rank, other.is_head);
        change_delegation(db, &kept.registration, place)?;
    }
    let gone = move_answers(db, now, (&kept, &other), (&answers, merge))?;
    take_more(db, now, (&kept, &other), (&answers, choices))?;
    checkin::adopt(db, (id, from))?;
    badges::adopt(db, (id, from))?;
    starring::adopt(db, (id, from))?;
    mail::operations::adopt(db, (id, from))?;
    if let Some((link, message)) = &merge.letter {
        keep_link(db, link)?;
        mail::operations::queue(db, now, message)?;
    }
    note(db, now, actor, (&kept, &other, choices))?;
    Ok(gone)
}

/// Lets others wait, and looks whether both still are as they were looked at.
fn begin(db: &mut DbConnection, now: UtcTime, merge: &Merge) -> Result<Pair, MergeError> {
    let (kept, other) = (merge.kept.0, merge.other.0);
    if merge.choices.takes("delegation")
        && let Some(delegation) = store::party(db, merge.event, other)?.and_then(|other| other.delegation_id)
    {
        // Delegations come first in every transaction that changes one.
        delegations::hold(db, now, (merge.event, delegation))?;
    }
    store::lock(db, kept, other)?;
    let pair = pair(db, merge.event, (kept, other))?.ok_or(MergeError::NotFound)?;
    if let Some(barrier) = barrier(&pair.kept, &pair.other) {
        return Err(MergeError::Barred(barrier));
    }
    let versions = (pair.kept.registration.version, pair.other.registration.version);
    if versions != (merge.kept.1, merge.other.1) {
        return Err(MergeError::Stale);
    }
    Ok(pair)
}

/// Moves the answers that were chosen, with their sealed rows, files and consents.
fn move_answers(
    db: &mut DbConnection,
    now: UtcTime,
    (kept, other): (&Party, &Party),
    (both, merge): (&BothAnswers, &Merge),
) -> Result<Vec<AnswerFileId>, MergeError> {
    let choices = &merge.choices;
    let taken: Vec<&Question> = choices.questions_of(both).collect();
    if taken.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<QuestionId> = taken.iter().map(|question| question.id).collect();
    let (id, from) = (kept.registration.id, other.registration.id);
    let gone = forms::forget_attached(db, id, &ids)?;
    forms::adopt_files(db, (id, from), &ids)?;
    if !sealed::adopt(db, &merge.resealed)? {
        return Err(MergeError::Stale);
    }
    let (after, left) = choices.answers(both);
    let current = find(db, merge.event, id)?.ok_or(MergeError::NotFound)?;
    follow_choices(db, &current, (&both.kept, &after))?;
    forms::set_answers(db, now, (id, current.version), &after)?;
    let ended = find(db, merge.event, from)?.ok_or(MergeError::NotFound)?;
    forms::set_answers(db, now, (from, ended.version), &left)?;
    privacy::adopt_consents(db, now, (&kept.registration, &other.registration), (both, &taken))?;
    Ok(gone)
}

/// Sets what the kept one takes over beside details and answers.
fn take_more(
    db: &mut DbConnection,
    now: UtcTime,
    (kept, other): (&Party, &Party),
    (both, choices): (&BothAnswers, &Choices),
) -> Result<(), MergeError> {
    let merged: Registration = choices.merged(kept, other);
    let is_moved = choices.takes_address(other) && merged.email_key != kept.registration.email_key;
    let key = if merged.has_address() { merged.email_key.as_str() } else { "" };
    let search = choices.details(kept, other).search_key(key, &merged.code);
    let remarks = [kept.remark.trim(), other.remark.trim()];
    let remark = remarks.into_iter().filter(|remark| !remark.is_empty()).collect::<Vec<_>>().join("\n");
    let part = |part: Part| choices.questions_of(both).any(|question| question.facts.options.part == Some(part));
    let more = More {
        address: is_moved.then_some((merged.email.as_str(), merged.email_key.as_str(), search.as_str())),
        language: merged.language,
        remark: &remark,
        priority: kept.priority.max(other.priority),
        waits_since: [kept.waits_since, other.waits_since]
            .into_iter()
            .flatten()
            .min()
            .filter(|_| kept.waits_since.is_some()),
        came_at: [kept.came_at, other.came_at].into_iter().flatten().min(),
        speaker: kept.speaker_id.or(other.speaker_id),
        is_watched: kept.is_watched || other.is_watched,
        photo: choices.photo(both).map(|photo| photo.to_string()).or_else(|| kept.photo_id.clone()),
        hints: (
            if part(Part::DocumentNumber) { other.document_key.clone() } else { kept.document_key.clone() },
            if part(Part::BirthDate) { other.birth_key.clone() } else { kept.birth_key.clone() },
        ),
    };
    store::set_more(db, now, kept.registration.id, &more)?;
    if is_moved {
        store::revoke_links(db, now, kept.registration.id)?;
    }
    Ok(())
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (kept, other, choices): (&Party, &Party, &Choices),
) -> Result<(), MergeError> {
    let (one, two) = (&kept.registration, &other.registration);
    let detail = json!({ "from": two.id, "fields": choices.fields, "answers": choices.questions.len() });
    let entry = Entry::new(Some(one.event_id), actor, "registration.merged", "registration", one.id.as_str());
    audit::note(db, now, &entry.with(detail))?;
    let entry = Entry::new(Some(one.event_id), actor, "registration.merged-into", "registration", two.id.as_str());
    audit::note(db, now, &entry.with(json!({ "into": one.id })))?;
    Ok(())
}
