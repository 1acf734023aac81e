//! One connection to either database, chosen by the URL's scheme.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A connection to either database. It can do what both have in common; the rest goes through
/// [`each_backend!`](crate::each_backend).
#[derive(diesel::MultiConnection)]
pub enum DbConnection {
    /// Embedded.
    Sqlite(SqliteConnection),
    /// A server.
    Postgres(PgConnection),
}

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// Embedded, the default.
    Sqlite,
    /// A server, for when one machine is not enough.
    Postgres,
}

/// The database can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The URL names no database that we know.
    #[error("database.url should begin with sqlite:// or postgres://")]
    UnknownScheme,
    /// The folder of the database file can't be made.
    #[error("can't make the folder {folder} for the database: {source}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The first connection failed.
    #[error("can't open the database: {0}")]
    Connect(String),
}

/// Where the database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Sqlite(PathBuf),
    Postgres(String),
}

impl Target {
    /// Reads a URL. The scheme decides, never a guess: SQLite would take any text for a file name.
    pub(super) fn parse(url: &str) -> Result<Self, OpenError> {
        if let Some(path) = url.strip_prefix("sqlite://") {
            if path.is_empty() || path == ":memory:" {
                return Err(OpenError::UnknownScheme);
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(with_patience(url)));
        }
        Err(OpenError::UnknownScheme)
    }

    pub(super) fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Makes what must stand before the first connection.
    pub(super) fn prepare(&self) -> Result<(), OpenError> {
        let Self::Sqlite(path) = self else { return Ok(()) };
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|source| OpenError::Folder { folder: folder.to_owned(), source })
    }

    /// A connection that may write. It waits for locks of others as long as `patience`.
    pub(super) fn connect_writer(&self, patience: Duration) -> Result<DbConnection, String> {
        let patience = patience.as_millis();
        self.connect(
            &format!("PRAGMA busy_timeout = {patience}; {SQLITE_WRITER}"),
            &format!("SET lock_timeout = {patience}; {POSTGRES_WRITER}"),
        )
    }

    /// A connection that can't write, even by mistake.
    pub(super) fn connect_reader(&self) -> Result<DbConnection, String> {
        self.connect(SQLITE_READER, "SET TIME ZONE 'UTC'; SET default_transaction_read_only = on;")
    }

    fn connect(&self, sqlite_pragmas: &str, postgres_session: &str) -> Result<DbConnection, String> {
        match self {
            Self::Sqlite(path) => {
                let name = path.to_str().ok_or("the path of the database file is not valid UTF-8")?;
                let mut connection = SqliteConnection::establish(name).map_err(|error| format!("{name}: {error}"))?;
                connection.batch_execute(sqlite_pragmas).map_err(|error| format!("{name}: {error}"))?;
                Ok(DbConnection::Sqlite(connection))
            }
            Self::Postgres(url) => {
                let mut connection = PgConnection::establish(url).map_err(|error| error.to_string())?;
                connection.batch_execute(postgres_session).map_err(|error| error.to_string())?;
                Ok(DbConnection::Postgres(connection))
            }
        }
    }
}

/// Adds what the URL leaves open, so that a server that vanished is noticed in seconds and not in
/// the quarter of an hour that the system's own defaults take.
fn with_patience(url: &str) -> String {
    let mut url = url.to_owned();
    for (name, value) in
        [("connect_timeout", "10"), ("tcp_user_timeout", "30000"), ("fallback_application_name", "plenary")]
    {
        if !url.contains(&format!("{name}=")) {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(&format!("{name}={value}"));
        }
    }
    url
}

/// `synchronous = FULL`: what was answered survives power loss; group commit makes it cheap. The log
/// is copied back after 32 MiB, not after SQLite's 4: a hundred registrations fill that, and each
/// copying back waits for the disk twice. `secure_delete`: what is deleted is overwritten with zeros, because
/// people are promised that it is gone.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; \
    PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864;";

const SQLITE_READER: &str = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON; \
    PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA mmap_size = 268435456;";

/// Deadlocks can only be told by their English words. Not every account may choose the language of
/// messages, so a refusal is passed over.
const POSTGRES_WRITER: &str = "SET TIME ZONE 'UTC'; SET idle_in_transaction_session_timeout = '60s'; \
    DO $$ BEGIN SET lc_messages = 'C'; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;";

impl DbConnection {
    /// Which database it is.
    #[must_use]
    pub fn backend(&self) -> Backend {
        match self {
            Self::Sqlite(_) => Backend::Sqlite,
            Self::Postgres(_) => Backend::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite the write lock is taken at once: after a
    /// plain `BEGIN`, reading first and writing later is refused when another writer was faster.
    pub(super) fn begin_write(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE"),
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
        }
    }

    /// Begins reading. On SQLite all that follows sees one moment, and locks are taken once instead of
    /// for each query. On Postgres each query sees what is committed when it runs: a transaction
    /// would cost two more round trips.
    pub(super) fn begin_read(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection),
            Self::Postgres(_) => Ok(()),
        }
    }

    pub(super) fn begin_savepoint(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection),
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
        }
    }

    /// How many transactions and savepoints are open.
    pub(super) fn depth(&mut self) -> QueryResult<u32> {
        use diesel::connection::{AnsiTransactionManager as Manager, TransactionManager};
        let depth = match self {
            Self::Sqlite(connection) => Manager::transaction_manager_status_mut(connection).transaction_depth(),
            Self::Postgres(connection) => Manager::transaction_manager_status_mut(connection).transaction_depth(),
        };
        depth.map(|depth| depth.map_or(0, std::num::NonZeroU32::get))
    }

    /// Releases the savepoints above `depth`: what they did becomes part of what is below.
    pub(super) fn keep_down_to(&mut self, depth: u32) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        while self.depth()? > depth {
            match self {
                Self::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection)?,
                Self::Postgres(connection) => AnsiTransactionManager::commit_transaction(connection)?,
            }
        }
        if self.depth()? < depth { Err(diesel::result::Error::NotInTransaction) } else { Ok(()) }
    }

    /// Undoes the savepoints above `depth`, and at 0 the transaction itself.
    pub(super) fn undo_down_to(&mut self, depth: u32) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        while self.depth()? > depth {
            match self {
                Self::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection)?,
                Self::Postgres(connection) => AnsiTransactionManager::rollback_transaction(connection)?,
            }
        }
        if self.depth()? < depth { Err(diesel::result::Error::NotInTransaction) } else { Ok(()) }
    }

    /// Commits the transaction.
    ///
    /// PostgreSQL answers `COMMIT` with success even when an earlier statement was refused and all is
    /// rolled back. The `SELECT` before it, in the same message, fails in that state; then the
    /// transaction is still open afterwards.
    pub(super) fn commit(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection),
            Self::Postgres(connection) => connection.batch_execute("SELECT 1; COMMIT"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_decides_the_backend() {
        assert_eq!(Target::parse("sqlite://data/x.db").expect("a path"), Target::Sqlite("data/x.db".into()));
        assert_eq!(Target::parse("postgresql://h/db").expect("a server").backend(), Backend::Postgres);
        for wrong in ["data/x.db", "mysql://h/db", "sqlite://", "", "postgres"] {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_a_postgres_url_says_is_kept_and_the_rest_is_added() {
        assert_eq!(
            with_patience("postgres://h/db?connect_timeout=3"),
            "postgres://h/db?connect_timeout=3&tcp_user_timeout=30000&fallback_application_name=plenary"
        );
        assert!(with_patience("postgres://h/db").starts_with("postgres://h/db?connect_timeout=10&"));
    }
}
