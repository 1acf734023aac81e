//! Chaining what was noted.

use super::operations;
use crate::app::App;
use crate::db::DbError;
use crate::web::Failure;
use std::time::Instant;

/// Entries that one transaction chains: registrations wait behind it.
const BATCH: i64 = 500;
/// Entries that one run chains: other jobs wait behind it.
const MOST: usize = 20_000;
/// How much longer than a batch took the next one waits: in a rush the chain falls behind and the rush goes on.
const REST: u32 = 4;

/// Chains what waits; how many entries. The log names the last link: whoever keeps logs elsewhere can prove later that
/// the chain was not made anew.
///
/// # Errors
/// When the database does not answer. Another process at the same work is no failure.
pub async fn chain_waiting(app: &App) -> Result<usize, Failure> {
    let mut chained = 0;
    while chained < MOST {
        let began = Instant::now();
        let some = app.db.write(|db| Ok::<_, DbError>(operations::chain_some(db, BATCH)?)).await?;
        chained += some;
        if some < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            break;
        }
        tokio::time::sleep(began.elapsed() * REST).await;
    }
    if chained > 0 {
        let head = app.read(|db| Ok::<_, Failure>(operations::head(db)?)).await?;
        tracing::info!(chained, position = head.position, hash = head.hash, "the record of changes was chained");
    }
    Ok(chained)
}
