//! Delivery against a real mail server.

use crate::on_both_databases;
use crate::support::app::TestApp;
use crate::support::smtp::SmtpServer;
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{message_attempts, messages};
use plenary::db::{DbError, LeaseId, MessageId};
use plenary::i18n::Lang;
use plenary::mail::delivery::{Pass, deliver_due};
use plenary::mail::model::{Attachment, MessageKind, MessageState, NewMessage, Rendered};
use plenary::mail::operations;
use std::process::Command;
use tokio::sync::watch;

fn letter(to: &str) -> NewMessage {
    NewMessage {
        event: None,
        kind: MessageKind::Verify,
        registration: None,
        user: None,
        speaker: None,
        unsubscribe: None,
        recipient_name: "李小龙, Bruce".to_owned(),
        recipient: to.parse().expect("an address"),
        language: Lang::ZH,
        content: Rendered {
            subject: "请确认您的邮箱 ✓".to_owned(),
            text: "您好\n.a line that begins with a dot\n".to_owned(),
            html: "<p>您好 <img src=\"cid:ticket\"></p>".to_owned(),
            source: None,
        },
        attachments: vec![
            Attachment::new("ticket.png", "image/png", b"not really a picture").inline("ticket"),
            Attachment::new("event.ics", "text/calendar; method=PUBLISH; charset=utf-8", b"BEGIN:VCALENDAR"),
        ],
    }
}

async fn queue(app: &TestApp, to: &str) -> MessageId {
    let message = letter(to);
    app.app.write(move |db, now| Ok::<_, DbError>(operations::queue(db, now, &message)?)).await.expect("queued")
}

async fn deliver(app: &TestApp) -> Pass {
    let (_going, stop) = watch::channel(false);
    deliver_due(&app.app, &stop).await.expect("the outbox can be read")
}

async fn state(app: &TestApp, id: MessageId) -> (MessageState, i32, Option<String>) {
    app.app
        .read(move |db| {
            Ok::<_, DbError>(
                messages::table
                    .find(id)
                    .select((messages::state, messages::attempts, messages::last_error))
                    .first(db)?,
            )
        })
        .await
        .expect("the message")
}

async fn outcomes(app: &TestApp, id: MessageId) -> Vec<String> {
    app.app
        .read(move |db| {
            Ok::<_, DbError>(
                message_attempts::table
                    .filter(message_attempts::message_id.eq(id))
                    .order((message_attempts::attempt, message_attempts::at))
                    .select(message_attempts::outcome)
                    .load(db)?,
            )
        })
        .await
        .expect("attempts")
}

async fn app_with(db: crate::support::TestDatabase, port: u16, more: &[(&str, &str)]) -> TestApp {
    let url = format!("smtp://127.0.0.1:{port}?tls=none");
    let settings: Vec<(&str, &str)> =
        [("mail.transport", "smtp"), ("mail.smtp_url", url.as_str())].into_iter().chain(more.iter().copied()).collect();
    TestApp::start_with(db, &settings).await
}

