//! `plenary check` says what is wrong and how to mend it; `plenary key dkim` makes a key that signs; `/metrics` tells figures.

use crate::on_both_databases;
use crate::support::smtp::SmtpServer;
use crate::support::{Role, TestApp, TestDatabase};
use diesel::prelude::*;
use plenary::audit::jobs::chain_waiting;
use plenary::db::Backend;
use plenary::db::schema::audit_entries;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Command;

/// A name server that knows these texts and no others; ends with the process.
fn name_server(texts: BTreeMap<String, String>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let address = socket.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let (mut labels, mut at) = (Vec::new(), 12);
            while question[at] != 0 {
                let end = at + 1 + usize::from(question[at]);
                labels.push(String::from_utf8_lossy(&question[at + 1..end]).into_owned());
                at = end;
            }
            let text = texts.get(&labels.join("."));
            let mut answer = question[..length].to_vec();
            answer[2] = 0x81;
            answer[3] = if text.is_some() { 0 } else { 3 };
            if let Some(text) = text {
                answer[7] = 1;
                let pieces: Vec<u8> = text
                    .as_bytes()
                    .chunks(255)
                    .flat_map(|piece| [&[u8::try_from(piece.len()).expect("short")], piece].concat())
                    .collect();
                answer.extend_from_slice(&[0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60]);
                answer.extend_from_slice(&u16::try_from(pieces.len()).expect("short").to_be_bytes());
                answer.extend_from_slice(&pieces);
            }
            let _ = socket.send_to(&answer, from);
        }
    });
    address
}

/// Runs the program in a folder: exit status, what it said, and its errors.
fn plenary(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
    command.args(arguments).current_dir(folder).env("PLENARY_LOG__LEVEL", "error").env("PLENARY_FILES__URL", "files");
    for (key, value) in settings {
        command.env(format!("PLENARY_{}", key.replace('.', "__").to_uppercase()), value);
    }
    let output = command.output().expect("it runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().expect("a status"), text(&output.stdout), text(&output.stderr))
}

/// What `check` finds, each topic with its state and words.
fn checked(folder: &Path, settings: &[(&str, &str)], arguments: &[&str]) -> (i32, Vec<(String, String, String)>) {
    let (status, said, errors) = plenary(folder, settings, &[&["check", "--json"], arguments].concat());
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}\n{errors}"));
    let word = |check: &Value, name: &str| check[name].as_str().expect("a word").to_owned();
    let checks = found["checks"].as_array().expect("checks").iter();
    let checks: Vec<_> = checks
        .map(|check| (word(check, "topic"), word(check, "state"), word(check, "text") + " | " + &word(check, "mend")))
        .collect();
    let wrong = checks.iter().filter(|check| check.1 == "wrong").count();
    assert_eq!(found["problems"].as_u64(), Some(wrong as u64));
    assert_eq!(status, i32::from(wrong > 0), "{said}");
    (status, checks)
}

/// The words of a topic that is in this state.
#[track_caller]
fn words_of<'a>(checks: &'a [(String, String, String)], topic: &str, state: &str) -> &'a str {
    let found = checks.iter().find(|check| check.0 == topic && check.1 == state);
    &found.unwrap_or_else(|| panic!("no {topic} that is {state}: {checks:#?}")).2
}

#[test]
fn what_is_wrong_is_said_before_there_is_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = name_server(BTreeMap::new()).to_string();
    let (status, checks) = checked(folder.path(), &[], &["--dns", &nobody]);
    assert_eq!(status, 1);
    assert!(words_of(&checks, "database", "wrong").contains("there is no database at data/plenary.db"));
    assert!(!folder.path().join("data").exists(), "looking makes nothing");
    words_of(&checks, "mail server", "note");
    // Settings that can't be used are said in the same form.
    let (status, checks) = checked(folder.path(), &[("mail.atempts", "3")], &[]);
    assert_eq!(status, 1);
    assert!(words_of(&checks, "settings", "wrong").contains("did you mean mail.attempts"));
    for wrong in ["12", "x:0f3a0f3a0f3a0f3a", "12:0f3a", "12:not-a-hash-at-all"] {
        assert_eq!(plenary(folder.path(), &[], &["check", "--record", wrong]).0, 2, "{wrong}");
    }
    // For people.
    let (status, said, errors) = plenary(folder.path(), &[], &["check", "--dns", &nobody]);
    assert_eq!((status, errors.as_str()), (1, ""));
    assert!(said.contains("WRONG  database:") && said.contains("1 thing is wrong."), "{said}");
}

