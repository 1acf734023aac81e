//! What the clock does to files.

use super::operations;
use crate::app::App;
use crate::db::AnswerFileId;
use crate::web::Failure;
use chrono::TimeDelta;

/// How long an upload waits for its form to be sent.
const WAITS: TimeDelta = TimeDelta::days(1);
/// Files of one transaction.
const BATCH: usize = 200;

/// Forgets uploads whose form was never sent, then removes what no row names: bytes that a power cut, a
/// deleted event or a folder that could not be written left behind. May run twice at once.
///
/// # Errors
/// When the database or the folder refuses.
pub async fn sweep(app: &App) -> Result<usize, Failure> {
    let before = app.clock.now() - WAITS;
    let mut removed = 0;
    loop {
        let due = app.read(move |db| Ok::<_, Failure>(operations::forgotten(db, before, BATCH as i64)?)).await?;
        let is_last = due.len() < BATCH;
        if !due.is_empty() {
            let gone = app.write(move |db, _| Ok::<_, Failure>(operations::forget(db, &due)?)).await?;
            removed += remove(app, &gone).await;
        }
        if is_last {
            break;
        }
    }
    app.write(move |db, _| Ok::<_, Failure>(operations::drop_tokens(db, before)?)).await?;
    let kept = app.files.answers_before(before).await.map_err(Failure::unexpected)?;
    for some in kept.chunks(BATCH) {
        let asked = some.to_vec();
        let known = app.read(move |db| Ok::<_, Failure>(operations::known(db, &asked)?)).await?;
        let unknown: Vec<AnswerFileId> = some.iter().copied().filter(|id| !known.contains(id)).collect();
        removed += remove(app, &unknown).await;
    }
    Ok(removed)
}

async fn remove(app: &App, files: &[AnswerFileId]) -> usize {
    for file in files {
        app.files.remove_answer(*file).await;
    }
    files.len()
}