on_both_databases! {
    async fn a_message_arrives_as_it_was_written(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[]).await;
        let id = queue(&app, "guest@example.org").await;
        assert_eq!(deliver(&app).await, Pass { sent: 1, ..Pass::default() });
        let mail = server.wait_for(1).remove(0);
        assert_eq!((mail.to.as_str(), mail.tls), ("guest@example.org", false));
        assert!(mail.from.contains('@'));
        let message_id = mail.header("Message-ID").expect("an id").to_owned();
        assert!(message_id.starts_with(&format!("<{id}@")), "{message_id}");
        assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
        assert_eq!(mail.header("Content-Language"), Some("zh"));
        for part in ["multipart/mixed", "multipart/alternative", "multipart/related", "Content-ID: <ticket>", "text/calendar; method=PUBLISH"] {
            assert!(mail.data.contains(part), "{part} is missing:\n{}", mail.data);
        }
        assert_eq!(state(&app, id).await, (MessageState::Sent, 1, None));
        assert_eq!(outcomes(&app, id).await, ["sent"]);
        assert_eq!(deliver(&app).await, Pass::default());
    }

    async fn many_messages_go_over_few_connections_each_once(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[("mail.connections", "3")]).await;
        for number in 0..60 {
            queue(&app, &format!("guest-{number}@example.org")).await;
        }
        assert_eq!(deliver(&app).await.sent, 60);
        let mails = server.wait_for(60);
        let mut recipients: Vec<_> = mails.iter().map(|mail| mail.to.clone()).collect();
        let mut connections: Vec<_> = mails.iter().map(|mail| mail.session).collect();
        recipients.sort();
        recipients.dedup();
        connections.sort_unstable();
        connections.dedup();
        assert_eq!(recipients.len(), 60);
        assert!(connections.len() <= 3, "{} connections", connections.len());
    }

    async fn a_refusal_is_final_and_a_delay_is_tried_again(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[("mail.attempts", "3")]).await;
        let refused = queue(&app, "refuse@example.org").await;
        let once = queue(&app, "defer-once@example.org").await;
        let always = queue(&app, "defer@example.org").await;
        let fine = queue(&app, "fine@example.org").await;
        assert_eq!(deliver(&app).await, Pass { sent: 1, deferred: 2, failed: 1, unreachable: false });
        let (at, attempts, error) = state(&app, refused).await;
        assert_eq!((at, attempts), (MessageState::Failed, 1));
        assert!(error.expect("the server's words").contains("nobody here by that name"));
        assert_eq!(state(&app, fine).await.0, MessageState::Sent);
        // Nothing is due before the pause is over.
        assert_eq!(deliver(&app).await, Pass::default());
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(deliver(&app).await, Pass { sent: 1, deferred: 1, ..Pass::default() });
        assert_eq!(outcomes(&app, once).await, ["deferred", "sent"]);
        app.clock.advance(TimeDelta::minutes(2));
        assert_eq!(deliver(&app).await, Pass { failed: 1, ..Pass::default() });
        assert_eq!(state(&app, always).await.0, MessageState::Failed);
    }

    async fn a_server_that_is_down_costs_no_attempt(db: TestDatabase) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let app = app_with(db, port, &[("mail.attempts", "2")]).await;
        let id = queue(&app, "guest@example.org").await;
        for _ in 0..4 {
            assert_eq!(deliver(&app).await.deferred, 1);
            app.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(state(&app, id).await.0, MessageState::Queued);
        let server = SmtpServer::start_on(port);
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!(server.wait_for(1).len(), 1);
    }

    async fn a_wire_cut_in_the_middle_sends_again_with_the_same_id(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[]).await;
        let id = queue(&app, "cut@example.org").await;
        assert_eq!(deliver(&app).await.deferred, 1);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(deliver(&app).await.sent, 1);
        let mails = server.wait_for(2);
        assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
        assert_eq!(outcomes(&app, id).await, ["deferred", "sent"]);
    }

    async fn a_server_that_does_not_answer_is_not_waited_for(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[("mail.timeout_seconds", "1")]).await;
        let id = queue(&app, "slow@example.org").await;
        assert_eq!(deliver(&app).await.deferred, 1);
        let (at, _, error) = state(&app, id).await;
        assert_eq!(at, MessageState::Queued);
        assert!(error.expect("why").contains("no answer within 1 seconds"));
        assert_eq!(server.received().len(), 0);
    }

    async fn a_dead_workers_messages_come_back_when_its_lease_ends(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[]).await;
        let id = queue(&app, "guest@example.org").await;
        app.app
            .write(move |db, now| {
                diesel::update(messages::table.find(id))
                    .set((
                        messages::state.eq(MessageState::Sending),
                        messages::attempts.eq(1),
                        messages::lease_id.eq(LeaseId::new()),
                        messages::lease_until.eq(now + TimeDelta::minutes(10)),
                    ))
                    .execute(db)?;
                Ok::<_, DbError>(())
            })
            .await
            .expect("a worker that died");
        assert_eq!(deliver(&app).await, Pass::default());
        app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!(server.wait_for(1).len(), 1);
    }

    async fn a_stopping_process_leaves_its_messages_to_others(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, server.port, &[]).await;
        let id = queue(&app, "guest@example.org").await;
        let (_stopping, stop) = watch::channel(true);
        assert_eq!(deliver_due(&app.app, &stop).await.expect("a pass"), Pass::default());
        assert_eq!(state(&app, id).await, (MessageState::Queued, 0, None));
        assert_eq!(deliver(&app).await.sent, 1);
    }
}

