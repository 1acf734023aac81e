//! One connection to either database, chosen by the URL's scheme.

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, QueryResult, SqliteConnection};
use std::path::{Path, PathBuf};

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
            return Ok(Self::Postgres(url.to_owned()));
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

    /// A connection that may write.
    pub(super) fn connect_writer(&self) -> Result<DbConnection, String> {
        self.connect(SQLITE_WRITER, POSTGRES_SESSION)
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

/// `synchronous = FULL`: what was answered survives power loss; group commit makes it cheap.
const SQLITE_WRITER: &str = "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
    PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA journal_size_limit = 67108864;";

const SQLITE_READER: &str = "PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON; PRAGMA query_only = ON; \
    PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA mmap_size = 268435456;";

const POSTGRES_SESSION: &str =
    "SET TIME ZONE 'UTC'; SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s';";

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

    pub(super) fn begin_savepoint(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection),
            Self::Postgres(connection) => AnsiTransactionManager::begin_transaction(connection),
        }
    }

    /// Commits the innermost transaction or releases the innermost savepoint.
    pub(super) fn commit(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::commit_transaction(connection),
            Self::Postgres(connection) => AnsiTransactionManager::commit_transaction(connection),
        }
    }

    /// Undoes the innermost transaction or savepoint.
    pub(super) fn rollback(&mut self) -> QueryResult<()> {
        use diesel::connection::{AnsiTransactionManager, TransactionManager};
        match self {
            Self::Sqlite(connection) => AnsiTransactionManager::rollback_transaction(connection),
            Self::Postgres(connection) => AnsiTransactionManager::rollback_transaction(connection),
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
}
