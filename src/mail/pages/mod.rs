//! The outbox on team pages.

mod addresses;
mod message;

use super::model::{MessageFilter, MessageState, MessageSummary};
use super::operations::ResendError;
use super::outbox;
use crate::accounts::access::{Allowed, ViewMail};
use crate::db::UtcTime;
use crate::i18n::Formatter;
use crate::web::error::PageResult;
use crate::web::{Failure, Page, RouteTable};
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/mail", list_messages);
    routes.get("/organizer/{event}/mail/addresses", addresses::list_addresses);
    routes.post("/organizer/{event}/mail/addresses", addresses::clear_address);
    routes.get("/organizer/{event}/mail/{message}", message::show_message);
    routes.post("/organizer/{event}/mail/{message}/resend", message::resend_message);
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
