//! The database: two doors, two backends, one set of types.
//!
//! [`Database::read`] and [`Database::write`] are the only ways in; both run off the async
//! threads. Writes go through a writer thread that commits what waits together (group commit), so
//! that a rush of registrations pays for few disk syncs. Write jobs are `Fn`: they may run twice
//! and do nothing outside their transaction.

mod connection;
mod doors;
mod error;
mod ids;
mod looking;
mod migrate;
pub mod schema;
mod types;
mod writer;

pub use connection::{Backend, DbConnection, OpenError};
pub use doors::{Database, DatabaseOptions};
pub use error::{DbError, DbFailure};
pub use ids::*;
pub use looking::Pending;
pub use migrate::{MigrateError, names as migration_names};
pub use types::*;
