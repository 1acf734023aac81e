//! Removing files that no mailing names any more.

use super::operations;
use crate::app::App;
use crate::db::FileId;
use crate::web::Failure;
use chrono::TimeDelta;

/// How long a file may stand before its row does: an upload takes less.
const GRACE: TimeDelta = TimeDelta::hours(1);
/// Files asked for in one query.
const BATCH: usize = 200;

/// Removes what deleted drafts and events left behind; how many. May run twice at once.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn sweep(app: &App) -> Result<usize, Failure> {
    let kept = app.files.attached_before(app.clock.now() - GRACE).await.map_err(Failure::unexpected)?;
    let mut removed = 0;
    for some in kept.chunks(BATCH) {
        let asked = some.to_vec();
        let known: Vec<FileId> = app.read(move |db| Ok::<_, Failure>(operations::known(db, &asked)?)).await?;
        for file in some.iter().filter(|file| !known.contains(file)) {
            app.files.remove_attached(*file).await;
            removed += 1;
        }
    }
    Ok(removed)
}
