//! Looking at sealed answers, which is noted each time.

use super::operations;
use crate::app::App;
use crate::audit::Actor;
use crate::db::{DbConnection, RegistrationId};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::forms::files::operations as files;
use crate::registration::forms::model::{AnswerLine, Question, Viewer};
use crate::registration::forms::operations as forms;
use crate::web::{Failure, Page};
use serde::Serialize;

/// Sealed answers, opened.
#[derive(Debug, Serialize)]
pub struct SealedPage {
    /// Whose.
    pub name: String,
    /// Where one came from.
    pub back_url: String,
    /// The words of the way back.
    pub back_label: String,
    /// Where files stand.
    pub files_url: String,
    /// The answers. One that no key opens is still marked as sealed.
    pub lines: Vec<AnswerLine>,
}

impl Page for SealedPage {
    const TEMPLATE: &'static str = "organizer/sealed.html";
}

/// Opens the sealed answers that a viewer may see.
///
/// # Errors
/// When the database refuses.
pub async fn look(
    app: &App,
    event: &Event,
    registration: RegistrationId,
    (viewer, actor): (Viewer, Actor),
    lang: Lang,
) -> Result<Vec<AnswerLine>, Failure> {
    let id = event.id;
    let found = app.read(move |db| {
        let rows = operations::of_registration(db, registration)?;
        let mut questions = forms::all_questions(db, id)?;
        questions.retain(|question| question.facts.seen_by.contains(&viewer));
        questions.retain(|question| rows.iter().any(|row| row.question_id == question.id));
        Ok::<_, Failure>((rows, questions, files::of_registration(db, registration)?))
    });
    let (rows, questions, mut files) = found.await?;
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let noted = questions.clone();
    let note = move |db: &mut DbConnection, now| {
        let asked: Vec<&Question> = noted.iter().collect();
        Ok::<_, Failure>(operations::note_look(db, now, (actor, viewer), (id, registration), &asked)?)
    };
    app.write(note).await?;
    let wording = (lang, &**event.languages);
    let mut line = |question: &Question| {
        let row = rows.iter().find(|row| row.question_id == question.id)?;
        let Ok(content) = row.open(&app.sealing) else { return Some(AnswerLine::sealed(question, wording)) };
        if let Some((secret, file)) =
            content.file.as_ref().zip(files.iter_mut().find(|file| file.question_id == Some(question.id)))
        {
            file.name.clone_from(&secret.name);
        }
        Some(AnswerLine::of(question, &content.answer, &files, wording))
    };
    Ok(questions.iter().filter_map(&mut line).collect())
}
