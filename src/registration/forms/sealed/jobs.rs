//! What the clock does to sealed answers.

use super::operations;
use crate::app::App;
use crate::web::Failure;

/// Registrations of one transaction.
const BATCH: i64 = 100;

/// Deletes sealed answers whose time is over, with their files; of how many registrations. May run twice at once.
///
/// # Errors
/// When the database refuses.
pub async fn delete_due(app: &App) -> Result<usize, Failure> {
    app.write(move |db, _| Ok::<_, Failure>(operations::follow_rules(db)?)).await?;
    let mut total = 0;
    loop {
        let now = app.clock.now();
        let due = app.read(move |db| Ok::<_, Failure>(operations::due(db, now, BATCH)?)).await?;
        let count = due.len();
        if count == 0 {
            return Ok(total);
        }
        let gone = app.write(move |db, now| Ok::<_, Failure>(operations::delete_due(db, now, &due)?)).await?;
        for file in gone {
            app.files.remove_answer(file).await;
        }
        total += count;
    }
}
