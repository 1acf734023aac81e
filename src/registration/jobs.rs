//! What the clock does to registrations.

use super::operations;
use crate::app::App;
use crate::web::Failure;
use chrono::TimeDelta;

/// Registrations ended in one transaction, so that nobody who registers meanwhile waits long.
const BATCH: i64 = 200;
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
        let ended = app.write(move |db, now| Ok::<_, Failure>(operations::expire(db, now, &due)?)).await?;
        total += ended;
        // Whoever else ended them leaves nothing to repeat for.
        if is_last || ended == 0 {
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
