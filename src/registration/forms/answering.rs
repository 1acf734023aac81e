//! Answers after the form was sent: looked at, changed until their deadline, and given at the second form.

use super::attaching::{Attached, attach};
use super::files::model::AnswerFile;
use super::model::{Answer, AnswerLine, Answers, Form, Question, Stage};
use super::sealed::model::{Content, SealedAnswer, any_sealed};
use super::{files, operations, sealed, store};
use crate::accreditation::operations as accreditation;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, QuestionId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::model::Registration;
use crate::registration::operations::{StandingError, find, follow_choices};
use crate::registration::privacy::operations as privacy;
use crate::sealing::SealingKeys;
use diesel::QueryResult;
use serde_json::json;

/// What somebody is asked at a stage, and what they have answered.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// The questions of their category.
    pub form: Form,
    /// Every answer of theirs, those of other stages and retired questions too; sealed ones only once opened.
    pub answers: Answers,
    /// Their files.
    pub files: Vec<AnswerFile>,
    /// Their sealed answers.
    pub sealed: Vec<SealedAnswer>,
    /// What is in those that were opened.
    pub opened: Vec<(QuestionId, Content)>,
    /// Questions that are not asked because their answers stay closed.
    pub closed: Vec<Question>,
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
        let is_sealed = |question: &Question| self.sealed.iter().any(|row| row.question_id == question.id);
        let line = |question: &Question| match self.answers.of(question) {
            Some(answer) => Some(AnswerLine::of(question, answer, &self.files, (lang, languages))),
            None => is_sealed(question).then(|| AnswerLine::sealed(question, (lang, languages))),
        };
        let closed = self.closed.iter().map(|question| AnswerLine::sealed(question, (lang, languages)));
        self.form.questions.iter().filter_map(line).chain(closed).collect()
    }

    /// Keeps what is sealed closed, for whoever else may hold the link: what is answered is not asked again, and stays.
    pub fn close(&mut self) {
        let is_given = |question: &Question| self.sealed.iter().any(|row| row.question_id == question.id);
        let (closed, asked) = self.form.questions.drain(..).partition(is_given);
        (self.closed, self.form.questions) = (closed, asked);
    }

    /// Opens what is sealed, for the person whose it is. A question whose answer no key opens is not asked:
    /// an empty field would seem to say that nothing was answered, and saving it would delete what was.
    pub fn open(&mut self, keys: &SealingKeys) {
        for row in &self.sealed {
            let Ok(content) = row.open(keys) else {
                self.form.questions.retain(|question| question.id != row.question_id);
                continue;
            };
            self.opened.push((row.question_id, content));
        }
        for question in self.form.questions.iter().filter(|question| question.is_sealed) {
            let content = self.opened.iter().find(|(id, _)| *id == question.id);
            if let Some((_, content)) = content {
                self.answers.set(question, content.answer.clone());
            }
        }
        for file in &mut self.files {
            let own = |content: &&(QuestionId, Content)| Some(content.0) == file.question_id;
            if let Some(secret) = self.opened.iter().find(own).and_then(|(_, content)| content.file.as_ref()) {
                file.name.clone_from(&secret.name);
            }
        }
    }
}

/// What a registration is asked at a stage, and its answers; what is sealed stays so.
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
    let answers = Answers::parse(&store::answers(db, registration.id)?);
    let files = if form.takes_files() { files::store::of_registration(db, registration.id)? } else { Vec::new() };
    let sealed =
        if any_sealed(&form.questions) { sealed::store::of_registration(db, registration.id)? } else { Vec::new() };
    Ok(Answered { form, answers, files, sealed, opened: Vec::new(), closed: Vec::new() })
}

/// Answers that were changed.
#[derive(Clone, Copy, Debug)]
pub struct Changed<'a> {
    /// What was answered, as it was read.
    pub before: &'a Answers,
    /// What is answered now.
    pub after: &'a Answers,
    /// What belongs to the change.
    pub attached: &'a Attached,
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
    changed: Changed<'_>,
) -> Result<(), StandingError> {
    let current = find(db, registration.event_id, registration.id)?.ok_or(StandingError::Ended)?;
    if current.state.is_end() {
        return Err(StandingError::Ended);
    }
    let Changed { before, after, attached } = changed;
    if before != after {
        follow_choices(db, &current, (before, after))?;
        let is_same =
            current.version == version && store::set_answers(db, now, (current.id, version), &after.column())?;
        // A file that does not wait any more was sent with another change.
        if !is_same || !attach(db, current.id, attached)? {
            return Err(StandingError::Stale);
        }
        let form = operations::form_of(db, current.event_id, current.category_id, stage)?;
        let changed = form.questions.iter().filter(|question| before.of(question) != after.of(question));
        let codes: Vec<&str> = changed.map(|question| question.code.as_str()).collect();
        let entry =
            Entry::new(Some(current.event_id), actor, "registration.answers", "registration", current.id.as_str());
        audit::note(db, now, &entry.with(json!({ "questions": codes })))?;
        privacy::follow(db, now, &current, &form, (before, after))?;
        if Answers::changed_identity(before, after, &form) && matches!(actor, Actor::Attendee(_) | Actor::FocalPoint(_))
        {
            let current = find(db, current.event_id, current.id)?.ok_or(StandingError::Stale)?;
            accreditation::identity_changed(db, now, &current)?;
        }
    }
    if stage == Stage::Approved && !accreditation::own_standing(db, &current)?.is_completed {
        accreditation::complete(db, now, &current)?;
    }
    Ok(())
}
