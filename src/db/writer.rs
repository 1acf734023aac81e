//! The writer: one thread that commits what waits together.
//!
//! It takes the waiting jobs (at most a batch), runs each in a savepoint inside one transaction,
//! commits once, then answers all of them. While a commit is under way the next batch gathers, so
//! batches grow by themselves exactly when the disk is slow. Nothing ever waits for company.

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

    /// Refuses new jobs; those that wait are still done.
    pub(super) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.filled.notify_all();
    }
}

/// Works off the queue until it is closed and empty.
pub(super) fn work(queue: &Arc<Queue>, target: &Target, batch: usize) {
    let mut connection: Option<DbConnection> = None;
    while let Some(jobs) = queue.take(batch) {
        commit_together(&mut connection, target, jobs);
    }
}

/// A connection to work with; a new one when the last was lost.
fn connected<'a>(connection: &'a mut Option<DbConnection>, target: &Target) -> Result<&'a mut DbConnection, DbError> {
    if connection.is_none() {
        *connection = Some(target.connect_writer().map_err(DbError::Unavailable)?);
    }
    connection.as_mut().ok_or_else(|| DbError::Unavailable("no connection".to_owned()))
}

/// How a batch ended.
enum Ended {
    /// Committed, or each job was undone for reasons of its own.
    Done,
    /// Nothing was kept and running the jobs again, one by one, may succeed.
    Again,
    /// Nothing was kept, and this is why.
    Refused(DbError),
    /// Nobody knows.
    Unknown,
}

fn commit_together(connection: &mut Option<DbConnection>, target: &Target, mut jobs: Vec<Box<dyn WriteJob>>) {
    match run_batch(connection, target, &mut jobs) {
        Ended::Done => jobs.into_iter().for_each(|job| job.answer()),
        Ended::Unknown => jobs.into_iter().for_each(|job| job.fail(DbError::CommitUnknown)),
        Ended::Refused(error) if jobs.len() == 1 => jobs.into_iter().for_each(|job| job.fail(same(&error))),
        Ended::Again | Ended::Refused(_) => jobs.into_iter().for_each(|job| commit_alone(connection, target, job)),
    }
}

/// Attempts for one job that keeps losing against other transactions or connections.
const ATTEMPTS: u32 = 8;

fn commit_alone(connection: &mut Option<DbConnection>, target: &Target, job: Box<dyn WriteJob>) {
    let mut jobs = vec![job];
    for attempt in 1..=ATTEMPTS {
        let ended = run_batch(connection, target, &mut jobs);
        let Some(job) = jobs.pop() else { return };
        match ended {
            Ended::Done => return job.answer(),
            Ended::Unknown => return job.fail(DbError::CommitUnknown),
            Ended::Refused(error) => return job.fail(error),
            // The kept result says what it lost against.
            Ended::Again if attempt == ATTEMPTS => return job.answer(),
            Ended::Again => {
                // Spread, so that two writers don't meet again at the same moment.
                std::thread::sleep(Duration::from_millis(u64::from(rand::random::<u8>()) * u64::from(attempt) / 16));
                jobs.push(job);
            }
        }
    }
}

/// Runs the jobs in one transaction and commits it.
fn run_batch(connection: &mut Option<DbConnection>, target: &Target, jobs: &mut [Box<dyn WriteJob>]) -> Ended {
    let db = match connected(connection, target) {
        Ok(db) => db,
        Err(error) => return Ended::Refused(error),
    };
    let ended = match db.begin_write() {
        Ok(()) => run_jobs(db, jobs),
        // Nothing has been sent: a connection that died while idle is simply replaced.
        Err(error) if is_disconnect(&error) => Ended::Again,
        Err(error) => Ended::Refused(error.into()),
    };
    if !matches!(ended, Ended::Done) {
        // Whatever state it is in, a new connection is known to be clean.
        *connection = None;
    }
    ended
}

fn run_jobs(db: &mut DbConnection, jobs: &mut [Box<dyn WriteJob>]) -> Ended {
    // A job alone needs no savepoint: undoing it is undoing the transaction.
    let alone = jobs.len() == 1;
    let mut kept = false;
    for job in jobs {
        match run_in_savepoint(db, job.as_mut(), alone) {
            Ok(Ran::Keep) => kept = true,
            Ok(Ran::Undo) if alone => return undone(db.rollback()),
            Ok(Ran::Undo) => {}
            Ok(Ran::Conflict | Ran::Disconnected) => return given_up(db),
            Err(error) if is_disconnect(&error) => return Ended::Again,
            Err(error) => {
                return match given_up(db) {
                    Ended::Again => Ended::Refused(error.into()),
                    other => other,
                };
            }
        }
    }
    if !kept {
        return undone(db.rollback());
    }
    match db.commit() {
        Ok(()) => Ended::Done,
        Err(error) => commit_failed(db, error),
    }
}

fn run_in_savepoint(db: &mut DbConnection, job: &mut dyn WriteJob, alone: bool) -> diesel::QueryResult<Ran> {
    if alone {
        return Ok(job.run(db));
    }
    db.begin_savepoint()?;
    let ran = job.run(db);
    match ran {
        Ran::Keep => db.commit()?,
        Ran::Undo => db.rollback()?,
        Ran::Conflict | Ran::Disconnected => {}
    }
    Ok(ran)
}

/// The batch is undone as a whole and run again.
fn given_up(db: &mut DbConnection) -> Ended {
    // Both levels; the connection is thrown away by the caller, so a refusal changes nothing.
    let _ = db.rollback();
    let _ = db.rollback();
    Ended::Again
}

fn undone(rolled_back: diesel::QueryResult<()>) -> Ended {
    match rolled_back {
        Ok(()) => Ended::Done,
        // The results are all errors already; the connection is replaced.
        Err(_) => Ended::Done,
    }
}

/// The commit was sent and the answer was not "done".
fn commit_failed(db: &mut DbConnection, error: diesel::result::Error) -> Ended {
    let lost = is_disconnect(&error);
    let error = DbError::from(error);
    match db {
        DbConnection::Postgres(_) if lost => Ended::Unknown,
        // A server that answers "no" has kept nothing.
        DbConnection::Postgres(_) if error.is_conflict() => Ended::Again,
        DbConnection::Postgres(_) => Ended::Refused(error),
        // After a failed sync the commit may still be found in the log at the next start.
        DbConnection::Sqlite(_) if error.to_string().contains("disk I/O error") => Ended::Unknown,
        DbConnection::Sqlite(_) => {
            let _ = db.rollback();
            Ended::Refused(error)
        }
    }
}

/// The same error for one more caller; diesel's errors can't be cloned.
fn same(error: &DbError) -> DbError {
    match error {
        DbError::Query(diesel::result::Error::DatabaseError(_, details)) => {
            DbError::Unavailable(details.message().to_owned())
        }
        DbError::Unavailable(words) => DbError::Unavailable(words.clone()),
        other => DbError::Unavailable(other.to_string()),
    }
}
