//! Workers: claim a proposal with a lease, search outside any transaction, record.

use super::model::{Progress, ProposalState};
use super::operations::{self, Claimed, ProposalError};
use super::outcome::{Outcome, propose};
use super::search::Watched;
use crate::app::App;
use crate::schedule::draft::Draft;
use actix_web::web::Data;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// The longest wait for the bell: a proposal asked for at another node, or left by a dead one, is
/// found by then.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Pause between two records of progress.
const RECORD: Duration = Duration::from_secs(1);

/// Rings when a proposal is asked for in this process, so that it begins at once.
#[derive(Debug, Default)]
pub struct Bell(Notify);

impl Bell {
    /// Wakes the worker.
    pub fn ring(&self) {
        self.0.notify_one();
    }

    /// Waits for the bell.
    pub async fn rung(&self) {
        self.0.notified().await;
    }
}

/// Makes proposals until `stop` turns true: whenever the bell rings, and every few seconds.
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = run_due(&app, &stop).await {
            tracing::error!(%error, "a proposal could not be claimed or recorded");
        }
        tokio::select! {
            () = app.proposals.rung() => {}
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Makes every proposal that waits, one after the other: each takes two threads already.
///
/// # Errors
/// When the database refuses; what was claimed comes back when its lease ends.
pub async fn run_due(app: &Data<App>, stop: &watch::Receiver<bool>) -> Result<(), ProposalError> {
    while !*stop.borrow() {
        let now = app.clock.now();
        if !app.db.read(move |db| Ok::<_, ProposalError>(operations::is_waiting(db, now)?)).await? {
            return Ok(());
        }
        let Some(claimed) = app.db.write(move |db| operations::claim(db, now)).await? else { continue };
        work(app, claimed, stop.clone()).await?;
    }
    Ok(())
}

async fn work(app: &Data<App>, claimed: Claimed, stop: watch::Receiver<bool>) -> Result<(), ProposalError> {
    let event = claimed.event.clone();
    let draft = app.db.read(move |db| Ok::<_, ProposalError>(crate::schedule::operations::draft(db, &event)?)).await?;
    let watched = Arc::new(Watched::default());
    if claimed.proposal.stop_asked {
        watched.stop();
    }
    let search = begin(draft, &claimed, Arc::clone(&watched));
    let Some((outcome, progress, ended)) = attend(app, &claimed, &watched, search, stop).await? else {
        return Ok(());
    };
    let held = (claimed.proposal.id, claimed.lease);
    let now = app.clock.now();
    app.db
        .write(move |db| {
            let result = outcome.as_ref().map_err(String::as_str);
            operations::finish(db, now, held, ended, progress, result)
        })
        .await
}

fn begin(draft: Draft, claimed: &Claimed, watched: Arc<Watched>) -> JoinHandle<Outcome> {
    let request = claimed.proposal.request.clone().into_inner();
    tokio::task::spawn_blocking(move || propose(&draft, &request, None, &watched))
}

type Ended = (Result<Outcome, String>, Progress, ProposalState);

/// Records progress while the search runs. Nothing when the proposal was given back or is another's now.
async fn attend(
    app: &Data<App>,
    claimed: &Claimed,
    watched: &Arc<Watched>,
    mut search: JoinHandle<Outcome>,
    mut stop: watch::Receiver<bool>,
) -> Result<Option<Ended>, ProposalError> {
    let (id, lease) = (claimed.proposal.id, claimed.lease);
    let mut stopped = claimed.proposal.stop_asked;
    let began = tokio::time::Instant::now();
    loop {
        tokio::select! {
            outcome = &mut search => {
                let state = match (&outcome, stopped) {
                    (Err(_), _) => ProposalState::Failed,
                    (_, true) => ProposalState::Stopped,
                    (_, false) => ProposalState::Done,
                };
                let outcome = outcome.map_err(|error| error.to_string());
                let progress = last_progress(claimed.progress, began, outcome.as_ref().ok());
                return Ok(Some((outcome, progress, state)));
            }
            () = tokio::time::sleep(RECORD) => {
                let (now, progress) = (app.clock.now(), progress_of(claimed.progress, began, watched));
                match app.db.write(move |db| operations::record(db, now, id, lease, progress)).await? {
                    None => {
                        watched.stop();
                        return Ok(None);
                    }
                    Some(true) => {
                        stopped = true;
                        watched.stop();
                    }
                    Some(false) => {}
                }
            }
            _ = stop.changed() => {
                watched.stop();
                app.db.write(move |db| operations::give_back(db, id, lease)).await?;
                return Ok(None);
            }
        }
    }
}

fn seconds(began: tokio::time::Instant) -> u32 {
    u32::try_from(began.elapsed().as_secs()).unwrap_or(u32::MAX)
}

fn progress_of(progress: Progress, began: tokio::time::Instant, watched: &Watched) -> Progress {
    let (cost, placed) =
        watched.best().map_or((0, 0), |(cost, missing)| (cost, watched.wanted().saturating_sub(missing)));
    Progress { wanted: watched.wanted(), placed, cost, seconds: seconds(began), ..progress }
}

fn last_progress(progress: Progress, began: tokio::time::Instant, outcome: Option<&Outcome>) -> Progress {
    let Some(outcome) = outcome else { return progress };
    let missing = u32::try_from(outcome.unplaced.len()).unwrap_or(0);
    let cost = outcome.after.total(&outcome.weights);
    Progress {
        wanted: outcome.wanted,
        placed: outcome.wanted.saturating_sub(missing),
        cost,
        seconds: seconds(began),
        ..progress
    }
}
