//! What is forgotten by the clock.

use super::{feed, store};
use crate::app::App;
use crate::db::DbError;
use crate::web::Failure;
use chrono::TimeDelta;

/// How long edits can be taken back.
const EDITS_ARE_KEPT: TimeDelta = TimeDelta::days(30);

/// Forgets who has closed the editor, and edits that nobody takes back any more.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_old(app: &App) -> Result<(), Failure> {
    let forgotten = app.write(|db, now| {
        store::delete_absent(db, now - feed::GONE_AFTER)?;
        Ok::<_, DbError>(store::delete_edits(db, now - EDITS_ARE_KEPT)?)
    });
    Ok(forgotten.await.map(drop)?)
}
