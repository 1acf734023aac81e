//! Answers after the form was sent: looked at, changed until their deadline, and given at the second form.

use super::model::{Answer, AnswerLine, Answers, Form, Question, Stage, in_words};
use super::{operations, store};
use crate::accreditation::operations as accreditation;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::model::Registration;
use crate::registration::operations::{StandingError, find, follow_choices};
use diesel::QueryResult;
use serde_json::json;

/// What somebody is asked at a stage, and what they have answered.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// The questions of their category.
    pub form: Form,
    /// Every answer of theirs, those of other stages and retired questions too.
    pub answers: Answers,
}

impl Answered {
    /// Whether an answer can still be given or changed.
    #[must_use]
    pub fn is_open(&self, now: UtcTime) -> bool {
        self.form.questions.iter().any(|question| question.kind.is_answered() && !question.is_frozen(now))
    }

    /// The answers of this form as the fields that gave them.
    #[must_use]
    pub fn fields(&self) -> Vec<(String, String)> {
        let values = |question: &Question| {
            let values = self.answers.of(question).map(Answer::values).unwrap_or_default();
            values.iter().map(|value| (question.field(), value.clone())).collect::<Vec<_>>()
        };
        self.form.questions.iter().flat_map(values).collect()
    }

    /// The answers of this form in words.
    #[must_use]
    pub fn lines(&self, lang: Lang, languages: &[Lang]) -> Vec<AnswerLine> {
        let line = |question: &Question| {
            let text = in_words(question, self.answers.of(question)?, lang, languages);
            Some(AnswerLine { label: question.facts.label.text(lang, languages).to_owned(), text })
        };
        self.form.questions.iter().filter_map(line).collect()
    }
}

/// What a registration is asked at a stage, and its answers.
///
/// # Errors
/// When the database refuses.
pub fn answered(
    db: &mut DbConnection,
    event: &Event,
    registration: &Registration,
    stage: Stage,
) -> QueryResult<Answered> {
    let form = operations::form_of(db, event.id, registration.category_id, stage)?;
    Ok(Answered { form, answers: Answers::parse(&store::answers(db, registration.id)?) })
}

/// Keeps answers that were changed, if the registration is still as it was read: places of choices follow,
/// and another answer that says who the person is asks for approval again.
///
/// # Errors
/// When it has ended, someone else was faster, or a choice has no place left.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (registration, version, stage): (&Registration, i32, Stage),
    after: &Answers,
) -> Result<(), StandingError> {
    let current = find(db, registration.event_id, registration.id)?.ok_or(StandingError::Ended)?;
    if current.state.is_end() {
        return Err(StandingError::Ended);
    }
    let before = Answers::parse(&store::answers(db, current.id)?);
    if before != *after {
        follow_choices(db, &current, (&before, after))?;
        if current.version != version || !store::set_answers(db, now, (current.id, version), &after.column())? {
            return Err(StandingError::Stale);
        }
        let form = operations::form_of(db, current.event_id, current.category_id, stage)?;
        let changed = form.questions.iter().filter(|question| before.of(question) != after.of(question));
        let codes: Vec<&str> = changed.map(|question| question.code.as_str()).collect();
        let entry =
            Entry::new(Some(current.event_id), actor, "registration.answers", "registration", current.id.as_str());
        audit::note(db, now, &entry.with(json!({ "questions": codes })))?;
        if Answers::changed_identity(&before, after, &form) && matches!(actor, Actor::Attendee(_)) {
            let current = find(db, current.event_id, current.id)?.ok_or(StandingError::Stale)?;
            accreditation::identity_changed(db, now, &current)?;
        }
    }
    if stage == Stage::Approved && !accreditation::own_standing(db, &current)?.is_completed {
        accreditation::complete(db, now, &current)?;
    }
    Ok(())
}
