//! Uploading and removing a speaker's photo.

use super::edit::show;
use super::form::stored;
use super::{Editor, find, find_to_change, speakers_url};
use crate::db::{DbError, FileId, SpeakerId, UtcTime};
use crate::files::photos::{LONGEST_EDGE, Photo, PhotoProblem, SIZES, SMALLEST_EDGE};
use crate::speakers::model::{Speaker, StoredFile};
use crate::speakers::operations::{self, SpeakerError};
use crate::web::error::PageResult;
use crate::web::token::hex;
use crate::web::{Failure, FieldErrors, Message, respond};
use actix_multipart::{Field, Multipart};
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Path};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};

/// What the form of the photo sends.
#[derive(Default)]
struct Upload {
    version: i32,
    remove: bool,
    photo: Bytes,
    /// The file went over the limit; nothing of it was kept.
    too_large: bool,
}

/// Longest field of the form that is no file.
const WORD_LENGTH: usize = 100;

/// `POST /organizer/{event}/speakers/{speaker}/photo`.
pub(super) async fn change_photo(team: Editor, path: Path<(String, SpeakerId)>, body: Multipart) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let upload = receive(body, team.visit.app.settings.limits.photo_bytes).await?;
    if upload.remove {
        return save(&team, &speaker, upload.version, None).await;
    }
    match read(&upload, team.visit.app.settings.limits.photo_bytes).await {
        Ok(photo) => save(&team, &speaker, upload.version, Some(photo)).await,
        Err(message) => refuse(&team, speaker.id, StatusCode::UNPROCESSABLE_ENTITY, message).await,
    }
}

/// Takes the form in, holding no more of it than `limit` bytes; 0 switches the limit off.
async fn receive(mut body: Multipart, limit: usize) -> Result<Upload, Failure> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let mut upload = Upload::default();
    while let Some(field) = body.next().await {
        let mut field = field.map_err(broken)?;
        match field.name().unwrap_or_default() {
            "photo" => match field.bytes(limit).await {
                Ok(bytes) => upload.photo = bytes.map_err(broken)?,
                Err(_) => upload.too_large = true,
            },
            "version" => upload.version = word(&mut field).await?.parse().unwrap_or(0),
            "remove" => upload.remove = !word(&mut field).await?.is_empty(),
            _ => drop(word(&mut field).await?),
        }
    }
    Ok(upload)
}

async fn word(field: &mut Field) -> Result<String, Failure> {
    let bytes = field.bytes(WORD_LENGTH).await.map_err(|_| Failure::bad_request("error-bad-request"))?;
    Ok(String::from_utf8_lossy(&bytes.map_err(broken)?).into_owned())
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn broken(error: actix_multipart::MultipartError) -> Failure {
    use actix_multipart::MultipartError as E;
    match error {
        E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible => {
            Failure::bad_request("error-form-type")
        }
        _ => Failure::bad_request("error-form-cut-off"),
    }
}

/// The photo that was sent, or what is wrong with it.
async fn read(upload: &Upload, limit: usize) -> Result<Photo, Message> {
    if upload.too_large {
        // In tenths of a megabyte, because small limits are possible.
        let tenths = limit.saturating_mul(10) / 1_000_000;
        return Err(Message::new("speakers-photo-too-large").with("megabytes", tenths as f64 / 10.0));
    }
    if upload.photo.is_empty() {
        return Err(Message::new("speakers-photo-missing"));
    }
    Photo::of(upload.photo.clone()).await.map_err(|problem| match problem {
        PhotoProblem::NoPicture => Message::new("speakers-photo-no-picture"),
        PhotoProblem::TooManyPixels => Message::new("speakers-photo-too-many-pixels").with("max", LONGEST_EDGE),
        PhotoProblem::TooSmall => Message::new("speakers-photo-too-small").with("min", SMALLEST_EDGE),
    })
}

/// Stores the bytes, then the row that names them: a row never names a file that is not there.
async fn save(team: &Editor, speaker: &Speaker, version: i32, photo: Option<Photo>) -> PageResult {
    let app = &team.visit.app;
    let file = photo.as_ref().map(|photo| row(team, app.clock.now(), photo));
    if let (Some(file), Some(photo)) = (&file, &photo) {
        app.files.keep(file.id, photo).await.map_err(Failure::unexpected)?;
    }
    let (actor, key, new) = (team.actor(), (team.event.id, speaker.id, version), file.as_ref().map(|file| file.id));
    let notice = if new.is_some() { "speakers-notice-photo-saved" } else { "speakers-notice-photo-removed" };
    let outcome = app.write(move |db, now| operations::set_photo(db, now, actor, key, file.as_ref())).await;
    match outcome {
        Ok(unused) => {
            discard(team, unused).await;
            Ok(respond::see_other_with_notice(format!("{}/{}", speakers_url(team), speaker.id), notice))
        }
        // It may have been kept after all, and then its bytes are needed.
        Err(SpeakerError::Db(DbError::CommitUnknown)) => Err(Failure::Unknown),
        Err(error) => {
            discard(team, new).await;
            if !matches!(error, SpeakerError::Stale) {
                return Err(error.into());
            }
            refuse(team, speaker.id, StatusCode::CONFLICT, Message::new("speakers-photo-stale")).await
        }
    }
}

async fn discard(team: &Editor, file: Option<FileId>) {
    if let Some(file) = file {
        team.visit.app.files.remove(file).await;
    }
}

fn row(team: &Editor, now: UtcTime, photo: &Photo) -> StoredFile {
    let edge = i32::try_from(SIZES[0]).unwrap_or(i32::MAX);
    StoredFile {
        id: FileId::new(),
        event_id: team.event.id,
        kind: "photo",
        media_type: "image/jpeg",
        bytes: i64::try_from(photo.largest().len()).unwrap_or(i64::MAX),
        width: edge,
        height: edge,
        digest: hex(&Sha256::digest(photo.largest())),
        created_at: now,
    }
}

/// The speaker's page as it is stored, with what is wrong beside the photo's field.
async fn refuse(team: &Editor, id: SpeakerId, status: StatusCode, message: Message) -> PageResult {
    let (speaker, parts) = find(team, id).await?;
    let mut errors = FieldErrors::default();
    errors.push("photo", message);
    show(team, Some((&speaker, &parts)), status, &stored(&speaker), &errors)
}
