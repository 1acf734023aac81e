//! The demo inbox: every mail of the demo can be read on the site and its links clicked.

use crate::app::App;
use crate::db::MessageId;
use crate::i18n::{INTERFACE_LANGUAGES, Lang};
use crate::mail::attached;
use crate::mail::model::{Attachment, MessageDetail, MessageFilter};
use crate::mail::outbox;
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext, RouteTable, Visit, security};
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use base64::Engine;
use serde::Serialize;

/// The routes of this area; only a demo has them.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/demo/inbox", list_mails);
    routes.get("/demo/inbox/{message}", show_mail);
    routes.get("/demo/inbox/{message}/html", show_html);
    routes.get("/demo/inbox/{message}/parts/{number}", download_part);
}

#[derive(Serialize)]
struct InboxPage {
    mails: Vec<MailLine>,
    /// Where older mails are; empty at the end.
    older_url: String,
}

impl Page for InboxPage {
    const TEMPLATE: &'static str = "demo/inbox.html";
}

#[derive(Serialize)]
struct MailLine {
    url: String,
    recipient: String,
    subject: String,
    time: String,
}

/// `GET /demo/inbox`.
async fn list_mails(visit: Visit) -> PageResult {
    let before = visit.param("before").and_then(|id| id.parse().ok());
    let filter = MessageFilter { before, ..MessageFilter::default() };
    let list = visit.app.read(move |db| Ok::<_, Failure>(outbox::list(db, &filter)?)).await?;
    let older_url = list.next.map(|id| format!("/demo/inbox?before={id}")).unwrap_or_default();
    let context = PageContext::new(&visit, INTERFACE_LANGUAGES, "").titled(&visit, "demo-inbox-title");
    let format = context.formatter();
    let mails = list.messages.into_iter().map(|message| MailLine {
        url: format!("/demo/inbox/{}", message.id),
        recipient: message.recipient_address,
        subject: message.subject,
        time: format.date_time(message.created_at.to_chrono().naive_utc()),
    });
    visit.show(&context, &InboxPage { mails: mails.collect(), older_url })
}

#[derive(Serialize)]
struct MailPage {
    recipient: String,
    subject: String,
    time: String,
    lang: Lang,
    text: String,
    html_url: String,
    parts: Vec<PartLine>,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "demo/mail.html";
}

#[derive(Serialize)]
struct PartLine {
    name: String,
    url: String,
}

/// `GET /demo/inbox/{message}`.
async fn show_mail(visit: Visit, path: Path<String>) -> PageResult {
    let mail = find(&visit.app, &path).await?;
    let context = PageContext::new(&visit, INTERFACE_LANGUAGES, "").titled(&visit, "demo-inbox-title");
    let url = format!("/demo/inbox/{}", mail.summary.id);
    let parts = mail
        .attachments
        .iter()
        .enumerate()
        .map(|(number, part)| PartLine { name: part.name.clone(), url: format!("{url}/parts/{number}") });
    let page = MailPage {
        time: context.formatter().date_time(mail.summary.created_at.to_chrono().naive_utc()),
        recipient: mail.summary.recipient_address,
        subject: mail.summary.subject,
        lang: mail.language,
        text: mail.body_text,
        html_url: format!("{url}/html"),
        parts: parts.collect(),
    };
    let mut response = visit.show(&context, &page)?;
    security::allow_own_frames(response.headers_mut());
    Ok(response)
}

/// `GET /demo/inbox/{message}/html`: the HTML body as a mail program shows it, in a frame.
async fn show_html(app: Data<App>, path: Path<String>) -> PageResult {
    let mail = find(&app, &path).await?;
    let mut html = mail.body_html;
    for picture in &mail.attachments {
        if let Some(id) = &picture.content_id {
            html =
                html.replace(&format!("cid:{id}"), &format!("data:{};base64,{}", picture.media_type, picture.content));
        }
    }
    // Mails style themselves inline, and their links open in the whole window.
    let html = html.replacen("<head>", "<head><base target=\"_top\">", 1);
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", policy))
        .insert_header(("cache-control", "no-store"))
        .body(html))
}

/// `GET /demo/inbox/{message}/parts/{number}`.
async fn download_part(app: Data<App>, path: Path<(String, usize)>) -> PageResult {
    let mail = find(&app, &path.0).await?;
    let part: &Attachment = mail.attachments.get(path.1).ok_or(Failure::NotFound)?;
    let content = base64::engine::general_purpose::STANDARD.decode(&part.content).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type(part.media_type.as_str())
        .insert_header(crate::web::respond::attachment(&part.name))
        .body(content))
}

async fn find(app: &App, id: &str) -> Result<MessageDetail, Failure> {
    let id: MessageId = id.parse().map_err(|_| Failure::NotFound)?;
    let found = app.read(move |db| Ok::<_, Failure>(outbox::find(db, None, id)?)).await?;
    let mut mail = found.ok_or(Failure::NotFound)?;
    attached::fill(&app.files, &mut mail.attachments).await.map_err(Failure::unexpected)?;
    Ok(mail)
}
