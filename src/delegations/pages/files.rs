//! Uploads of tables, and lists as files.

use crate::delegations::operations::Whole;
use crate::i18n::{Lang, Texts};
use crate::interchange::{Fault, ReadError};
use crate::registration::desk::safe_cell;
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, respond};
use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::web::Bytes;
use futures_util::StreamExt;

/// Longest texts of a form, all fields together: a table that was pasted, or its rows.
const LONGEST_TEXTS: usize = 2 << 20;

/// What a form with a file sends.
#[derive(Default)]
pub(super) struct Upload {
    pub(super) form: FormData,
    /// The file; empty where none was chosen.
    pub(super) file: Bytes,
    /// Its name.
    pub(super) name: String,
    /// Whether it, or a text, is larger than allowed.
    pub(super) too_large: bool,
}

/// Takes a form with a file in, holding no more than is allowed; 0 switches the limit off.
pub(super) async fn receive(mut body: Multipart, limit: usize) -> Result<Upload, Failure> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let (mut upload, mut left) = (Upload::default(), LONGEST_TEXTS);
    let broken = |_| Failure::bad_request("error-form-cut-off");
    while let Some(field) = body.next().await {
        let mut field = field.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        let is_file = name == "file";
        if is_file {
            let given = field.content_disposition().and_then(|place| place.get_filename()).unwrap_or_default();
            upload.name = given.chars().take(200).collect();
        }
        let Ok(content) = field.bytes(if is_file { limit } else { left }).await else {
            // The rest of a form without one of its fields would mean something else.
            if !is_file {
                return Err(Failure::too_large());
            }
            upload.too_large = true;
            continue;
        };
        let content = content.map_err(broken)?;
        if is_file {
            upload.file = content;
        } else {
            left = left.saturating_sub(content.len() + name.len());
            upload.form.push(name, String::from_utf8_lossy(&content).into_owned());
        }
    }
    Ok(upload)
}

/// Why a table can't be read, in words.
pub(super) fn refused(texts: &Texts, lang: Lang, fault: &ReadError, most: usize) -> String {
    if fault.fault == Fault::TooManySessions {
        return texts.text(lang, "delegations-error-too-many-rows", &[("most", most.into())]);
    }
    let words = fault.text(texts, lang);
    fault.place.as_ref().map_or_else(|| words.clone(), |place| format!("{place}: {words}"))
}

/// Rows as CSV (RFC 4180) after a byte order mark, without which spreadsheets misread UTF-8. No cell is a formula.
pub(super) fn csv<'a>(
    name: &str,
    head: impl IntoIterator<Item = &'a str>,
    rows: impl IntoIterator<Item = Vec<String>>,
) -> PageResult {
    let beginning = "\u{FEFF}".as_bytes().to_vec();
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    let write = || -> Result<(), csv::Error> {
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

const PEOPLE: [&str; 16] = [
    "number",
    "head",
    "given_name",
    "family_name",
    "native_name",
    "email",
    "category",
    "organisation",
    "position",
    "country",
    "language",
    "honorific",
    "nationality",
    "state",
    "code",
    "missing",
];

/// The people of a delegation in their order. The columns are those that can be handed in again.
pub(super) fn people(whole: &Whole, lang: Lang, languages: &[Lang]) -> PageResult {
    let row = |(number, member): (usize, &crate::delegations::model::Member)| {
        let own = &member.registration;
        let owed = member.owes(&whole.asked);
        let owed = owed.iter().map(|question| question.facts.label.text(lang, languages));
        vec![
            number.to_string(),
            if member.is_head { "yes" } else { "" }.to_owned(),
            own.given_name.clone(),
            own.family_name.clone(),
            own.native_name.clone(),
            own.email.clone(),
            whole.category(own.category_id).map(|category| category.code.clone()).unwrap_or_default(),
            own.organisation.clone(),
            own.position.clone(),
            own.country.clone().unwrap_or_default(),
            own.language.to_string(),
            own.honorific.clone(),
            own.nationality.clone().unwrap_or_default(),
            own.state.to_string(),
            own.code.clone(),
            owed.collect::<Vec<_>>().join("; "),
        ]
    };
    let name = format!("{}-people.csv", whole.delegation.code);
    csv(&name, PEOPLE, (1..).zip(&whole.members).map(row))
}
