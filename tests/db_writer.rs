//! The writer's promises.

mod commit;

use crate::on_both_databases;
use crate::support::TestDatabase;
use crate::support::database::options;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::{SqliteConnection, sql_query, sql_types};
use plenary::db::{Database, DatabaseOptions, DbConnection, DbError};
use proptest::prelude::{Just, TestCaseError, prop_assert, prop_assert_eq, prop_oneof};
use proptest::test_runner::TestRunner;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

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
        let mut jobs: Vec<_> = (0..20)
            .map(|number| {
                Box::pin(db.write(move |db| {
                    add(db, "a")?;
                    if number % 2 == 0 { Err(DbError::Query(diesel::result::Error::RollbackTransaction)) } else { Ok(()) }
                }))
            })
            .collect();
        assert!(jobs.iter_mut().all(is_under_way));
        held.release().await;
        let mut kept = 0;
        for job in jobs {
            kept += i32::from(job.await.is_ok());
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

    async fn a_panic_inside_a_transaction_of_the_job_undoes_only_the_job(db: TestDatabase) {
        let db = single(&db);
        with_counters(&db).await;
        let panics = |db: &mut DbConnection| -> Result<(), DbError> {
            add(db, "a")?;
            db.transaction(|db| { add(db, "a")?; panic!("on purpose") })
        };
        let held = hold(&db).await;
        let before = db.write(|db| Ok::<_, DbError>(add(db, "a")?));
        let after = db.write(|db| Ok::<_, DbError>(add(db, "a")?));
        let (before, panicking, after, ()) = tokio::join!(before, db.write(panics), after, held.release());
        assert!(matches!(panicking, Err(DbError::Panicked)), "{panicking:?}");
        assert_eq!((before.expect("kept"), after.expect("kept")), (1, 1));
        // A reader sees only what was really committed.
        assert_eq!(value(&db, "a").await, 2);
        // The same alone, and the next job finds a clean connection.
        assert!(matches!(db.write(panics).await, Err(DbError::Panicked)));
        db.write(|db| Ok::<_, DbError>(add(db, "a")?)).await.expect("kept");
        assert_eq!(value(&db, "a").await, 3);
    }

    async fn a_reader_that_works_for_nobody_still_takes_its_turn(db: TestDatabase) {
        let db = Database::open(&DatabaseOptions { readers: 1, patience: Duration::from_millis(200), ..options(db.url()) }).expect("opens");
        let (go_on, wait) = mpsc::channel::<()>();
        let (inside, is_inside) = tokio::sync::oneshot::channel();
        let reading = db.read(move |_| { inside.send(()).ok(); wait.recv().ok(); Ok::<_, DbError>(()) });
        {
            let mut reading = Box::pin(reading);
            assert!(is_under_way(&mut reading));
            is_inside.await.expect("it reads");
        }
        assert!(matches!(db.read(|_| Ok::<_, DbError>(())).await, Err(DbError::Busy)));
        go_on.send(()).expect("it still reads");
        db.ping().await.expect("its turn has come");
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

    /// Two processes, jobs that take a place, give one back, fail or panic after taking, in any order.
    async fn places_never_pass_the_capacity_under_any_interleaving(db: TestDatabase) {
        let nodes = [db.open(), db.open()];
        with_counters(&nodes[0]).await;
        let runtime = tokio::runtime::Handle::current();
        let stories = tokio::task::spawn_blocking(move || {
            let mut runner = TestRunner::new(proptest::test_runner::Config { cases: 24, failure_persistence: None, ..Default::default() });
            let step = (0..2_usize, prop_oneof![4 => Just(Step::Take), 2 => Just(Step::GiveBack), 1 => Just(Step::Fail), 1 => Just(Step::Panic)]);
            runner.run(&(0..12_i32, proptest::collection::vec(step, 1..60)), |(capacity, steps)| {
                runtime.block_on(play(&nodes, capacity, steps))
            })
        });
        stories.await.expect("whole").expect("never over capacity");
    }
}

/// The lock is waited for once and not once for each of those that wait for it.
#[test]
fn a_lock_of_another_process_makes_everyone_busy_at_once() {
    crate::support::run(async {
        let test = TestDatabase::sqlite().await;
        let patience = Duration::from_millis(300);
        let db = Database::open(&DatabaseOptions { patience, ..options(test.url()) }).expect("opens");
        with_counters(&db).await;
        let file = test.url().trim_start_matches("sqlite://");
        let mut other = SqliteConnection::establish(file).expect("a second connection");
        other.batch_execute("BEGIN IMMEDIATE").expect("the lock");
        let began = Instant::now();
        let mut jobs: Vec<_> = (0..50).map(|_| Box::pin(db.write(|db| Ok::<_, DbError>(add(db, "a")?)))).collect();
        assert!(jobs.iter_mut().all(is_under_way));
        for job in jobs {
            let outcome = job.await;
            assert!(matches!(outcome, Err(DbError::Busy)), "{outcome:?}");
        }
        assert!(began.elapsed() < Duration::from_secs(5), "each waited by itself");
        other.batch_execute("ROLLBACK").expect("the lock is given back");
        db.write(|db| Ok::<_, DbError>(add(db, "a")?)).await.expect("kept");
        assert_eq!(value(&db, "a").await, 1);
    });
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Take,
    GiveBack,
    Fail,
    Panic,
}

/// Runs all steps at once and compares what the database says with what the callers were told.
async fn play(nodes: &[Database; 2], capacity: i32, steps: Vec<(usize, Step)>) -> Result<(), TestCaseError> {
    let reset = format!("UPDATE counters SET value = 0, capacity = {capacity} WHERE name = 'a'");
    nodes[0].write(move |db| Ok::<_, DbError>(db.batch_execute(&reset)?)).await.expect("reset");
    let mut jobs = tokio::task::JoinSet::new();
    for (node, step) in steps {
        let db = nodes[node].clone();
        jobs.spawn(async move {
            let outcome = db.write(move |db| take_step(db, step)).await;
            match (step, outcome) {
                (Step::Fail, Err(DbError::Query(diesel::result::Error::RollbackTransaction)))
                | (Step::Panic, Err(DbError::Panicked)) => 0,
                (_, Ok(change)) => change,
                (step, outcome) => panic!("{step:?} ended as {outcome:?}"),
            }
        });
    }
    let mut told = 0;
    while let Some(change) = jobs.join_next().await {
        told += change.expect("whole");
    }
    let taken = value(&nodes[1], "a").await;
    prop_assert_eq!(taken, told);
    prop_assert!((0..=capacity).contains(&taken));
    Ok(())
}

/// Changes the number of taken places and says by how much; never looks at it first.
fn take_step(db: &mut DbConnection, step: Step) -> Result<i32, DbError> {
    if let Step::GiveBack = step {
        return Ok(-i32::from(
            sql_query("UPDATE counters SET value = value - 1 WHERE name = 'a' AND value > 0").execute(db)? == 1,
        ));
    }
    let taken = i32::from(add(db, "a")? == 1);
    match step {
        Step::Take | Step::GiveBack => Ok(taken),
        Step::Fail => Err(DbError::Query(diesel::result::Error::RollbackTransaction)),
        Step::Panic => std::panic::resume_unwind(Box::new("on purpose")),
    }
}
