//! `/organizer/{event}/import`: a file is looked at first, and read into the draft on a second word.

use super::apply::{NewRooms, Tally};
use super::model::FileFormat;
use super::notes::{Problem, Warning};
use super::operations::{self, FormatChoice, ImportError, ImportReport, ImportRequest, Target};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::FileId;
use crate::i18n::Lang;
use crate::venue::operations as venue;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond};
use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use futures_util::StreamExt;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/import", show_import);
    routes.get("/organizer/{event}/import/template.csv", show_template);
    routes.post("/organizer/{event}/import", preview);
    routes.post("/organizer/{event}/import/apply", apply);
}

type Team = Allowed<ManageEvent>;

/// Longest field of the form that is no file.
const WORD_LENGTH: usize = 200;

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::NoEvent(_) => Self::NotFound,
            ImportError::Db(error) => error.into(),
            ImportError::Unreadable(_) => Self::bad_request("interchange-unreadable"),
            other => Self::Unexpected(anyhow::Error::new(other)),
        }
    }
}

#[derive(Serialize)]
struct ImportPage {
    errors: Vec<ErrorLine>,
    file: Field,
    format: Field,
    formats: Vec<Choice>,
    timezone: Field,
    zones: Vec<&'static str>,
    limit: String,
    template_url: String,
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "organizer/import.html";
}

/// `GET /organizer/{event}/import`.
async fn show_import(team: Team) -> PageResult {
    show(&team, StatusCode::OK, &FormData::default(), &FieldErrors::default(), None)
}

