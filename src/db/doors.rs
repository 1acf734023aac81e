//! The two doors.

use super::connection::{Backend, DbConnection, OpenError, Target};
use super::error::{DbError, DbFailure};
use super::looking::{self, Pending};
use super::migrate::{self, MigrateError};
use super::types::UtcTime;
use super::writer::{Opener, Queue, TypedJob, work};
use diesel::connection::SimpleConnection;
use diesel::r2d2::{self, R2D2Connection};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, oneshot};

/// How the database is opened.
#[derive(Clone, Debug)]
pub struct DatabaseOptions {
    /// `sqlite://PATH` or `postgres://…`.
    pub url: String,
    /// Connections for reading.
    pub readers: u32,
    /// Writers that commit in groups; SQLite has exactly one.
    pub writers: u32,
    /// Write jobs that may wait.
    pub queue: usize,
    /// Write jobs in one commit.
    pub batch: usize,
    /// How long a read waits for a free connection, and a write for the locks of other processes,
    /// before it is answered "busy".
    pub patience: Duration,
}

impl Default for DatabaseOptions {
    fn default() -> Self {
        Self { url: String::new(), readers: 8, writers: 2, queue: 4096, batch: 256, patience: Duration::from_secs(10) }
    }
}

/// The database behind its two doors. Clones share it.
#[derive(Clone)]
pub struct Database(Arc<Inner>);

struct Inner {
    target: Target,
    readers: r2d2::Pool<ReaderManager>,
    /// Stands before the pool, so that waiting readers don't hold blocking threads.
    turns: Arc<Semaphore>,
    patience: Duration,
    queue: Arc<Queue>,
    writers: Mutex<Vec<JoinHandle<()>>>,
    migrated: AtomicBool,
}

struct ReaderManager(Target);

/// A connection for reading.
struct Reader {
    db: DbConnection,
    used_at: Instant,
}

/// A server that was there a moment ago needs no asking whether it still is: in a rush that would be
/// a round trip for each read.
const SURELY_THERE: Duration = Duration::from_secs(1);

impl r2d2::ManageConnection for ReaderManager {
    type Connection = Reader;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Reader, r2d2::Error> {
        let connected = self.0.connect_reader();
        let db =
            connected.map_err(|error| r2d2::Error::ConnectionError(diesel::ConnectionError::BadConnection(error)))?;
        Ok(Reader { db, used_at: Instant::now() })
    }

    fn is_valid(&self, reader: &mut Reader) -> Result<(), r2d2::Error> {
        if reader.used_at.elapsed() < SURELY_THERE {
            return Ok(());
        }
        reader.db.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        std::thread::panicking() || reader.db.is_broken()
    }
}

