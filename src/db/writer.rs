//! The writer: one thread that commits what waits together.
//!
//! It takes the waiting jobs (at most a batch), runs them inside one transaction, commits once, then
//! answers all of them. While a commit is under way the next batch gathers, so batches grow by
//! themselves exactly when the disk is slow. Nothing ever waits for company.
//!
//! Nearly always every job of a batch succeeds, so at first they run without savepoints: on Postgres
//! each costs two more round trips, and a row that many jobs change gets slower with each. When one
//! job fails, the batch is undone and run again with a savepoint for each, so that it fails alone.

use super::connection::{DbConnection, Target};
use super::error::{DbError, DbFailure, is_disconnect};
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// A job without its types.
pub(super) trait WriteJob: Send {
    /// Runs the job on an open transaction and keeps its result for later.
    fn run(&mut self, db: &mut DbConnection) -> Ran;
    /// Answers with the kept result.
    fn answer(self: Box<Self>);
    /// Answers with an error of the database, whatever the result was.
    fn fail(self: Box<Self>, error: DbError);
}

/// What running a job means for its savepoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ran {
    /// Keep what it did.
    Keep,
    /// Undo what it did; the others in the batch go on.
    Undo,
    /// It lost against another transaction: the whole batch is run again, job by job.
    Conflict,
    /// The connection is lost.
    Disconnected,
}

/// A job with its types.
pub(super) struct TypedJob<T, E, F> {
    pub(super) job: F,
    pub(super) result: Option<Result<T, E>>,
    pub(super) answer: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> WriteJob for TypedJob<T, E, F>
where
    T: Send,
    E: DbFailure,
    F: Fn(&mut DbConnection) -> Result<T, E> + Send,
{
    fn run(&mut self, db: &mut DbConnection) -> Ran {
        let result =
            catch_unwind(AssertUnwindSafe(|| (self.job)(db))).unwrap_or_else(|_| Err(DbError::Panicked.into()));
        let ran = match &result {
            Ok(_) => Ran::Keep,
            Err(error) if error.db_error().is_some_and(DbError::is_conflict) => Ran::Conflict,
            Err(error) if error.db_error().is_some_and(DbError::is_disconnect) => Ran::Disconnected,
            Err(_) => Ran::Undo,
        };
        self.result = Some(result);
        ran
    }

    fn answer(self: Box<Self>) {
        let result = self.result.unwrap_or_else(|| Err(DbError::Closed.into()));
        // The caller may have gone away; its work is kept all the same.
        let _ = self.answer.send(result);
    }

    fn fail(self: Box<Self>, error: DbError) {
        let _ = self.answer.send(Err(error.into()));
    }
}

/// The jobs that wait, bounded.
pub(super) struct Queue {
    state: Mutex<QueueState>,
    filled: Condvar,
    capacity: usize,
}

struct QueueState {
    jobs: VecDeque<Box<dyn WriteJob>>,
    closed: bool,
}

impl Queue {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(QueueState { jobs: VecDeque::new(), closed: false }),
            filled: Condvar::new(),
            capacity,
        }
    }

    /// Adds a job, or gives it back with the reason.
    pub(super) fn push(&self, job: Box<dyn WriteJob>) -> Result<(), (Box<dyn WriteJob>, DbError)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed {
            return Err((job, DbError::Closed));
        }
        if state.jobs.len() >= self.capacity {
            return Err((job, DbError::Busy));
        }
        state.jobs.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Waits for jobs and takes up to `limit` of them; `None` when closed and empty.
    fn take(&self, limit: usize) -> Option<Vec<Box<dyn WriteJob>>> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while state.jobs.is_empty() {
            if state.closed {
                return None;
            }
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let count = state.jobs.len().min(limit);
        Some(state.jobs.drain(..count).collect())
    }

    /// How many wait.
    pub(super) fn len(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).jobs.len()
    }

    /// Refuses new jobs; those that wait are still done.
    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.filled.notify_all();
    }
}

/// How a writer gets its connections.
pub(super) struct Opener {
    pub(super) target: Target,
    pub(super) patience: Duration,
}

/// Works off the queue until it is closed and empty.
pub(super) fn work(queue: &Arc<Queue>, opener: &Opener, batch: usize) {
    let mut connection: Option<DbConnection> = None;
    while let Some(jobs) = queue.take(batch) {
        // Jobs catch their own panics. Should the writer itself ever panic, the callers of this batch
        // hear "unknown" because their jobs are dropped, and those that follow are still served.
        let worked = catch_unwind(AssertUnwindSafe(|| commit_together(&mut connection, opener, jobs)));
        if worked.is_err() {
            tracing::error!("the database writer panicked and goes on with a new connection");
            connection = None;
        }
    }
}

/// How a batch ended.
enum Ended {
    /// Committed, or each job was undone for reasons of its own.
    Done,
    /// A job failed that others of the batch must not suffer for; nothing was kept.
    Apart,
    /// Nothing was kept, and running the jobs again, one by one, may succeed. Without an error the
    /// job's own result says what it lost against.
    Again(Option<DbError>),
    /// No job was run.
    NotBegun(DbError),
    /// Nothing was kept, and this is why.
    Refused(DbError),
    /// Nobody knows.
    Unknown,
}

