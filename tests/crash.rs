//! What survives `kill -9` in the middle of a registration storm with mail flowing: everything that
//! was answered, once.

use crate::on_both_databases;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{categories, message_attempts, messages, registrations};
use plenary::db::{CategoryId, Database, DatabaseOptions, DbError, UtcTime};
use plenary::events::model::NewEvent;
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;

/// Times that the server is killed.
const KILLS: usize = 20;
/// Places; fewer than people come, so that the last rounds meet a full category.
const PLACES: i32 = 500;
/// People who register at the same time.
const PEOPLE: usize = 12;

/// A mail server that takes everything and remembers which message came in which round.
pub(crate) struct Postbox {
    pub(crate) port: u16,
    pub(crate) round: Arc<Mutex<usize>>,
    taken: Arc<Mutex<Vec<(usize, String)>>>,
}

impl Postbox {
    pub(crate) async fn open() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (round, taken) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (shared_round, shared_taken) = (Arc::clone(&round), Arc::clone(&taken));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (round, taken) = (Arc::clone(&shared_round), Arc::clone(&shared_taken));
                tokio::spawn(async move {
                    let round = *round.lock().expect("the round");
                    // A killed client ends the conversation in the middle.
                    let _ = converse(stream, round, &taken).await;
                });
            }
        });
        Self { port, round, taken }
    }

    /// The messages taken so far with their rounds.
    pub(crate) fn taken(&self) -> Vec<(usize, String)> {
        self.taken.lock().expect("the mails").clone()
    }
}

async fn converse(
    stream: tokio::net::TcpStream,
    round: usize,
    taken: &Mutex<Vec<(usize, String)>>,
) -> std::io::Result<()> {
    let (reader, mut writer) = stream.into_split();
    let mut lines = BufReader::new(reader).lines();
    writer.write_all(b"220 postbox\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let answer: &[u8] = match line.split(' ').next().unwrap_or_default().to_ascii_uppercase().as_str() {
            "DATA" => {
                writer.write_all(b"354 go on\r\n").await?;
                let mut id = String::new();
                while let Some(line) = lines.next_line().await? {
                    if line == "." {
                        taken.lock().expect("the mails").push((round, id));
                        break;
                    }
                    if let Some(value) = line.strip_prefix("Message-ID: <") {
                        id = value.split('@').next().unwrap_or_default().to_owned();
                    }
                }
                b"250 taken\r\n"
            }
            "EHLO" => b"250-postbox\r\n250 8BITMIME\r\n",
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        writer.write_all(answer).await?;
    }
    Ok(())
}

/// The real program as a process of its own.
pub(crate) struct Server {
    process: Child,
    url: String,
}

impl Server {
    async fn start(database: &str, folder: &std::path::Path, mail_port: u16) -> Self {
        Self::start_with(database, folder, mail_port, &[]).await
    }

    /// Starts with some settings as variables of the environment.
    pub(crate) async fn start_with(
        database: &str,
        folder: &std::path::Path,
        mail_port: u16,
        more: &[(&str, &str)],
    ) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port();
        let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("server.log")).expect("a log");
        let process = Command::new(env!("CARGO_BIN_EXE_plenary"))
            .arg("serve")
            .env("PLENARY_DATABASE__URL", database)
            .env("PLENARY_HTTP__BIND", format!("127.0.0.1:{port}"))
            .env("PLENARY_HTTP__WORKERS", "2")
            .env("PLENARY_FILES__URL", folder.join("files"))
            .env("PLENARY_MAIL__TRANSPORT", "smtp")
            .env("PLENARY_MAIL__SMTP_URL", format!("smtp://127.0.0.1:{mail_port}?tls=none"))
            .env("PLENARY_LIMITS__REGISTRATIONS_PER_MINUTE", "0")
            .env("PLENARY_LOG__LEVEL", "warn")
            .envs(more.iter().copied())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let server = Self { process, url: format!("http://127.0.0.1:{port}") };
        let ready = format!("{}/readyz", server.url);
        let mut look_again = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..2000 {
            if reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success()) {
                return server;
            }
            look_again.tick().await;
        }
        let log = std::fs::read_to_string(folder.join("server.log")).unwrap_or_default();
        panic!("the server was not ready in time:\n{log}");
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("killed");
        self.process.wait().expect("gone");
    }
}

/// Registers ever new people until the server is gone; sends the address of everyone answered 303,
/// and nothing for other answers.
async fn register_people(url: String, round: usize, person: usize, answers: mpsc::UnboundedSender<Option<String>>) {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    for number in 0.. {
        let email = format!("guest-{round}-{person}-{number}@example.org");
        let fields = [
            ("category", "guest"),
            ("email", email.as_str()),
            ("given_name", "Ada"),
            ("family_name", "Lovelace"),
            ("accept_privacy", "on"),
        ];
        let Ok(answer) = client.post(format!("{url}/summit/register")).form(&fields).send().await else { return };
        let registered = (answer.status().as_u16() == 303).then_some(email);
        if answers.send(registered).is_err() {
            return;
        }
    }
}

