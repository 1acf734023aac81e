//! Watch-lists: a table is looked at first, and kept on a second word.

use super::{Team, in_words, list_url};
use crate::accreditation::listing::{self, Listing, MOST_ENTRIES};
use crate::accreditation::model::WatchList;
use crate::accreditation::operations;
use crate::db::{FileId, WatchListId};
use crate::interchange::{Fault, ReadError, read_table};
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::{Failure, Field, FormData, Page, RouteTable, respond};
use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Bytes, Path};
use futures_util::StreamExt;
use serde::Serialize;

/// The routes of watch-lists.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/accreditation/watch-lists", show_lists);
    routes.post("/organizer/{event}/accreditation/watch-lists", preview);
    routes.get("/organizer/{event}/accreditation/watch-lists/template.csv", show_template);
    routes.post("/organizer/{event}/accreditation/watch-lists/apply", apply);
    routes.post("/organizer/{event}/accreditation/watch-lists/{list}/delete", delete_list);
}

/// Longest name of a list.
const NAME_LENGTH: usize = 200;
/// Wrong rows that are shown.
const MOST_FAULTS: usize = 200;
/// Names that a preview shows.
const SAMPLE: usize = 10;

#[derive(Serialize)]
struct ListsPage {
    lists: Vec<ListLine>,
    errors: Vec<ErrorLine>,
    name: Field,
    file: Field,
    action: String,
    template_url: String,
    back_url: String,
    limit: String,
}

impl Page for ListsPage {
    const TEMPLATE: &'static str = "organizer/accreditation_watch_lists.html";
}

#[derive(Serialize)]
struct ListLine {
    name: String,
    entries: i32,
    created: String,
    delete_url: String,
}

fn url_of(team: &Team) -> String {
    format!("{}/watch-lists", list_url(team))
}

/// `GET /organizer/{event}/accreditation/watch-lists`.
async fn show_lists(team: Team) -> PageResult {
    show(&team, StatusCode::OK, "", None).await
}