fn commit_together(connection: &mut Option<DbConnection>, opener: &Opener, mut jobs: Vec<Box<dyn WriteJob>>) {
    let alone = jobs.len() == 1;
    let mut ended = run_batch(connection, opener, &mut jobs, Savepoints::None);
    if matches!(ended, Ended::Apart) {
        ended = run_batch(connection, opener, &mut jobs, Savepoints::Each);
    }
    match ended {
        Ended::Done => jobs.into_iter().for_each(|job| job.answer()),
        Ended::Unknown => jobs.into_iter().for_each(|job| job.fail(DbError::CommitUnknown)),
        // The next job would only wait as long for the same answer.
        Ended::NotBegun(error) => jobs.into_iter().for_each(|job| job.fail(error.again())),
        Ended::Refused(error) if alone => jobs.into_iter().for_each(|job| job.fail(error.again())),
        Ended::Apart | Ended::Again(_) | Ended::Refused(_) => {
            tracing::debug!(jobs = jobs.len(), "a batch of changes is run again one by one");
            jobs.into_iter().for_each(|job| commit_alone(connection, opener, job));
        }
    }
}

/// Attempts for one job that keeps losing against other transactions or connections.
const ATTEMPTS: u32 = 8;

fn commit_alone(connection: &mut Option<DbConnection>, opener: &Opener, job: Box<dyn WriteJob>) {
    let mut jobs = [job];
    for attempt in 1.. {
        let ended = run_batch(connection, opener, &mut jobs, Savepoints::None);
        if matches!(ended, Ended::Again(_)) && attempt < ATTEMPTS {
            // Spread, so that two writers don't meet again at the same moment.
            std::thread::sleep(Duration::from_millis(u64::from(rand::random::<u8>()) * u64::from(attempt) / 16));
            continue;
        }
        let [job] = jobs;
        return match ended {
            Ended::Done | Ended::Apart | Ended::Again(None) => job.answer(),
            Ended::Unknown => job.fail(DbError::CommitUnknown),
            Ended::Again(Some(error)) | Ended::NotBegun(error) | Ended::Refused(error) => job.fail(error),
        };
    }
}

/// Whether jobs of a batch can fail without the others.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Savepoints {
    None,
    Each,
}

/// Runs the jobs in one transaction and commits it.
fn run_batch(
    connection: &mut Option<DbConnection>,
    opener: &Opener,
    jobs: &mut [Box<dyn WriteJob>],
    savepoints: Savepoints,
) -> Ended {
    let mut db = match begun(connection.take(), opener) {
        Ok(db) => db,
        Err(error) => return Ended::NotBegun(error),
    };
    let ended = run_jobs(&mut db, jobs, savepoints);
    // Only a connection that is known to be clean is used again.
    if !matches!(ended, Ended::Unknown) && db.undo_down_to(0).is_ok() {
        *connection = Some(db);
    }
    ended
}

/// A connection with an open transaction. One that died while idle is replaced: nothing was sent on it.
fn begun(connection: Option<DbConnection>, opener: &Opener) -> Result<DbConnection, DbError> {
    if let Some(mut db) = connection {
        match db.begin_write() {
            Ok(()) => return Ok(db),
            Err(error) if is_disconnect(&error) => {}
            Err(error) => return Err(DbError::of_refusal(error)),
        }
    }
    let mut db = opener.target.connect_writer(opener.patience).map_err(DbError::Unavailable)?;
    db.begin_write().map_err(DbError::of_refusal)?;
    Ok(db)
}

fn run_jobs(db: &mut DbConnection, jobs: &mut [Box<dyn WriteJob>], savepoints: Savepoints) -> Ended {
    // A job alone needs no savepoint: undoing it is undoing the transaction.
    let alone = jobs.len() == 1;
    let mut kept = false;
    for job in jobs {
        match run_job(db, job.as_mut(), savepoints) {
            Ok(Ran::Keep) => kept = true,
            Ok(Ran::Undo) if savepoints == Savepoints::None && !alone => return Ended::Apart,
            Ok(Ran::Undo) => {}
            Ok(Ran::Conflict | Ran::Disconnected) => return Ended::Again(None),
            Err(error) if is_disconnect(&error) => return Ended::Again(Some(error.into())),
            // As when SQLite undid the whole transaction on a full disk, or a job went on after a
            // refused statement, which PostgreSQL does not allow.
            Err(error) => return Ended::Refused(DbError::of_refusal(error)),
        }
    }
    if !kept {
        // Nothing to commit; what is open is undone with the connection's return.
        return Ended::Done;
    }
    match db.commit() {
        Ok(()) => Ended::Done,
        Err(error) => commit_failed(db, error),
    }
}

/// Runs a job and keeps or undoes what it did, including savepoints of its own that a panic left open.
fn run_job(db: &mut DbConnection, job: &mut dyn WriteJob, savepoints: Savepoints) -> diesel::QueryResult<Ran> {
    if savepoints == Savepoints::Each {
        db.begin_savepoint()?;
    }
    let ran = job.run(db);
    match ran {
        Ran::Keep => db.keep_down_to(1)?,
        Ran::Undo if savepoints == Savepoints::Each => db.undo_down_to(1)?,
        Ran::Undo | Ran::Conflict | Ran::Disconnected => {}
    }
    Ok(ran)
}

/// The commit was sent and the answer was not "done". Only where it is certain that nothing was kept
/// may anything be run again; all else is unknown.
fn commit_failed(db: &mut DbConnection, error: diesel::result::Error) -> Ended {
    if matches!(db, DbConnection::Sqlite(_)) {
        // After a failed sync the commit may still be found in the log at the next start. Any other
        // refusal, as of a full disk, is undone before it is reported.
        return match error.to_string().contains("disk I/O error") {
            true => Ended::Unknown,
            false => Ended::Refused(DbError::of_refusal(error)),
        };
    }
    let lost = is_disconnect(&error);
    // The server did not come to the commit: a job went on after a refused statement.
    let never_committed = db.depth().is_ok_and(|depth| depth > 0);
    let error = DbError::from(error);
    match error {
        _ if lost => Ended::Unknown,
        error if never_committed || error.is_violation() => Ended::Refused(error),
        error if error.is_conflict() => Ended::Again(Some(error)),
        _ => Ended::Unknown,
    }
}
