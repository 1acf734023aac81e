//! Choosing a table.

use super::preview::show_preview;
use super::{Team, context, list_url, setting};
use crate::db::FileId;
use crate::interchange::read_table as plain_table;
use crate::registration::importing::cells::questions;
use crate::registration::importing::model::{COLUMNS, MOST_ROWS, Setting, Sheet};
use crate::web::error::PageResult;
use crate::web::tables::{TableUpload, csv};
use crate::web::{Choice, Failure, Field, Page};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::block;
use bytes::Bytes;
use serde::Serialize;

#[derive(Serialize)]
struct ImportPage {
    action: String,
    template_url: String,
    back_url: String,
    file: Field,
    category: Field,
    categories: Vec<Choice>,
    columns: Vec<ColumnLine>,
    most: String,
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "organizer/registrations_import.html";
}

#[derive(Serialize)]
struct ColumnLine {
    /// Its name, and another that will do.
    name: String,
    other: String,
    label: String,
    help: String,
}

/// `GET /organizer/{event}/registrations/import`.
pub(super) async fn show_form(team: Team) -> PageResult {
    let setting = setting(&team).await?;
    show(&team, &setting, StatusCode::OK, ("", None))
}

fn show(team: &Team, setting: &Setting, status: StatusCode, (category, error): (&str, Option<String>)) -> PageResult {
    let context = context(team, "import-title");
    let url = format!("{}/import", list_url(team));
    let categories = setting.categories.iter().map(|one| Choice {
        value: one.id.to_string(),
        label: one.name.text(context.lang, &team.event.languages).to_owned(),
        selected: one.id.as_str() == category,
    });
    let page = ImportPage {
        template_url: format!("{url}/template.csv"),
        action: url,
        back_url: list_url(team),
        file: Field { name: "file".to_owned(), value: String::new(), error },
        category: Field { name: "category".to_owned(), value: category.to_owned(), error: None },
        categories: categories.collect(),
        columns: columns(team, setting, context.lang),
        most: context.formatter().number(i64::try_from(MOST_ROWS).unwrap_or(i64::MAX)),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// Every column that is read, with what stands in it.
fn columns(team: &Team, setting: &Setting, lang: crate::i18n::Lang) -> Vec<ColumnLine> {
    let texts = &team.visit.app.texts;
    let known = COLUMNS.iter().map(|(field, names)| ColumnLine {
        name: (*field).to_owned(),
        other: names.iter().find(|name| !name.is_ascii()).map(|name| (*name).to_owned()).unwrap_or_default(),
        label: super::label(team, setting, lang, field),
        help: texts.text(lang, &format!("import-help-{}", field.replace('_', "-")), &[]),
    });
    let asked = questions(&setting.form).map(|question| ColumnLine {
        name: question.field(),
        other: String::new(),
        label: question.facts.label.text(lang, &team.event.languages).to_owned(),
        help: texts.text(lang, "import-help-question", &[]),
    });
    known.chain(asked).collect()
}

/// `GET /organizer/{event}/registrations/import/template.csv`: the columns with one made-up person.
pub(super) async fn show_template(team: Team) -> PageResult {
    let setting = setting(&team).await?;
    let category = setting.categories.first().map(|category| category.code.clone()).unwrap_or_default();
    let sample = [
        ("category", category.as_str()),
        ("email", "ada@example.org"),
        ("given_name", "Ada"),
        ("family_name", "Lovelace"),
        ("native_name", ""),
        ("honorific", "Dr"),
        ("organisation", "Analytical Society"),
        ("position", "Countess"),
        ("country", "GB"),
        ("nationality", "GB"),
        ("language", "en"),
        ("delegation", ""),
        ("remark", ""),
    ];
    let asked: Vec<String> = questions(&setting.form).map(crate::registration::forms::model::Question::field).collect();
    let head = sample.iter().map(|(name, _)| *name).chain(asked.iter().map(String::as_str));
    let row = sample.iter().map(|(_, cell)| (*cell).to_owned()).chain(asked.iter().map(|_| String::new()));
    csv(&format!("{}-import.csv", team.event.slug), head, [row.collect::<Vec<_>>()])
}

/// `POST /organizer/{event}/registrations/import`: says what the table holds, and registers nobody.
pub(super) async fn read_table(team: Team, body: Multipart) -> PageResult {
    let upload = TableUpload::receive(body, team.visit.app.settings.limits.import_bytes).await?;
    let setting = setting(&team).await?;
    let lang = context(&team, "import-title").lang;
    let text = |key: &str| team.visit.app.texts.text(lang, key, &[]);
    let read = match (upload.too_large, upload.file.is_empty()) {
        (true, _) => Err(text("interchange-too-large")),
        (false, true) if upload.name.is_empty() => Err(text("error-required")),
        (false, true) => Err(text("import-error-empty")),
        _ => read(&team, &setting, upload.file).await?,
    };
    let category = upload.form.text("category").to_owned();
    match read {
        Ok(sheet) => {
            let sheet = Sheet { file_name: upload.name, category, ..sheet };
            // Random and not by time: an organizer of one event must not guess another's file.
            let key = FileId::from(uuid::Uuid::new_v4());
            let kept = serde_json::to_vec(&sheet).map_err(Failure::unexpected)?;
            team.visit.app.files.keep_upload(key, Bytes::from(kept)).await.map_err(Failure::unexpected)?;
            show_preview(&team, StatusCode::OK, (key, sheet, setting), &[]).await
        }
        Err(words) => show(&team, &setting, StatusCode::UNPROCESSABLE_ENTITY, (&category, Some(words))),
    }
}

/// Reads a file off the threads that answer; the words say why it can't be read.
async fn read(team: &Team, setting: &Setting, bytes: Bytes) -> Result<Result<Sheet, String>, Failure> {
    let most = match team.visit.app.settings.limits.import_bytes {
        0 => usize::MAX,
        limit => limit,
    };
    let (app, setting) = (team.visit.app.clone(), setting.clone());
    let lang = context(team, "import-title").lang;
    let job = move || {
        let texts = &app.texts;
        let table = plain_table(&bytes, most, MOST_ROWS).map_err(|fault| fault.of_table(texts, lang, MOST_ROWS))?;
        let sheet =
            Sheet::of(&table, &setting, texts).ok_or_else(|| texts.text(lang, "import-error-no-column", &[]))?;
        if sheet.rows.is_empty() { Err(texts.text(lang, "import-error-empty", &[])) } else { Ok(sheet) }
    };
    block(job).await.map_err(Failure::unexpected)
}
