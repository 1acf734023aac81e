//! Handing files out to those who may see them.

use super::model::AnswerFile;
use super::operations;
use super::receiving::WHOLE;
use crate::app::App;
use crate::audit::Actor;
use crate::db::{AnswerFileId, DbConnection, EventId, RegistrationId};
use crate::files::answers::Piece;
use crate::registration::forms::model::{Question, QuestionKind, Viewer};
use crate::registration::forms::operations as forms;
use crate::registration::forms::sealed::model::{FileSecret, SealedAnswer};
use crate::registration::forms::sealed::operations as sealed;
use crate::sealing::FileKey;
use crate::web::error::PageResult;
use crate::web::{Failure, Token, respond};
use actix_web::HttpResponse;
use bytes::Bytes;

/// Who asks for a file.
#[derive(Clone, Copy, Debug)]
pub enum By {
    /// Whoever holds the private link of the person whose it is, and whether it opens what is sealed.
    Own(bool),
    /// The focal point of their delegation, who never opens what is sealed.
    FocalPoint,
    /// Somebody of the team, who may open what is sealed or not.
    Team(Viewer, Actor, bool),
}

/// A file that somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// The event.
    pub event: EventId,
    /// Whose answer it is.
    pub registration: RegistrationId,
    /// The file.
    pub file: AnswerFileId,
    /// Who asks.
    pub by: By,
}

/// A file with its question and, where it is sealed, its answer.
type Found = (AnswerFile, Question, Option<SealedAnswer>);

/// Hands out a file that answers a question, or 404 for everybody who may not know of it. Looking at one
/// that is sealed is noted first.
///
/// # Errors
/// 404, 403 where it is sealed and may not be opened, or when database or folder refuse.
pub async fn answer(app: &App, wanted: Wanted, is_small: bool) -> PageResult {
    let found = app.read(move |db| Ok::<_, Failure>(find(db, wanted)?)).await?;
    let (mut file, question, row) = found.ok_or(Failure::NotFound)?;
    let mut key = None;
    if question.is_sealed {
        if let By::Team(viewer, actor, may_open) = wanted.by {
            if !may_open {
                return Err(Failure::Forbidden);
            }
            let (of, question) = ((wanted.event, wanted.registration), question.clone());
            let note = move |db: &mut DbConnection, now| {
                Ok::<_, Failure>(sealed::note_look(db, now, (actor, viewer), of, &[&question])?)
            };
            app.write(note).await?;
        }
        let secret = row.and_then(|row| row.open(&app.sealing).ok()).and_then(|content| content.file);
        let secret: FileSecret = secret.ok_or_else(|| Failure::gone("sealing-unopened"))?;
        key = Some(secret.key().ok_or_else(|| Failure::gone("sealing-unopened"))?);
        file.name = secret.name;
    }
    hand_out(app, &file, question.kind, (key, is_small)).await
}

fn find(db: &mut DbConnection, wanted: Wanted) -> diesel::QueryResult<Option<Found>> {
    let files = operations::of_registration(db, wanted.registration)?;
    let Some(file) = files.into_iter().find(|file| file.id == wanted.file && file.event_id == wanted.event) else {
        return Ok(None);
    };
    let mut questions = forms::all_questions(db, wanted.event)?;
    questions.retain(|question| {
        let may = match wanted.by {
            By::Own(opens_sealed) => opens_sealed || !question.is_sealed,
            By::FocalPoint => !question.is_sealed,
            By::Team(viewer, ..) => question.facts.seen_by.contains(&viewer),
        };
        may && Some(question.id) == file.question_id
    });
    let Some(question) = questions.pop() else { return Ok(None) };
    let rows = if question.is_sealed { sealed::of_registration(db, wanted.registration)? } else { Vec::new() };
    let row = rows.into_iter().find(|row| row.question_id == question.id);
    Ok(Some((file, question, row)))
}

/// Hands out an upload that waits, to whoever holds its token: the form shows it again.
///
/// # Errors
/// 404, or when database or folder refuse.
pub async fn waiting(app: &App, event: EventId, token: &str) -> PageResult {
    let token = Token::received(token);
    let (wanted, key) = (token.clone(), FileKey::of_token(&token));
    let found = app.read(move |db| {
        let uploads = operations::uploads(db, event, std::slice::from_ref(&wanted))?;
        let upload = uploads.0.into_values().find(|upload| !upload.is_claimed);
        let Some(upload) = upload else { return Ok::<_, Failure>(None) };
        let file = operations::of_token(db, event, &wanted)?;
        let question = forms::all_questions(db, event)?.into_iter().find(|question| question.id == upload.question);
        Ok(file.zip(question).map(|(file, question)| (AnswerFile { name: upload.name, ..file }, question)))
    });
    let (file, question) = found.await?.ok_or(Failure::NotFound)?;
    hand_out(app, &file, question.kind, (key.filter(|_| question.is_sealed), false)).await
}

/// Answers with a file: nobody keeps it, and nothing but our own photos is shown in a page of this site.
async fn hand_out(
    app: &App,
    file: &AnswerFile,
    kind: QuestionKind,
    (key, is_small): (Option<FileKey>, bool),
) -> PageResult {
    let is_photo = kind == QuestionKind::Photo;
    let piece = if is_photo && is_small { Piece::Small } else { Piece::Whole };
    let kept = app.files.read_answer(file.id, piece).await.map_err(Failure::unexpected)?.ok_or(Failure::NotFound)?;
    let content = match key {
        None => kept,
        Some(key) => {
            let opened = key.open(WHOLE, &kept).ok_or_else(|| Failure::gone("sealing-unopened"))?;
            Bytes::copy_from_slice(&opened)
        }
    };
    let mut response = HttpResponse::Ok();
    response
        .content_type(file.media_type.as_str())
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    if !is_photo {
        response.insert_header(respond::attachment(&file.name));
    }
    Ok(response.body(content))
}
