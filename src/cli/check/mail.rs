//! Mail: whether it can leave, whether it is believed, and whether any waits.

use super::dns;
use super::{Findings, data};
use crate::app::App;
use crate::config::{MailSettings, MailTransport, Settings};
use crate::db::DbError;
use crate::mail::health::{self, Trouble};
use crate::mail::mailer::signer;
use crate::mail::transport::Transport;
use std::net::SocketAddr;

/// Whether the mail server lets us in. Nothing is sent.
pub(super) async fn server(findings: &mut Findings, settings: &Settings) {
    let mail = &settings.mail;
    match mail.transport {
        MailTransport::Log => {
            let mend = "Set mail.transport = \"smtp\" and mail.smtp_url.";
            findings.note("mail server", "mails do not leave: mail.transport is \"log\"", mend);
        }
        MailTransport::File if !mail.folder.exists() => {
            findings.note(
                "mail server",
                format!("mails are written into {}", mail.folder.display()),
                "It is made when needed.",
            );
        }
        MailTransport::File => data::writable(findings, "mail server", &mail.folder),
        MailTransport::Smtp => try_out(findings, settings).await,
    }
    if mail.from.email.domain() == "localhost" {
        let mend = "Set mail.from to an address of your domain, such as World Summit <noreply@summit.example>.";
        findings.note("sender", format!("mails come from {}, whom nobody believes", mail.from.email), mend);
    } else {
        findings.fine("sender", format!("mails come from {}", mail.from));
    }
    match &mail.return_path {
        Some(address) => findings.fine("return path", format!("mail that can't be delivered comes back to {address}")),
        None => findings.note(
            "return path",
            "mail that can't be delivered comes back to the sender",
            "Set mail.return_path and hand what arrives there to plenary mail receive, so that dead addresses are found out.",
        ),
    }
}

