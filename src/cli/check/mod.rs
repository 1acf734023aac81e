//! `plenary check`: says in plain words what is wrong and how to mend it. It changes nothing.

mod data;
mod database;
mod dns;
mod mail;
mod record;

use super::arguments::Check;
use super::commands::say;
use crate::app::{App, Clock};
use crate::config::{MailTransport, Settings};
use serde::Serialize;

/// Something is wrong, and was said already.
#[derive(Debug, thiserror::Error)]
#[error("something is wrong")]
pub(super) struct Wrong;

/// How something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum State {
    /// As it should be.
    Fine,
    /// Worth knowing; nothing is broken.
    Note,
    /// To be mended.
    Wrong,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Finding {
    topic: &'static str,
    state: State,
    /// What was found.
    text: String,
    /// How to mend it; empty where there is nothing to do.
    mend: String,
}

/// Everything that was found, in the order in which it was looked at.
#[derive(Debug, Default, Serialize)]
pub(super) struct Findings {
    problems: usize,
    checks: Vec<Finding>,
}

impl Findings {
    fn add(&mut self, topic: &'static str, state: State, text: impl Into<String>, mend: &str) {
        self.problems += usize::from(state == State::Wrong);
        self.checks.push(Finding { topic, state, text: text.into(), mend: mend.to_owned() });
    }

    fn fine(&mut self, topic: &'static str, text: impl Into<String>) {
        self.add(topic, State::Fine, text, "");
    }

    fn note(&mut self, topic: &'static str, text: impl Into<String>, mend: &str) {
        self.add(topic, State::Note, text, mend);
    }

    fn wrong(&mut self, topic: &'static str, text: impl Into<String>, mend: &str) {
        self.add(topic, State::Wrong, text, mend);
    }

    fn print(&self, as_json: bool) -> anyhow::Result<()> {
        if as_json {
            return say(&serde_json::to_string_pretty(self)?);
        }
        for check in &self.checks {
            let word = match check.state {
                State::Fine => "ok    ",
                State::Note => "note  ",
                State::Wrong => "WRONG ",
            };
            say(&format!("{word} {}: {}", check.topic, check.text))?;
            if !check.mend.is_empty() {
                say(&format!("        {}", check.mend))?;
            }
        }
        match self.problems {
            0 => say("Nothing is wrong."),
            1 => say("1 thing is wrong."),
            count => say(&format!("{count} things are wrong.")),
        }
    }
}

/// Looks at everything. True where nothing is wrong.
pub(super) async fn run(arguments: &Check, settings: Settings) -> anyhow::Result<bool> {
    let mut findings = Findings::default();
    findings.fine("settings", "every key is known and every value can be used");
    site(&mut findings, &settings);
    data::files_folder(&mut findings, &settings);
    mail::server(&mut findings, &settings).await;
    mail::signing(&mut findings, &settings, arguments.dns).await;
    if database::is_there(&mut findings, &settings) {
        // What is wrong with these was said: the rest can be looked at all the same.
        let mut settings = settings;
        settings.mail.transport = MailTransport::Log;
        settings.mail.dkim_key = None;
        match App::open(settings, Clock::Machine) {
            Err(error) => {
                findings.wrong("database", error.to_string(), "Look at database.url and whether the server runs.");
            }
            Ok(app) => {
                if database::state(&mut findings, &app).await {
                    data::sealed(&mut findings, &app).await?;
                    mail::outbox(&mut findings, &app).await?;
                    record::jobs(&mut findings, &app).await?;
                    record::clock(&mut findings, &app).await?;
                    record::chain(&mut findings, &app, arguments.record.clone()).await?;
                }
                app.db.shutdown().await;
            }
        }
    }
    findings.print(arguments.json)?;
    Ok(findings.problems == 0)
}

/// Says that the settings can't be used, in the form that was asked for. Prints nothing else.
pub(super) fn unusable(arguments: &Check, error: &dyn std::fmt::Display) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    findings.wrong("settings", error.to_string(), "config/default.toml lists every setting and what it may be.");
    findings.print(arguments.json)
}

/// What visitors type.
fn site(findings: &mut Findings, settings: &Settings) {
    let address = &settings.http.public_url;
    let host = url::Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    if matches!(host.as_str(), "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0") {
        let mend = "Set http.public_url to the address that visitors type: links in mails begin with it.";
        findings.note("site", format!("visitors are told {address}, which only this machine can open"), mend);
    } else if address.starts_with("http://") {
        let mend = "Let a proxy end TLS and set http.public_url to the https:// address.";
        findings.note("site", format!("{address} is not encrypted: passwords and private links can be read"), mend);
    } else {
        findings.fine("site", format!("visitors are told {address}"));
    }
}