/// Makes an event with one category of few places.
async fn given_category(db: &Database, now: UtcTime) -> CategoryId {
    let day = |text: &str| text.parse().expect("a day");
    let new = NewEvent::from_command_line(
        "summit",
        "World Summit",
        day("2027-04-13"),
        day("2027-04-16"),
        "Asia/Shanghai",
        &["en".to_owned()],
    )
    .expect("an event");
    let event = db
        .write(move |db| plenary::events::operations::create(db, now, Actor::CommandLine, &new))
        .await
        .expect("a new event")
        .id;
    let mut facts = CategoryFacts::open(Localized::single(Lang::EN, "Guest"));
    facts.capacity = Some(PLACES);
    db.write(move |db| {
        plenary::registration::operations::create_category(db, now, Actor::CommandLine, event, Some("guest"), &facts)
    })
    .await
    .expect("a category")
}

/// Lets the leases of the killed server end, as time would.
pub(crate) async fn let_leases_end(db: &Database) {
    let past: UtcTime = UtcTime::of_machine() - chrono::TimeDelta::hours(1);
    db.write(move |db| {
        diesel::update(messages::table.filter(messages::state.eq("sending")))
            .set(messages::lease_until.eq(past))
            .execute(db)
            .map_err(DbError::from)
    })
    .await
    .expect("leases end");
}

/// The messages that are recorded as sent.
pub(crate) async fn recorded(db: &Database) -> BTreeSet<String> {
    db.read(|db| {
        let ids = messages::table.filter(messages::state.eq("sent")).select(messages::id);
        ids.load::<plenary::db::MessageId>(db).map_err(DbError::from)
    })
    .await
    .expect("messages")
    .iter()
    .map(ToString::to_string)
    .collect()
}

on_both_databases! {
    async fn everything_answered_survives_kills_in_a_storm_and_nothing_doubles(db: TestDatabase) {
        let (url, folder) = (db.url().to_owned(), db.folder().to_owned());
        let own = Database::open(&DatabaseOptions { url: url.clone(), readers: 2, ..DatabaseOptions::default() }).expect("opens");
        let category = given_category(&own, UtcTime::of_machine()).await;
        let postbox = Postbox::open().await;
        let mut answered: Vec<String> = Vec::new();
        let mut recorded_after: Vec<BTreeSet<String>> = Vec::new();

        for round in 0..KILLS {
            *postbox.round.lock().expect("the round") = round;
            let server = Server::start(&url, &folder, postbox.port).await;
            let (sender, mut answers) = mpsc::unbounded_channel();
            let people: Vec<_> = (0..PEOPLE)
                .map(|person| tokio::spawn(register_people(server.url.clone(), round, person, sender.clone())))
                .collect();
            drop(sender);
            // The kill falls at another moment of the storm each time.
            for _ in 0..(10 + round * 7 % 50) {
                answered.extend(answers.recv().await.expect("the storm goes on"));
            }
            server.kill();
            // What was answered before the kill counts too.
            while let Some(answer) = answers.recv().await {
                answered.extend(answer);
            }
            for person in people {
                person.await.expect("a person");
            }
            recorded_after.push(recorded(&own).await);
            let_leases_end(&own).await;
        }

        *postbox.round.lock().expect("the round") = KILLS;
        let server = Server::start(&url, &folder, postbox.port).await;
        let waiting = || own.read(|db| {
            messages::table.filter(messages::state.ne("sent")).count().get_result::<i64>(db).map_err(DbError::from)
        });
        let mut look_again = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..3000 {
            if waiting().await.expect("a count") == 0 {
                break;
            }
            look_again.tick().await;
        }
        server.kill();

        let (emails, taken): (Vec<String>, i32) = own
            .read(move |db| {
                let emails = registrations::table.select(registrations::email).load(db)?;
                let taken = categories::table.find(category).select(categories::taken).first(db)?;
                Ok::<_, DbError>((emails, taken))
            })
            .await
            .expect("registrations");
        let there: BTreeSet<&String> = emails.iter().collect();
        let lost: Vec<_> = answered.iter().filter(|email| !there.contains(email)).collect();
        assert!(lost.is_empty(), "answered and lost: {lost:?}");
        assert_eq!(there.len(), emails.len(), "someone is there twice");
        assert_eq!(taken as usize, emails.len(), "the category's count is that of its people");
        assert!(taken <= PLACES, "{taken} places are taken of {PLACES}");

        let (ids, sent_twice): (Vec<plenary::db::MessageId>, i64) = own
            .read(|db| {
                let ids = messages::table.select(messages::id).load(db)?;
                let attempts = message_attempts::table.filter(message_attempts::outcome.eq("sent"));
                Ok::<_, DbError>((ids, attempts.count().get_result(db)?))
            })
            .await
            .expect("messages");
        assert_eq!(waiting().await.expect("a count"), 0, "every message is sent in the end");
        assert_eq!(ids.len(), emails.len(), "one message for each registration");
        assert_eq!(sent_twice as usize, ids.len(), "one recorded delivery for each message");

        let mut rounds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (round, id) in postbox.taken() {
            rounds.entry(id).or_default().push(round);
        }
        for id in ids {
            let id = id.to_string();
            let rounds = rounds.get(&id).unwrap_or_else(|| panic!("message {id} was recorded as sent and never came"));
            for pair in rounds.windows(2) {
                assert_ne!(pair[0], pair[1], "message {id} came twice without a kill in between");
                assert!(!recorded_after[pair[0]].contains(&id), "message {id} came again although it was recorded");
            }
        }
    }
}
