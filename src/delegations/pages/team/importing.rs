//! Many delegations from one table: looked at first, and kept on a second word.

use super::{Team, list_url};
use crate::db::{DbConnection, FileId};
use crate::delegations::model::DelegationFacts;
use crate::delegations::operations;
use crate::delegations::reading::{self, MOST_DELEGATIONS, WrongRow};
use crate::interchange::read_table;
use crate::registration::category::Category;
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::tables::{self, TableUpload};
use crate::web::{Failure, Field, FormData, Page, respond};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use serde::Serialize;

/// Wrong rows, and names, that a preview shows.
const MOST_SHOWN: usize = 200;

#[derive(Serialize)]
struct ImportPage {
    action: String,
    template_url: String,
    back_url: String,
    file: Field,
    columns: Vec<String>,
}

impl Page for ImportPage {
    const TEMPLATE: &'static str = "organizer/delegations_import.html";
}

#[derive(Serialize)]
struct PreviewPage {
    action: String,
    back_url: String,
    upload: String,
    file_name: String,
    good: usize,
    wrong: usize,
    sample: Vec<Sample>,
    faults: Vec<String>,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "organizer/delegations_preview.html";
}

#[derive(Serialize)]
struct Sample {
    name: String,
    contact: String,
    places: String,
}

async fn categories(team: &Team) -> Result<Vec<Category>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await
}

/// `GET /organizer/{event}/delegations/import`.
pub(super) async fn show_form(team: Team) -> PageResult {
    show(&team, StatusCode::OK, None).await
}

async fn show(team: &Team, status: StatusCode, error: Option<String>) -> PageResult {
    let all = categories(team).await?;
    let context = team.context("delegations", "delegations-import");
    let url = format!("{}/import", list_url(team));
    let page = ImportPage {
        template_url: format!("{url}/template.csv"),
        action: url,
        back_url: list_url(team),
        file: Field { name: "file".to_owned(), value: String::new(), error },
        columns: all.iter().map(|category| category.code.clone()).collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/delegations/import/template.csv`.
pub(super) async fn show_template(team: Team) -> PageResult {
    let all = categories(&team).await?;
    let head = ["name", "country", "contact", "address", "language"].into_iter();
    let row = |cells: [&str; 5], places: &str| {
        let places = all.iter().map(|_| places.to_owned());
        cells.into_iter().map(str::to_owned).chain(places).collect::<Vec<String>>()
    };
    let rows = [row(["Ministry of Communications", "EG", "Salma Nabil", "salma@ministry.example", "en"], "5")];
    let head = head.chain(all.iter().map(|category| category.code.as_str()));
    tables::csv(&format!("{}-delegations.csv", team.event.slug), head, rows)
}

/// The delegations of a table, and the rows that can't be taken.
type Read = (Vec<DelegationFacts>, Vec<WrongRow>);

/// Reads a table; the words say why it can't be.
async fn read(team: &Team, bytes: &[u8]) -> Result<Result<Read, String>, Failure> {
    let most = match team.visit.app.settings.limits.import_bytes {
        0 => usize::MAX,
        limit => limit,
    };
    let (all, texts) = (categories(team).await?, &team.visit.app.texts);
    let lang = team.context("delegations", "delegations-import").lang;
    let table = match read_table(bytes, most, MOST_DELEGATIONS) {
        Ok(table) => table,
        Err(fault) => return Ok(Err(fault.of_table(texts, lang, MOST_DELEGATIONS))),
    };
    let read = reading::table(&table, texts, (&team.event.languages, team.event.zone()), &all);
    let is_empty = read.0.is_empty() && read.1.is_empty();
    Ok(if is_empty { Err(texts.text(lang, "delegations-error-no-rows", &[])) } else { Ok(read) })
}

/// `POST /organizer/{event}/delegations/import`: says what the table holds, and keeps nothing.
pub(super) async fn preview(team: Team, body: Multipart) -> PageResult {
    let upload = TableUpload::receive(body, team.visit.app.settings.limits.import_bytes).await?;
    let lang = team.context("delegations", "delegations-import").lang;
    let text = |key: &str| team.visit.app.texts.text(lang, key, &[]);
    let read = match (upload.too_large, upload.file.is_empty()) {
        (true, _) => Err(text("interchange-too-large")),
        (false, true) => Err(text("error-required")),
        _ => read(&team, &upload.file).await?,
    };
    match read {
        Ok(read) => show_preview(&team, upload, read).await,
        Err(words) => show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some(words)).await,
    }
}

async fn show_preview(team: &Team, upload: TableUpload, (good, wrong): Read) -> PageResult {
    // Random and not by time: an organizer of one event must not guess another's file.
    let key = FileId::from(uuid::Uuid::new_v4());
    team.visit.app.files.keep_upload(key, upload.file).await.map_err(Failure::unexpected)?;
    let (all, context) = (categories(team).await?, team.context("delegations", "delegations-import"));
    let texts = &team.visit.app.texts;
    let name = |category: &Category| category.name.text(context.lang, &team.event.languages).to_owned();
    let sample = |facts: &DelegationFacts| Sample {
        name: facts.name.text(context.lang, &team.event.languages).to_owned(),
        contact: format!("{} · {}", facts.contact.name, facts.contact.email),
        places: all
            .iter()
            .filter_map(|category| {
                let (_, count) = facts.places.iter().find(|(id, _)| *id == category.id)?;
                Some(format!("{} {count}", name(category)))
            })
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let fault = |row: &WrongRow| {
        let lines = row.errors.iter().map(|error| {
            let column = error.field.split(['-', '.']).next().unwrap_or_default().replace('_', "-");
            let label = texts.text(context.lang, &format!("delegations-column-{column}"), &[]);
            let args = [("label", label.into()), ("text", error.message.words(texts, context.lang).into())];
            texts.text(context.lang, "common-labelled", &args)
        });
        let words = lines.collect::<Vec<_>>().join("; ");
        texts.text(context.lang, "delegations-wrong-row", &[("row", row.row.into()), ("words", words.into())])
    };
    let page = PreviewPage {
        action: format!("{}/import/apply", list_url(team)),
        back_url: format!("{}/import", list_url(team)),
        upload: key.to_string(),
        file_name: upload.name,
        good: good.len(),
        wrong: wrong.len(),
        sample: good.iter().take(MOST_SHOWN).map(sample).collect(),
        faults: wrong.iter().take(MOST_SHOWN).map(fault).collect(),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/delegations/import/apply`: makes the delegations of the rows that are right.
pub(super) async fn apply(team: Team, form: FormData) -> PageResult {
    let gone = || Failure::gone("interchange-upload-gone");
    let key: FileId = form.text("upload").parse().map_err(|_| gone())?;
    let kept = team.visit.app.files.read_upload(key).await.map_err(Failure::unexpected)?;
    let (good, _) = read(&team, &kept.ok_or_else(gone)?).await?.map_err(|_| gone())?;
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut DbConnection, now| operations::import(db, now, actor, (event, key), &good);
    team.visit.app.write(job).await?;
    team.visit.app.files.remove_upload(key).await;
    Ok(respond::see_other_with_notice(list_url(&team), "delegations-notice-imported"))
}
