//! Writing what was counted in memory. Each process writes its own counts, so this needs no lease.

use super::openings;
use crate::app::App;
use actix_web::web::Data;
use std::time::Duration;
use tokio::sync::watch;

/// Pause between two writes: what a process that dies loses at most.
const PAUSE: Duration = Duration::from_secs(60);

/// Writes openings of the form each minute until `stop` turns true; the last ones are written by whoever
/// stops the process, once nobody asks for pages any more.
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => write(&app).await,
            _ = stop.changed() => {}
        }
    }
}

/// Writes now; what could not be written waits for the next time.
pub async fn write(app: &App) {
    if let Err(error) = openings::write(app).await {
        tracing::warn!(%error, "openings of the form could not be written; they are kept for the next time");
    }
}
