//! What tests stand on: databases of their own, a running app, a mail server.

pub(crate) mod app;
pub(crate) mod cluster;
pub(crate) mod database;
pub(crate) mod given;
pub(crate) mod smtp;

#[allow(unused_imports, reason = "each area's tests use their part")]
pub(crate) use app::{Answer, Client, Mail, PASSWORD, Role, TestApp};
pub(crate) use database::TestDatabase;

/// Runs one test on a runtime of its own.
pub(crate) fn run(story: impl Future<Output = ()>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    runtime.block_on(story);
}

/// Writes a test once and runs it on SQLite and on PostgreSQL, as `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both_databases {
    ($($(#[$doc:meta])* async fn $name:ident($db:ident: TestDatabase) $body:block)+) => {$(
        $(#[$doc])*
        mod $name {
            #[allow(unused_imports, reason = "a test needs what its file imports, whatever that is")]
            use super::*;

            async fn story($db: $crate::support::TestDatabase) $body

            #[test]
            fn sqlite() {
                $crate::support::run(async { story($crate::support::TestDatabase::sqlite().await).await });
            }

            #[test]
            fn postgres() {
                $crate::support::run(async { story($crate::support::TestDatabase::postgres().await).await });
            }
        }
    )+};
}
