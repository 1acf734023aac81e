//! Taking in the files of a form, before anything else of it is looked at.

use super::model::{AnswerFile, FileType, Uploads, safe_name};
use super::operations;
use crate::app::App;
use crate::config::Limits;
use crate::db::{AnswerFileId, DbConnection, EventId};
use crate::files::answers::Piece;
use crate::files::photos::{LONGEST_EDGE, PhotoProblem};
use crate::files::portrait::{Crop, Portrait};
use crate::registration::forms::model::{Form, Question, QuestionKind};
use crate::sealing::FileKey;
use crate::web::token::{TOKEN_LENGTH, hex};
use crate::web::{Failure, FieldErrors, FormData, Message, SentForm, Token, Upload};
use bytes::Bytes;
use sha2::{Digest, Sha256};

const MEGABYTE: usize = 1024 * 1024;

/// A form whose files are taken in: its fields hold their tokens.
#[derive(Debug, Default)]
pub struct Received {
    /// The fields.
    pub form: FormData,
    /// The files that its fields name.
    pub uploads: Uploads,
    /// What is wrong with files that were sent.
    pub errors: FieldErrors,
}

/// The most bytes that a question takes; 0 where there is no limit.
#[must_use]
pub fn most_bytes(limits: &Limits, question: &Question) -> usize {
    let general = if question.kind == QuestionKind::Photo { limits.photo_bytes } else { limits.file_bytes };
    let own = question.facts.options.megabytes.and_then(|own| usize::try_from(own).ok()).map(|own| own * MEGABYTE);
    match (general, own) {
        (0, own) => own.unwrap_or(0),
        (general, own) => own.map_or(general, |own| own.min(general)),
    }
}

/// Bytes as people say them, in tenths of a megabyte.
#[must_use]
pub fn megabytes(bytes: usize) -> f64 {
    ((bytes.saturating_mul(10) / MEGABYTE) as f64) / 10.0
}

/// Takes in the files that were sent for these questions and looks up those that wait already.
///
/// # Errors
/// When database or folder refuse.
pub async fn receive(app: &App, event: EventId, asked: &Form, sent: SentForm) -> Result<Received, Failure> {
    let (mut form, now) = (sent.form, app.clock.now());
    let mut errors = FieldErrors::default();
    if !asked.takes_files() {
        return Ok(Received { form, errors, uploads: Uploads::default() });
    }
    let mut rows = Vec::new();
    for upload in sent.files {
        let own = |question: &&Question| question.kind.takes_file() && upload.field == file_field(question);
        let Some(question) = asked.questions.iter().find(own).filter(|question| !question.is_frozen(now)) else {
            continue;
        };
        match take(app, event, question, (upload, crop(&form, question))).await? {
            Ok((row, token)) => {
                form.set(question.field(), token.reveal());
                form.set(format!("{}.remove", question.field()), "");
                rows.push(row);
            }
            Err(message) => errors.push(question.field(), message),
        }
    }
    if !rows.is_empty() {
        let job = move |db: &mut DbConnection, _| {
            rows.iter().try_for_each(|row| operations::keep_waiting(db, row))?;
            Ok::<_, Failure>(())
        };
        app.write(job).await?;
    }
    let uploads = uploads(app, event, asked, &form).await?;
    Ok(Received { form, uploads, errors })
}

/// The field of a question in which a file comes.
fn file_field(question: &Question) -> String {
    format!("{}.file", question.field())
}

async fn uploads(app: &App, event: EventId, asked: &Form, form: &FormData) -> Result<Uploads, Failure> {
    let fields = asked.questions.iter().filter(|question| question.kind.takes_file()).map(Question::field);
    let values: Vec<String> = fields.map(|field| form.text(&field).to_owned()).collect();
    let tokens = values.into_iter().filter(|value| value.len() == TOKEN_LENGTH).map(Token::received);
    let tokens: Vec<Token> = tokens.collect();
    if tokens.is_empty() {
        return Ok(Uploads::default());
    }
    app.read(move |db| Ok::<_, Failure>(operations::uploads(db, event, &tokens)?)).await
}

