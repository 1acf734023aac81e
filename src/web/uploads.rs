//! Forms that may carry files.
//!
//! A form without files comes as any other. One with files is read part by part: nothing is held of a
//! part that is over its limit, and all uploads together hold no more than a fixed share of memory.

use crate::app::App;
use crate::web::{Failure, FormData};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use std::future::Future;
use std::pin::Pin;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Bytes that one permit stands for.
const PIECE: usize = 64 * 1024;
/// What all uploads of the process may hold at the same time: 256 MiB.
static MEMORY: Semaphore = Semaphore::const_new(4096);
/// Files in one form, and how many times the limit of one file they may weigh together.
const MOST_FILES: usize = 16;
const MOST_TIMES: usize = 8;

/// A file as it was sent.
pub struct Upload {
    /// The name of its field.
    pub field: String,
    /// The name that it had, as the browser said.
    pub name: String,
    /// The content, or nothing where it is over the limit.
    pub content: Option<Bytes>,
    /// The share of memory that it takes until it is dropped.
    held: Vec<SemaphorePermit<'static>>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("field", &self.field).finish_non_exhaustive()
    }
}

/// A form's fields, and the files that came with them.
#[derive(Debug, Default)]
pub struct SentForm {
    /// The fields that are no files.
    pub form: FormData,
    /// The files that were chosen, in their order.
    pub files: Vec<Upload>,
}

/// What one form may weigh; 0 switches a limit off.
#[derive(Clone, Copy)]
struct Limits {
    words: usize,
    file: usize,
}

impl FromRequest for SentForm {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_multipart =
            request.mime_type().ok().flatten().is_some_and(|mime| mime.essence_str() == "multipart/form-data");
        if !is_multipart {
            let form = FormData::from_request(request, payload);
            return Box::pin(async move { Ok(Self { form: form.await?, files: Vec::new() }) });
        }
        let limits = request.app_data::<web::Data<App>>().map(|app| {
            let limits = &app.settings.limits;
            let switched_off = limits.file_bytes == 0 || limits.photo_bytes == 0;
            let file = if switched_off { 0 } else { limits.file_bytes.max(limits.photo_bytes) };
            Limits { words: limits.form_bytes, file }
        });
        let limits = limits.unwrap_or(Limits { words: 0, file: 0 });
        let said: Option<usize> = request
            .headers()
            .get("content-length")
            .and_then(|length| length.to_str().ok())
            .and_then(|length| length.parse().ok());
        let body = Multipart::new(request.headers(), payload.take());
        Box::pin(async move {
            if limits.file > 0 && said.is_some_and(|said| said > limits.file * MOST_TIMES) {
                return Err(Failure::too_large().into());
            }
            Ok(Self::receive(body, limits).await?)
        })
    }
}

impl SentForm {
    async fn receive(mut body: Multipart, limits: Limits) -> Result<Self, Failure> {
        let (mut sent, mut words, mut weight) = (Self::default(), 0, 0);
        while let Some(field) = body.next().await {
            let mut field = field.map_err(broken)?;
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.content_disposition().and_then(|header| header.get_filename()).map(str::to_owned);
            let Some(file_name) = file_name else {
                let left = if limits.words == 0 { usize::MAX } else { limits.words.saturating_sub(words) };
                let value = word(&mut field, left).await?;
                words += name.len() + value.len();
                sent.form.push(name, value);
                continue;
            };
            if sent.files.len() >= MOST_FILES {
                return Err(Failure::too_large());
            }
            let upload = file(&mut field, (name, file_name), limits.file).await?;
            weight += upload.content.as_ref().map_or(0, Bytes::len);
            if limits.file > 0 && weight > limits.file * MOST_TIMES {
                return Err(Failure::too_large());
            }
            // A field in which nothing was chosen comes as an empty file without a name.
            if upload.content.as_ref().is_none_or(|content| !content.is_empty() || !upload.name.is_empty()) {
                sent.files.push(upload);
            }
        }
        Ok(sent)
    }
}

async fn word(field: &mut Field, limit: usize) -> Result<String, Failure> {
    let bytes = field.bytes(limit).await.map_err(|_| Failure::too_large())?.map_err(broken)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Takes a file in. Once it is over its limit nothing of it is held, and the rest only goes by, so that
/// the form can be shown again with everything else.
async fn file(field: &mut Field, (name, file_name): (String, String), limit: usize) -> Result<Upload, Failure> {
    let mut upload = Upload { field: name, name: file_name, content: None, held: Vec::new() };
    let mut content = Some(BytesMut::new());
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(broken)?;
        let Some(held) = &mut content else { continue };
        if limit > 0 && held.len() + chunk.len() > limit {
            content = None;
            upload.held.clear();
            continue;
        }
        while upload.held.len() * PIECE < held.len() + chunk.len() {
            upload.held.push(MEMORY.try_acquire().map_err(|_| Failure::Busy)?);
        }
        held.extend_from_slice(&chunk);
    }
    upload.content = content.map(BytesMut::freeze);
    Ok(upload)
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
