//! What answers bring with them beyond their column: sealed rows, files, the photo, and by what the person
//! is known again. It is made ready before the transaction, because sealing takes time.

use super::files::model::Uploads;
use super::model::{Answer, Answers, Form, Question, QuestionKind};
use super::sealed::model::{Content, FileSecret, PersonHints, SealedAnswer, deleted_at};
use super::{files, sealed};
use crate::db::{AnswerFileId, DbConnection, QuestionId, RegistrationId, UtcTime};
use crate::events::model::Event;
use crate::registration::attendance::operations as attendance;
use crate::sealing::SealingKeys;
use crate::web::{FieldErrors, Message, TokenHash};
use diesel::QueryResult;

/// What is kept beside the column of answers.
#[derive(Clone, Debug, Default)]
pub struct Attached {
    event: Option<Event>,
    sealed: Vec<SealedAnswer>,
    unsealed: Vec<QuestionId>,
    claimed: Vec<(AnswerFileId, TokenHash, QuestionId)>,
    dropped: Vec<AnswerFileId>,
    photo: Option<Option<AnswerFileId>>,
    hints: Option<PersonHints>,
}

/// Where answers are made ready.
#[derive(Clone, Copy)]
pub struct Preparing<'a> {
    /// The keys of the settings.
    pub keys: &'a SealingKeys,
    /// The event.
    pub event: &'a Event,
    /// Whose answers.
    pub registration: RegistrationId,
    /// The present instant.
    pub now: UtcTime,
}

impl Attached {
    /// Whether nothing but the column changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sealed.is_empty()
            && self.unsealed.is_empty()
            && self.claimed.is_empty()
            && self.dropped.is_empty()
            && self.photo.is_none()
            && self.hints.is_none()
    }

    /// The files that are no answer any more once this is kept.
    #[must_use]
    pub fn dropped(&self) -> &[AnswerFileId] {
        &self.dropped
    }

    /// What changes from the answers `before` to those `after`.
    ///
    /// # Errors
    /// The fields of sealed questions, when there is no key.
    pub fn between(
        at: Preparing<'_>,
        form: &Form,
        (before, after): (&Answers, &Answers),
        uploads: &Uploads,
    ) -> Result<Self, FieldErrors> {
        let (mut attached, mut errors) = (Self::default(), FieldErrors::default());
        let changed = form.questions.iter().filter(|question| before.of(question) != after.of(question));
        for question in changed {
            let answer = after.of(question);
            if question.kind.takes_file() {
                attached.follow_file(question, (before.of(question), answer), uploads);
            }
            if question.is_sealed {
                let sealed = answer.map(|answer| sealed_answer(at, question, answer, uploads));
                match sealed {
                    None => attached.unsealed.push(question.id),
                    Some(Some(row)) => attached.sealed.push(row),
                    Some(None) => errors.push(question.field(), Message::new("forms-error-no-key")),
                }
            }
            if question.facts.options.part.is_some() {
                let hints = at.keys.hints();
                attached.hints = hints.map(|hints| PersonHints::of(&hints, at.event.id, form, after));
            }
        }
        attached.event = Some(at.event.clone()).filter(|_| !attached.sealed.is_empty());
        if errors.is_empty() { Ok(attached) } else { Err(errors) }
    }

    fn follow_file(
        &mut self,
        question: &Question,
        (before, after): (Option<&Answer>, Option<&Answer>),
        uploads: &Uploads,
    ) {
        let id = |answer: Option<&Answer>| answer.and_then(|answer| answer.values().first()).cloned();
        let dropped: Option<AnswerFileId> = id(before).and_then(|id| id.parse().ok());
        self.dropped.extend(dropped);
        let upload = id(after).and_then(|id| uploads.by_id(&id));
        if let Some(upload) = upload {
            self.claimed.push((upload.id, upload.token.clone(), question.id));
        }
        if question.kind == QuestionKind::Photo {
            self.photo = Some(upload.map(|upload| upload.id));
        }
    }
}

fn sealed_answer(at: Preparing<'_>, question: &Question, answer: &Answer, uploads: &Uploads) -> Option<SealedAnswer> {
    let upload = answer.values().first().and_then(|id| uploads.by_id(id));
    let secret = upload.and_then(|upload| {
        let key = upload.key.as_ref()?.to_text();
        Some(FileSecret { key, name: upload.name.clone() })
    });
    let content = Content { answer: answer.clone(), file: secret };
    SealedAnswer::seal(at.keys, at.now, (at.registration, question.id), &content)
}

/// Keeps what belongs to answers, in the transaction that keeps them; whether every file still waited.
/// When one did not, the transaction is to be given up.
///
/// # Errors
/// When the database refuses.
pub fn attach(db: &mut DbConnection, id: RegistrationId, attached: &Attached) -> QueryResult<bool> {
    for (file, token, question) in &attached.claimed {
        if !files::store::claim(db, (*file, token), (id, *question))? {
            return Ok(false);
        }
    }
    if !attached.dropped.is_empty() {
        files::store::delete(db, id, &attached.dropped)?;
    }
    if !attached.unsealed.is_empty() {
        sealed::store::remove(db, id, &attached.unsealed)?;
    }
    if let Some(event) = &attached.event {
        let days = attendance::rules(db, event.id)?.sealed_days;
        for row in &attached.sealed {
            let row = SealedAnswer { delete_at: Some(deleted_at(event, days)), ..row.clone() };
            sealed::store::put(db, &row)?;
        }
    }
    if let Some(photo) = attached.photo {
        files::store::set_photo(db, id, photo)?;
    }
    if let Some(hints) = &attached.hints {
        sealed::store::set_hints(db, id, hints)?;
    }
    Ok(true)
}
