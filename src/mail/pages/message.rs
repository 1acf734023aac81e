//! One message: what it says exactly, and what became of it.

use super::secrets::without;
use super::{MessageLine, line, message_id};
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::db::MessageId;
use crate::mail::marking::MarkView;
use crate::mail::model::{Attachment, Attempt, MessageDetail, MessageState};
use crate::mail::operations::{self, deciding};
use crate::mail::{outbox, pages::original};
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext, respond, security};
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct MessagePage {
    message: MessageLine,
    language: String,
    headers: String,
    body_text: String,
    own_url: String,
    attachments: Vec<PartLine>,
    history: Vec<AttemptLine>,
    registration_url: Option<String>,
    copy_of_url: String,
    copy_urls: Vec<String>,
    may_manage: bool,
    is_draft: bool,
    can_cancel: bool,
    can_resend: bool,
    can_copy: bool,
    mark: Option<MarkView>,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "organizer/message.html";
}

#[derive(Serialize)]
struct PartLine {
    url: String,
    name: String,
    media_type: String,
    size: String,
}

#[derive(Serialize)]
struct AttemptLine {
    attempt: String,
    outcome_label: String,
    detail: String,
    at: String,
}

/// `GET /organizer/{event}/mail/{message}`.
pub(super) async fn show_message(team: Allowed<ViewMail>, path: Path<(String, String)>) -> PageResult {
    let detail = find(&team, &path.1).await?;
    let headers = original::headers(&team.visit.app, &detail).await?;
    let context = team.context("mail", "mail-message-title");
    let page = message_page(&team, &context, &detail, headers);
    let mut response = team.visit.show(&context, &page)?;
    // The mail's HTML is shown in a frame that may run nothing.
    security::allow_own_frames(response.headers_mut());
    Ok(response)
}

/// The message of this event that a path names.
pub(super) async fn find<P>(team: &Allowed<P>, id: &str) -> Result<MessageDetail, Failure> {
    let (event, id) = (team.event.id, message_id(id)?);
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(outbox::find(db, Some(event), id)?)).await?;
    found.ok_or(Failure::NotFound)
}

fn message_page(
    team: &Allowed<ViewMail>,
    context: &PageContext,
    detail: &MessageDetail,
    headers: String,
) -> MessagePage {
    let texts = &team.visit.app.texts;
    let registration = detail.registration.filter(|_| team.may(Permission::ViewRegistrations));
    let mail_url = format!("/organizer/{}/mail", team.event.slug);
    let own_url = format!("{mail_url}/{}", detail.summary.id);
    let url_of = |id: &MessageId| format!("{mail_url}/{id}");
    let (may_manage, state) = (team.may(Permission::ManageEvent), detail.summary.state);
    let parts = detail.attachments.iter().enumerate();
    MessagePage {
        mark: detail.mark.as_ref().map(|mark| MarkView::new(team, context, mark, &own_url)),
        message: line(team, context.formatter(), context.lang, &detail.summary),
        language: texts.text(context.lang, &format!("language-{}", detail.language.primary()), &[]),
        headers,
        body_text: without(&detail.body_text),
        attachments: parts.map(|(number, part)| part_line(&own_url, number, part)).collect(),
        history: detail.history.iter().map(|attempt| attempt_line(team, context, attempt)).collect(),
        registration_url: registration.map(|id| format!("/organizer/{}/registrations/{id}", team.event.slug)),
        copy_of_url: detail.copy_of.as_ref().map(url_of).unwrap_or_default(),
        copy_urls: detail.sent_again.iter().map(url_of).collect(),
        may_manage,
        is_draft: may_manage && state == MessageState::Draft,
        can_cancel: may_manage && state == MessageState::Queued,
        can_resend: may_manage && state == MessageState::Failed,
        can_copy: may_manage && deciding::can_be_copied(detail),
        own_url,
    }
}

fn part_line(own_url: &str, number: usize, part: &Attachment) -> PartLine {
    // Four signs of Base64 are three octets.
    let octets = part.content.trim_end_matches('=').len() * 3 / 4;
    // A file that many messages share is not read for this.
    let size = match (part.file.is_some(), octets) {
        (true, _) => String::new(),
        (false, octets) if octets < 1024 => format!("{octets} B"),
        (false, octets) => format!("{} kB", octets.div_ceil(1024)),
    };
    PartLine {
        url: format!("{own_url}/parts/{number}"),
        name: part.name.clone(),
        media_type: part.media_type.split(';').next().unwrap_or_default().to_owned(),
        size,
    }
}

fn attempt_line(team: &Allowed<ViewMail>, context: &PageContext, attempt: &Attempt) -> AttemptLine {
    let at = attempt.at.in_zone(team.event.zone()).naive_local();
    AttemptLine {
        attempt: attempt.attempt.map(|number| number.to_string()).unwrap_or_default(),
        outcome_label: team.visit.app.texts.text(context.lang, &format!("mail-outcome-{}", attempt.outcome), &[]),
        detail: attempt.detail.clone(),
        at: context.formatter().date_time(at),
    }
}

/// `POST /organizer/{event}/mail/{message}/resend`: a failed message begins anew.
pub(super) async fn resend_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), message_id(&path.1)?);
    team.visit.app.write(move |db, now| operations::resend(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail/{id}", team.event.slug), "mail-notice-queued-again"))
}

/// `POST /organizer/{event}/mail/{message}/copy`: the same words leave once more, as a message of their own.
pub(super) async fn copy_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), message_id(&path.1)?);
    let copy = team.visit.app.write(move |db, now| deciding::send_copy(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail/{copy}", team.event.slug), "mail-notice-copied"))
}

/// `POST /organizer/{event}/mail/{message}/cancel`: what waits in the queue does not leave.
pub(super) async fn cancel_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), message_id(&path.1)?);
    team.visit.app.write(move |db, now| deciding::cancel_queued(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail/{id}", team.event.slug), "mail-notice-cancelled"))
}
