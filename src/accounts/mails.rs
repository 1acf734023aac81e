//! The mails this area sends.

use super::model::{INVITATION_DAYS, RESET_HOURS, User};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, TextArg};
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering::render;
use crate::web::Token;
use serde::Serialize;

#[derive(Serialize)]
struct TeamInvitation<'a> {
    name: &'a str,
    headline: String,
    /// Who has invited to what.
    opening: String,
    /// What to do next.
    next: String,
    /// How long the link works; empty where it is no link for once.
    days_left: String,
    link: String,
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
    let text = |key: &str, args: &[(&str, TextArg<'_>)]| app.texts.text(to.language, key, args);
    let inviter = ("inviter", TextArg::from(inviter.name.as_str()));
    let (headline, opening) = match event.map(|event| ("event", TextArg::from(event.name_in(to.language)))) {
        Some(event) => (
            text("accounts-mail-invitation-subject", std::slice::from_ref(&event)),
            text("accounts-mail-invitation-text", &[inviter, event.clone()]),
        ),
        None => {
            (text("accounts-mail-invitation-subject-site", &[]), text("accounts-mail-invitation-text-site", &[inviter]))
        }
    };
    let values = TeamInvitation {
        name: &to.name,
        headline,
        opening,
        next: match token {
            Some(_) => text("accounts-mail-invitation-new", &[]),
            None => text("accounts-mail-invitation-known", &[]),
        },
        days_left: match token {
            Some(_) => text("accounts-mail-invitation-days", &[("days", INVITATION_DAYS.into())]),
            None => String::new(),
        },
        link,
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
    /// From which device, and when.
    opening: String,
    link: String,
}

/// "Someone signed in from a new device". The time is in UTC: an account belongs to no event.
pub(super) fn new_sign_in(app: &App, to: &User, device: &str, at: UtcTime) -> anyhow::Result<NewMessage> {
    let time = Formatter::of(to.language).date_time(at.to_chrono().naive_utc());
    let opening = match device {
        "" => app.texts.text(to.language, "accounts-mail-signin-text-unknown", &[("time", time.into())]),
        device => app.texts.text(
            to.language,
            "accounts-mail-signin-text",
            &[("device", device.into()), ("time", time.into())],
        ),
    };
    let values = NewSignIn { name: &to.name, opening, link: format!("{}/account", app.settings.http.public_url) };
    message(app, MessageKind::NewSignin, to, to.language, &values)
}

fn message(
    app: &App,
    kind: MessageKind,
    to: &User,
    language: Lang,
    values: &impl Serialize,
) -> anyhow::Result<NewMessage> {
    let content = render(app, None, kind, language, values).map_err(|error| anyhow::anyhow!("{kind}: {error:#}"))?;
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
