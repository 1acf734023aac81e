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
