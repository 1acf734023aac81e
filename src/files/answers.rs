//! Files that answer questions, apart from photos that the public sees.

use super::FileStore;
use crate::db::{AnswerFileId, UtcTime};
use bytes::Bytes;
use futures_util::StreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutPayload};
use std::io::Error;

/// The folder of answers.
const ANSWERS: &str = "answers";

/// One piece of what is kept of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// The file as it was uploaded, or a photo in its large size.
    Whole,
    /// A photo in its small size.
    Small,
}

const PIECES: [Piece; 2] = [Piece::Whole, Piece::Small];

impl Piece {
    const fn word(self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Small => "small",
        }
    }
}

impl FileStore {
    /// Keeps a piece of an answer.
    ///
    /// # Errors
    /// When the folder can't be written.
    pub async fn keep_answer(&self, id: AnswerFileId, piece: Piece, content: Bytes) -> Result<(), Error> {
        self.store.put(&place(id, piece), PutPayload::from(content)).await?;
        Ok(())
    }

    /// A piece of an answer, or nothing when there is none.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn read_answer(&self, id: AnswerFileId, piece: Piece) -> Result<Option<Bytes>, Error> {
        match self.store.get(&place(id, piece)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes an answer that no row names any more. What can't be removed now, the recurring job finds.
    pub async fn remove_answer(&self, id: AnswerFileId) {
        for piece in PIECES {
            match self.store.delete(&place(id, piece)).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => tracing::warn!(file = %id, %error, "a file could not be removed"),
            }
        }
    }

    /// The answers that are kept since before `before`, whether a row names them or not.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub async fn answers_before(&self, before: UtcTime) -> Result<Vec<AnswerFileId>, Error> {
        let all: Vec<_> = self.store.list(Some(&Path::from(ANSWERS))).collect().await;
        let mut found = Vec::new();
        for entry in all {
            let entry = entry?;
            let name = entry.location.filename().and_then(|name| name.rsplit_once('.')).map(|(id, _)| id.to_owned());
            let id = name.and_then(|name| name.parse().ok());
            if let Some(id) = id.filter(|_| UtcTime::from(entry.last_modified) < before) {
                found.push(id);
            }
        }
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }
}

fn place(id: AnswerFileId, piece: Piece) -> Path {
    Path::from(format!("{ANSWERS}/{id}.{}", piece.word()))
}
