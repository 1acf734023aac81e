//! Argon2id, off the async threads and bounded.

use crate::config::AccountsSettings;

/// Hashes and checks passwords.
pub struct Passwords {
    threads: usize,
}

impl Passwords {
    /// With the parameters of the settings.
    #[must_use]
    pub fn new(settings: &AccountsSettings) -> Self {
        Self { threads: settings.hashing_threads }
    }

    /// Passwords hashed at the same time.
    #[must_use]
    pub fn threads(&self) -> usize {
        self.threads
    }
}
