//! The record of changes with 1,000,000 entries: chaining, its page under every filter, walking along it: `cargo bench --bench activity`.
#![allow(missing_docs, clippy::print_stdout, clippy::allow_attributes, clippy::expect_used, reason = "a measurement")]

use plenary::app::{App, Clock};
use plenary::audit::Actor;
use plenary::audit::checking::check;
use plenary::audit::model::ActivityFilter;
use plenary::audit::operations::{chain_some, page};
use plenary::config::Settings;
use plenary::db::{DbError, EventId};
use plenary::events::model::NewEvent;
use std::time::Instant;

const ENTRIES: usize = 1_000_000;

async fn event(app: &App) -> EventId {
    let day = |text: &str| text.parse().expect("a day");
    let new = NewEvent::from_command_line(
        "summit",
        "World Summit",
        day("2030-04-13"),
        day("2030-04-16"),
        "Asia/Shanghai",
        &["en".to_owned()],
    );
    let new = new.expect("an event");
    let made = app.write(move |db, now| plenary::events::operations::create(db, now, Actor::CommandLine, &new)).await;
    made.expect("an event").id
}

/// The longest of some looks at a page of 50, in milliseconds.
async fn look(app: &App, event: EventId, query: &[(&str, &str)]) -> (f64, usize) {
    let (mut longest, mut shown) = (0.0_f64, 0);
    for _ in 0..5 {
        let value = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let filter = ActivityFilter::read((Some(event), chrono_tz::Asia::Shanghai), value);
        let begun = Instant::now();
        let found = app.read(move |db| Ok::<_, DbError>(page(db, &filter, 50)?)).await.expect("a page");
        longest = longest.max(begun.elapsed().as_secs_f64() * 1000.0);
        shown = found.entries.len();
    }
    (longest, shown)
}

#[tokio::main]
async fn main() {
    use diesel::RunQueryDsl;
    let folder = tempfile::tempdir().expect("a folder");
    let (url, files) = (format!("sqlite://{}", folder.path().join("bench.db").display()), folder.path().join("files"));
    let settings = [("database.url", url.as_str()), ("files.url", files.to_str().expect("a path"))];
    let app = App::open(Settings::with(&settings).expect("settings"), Clock::Machine).expect("the app opens");
    app.db.migrate().await.expect("migrated");
    let event = event(&app).await;
    let entries = format!(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) \
         INSERT INTO audit_entries (id, event_id, at, actor_kind, actor_id, action, subject_kind, subject_id, detail) \
         SELECT printf('00000000-0000-7000-8000-%012d', i), '{event}', datetime('2030-01-01', '+' || (i * 5) || ' seconds'), \
         CASE i % 10 WHEN 0 THEN 'user' WHEN 1 THEN 'attendee' ELSE 'visitor' END, \
         CASE i % 10 WHEN 0 THEN printf('00000000-0000-7000-9000-%012d', i % 700) WHEN 1 THEN printf('00000000-0000-7000-a000-%012d', i) END, \
         CASE WHEN i % 1000 = 7 THEN 'session.placed' WHEN i % 10 = 0 THEN 'registration.changed' ELSE 'registration.made' END, \
         CASE WHEN i % 1000 = 7 THEN 'session' WHEN i = 4242 THEN 'room' ELSE 'registration' END, \
         printf('00000000-0000-7000-a000-%012d', i / 3), '{{\"source\":\"form\"}}' FROM n",
        ENTRIES - 1
    );
    app.write(move |db, _| Ok::<_, DbError>(diesel::sql_query(&entries).execute(db)?)).await.expect("entries");
    let (waiting, _) = look(&app, event, &[("kind", "room")]).await;
    println!("a page while all {ENTRIES} entries wait to be chained, the rarest kind: {waiting:.1} ms");
    let begun = Instant::now();
    while app.write(|db, _| Ok::<_, DbError>(chain_some(db, 500)?)).await.expect("chained") > 0 {}
    println!("chaining them in batches of 500, without the rests of the job: {:.1} s", begun.elapsed().as_secs_f64());
    for query in [
        &[][..],
        &[("kind", "session")],
        &[("kind", "room")],
        &[("kind", "gate")],
        &[("action", "session.placed")],
        &[("action", "room.created")],
        &[("person", "user:00000000-0000-7000-9000-000000000010")],
        &[("person", "attendee:00000000-0000-7000-a000-000000000011")],
        &[("person", "speaker")],
        &[("person", "visitor")],
        &[("kind", "registration"), ("thing", "00000000-0000-7000-a000-000000100000")],
        &[("kind", "session"), ("person", "user")],
        &[("kind", "registration"), ("action", "session.placed")],
        &[("day", "2030-02-01")],
        &[("day", "2030-02-01"), ("kind", "room")],
        &[("after", "00000000-0000-7000-8000-000000500000")],
        &[("after", "00000000-0000-7000-8000-000000500000"), ("kind", "session")],
    ] {
        let (longest, shown) = look(&app, event, query).await;
        println!("{longest:8.1} ms  {shown:2} entries  {query:?}");
    }
    let begun = Instant::now();
    let found = check(&app, None).await.expect("a walk");
    assert_eq!(found.problems, []);
    println!("walking along the whole chain: {:.1} s", begun.elapsed().as_secs_f64());
    app.db.shutdown().await;
}
