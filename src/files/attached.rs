//! Files that go out with mails: kept once, however many messages name them.

use super::FileStore;
use crate::db::{FileId, UtcTime};
use bytes::Bytes;
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::io::Error;

/// Their folder.
const ATTACHED: &str = "attached";

impl FileStore {
    /// Keeps a file that mails will bring.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub async fn keep_attached(&self, id: FileId, content: Bytes) -> Result<(), Error> {
        self.store.put(&place(id), PutPayload::from(content)).await?;
        Ok(())
    }

    /// A file that mails bring, or nothing when it is gone.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn read_attached(&self, id: FileId) -> Result<Option<Bytes>, Error> {
        match self.store.get(&place(id)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a file that no row names any more. What can't be removed now, the recurring job finds.
    pub async fn remove_attached(&self, id: FileId) {
        match self.store.delete(&place(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(file = %id, %error, "a file could not be removed"),
        }
    }

    /// The files that are kept since before `before`, whether a row names them or not.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn attached_before(&self, before: UtcTime) -> Result<Vec<FileId>, Error> {
        let all: Vec<_> = self.store.list(Some(&Path::from(ATTACHED))).collect().await;
        let mut found = Vec::new();
        for entry in all {
            let entry = entry?;
            let id: Option<FileId> = entry.location.filename().and_then(|name| name.parse().ok());
            found.extend(id.filter(|_| UtcTime::from(entry.last_modified) < before));
        }
        Ok(found)
    }
}

fn place(id: FileId) -> Path {
    Path::from(format!("{ATTACHED}/{id}"))
}
