//! One message: what it says, and what became of it.

use super::{MessageLine, line};
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::db::MessageId;
use crate::mail::marking::MarkView;
use crate::mail::model::{MessageDetail, MessageState};
use crate::mail::{operations, outbox};
use crate::web::error::PageResult;
use crate::web::token::TOKEN_LENGTH;
use crate::web::{Failure, Page, respond};
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct MessagePage {
    message: MessageLine,
    language: String,
    body_text: String,
    attachments: Vec<String>,
    history: Vec<AttemptLine>,
    registration_url: Option<String>,
    can_resend: bool,
    resend_url: String,
    mark: Option<MarkView>,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "organizer/message.html";
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
    let id: MessageId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let event = team.event.id;
    let detail = team.visit.app.read(move |db| Ok::<_, Failure>(outbox::find(db, Some(event), id)?)).await?;
    let context = team.context("mail", "mail-message-title");
    let page = message_page(&team, &context, detail.ok_or(Failure::NotFound)?);
    team.visit.show(&context, &page)
}

fn message_page(team: &Allowed<ViewMail>, context: &crate::web::PageContext, detail: MessageDetail) -> MessagePage {
    let (texts, zone, format) = (&team.visit.app.texts, team.event.zone(), context.formatter());
    let history = detail.history.into_iter().map(|attempt| AttemptLine {
        attempt: attempt.attempt.map(|number| number.to_string()).unwrap_or_default(),
        outcome_label: texts.text(context.lang, &format!("mail-outcome-{}", attempt.outcome), &[]),
        detail: attempt.detail,
        at: format.date_time(attempt.at.in_zone(zone).naive_local()),
    });
    let registration = detail.registration.filter(|_| team.may(Permission::ViewRegistrations));
    let own_url = format!("/organizer/{}/mail/{}", team.event.slug, detail.summary.id);
    MessagePage {
        mark: detail.mark.as_ref().map(|mark| MarkView::new(team, context, mark, &own_url)),
        message: line(team, format, context.lang, &detail.summary),
        language: texts.text(context.lang, &format!("language-{}", detail.language.primary()), &[]),
        body_text: without_secrets(&detail.body_text),
        attachments: detail.attachments.into_iter().map(|part| part.name).collect(),
        history: history.collect(),
        registration_url: registration.map(|id| format!("/organizer/{}/registrations/{id}", team.event.slug)),
        can_resend: detail.summary.state == MessageState::Failed && team.may(Permission::ManageEvent),
        resend_url: format!("{own_url}/resend"),
    }
}

/// The body with the secrets of private links left out: reading mail must not mean acting for its recipient.
fn without_secrets(body: &str) -> String {
    let is_secret = |part: &str| {
        part.len() == TOKEN_LENGTH
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let mut parts = Vec::new();
    for part in body.split('/') {
        let end = part.find(|letter: char| letter.is_whitespace() || letter == '?').unwrap_or(part.len());
        let (word, rest) = part.split_at(end);
        parts.push(if is_secret(word) { format!("…{rest}") } else { part.to_owned() });
    }
    parts.join("/")
}

/// `POST /organizer/{event}/mail/{message}/resend`.
pub(super) async fn resend_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let id: MessageId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::resend(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail/{id}", team.event.slug), "mail-notice-queued-again"))
}

#[cfg(test)]
mod tests {
    use super::without_secrets;
    use crate::web::Token;

    #[test]
    fn private_links_are_shown_without_their_secret() {
        let token = Token::new();
        let body = format!(
            "Open https://summit.example/s/r/{}\nor https://summit.example/s/r/{}/ticket now",
            token.reveal(),
            token.reveal()
        );
        assert_eq!(
            without_secrets(&body),
            "Open https://summit.example/s/r/…\nor https://summit.example/s/r/…/ticket now"
        );
    }
}
