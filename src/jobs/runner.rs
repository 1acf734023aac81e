//! Looks for due jobs and runs them.

use super::schedule::{JOBS, RecurringJob};
use super::store;
use crate::app::App;
use crate::db::{DbError, LeaseId};
use actix_web::web::Data;
use chrono::TimeDelta;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// How long a run may hold a job before another process may take it over.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Pause between two looks.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// Runs due jobs until `stop` turns true.
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        run_due(&app).await;
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Runs every job that is due now, one after the other.
pub async fn run_due(app: &Data<App>) {
    for job in JOBS {
        if let Err(error) = run_if_due(app, job).await {
            tracing::error!(job = job.name, %error, "a recurring job could not be looked up or recorded");
        }
    }
}

async fn run_if_due(app: &Data<App>, job: &'static RecurringJob) -> Result<(), DbError> {
    let (now, lease) = (app.clock.now(), LeaseId::new());
    if !app.db.read(move |db| Ok::<_, DbError>(store::is_due(db, job.name, now)?)).await? {
        return Ok(());
    }
    if !app.db.write(move |db| Ok::<_, DbError>(store::take(db, job.name, now, lease, now + LEASE)?)).await? {
        return Ok(());
    }
    let begun = Instant::now();
    let failure = (job.run)(app.clone()).await.err();
    tracing::debug!(job = job.name, milliseconds = begun.elapsed().as_millis(), "a recurring job ran");
    if let Some(failure) = &failure {
        tracing::error!(job = job.name, ?failure, "a recurring job failed; it will run again");
    }
    let (finished, words) = (app.clock.now(), failure.map(|failure| failure.to_string()));
    app.db
        .write(move |db| Ok::<_, DbError>(store::finish(db, job.name, finished, lease, job.every, words.as_deref())?))
        .await?;
    Ok(())
}
