//! What PostgreSQL may answer to a batch of changes, and what each caller hears then.

use super::{Value, add, hold, is_under_way, single, value, with_counters};
use crate::support::TestDatabase;
use crate::support::database::options;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, sql_query};
use plenary::db::{Database, DatabaseOptions, DbConnection, DbError};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

/// PostgreSQL says "done" to the commit of a transaction in which a statement was refused, and keeps
/// nothing of it.
#[test]
fn a_job_that_goes_on_after_a_refused_statement_is_not_taken_for_kept() {
    crate::support::run(async {
        let test = TestDatabase::postgres().await;
        let db = single(&test);
        with_counters(&db).await;
        let careless = |db: &mut DbConnection| {
            add(db, "a")?;
            db.batch_execute("SELECT nonsense FROM nowhere").ok();
            Ok::<_, DbError>(())
        };
        assert!(db.write(careless).await.is_err());
        let held = hold(&db).await;
        let calm = db.write(|db| Ok::<_, DbError>(add(db, "b")?));
        let (careless, calm, ()) = tokio::join!(db.write(careless), calm, held.release());
        assert!(careless.is_err());
        assert_eq!(calm.expect("kept"), 1);
        assert_eq!((value(&db, "a").await, value(&db, "b").await), (0, 1));
    });
}

/// Lets every commit that changed counter `a` fail with an SQLSTATE, as the server would.
async fn refuse_commits(db: &Database, state: &'static str) {
    let function = format!(
        "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE EXCEPTION 'refused at the commit' USING ERRCODE = '{state}'; END $$; \
         CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON counters DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW WHEN (NEW.name = 'a') EXECUTE FUNCTION refuse()"
    );
    db.write(move |db| Ok::<_, DbError>(db.batch_execute(&function)?)).await.expect("a trigger");
}

/// How a batch of two jobs ends when commits that hold the first are refused with `state`, and how
/// often the first ran.
async fn refused_with(state: &'static str) -> (Result<usize, DbError>, Result<usize, DbError>, usize, (i32, i32)) {
    let test = TestDatabase::postgres().await;
    let db = single(&test);
    with_counters(&db).await;
    refuse_commits(&db, state).await;
    let runs = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&runs);
    let held = hold(&db).await;
    let first = db.write(move |db| {
        seen.fetch_add(1, Ordering::SeqCst);
        Ok::<_, DbError>(add(db, "a")?)
    });
    let second = db.write(|db| Ok::<_, DbError>(add(db, "b")?));
    let (first, second, ()) = tokio::join!(first, second, held.release());
    let values = (value(&db, "a").await, value(&db, "b").await);
    (first, second, runs.load(Ordering::SeqCst), values)
}

#[test]
fn a_job_that_loses_at_every_commit_is_never_taken_for_kept() {
    crate::support::run(async {
        let (first, second, runs, values) = refused_with("40001").await;
        assert!(matches!(&first, Err(error) if error.is_conflict()), "{first:?}");
        assert_eq!(second.expect("kept alone"), 1);
        assert!(runs > 2, "it ran {runs} times");
        assert_eq!(values, (0, 1));
    });
}

#[test]
fn a_rule_checked_at_the_commit_undoes_only_the_job_that_broke_it() {
    crate::support::run(async {
        let (first, second, runs, values) = refused_with("23514").await;
        assert!(matches!(first, Err(DbError::Query(_))), "{first:?}");
        assert_eq!((second.expect("kept"), runs, values), (1, 2, (0, 1)));
    });
}

/// As a distributed server says it: "statement completion unknown".
#[test]
fn a_commit_that_the_server_itself_does_not_know_of_is_never_repeated() {
    crate::support::run(async {
        let (first, second, runs, _) = refused_with("40003").await;
        assert!(matches!((&first, &second), (Err(DbError::CommitUnknown), Err(DbError::CommitUnknown))));
        assert_eq!(runs, 1);
    });
}

/// Two transactions that take two rows in opposite order: a real deadlock. The job is run again
/// and both changes are there.
#[test]
fn a_batch_hit_by_a_deadlock_is_run_again() {
    crate::support::run(async {
        let test = TestDatabase::postgres().await;
        let db = single(&test);
        with_counters(&db).await;
        let mut other = PgConnection::establish(test.url()).expect("a second connection");
        other
            .batch_execute(
                "SET deadlock_timeout = '10s'; BEGIN; UPDATE counters SET value = value + 100 WHERE name = 'b'",
            )
            .expect("holds b");
        let runs = Arc::new(AtomicUsize::new(0));
        let (seen, (holds_a, a_is_held)) = (Arc::clone(&runs), mpsc::channel());
        let holds_a = std::sync::Mutex::new(holds_a);
        let (company_runs, held) = (Arc::new(AtomicUsize::new(0)), hold(&db).await);
        let company_seen = Arc::clone(&company_runs);
        let mut company = Box::pin(db.write(move |db| {
            company_seen.fetch_add(1, Ordering::SeqCst);
            Ok::<_, DbError>(sql_query("INSERT INTO counters VALUES ('c', 1, 1)").execute(db)?)
        }));
        assert!(is_under_way(&mut company));
        let mut job = Box::pin(db.write(move |db| {
            seen.fetch_add(1, Ordering::SeqCst);
            db.batch_execute("SET LOCAL deadlock_timeout = '50ms'")?;
            add(db, "a")?;
            holds_a.lock().expect("whole").send(()).ok();
            Ok::<_, DbError>(add(db, "b")?)
        }));
        assert!(is_under_way(&mut job));
        held.release().await;
        tokio::task::spawn_blocking(move || {
            a_is_held.recv().expect("the job holds a");
            // Waits for a, which the job holds while it waits for b.
            other
                .batch_execute("UPDATE counters SET value = value + 100 WHERE name = 'a'; COMMIT")
                .expect("the job gives way");
        })
        .await
        .expect("whole");
        assert_eq!(job.await.expect("kept in the end"), 1);
        assert_eq!(company.await.expect("kept"), 1);
        assert!(runs.load(Ordering::SeqCst) >= 2, "the job ran once only");
        assert_eq!((company_runs.load(Ordering::SeqCst), value(&db, "c").await), (2, 1));
        assert_eq!((value(&db, "a").await, value(&db, "b").await), (101, 101));
    });
}

