//! A mailing to 10,000 people, worded and queued; 10,000 mails that come back, taken in: `cargo bench --bench mailings`.
#![allow(missing_docs, clippy::print_stdout, clippy::allow_attributes, clippy::expect_used, reason = "a measurement")]

use actix_web::web::Data;
use diesel::prelude::*;
use plenary::app::{App, Clock};
use plenary::audit::Actor;
use plenary::config::Settings;
use plenary::db::schema::messages;
use plenary::db::{DbError, EventId, MessageId};
use plenary::events::model::NewEvent;
use plenary::i18n::{Lang, Localized};
use plenary::mail::arrival::operations::signer;
use plenary::mail::wording::model::Source;
use plenary::mailings::jobs::leave_due;
use plenary::mailings::model::{Audience, Timing};
use plenary::mailings::operations::{Content, plan, save};
use plenary::registration::category::CategoryFacts;
use plenary::registration::operations::create_category;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

const PEOPLE: usize = 10_000;
/// Mails that are handed over one process each, to tell what that costs.
const ALONE: usize = 50;
const BASE: &str = "bounces@summit.example";

async fn event(app: &App) -> EventId {
    let day = |text: &str| text.parse().expect("a day");
    let languages = ["en".to_owned(), "zh".to_owned()];
    let new = NewEvent::from_command_line(
        "summit",
        "World Summit",
        day("2030-04-13"),
        day("2030-04-16"),
        "Asia/Shanghai",
        &languages,
    );
    let new = new.expect("an event");
    let made = app.write(move |db, now| plenary::events::operations::create(db, now, Actor::CommandLine, &new)).await;
    let event = made.expect("an event").id;
    let facts = CategoryFacts::open(Localized::single(Lang::EN, "Guest").with(Lang::ZH, "嘉宾"));
    let category = app
        .write(move |db, now| create_category(db, now, Actor::CommandLine, event, Some("guest"), &facts))
        .await
        .expect("a category");
    let people = format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) \
         INSERT INTO registrations (id, event_id, category_id, code, state, email, email_key, given_name, family_name, native_name, \
         organisation, position, country, language, search_key, sort_key, privacy_accepted_at, confirmed_at, calendar_sequence, version, \
         created_at, updated_at, answers, source) \
         SELECT printf('00000000-0000-7000-8000-%012d', i), '{event}', '{category}', printf('N%07d', i), 'confirmed', \
         'person' || i || '@example.org', 'person' || i || '@example.org', 'Ada', 'Family' || i, '李伟', 'Organisation ' || i, \
         'Director', 'CN', CASE WHEN i % 2 = 0 THEN 'en' ELSE 'zh' END, 'x', 'x', '2030-01-01 00:00:00', '2030-01-01 00:00:00', 0, 1, \
         '2030-01-01 00:00:00', '2030-01-01 00:00:00', '{{}}', 'form' FROM n",
        PEOPLE - 1
    );
    app.write(move |db, _| Ok::<_, DbError>(diesel::sql_query(&people).execute(db)?)).await.expect("people");
    event
}

async fn mailing(app: &App, event: EventId) {
    let body = |greeting: &str| {
        format!(
            "{greeting} {{{{name}}}},\n\n**{{{{category}}}}** {{{{code}}}} {{{{organisation}}}}\n\n[Open your page]({{{{link}}}})\n\n- one\n- two\n\n*[No more]({{{{unsubscribe}}}})*\n"
        )
    };
    let source = |subject: &str, greeting: &str| Source { subject: subject.to_owned(), body: body(greeting) };
    let sources = BTreeMap::from([
        (Lang::EN, source("Buses for {{name}}", "Dear")),
        (Lang::ZH, source("{{name}}的班车", "尊敬的")),
    ]);
    let content = Content { audience: Audience::default(), sources, timing: Timing::Now };
    app.write(move |db, now| {
        let id = save(db, now, (Actor::CommandLine, None), (event, None), &content)?;
        plan(db, now, Actor::CommandLine, (event, id, 1), now)
    })
    .await
    .expect("a mailing");
}

/// Mails that say that these came back, in a maildir.
async fn came_back(app: &App, folder: &Path) {
    let sample =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/bounces/postfix-user-unknown.eml"))
            .expect("a sample");
    let sent: Vec<(MessageId, String)> = app
        .read(|db| Ok::<_, DbError>(messages::table.select((messages::id, messages::recipient_address)).load(db)?))
        .await
        .expect("messages");
    assert_eq!(sent.len(), PEOPLE);
    let signer = signer(app).await.expect("a signer");
    let base = BASE.parse().expect("an address");
    std::fs::create_dir_all(folder.join("new")).expect("a folder");
    for (number, (id, address)) in sent.iter().enumerate() {
        let mail = sample
            .replace("RETURN-PATH", signer.sign(&base, *id).as_ref())
            .replace("ADDRESS", address)
            .replace("MESSAGE-ID", &format!("{id}@summit.example"))
            .replace("<report-", &format!("<report-{number}-"));
        std::fs::write(folder.join("new").join(format!("{number:06}.eml")), mail).expect("a mail");
    }
    app.write(|db, now| {
        Ok::<_, DbError>(
            diesel::update(messages::table)
                .set((messages::state.eq("sent"), messages::attempts.eq(1), messages::sent_at.eq(now)))
                .execute(db)?,
        )
    })
    .await
    .expect("sent");
}

fn receive(database: &str, files: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plenary"));
    command.args(["mail", "receive"]).args(arguments).env("PLENARY_DATABASE__URL", database);
    command.env("PLENARY_FILES__URL", files).env("PLENARY_MAIL__RETURN_PATH", BASE).env("PLENARY_LOG__LEVEL", "error");
    command
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let (url, files) = (format!("sqlite://{}", folder.path().join("bench.db").display()), folder.path().join("files"));
    let settings =
        [("database.url", url.as_str()), ("files.url", files.to_str().expect("a path")), ("mail.return_path", BASE)];
    let app =
        Data::new(App::open(Settings::with(&settings).expect("settings"), Clock::Machine).expect("the app opens"));
    app.db.migrate().await.expect("migrated");
    let event = event(&app).await;
    plenary::site::operations::refresh(&app).await.expect("the site");
    mailing(&app, event).await;
    let begun = Instant::now();
    let queued = leave_due(&app).await.expect("it leaves");
    let took = begun.elapsed().as_secs_f64();
    assert_eq!(queued, PEOPLE);
    println!("a mailing to {PEOPLE} people, worded in their languages and queued: {took:.2} s (wanted 5)");
    let maildir = folder.path().join("maildir");
    came_back(&app, &maildir).await;
    let spare = maildir.join("new/000000.eml");
    let begun = Instant::now();
    for _ in 0..ALONE {
        let input = std::fs::File::open(&spare).expect("a mail");
        assert!(receive(&url, &files, &[]).stdin(input).output().expect("it runs").status.success());
    }
    println!("one process for each mail: {:.1} ms each", begun.elapsed().as_secs_f64() * 1000.0 / ALONE as f64);
    let begun = Instant::now();
    let done = receive(&url, &files, &["--maildir", maildir.to_str().expect("a path")]).output().expect("it runs");
    let took = begun.elapsed().as_secs_f64();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    println!(
        "{PEOPLE} mails that came back, from a maildir: {took:.2} s (wanted 10)\n{}",
        String::from_utf8_lossy(&done.stdout)
    );
    app.db.shutdown().await;
}
