//! Mail that comes back: reports in many forms, forged ones, complaints, automatic answers; and what follows for
//! the message and its address.

use crate::on_both_databases;
use crate::support::{Role, TestApp, TestDatabase};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{address_marks, message_reports, messages};
use plenary::db::{DbError, EventId, MessageId, UtcTime};
use plenary::i18n::Lang;
use plenary::mail::arrival::model::{Received, ReportKind};
use plenary::mail::arrival::operations::{receive, signer};
use plenary::mail::delivery::deliver_due;
use plenary::mail::model::{MessageKind, MessageState, NewMessage, Rendered};
use plenary::mail::operations;
use std::io::Write;
use std::process::{Command, Stdio};
use tokio::sync::watch;

const BASE: &str = "bounces@summit.example";

/// Every sample with what it says.
const SAMPLES: &[(&str, ReportKind)] = &[
    ("postfix-user-unknown.eml", ReportKind::Bounced),
    ("postfix-host-not-found.eml", ReportKind::Bounced),
    ("postfix-delayed.eml", ReportKind::Delayed),
    ("postfix-plain.eml", ReportKind::Bounced),
    ("gmail-no-such-user.eml", ReportKind::Bounced),
    ("gmail-full.eml", ReportKind::Delayed),
    ("exchange-online-de.eml", ReportKind::Bounced),
    ("exchange-old.eml", ReportKind::Bounced),
    ("policy-french.eml", ReportKind::Refused),
    ("too-large.eml", ReportKind::Refused),
    ("vague-status.eml", ReportKind::Bounced),
    ("delivered.eml", ReportKind::Delivered),
    ("utf8-recipient.eml", ReportKind::Bounced),
    ("qmail.eml", ReportKind::Bounced),
    ("qmail-full.eml", ReportKind::Delayed),
    ("exim.eml", ReportKind::Bounced),
    ("exim-warning.eml", ReportKind::Delayed),
    ("lotus-notes.eml", ReportKind::Bounced),
    ("qq.eml", ReportKind::Bounced),
    ("163-full.eml", ReportKind::Delayed),
    ("russian.eml", ReportKind::Bounced),
    ("complaint.eml", ReportKind::Complaint),
    ("vacation.eml", ReportKind::AutoReply),
    ("vacation-chinese.eml", ReportKind::AutoReply),
];

/// A sample with what stands for the message in it, whatever its encoding.
fn sample(name: &str, return_path: &str, address: &str, message_id: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/bounces/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut bytes = std::fs::read(&path).expect("the sample");
    for (word, value) in [("RETURN-PATH", return_path), ("ADDRESS", address), ("MESSAGE-ID", message_id)] {
        while let Some(at) = bytes.windows(word.len()).position(|window| window == word.as_bytes()) {
            bytes.splice(at..at + word.len(), value.bytes());
        }
    }
    bytes
}

fn letter(event: Option<EventId>, kind: MessageKind, to: &str) -> NewMessage {
    NewMessage {
        event,
        kind,
        registration: None,
        user: None,
        speaker: None,
        unsubscribe: None,
        recipient_name: "Ada".to_owned(),
        recipient: to.parse().expect("an address"),
        language: Lang::EN,
        content: Rendered {
            subject: "Words".to_owned(),
            text: "Words\n".to_owned(),
            html: "<p>Words</p>".to_owned(),
            source: None,
        },
        attachments: Vec::new(),
    }
}

async fn queue(app: &TestApp, event: Option<EventId>, kind: MessageKind, to: &str) -> MessageId {
    let message = letter(event, kind, to);
    app.app.write(move |db, now| Ok::<_, DbError>(operations::queue(db, now, &message)?)).await.expect("queued")
}

/// Queues a message to this address and lets it leave.
async fn sent(app: &TestApp, event: Option<EventId>, to: &str) -> MessageId {
    let id = queue(app, event, MessageKind::Confirmed, to).await;
    let (_going, stop) = watch::channel(false);
    assert_eq!(deliver_due(&app.app, &stop).await.expect("the outbox").sent, 1);
    id
}

