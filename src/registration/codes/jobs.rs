//! Recurring work: places of codes whose time is over become free.

use super::operations;
use crate::app::App;
use crate::web::Failure;

/// Codes looked at in one go.
const BATCH: i64 = 200;

/// Frees the places of codes whose time is over; how many codes. May run twice.
///
/// # Errors
/// When the database does not answer.
pub async fn expire(app: &App) -> Result<usize, Failure> {
    let mut total = 0;
    loop {
        let now = app.clock.now();
        let due = app.read(move |db| Ok::<_, Failure>(operations::overdue(db, now, BATCH)?)).await?;
        let (count, mut done) = (due.len(), 0);
        for code in due {
            let id = code.id;
            // One that can't be ended must not keep the others.
            match app.write(move |db, now| Ok::<_, Failure>(operations::expire(db, now, &code)?)).await {
                Ok(()) => done += 1,
                Err(error) => tracing::error!(code = %id, ?error, "the places that a code keeps can't be freed"),
            }
        }
        total += done;
        if done == 0 || i64::try_from(count).unwrap_or(0) < BATCH {
            return Ok(total);
        }
    }
}
