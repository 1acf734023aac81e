//! What people agreed to, withdrawing it, and asking for deletion.

use super::model::{Consent, ConsentRow, Erasure, erased_on};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AnswerFileId, ConsentId, DbConnection, DbError, QuestionId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::forms::model::{Answers, Form, Question, QuestionKind};
use crate::registration::forms::operations as forms;
use crate::registration::merging::model::BothAnswers;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::operations::{self as registration, StandingError, StateChange, transition};
use diesel::QueryResult;
use serde_json::json;

/// Why a consent was not withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    /// Nobody takes part without it.
    #[error("nobody takes part without this consent")]
    Required,
    /// There is no such consent.
    #[error("no such consent")]
    NotFound,
    /// The registration.
    #[error(transparent)]
    Standing(StandingError),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(WithdrawError);

impl From<StandingError> for WithdrawError {
    fn from(error: StandingError) -> Self {
        Self::Standing(error)
    }
}

/// Everything a person agreed to in the form, in its order, what was withdrawn too.
///
/// # Errors
/// When the database refuses.
pub fn consents(db: &mut DbConnection, event: &Event, own: &Registration) -> QueryResult<Vec<Consent>> {
    let mut questions = forms::all_questions(db, event.id)?;
    questions.retain(|question| question.kind == QuestionKind::Consent);
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<QuestionId> = questions.iter().map(|question| question.id).collect();
    let (answers, rows) = (forms::answers(db, own.id)?, store::consents_of(db, own.id)?);
    let texts = store::texts(db, &ids)?;
    let consent = |question: Question| {
        let of = |row: &&ConsentRow| row.question_id == question.id;
        let (number, given_at, withdrawn_at) = match (number_of(&answers, &question), rows.iter().rfind(of)) {
            (Some(number), Some(row)) if row.withdrawn_at.is_none() => (number, row.given_at, None),
            (Some(number), _) => (number, own.created_at, None),
            (None, Some(row)) => (row.number, row.given_at, row.withdrawn_at),
            (None, None) => return None,
        };
        let text = texts.iter().find(|(id, other, _)| *id == question.id && *other == number);
        let text = text.map_or_else(|| question.facts.help.clone(), |(_, _, text)| text.clone());
        Some(Consent { question, number, text, given_at, withdrawn_at })
    };
    Ok(questions.into_iter().filter_map(consent).collect())
}

fn number_of(answers: &Answers, question: &Question) -> Option<i32> {
    answers.of(question)?.values().first()?.parse().ok()
}

/// Keeps since when consents are given and when they were withdrawn, in the transaction that changes answers.
///
/// # Errors
/// When the database refuses.
pub fn follow(
    db: &mut DbConnection,
    now: UtcTime,
    own: &Registration,
    form: &Form,
    (before, after): (&Answers, &Answers),
) -> QueryResult<()> {
    let consents = form.questions.iter().filter(|question| question.kind == QuestionKind::Consent);
    let changed: Vec<&Question> = consents.filter(|one| before.of(one) != after.of(one)).collect();
    if changed.is_empty() {
        return Ok(());
    }
    let rows = store::consents_of(db, own.id)?;
    for question in changed {
        if let Some(number) = number_of(before, question) {
            end(db, now, own, (question, number), &rows)?;
        }
        if let Some(number) = number_of(after, question) {
            store::insert(db, &row(own, (question, number), now))?;
        }
    }
    Ok(())
}

fn row(own: &Registration, (question, number): (&Question, i32), given_at: UtcTime) -> ConsentRow {
    let (id, registration_id, question_id) = (ConsentId::new(), own.id, question.id);
    ConsentRow { id, registration_id, question_id, number, given_at, withdrawn_at: None }
}

/// Ends a consent. One that was given with the registration has no row before.
fn end(
    db: &mut DbConnection,
    now: UtcTime,
    own: &Registration,
    (question, number): (&Question, i32),
    rows: &[ConsentRow],
) -> QueryResult<()> {
    match rows.iter().rfind(|row| row.question_id == question.id && row.withdrawn_at.is_none()) {
        Some(row) => store::withdraw(db, now, row.id),
        None => {
            let row = ConsentRow { withdrawn_at: Some(now), ..row(own, (question, number), own.created_at) };
            store::insert(db, &row)
        }
    }
}

