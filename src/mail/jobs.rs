//! What is done for messages a moment after they were queued.

use super::operations;
use crate::app::App;
use crate::db::DbError;
use crate::web::Failure;
use std::time::Instant;

/// Messages whose words one transaction brings in: registrations wait behind it.
const BATCH: i64 = 200;
/// Messages of one run: other jobs wait behind it.
const MOST: usize = 50_000;
/// How much longer than a batch took the next one waits: in a rush the words fall behind and the rush goes on.
const REST: u32 = 4;

/// Lets messages be found by their words; how many.
///
/// # Errors
/// When the database does not answer.
pub async fn index_words(app: &App) -> Result<usize, Failure> {
    let mut indexed = 0;
    while indexed < MOST {
        let began = Instant::now();
        let some = app.db.write(|db| Ok::<_, DbError>(operations::index_words(db, BATCH)?)).await?;
        indexed += some;
        if some < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            break;
        }
        tokio::time::sleep(began.elapsed() * REST).await;
    }
    Ok(indexed)
}
