//! Tables that are uploaded, and tables that are downloaded.

use super::error::PageResult;
use super::{Failure, FormData, respond};
use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpResponse;
use bytes::Bytes;
use futures_util::StreamExt;
use std::borrow::Cow;

/// Longest texts of a form, all fields together: a table that was pasted, or its rows.
const LONGEST_TEXTS: usize = 2 << 20;
/// Longest name of a file that is kept.
const LONGEST_NAME: usize = 200;

/// What a form with a table sends.
#[derive(Debug, Default)]
pub struct TableUpload {
    /// The fields beside the file.
    pub form: FormData,
    /// The file; empty where none was chosen.
    pub file: Bytes,
    /// Its name.
    pub name: String,
    /// Whether it is larger than allowed.
    pub too_large: bool,
}

impl TableUpload {
    /// Takes a form with the field `file` in, holding no more than is allowed; 0 switches the limit off.
    ///
    /// # Errors
    /// When the form is broken, or its texts are too long.
    pub async fn receive(mut body: Multipart, limit: usize) -> Result<Self, Failure> {
        let limit = if limit == 0 { usize::MAX } else { limit };
        let (mut upload, mut left) = (Self::default(), LONGEST_TEXTS);
        while let Some(field) = body.next().await {
            let mut field = field.map_err(|error| broken(&error))?;
            let name = field.name().unwrap_or_default().to_owned();
            let is_file = name == "file";
            if is_file {
                let given = field.content_disposition().and_then(|place| place.get_filename()).unwrap_or_default();
                upload.name = given.chars().take(LONGEST_NAME).collect();
            }
            let Ok(content) = field.bytes(if is_file { limit } else { left }).await else {
                // The rest of a form without one of its fields would mean something else.
                if !is_file {
                    return Err(Failure::too_large());
                }
                upload.too_large = true;
                continue;
            };
            let content = content.map_err(|error| broken(&error))?;
            if is_file {
                upload.file = content;
            } else {
                left = left.saturating_sub(content.len() + name.len());
                upload.form.push(name, String::from_utf8_lossy(&content).into_owned());
            }
        }
        Ok(upload)
    }
}

fn broken(error: &MultipartError) -> Failure {
    use MultipartError as E;
    match error {
        E::ContentTypeMissing | E::ContentTypeParse | E::ContentTypeIncompatible => {
            Failure::bad_request("error-form-type")
        }
        _ => Failure::bad_request("error-form-cut-off"),
    }
}

/// A cell that a spreadsheet takes for text and never for a formula.
///
/// A leading apostrophe is what spreadsheets themselves use to say so (OWASP, CSV injection).
#[must_use]
pub fn safe_cell(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

/// Rows as CSV (RFC 4180) after a byte order mark, without which spreadsheets misread UTF-8. No cell is a formula.
///
/// # Errors
/// When a row has another number of cells than the head.
pub fn csv<'a>(
    name: &str,
    head: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> PageResult {
    let beginning = "\u{FEFF}".as_bytes().to_vec();
    let mut file = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(beginning);
    let write = || -> Result<(), ::csv::Error> {
        file.write_record(head)?;
        for row in rows {
            file.write_record(row.iter().map(|cell| safe_cell(cell).into_owned()))?;
        }
        Ok(())
    };
    write().map_err(Failure::unexpected)?;
    let body = file.into_inner().map_err(|error| Failure::unexpected(error.into_error()))?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(name))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, cell) in [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-1", "'-1"), ("Ada", "Ada"), ("", "")] {
            assert_eq!(safe_cell(text), cell);
        }
    }
}
