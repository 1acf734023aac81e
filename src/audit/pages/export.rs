//! The list of changes as a file: exactly what fits, however much it is.

use super::record::Record;
use crate::accounts::access::{Administrator, Allowed, ManageEvent};
use crate::audit::model::ActivityFilter;
use crate::audit::operations::{self, Page};
use crate::audit::{Entry, note};
use crate::i18n::Lang;
use crate::registration::desk::safe_cell;
use crate::web::error::PageResult;
use crate::web::{Failure, respond};
use actix_web::HttpResponse;
use actix_web::web::Bytes;
use futures_util::stream::{self, Stream};
use std::sync::Arc;

/// Entries read at once: memory stays the same for any number of them.
const PIECE: i64 = 1000;

const COLUMNS: &[&str] =
    &["at", "by_kind", "by_id", "by", "action", "kind", "id", "what", "sentence", "reason", "detail"];

/// `GET /organizer/{event}/activity.csv`, with the parameters of the list.
pub(super) async fn download(team: Allowed<ManageEvent>) -> PageResult {
    answer(Record::of_event(&team)).await
}

/// `GET /organizer/activity.csv`: the same of what belongs to no event.
pub(super) async fn download_installation(admin: Administrator) -> PageResult {
    answer(Record::of_installation(&admin)).await
}

async fn answer(record: Record) -> PageResult {
    let filter = ActivityFilter { after: None, ..record.filter() };
    let (event, actor) = (record.event, record.actor);
    let entry = move |db: &mut _, now| {
        let subject = event.map(|event| event.to_string()).unwrap_or_default();
        Ok::<_, Failure>(note(db, now, &Entry::new(event, actor, "activity.exported", "event", &subject))?)
    };
    record.visit.app.write(entry).await?;
    let lang = record.visit.interface_language();
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&record.file_name))
        .insert_header(("cache-control", "no-store"))
        .streaming(pieces(Arc::new(record), filter, lang)))
}

fn pieces(record: Arc<Record>, filter: ActivityFilter, lang: Lang) -> impl Stream<Item = Result<Bytes, Failure>> {
    stream::try_unfold(Some((filter, true)), move |progress| {
        let record = Arc::clone(&record);
        async move {
            let Some((mut filter, is_first)) = progress else { return Ok(None) };
            let wanted = filter.clone();
            let page = record.visit.app.read(move |db| Ok::<_, Failure>(operations::page(db, &wanted, PIECE)?)).await?;
            let piece = write(&record, &page, lang, is_first).map_err(Failure::unexpected)?;
            filter.after = page.entries.last().and_then(|entry| entry.id.parse().ok());
            let next = page.has_more.then_some((filter, false));
            Ok(Some((Bytes::from(piece), next)))
        }
    })
}

/// Entries as CSV (RFC 4180), with a byte order mark for spreadsheets.
fn write(record: &Record, page: &Page, lang: Lang, is_first: bool) -> Result<Vec<u8>, csv::Error> {
    let beginning = if is_first { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    if is_first {
        file.write_record(COLUMNS)?;
    }
    let words = record.words(lang, &page.names);
    // The marks that keep directions apart are for pages.
    let plain = |text: String| text.replace(['\u{2068}', '\u{2069}'], "");
    for entry in &page.entries {
        let worded = words.of(entry);
        let detail = if entry.detail == "null" { "" } else { entry.detail.as_str() };
        let cells = [
            entry.at.to_string(),
            entry.actor_kind.clone(),
            entry.actor_id.clone().unwrap_or_default(),
            plain(worded.who),
            entry.action.clone(),
            entry.subject_kind.clone(),
            entry.subject_id.clone(),
            worded.what,
            plain(worded.sentence),
            worded.reason,
            detail.to_owned(),
        ];
        file.write_record(cells.iter().map(|cell| safe_cell(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
