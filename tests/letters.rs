//! Every mail as it goes over the wire, read by parsers that others wrote: whole, signed, no spam, and nothing that
//! somebody typed is more than words.

use crate::on_both_databases;
use crate::support::{Role, TestApp, TestDatabase};
use mail_parser::{MessageParser, MimeHeaders};
use plenary::db::MessageId;
use plenary::i18n::Lang;
use plenary::mail::compose::compose;
use plenary::mail::dkim::key::SigningKey;
use plenary::mail::dkim::{Signer, making};
use plenary::mail::model::{Attachment, MessageKind, OutboxMessage, Rendered};
use plenary::mail::rendering::render;
use plenary::mail::wording::model::Sort;
use plenary::mail::wording::{placeholders, samples};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

fn signer(pem: &str) -> Signer {
    Signer::new("summit.example".to_owned(), "s2027".to_owned(), SigningKey::read(pem).expect("a key"))
}

/// A message as a worker takes it from the outbox, to somebody whose name needs encoding.
fn message(lang: Lang, content: Rendered, attachments: Vec<Attachment>) -> OutboxMessage {
    OutboxMessage {
        id: MessageId::new(),
        event: None,
        kind: MessageKind::Confirmed,
        domain: "example.org".to_owned(),
        recipient_name: "Zoë Okafor, 李伟".to_owned(),
        recipient_address: "zoe@example.org".to_owned(),
        language: lang,
        subject: content.subject,
        body_text: content.text,
        body_html: content.html,
        attachments,
        unsubscribe: Some("https://summit.example/summit/u/0123456789abcdef0123456789abcdef".to_owned()),
        copies: Vec::new(),
        attempts: 1,
        created_at: crate::support::app::instant("2027-03-01T09:00:00Z"),
    }
}

/// Samples for what mails of this kind may mention, those of accounts too.
async fn values(app: &TestApp, kind: MessageKind, lang: Lang) -> Value {
    let mut values = samples::values(&app.app, app.event().await, lang, None);
    for known in placeholders::of_kind(kind).iter().filter(|known| known.sort != Sort::Part) {
        if values.get(known.name).is_none() {
            values[known.name] = Value::String("some words".to_owned());
        }
    }
    values
}

/// What a mail of this kind carries besides its words.
fn attachments(kind: MessageKind) -> Vec<Attachment> {
    match kind {
        MessageKind::Confirmed | MessageKind::Approved => samples::ticket_picture().into_iter().collect(),
        MessageKind::SlotNotice => {
            let entry = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n";
            let mut entry = Attachment::new("session.ics", "text/calendar; method=REQUEST; charset=utf-8", entry);
            entry.alternative = true;
            vec![entry]
        }
        _ => Vec::new(),
    }
}

/// Mails of every kind in both languages, signed; the names of their files say which.
async fn write_all(app: &TestApp, folder: &Path, signer: &Signer) -> Vec<Value> {
    let event = app.event().await;
    let from = "World Summit 世界峰会 <noreply@summit.example>".parse().expect("a sender");
    let mut written = Vec::new();
    for kind in MessageKind::ALL {
        for lang in [Lang::EN, Lang::ZH] {
            let values = values(app, *kind, lang).await;
            let content = render(&app.app, Some(event), *kind, lang, &values).expect("a mail");
            let message = message(lang, content, attachments(*kind));
            let parcel = compose(&message, &from, "summit.example", None, Some(signer)).expect("put together");
            let path = folder.join(format!("{kind}.{lang}.eml"));
            std::fs::write(&path, &parcel.content).expect("a file");
            written.push(json!({
                "path": path, "subject": message.subject, "name": message.recipient_name, "to": message.recipient_address,
                "id": format!("<{}@summit.example>", message.id), "language": lang.as_str(), "unsubscribe": message.unsubscribe,
                "pictures": message.attachments.iter().filter(|part| part.content_id.is_some()).count(),
            }));
        }
    }
    written
}

