//! The writer's promises.

use crate::on_both_databases;
use crate::support::TestDatabase;
use crate::support::database::options;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{PgConnection, sql_query, sql_types};
use plenary::db::{Database, DatabaseOptions, DbConnection, DbError};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};

/// A small table of counters beside the real ones.
async fn with_counters(db: &Database) {
    db.write(|db| {
        db.batch_execute(
            "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL, capacity INTEGER NOT NULL)",
        )?;
        db.batch_execute("INSERT INTO counters VALUES ('a', 0, 1000000), ('b', 0, 1000000)")?;
        Ok::<_, DbError>(())
    })
    .await
    .expect("a table of counters");
}

fn add(db: &mut DbConnection, name: &str) -> QueryResult<usize> {
    sql_query(format!("UPDATE counters SET value = value + 1 WHERE name = '{name}' AND value < capacity")).execute(db)
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = sql_types::Integer)]
    value: i32,
}

async fn value(db: &Database, name: &'static str) -> i32 {
    db.read(move |db| {
        let row: Value = sql_query(format!("SELECT value FROM counters WHERE name = '{name}'")).get_result(db)?;
        Ok::<_, DbError>(row.value)
    })
    .await
    .expect("the counter")
}

/// Holds the writer inside a job until told to go on, so that what comes meanwhile makes one batch.
struct Held {
    go_on: mpsc::Sender<()>,
    job: tokio::task::JoinHandle<Result<(), DbError>>,
}

async fn hold(db: &Database) -> Held {
    let (go_on, wait) = mpsc::channel();
    let (inside, is_inside) = tokio::sync::oneshot::channel();
    let (wait, inside) = (std::sync::Mutex::new(wait), std::sync::Mutex::new(Some(inside)));
    let db = db.clone();
    let job = tokio::spawn(async move {
        db.write(move |_| {
            if let Some(inside) = inside.lock().expect("whole").take() {
                inside.send(()).expect("someone waits");
            }
            wait.lock().expect("whole").recv().ok();
            Ok(())
        })
        .await
    });
    is_inside.await.expect("the writer begins");
    Held { go_on, job }
}

impl Held {
    async fn release(self) {
        self.go_on.send(()).expect("the writer waits");
        self.job.await.expect("whole").expect("kept");
    }
}

/// Begins a future and says whether it waits for something.
fn is_under_way<F: Future + Unpin>(future: &mut F) -> bool {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    std::pin::Pin::new(future).poll(&mut context).is_pending()
}

/// One writer only, so that a batch can be made on purpose.
fn single(db: &TestDatabase) -> Database {
    Database::open(&DatabaseOptions { writers: 1, ..options(db.url()) }).expect("opens")
}

