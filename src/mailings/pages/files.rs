//! Files of a mailing: adding them to a draft, taking them off, looking at them.

use super::editing::url;
use super::showing;
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::db::{FileId, MailingId};
use crate::mailings::files::model::{MOST_FILES, MailingFile, Unfit};
use crate::mailings::files::operations::{self, FileError};
use crate::registration::forms::files::model::{FileType, safe_name};
use crate::registration::forms::files::receiving::megabytes;
use crate::web::error::PageResult;
use crate::web::{Failure, Message, PageContext, RouteTable, SentForm, Upload, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Path};

pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/mailings/{mailing}/files", add_file);
    routes.get("/organizer/{event}/mailings/{mailing}/files/{file}", download_file);
    routes.post("/organizer/{event}/mailings/{mailing}/files/{file}/delete", delete_file);
}

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Mailing(error) => error.into(),
            FileError::Folder(error) => Self::unexpected(error),
            FileError::Unfit(_) => Self::conflict("mailings-error-changed"),
            FileError::Db(error) => error.into(),
        }
    }
}

/// What may be added, in words.
pub(super) fn hint<P>(team: &Allowed<P>, context: &PageContext) -> String {
    let most = team.visit.app.settings.limits.attachment_bytes;
    let args = [("files", MOST_FILES.into()), ("types", types().into()), ("megabytes", megabytes(most).into())];
    let key = if most == 0 { "mailings-files-hint-unlimited" } else { "mailings-files-hint" };
    team.visit.app.texts.text(context.lang, key, &args)
}

fn types() -> String {
    FileType::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

/// A file that was sent and can be used, or what is wrong with it.
fn read(sent: &SentForm, most: usize) -> Result<(String, FileType, Bytes), Message> {
    let too_large = || Message::new("mailings-error-file-too-large").with("megabytes", megabytes(most));
    let upload: &Upload = sent.files.first().ok_or_else(|| Message::new("forms-error-file-required"))?;
    let content = upload.content.clone().ok_or_else(too_large)?;
    if most > 0 && content.len() > most {
        return Err(too_large());
    }
    let kind = FileType::of(&content);
    let kind = kind.ok_or_else(|| Message::new("forms-error-file-type").with("types", types()))?;
    if !kind.is_whole(&content) {
        return Err(Message::new("forms-error-file-cut-off"));
    }
    Ok((safe_name(&upload.name, kind), kind, content))
}

/// `POST /organizer/{event}/mailings/{mailing}/files`.
async fn add_file(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>, sent: SentForm) -> PageResult {
    let most = team.visit.app.settings.limits.attachment_bytes;
    let refuse = |message| showing::show(&team, StatusCode::UNPROCESSABLE_ENTITY, path.1, Some(message));
    match read(&sent, most) {
        Err(message) => refuse(message).await,
        Ok(file) => match keep(&team, path.1, file, most).await {
            Ok(()) => Ok(respond::see_other_with_notice(url(&team, path.1), "mailings-notice-file-added")),
            Err(FileError::Unfit(Unfit::TooMany)) => refuse(Message::new("mailings-error-files-many")).await,
            Err(FileError::Unfit(Unfit::TooLarge { most })) => {
                refuse(Message::new("mailings-error-files-large").with("megabytes", megabytes(most))).await
            }
            Err(error) => Err(error.into()),
        },
    }
}

/// The bytes first, then the row that names them; bytes without a row are swept away.
async fn keep(
    team: &Allowed<ManageEvent>,
    mailing: MailingId,
    (name, kind, content): (String, FileType, Bytes),
    most: usize,
) -> Result<(), FileError> {
    let app = &team.visit.app;
    let file = MailingFile {
        id: FileId::new(),
        mailing_id: mailing,
        kept_as: FileId::new(),
        name,
        media_type: kind.media_type().to_owned(),
        bytes: i64::try_from(content.len()).unwrap_or(i64::MAX),
        created_at: app.clock.now(),
    };
    let kept_as = file.kept_as;
    app.files.keep_attached(kept_as, content).await.map_err(FileError::Folder)?;
    let by = (team.event.id, team.actor());
    let added = app.write(move |db, now| operations::add(db, now, by, &file, most)).await;
    if added.is_err() {
        app.files.remove_attached(kept_as).await;
    }
    added
}

/// `GET /organizer/{event}/mailings/{mailing}/files/{file}`.
async fn download_file(team: Allowed<ViewMail>, path: Path<(String, MailingId, FileId)>) -> PageResult {
    let (event, mailing, id) = (team.event.id, path.1, path.2);
    let read = move |db: &mut _| {
        crate::mailings::operations::find(db, event, mailing)?;
        Ok::<_, FileError>(operations::of(db, mailing)?)
    };
    let files = team.visit.app.read(read).await?;
    let file = files.into_iter().find(|file| file.id == id).ok_or(Failure::NotFound)?;
    let content = team.visit.app.files.read_attached(file.kept_as).await.map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type(file.media_type.as_str())
        .insert_header(respond::attachment(&file.name))
        .insert_header(("cache-control", "no-store"))
        .body(content.ok_or(Failure::NotFound)?))
}

/// `POST /organizer/{event}/mailings/{mailing}/files/{file}/delete`.
async fn delete_file(team: Allowed<ManageEvent>, path: Path<(String, MailingId, FileId)>) -> PageResult {
    let (by, which) = ((team.event.id, team.actor()), (path.1, path.2));
    team.visit.app.write(move |db, now| operations::remove(db, now, by, which)).await?;
    Ok(respond::see_other_with_notice(url(&team, path.1), "mailings-notice-file-removed"))
}