async fn try_out(findings: &mut Findings, settings: &Settings) {
    let host = url::Url::parse(&settings.http.public_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let transport = Transport::new(&settings.mail, host.as_deref().unwrap_or("localhost"));
    let tried = match transport {
        Ok(transport) => transport.try_out().await,
        Err(error) => Err(error.to_string()),
    };
    match tried {
        Ok(words) if words.contains("without TLS") && !words.contains("127.0.0.1") && !words.contains("localhost") => {
            let mend = "Add ?tls=required to mail.smtp_url, or ask whoever runs the server for TLS.";
            findings.note("mail server", words, mend);
        }
        Ok(words) => findings.fine("mail server", words),
        Err(error) => {
            let mend = "Look at mail.smtp_url: host, port, user and password; mails wait until it works.";
            findings.wrong("mail server", error, mend);
        }
    }
}

/// Whether mails are signed, and what the DNS says of the sender.
pub(super) async fn signing(findings: &mut Findings, settings: &Settings, server: Option<SocketAddr>) {
    let mail = &settings.mail;
    let signer = match signer(mail) {
        Ok(signer) => signer,
        Err(error) => {
            return findings.wrong(
                "signing",
                error,
                "Make a key with plenary key dkim and name its file in mail.dkim_key.",
            );
        }
    };
    let server = server.unwrap_or_else(dns::server_of_machine);
    let Some(signer) = signer else {
        let mend = "Make a key with plenary key dkim; if your mail server signs, there is nothing to do.";
        findings.note("signing", "mails are not signed here", mend);
        return policies(findings, mail, server).await;
    };
    let (name, record) = (signer.record_name(), signer.record());
    match dns::texts(server, &name).await {
        Ok(texts) if texts.iter().any(|text| key_of(text) == key_of(&record)) => {
            findings.fine("signing", format!("mails are signed, and {name} publishes the key"));
        }
        Ok(texts) if texts.is_empty() => {
            findings.wrong(
                "signing",
                format!("{name} publishes no key"),
                &format!("Publish this TXT record there: {record}"),
            );
        }
        Ok(_) => {
            let mend = format!("Publish this TXT record there instead: {record}");
            findings.wrong("signing", format!("{name} publishes another key than the one that signs"), &mend);
        }
        Err(error) => findings.note(
            "signing",
            format!("mails are signed; whether {name} publishes the key is unknown: {error}"),
            "",
        ),
    }
    if !is_aligned(signer.domain(), mail.from.email.domain()) {
        let words = format!("{} signs for mails from {}", signer.domain(), mail.from.email.domain());
        findings.note(
            "signing",
            words,
            "Receivers look for a signature of the sender's own domain: leave mail.dkim_domain empty.",
        );
    }
    policies(findings, mail, server).await;
}

/// The `p=` of a published key, without the spaces that some name servers put in.
fn key_of(record: &str) -> Option<String> {
    let tag = record.split(';').find_map(|tag| tag.trim().strip_prefix("p="))?;
    Some(tag.split_whitespace().collect())
}

/// Whether one of two domains is the other or lies below it.
fn is_aligned(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let is_below = |below: &str, above: &str| below == above || below.ends_with(&format!(".{above}"));
    is_below(&one, &other) || is_below(&other, &one)
}

/// SPF of the envelope's sender, DMARC of the visible one.
async fn policies(findings: &mut Findings, mail: &MailSettings, server: SocketAddr) {
    let from = mail.from.email.domain();
    if !from.contains('.') {
        return;
    }
    let envelope = mail.return_path.as_ref().map_or(from, |address| address.domain());
    match dns::texts(server, envelope).await {
        Ok(texts) => match texts.iter().find(|text| text.starts_with("v=spf1")) {
            Some(policy) => findings.fine("spf", format!("{envelope} says {policy}")),
            None => findings.note(
                "spf",
                format!("{envelope} does not say who may send its mails"),
                "Publish a TXT record there such as: v=spf1 include:YOUR-MAIL-PROVIDER ~all",
            ),
        },
        Err(error) => findings.note("spf", format!("unknown: {error}"), ""),
    }
    let name = format!("_dmarc.{from}");
    match dns::texts(server, &name).await {
        Ok(texts) => match texts.iter().find(|text| text.starts_with("v=DMARC1")) {
            Some(policy) => findings.fine("dmarc", format!("{name} says {policy}")),
            None => findings.note(
                "dmarc",
                format!("{name} has no policy; large receivers refuse much mail without one"),
                "Begin with a TXT record there such as: v=DMARC1; p=none; rua=mailto:you@your.domain",
            ),
        },
        Err(error) => findings.note("dmarc", format!("unknown: {error}"), ""),
    }
}

/// What waits to leave.
pub(super) async fn outbox(findings: &mut Findings, app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let state = app.read(move |db| Ok::<_, DbError>(health::state(db, now)?)).await?;
    for pause in &state.pauses {
        let whose = if pause.event.is_some() { "of an event" } else { "of the installation" };
        findings.note(
            "outbox",
            format!("the mail {whose} is paused"),
            "Let it go on under Mail when it may leave again.",
        );
    }
    let settings = &app.settings.mail;
    match state.trouble(now, settings.alarm_minutes.into(), settings.alarm_failed_percent.into()) {
        Some(Trouble::Stuck { minutes, waiting }) => {
            let words = format!("{waiting} mails wait and none has left for {minutes} minutes");
            findings.wrong("outbox", words, "Mails leave while plenary serve runs and the mail server answers.");
        }
        Some(Trouble::Failing { failed, of }) => {
            let words = format!("{failed} of {of} mails of the last hour could not be delivered");
            findings.wrong("outbox", words, "The team's pages say why, under Mail.");
        }
        None => findings
            .fine("outbox", format!("{} mails wait, {} left in the last hour", state.waiting, state.sent_last_hour)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_published_key_is_compared_without_its_spaces() {
        assert_eq!(key_of("v=DKIM1; k=rsa; p=MII BIj"), Some("MIIBIj".to_owned()));
        assert_eq!(key_of("p=MIIBIj"), key_of("v=DKIM1; k=rsa; p=MIIBIj"));
        assert_eq!(key_of("v=spf1 -all"), None);
    }

    #[test]
    fn domains_are_aligned_where_one_is_the_other_s() {
        for (one, other, aligned) in [
            ("summit.example", "summit.example", true),
            ("mail.summit.example", "summit.example", true),
            ("summit.example", "Mail.Summit.example", true),
            ("ummit.example", "summit.example", false),
            ("other.example", "summit.example", false),
        ] {
            assert_eq!(is_aligned(one, other), aligned, "{one} {other}");
        }
    }
}