#[test]
fn mails_of_every_kind_are_whole_and_their_signatures_hold() {
    crate::support::run(async {
        let app = TestApp::start(TestDatabase::sqlite().await).await;
        let folder = tempfile::tempdir().expect("a folder");
        for (name, pem) in [("rsa", making::rsa()), ("ed25519", making::ed25519())] {
            let signer = signer(&pem.expect("a key"));
            let mails = write_all(&app, folder.path(), &signer).await;
            assert_eq!(mails.len(), MessageKind::ALL.len() * 2);
            let manifest = folder.path().join(format!("{name}.json"));
            let all = json!({ "name": signer.record_name(), "record": signer.record(), "mails": mails, "spam": name == "rsa" });
            std::fs::write(&manifest, all.to_string()).expect("a file");
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/letters/check.py");
            let read = Command::new("/usr/bin/python3").arg(script).arg(&manifest).output().expect("python3");
            let said = String::from_utf8_lossy(&read.stdout).into_owned();
            assert!(read.status.success(), "{name}: {said}\n{}", String::from_utf8_lossy(&read.stderr));
            assert!(said.contains(&format!("{} mails", mails.len())), "{said}");
        }
    });
}

/// The headers that a mail has, by name.
fn header_names(mail: &[u8]) -> Vec<String> {
    let head = String::from_utf8_lossy(mail).split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.filter_map(|line| line.split_once(':')).map(|(name, _)| name.to_ascii_lowercase()).collect()
}

fn tags(html: &str) -> Vec<String> {
    let parts = html.split('<').skip(1);
    parts.map(|part| part.split(['>', ' ']).next().unwrap_or_default().to_owned()).filter(|tag| tag != "br").collect()
}

/// Every text of a value replaced.
fn replaced(value: &Value, with: &str) -> Value {
    match value {
        Value::String(text) if text.starts_with("http") || text.len() < 3 => value.clone(),
        Value::String(_) => Value::String(format!("{with}x")),
        Value::Array(list) => list.iter().map(|one| replaced(one, with)).collect(),
        Value::Object(fields) => fields.iter().map(|(key, one)| (key.clone(), replaced(one, with))).collect(),
        other => other.clone(),
    }
}

#[test]
fn no_value_in_a_mail_becomes_more_than_words_on_the_wire() {
    crate::support::run(async {
        let app = TestApp::start(TestDatabase::sqlite().await).await;
        let event = app.event().await;
        let from = "World Summit <noreply@summit.example>".parse().expect("a sender");
        let signed = signer(&making::ed25519().expect("a key"));
        let mail = |kind: MessageKind, values: &Value, name: &str| {
            let content = render(&app.app, Some(event), kind, Lang::EN, values).expect("a mail");
            let mut message = message(Lang::EN, content, Vec::new());
            name.clone_into(&mut message.recipient_name);
            let parcel = compose(&message, &from, "summit.example", None, Some(&signed)).expect("put together");
            (message, parcel.content)
        };
        let hostile = prop_oneof![
            any::<String>(),
            "[\\r\\n\\t :<>\"'{}%&;=/a-zA-Z@.,\\\\-]{0,80}",
            "(\\r\\n|\\n|\\r|\u{2028}|\\x00|Bcc: a@b\\.example|</?script>|<img src=x onerror=a>|\\{\\{ ?1+1 ?\\}\\}|\\{% x %\\}|\"|'){1,8}",
        ];
        let mut runner =
            proptest::test_runner::TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
        for kind in MessageKind::ALL {
            let plain = values(&app, *kind, Lang::EN).await;
            let usual = mail(*kind, &replaced(&plain, "word"), "Ada").1;
            let usual_parsed =
                MessageParser::default().parse(&usual[..]).expect("a mail").body_html(0).expect("HTML").into_owned();
            let run = runner.run(&hostile, |value| {
                let (message, wire) = mail(*kind, &replaced(&plain, &value), &value);
                prop_assert_eq!(header_names(&usual), header_names(&wire), "no header comes or goes");
                let parsed = MessageParser::default().parse(&wire[..]).expect("a mail");
                prop_assert_eq!(
                    parsed.to().and_then(|to| to.first()).and_then(|to| to.address()),
                    Some("zoe@example.org")
                );
                prop_assert_eq!(parsed.to().map(|to| to.iter().count()), Some(1));
                prop_assert_eq!(
                    parsed.from().and_then(|from| from.first()).and_then(|from| from.address()),
                    Some("noreply@summit.example")
                );
                let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                prop_assert_eq!(squeezed(parsed.subject().unwrap_or_default()), squeezed(&message.subject));
                let html = parsed.body_html(0).expect("HTML").into_owned();
                prop_assert_eq!(tags(&usual_parsed), tags(&html), "no element comes or goes");
                prop_assert!(!html.contains("<script") && !html.to_lowercase().contains("<img src=x"));
                prop_assert_eq!(parsed.attachments().filter(|part| part.attachment_name().is_some()).count(), 0);
                Ok(())
            });
            run.unwrap_or_else(|error| panic!("{kind}: {error}"));
        }
    });
}