/// Withdraws a consent that nobody needs to take part, whatever date it could be changed until by the form.
/// Withdrawn twice, it is done once. Returns the files whose bytes the caller removes: they were asked for because of it.
///
/// # Errors
/// When it is needed, or the registration has ended or moved on.
pub fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    own: &Registration,
    code: &str,
) -> Result<Vec<AnswerFileId>, WithdrawError> {
    let current = registration::find(db, own.event_id, own.id)?.ok_or(StandingError::Ended)?;
    if current.state.is_end() {
        return Err(StandingError::Ended.into());
    }
    let form = Form { questions: forms::all_questions(db, own.event_id)? };
    let question = form.questions.iter().find(|one| one.code == code && one.kind == QuestionKind::Consent);
    let question = question.ok_or(WithdrawError::NotFound)?;
    if question.facts.is_required {
        return Err(WithdrawError::Required);
    }
    let before = forms::answers(db, own.id)?;
    if before.of(question).is_none() {
        return Ok(Vec::new());
    }
    let (after, dropped) = form.without(&before, question);
    registration::follow_choices(db, &current, (&before, &after))?;
    if !forms::set_answers(db, now, (current.id, current.version), &after)? {
        return Err(StandingError::Stale.into());
    }
    let files = forms::forget_attached(db, current.id, &dropped)?;
    follow(db, now, &current, &form, (&before, &after))?;
    let (actor, id) = (Actor::Attendee(current.id), current.id.as_str());
    let entry = Entry::new(Some(current.event_id), actor, "registration.consent-withdrawn", "registration", id);
    audit::note(db, now, &entry.with(json!({ "question": question.code })))?;
    Ok(files)
}

/// Takes consents over from another registration of the same person, with the day on which they were given.
///
/// # Errors
/// When the database refuses.
pub fn adopt_consents(
    db: &mut DbConnection,
    now: UtcTime,
    (kept, other): (&Registration, &Registration),
    (both, taken): (&BothAnswers, &[&Question]),
) -> QueryResult<()> {
    let consents: Vec<&Question> =
        taken.iter().copied().filter(|question| question.kind == QuestionKind::Consent).collect();
    if consents.is_empty() {
        return Ok(());
    }
    let (own, rows) = (store::consents_of(db, kept.id)?, store::consents_of(db, other.id)?);
    for question in consents {
        if let Some(number) = number_of(&both.kept, question) {
            end(db, now, kept, (question, number), &own)?;
        }
        let has_row = rows.iter().any(|row| row.question_id == question.id && row.withdrawn_at.is_none());
        store::adopt(db, (kept.id, other.id), question.id)?;
        if let Some(number) = number_of(&both.other, question).filter(|_| !has_row) {
            store::insert(db, &row(kept, (question, number), other.created_at))?;
        }
    }
    Ok(())
}

/// The other registrations of the same person that were put together with this one, whatever else with those.
///
/// # Errors
/// When the database refuses.
pub fn merged(db: &mut DbConnection, own: &Registration) -> QueryResult<Vec<Registration>> {
    let mut found: Vec<Registration> = Vec::new();
    let mut next = vec![own.id];
    while !next.is_empty() {
        let mut more = store::merged_into(db, &next)?;
        more.retain(|one| one.id != own.id && !found.iter().any(|known| known.id == one.id));
        next = more.iter().map(|one| one.id).collect();
        found.extend(more);
    }
    Ok(found)
}

/// When a person's data are deleted or were deleted.
///
/// # Errors
/// When the database refuses.
pub fn erasure(db: &mut DbConnection, own: &Registration) -> QueryResult<Erasure> {
    store::erasure(db, own.id)
}

/// Cancels what has not ended, and sets when everything about the person is deleted.
///
/// # Errors
/// When the registration moved on in the meantime.
pub fn ask_erasure(
    db: &mut DbConnection,
    now: UtcTime,
    (event, own): (&Event, &Registration),
    (cancelled, notice): (&NewMessage, &NewMessage),
) -> Result<(), StandingError> {
    let actor = Actor::Attendee(own.id);
    if !own.state.is_end() {
        let change = StateChange { message: Some(cancelled.clone()), ..StateChange::default() };
        transition(db, now, actor, own, RegistrationState::Cancelled, &change)?;
    }
    // The date counts from the first time it was asked for.
    if store::erasure(db, own.id)?.at.is_some() {
        return Ok(());
    }
    let at = erased_on(event, own.state, now);
    if !store::set_erase_at(db, own.id, Some(at))? {
        return Err(StandingError::Ended);
    }
    // Registrations that were put together with this one are the same person's.
    for other in merged(db, own)? {
        store::set_erase_at(db, other.id, Some(at))?;
    }
    mail::operations::queue(db, now, notice)?;
    let entry = Entry::new(Some(event.id), actor, "registration.erasure-asked", "registration", own.id.as_str());
    audit::note(db, now, &entry)?;
    Ok(())
}

/// Keeps the data after all. What was cancelled stays cancelled.
///
/// # Errors
/// When the database refuses.
pub fn keep(db: &mut DbConnection, now: UtcTime, own: &Registration) -> QueryResult<()> {
    if store::erasure(db, own.id)?.at.is_none() || !store::set_erase_at(db, own.id, None)? {
        return Ok(());
    }
    for other in merged(db, own)? {
        store::set_erase_at(db, other.id, None)?;
    }
    let (actor, id) = (Actor::Attendee(own.id), own.id.as_str());
    audit::note(db, now, &Entry::new(Some(own.event_id), actor, "registration.erasure-taken-back", "registration", id))
}
