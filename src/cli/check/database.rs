//! The database.

use super::{Findings, data};
use crate::app::App;
use crate::config::Settings;
use crate::db::{Backend, Pending};
use secrecy::ExposeSecret;
use std::path::Path;

/// Whether there is a database to look at. On SQLite a missing file would be made by opening it.
pub(super) fn is_there(findings: &mut Findings, settings: &Settings) -> bool {
    let Some(path) = settings.database.url.expose_secret().strip_prefix("sqlite://").map(Path::new) else {
        return true;
    };
    if !path.exists() {
        let mend =
            "Start plenary serve or plenary migrate, which make it; or look at database.url and the folder you are in.";
        findings.wrong("database", format!("there is no database at {}", path.display()), mend);
        return false;
    }
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    data::writable(findings, "data", folder);
    true
}

/// Whether it answers, is whole, and has the tables of this program. False where nothing else can be asked.
pub(super) async fn state(findings: &mut Findings, app: &App) -> bool {
    let name = match app.db.backend() {
        Backend::Sqlite => "SQLite",
        Backend::Postgres => "PostgreSQL",
    };
    if let Err(error) = app.db.ping().await {
        findings.wrong(
            "database",
            format!("{name} does not answer: {error}"),
            "Look whether the server runs and lets us in.",
        );
        return false;
    }
    match app.db.integrity().await {
        Ok(problems) if problems.is_empty() => findings.fine("database", format!("{name} answers and is whole")),
        Ok(problems) => findings.wrong(
            "database",
            format!("{name} is damaged: {}", problems.join("; ")),
            "Stop Plenary, keep a copy of the files, and go back to the last backup.",
        ),
        Err(error) => findings.wrong("database", format!("{name} could not be looked through: {error}"), "Try again."),
    }
    match app.db.pending().await {
        Ok(Pending { missing, unknown }) if missing.is_empty() && unknown.is_empty() => {
            findings.fine("schema", "the tables are those of this program");
            true
        }
        Ok(Pending { missing, unknown }) if unknown.is_empty() => {
            let words =
                format!("{} changes of the tables are not made yet, the first is {}", missing.len(), missing[0]);
            findings.wrong("schema", words, "Run plenary migrate; plenary serve does it by itself.");
            false
        }
        Ok(Pending { unknown, .. }) => {
            let words = format!("the database is of a newer Plenary: it knows {}", unknown.join(", "));
            findings.wrong("schema", words, "Use the program that made it, or a newer one.");
            false
        }
        Err(error) => {
            findings.wrong("schema", format!("the list of changes could not be read: {error}"), "Try again.");
            false
        }
    }
}
