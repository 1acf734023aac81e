//! Taking a document in: from the network to the disk, a fixed piece at a time.

use super::inspecting::{DocumentType, Facts, Inspector, Refused};
use crate::app::App;
use crate::db::DocumentId;
use crate::web::{Failure, FormData, Message};
use actix_multipart::{Field, Multipart, MultipartError};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use object_store::{MultipartUpload, PutPayload};
use tokio::sync::Semaphore;

/// Bytes that are written at once.
const PIECE: usize = 256 * 1024;
/// Longest field of the form that is no file.
const WORD_LENGTH: usize = 1000;
/// Documents that are taken in at the same time; each holds less than four megabytes, however large it is.
static PLACES: Semaphore = Semaphore::const_new(64);

/// A form with a document whose bytes are kept already, or with what is wrong with it.
#[derive(Debug, Default)]
pub struct Received {
    /// The fields.
    pub form: FormData,
    /// The document, if one was sent that can be taken.
    pub kept: Option<Kept>,
    /// What is wrong with what was sent.
    pub wrong: Option<Message>,
}

/// A document whose bytes are kept and that no row names yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Names it.
    pub id: DocumentId,
    /// What the browser called it.
    pub said: String,
    /// What is known of it.
    pub facts: Facts,
}

/// Takes a form in with its document.
///
/// # Errors
/// When the form is no form, too many come at once, or the folder can't be written.
pub async fn receive(app: &App, mut body: Multipart) -> Result<Received, Failure> {
    let _place = PLACES.try_acquire().map_err(|_| Failure::Busy)?;
    let mut received = Received::default();
    while let Some(field) = body.next().await {
        let mut field = field.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        let said = field.content_disposition().and_then(|header| header.get_filename()).map(str::to_owned);
        match said {
            None => {
                let bytes = field.bytes(WORD_LENGTH).await.map_err(|_| Failure::too_large())?.map_err(broken)?;
                received.form.push(name, String::from_utf8_lossy(&bytes).into_owned());
            }
            Some(said) if name == "file" && received.kept.is_none() && received.wrong.is_none() => {
                match take(app, &mut field, said).await? {
                    Ok(kept) => received.kept = Some(kept),
                    Err(message) => received.wrong = Some(message),
                }
            }
            Some(_) => pass(&mut field).await?,
        }
    }
    if received.kept.is_none() && received.wrong.is_none() {
        received.wrong = Some(Message::new("documents-error-missing"));
    }
    Ok(received)
}

/// Lets the rest of a field go by, so that the form can be shown again with everything else.
async fn pass(field: &mut Field) -> Result<(), Failure> {
    while let Some(chunk) = field.next().await {
        chunk.map_err(broken)?;
    }
    Ok(())
}

async fn take(app: &App, field: &mut Field, said: String) -> Result<Result<Kept, Message>, Failure> {
    let (id, most) = (DocumentId::new(), app.settings.limits.document_bytes as u64);
    let mut upload = app.files.begin_document(id).await.map_err(Failure::unexpected)?;
    match write(upload.as_mut(), field, most).await {
        Ok(Some(inspector)) => match inspector.finish(&said) {
            Ok(facts) => {
                upload.complete().await.map_err(Failure::unexpected)?;
                Ok(Ok(Kept { id, said, facts }))
            }
            Err(refused) => {
                give_up(upload).await;
                Ok(Err(message(refused)))
            }
        },
        Ok(None) => {
            give_up(upload).await;
            pass(field).await?;
            let tenths = most.saturating_mul(10) / 1_000_000;
            Ok(Err(Message::new("documents-error-too-large").with("megabytes", tenths as f64 / 10.0)))
        }
        Err(failure) => {
            give_up(upload).await;
            Err(failure)
        }
    }
}

/// Keeps a document that is in memory already, or says what is wrong with it.
///
/// # Errors
/// When the folder can't be written.
pub async fn keep_bytes(app: &App, said: String, bytes: Bytes) -> Result<Result<Kept, Message>, Failure> {
    let (id, mut inspector) = (DocumentId::new(), Inspector::default());
    inspector.look(&bytes);
    let facts = match inspector.finish(&said) {
        Ok(facts) => facts,
        Err(refused) => return Ok(Err(message(refused))),
    };
    let mut upload = app.files.begin_document(id).await.map_err(Failure::unexpected)?;
    upload.put_part(PutPayload::from(bytes)).await.map_err(Failure::unexpected)?;
    upload.complete().await.map_err(Failure::unexpected)?;
    Ok(Ok(Kept { id, said, facts }))
}

async fn give_up(mut upload: Box<dyn MultipartUpload>) {
    if let Err(error) = upload.abort().await {
        tracing::warn!(%error, "an upload that was given up could not be removed");
    }
}

/// Writes a field to the disk; nothing where it is larger than `most`. 0 switches the limit off.
async fn write(upload: &mut dyn MultipartUpload, field: &mut Field, most: u64) -> Result<Option<Inspector>, Failure> {
    let (mut inspector, mut piece) = (Inspector::default(), BytesMut::with_capacity(PIECE));
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(broken)?;
        inspector.look(&chunk);
        if most > 0 && inspector.bytes() > most {
            return Ok(None);
        }
        piece.extend_from_slice(&chunk);
        if piece.len() >= PIECE {
            let full = piece.split().freeze();
            upload.put_part(PutPayload::from(full)).await.map_err(Failure::unexpected)?;
        }
    }
    if !piece.is_empty() {
        upload.put_part(PutPayload::from(piece.freeze())).await.map_err(Failure::unexpected)?;
    }
    Ok(Some(inspector))
}

fn message(refused: Refused) -> Message {
    match refused {
        Refused::Empty => Message::new("documents-error-missing"),
        Refused::Type => {
            Message::new("documents-error-type").with("types", DocumentType::endings("", ", ").to_uppercase())
        }
        Refused::Macros => Message::new("documents-error-macros"),
        Refused::CutOff => Message::new("documents-error-cut-off"),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn broken(error: MultipartError) -> Failure {
    use MultipartError as E;
    match error {
        E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible => {
            Failure::bad_request("error-form-type")
        }
        _ => Failure::bad_request("error-form-cut-off"),
    }
}
