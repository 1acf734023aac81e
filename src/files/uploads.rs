//! Files that wait for a second word, such as a programme that was looked at and not yet imported.

use super::FileStore;
use crate::db::{FileId, UtcTime};
use bytes::Bytes;
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::io::Error;

/// The folder of uploads that wait.
const WAITING: &str = "waiting";

impl FileStore {
    /// Keeps an upload for a while.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub async fn keep_upload(&self, key: FileId, content: Bytes) -> Result<(), Error> {
        self.store.put(&waiting(key), PutPayload::from(content)).await?;
        Ok(())
    }

    /// An upload that was kept, or nothing when it is gone.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn read_upload(&self, key: FileId) -> Result<Option<Bytes>, Error> {
        match self.store.get(&waiting(key)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an upload that has had its second word.
    pub async fn remove_upload(&self, key: FileId) {
        if let Err(error) = self.store.delete(&waiting(key)).await {
            tracing::warn!(file = %key, %error, "an upload could not be removed; it is forgotten tomorrow");
        }
    }

    /// Removes uploads that came before `before` and never had their second word.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn forget_uploads(&self, before: UtcTime) -> Result<usize, Error> {
        let all: Vec<_> = self.store.list(Some(&Path::from(WAITING))).collect().await;
        let mut forgotten = 0;
        for entry in all.into_iter().flatten().filter(|entry| UtcTime::from(entry.last_modified) < before) {
            self.store.delete(&entry.location).await?;
            forgotten += 1;
        }
        Ok(forgotten)
    }
}

fn waiting(key: FileId) -> Path {
    Path::from(format!("{WAITING}/{key}"))
}
