//! What the clock does to registrations.

use super::mails::prepare_offer;
use super::operations;
use crate::app::App;
use crate::audit::Actor;
use crate::db::{DbConnection, RegistrationId};
use crate::web::Failure;
use chrono::TimeDelta;

/// Registrations ended in one transaction, so that nobody who registers meanwhile waits long.
const BATCH: i64 = 200;
/// Places of a category offered in one transaction.
const OFFERED: usize = 200;
/// How long a submission is remembered.
const REMEMBERED: TimeDelta = TimeDelta::days(2);
/// How far back turns are looked for: longer than the pause between two runs of the job.
const LOOK_BACK: TimeDelta = TimeDelta::seconds(90);

/// Frees the places of registrations whose link ran out, and lets public pages follow categories
/// that opened or closed. May run twice at once: guarded updates decide.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(app: &App) -> Result<usize, Failure> {
    app.write(move |db, now| Ok::<_, Failure>(operations::note_turns(db, now - LOOK_BACK, now)?)).await?;
    let mut total = 0;
    loop {
        let now = app.clock.now();
        let due = app.read(move |db| Ok::<_, Failure>(operations::overdue(db, now, BATCH)?)).await?;
        let is_last = (due.len() as i64) < BATCH;
        if due.is_empty() {
            return Ok(total);
        }
        let all = due.clone();
        let ended = match app.write(move |db, now| Ok::<_, Failure>(operations::expire(db, now, &all)?)).await {
            Ok(ended) => ended,
            Err(_) => expire_each(app, due).await,
        };
        total += ended;
        // Whoever else ended them leaves nothing to repeat for.
        if is_last || ended == 0 {
            return Ok(total);
        }
    }
}

/// Ends registrations one by one: one that can't be ended must not keep the others.
async fn expire_each(app: &App, due: Vec<RegistrationId>) -> usize {
    let mut ended = 0;
    for id in due {
        match app.write(move |db, now| Ok::<_, Failure>(operations::expire(db, now, &[id])?)).await {
            Ok(count) => ended += count,
            Err(error) => {
                tracing::error!(registration = %id, ?error, "a registration whose time is over can't be ended");
            }
        }
    }
    ended
}

/// Ends offers of places whose time is over, then offers what is free to those who wait, in order; how
/// many were offered. Two processes that do this at once offer each place once.
///
/// # Errors
/// When the database refuses.
pub async fn hand_on(app: &App) -> Result<usize, Failure> {
    loop {
        let lapsed = app.write(|db, now| operations::waiting::lapse(db, now, BATCH)).await;
        match lapsed {
            Ok(count) if (count as i64) < BATCH => break,
            Ok(_) => {}
            Err(operations::StandingError::Db(error)) => return Err(error.into()),
            // Someone answered meanwhile; the next run finds the rest.
            Err(_) => break,
        }
    }
    let mut total = 0;
    loop {
        let now = app.clock.now();
        let queues = app.read(move |db| Ok::<_, Failure>(operations::waiting::next_in_line(db, now, OFFERED)?)).await?;
        let mut prepared = Vec::new();
        for queue in queues {
            for (registration, why) in queue.next {
                prepared.push(prepare_offer(app, &queue.event, registration, (&queue.category, why))?);
            }
        }
        if prepared.is_empty() {
            return Ok(total);
        }
        let job =
            move |db: &mut DbConnection, now| operations::waiting::offer(db, now, (Actor::System, None), &prepared);
        let done = app.write(job).await?;
        total += done;
        // Whoever else took them leaves nothing to repeat for.
        if done == 0 {
            return Ok(total);
        }
    }
}

/// Deletes idempotency keys that nobody will repeat.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old_keys(app: &App) -> Result<usize, Failure> {
    app.write(move |db, now| Ok::<_, Failure>(operations::forget_submissions(db, now - REMEMBERED)?)).await
}
