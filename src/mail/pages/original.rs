//! A message exactly as it leaves: its headers, its HTML, its parts, the whole file.

use super::message::find;
use super::secrets::{opens_account, without};
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::app::App;
use crate::audit::{self, Entry};
use crate::db::DbError;
use crate::mail::attached;
use crate::mail::compose::compose;
use crate::mail::model::{MessageDetail, OutboxMessage};
use crate::web::error::PageResult;
use crate::web::{Failure, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use base64::Engine;

/// What a frame without any rights may show.
const FRAME: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";
/// A download shows nothing at all, whatever a browser takes it for.
const DOWNLOAD: &str = "default-src 'none'; sandbox";

/// The whole message on the wire. Nothing where its words were deleted with its person.
async fn composed(app: &App, message: &OutboxMessage) -> Result<Option<Vec<u8>>, Failure> {
    if message.recipient_address.is_empty() {
        return Ok(None);
    }
    let return_path = app.mailer.return_path(app).await?;
    let parcel = compose(message, &app.mailer.from, &app.mailer.domain, return_path, app.mailer.dkim.as_ref());
    Ok(Some(parcel.map_err(Failure::unexpected)?.content))
}

/// The headers of a message without the secrets of its links; empty where there are none any more.
pub(super) async fn headers(app: &App, detail: &MessageDetail) -> Result<String, Failure> {
    // Parts change nothing in the head, and need not be put together for it.
    let message = OutboxMessage { attachments: Vec::new(), ..detail.as_it_leaves() };
    let Some(content) = composed(app, &message).await? else { return Ok(String::new()) };
    let text = String::from_utf8_lossy(&content);
    Ok(without(text.split("\r\n\r\n").next().unwrap_or_default()))
}

/// `GET /organizer/{event}/mail/{message}/html`: the HTML body as a mail program shows it, in a frame. Pictures such as
/// the ticket are shown to those who may act for its owner.
pub(super) async fn show_html(team: Allowed<ViewMail>, path: Path<(String, String)>) -> PageResult {
    let detail = find(&team, &path.1).await?;
    let mut html = without(&detail.body_html).replacen("<head>", "<head><base target=\"_blank\">", 1);
    for picture in detail.attachments.iter().filter(|_| team.may(Permission::ManageEvent)) {
        if let Some(id) = &picture.content_id {
            let data = format!("data:{};base64,{}", picture.media_type, picture.content);
            html = html.replace(&format!("cid:{id}"), &data);
        }
    }
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", FRAME))
        .insert_header(("cache-control", "no-store"))
        .body(html))
}

/// `GET /organizer/{event}/mail/{message}/message.eml`: the file as it leaves. What lets its reader into an account stays
/// out of it.
pub(super) async fn download_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let detail = find(&team, &path.1).await?;
    let mut message = detail.as_it_leaves();
    if opens_account(message.kind) {
        message.body_text = without(&message.body_text);
        message.body_html = without(&message.body_html);
    }
    attached::fill(&team.visit.app.files, &mut message.attachments).await.map_err(unreadable)?;
    let content = composed(&team.visit.app, &message).await?.ok_or(Failure::NotFound)?;
    note(&team, &detail, "message.eml").await?;
    Ok(download("message/rfc822", &format!("{}.eml", detail.summary.id), content))
}

/// `GET /organizer/{event}/mail/{message}/parts/{number}`.
pub(super) async fn download_part(team: Allowed<ManageEvent>, path: Path<(String, String, String)>) -> PageResult {
    let detail = find(&team, &path.1).await?;
    let number: usize = path.2.parse().map_err(|_| Failure::NotFound)?;
    let mut part = detail.attachments.get(number).cloned().ok_or(Failure::NotFound)?;
    attached::fill(&team.visit.app.files, std::slice::from_mut(&mut part)).await.map_err(unreadable)?;
    let content = base64::engine::general_purpose::STANDARD.decode(&part.content).map_err(Failure::unexpected)?;
    note(&team, &detail, &part.name).await?;
    Ok(download(&part.media_type, &part.name, content))
}

/// A file that went out with a mailing is gone, or its folder is.
fn unreadable(error: std::io::Error) -> Failure {
    if error.kind() == std::io::ErrorKind::NotFound { Failure::NotFound } else { Failure::unexpected(error) }
}

/// Who has taken what is written down: a ticket or a private link opens doors.
async fn note(team: &Allowed<ManageEvent>, detail: &MessageDetail, file: &str) -> Result<(), DbError> {
    let (event, actor, id, file) = (team.event.id, team.actor(), detail.summary.id, file.to_owned());
    let job = move |db: &mut crate::db::DbConnection, now| {
        let entry = Entry::new(Some(event), actor, "message.downloaded", "message", id.as_str());
        Ok::<_, DbError>(audit::note(db, now, &entry.with(serde_json::json!({ "file": file })))?)
    };
    team.visit.app.write(job).await
}

fn download(media_type: &str, name: &str, content: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header(respond::attachment(name))
        .insert_header(("content-security-policy", DOWNLOAD))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("cache-control", "no-store"))
        .body(content)
}