on_both_databases! {
    async fn an_installation_is_looked_through(db: TestDatabase) {
        let (url, is_sqlite) = (db.url().to_owned(), db.open().backend() == Backend::Sqlite);
        let folder = tempfile::tempdir().expect("a folder");
        let app = TestApp::start(db).await;
        app.signed_in_as(Role::Organizer).await;
        let nobody = name_server(BTreeMap::new()).to_string();
        let mut settings = vec![("database.url", url.as_str()), ("http.public_url", "https://summit.example")];
        let look = |settings: &[(&str, &str)], arguments: &[&str]| {
            tokio::task::block_in_place(|| checked(folder.path(), settings, &[&["--dns", nobody.as_str()], arguments].concat()))
        };
        // The test's clock is of another year: what was written lies ahead.
        let (_, checks) = look(&settings, &[]);
        assert!(words_of(&checks, "database", "fine").contains(if is_sqlite { "SQLite" } else { "PostgreSQL" }));
        words_of(&checks, "schema", "fine");
        words_of(&checks, "sealing", "fine");
        assert!(words_of(&checks, "record", "fine").contains("0 entries are chained"));
        if is_sqlite {
            words_of(&checks, "data", "fine");
        }
        // A mail server that lets us in, and one that is not there.
        let server = SmtpServer::start();
        let there = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        settings.extend([("mail.transport", "smtp"), ("mail.smtp_url", there.as_str())]);
        let (_, checks) = look(&settings, &[]);
        assert!(words_of(&checks, "mail server", "fine").contains("answers without TLS, no sign-in"));
        assert!(server.received().is_empty(), "nothing was sent");
        drop(server);
        let (_, checks) = look(&settings, &[]);
        words_of(&checks, "mail server", "wrong");
        // The record of changes, as it was noted and after somebody changed it past the program.
        chain_waiting(&app.app).await.expect("the job runs");
        let (_, checks) = look(&settings, &[]);
        let head = words_of(&checks, "record", "fine").split("note ").nth(1).expect("a head");
        let head = head.split(' ').next().expect("a word").to_owned();
        let (_, checks) = look(&settings, &["--record", &head]);
        assert!(words_of(&checks, "record", "fine").contains("still holds what was noted"));
        let (_, checks) = look(&settings, &["--record", &format!("1:{}", "0".repeat(16))]);
        assert!(words_of(&checks, "record", "wrong").contains("does not hold"));
        app.write(|db, _| diesel::update(audit_entries::table.filter(audit_entries::action.eq("event.created")))
            .set(audit_entries::actor_kind.eq("system")).execute(db)).await;
        let (_, checks) = look(&settings, &[]);
        let words = words_of(&checks, "record", "wrong");
        assert!(words.contains("the chain is broken") && words.contains("event.created of event"), "{words}");
    }

    async fn figures_are_told_on_their_own_address(db: TestDatabase) {
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
        let bind = free.to_string();
        let app = TestApp::start_with(db, &[("http.metrics_bind", &bind)]).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.get("/organizer/summit").await.ok();
        assert_eq!(app.visitor().get("/metrics").await.status, 404, "not on the site");
        plenary::jobs::run_due(&app.app).await;
        let text = reqwest::get(format!("http://{bind}/metrics")).await.expect("an answer").text().await.expect("a text");
        for line in ["plenary_up 1", "plenary_writer_waiting 0", "plenary_mail_waiting 0", "plenary_job_failed{job=\"audit.chain\"} 0"] {
            assert!(text.lines().any(|own| own == line), "no {line} in\n{text}");
        }
        let answered = text.lines().find_map(|line| line.strip_prefix("plenary_requests_total{class=\"2xx\"} ")).expect("a figure");
        assert!(answered.parse::<u64>().expect("a number") >= 1);
        // Every line is a comment or a figure as Prometheus reads them.
        let figure = regex::Regex::new(r#"^(# (HELP|TYPE) plenary_\w+ .+|plenary_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [0-9.e+-]+)$"#).expect("a pattern");
        for line in text.lines() {
            assert!(figure.is_match(line), "{line}");
        }
        assert!(!text.contains('@') && !text.contains("summit"), "nothing personal");
        app.stop().await;
        assert!(reqwest::get(format!("http://{bind}/metrics")).await.is_err(), "it ends with the process");
    }
}

#[test]
fn a_key_is_made_published_and_looked_for() {
    crate::support::run(async {
        let db = TestDatabase::sqlite().await;
        let folder = tempfile::tempdir().expect("a folder");
        let url = db.url().to_owned();
        let mut settings = vec![
            ("database.url", url.as_str()),
            ("mail.from", "Summit <noreply@summit.example>"),
            ("mail.dkim_selector", "s2027"),
        ];
        for (file, option, record) in
            [("rsa.pem", None, "v=DKIM1; k=rsa; p="), ("ed.pem", Some("--ed25519"), "v=DKIM1; k=ed25519; p=")]
        {
            let make: Vec<&str> = ["key", "dkim", file].into_iter().chain(option).collect();
            let (status, said, errors) = plenary(folder.path(), &settings, &make);
            assert_eq!(status, 0, "{errors}");
            assert!(said.contains("s2027._domainkey.summit.example TXT") && said.contains(record), "{said}");
            assert!(!said.contains("PRIVATE"), "the key itself is not shown");
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &std::fs::metadata(folder.path().join(file)).expect("a file").permissions(),
            );
            assert_eq!(mode & 0o777, 0o600);
            let (status, _, errors) = plenary(folder.path(), &settings, &make);
            assert!(status == 1 && errors.contains("there already"), "{errors}");
            // The record as a zone file has it, in pieces that belong together.
            let pieces: String = said.lines().last().expect("a line").split('"').skip(1).step_by(2).collect();
            let dns = name_server(BTreeMap::from([
                ("s2027._domainkey.summit.example".to_owned(), pieces),
                ("summit.example".to_owned(), "v=spf1 -all".to_owned()),
            ]));
            let dns = dns.to_string();
            settings.push(("mail.dkim_key", file));
            let (_, checks) = checked(folder.path(), &settings, &["--dns", &dns]);
            assert!(words_of(&checks, "signing", "fine").contains("publishes the key"));
            assert!(words_of(&checks, "spf", "fine").contains("v=spf1 -all"));
            words_of(&checks, "dmarc", "note");
            // Another key, no key, and a name server that says nothing.
            for (text, state, words) in [
                (Some("v=DKIM1; k=rsa; p=AAAA"), "wrong", "publishes another key"),
                (None, "wrong", "publishes no key"),
            ] {
                let texts = text.map(|text| ("s2027._domainkey.summit.example".to_owned(), text.to_owned()));
                let dns = name_server(texts.into_iter().collect()).to_string();
                let (_, checks) = checked(folder.path(), &settings, &["--dns", &dns]);
                assert!(words_of(&checks, "signing", state).contains(words));
            }
            settings.pop();
        }
        std::fs::write(folder.path().join("bad.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
            .expect("a file");
        for (file, words) in [("bad.pem", "the private key is wanted"), ("none.pem", "can't read")] {
            settings.push(("mail.dkim_key", file));
            let (_, checks) = checked(folder.path(), &settings, &["--dns", "127.0.0.1:1"]);
            assert!(words_of(&checks, "signing", "wrong").contains(words));
            let (status, _, errors) = plenary(folder.path(), &settings, &["migrate"]);
            assert!(status == 1 && errors.contains("mail.dkim_key") && errors.contains(words), "{errors}");
            settings.pop();
        }
    });
}
