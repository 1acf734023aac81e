//! Documents: written and read a piece at a time.

use super::FileStore;
use crate::db::{DocumentId, UtcTime};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt};
use std::io::Error;

/// The folder of documents.
const DOCUMENTS: &str = "documents";

fn place(id: DocumentId) -> Path {
    Path::from(format!("{DOCUMENTS}/{id}"))
}

impl FileStore {
    /// Begins a document. Nothing stands under its id until it is completed.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub async fn begin_document(&self, id: DocumentId) -> Result<Box<dyn MultipartUpload>, Error> {
        Ok(self.store.put_multipart(&place(id)).await?)
    }

    /// A document piece by piece, or nothing when there is none.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn read_document(
        &self,
        id: DocumentId,
    ) -> Result<Option<BoxStream<'static, object_store::Result<Bytes>>>, Error> {
        match self.store.get(&place(id)).await {
            Ok(found) => Ok(Some(found.into_stream())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a document that no row names any more. What can't be removed now, the recurring job finds.
    pub async fn remove_document(&self, id: DocumentId) {
        match self.store.delete(&place(id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
            Err(error) => tracing::warn!(document = %id, %error, "a document could not be removed"),
        }
    }

    /// The documents that are kept since before `before`, whether a row names them or not.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn documents_before(&self, before: UtcTime) -> Result<Vec<DocumentId>, Error> {
        let mut all = self.store.list(Some(&Path::from(DOCUMENTS)));
        let mut found = Vec::new();
        while let Some(entry) = all.next().await {
            let entry = entry?;
            let id = entry.location.filename().and_then(|name| name.parse::<DocumentId>().ok());
            found.extend(id.filter(|_| UtcTime::from(entry.last_modified) < before));
        }
        Ok(found)
    }
}
