//! Recurring work: places of codes whose time is over become free.

use super::operations;
use crate::app::App;
use crate::web::Failure;

/// Codes that one transaction ends: others wait behind it.
const BATCH: i64 = 200;

/// Frees the places of codes whose time is over; how many codes. May run twice.
///
/// # Errors
/// When the database does not answer.
pub async fn expire(app: &App) -> Result<usize, Failure> {
    let mut total = 0;
    loop {
        let done = app.write(|db, now| Ok::<_, Failure>(operations::expire(db, now, BATCH)?)).await?;
        total += done;
        if i64::try_from(done).unwrap_or(0) < BATCH {
            return Ok(total);
        }
    }
}
