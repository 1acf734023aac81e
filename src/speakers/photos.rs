//! Photos and the store that keeps them.

/// Keeps uploaded files under their ids.
pub struct FileStore {
    url: String,
}

impl FileStore {
    /// Opens the store named by `files.url`.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn open(url: &str) -> Result<Self, std::io::Error> {
        Ok(Self { url: url.to_owned() })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
