//! Deleting what is due.

use super::erasing;
use crate::app::App;
use crate::db::DbConnection;
use crate::web::Failure;

/// People deleted in one run.
const BATCH: i64 = 50;

/// Deletes what is held about people whose time has come; how many. Then the database's own log is emptied,
/// which holds earlier pages until they are written over.
///
/// # Errors
/// When the database refuses.
pub async fn erase_due(app: &App) -> Result<usize, Failure> {
    let now = app.clock.now();
    let due = app.read(move |db| Ok::<_, Failure>(erasing::due(db, now, BATCH)?)).await?;
    let mut count = 0;
    for own in due {
        let done =
            app.write(move |db: &mut DbConnection, now| Ok::<_, Failure>(erasing::erase(db, now, &own)?)).await?;
        let Some(files) = done else { continue };
        count += 1;
        for file in files {
            app.files.remove_answer(file).await;
        }
    }
    if count > 0 {
        app.db.empty_log().await?;
    }
    Ok(count)
}