on_both_databases! {
    async fn a_failing_job_in_a_batch_undoes_only_itself(db: TestDatabase) {
        let db = single(&db);
        with_counters(&db).await;
        let held = hold(&db).await;
        let jobs: Vec<_> = (0..20)
            .map(|number| {
                let db = db.clone();
                tokio::spawn(async move {
                    db.write(move |db| {
                        add(db, "a")?;
                        if number % 2 == 0 { Err(DbError::Query(diesel::result::Error::RollbackTransaction)) } else { Ok(()) }
                    })
                    .await
                })
            })
            .collect();
        tokio::task::yield_now().await;
        held.release().await;
        let mut kept = 0;
        for job in jobs {
            kept += i32::from(job.await.expect("whole").is_ok());
        }
        assert_eq!((kept, value(&db, "a").await), (10, 10));
    }

    async fn a_refused_statement_undoes_only_its_own_job(db: TestDatabase) {
        let db = single(&db);
        with_counters(&db).await;
        let held = hold(&db).await;
        let wrong = db.write(|db| { add(db, "a")?; db.batch_execute("SELECT nonsense FROM nowhere")?; Ok::<_, DbError>(()) });
        let right = db.write(|db| Ok::<_, DbError>(add(db, "a")?));
        let (wrong, right, ()) = tokio::join!(wrong, right, held.release());
        assert!(wrong.is_err());
        assert_eq!(right.expect("kept"), 1);
        assert_eq!(value(&db, "a").await, 1);
    }

    async fn a_panicking_job_undoes_only_itself(db: TestDatabase) {
        let db = single(&db);
        with_counters(&db).await;
        let held = hold(&db).await;
        let panicking = db.write(|db| -> Result<(), DbError> { add(db, "a")?; panic!("on purpose") });
        let calm = db.write(|db| Ok::<_, DbError>(add(db, "a")?));
        let (panicking, calm, ()) = tokio::join!(panicking, calm, held.release());
        assert!(matches!(panicking, Err(DbError::Panicked)), "{panicking:?}");
        assert_eq!(calm.expect("kept"), 1);
        assert_eq!(value(&db, "a").await, 1);
    }

    async fn a_full_queue_answers_busy_and_keeps_what_it_took(db: TestDatabase) {
        let db = Database::open(&DatabaseOptions { writers: 1, queue: 3, ..options(db.url()) }).expect("opens");
        with_counters(&db).await;
        let held = hold(&db).await;
        let mut waiting = tokio::task::JoinSet::new();
        let busy = Arc::new(AtomicUsize::new(0));
        for _ in 0..10 {
            let (db, busy) = (db.clone(), Arc::clone(&busy));
            waiting.spawn(async move {
                match db.write(|db| Ok::<_, DbError>(add(db, "a")?)).await {
                    Ok(_) => {}
                    Err(DbError::Busy) => { busy.fetch_add(1, Ordering::SeqCst); }
                    Err(other) => panic!("{other}"),
                }
            });
        }
        // Those that were refused are answered while the writer is still held.
        while busy.load(Ordering::SeqCst) < 7 {
            waiting.join_next().await.expect("one more").expect("whole");
        }
        held.release().await;
        while waiting.join_next().await.is_some() {}
        assert_eq!((busy.load(Ordering::SeqCst), value(&db, "a").await), (7, 3));
    }

    async fn shutting_down_does_what_waits_and_refuses_what_comes(db: TestDatabase) {
        let test = db;
        let db = single(&test);
        with_counters(&db).await;
        let held = hold(&db).await;
        let mut waiting: Vec<_> = (0..5).map(|_| Box::pin(db.write(|db| Ok::<_, DbError>(add(db, "a")?)))).collect();
        assert!(waiting.iter_mut().all(is_under_way));
        let mut shutdown = Box::pin(db.shutdown());
        assert!(is_under_way(&mut shutdown));
        assert!(matches!(db.write(|_| Ok::<_, DbError>(())).await, Err(DbError::Closed)));
        held.release().await;
        for job in waiting {
            assert_eq!(job.await.expect("done before the end"), 1);
        }
        shutdown.await;
        assert_eq!(value(&test.open(), "a").await, 5);
    }

    async fn guarded_updates_never_pass_the_capacity(db: TestDatabase) {
        let db = db.open();
        with_counters(&db).await;
        db.write(|db| { db.batch_execute("UPDATE counters SET capacity = 25 WHERE name = 'a'")?; Ok::<_, DbError>(()) }).await.expect("set");
        let mut jobs = tokio::task::JoinSet::new();
        for _ in 0..200 {
            let db = db.clone();
            jobs.spawn(async move { db.write(|db| Ok::<_, DbError>(add(db, "a")?)).await.expect("answered") });
        }
        let mut taken = 0;
        while let Some(job) = jobs.join_next().await {
            taken += job.expect("whole");
        }
        assert_eq!((taken, value(&db, "a").await), (25, 25));
    }
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
        let job = tokio::spawn({
            let db = db.clone();
            async move {
                db.write(move |db| {
                    seen.fetch_add(1, Ordering::SeqCst);
                    db.batch_execute("SET LOCAL deadlock_timeout = '50ms'").ok();
                    add(db, "a")?;
                    holds_a.lock().expect("whole").send(()).ok();
                    Ok::<_, DbError>(add(db, "b")?)
                })
                .await
            }
        });
        tokio::task::spawn_blocking(move || {
            a_is_held.recv().expect("the job holds a");
            // Waits for a, which the job holds while it waits for b.
            other
                .batch_execute("UPDATE counters SET value = value + 100 WHERE name = 'a'; COMMIT")
                .expect("the job gives way");
        })
        .await
        .expect("whole");
        assert_eq!(job.await.expect("whole").expect("kept in the end"), 1);
        assert!(runs.load(Ordering::SeqCst) >= 2, "the job ran once only");
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
