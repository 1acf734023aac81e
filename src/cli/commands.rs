//! What each command does.

use super::arguments::Command;
use crate::app::{App, Clock};
use crate::config::Settings;
use crate::serve::{self, Background};
use actix_web::web::Data;
use anyhow::Context;
use std::io::Write;

pub(super) async fn run(command: Command, settings: Settings) -> anyhow::Result<()> {
    let mut app = App::open(settings, Clock::Machine)?;
    app.demo = matches!(command, Command::Demo);
    let applied = app.db.migrate().await?;
    let app = Data::new(app);
    let done = match command {
        Command::Migrate => say(&migrated(&applied)),
        Command::Serve => serve_until_told(app.clone()).await,
        Command::Demo => listen(app.clone()).await,
        _ => Ok(()),
    };
    // Idempotent: serving has drained it already.
    app.db.shutdown().await;
    done
}

/// Writes a result line; a reader that has gone away, as `head` does, is no failure.
fn say(line: &str) -> anyhow::Result<()> {
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn migrated(applied: &[String]) -> String {
    if applied.is_empty() {
        "The database is up to date.".to_owned()
    } else {
        format!("Applied {}: {}", applied.len(), applied.join(", "))
    }
}

async fn serve_until_told(app: Data<App>) -> anyhow::Result<()> {
    listen(app).await
}

async fn listen(app: Data<App>) -> anyhow::Result<()> {
    let bind = app.settings.http.bind;
    let listener = std::net::TcpListener::bind(bind).with_context(|| format!("can't listen on http.bind = {bind}"))?;
    let running = serve::start(app.clone(), listener, Background::Running)?;
    say(&format!("Plenary serves {} (stop with Ctrl-C)", app.settings.http.public_url))?;
    serve::told_to_stop().await?;
    running.stop().await;
    Ok(())
}
