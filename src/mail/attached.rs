//! Parts of messages that are kept once as files, however many messages name them.

use super::model::Attachment;
use crate::files::FileStore;
use base64::Engine;
use std::io::{Error, ErrorKind};

/// Fills in the content of the parts that name a file.
///
/// # Errors
/// When a file can't be read; `NotFound` where there is none any more.
pub async fn fill(files: &FileStore, parts: &mut [Attachment]) -> Result<(), Error> {
    for part in parts {
        let Some(file) = part.file else { continue };
        let content = files.read_attached(file).await?;
        let content =
            content.ok_or_else(|| Error::new(ErrorKind::NotFound, format!("{} is not kept any more", part.name)))?;
        part.content = base64::engine::general_purpose::STANDARD.encode(&content);
    }
    Ok(())
}