const HOSTILE: [&str; 6] = [
    "Ada\r\nBcc: everybody@example.org",
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% for x in y %}",
    "\"><img src=x onerror=alert(1)>",
    "%0d%0aBcc: everybody@example.org",
    "[here](javascript:alert(1)) **bold**",
];

on_both_databases! {
    async fn whatever_is_typed_stays_words_in_pages_and_mails(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form("/organizer/summit/categories/new", &[("name.en", "Guest"), ("code", "guest"), ("badge_color", "#1f4e9e")]).await.redirect();
        for (number, hostile) in HOSTILE.iter().enumerate() {
            let email = format!("ada{number}@example.org");
            let fields = [
                ("category", "guest"), ("email", email.as_str()), ("given_name", hostile), ("family_name", hostile),
                ("native_name", hostile), ("organisation", hostile), ("position", hostile), ("accept_privacy", "on"),
            ];
            let answer = app.visitor().post_form("/summit/register", &fields).await;
            // Refused where it is too odd to be a name; then what was typed comes back as words.
            if answer.status == 422 {
                assert!(!answer.says("<script>alert") && !answer.says("<img src=x"), "{hostile}");
                continue;
            }
            answer.redirect();
            let mail = app.mail_to(&email).await.pop().expect("a mail");
            for bad in ["<script>", "<img src=x"] {
                assert!(!mail.html.contains(bad), "{hostile}: {}", mail.html);
            }
            assert!(!mail.html.contains("href=\"javascript") && !mail.html.contains("<strong>bold"), "{}", mail.html);
            assert!(!mail.text.contains("49{%") && !mail.subject.contains(['\r', '\n']), "{}", mail.text);
            assert!(!mail.name.contains(['\r', '\n']), "{:?}", mail.name);
        }
        let desk = organizer.get("/organizer/summit/registrations").await;
        assert!(!desk.ok().contains("<script>alert") && !desk.says("<img src=x"));
        assert!(desk.says("{{ 7*7 }}") && !desk.says(">49"), "nothing is run");
        // The same in what organizers type: a room, a session, a speaker, a mailing.
        for hostile in HOSTILE {
            for (path, field) in [("rooms", "name.en"), ("sessions", "title.en"), ("speakers", "name")] {
                let answer = organizer.post_form(&format!("/organizer/summit/{path}/new"), &[(field, hostile)]).await;
                assert!([303, 422].contains(&answer.status), "{path}: {}", answer.status);
                let list = organizer.get(&format!("/organizer/summit/{path}")).await;
                assert!(!list.ok().contains("<script>alert") && !list.says("<img src=x"), "{path}: {hostile}");
            }
        }
        let activity = organizer.get("/organizer/summit/activity").await;
        assert!(!activity.ok().contains("<script>alert") && !activity.says("<img src=x"));
    }
}
