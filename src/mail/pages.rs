//! The outbox on team pages.

use super::model::{MessageDetail, MessageFilter, MessageState, MessageSummary};
use super::operations::{self, ResendError};
use super::outbox;
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::db::{MessageId, UtcTime};
use crate::i18n::Formatter;
use crate::web::error::PageResult;
use crate::web::token::TOKEN_LENGTH;
use crate::web::{Failure, Page, RouteTable, respond};
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/mail", list_messages);
    routes.get("/organizer/{event}/mail/{message}", show_message);
    routes.post("/organizer/{event}/mail/{message}/resend", resend_message);
}

impl From<ResendError> for Failure {
    fn from(error: ResendError) -> Self {
        match error {
            ResendError::NotFound => Self::NotFound,
            ResendError::NotFailed => Self::conflict("mail-error-not-failed"),
            ResendError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct MailPage {
    query: String,
    states: Vec<StateChoice>,
    messages: Vec<MessageLine>,
    older_url: Option<String>,
    is_filtered: bool,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "organizer/mail.html";
}

#[derive(Serialize)]
struct StateChoice {
    value: &'static str,
    label: String,
    current: bool,
}

#[derive(Serialize)]
struct MessageLine {
    url: String,
    recipient: String,
    subject: String,
    kind: String,
    state: &'static str,
    state_label: String,
    created: String,
    sent: String,
    attempts: i32,
    last_error: String,
}

/// `GET /organizer/{event}/mail`.
async fn list_messages(team: Allowed<ViewMail>) -> PageResult {
    let visit = &team.visit;
    let filter = MessageFilter {
        event: Some(team.event.id),
        state: visit.param("state").and_then(|word| word.parse().ok()),
        search: visit.param("q").unwrap_or_default().trim().chars().take(100).collect(),
        before: visit.param("before").and_then(time_of_parameter),
        ..MessageFilter::default()
    };
    let wanted = filter.clone();
    let (messages, more) = visit.app.read(move |db| Ok::<_, Failure>(outbox::list(db, &wanted)?)).await?;
    let context = team.context("mail", "mail-title");
    let older = messages.last().filter(|_| more).map(|last| visit.url_with("before", &last.created_at.to_string()));
    let page = MailPage {
        is_filtered: filter.state.is_some() || !filter.search.is_empty(),
        query: filter.search,
        states: state_choices(&team, filter.state, context.lang),
        messages: messages.iter().map(|message| line(&team, context.formatter(), context.lang, message)).collect(),
        older_url: older,
    };
    visit.show(&context, &page)
}

fn state_choices(team: &Allowed<ViewMail>, current: Option<MessageState>, lang: crate::i18n::Lang) -> Vec<StateChoice> {
    MessageState::ALL
        .iter()
        .map(|state| StateChoice {
            value: state.as_str(),
            label: team.visit.app.texts.text(lang, &format!("mail-state-{state}"), &[]),
            current: Some(*state) == current,
        })
        .collect()
}

fn time_of_parameter(text: &str) -> Option<UtcTime> {
    chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc().into())
}

fn line(
    team: &Allowed<ViewMail>,
    format: &Formatter,
    lang: crate::i18n::Lang,
    message: &MessageSummary,
) -> MessageLine {
    let (texts, zone) = (&team.visit.app.texts, team.event.zone());
    let in_words = |at: UtcTime| format.date_time(at.in_zone(zone).naive_local());
    MessageLine {
        url: format!("/organizer/{}/mail/{}", team.event.slug, message.id),
        recipient: recipient(message),
        subject: message.subject.clone(),
        kind: texts.text(lang, &format!("mail-kind-{}", message.kind.as_str().replace('_', "-")), &[]),
        state: message.state.as_str(),
        state_label: texts.text(lang, &format!("mail-state-{}", message.state), &[]),
        created: in_words(message.created_at),
        sent: message.sent_at.map(in_words).unwrap_or_default(),
        attempts: message.attempts,
        last_error: message.last_error.clone().unwrap_or_default(),
    }
}

fn recipient(message: &MessageSummary) -> String {
    if message.recipient_name.is_empty() {
        message.recipient_address.clone()
    } else {
        format!("{} <{}>", message.recipient_name, message.recipient_address)
    }
}

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
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "organizer/message.html";
}

#[derive(Serialize)]
struct AttemptLine {
    attempt: i32,
    outcome_label: String,
    detail: String,
    at: String,
}

/// `GET /organizer/{event}/mail/{message}`.
async fn show_message(team: Allowed<ViewMail>, path: Path<(String, String)>) -> PageResult {
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
        attempt: attempt.attempt,
        outcome_label: texts.text(context.lang, &format!("mail-outcome-{}", attempt.outcome), &[]),
        detail: attempt.detail,
        at: format.date_time(attempt.at.in_zone(zone).naive_local()),
    });
    let registration = detail.registration.filter(|_| team.may(Permission::ViewRegistrations));
    MessagePage {
        message: line(team, format, context.lang, &detail.summary),
        language: texts.text(context.lang, &format!("language-{}", detail.language.primary()), &[]),
        body_text: without_secrets(&detail.body_text),
        attachments: detail.attachments.into_iter().map(|part| part.name).collect(),
        history: history.collect(),
        registration_url: registration.map(|id| format!("/organizer/{}/registrations/{id}", team.event.slug)),
        can_resend: detail.summary.state == MessageState::Failed && team.may(Permission::ManageEvent),
        resend_url: format!("/organizer/{}/mail/{}/resend", team.event.slug, detail.summary.id),
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
async fn resend_message(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
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