/// A certificate for 127.0.0.1 by an authority of its own.
fn certificates(folder: &std::path::Path) -> (std::path::PathBuf, std::path::PathBuf, std::path::PathBuf) {
    let (ca, ca_key, cert, key, request, extension) = (
        folder.join("ca.pem"),
        folder.join("ca.key"),
        folder.join("cert.pem"),
        folder.join("cert.key"),
        folder.join("cert.csr"),
        folder.join("ext"),
    );
    std::fs::write(&extension, "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n").expect("written");
    let openssl = |arguments: &[&std::ffi::OsStr]| {
        let output = Command::new("openssl").args(arguments).output().expect("openssl");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let os = std::ffi::OsStr::new;
    openssl(&[
        os("req"),
        os("-x509"),
        os("-newkey"),
        os("ec"),
        os("-pkeyopt"),
        os("ec_paramgen_curve:P-256"),
        os("-nodes"),
        os("-subj"),
        os("/CN=Test Authority"),
        os("-days"),
        os("2"),
        os("-keyout"),
        ca_key.as_os_str(),
        os("-out"),
        ca.as_os_str(),
    ]);
    openssl(&[
        os("req"),
        os("-newkey"),
        os("ec"),
        os("-pkeyopt"),
        os("ec_paramgen_curve:P-256"),
        os("-nodes"),
        os("-subj"),
        os("/CN=127.0.0.1"),
        os("-keyout"),
        key.as_os_str(),
        os("-out"),
        request.as_os_str(),
    ]);
    openssl(&[
        os("x509"),
        os("-req"),
        os("-in"),
        request.as_os_str(),
        os("-CA"),
        ca.as_os_str(),
        os("-CAkey"),
        ca_key.as_os_str(),
        os("-CAcreateserial"),
        os("-days"),
        os("2"),
        os("-extfile"),
        extension.as_os_str(),
        os("-out"),
        cert.as_os_str(),
    ]);
    (ca, cert, key)
}

on_both_databases! {
    async fn starttls_is_used_where_it_is_offered_and_insisted_on_where_it_must_be(db: TestDatabase) {
        let folder = tempfile::tempdir().expect("a folder");
        let (ca, cert, key) = certificates(folder.path());
        let server = SmtpServer::start_with_tls(&cert, &key);
        let url = format!("smtp://127.0.0.1:{}?tls=required", server.port);
        let authority = ca.display().to_string();
        let app = TestApp::start_with(db.clone(), &[("mail.transport", "smtp"), ("mail.smtp_url", &url), ("mail.smtp_ca_file", &authority)]).await;
        queue(&app, "guest@example.org").await;
        assert_eq!(deliver(&app).await.sent, 1);
        assert!(server.wait_for(1)[0].tls);

        // A server without STARTTLS is not given the mail in the clear.
        let plain = SmtpServer::start();
        let url = format!("smtp://127.0.0.1:{}?tls=required", plain.port);
        let strict = TestApp::start_with(db, &[("mail.transport", "smtp"), ("mail.smtp_url", &url)]).await;
        let id = queue(&strict, "guest@example.org").await;
        assert_eq!(deliver(&strict).await.deferred, 1);
        assert_eq!(state(&strict, id).await.0, MessageState::Queued);
        assert_eq!(plain.received().len(), 0);
    }
}