/// The square that was chosen, if one was.
fn crop(form: &FormData, question: &Question) -> Option<Crop> {
    let number = |part: &str| form.text(&format!("{}.{part}", question.field())).parse::<u32>().ok();
    Some(Crop { x: number("x")?, y: number("y")?, size: number("size")? })
}

/// What is kept of a file.
struct Kept {
    whole: Bytes,
    small: Option<Bytes>,
    kind: FileType,
}

async fn take(
    app: &App,
    event: EventId,
    question: &Question,
    (upload, crop): (Upload, Option<Crop>),
) -> Result<Result<(AnswerFile, Token), Message>, Failure> {
    let kept = match check(app, question, &upload, crop).await {
        Ok(kept) => kept,
        Err(message) => return Ok(Err(message)),
    };
    let (id, token) = (AnswerFileId::new(), Token::new());
    let name = safe_name(&upload.name, kept.kind);
    let (mut row_name, mut whole) = (name.clone(), kept.whole);
    if question.is_sealed {
        let key = FileKey::of_token(&token).filter(|_| !app.sealing.is_empty());
        let sealed = key.and_then(|key| Some((operations::sealed_name(&key, &name), key.seal(WHOLE, &whole)?)));
        let Some((name, sealed)) = sealed else { return Ok(Err(Message::new("forms-error-no-key"))) };
        (row_name, whole) = (name, sealed.into());
    }
    let row = AnswerFile {
        id,
        event_id: event,
        registration_id: None,
        question_id: Some(question.id),
        token_hash: Some(token.hash()),
        name: row_name,
        media_type: kept.kind.media_type().to_owned(),
        bytes: i64::try_from(whole.len()).unwrap_or(i64::MAX),
        digest: hex(&Sha256::digest(&whole)),
        created_at: app.clock.now(),
    };
    // The bytes stand before a row names them.
    app.files.keep_answer(id, Piece::Whole, whole).await.map_err(Failure::unexpected)?;
    if let Some(small) = kept.small {
        app.files.keep_answer(id, Piece::Small, small).await.map_err(Failure::unexpected)?;
    }
    Ok(Ok((row, token)))
}

/// The part of a sealed file that is its content.
pub(super) const WHOLE: &str = "whole";

/// Whether a file is what the question asks for; a photo is drawn anew.
async fn check(app: &App, question: &Question, upload: &Upload, crop: Option<Crop>) -> Result<Kept, Message> {
    let (options, most) = (&question.facts.options, most_bytes(&app.settings.limits, question));
    let content = upload.content.as_ref().filter(|content| most == 0 || content.len() <= most);
    let Some(content) = content else {
        return Err(Message::new("forms-error-file-too-large").with("megabytes", megabytes(most)));
    };
    let types = options.file_types(question.kind);
    let kind = FileType::of(content).filter(|kind| types.contains(kind)).ok_or_else(|| {
        let names: Vec<&str> = types.iter().map(|kind| kind.name()).collect();
        Message::new("forms-error-file-type").with("types", names.join(", "))
    })?;
    if !kind.is_whole(content) {
        return Err(Message::new("forms-error-file-cut-off"));
    }
    if question.kind != QuestionKind::Photo {
        return Ok(Kept { whole: content.clone(), small: None, kind });
    }
    let least = options.least_pixels();
    let portrait = Portrait::of(content.clone(), crop, least).await.map_err(|problem| match problem {
        PhotoProblem::NoPicture => Message::new("forms-error-photo-no-picture"),
        PhotoProblem::TooManyPixels => Message::new("forms-error-photo-too-many-pixels").with("max", LONGEST_EDGE),
        PhotoProblem::TooSmall => Message::new("forms-error-photo-too-small").with("min", least),
    })?;
    Ok(Kept { whole: portrait.large, small: Some(portrait.small), kind: FileType::Jpeg })
}