async fn state(app: &TestApp, id: MessageId) -> (MessageState, Option<String>) {
    app.read(move |db| messages::table.find(id).select((messages::state, messages::last_error)).first(db)).await
}

async fn is_marked(app: &TestApp, address: &str) -> bool {
    let key = address.to_owned();
    let cleared: Option<Option<UtcTime>> =
        app.read(move |db| address_marks::table.find(key).select(address_marks::cleared_at).first(db).optional()).await;
    matches!(cleared, Some(None))
}

async fn reports(app: &TestApp, id: MessageId) -> Vec<ReportKind> {
    let of = move |db: &mut plenary::db::DbConnection| {
        message_reports::table.filter(message_reports::message_id.eq(id)).select(message_reports::kind).load(db)
    };
    let words: Vec<String> = app.read(of).await;
    words.iter().map(|word| word.parse().expect("a kind")).collect()
}

async fn path_of(app: &TestApp, id: MessageId) -> String {
    let signer = signer(&app.app).await.expect("a signer");
    signer.sign(&BASE.parse().expect("an address"), id).to_string()
}

async fn take_in(app: &TestApp, bytes: &[u8], recipients: &[&str]) -> Received {
    let signer = signer(&app.app).await.expect("a signer");
    let recipients: Vec<String> = recipients.iter().map(|address| (*address).to_owned()).collect();
    receive(&app.app, &signer, bytes, &recipients).await.expect("taken in")
}

async fn app_with_path(db: TestDatabase) -> TestApp {
    TestApp::start_with(db, &[("mail.return_path", BASE)]).await
}

