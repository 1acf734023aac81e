//! The files that are kept: photos, answers, documents, what goes out with mails, and uploads that wait.
//!
//! Each sort has a folder and a module of its own. Bytes are stored before the row that names them and removed after it
//! is gone; which rows there are is the business of the areas that keep them.

pub mod answers;
pub mod attached;
pub mod documents;
pub mod photos;
pub mod portrait;
pub mod uploads;

use object_store::local::LocalFileSystem;
use std::io::{Error, ErrorKind};
use std::path::PathBuf;

/// Keeps uploaded files under their ids.
pub struct FileStore {
    url: String,
    store: LocalFileSystem,
}

impl FileStore {
    /// Opens the store named by `files.url`: a folder, as a path or as `file://…`. It is made when
    /// it is not there.
    ///
    /// # Errors
    /// When it can't be used.
    pub fn open(url: &str) -> Result<Self, Error> {
        let folder = if url.starts_with("file:") {
            let parsed = url::Url::parse(url).ok().and_then(|url| url.to_file_path().ok());
            parsed.ok_or_else(|| Error::new(ErrorKind::InvalidInput, format!("{url} names no folder")))?
        } else if url.contains("://") {
            return Err(Error::new(ErrorKind::InvalidInput, format!("{url} is neither a path nor file://…")));
        } else {
            PathBuf::from(url)
        };
        std::fs::create_dir_all(&folder)?;
        // A row must never name a file that a power cut took away.
        let store = LocalFileSystem::new_with_prefix(&folder).map_err(Error::other)?.with_fsync(true);
        Ok(Self { url: url.to_owned(), store })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}
