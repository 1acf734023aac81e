//! What the clock does for officers.

use super::operations;
use crate::app::App;
use crate::web::Failure;
use actix_web::web::Data;

/// People compared in one transaction, so that nobody who registers meanwhile waits long.
const BATCH: i64 = 200;
/// Batches of one run; a large event's rest comes with the next.
const MOST_BATCHES: usize = 100;

/// Compares everyone who is new or changed, or whom a new list may name, with the watch-lists. May
/// run twice at once: both keep the same.
///
/// # Errors
/// When the database refuses.
pub async fn screen_new(app: &Data<App>) -> Result<usize, Failure> {
    let mut total = 0;
    for _ in 0..MOST_BATCHES {
        let shared = app.clone();
        let verdicts = app.read(move |db| {
            let people = operations::unscreened(db, BATCH)?;
            Ok::<_, Failure>(operations::screen(db, &shared.watch_books, &shared.sealing, people)?)
        });
        let verdicts = verdicts.await?;
        if verdicts.is_empty() {
            break;
        }
        let kept = app.write(move |db, now| Ok::<_, Failure>(operations::keep_verdicts(db, now, &verdicts)?));
        total += kept.await?;
    }
    Ok(total)
}
