//! What the clock does to documents.

use super::operations;
use crate::app::App;
use crate::db::DocumentId;
use crate::web::Failure;
use chrono::TimeDelta;

/// How long bytes may stand without a row: longer than any upload takes.
const WAITS: TimeDelta = TimeDelta::days(1);
/// Documents asked for in one query.
const BATCH: usize = 200;

/// Removes bytes that no row names: those of deleted documents, speakers, sessions and events, and what a power
/// cut left behind. May run twice at once.
///
/// # Errors
/// When database or folder refuse.
pub async fn sweep(app: &App) -> Result<usize, Failure> {
    let kept = app.files.documents_before(app.clock.now() - WAITS).await.map_err(Failure::unexpected)?;
    let mut removed = 0;
    for some in kept.chunks(BATCH) {
        let asked = some.to_vec();
        let known = app.read(move |db| Ok::<_, Failure>(operations::known(db, &asked)?)).await?;
        let unknown: Vec<DocumentId> = some.iter().copied().filter(|id| !known.contains(id)).collect();
        for id in &unknown {
            app.files.remove_document(*id).await;
        }
        removed += unknown.len();
    }
    Ok(removed)
}