on_both_databases! {
    async fn every_known_form_is_understood_once(db: TestDatabase) {
        let app = app_with_path(db).await;
        for (number, (name, kind)) in SAMPLES.iter().enumerate() {
            let address = format!("guest-{number}@example.org");
            let id = sent(&app, None, &address).await;
            let path = path_of(&app, id).await;
            let bytes = sample(name, &path, &address, &format!("{id}@summit.example"));
            let marks = matches!(kind, ReportKind::Bounced | ReportKind::Complaint);
            assert_eq!(
                take_in(&app, &bytes, &[&path]).await,
                Received::Noted { message: id, kind: *kind, marked: marks },
                "{name}"
            );
            let ends = matches!(kind, ReportKind::Bounced | ReportKind::Refused);
            let (at, error) = state(&app, id).await;
            assert_eq!(at, if ends { MessageState::Bounced } else { MessageState::Sent }, "{name}");
            assert_eq!(error.is_some_and(|words| !words.is_empty()), ends, "{name}");
            assert_eq!(is_marked(&app, &address).await, marks, "{name}");
            // Once more, by another way.
            let again = [b"Received: from elsewhere\r\n", bytes.as_slice()].concat();
            assert_eq!(take_in(&app, &again, &[]).await, Received::Repeated, "{name}");
            assert_eq!(reports(&app, id).await, [*kind], "{name}");
        }
    }

    async fn what_people_write_is_left_alone(db: TestDatabase) {
        let app = app_with_path(db).await;
        let id = sent(&app, None, "ada@example.org").await;
        let path = path_of(&app, id).await;
        let person = sample("person.eml", &path, "ada@example.org", &format!("{id}@summit.example"));
        assert_eq!(take_in(&app, &person, &[&path]).await, Received::Unknown);
        for nonsense in [&b""[..], b"\0\xff\xfe", b"no mail at all", &[b'a'; 3_000_000]] {
            assert_eq!(take_in(&app, nonsense, &[]).await, Received::Unknown);
        }
        assert_eq!(state(&app, id).await.0, MessageState::Sent);
    }

    async fn a_forged_return_path_changes_nothing(db: TestDatabase) {
        let app = app_with_path(db).await;
        let id = sent(&app, None, "ada@example.org").await;
        let path = path_of(&app, id).await;
        let at = path.find('@').expect("an address") - 1;
        let other = if path.as_bytes()[at] == b'a' { "b" } else { "a" };
        let forged = format!("{}{other}{}", &path[..at], &path[at + 1..]);
        for name in ["postfix-user-unknown.eml", "qmail.eml", "complaint.eml"] {
            // Even where the Message-ID is right.
            let bytes = sample(name, &forged, "ada@example.org", &format!("{id}@summit.example"));
            assert_eq!(take_in(&app, &bytes, &[&forged]).await, Received::Forged, "{name}");
        }
        assert_eq!(state(&app, id).await, (MessageState::Sent, None));
        assert!(!is_marked(&app, "ada@example.org").await);
        assert_eq!(reports(&app, id).await, []);
    }

    async fn without_a_signature_the_quoted_mail_decides(db: TestDatabase) {
        let app = app_with_path(db).await;
        let id = sent(&app, None, "ada@example.org").await;
        let plain = "noreply@summit.example";
        let quoting = sample("postfix-user-unknown.eml", plain, "ada@example.org", &format!("{id}@summit.example"));
        assert_eq!(take_in(&app, &quoting, &[plain]).await, Received::Noted { message: id, kind: ReportKind::Bounced, marked: true });

        // Anybody can know an address: noted, not believed.
        let other = sent(&app, None, "grace@example.org").await;
        let bare = sample("lotus-notes.eml", plain, "grace@example.org", "");
        assert_eq!(take_in(&app, &bare, &[plain]).await, Received::Noted { message: other, kind: ReportKind::Bounced, marked: false });
        assert_eq!(state(&app, other).await.0, MessageState::Sent);
        assert_eq!(reports(&app, other).await, [ReportKind::Bounced]);
        let nobody = sample("lotus-notes.eml", plain, "nobody@example.org", "");
        assert_eq!(take_in(&app, &nobody, &[plain]).await, Received::Unmatched(ReportKind::Bounced));
    }

    async fn without_a_return_path_the_address_suffices(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let id = sent(&app, None, "Grace@Example.org").await;
        let bare = sample("lotus-notes.eml", "noreply@localhost", "grace@example.org", "");
        assert_eq!(take_in(&app, &bare, &[]).await, Received::Noted { message: id, kind: ReportKind::Bounced, marked: true });
        assert_eq!(state(&app, id).await.0, MessageState::Bounced);
        // What was sent long ago is not what came back.
        let old = sent(&app, None, "ada@example.org").await;
        app.clock.advance(TimeDelta::days(15));
        let late = sample("lotus-notes.eml", "noreply@localhost", "ada@example.org", "");
        assert_eq!(take_in(&app, &late, &[]).await, Received::Unmatched(ReportKind::Bounced));
        assert_eq!(state(&app, old).await.0, MessageState::Sent);
    }

    async fn a_message_that_comes_back_while_it_is_being_sent_stays_returned(db: TestDatabase) {
        let app = app_with_path(db).await;
        let id = queue(&app, None, MessageKind::Confirmed, "ada@example.org").await;
        app.write(move |db, now| {
            diesel::update(messages::table.find(id))
                .set((
                    messages::state.eq(MessageState::Sending),
                    messages::attempts.eq(1),
                    messages::lease_id.eq(plenary::db::LeaseId::new()),
                    messages::lease_until.eq(now + TimeDelta::minutes(10)),
                ))
                .execute(db)
        })
        .await;
        let path = path_of(&app, id).await;
        let bytes = sample("qmail.eml", &path, "ada@example.org", "");
        take_in(&app, &bytes, &[&path]).await;
        assert_eq!(state(&app, id).await.0, MessageState::Bounced);
        app.clock.advance(TimeDelta::minutes(11));
        let (_going, stop) = watch::channel(false);
        assert_eq!(deliver_due(&app.app, &stop).await.expect("a pass").sent, 0);
        assert_eq!(state(&app, id).await.0, MessageState::Bounced);
    }

    async fn a_marked_address_is_shown_and_spared_until_it_works_again(db: TestDatabase) {
        let app = app_with_path(db).await;
        let event = Some(app.event().await.id);
        let organizer = app.signed_in_as(Role::Organizer).await;
        let observer = app.signed_in_as(Role::Observer).await;
        let first = sent(&app, event, "Ada@Example.org").await;
        let path = path_of(&app, first).await;
        let bytes = sample("postfix-user-unknown.eml", &path, "ada@example.org", "");
        take_in(&app, &bytes, &[&path]).await;
        assert!(organizer.get("/organizer/summit").await.ok().contains("1 address does not work"));
        let one = format!("/organizer/summit/mail/{first}");
        let page = organizer.get(&one).await;
        assert!(page.says("Mail to this address came back on"));
        assert!(page.says("Came back: the address does not work"));
        assert!(page.says("User unknown in virtual mailbox table"));
        assert!(organizer.get("/organizer/summit/mail?state=bounced").await.ok().contains("Ada@Example.org"));
        let list = observer.get("/organizer/summit/mail/addresses").await;
        assert!(list.says("ada@example.org"));
        assert!(!list.says("The address works again"));

        // What nobody waits for is not sent; what someone just asked for is tried.
        let spared = queue(&app, event, MessageKind::ChangeNotice, "ada@example.org").await;
        let asked = queue(&app, event, MessageKind::Verify, "ada@example.org").await;
        assert_eq!((state(&app, spared).await.0, state(&app, asked).await.0), (MessageState::Failed, MessageState::Queued));
        assert!(organizer.get(&format!("/organizer/summit/mail/{spared}")).await.ok().contains("Not sent: the address does not work"));

        let fields = [("address", "ada@example.org"), ("back", one.as_str())];
        observer.post_form("/organizer/summit/mail/addresses", &fields).await.has_status(403);
        app.clock.advance(TimeDelta::minutes(1));
        assert_eq!(organizer.post_form("/organizer/summit/mail/addresses", &fields).await.redirect(), one);
        assert!(!is_marked(&app, "ada@example.org").await);
        let elsewhere = [("address", "ada@example.org"), ("back", "//evil.example/organizer/summit/")];
        let away = organizer.post_form("/organizer/summit/mail/addresses", &elsewhere).await;
        assert_eq!(away.redirect(), "/organizer/summit/mail/addresses");
        // A late report about what was sent before says nothing new; one about a later mail does.
        let late = sample("qmail.eml", &path, "ada@example.org", "");
        take_in(&app, &late, &[&path]).await;
        assert!(!is_marked(&app, "ada@example.org").await);
        app.clock.advance(TimeDelta::minutes(1));
        let (_going, stop) = watch::channel(false);
        assert_eq!(deliver_due(&app.app, &stop).await.expect("a pass").sent, 1);
        let path = path_of(&app, asked).await;
        take_in(&app, &sample("exim.eml", &path, "ada@example.org", ""), &[&path]).await;
        assert!(is_marked(&app, "ada@example.org").await);
    }

    async fn the_team_sees_on_a_person_that_mail_comes_back(db: TestDatabase) {
        let app = app_with_path(db).await;
        let event = app.event().await.id;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let speaker = [("name", "Ada Lovelace"), ("email", "ada@example.org")];
        let speaker_url = organizer.post_form("/organizer/summit/speakers/new", &speaker).await.redirect().to_owned();
        let id = sent(&app, Some(event), "ada@example.org").await;
        let path = path_of(&app, id).await;
        take_in(&app, &sample("complaint.eml", &path, "ada@example.org", ""), &[&path]).await;
        assert!(organizer.get(&speaker_url).await.ok().contains("called a mail unwanted"));
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        assert!(!staff.get(&speaker_url).await.ok().contains("called a mail unwanted"));
    }

    async fn the_envelope_carries_the_signed_return_path(db: TestDatabase) {
        let server = crate::support::smtp::SmtpServer::start();
        let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let app = TestApp::start_with(
            db,
            &[("mail.transport", "smtp"), ("mail.smtp_url", &url), ("mail.return_path", BASE)],
        ).await;
        let id = sent(&app, None, "ada@example.org").await;
        let mail = server.wait_for(1).remove(0);
        assert_eq!(mail.from, path_of(&app, id).await);
        assert!(mail.header("From").is_some_and(|from| from.contains("noreply@localhost")));
    }

    async fn the_command_takes_one_mail_or_many(db: TestDatabase) {
        let url = db.url().to_owned();
        let folder = tempfile::tempdir().expect("a folder");
        let app = app_with_path(db).await;
        let run = |arguments: &[&str], recipient: Option<&str>, input: &[u8], database: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
            command.args(["mail", "receive"]).args(arguments).env("PLENARY_DATABASE__URL", database);
            command.env("PLENARY_FILES__URL", folder.path()).env("PLENARY_MAIL__RETURN_PATH", BASE);
            if let Some(recipient) = recipient {
                command.env("ORIGINAL_RECIPIENT", recipient);
            }
            command.env("PLENARY_LOG__LEVEL", "error");
            let mut child =
                command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
            // A command that fails early reads nothing.
            let _ = child.stdin.take().expect("a pipe").write_all(input);
            let output = child.wait_with_output().expect("it ends");
            (output.status.code().expect("a status"), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let ids = [
            sent(&app, None, "one@example.org").await,
            sent(&app, None, "two@example.org").await,
            sent(&app, None, "three@example.org").await,
        ];
        let path = path_of(&app, ids[0]).await;
        // The signature stands in the envelope only; the mail is larger than what is looked at.
        let mut large = sample("postfix-plain.eml", "bounces@summit.example", "one@example.org", "");
        large.extend(std::iter::repeat_n(*b"large attachment\r\n", 300_000).flatten());
        let (status, words) = run(&[], Some(&path), &large, &url);
        assert_eq!(status, 0);
        assert_eq!(words, format!("message {}: bounced; its address is marked\n", ids[0]));
        let (status, words) = run(&["--recipient", "bounces@summit.example"], None, b"From: a@b.example\r\n\r\nhello", &url);
        assert_eq!((status, words.as_str()), (0, "no report, reply or complaint; nothing changed\n"));
        // A mail server keeps the mail when the database is away.
        assert_eq!(run(&[], Some(&path), &large, "postgres://127.0.0.1:1/nothing").0, 75);

        let mbox = folder.path().join("mbox");
        let mut content = Vec::new();
        for id in &ids[1..] {
            let path = path_of(&app, *id).await;
            content.extend(b"From MAILER-DAEMON Mon Mar  1 09:05:00 2027\n");
            content.extend(sample("qmail.eml", &path, "someone@example.org", ""));
            content.extend(b"\n");
        }
        std::fs::write(&mbox, &content).expect("written");
        let (status, words) = run(&["--mbox", &mbox.display().to_string()], None, b"", &url);
        assert_eq!((status, words.as_str()), (0, "2 × bounced; the address is marked\n"));
        for sub in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(folder.path().join("box").join(sub)).expect("a maildir");
        }
        std::fs::write(folder.path().join("box/new/1.mail"), sample("vacation.eml", "", "one@example.org", &format!("{}@x", ids[0]))).expect("written");
        let (status, words) = run(&["--maildir", &folder.path().join("box").display().to_string()], None, b"", &url);
        assert_eq!((status, words.as_str()), (0, "1 × auto-reply\n"));
        assert!(folder.path().join("box/cur/1.mail:2,S").exists());
        for id in ids {
            assert_eq!(state(&app, id).await.0, MessageState::Bounced);
        }
    }
}