impl Database {
    /// Opens the database and starts its writers.
    ///
    /// # Errors
    /// Says in words what is wrong with the URL, the folder or the server.
    pub fn open(options: &DatabaseOptions) -> Result<Self, OpenError> {
        let target = Target::parse(&options.url)?;
        target.prepare()?;
        // The first writer brings a new SQLite file into being and says early what is wrong.
        drop(target.connect_writer(options.patience).map_err(OpenError::Connect)?);
        let readers = r2d2::Pool::builder()
            .max_size(options.readers)
            .min_idle(Some(1))
            .idle_timeout(Some(Duration::from_secs(300)))
            .test_on_check_out(target.backend() == Backend::Postgres)
            .connection_timeout(options.patience)
            .build(ReaderManager(target.clone()))
            .map_err(|error| OpenError::Connect(error.to_string()))?;
        let queue = Arc::new(Queue::new(options.queue));
        let count = if target.backend() == Backend::Sqlite { 1 } else { options.writers };
        let mut writers = Vec::new();
        for number in 1..=count {
            let (queue, target, batch, patience) =
                (Arc::clone(&queue), target.clone(), options.batch, options.patience);
            let thread = std::thread::Builder::new().name(format!("writer-{number}"));
            let handle = thread
                .spawn(move || work(&queue, &Opener { target, patience }, batch))
                .map_err(|error| OpenError::Connect(error.to_string()))?;
            writers.push(handle);
        }
        Ok(Self(Arc::new(Inner {
            turns: Arc::new(Semaphore::new(options.readers as usize)),
            patience: options.patience,
            writers: Mutex::new(writers),
            migrated: AtomicBool::new(false),
            target,
            readers,
            queue,
        })))
    }

    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        self.0.target.backend()
    }

    /// Brings the schema up to date; returns the names of what was applied.
    ///
    /// # Errors
    /// When a migration fails; SQLite and Postgres both undo it.
    pub async fn migrate(&self) -> Result<Vec<String>, MigrateError> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            let mut connection = inner.target.connect_writer(inner.patience).map_err(MigrateError)?;
            let applied = migrate::up(&mut connection)?;
            inner.migrated.store(true, Ordering::Release);
            Ok(applied)
        })
        .await
        .map_err(|error| MigrateError(error.to_string()))?
    }

    /// Takes every migration back, newest first, for the test that does so.
    ///
    /// # Errors
    /// When a migration can't be taken back.
    pub async fn revert_all(&self) -> Result<(), MigrateError> {
        let inner = Arc::clone(&self.0);
        tokio::task::spawn_blocking(move || {
            migrate::down(&mut inner.target.connect_writer(inner.patience).map_err(MigrateError)?)
        })
        .await
        .map_err(|error| MigrateError(error.to_string()))?
    }

    /// Copies SQLite's log back into the database file and empties it, so that what was overwritten stands nowhere
    /// any more. On Postgres nothing is done: its vacuum removes old versions of rows by itself, in its own time.
    ///
    /// # Errors
    /// When the database can't be opened. While somebody reads, the log is emptied later, by itself.
    pub async fn empty_log(&self) -> Result<(), DbError> {
        if self.backend() != Backend::Sqlite {
            return Ok(());
        }
        let inner = Arc::clone(&self.0);
        let work = move || -> Result<(), DbError> {
            let mut connection = inner.target.connect_writer(inner.patience).map_err(DbError::Unavailable)?;
            Ok(connection.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?)
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(DbError::Panicked))
    }

    /// Whether this process has seen the schema up to date.
    pub async fn is_migrated(&self) -> bool {
        self.0.migrated.load(Ordering::Acquire)
    }

    /// What speaks against the database being whole; nothing where it is.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn integrity(&self) -> Result<Vec<String>, DbError> {
        self.read(|db| Ok(looking::integrity(db)?)).await
    }

    /// Changes of the schema that are not made yet, and those that this program does not know. Changes nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn pending(&self) -> Result<Pending, DbError> {
        self.read(|db| Ok(looking::pending(db)?)).await
    }

    /// What the clock of a database server says; SQLite has none.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn clock(&self) -> Result<Option<UtcTime>, DbError> {
        self.read(|db| Ok(looking::clock(db)?)).await
    }

    /// Write jobs that wait for a writer.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.queue.len()
    }

    /// Connections for reading: open ones, and those of them that nobody uses now.
    #[must_use]
    pub fn readers(&self) -> (u32, u32) {
        let state = self.0.readers.state();
        (state.connections, state.idle_connections)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<(), DbError> {
        self.read(|db| Ok(db.ping()?)).await
    }

    /// Reads outside any transaction, off the async threads.
    ///
    /// # Errors
    /// What `job` returns; [`DbError::Busy`] when no connection gets free in time.
    pub async fn read<T, E>(&self, job: impl FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: DbFailure,
    {
        let turn = tokio::time::timeout(self.0.patience, Arc::clone(&self.0.turns).acquire_owned()).await;
        let Ok(Ok(turn)) = turn else { return Err(DbError::Busy.into()) };
        let readers = self.0.readers.clone();
        let work = move || {
            // The turn ends with the work, even when the caller has gone away meanwhile.
            let _turn = turn;
            let mut reader = readers.get().map_err(|error| E::from(DbError::Unavailable(error.to_string())))?;
            reader.used_at = Instant::now();
            let db = &mut reader.db;
            db.begin_read().map_err(DbError::from)?;
            let outcome = catch_unwind(AssertUnwindSafe(|| job(db)));
            // Nothing was changed, so that undoing is only letting go. A connection that can't is
            // known to be broken and thrown away.
            let _ = db.undo_down_to(0);
            outcome.unwrap_or_else(|_| Err(DbError::Panicked.into()))
        };
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err(DbError::Panicked.into()))
    }

    /// Runs one job as one transaction on a writer, committed together with whatever else waits.
    ///
    /// # Errors
    /// What `job` returns, and then nothing of it was kept; [`DbError::Busy`] when too much waits;
    /// [`DbError::CommitUnknown`] when nobody knows.
    pub async fn write<T, E>(&self, job: impl Fn(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: DbFailure,
    {
        let (answer, answered) = oneshot::channel();
        if let Err((_, error)) = self.0.queue.push(Box::new(TypedJob { job, result: None, answer })) {
            return Err(error.into());
        }
        // A job that was taken is always answered; a writer thread that died takes its jobs with it.
        answered.await.unwrap_or_else(|_| Err(DbError::CommitUnknown.into()))
    }

    /// Refuses new write jobs, does those that wait, and ends the writers. May be called twice.
    pub async fn shutdown(&self) {
        self.0.queue.close();
        let writers = std::mem::take(&mut *self.0.writers.lock().unwrap_or_else(PoisonError::into_inner));
        let joined = tokio::task::spawn_blocking(move || writers.into_iter().all(|writer| writer.join().is_ok())).await;
        if !matches!(joined, Ok(true)) {
            tracing::error!("a writer thread ended badly");
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.queue.close();
    }
}