/// The lists and the form, with what is wrong with the file.
async fn show(team: &Team, status: StatusCode, name: &str, wrong: Option<(&str, String)>) -> PageResult {
    let event = team.event.id;
    let lists = team.visit.app.read(move |db| Ok::<_, Failure>(operations::lists(db, event)?)).await?;
    let context = team.context("accreditation", "accreditation-lists-title");
    let url = url_of(team);
    let line = |list: &WatchList| ListLine {
        name: list.name.clone(),
        entries: list.entries,
        created: in_words(team, &context, list.created_at),
        delete_url: format!("{url}/{}/delete", list.id),
    };
    let error = |field: &str| wrong.as_ref().filter(|(known, _)| *known == field).map(|(_, words)| words.clone());
    let field =
        |field: &str, value: &str| Field { name: field.to_owned(), value: value.to_owned(), error: error(field) };
    let megabytes = team.visit.app.settings.limits.import_bytes / (1024 * 1024);
    let page = ListsPage {
        lists: lists.iter().map(line).collect(),
        name: field("name", name),
        file: field("file", ""),
        errors: wrong
            .iter()
            .map(|(field, words)| ErrorLine { field: (*field).to_owned(), message: words.clone() })
            .collect(),
        template_url: format!("{url}/template.csv"),
        action: url,
        back_url: list_url(team),
        limit: if megabytes == 0 { "∞".to_owned() } else { format!("{megabytes} MB") },
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/accreditation/watch-lists/template.csv`: a table to be filled in.
async fn show_template(team: Team) -> PageResult {
    // The mark tells spreadsheets that this is UTF-8.
    let table = "\u{feff}name,birth_date,country,note\r\nAda Lovelace,1815-12-10,GB,\r\n李小龙,1940-11-27,CN,\r\n";
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-watch-list.csv", team.event.slug)))
        .body(table))
}

/// What the form sends.
#[derive(Default)]
struct Upload {
    bytes: Bytes,
    name: String,
    file_name: String,
    too_large: bool,
}

/// Takes the form in, holding no more of the file than is allowed; 0 switches the limit off.
async fn receive(mut body: Multipart, limit: usize) -> Result<Upload, Failure> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let mut upload = Upload::default();
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|error| broken(&error))?;
        let name = field.name().unwrap_or_default().to_owned();
        let most = if name == "file" { limit } else { NAME_LENGTH * 4 };
        if name == "file" {
            let given = field.content_disposition().and_then(|place| place.get_filename()).unwrap_or_default();
            upload.file_name = given.chars().take(NAME_LENGTH).collect();
        }
        let Ok(content) = field.bytes(most).await else {
            upload.too_large |= name == "file";
            continue;
        };
        let content = content.map_err(|error| broken(&error))?;
        match name.as_str() {
            "file" => upload.bytes = content,
            "name" => upload.name = line(&String::from_utf8_lossy(&content)),
            _ => {}
        }
    }
    Ok(upload)
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

fn line(text: &str) -> String {
    clean_line(text).chars().take(NAME_LENGTH).collect()
}

#[derive(Serialize)]
struct PreviewPage {
    name: String,
    file_name: String,
    found: usize,
    left_out: usize,
    faults: Vec<String>,
    more_faults: usize,
    sample: Vec<String>,
    upload: String,
    action: String,
    back_url: String,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "organizer/accreditation_watch_preview.html";
}

/// Why a file is refused, in words.
fn refused(team: &Team, fault: &ReadError) -> String {
    let texts = &team.visit.app.texts;
    let lang = team.context("accreditation", "accreditation-lists-title").lang;
    if fault.fault == Fault::TooManySessions {
        return texts.text(lang, "accreditation-error-too-many-rows", &[("most", MOST_ENTRIES.into())]);
    }
    let words = fault.text(texts, lang);
    fault.place.as_ref().map_or_else(|| words.clone(), |place| format!("{place}: {words}"))
}

/// Reads the table; the words say what is wrong with it.
fn read(team: &Team, bytes: &[u8], id: WatchListId) -> Result<Listing, String> {
    let most_bytes = match team.visit.app.settings.limits.import_bytes {
        0 => usize::MAX,
        limit => limit,
    };
    let text = |key: &str| {
        let lang = team.context("accreditation", "accreditation-lists-title").lang;
        team.visit.app.texts.text(lang, key, &[])
    };
    let table = read_table(bytes, most_bytes, MOST_ENTRIES).map_err(|fault| refused(team, &fault))?;
    if !listing::has_names(&table) {
        return Err(text("accreditation-error-no-names"));
    }
    let listing = listing::read(&table, id);
    if listing.entries.is_empty() && listing.faults.is_empty() {
        return Err(text("accreditation-error-empty-list"));
    }
    Ok(listing)
}

/// `POST /organizer/{event}/accreditation/watch-lists`: says what the table holds, and keeps nothing.
async fn preview(team: Team, body: Multipart) -> PageResult {
    let upload = receive(body, team.visit.app.settings.limits.import_bytes).await?;
    let context = team.context("accreditation", "accreditation-lists-title");
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let wrong = match (upload.too_large, upload.bytes.is_empty()) {
        (true, _) => Some(text("interchange-too-large")),
        (false, true) => Some(text("error-required")),
        _ => None,
    };
    let listing = wrong.map_or_else(|| read(&team, &upload.bytes, WatchListId::new()), Err);
    match listing {
        Ok(listing) => show_preview(&team, upload, &listing).await,
        Err(words) => show(&team, StatusCode::UNPROCESSABLE_ENTITY, &upload.name, Some(("file", words))).await,
    }
}

async fn show_preview(team: &Team, upload: Upload, listing: &Listing) -> PageResult {
    let context = team.context("accreditation", "accreditation-preview-title");
    let texts = &team.visit.app.texts;
    // Random and not by time: an officer of one event must not guess another's file.
    let key = FileId::from(uuid::Uuid::new_v4());
    team.visit.app.files.keep_upload(key, upload.bytes.clone()).await.map_err(Failure::unexpected)?;
    let name = if upload.name.is_empty() { line(&upload.file_name) } else { upload.name };
    let faults = listing.faults.iter().take(MOST_FAULTS);
    let page = PreviewPage {
        name: if name.is_empty() { texts.text(context.lang, "accreditation-list-unnamed", &[]) } else { name },
        file_name: upload.file_name,
        found: listing.entries.len(),
        left_out: listing.faults.len(),
        faults: faults.map(|(row, fault)| fault.words(texts, context.lang, *row)).collect(),
        more_faults: listing.faults.len().saturating_sub(MOST_FAULTS),
        sample: listing.entries.iter().take(SAMPLE).map(|entry| entry.name.clone()).collect(),
        upload: key.to_string(),
        action: format!("{}/apply", url_of(team)),
        back_url: url_of(team),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/accreditation/watch-lists/apply`: keeps the rows of the table that are right.
async fn apply(team: Team, form: FormData) -> PageResult {
    let key: FileId = form.text("upload").parse().map_err(|_| Failure::gone("interchange-upload-gone"))?;
    let kept = team.visit.app.files.read_upload(key).await.map_err(Failure::unexpected)?;
    let bytes = kept.ok_or(Failure::gone("interchange-upload-gone"))?;
    let (event, officer, id, name) = (team.event.id, team.user.id, WatchListId::new(), line(form.text("name")));
    let listing = read(&team, &bytes, id).map_err(|_| Failure::gone("interchange-upload-gone"))?;
    let add = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(operations::add_list(db, now, officer, (event, id), &name, &listing.entries)?)
    };
    team.visit.app.write(add).await?;
    team.visit.app.files.remove_upload(key).await;
    Ok(respond::see_other_with_notice(url_of(&team), "accreditation-notice-list-added"))
}

/// `POST /organizer/{event}/accreditation/watch-lists/{list}/delete`.
async fn delete_list(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: WatchListId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, officer) = (team.event.id, team.user.id);
    team.visit.app.write(move |db, now| operations::delete_list(db, now, officer, event, id)).await?;
    Ok(respond::see_other_with_notice(url_of(&team), "accreditation-notice-list-deleted"))
}
