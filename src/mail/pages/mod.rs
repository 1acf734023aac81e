//! The outbox on team pages.

mod addresses;
mod drafts;
mod editing;
mod installation;
mod list;
mod message;
mod original;
mod rules;
mod secrets;

use super::model::{MessageKind, MessageSummary};
use super::operations::ResendError;
use super::operations::deciding::DecideError;
use super::operations::rules::RulesError;
use super::policy::Pause;
use crate::accounts::access::Allowed;
use crate::db::{MessageId, UtcTime};
use crate::i18n::{Formatter, Lang, Texts};
use crate::web::{Failure, PageContext, RouteTable, Visit};
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/mail", list::list_messages);
    routes.post("/organizer/{event}/mail/pause", rules::set_pause);
    routes.get("/organizer/{event}/mail/rules", rules::show_rules);
    routes.post("/organizer/{event}/mail/rules", rules::save_rules);
    routes.post("/organizer/{event}/mail/drafts", drafts::decide_all);
    routes.get("/organizer/{event}/mail/addresses", addresses::list_addresses);
    routes.post("/organizer/{event}/mail/addresses", addresses::clear_address);
    routes.get("/organizer/{event}/mail/{message}", message::show_message);
    routes.get("/organizer/{event}/mail/{message}/html", original::show_html);
    routes.get("/organizer/{event}/mail/{message}/message.eml", original::download_message);
    routes.get("/organizer/{event}/mail/{message}/parts/{number}", original::download_part);
    routes.get("/organizer/{event}/mail/{message}/edit", editing::show_edit);
    routes.post("/organizer/{event}/mail/{message}/edit", editing::save_edit);
    routes.post("/organizer/{event}/mail/{message}/decide", drafts::decide_one);
    routes.post("/organizer/{event}/mail/{message}/cancel", message::cancel_message);
    routes.post("/organizer/{event}/mail/{message}/resend", message::resend_message);
    routes.post("/organizer/{event}/mail/{message}/copy", message::copy_message);
}

/// The routes of the whole installation, whose fixed words stand before those of events.
pub fn installation_routes(routes: &mut RouteTable) {
    routes.get("/organizer/mail", installation::show_installation);
    routes.post("/organizer/mail", installation::set_pause);
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

impl From<DecideError> for Failure {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NotFound => Self::NotFound,
            DecideError::OtherState => Self::conflict("mail-error-other-state"),
            DecideError::Changed => Self::conflict("mail-error-changed"),
            DecideError::Db(error) => error.into(),
        }
    }
}

impl From<RulesError> for Failure {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Changed => Self::conflict("mail-error-rules-changed"),
            RulesError::Db(error) => error.into(),
        }
    }
}

fn message_id(text: &str) -> Result<MessageId, Failure> {
    text.parse().map_err(|_| Failure::NotFound)
}

fn kind_label(texts: &Texts, lang: Lang, kind: MessageKind) -> String {
    texts.text(lang, &format!("mail-kind-{}", kind.as_str().replace('_', "-")), &[])
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
    due: String,
    attempts: i32,
    last_error: String,
}

fn line<P>(team: &Allowed<P>, format: &Formatter, lang: Lang, message: &MessageSummary) -> MessageLine {
    use super::model::MessageState;
    let (texts, zone) = (&team.visit.app.texts, team.event.zone());
    let in_words = |at: UtcTime| format.date_time(at.in_zone(zone).naive_local());
    let waits = message.state == MessageState::Queued && message.due_at > team.visit.app.clock.now();
    MessageLine {
        url: format!("/organizer/{}/mail/{}", team.event.slug, message.id),
        recipient: recipient(message),
        subject: message.subject.clone(),
        kind: kind_label(texts, lang, message.kind),
        state: message.state.as_str(),
        state_label: texts.text(lang, &format!("mail-state-{}", message.state), &[]),
        created: in_words(message.created_at),
        sent: message.sent_at.map(in_words).unwrap_or_default(),
        due: if waits { in_words(message.due_at) } else { String::new() },
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

/// That sending is paused, in one sentence.
fn pause_words(visit: &Visit, context: &PageContext, (pause, zone): (&Pause, chrono_tz::Tz)) -> String {
    let key = match (pause.event, pause.by.is_empty()) {
        (Some(_), false) => "mail-paused-event",
        (Some(_), true) => "mail-paused-event-nobody",
        (None, false) => "mail-paused-installation",
        (None, true) => "mail-paused-installation-nobody",
    };
    let since = context.formatter().date_time(pause.since.in_zone(zone).naive_local());
    visit.app.texts.text(context.lang, key, &[("since", since.into()), ("name", pause.by.as_str().into())])
}
