//! What the clock does to offers.

use super::mails::TransferLetter;
use super::model::TransferOutcome;
use super::operations::{self, TransferError};
use crate::app::App;
use crate::db::DbConnection;
use crate::web::Failure;

/// Offers ended in one run.
const BATCH: i64 = 100;

/// Ends offers that nobody answered in time, and tells those who made them; how many.
///
/// # Errors
/// When the database refuses.
pub async fn end_overdue(app: &App) -> Result<usize, Failure> {
    let now = app.clock.now();
    let due = app.read(move |db| Ok::<_, Failure>(operations::overdue(db, now, BATCH)?)).await?;
    let mut count = 0;
    for offered in due {
        let message = TransferLetter::of(app, &offered).not_wanted()?;
        let job = move |db: &mut DbConnection, now| {
            let of = (&offered.sender, &offered.transfer, TransferOutcome::RanOut);
            operations::end_unwanted(db, now, of, &message)
        };
        match app.write(job).await {
            Ok(()) => count += 1,
            // Somebody answered in the last moment.
            Err(TransferError::Ended) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(count)
}