/// The form, with what a reader said about the file where there is something.
fn show(team: &Team, status: StatusCode, form: &FormData, errors: &FieldErrors, fault: Option<String>) -> PageResult {
    let context = team.context("import", "interchange-import-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let mut file = view.field("file");
    let mut lines = view.summary();
    if let Some(words) = fault {
        lines.push(ErrorLine { field: "file".to_owned(), message: words.clone() });
        file.error = Some(words);
    }
    let megabytes = team.visit.app.settings.limits.import_bytes / (1024 * 1024);
    let page = ImportPage {
        errors: lines,
        file,
        format: view.field("format"),
        formats: view.choices("format", FileFormat::ALL.iter().map(|format| (format.to_string(), format.to_string()))),
        timezone: view.field("timezone"),
        zones: chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect(),
        template_url: format!("{}/template.csv", url_of(team)),
        limit: if megabytes == 0 { "∞".to_owned() } else { format!("{megabytes} MB") },
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/import/template.csv`: a table to be filled in, in the event's languages.
async fn show_template(team: Team) -> PageResult {
    let event = team.event.id;
    let rooms = team.visit.app.read(move |db| Ok::<_, Failure>(venue::list(db, event)?)).await?;
    let room = rooms.first().map_or("", |room| room.name.text(team.event.main_language(), &team.event.languages));
    let table = super::template(&team.event.languages, team.event.starts_on, room);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-sessions.csv", team.event.slug)))
        .body(table))
}

/// What the form sends.
#[derive(Default)]
struct Upload {
    bytes: Bytes,
    name: String,
    format: String,
    timezone: String,
    too_large: bool,
}

impl Upload {
    fn form(&self) -> FormData {
        FormData::from_fields([("format", self.format.as_str()), ("timezone", self.timezone.as_str())])
    }
}

/// Takes the form in, holding no more of the file than is allowed; 0 switches the limit off.
async fn receive(mut body: Multipart, limit: usize) -> Result<Upload, Failure> {
    let limit = if limit == 0 { usize::MAX } else { limit };
    let mut upload = Upload::default();
    while let Some(field) = body.next().await {
        let mut field = field.map_err(|error| broken(&error))?;
        let name = field.name().unwrap_or_default().to_owned();
        let most = if name == "file" { limit } else { WORD_LENGTH };
        if name == "file" {
            upload.name = field
                .content_disposition()
                .and_then(|place| place.get_filename())
                .unwrap_or_default()
                .chars()
                .take(WORD_LENGTH)
                .collect();
        }
        let Ok(content) = field.bytes(most).await else {
            upload.too_large |= name == "file";
            continue;
        };
        let content = content.map_err(|error| broken(&error))?;
        match name.as_str() {
            "file" => upload.bytes = content,
            "format" => upload.format = String::from_utf8_lossy(&content).into_owned(),
            "timezone" => upload.timezone = String::from_utf8_lossy(&content).trim().to_owned(),
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

#[derive(Serialize)]
struct PreviewPage {
    file_name: String,
    format: String,
    found: String,
    kinds: Vec<KindLine>,
    is_same: bool,
    /// Whether the file names rooms that the event does not have: then someone decides.
    has_new_rooms: bool,
    warnings: Vec<String>,
    upload: String,
    format_value: String,
    timezone_value: String,
    import_url: String,
    action: String,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "organizer/import_preview.html";
}

#[derive(Serialize)]
struct KindLine {
    label: String,
    created: usize,
    updated: usize,
    unchanged: usize,
}

fn url_of(team: &Team) -> String {
    format!("/organizer/{}/import", team.event.slug)
}

/// Checks format and zone, and makes the request.
fn request(team: &Team, upload: &Upload, dry_run: bool) -> Result<ImportRequest, FieldErrors> {
    let mut errors = FieldErrors::default();
    let format: Option<FormatChoice> = upload.format.parse().ok();
    if format.is_none() {
        errors.push("format", Message::new("interchange-unknown-format"));
    }
    let timezone = (!upload.timezone.is_empty()).then(|| upload.timezone.parse());
    if matches!(timezone, Some(Err(_))) {
        errors.push("timezone", Message::new("interchange-unknown-zone"));
    }
    if upload.too_large {
        errors.push("file", Message::new("interchange-too-large"));
    } else if upload.bytes.is_empty() {
        errors.push("file", Message::new("error-required"));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(ImportRequest {
        bytes: upload.bytes.clone(),
        format: format.unwrap_or_default(),
        timezone: timezone.and_then(Result::ok),
        target: Target::Event(team.event.slug.clone()),
        dry_run,
    })
}

/// `POST /organizer/{event}/import`: says what the file would change, and changes nothing.
async fn preview(team: Team, body: Multipart) -> PageResult {
    let upload = receive(body, team.visit.app.settings.limits.import_bytes).await?;
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let request = match request(&team, &upload, true) {
        Ok(request) => request,
        Err(errors) => return show(&team, unprocessable, &upload.form(), &errors, None),
    };
    match operations::import(&team.visit.app, team.actor(), request).await {
        Ok(report) => show_preview(&team, &upload, &report).await,
        Err(ImportError::Unreadable(fault)) => {
            let lang = team.context("import", "interchange-import-title").lang;
            let words = fault.text(&team.visit.app.texts, lang);
            let words = fault.place.as_ref().map_or_else(|| words.clone(), |place| format!("{place}: {words}"));
            show(&team, unprocessable, &upload.form(), &FieldErrors::default(), Some(words))
        }
        Err(error) => Err(error.into()),
    }
}

async fn show_preview(team: &Team, upload: &Upload, report: &ImportReport) -> PageResult {
    let context = team.context("import", "interchange-preview-title");
    let texts = &team.visit.app.texts;
    // Random and not by time: who may import at one event must not guess another's file.
    let key = FileId::from(uuid::Uuid::new_v4());
    team.visit.app.files.keep_upload(key, upload.bytes.clone()).await.map_err(Failure::unexpected)?;
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let found = [
        ("days", count(report.days).into()),
        ("sessions", count(report.sessions).into()),
        ("speakers", count(report.speakers).into()),
    ];
    let page = PreviewPage {
        file_name: upload.name.clone(),
        format: report.format.clone(),
        found: texts.text(context.lang, "interchange-found", &found),
        kinds: kinds(team, context.lang, report),
        is_same: report.created + report.updated == 0,
        has_new_rooms: report.notes.iter().any(|note| matches!(note.problem, Problem::NewRoom | Problem::NewRoomLike)),
        warnings: report
            .notes
            .iter()
            .map(|warning| in_words(warning, texts, context.lang))
            .chain(report.missing.iter().cloned())
            .collect(),
        upload: key.to_string(),
        format_value: upload.format.clone(),
        timezone_value: upload.timezone.clone(),
        import_url: url_of(team),
        action: url_of(team) + "/apply",
    };
    team.visit.show(&context, &page)
}

fn in_words(warning: &Warning, texts: &crate::i18n::Texts, lang: Lang) -> String {
    let words = warning.text(texts, lang);
    if warning.place.is_empty() { words } else { format!("{}: {words}", warning.place) }
}

fn kinds(team: &Team, lang: Lang, report: &ImportReport) -> Vec<KindLine> {
    let line = |key: &str, tally: Tally| KindLine {
        label: team.visit.app.texts.text(lang, key, &[]),
        created: tally.created,
        updated: tally.updated,
        unchanged: tally.unchanged,
    };
    vec![
        line("organizer-nav-sessions", report.changes.sessions),
        line("organizer-nav-speakers", report.changes.speakers),
        line("organizer-nav-rooms", report.changes.rooms),
        line("organizer-nav-forums", report.changes.forums),
        line("organizer-nav-formats", report.changes.formats),
    ]
}

/// `POST /organizer/{event}/import/apply`: reads the file that was looked at into the draft.
async fn apply(team: Team, form: FormData) -> PageResult {
    let key: FileId = form.text("upload").parse().map_err(|_| Failure::gone("interchange-upload-gone"))?;
    let kept = team.visit.app.files.read_upload(key).await.map_err(Failure::unexpected)?;
    let upload = Upload {
        bytes: kept.ok_or(Failure::gone("interchange-upload-gone"))?,
        format: form.text("format").to_owned(),
        timezone: form.text("timezone").to_owned(),
        ..Upload::default()
    };
    let request = request(&team, &upload, false).map_err(|_| Failure::gone("interchange-upload-gone"))?;
    let new_rooms: NewRooms = form.text("new_rooms").parse().unwrap_or_default();
    operations::import_with(&team.visit.app, team.actor(), request, new_rooms).await?;
    team.visit.app.files.remove_upload(key).await;
    Ok(respond::see_other_with_notice(
        format!("/organizer/{}/schedule", team.event.slug),
        "interchange-notice-imported",
    ))
}