#[test]
fn a_serialization_failure_is_run_again() {
    crate::support::run(async {
        let test = TestDatabase::postgres().await;
        let db = single(&test);
        with_counters(&db).await;
        let runs = Arc::new(AtomicUsize::new(0));
        let (seen, url) = (Arc::clone(&runs), test.url().to_owned());
        db.write(move |db| {
            db.batch_execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")?;
            let _: Value = sql_query("SELECT value FROM counters WHERE name = 'a'").get_result(db)?;
            if seen.fetch_add(1, Ordering::SeqCst) == 0 {
                let mut other = PgConnection::establish(&url).expect("a second connection");
                other.batch_execute("UPDATE counters SET value = value + 100 WHERE name = 'a'").expect("faster");
            }
            Ok::<_, DbError>(add(db, "a")?)
        })
        .await
        .expect("kept in the end");
        assert_eq!((runs.load(Ordering::SeqCst), value(&db, "a").await), (2, 101));
    });
}

/// A wire to the server that is cut the moment a COMMIT passes: the server keeps the change, the
/// caller hears "unknown", and nothing is repeated.
#[test]
fn a_commit_whose_outcome_is_unknown_is_reported_and_never_repeated() {
    crate::support::run(async {
        let test = TestDatabase::postgres().await;
        let direct = test.open();
        with_counters(&direct).await;
        let server = url::Url::parse(test.url()).expect("a URL");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut through = server.clone();
        through.set_port(Some(listener.local_addr().expect("bound").port())).expect("a port");
        let armed = Arc::new(AtomicBool::new(false));
        let cut = Arc::clone(&armed);
        let upstream = (server.host_str().expect("a host").to_owned(), server.port().unwrap_or(5432));
        std::thread::spawn(move || cut_at_commit(&listener, &upstream, &cut));
        let db = Database::open(&DatabaseOptions { writers: 1, ..options(through.as_str()) }).expect("opens");
        db.write(|db| Ok::<_, DbError>(add(db, "a")?)).await.expect("the wire works");
        armed.store(true, Ordering::SeqCst);
        let runs = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&runs);
        let outcome = db
            .write(move |db| {
                seen.fetch_add(1, Ordering::SeqCst);
                Ok::<_, DbError>(add(db, "a")?)
            })
            .await;
        assert!(matches!(outcome, Err(DbError::CommitUnknown)), "{outcome:?}");
        assert_eq!(runs.load(Ordering::SeqCst), 1);
        // A later job works again, on a new connection.
        db.write(|db| Ok::<_, DbError>(add(db, "b")?)).await.expect("a new connection");
        assert_eq!(value(&direct, "b").await, 1);
        assert!([1, 2].contains(&value(&direct, "a").await));
    });
}

/// Passes bytes both ways; once armed, cuts the wire after handing on a COMMIT, then disarms itself.
fn cut_at_commit(listener: &std::net::TcpListener, upstream: &(String, u16), armed: &Arc<AtomicBool>) {
    for client in listener.incoming().flatten() {
        let server = std::net::TcpStream::connect((upstream.0.as_str(), upstream.1)).expect("the server");
        let (mut from_server, mut to_client) =
            (server.try_clone().expect("a clone"), client.try_clone().expect("a clone"));
        std::thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
        let armed = Arc::clone(armed);
        std::thread::spawn(move || {
            let (mut client, mut server) = (client, server);
            let mut bytes = [0; 8192];
            while let Ok(count @ 1..) = client.read(&mut bytes) {
                if armed.load(Ordering::SeqCst) && bytes[..count].windows(6).any(|window| window == b"COMMIT") {
                    armed.store(false, Ordering::SeqCst);
                    client.shutdown(std::net::Shutdown::Both).ok();
                    server.write_all(&bytes[..count]).ok();
                    return;
                }
                if server.write_all(&bytes[..count]).is_err() {
                    return;
                }
            }
            server.shutdown(std::net::Shutdown::Both).ok();
        });
    }
}
