//! A migrated database for each test, made quickly from a template.

use super::cluster::cluster;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};
use plenary::db::{Backend, Database, DatabaseOptions};
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A database of one test's own; gone when dropped.
#[derive(Clone)]
pub(crate) struct TestDatabase {
    url: String,
    /// Uploads and mails of the test's app go here too.
    folder: Arc<TempDir>,
    _gone: Arc<Gone>,
}

/// Takes a PostgreSQL database away at the end.
struct Gone(Option<String>);

impl Drop for Gone {
    fn drop(&mut self) {
        if let Some(name) = &self.0 {
            // At worst it goes with the cluster.
            let _ = administrate(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

fn administrate(statement: &str) -> Result<(), String> {
    let mut server =
        PgConnection::establish(&format!("{}/postgres", cluster().url)).map_err(|error| error.to_string())?;
    server.batch_execute(statement).map_err(|error| error.to_string())
}

impl TestDatabase {
    /// A new migrated SQLite file.
    pub(crate) async fn sqlite() -> Self {
        static TEMPLATE: OnceCell<(TempDir, PathBuf)> = OnceCell::const_new();
        let (_, template) = TEMPLATE
            .get_or_init(|| async {
                let folder = tempfile::tempdir().expect("a folder");
                let path = folder.path().join("template.db");
                let db = Database::open(&options(&format!("sqlite://{}", path.display()))).expect("a new file opens");
                db.migrate().await.expect("migrations apply");
                db.shutdown().await;
                drop(db);
                (folder, path)
            })
            .await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("test.db");
        // The log may still hold what the main file does not.
        for suffix in ["", "-wal"] {
            let from = PathBuf::from(format!("{}{suffix}", template.display()));
            if from.exists() {
                std::fs::copy(&from, format!("{}{suffix}", path.display())).expect("a copy of the template");
            }
        }
        Self { url: format!("sqlite://{}", path.display()), folder: Arc::new(folder), _gone: Arc::new(Gone(None)) }
    }

    /// A new migrated PostgreSQL database.
    pub(crate) async fn postgres() -> Self {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        // PostgreSQL copies a template only while nobody else is connected to it.
        static COPYING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        let template = TEMPLATE
            .get_or_init(|| async {
                let name = format!("template_{}", uuid::Uuid::new_v4().simple());
                administrate(&format!("CREATE DATABASE {name}")).expect("a template database");
                let db = Database::open(&options(&format!("{}/{name}", cluster().url))).expect("the template opens");
                db.migrate().await.expect("migrations apply");
                db.shutdown().await;
                drop(db);
                // Its last connections may still be closing on the server's side; this waits for them.
                administrate(&format!(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{name}'"
                ))
                .expect("nobody is connected to the template");
                name
            })
            .await;
        let name = format!("test_{}", uuid::Uuid::new_v4().simple());
        let _alone = COPYING.lock().await;
        administrate(&format!("CREATE DATABASE {name} TEMPLATE {template}")).expect("a database from the template");
        Self {
            url: format!("{}/{name}", cluster().url),
            folder: Arc::new(tempfile::tempdir().expect("a folder")),
            _gone: Arc::new(Gone(Some(name))),
        }
    }

    /// An empty database without tables, for the tests of migrations.
    pub(crate) async fn empty(backend: Backend) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        match backend {
            Backend::Sqlite => {
                let url = format!("sqlite://{}", folder.path().join("empty.db").display());
                Self { url, folder, _gone: Arc::new(Gone(None)) }
            }
            Backend::Postgres => {
                let name = format!("empty_{}", uuid::Uuid::new_v4().simple());
                administrate(&format!("CREATE DATABASE {name}")).expect("an empty database");
                Self { url: format!("{}/{name}", cluster().url), folder, _gone: Arc::new(Gone(Some(name))) }
            }
        }
    }

    /// Its address, as `database.url` takes it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A folder of the test's own.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Opens it with few connections, as many tests run at once.
    pub(crate) fn open(&self) -> Database {
        Database::open(&options(&self.url)).expect("the test's database opens")
    }
}

/// Few connections: many tests run at once.
pub(crate) fn options(url: &str) -> DatabaseOptions {
    DatabaseOptions { url: url.to_owned(), readers: 3, writers: 2, ..DatabaseOptions::default() }
}
