//! What the clock does to accounts.

use super::store;
use crate::app::App;
use crate::web::Failure;

/// Deletes sign-ins and private links of accounts that have run out.
///
/// # Errors
/// When the database refuses.
pub async fn forget_expired(app: &App) -> Result<usize, Failure> {
    app.write(move |db, now| Ok(store::delete_expired(db, now)?)).await
}
