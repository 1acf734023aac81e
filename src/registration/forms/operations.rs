//! Setting forms up, and looking answers up.

use super::model::{AnswerChoice, AnswerLine, Answers, Form, Question, QuestionFacts, QuestionKind, Stage, Viewer};
use super::sealed::model::any_sealed;
use super::{files, sealed, store};
use crate::audit::{self, Actor, Entry};
use crate::db::{
    AnswerFileId, CategoryId, DbConnection, DbError, EventId, QuestionId, QuotaId, RegistrationId, UtcTime,
};
use crate::db_failure;
use crate::events::model::Event;
use crate::events::operations::touch_public;
use crate::i18n::{Lang, free_code, slug};
use crate::registration::store::quotas;
use diesel::QueryResult;
use std::collections::{HashMap, HashSet};

/// Why a question was not changed.
#[derive(Debug, thiserror::Error)]
pub enum FormError {
    /// There is no such question at this event.
    #[error("no such question")]
    NotFound,
    /// Someone else changed it since its page was opened.
    #[error("someone else changed the question in the meantime")]
    Stale,
    /// More people have made a choice than its limit would allow.
    #[error("{0} people have made the choice already")]
    BelowTaken(i32),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(FormError);

/// Every question of an event, retired ones too.
///
/// # Errors
/// When the database refuses.
pub fn all_questions(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Question>> {
    store::all(db, event)
}

/// The answers of a registration.
///
/// # Errors
/// When the database refuses.
pub fn answers(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Answers> {
    Ok(Answers::parse(&store::answers(db, id)?))
}

/// The names of the files that these registrations have given as answers, by the files' ids.
///
/// # Errors
/// When the database refuses.
pub fn file_names(db: &mut DbConnection, of: &[RegistrationId]) -> QueryResult<HashMap<String, String>> {
    let names = files::store::names(db, of)?;
    Ok(names.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// Forgets what the answers to these questions brought with them beyond their column; returns the files whose bytes
/// the caller removes.
///
/// # Errors
/// When the database refuses.
pub fn forget_attached(
    db: &mut DbConnection,
    id: RegistrationId,
    questions: &[QuestionId],
) -> QueryResult<Vec<AnswerFileId>> {
    sealed::store::remove(db, id, questions)?;
    files::store::delete_of_questions(db, id, Some(questions))
}

/// Moves the files that answer these questions to another registration; first the one that keeps them.
///
/// # Errors
/// When the database refuses.
pub fn adopt_files(
    db: &mut DbConnection,
    of: (RegistrationId, RegistrationId),
    questions: &[QuestionId],
) -> QueryResult<()> {
    files::store::adopt(db, of, questions)
}

/// Keeps answers if the registration is still of this version; whether it was.
///
/// # Errors
/// When the database refuses.
pub fn set_answers(
    db: &mut DbConnection,
    now: UtcTime,
    of: (RegistrationId, i32),
    answers: &Answers,
) -> QueryResult<bool> {
    store::set_answers(db, now, of, &answers.column())
}

/// What an event asks at a stage, whatever the category.
///
/// # Errors
/// When the database refuses.
pub fn form_of_event(db: &mut DbConnection, event: EventId, stage: Stage) -> QueryResult<Form> {
    let mut questions = store::all(db, event)?;
    questions.retain(|question| question.retired_at.is_none() && question.facts.stage == stage);
    Ok(Form { questions })
}

/// What a category is asked at a stage.
///
/// # Errors
/// When the database refuses.
pub fn form_of(db: &mut DbConnection, event: EventId, category: CategoryId, stage: Stage) -> QueryResult<Form> {
    Ok(form_of_event(db, event, stage)?.of_category(category))
}

/// The answers of a registration that a viewer may see, in words; those to retired questions too.
///
/// # Errors
/// When the database refuses.
pub fn lines(
    db: &mut DbConnection,
    event: &Event,
    registration: RegistrationId,
    lang: Lang,
    viewer: Viewer,
) -> QueryResult<Vec<AnswerLine>> {
    let answers = Answers::parse(&store::answers(db, registration)?);
    // Nothing sealed is shown at the door, where each scan asks.
    if answers.is_empty() && viewer == Viewer::CheckIn {
        return Ok(Vec::new());
    }
    let mut questions = store::all(db, event.id)?;
    questions.retain(|question| question.facts.seen_by.contains(&viewer));
    let has_file = |question: &Question| question.kind.takes_file() && answers.of(question).is_some();
    let files =
        if questions.iter().any(has_file) { files::store::of_registration(db, registration)? } else { Vec::new() };
    let sealed = if viewer != Viewer::CheckIn && any_sealed(&questions) {
        sealed::store::of_registration(db, registration)?
    } else {
        Vec::new()
    };
    let wording = (lang, &**event.languages);
    let line = |question: &Question| {
        if question.is_sealed {
            let is_given = sealed.iter().any(|row| row.question_id == question.id);
            return is_given.then(|| AnswerLine::sealed(question, wording));
        }
        Some(AnswerLine::of(question, answers.of(question)?, &files, wording))
    };
    Ok(questions.iter().filter_map(line).collect())
}

/// Adds a question at the end; its code comes from its label.
///
/// # Errors
/// When the database refuses.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, kind, is_sealed): (EventId, QuestionKind, bool),
    facts: &QuestionFacts,
) -> Result<QuestionId, FormError> {
    let others = store::all(db, event)?;
    let mut codes: HashSet<String> = others.iter().map(|other| other.code.clone()).collect();
    let name = facts.label.iter().next().map(|(_, text)| slug(text)).filter(|name| !name.is_empty());
    let mut facts = facts.clone();
    facts.options.consent = i32::from(kind == QuestionKind::Consent);
    let question = Question {
        id: QuestionId::new(),
        event_id: event,
        code: free_code(name.as_deref().unwrap_or("question"), &mut codes),
        kind,
        is_sealed: is_sealed && kind.may_be_sealed(),
        facts,
        position: others.iter().map(|other| other.position).max().unwrap_or(0) + 1,
        version: 1,
        retired_at: None,
    };
    store::insert(db, now, &question)?;
    if kind == QuestionKind::Consent {
        store::keep_consent(db, now, (question.id, 1), &question.facts.help)?;
    }
    limit_choices(db, now, event, question.id, &question.facts.options.choices)?;
    finish(db, now, actor, (event, question.id), "question.created")?;
    Ok(question.id)
}

/// Changes a question if it is still as `version` had it. Another text to consent to is another
/// version; who consented before consented to the version before.
///
/// # Errors
/// When it is gone or someone else was faster.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, version): (QuestionId, i32),
    facts: &QuestionFacts,
) -> Result<(), FormError> {
    let current = find(db, event, id)?;
    let mut facts = facts.clone();
    let is_new_text = current.kind == QuestionKind::Consent && current.facts.help != facts.help;
    facts.options.consent = current.facts.options.consent + i32::from(is_new_text);
    facts.options.part = current.facts.options.part;
    if !store::update(db, now, (id, version), &facts)? {
        return Err(FormError::Stale);
    }
    if is_new_text {
        store::keep_consent(db, now, (id, facts.options.consent), &facts.help)?;
    }
    limit_choices(db, now, event, id, &facts.options.choices)?;
    finish(db, now, actor, (event, id), "question.changed")
}

/// Moves a question by one place; at the end it stays.
///
/// # Errors
/// When it is gone.
pub fn shift(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, is_up): (QuestionId, bool),
) -> Result<(), FormError> {
    let mut order: Vec<QuestionId> = store::all(db, event)?.iter().map(|question| question.id).collect();
    let at = order.iter().position(|other| *other == id).ok_or(FormError::NotFound)?;
    let to = if is_up { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
    order.swap(at, to);
    for (position, question) in (1..).zip(order) {
        store::set_position(db, question, position)?;
    }
    finish(db, now, actor, (event, id), "question.moved")
}

/// Stops asking a question, or asks it again. Its answers stay either way.
///
/// # Errors
/// When it is gone.
pub fn retire(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, is_retired): (QuestionId, bool),
) -> Result<(), FormError> {
    find(db, event, id)?;
    store::set_retired(db, now, id, is_retired)?;
    finish(db, now, actor, (event, id), if is_retired { "question.retired" } else { "question.restored" })
}

/// Keeps a quota for each choice that only so many may make. Who has made it already counts.
fn limit_choices(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    id: QuestionId,
    choices: &[AnswerChoice],
) -> Result<(), FormError> {
    let mut present = quotas::of_choices(db, event)?;
    present.retain(|places| places.question == Some(id));
    for choice in choices {
        let at = present.iter().position(|places| places.choice.as_deref() == Some(choice.code.as_str()));
        match (at.map(|at| present.swap_remove(at)), choice.places) {
            (Some(kept), Some(capacity)) => {
                if !quotas::set_capacity(db, now, kept.id, capacity)? {
                    return Err(FormError::BelowTaken(kept.taken));
                }
            }
            (Some(kept), None) => quotas::delete(db, kept.id)?,
            (None, Some(capacity)) => {
                let answers = quotas::answers_to(db, event, id)?;
                let holders = answers.iter().filter(|(_, column)| Answers::parse(column).has(id, &choice.code));
                let holders: Vec<_> = holders.map(|(holder, _)| *holder).collect();
                let taken = i32::try_from(holders.len()).unwrap_or(i32::MAX);
                if taken > capacity {
                    return Err(FormError::BelowTaken(taken));
                }
                let code = format!("choice-{id}-{}", choice.code);
                quotas::insert_choice(db, now, (event, QuotaId::new(), &code), (id, choice), (capacity, &holders))?;
            }
            (None, None) => {}
        }
    }
    for gone in present {
        quotas::delete(db, gone.id)?;
    }
    Ok(())
}

fn find(db: &mut DbConnection, event: EventId, id: QuestionId) -> Result<Question, FormError> {
    store::all(db, event)?.into_iter().find(|question| question.id == id).ok_or(FormError::NotFound)
}

fn finish(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, QuestionId),
    action: &'static str,
) -> Result<(), FormError> {
    touch_public(db, event)?;
    audit::note(db, now, &Entry::new(Some(event), actor, action, "question", id.as_str()))?;
    Ok(())
}
