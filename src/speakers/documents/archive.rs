//! Handing documents out: one, or many as one archive that is made while it leaves.

use super::model::Document;
use crate::app::App;
use crate::db::DocumentId;
use crate::web::error::PageResult;
use crate::web::{Failure, respond};
use actix_web::HttpResponse;
use actix_web::web::Data;
use bytes::Bytes;
use futures_util::stream::{self, Stream, StreamExt, TryStreamExt};
use std::collections::HashSet;
use std::pin::Pin;

type Pieces = Pin<Box<dyn Stream<Item = Result<Bytes, Failure>>>>;

/// Hands a document out. Nobody keeps it, and nothing of it is shown within a page of this site.
///
/// # Errors
/// 404, or when the folder refuses.
pub async fn hand_out(app: &App, document: &Document) -> PageResult {
    let pieces = app.files.read_document(document.id).await.map_err(Failure::unexpected)?.ok_or(Failure::NotFound)?;
    let length = u64::try_from(document.bytes).unwrap_or_default();
    Ok(HttpResponse::Ok()
        .content_type(document.media_type.as_str())
        .insert_header(respond::attachment(&document.name))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"))
        .no_chunking(length)
        .streaming(pieces.map_err(Failure::unexpected)))
}

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packed {
    /// Its name, with folders.
    pub name: String,
    /// The document.
    pub id: DocumentId,
    /// How large it is.
    pub bytes: u64,
    /// CRC-32.
    pub checksum: u32,
}

impl Packed {
    /// A document under a name that no other of these has.
    #[must_use]
    pub fn new(folder: &str, document: &Document, taken: &mut HashSet<String>) -> Self {
        // No folder leads out of where the archive is unpacked.
        let folder: String =
            folder.chars().map(|sign| if matches!(sign, '/' | '\\' | ':' | '.') { '-' } else { sign }).collect();
        let (stem, ending) = document.name.rsplit_once('.').unwrap_or((&document.name, ""));
        let mut name = format!("{folder}/{}", document.name);
        let mut number = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{folder}/{stem} ({number}).{ending}");
            number += 1;
        }
        Self {
            name,
            id: document.id,
            bytes: u64::try_from(document.bytes).unwrap_or_default(),
            checksum: u32::try_from(document.checksum).unwrap_or_default(),
        }
    }
}

/// The most that an archive of this form can hold.
const MOST: u64 = 0xffff_fffe;

/// Names are UTF-8.
const FLAGS: u16 = 0x0800;
/// 1 January 1980, the first day that archives know: what counts is the version's number.
const DAY: u16 = 0x0021;

fn fixed(file: &Packed) -> Vec<u8> {
    let (size, name) = (low(file.bytes), u16::try_from(file.name.len()).unwrap_or(u16::MAX));
    let mut bytes = Vec::with_capacity(26);
    // Needed version, flags, stored as it is, time, day.
    for part in [20, FLAGS, 0, 0, DAY] {
        bytes.extend_from_slice(&part.to_le_bytes());
    }
    for part in [file.checksum, size, size] {
        bytes.extend_from_slice(&part.to_le_bytes());
    }
    bytes.extend_from_slice(&name.to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

fn low(size: u64) -> u32 {
    u32::try_from(size).unwrap_or(u32::MAX)
}

/// What stands before a file.
fn head(file: &Packed) -> Vec<u8> {
    [b"PK\x03\x04".as_slice(), &fixed(file), file.name.as_bytes()].concat()
}

/// The list at the end.
fn list(files: &[Packed]) -> Vec<u8> {
    let (mut bytes, mut at) = (Vec::new(), 0_u64);
    for file in files {
        bytes.extend_from_slice(b"PK\x01\x02");
        bytes.extend_from_slice(&[20, 0]);
        bytes.extend_from_slice(&fixed(file));
        // No comment, first disk, no attributes.
        bytes.extend_from_slice(&[0; 10]);
        bytes.extend_from_slice(&low(at).to_le_bytes());
        bytes.extend_from_slice(file.name.as_bytes());
        at += head(file).len() as u64 + file.bytes;
    }
    let count = u16::try_from(files.len()).unwrap_or(u16::MAX).to_le_bytes();
    let length = low(bytes.len() as u64).to_le_bytes();
    bytes.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    bytes.extend_from_slice(&count);
    bytes.extend_from_slice(&count);
    bytes.extend_from_slice(&length);
    bytes.extend_from_slice(&low(at).to_le_bytes());
    bytes.extend_from_slice(&[0, 0]);
    bytes
}

/// Hands files out as one archive, which is never held as a whole.
///
/// # Errors
/// When they are more than one archive holds.
pub fn hand_out_all(app: &Data<App>, name: &str, files: Vec<Packed>) -> PageResult {
    let list = list(&files);
    let length = files.iter().map(|file| head(file).len() as u64 + file.bytes).sum::<u64>() + list.len() as u64;
    if length > MOST || files.len() > usize::from(u16::MAX) {
        return Err(Failure::conflict("documents-error-archive"));
    }
    let app = app.clone();
    let each = stream::iter(files).then(move |file| {
        let app = app.clone();
        async move { pieces(&app, file).await }
    });
    let end = stream::once(async move { Ok::<_, Failure>(Bytes::from(list)) });
    let all = each.try_flatten().chain(end);
    Ok(HttpResponse::Ok()
        .content_type("application/zip")
        .insert_header(respond::attachment(name))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-content-type-options", "nosniff"))
        .no_chunking(length)
        .streaming(all))
}

/// A file with its head. One that is gone breaks the archive off, so that nobody takes it for whole.
async fn pieces(app: &App, file: Packed) -> Result<Pieces, Failure> {
    let content = app.files.read_document(file.id).await.map_err(Failure::unexpected)?.ok_or(Failure::NotFound)?;
    let head = Bytes::from(head(&file));
    let head = stream::once(async move { Ok::<_, Failure>(head) });
    Ok(Box::pin(head.chain(content.map_err(Failure::unexpected))))
}
