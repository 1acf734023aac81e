//! What can go wrong between a job and its database.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// Why a job's work is not known to be kept.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database refused a statement; nothing of the job was kept.
    #[error(transparent)]
    Query(DieselError),
    /// Too many jobs wait already; nothing was begun.
    #[error("the database is busy")]
    Busy,
    /// The connection broke while the commit was under way: the work is kept or it is not, and
    /// nobody knows. It is never repeated by itself.
    #[error("it is not known whether the change was kept: the connection broke during the commit")]
    CommitUnknown,
    /// No connection could be had.
    #[error("the database can't be reached: {0}")]
    Unavailable(String),
    /// The job panicked; nothing of it was kept.
    #[error("a database job panicked")]
    Panicked,
    /// The process is stopping; nothing was begun.
    #[error("the database is closed because the process is stopping")]
    Closed,
}

impl From<DieselError> for DbError {
    fn from(error: DieselError) -> Self {
        Self::Query(error)
    }
}

impl DbError {
    /// Whether running the same job again may well succeed: it lost against another transaction.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Query(DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _)) => true,
            // diesel has no kind of its own for SQLSTATE 40P01.
            Self::Query(DieselError::DatabaseError(DatabaseErrorKind::Unknown, details)) => {
                details.message().contains("deadlock detected")
            }
            _ => false,
        }
    }

    /// Whether a rule of a table refused the work, which certainly kept nothing.
    pub(super) fn is_violation(&self) -> bool {
        use DatabaseErrorKind as Kind;
        matches!(
            self,
            Self::Query(DieselError::DatabaseError(
                Kind::UniqueViolation
                    | Kind::ForeignKeyViolation
                    | Kind::NotNullViolation
                    | Kind::CheckViolation
                    | Kind::RestrictViolation
                    | Kind::ExclusionViolation,
                _
            ))
        )
    }

    /// The error of a transaction that could not begin or was refused at its end, when nothing was kept.
    pub(super) fn of_refusal(error: DieselError) -> Self {
        match error {
            DieselError::RollbackErrorOnCommit { commit_error, .. } => Self::of_refusal(*commit_error),
            // Another process holds SQLite's write lock for longer than we waited.
            DieselError::DatabaseError(DatabaseErrorKind::Unknown, details)
                if details.message() == "database is locked" =>
            {
                Self::Busy
            }
            error => Self::Query(error),
        }
    }

    /// The same error for one more caller; diesel's errors can't be cloned.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Busy => Self::Busy,
            Self::CommitUnknown => Self::CommitUnknown,
            Self::Panicked => Self::Panicked,
            Self::Closed => Self::Closed,
            Self::Unavailable(words) => Self::Unavailable(words.clone()),
            Self::Query(error) => Self::Unavailable(error.to_string()),
        }
    }

    /// Whether the connection itself is lost.
    #[must_use]
    pub fn is_disconnect(&self) -> bool {
        matches!(self, Self::Query(error) if is_disconnect(error))
    }
}

/// Whether a diesel error means that the connection is lost.
pub(super) fn is_disconnect(error: &DieselError) -> bool {
    match error {
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand, _)
        | DieselError::BrokenTransactionManager => true,
        DieselError::RollbackErrorOnCommit { commit_error, .. } => is_disconnect(commit_error),
        _ => false,
    }
}

/// An error that a database job may return: it can hold what the database said, and the writer can
/// look at that to see whether the job should run again.
pub trait DbFailure: From<DbError> + From<DieselError> + Send + 'static {
    /// What the database said, if that is the error.
    fn db_error(&self) -> Option<&DbError>;
}

impl DbFailure for DbError {
    fn db_error(&self) -> Option<&DbError> {
        Some(self)
    }
}

/// Makes an area's error enum with a variant `Db(DbError)` fit for database jobs.
#[macro_export]
macro_rules! db_failure {
    ($name:ty) => {
        impl From<$crate::db::DbError> for $name {
            fn from(error: $crate::db::DbError) -> Self {
                Self::Db(error)
            }
        }

        impl From<diesel::result::Error> for $name {
            fn from(error: diesel::result::Error) -> Self {
                Self::Db(error.into())
            }
        }

        impl $crate::db::DbFailure for $name {
            fn db_error(&self) -> Option<&$crate::db::DbError> {
                match self {
                    Self::Db(error) => Some(error),
                    _ => None,
                }
            }
        }
    };
}

/// Runs the same expression on the connection of whichever backend it is, for statements that both
/// databases know and the enum connection does not (upserts, many rows), or that are asked so often that looking
/// for the prepared one by its text would cost (the enum connection does). Only in `store.rs`.
///
/// ```text
/// each_backend!(connection, db => diesel::insert_into(t).values(rows).on_conflict_do_nothing().execute(db))
/// ```
#[macro_export]
macro_rules! each_backend {
    ($connection:expr, $db:ident => $body:expr) => {
        match $connection {
            $crate::db::DbConnection::Sqlite($db) => $body,
            $crate::db::DbConnection::Postgres($db) => $body,
        }
    };
}
