//! The mails this area sends.

use super::model::{INVITATION_DAYS, RESET_HOURS, User};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering::render;
use crate::web::Token;
use serde::Serialize;

#[derive(Serialize)]
struct TeamInvitation<'a> {
    name: &'a str,
    inviter: &'a str,
    event_name: &'a str,
    link: String,
    is_new: bool,
    days: i64,
}

/// "You are invited to the team": with `token`, a link to set name and password; without, a link
/// to the team pages.
pub(super) fn invitation(
    app: &App,
    inviter: &User,
    event: Option<&Event>,
    to: &User,
    token: Option<&Token>,
) -> anyhow::Result<NewMessage> {
    let site = &app.settings.http.public_url;
    let link = match (token, event) {
        (Some(token), _) => format!("{site}/invitation/{}", token.reveal()),
        (None, Some(event)) => format!("{site}/organizer/{}", event.slug),
        (None, None) => format!("{site}/organizer"),
    };
    let values = TeamInvitation {
        name: &to.name,
        inviter: &inviter.name,
        event_name: event.map_or("", |event| event.name_in(to.language)),
        link,
        is_new: token.is_some(),
        days: INVITATION_DAYS,
    };
    let mut message = message(app, MessageKind::TeamInvitation, to, to.language, &values)?;
    message.event = event.map(|event| event.id);
    Ok(message)
}

#[derive(Serialize)]
struct PasswordReset<'a> {
    name: &'a str,
    link: String,
    hours: i64,
}

/// "Set a new password".
pub(super) fn password_reset(app: &App, to: &User, token: &Token) -> anyhow::Result<NewMessage> {
    let link = format!("{}/reset/{}", app.settings.http.public_url, token.reveal());
    let values = PasswordReset { name: &to.name, link, hours: RESET_HOURS };
    message(app, MessageKind::PasswordReset, to, to.language, &values)
}

#[derive(Serialize)]
struct NewSignIn<'a> {
    name: &'a str,
    device: &'a str,
    time: String,
    link: String,
}

/// "Someone signed in from a new device". The time is in UTC: an account belongs to no event.
pub(super) fn new_sign_in(app: &App, to: &User, device: &str, at: UtcTime) -> anyhow::Result<NewMessage> {
    let time = Formatter::of(to.language).date_time(at.to_chrono().naive_utc());
    let values = NewSignIn { name: &to.name, device, time, link: format!("{}/account", app.settings.http.public_url) };
    message(app, MessageKind::NewSignin, to, to.language, &values)
}

fn message(
    app: &App,
    kind: MessageKind,
    to: &User,
    language: Lang,
    values: &impl Serialize,
) -> anyhow::Result<NewMessage> {
    let content =
        render(&app.templates, kind, language, values).map_err(|error| anyhow::anyhow!("{kind}: {error:#}"))?;
    Ok(NewMessage {
        event: None,
        kind,
        registration: None,
        user: Some(to.id),
        speaker: None,
        unsubscribe: None,
        recipient_name: to.name.clone(),
        recipient: to.email.parse()?,
        language,
        content,
        attachments: Vec::new(),
    })
}
