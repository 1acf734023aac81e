//! Formats: the list, one format, deleting it.

use super::{DeletePage, LAST_POSITION, Team, code, code_taken, conflicts, others_kept, version};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::FormatId;
use crate::events::model::Event;
use crate::programme::strands::model::{Format, FormatFacts};
use crate::programme::strands::operations::{self, StrandError};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/formats", list_formats);
    routes.get("/organizer/{event}/formats/new", show_new_format);
    routes.post("/organizer/{event}/formats/new", create_format);
    routes.get("/organizer/{event}/formats/{format}", show_format);
    routes.post("/organizer/{event}/formats/{format}", change_format);
    routes.get("/organizer/{event}/formats/{format}/delete", ask_to_delete);
    routes.post("/organizer/{event}/formats/{format}/delete", delete_format);
}

/// Minutes that the form of a new format begins with.
const USUAL_MINUTES: &str = "45";
/// Shortest and longest usual length: five minutes, a day.
const MINUTES: std::ops::RangeInclusive<i32> = 5..=1440;

#[derive(Serialize)]
struct FormatsPage {
    formats: Vec<FormatLine>,
    new_url: String,
    may_edit: bool,
}

impl Page for FormatsPage {
    const TEMPLATE: &'static str = "organizer/formats.html";
}

#[derive(Serialize)]
struct FormatLine {
    name: Text,
    code: String,
    minutes: String,
    sessions: String,
    url: String,
}

/// `GET /organizer/{event}/formats`.
async fn list_formats(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.id;
    let formats = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::formats(db, event)?)).await?;
    let context = team.context("formats", "programme-formats-title");
    let base = format!("/organizer/{}/formats", team.event.slug);
    let line = |(format, sessions): &(Format, i64)| FormatLine {
        name: Text::pick(&format.name, context.lang, &team.event.languages),
        code: format.code.clone(),
        minutes: context.formatter().number(format.minutes.into()),
        sessions: context.formatter().number(*sessions),
        url: format!("{base}/{}", format.id),
    };
    let page = FormatsPage {
        formats: formats.iter().map(line).collect(),
        new_url: format!("{base}/new"),
        may_edit: team.may(Permission::ManageEvent),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct FormatPage {
    errors: Vec<ErrorLine>,
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    name: Vec<LocalizedField>,
    code: Field,
    minutes: Field,
    position: Field,
    formats_url: String,
    delete_url: Option<String>,
}

impl Page for FormatPage {
    const TEMPLATE: &'static str = "organizer/format.html";
}

fn stored(format: &Format) -> FormData {
    let mut form = FormData::from_fields([
        ("version", format.version.to_string()),
        ("code", format.code.clone()),
        ("minutes", format.minutes.to_string()),
        ("position", format.position.to_string()),
    ]);
    form.push_localized("name", &format.name);
    form
}

fn show(team: &Team, format: Option<&Format>, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let title = if format.is_some() { "programme-format-title" } else { "programme-format-new-title" };
    let context = team.context("formats", title);
    let view = FormView::new(&team.visit, &context, form, errors);
    let conflict = format.filter(|_| status == StatusCode::CONFLICT);
    let formats_url = formats_url(team);
    let conflicts = conflict.map_or_else(Vec::new, |format| conflicts(team, context.lang, form, &stored(format)));
    if conflict.is_some() && conflicts.is_empty() {
        // Both wrote the same: nothing is left to decide.
        return Ok(respond::see_other_with_notice(formats_url, "programme-notice-format-saved"));
    }
    let page = FormatPage {
        errors: view.summary(),
        conflicts,
        version: conflict.map_or_else(|| form.text("version").to_owned(), |format| format.version.to_string()),
        is_new: format.is_none(),
        name: view.localized("name", &team.event.languages),
        code: view.field("code"),
        minutes: view.field("minutes"),
        position: view.field("position"),
        delete_url: format.map(|format| format!("{formats_url}/{}/delete", format.id)),
        formats_url,
    };
    team.visit.show_with_status(status, &context, &page)
}

fn formats_url(team: &Team) -> String {
    format!("/organizer/{}/formats", team.event.slug)
}

/// `GET /organizer/{event}/formats/new`.
async fn show_new_format(team: Team) -> PageResult {
    let form = FormData::from_fields([("minutes", USUAL_MINUTES)]);
    show(&team, None, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /organizer/{event}/formats/new`.
async fn create_format(team: Team, form: FormData) -> PageResult {
    let facts = match facts(&team.event, None, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event) = (team.actor(), team.event.id);
    match team.visit.app.write(move |db, now| operations::create_format(db, now, actor, event, &facts)).await {
        Ok(_) => Ok(respond::see_other_with_notice(formats_url(&team), "programme-notice-format-created")),
        Err(StrandError::CodeTaken) => show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken()),
        Err(error) => Err(error.into()),
    }
}

async fn find(team: &Team, id: FormatId) -> Result<Format, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::format(db, event, id)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/formats/{format}`.
async fn show_format(team: Team, path: Path<(String, FormatId)>) -> PageResult {
    let format = find(&team, path.1).await?;
    show(&team, Some(&format), StatusCode::OK, &stored(&format), &FieldErrors::default())
}

/// `POST /organizer/{event}/formats/{format}`.
async fn change_format(team: Team, path: Path<(String, FormatId)>, form: FormData) -> PageResult {
    let format = find(&team, path.1).await?;
    let facts = match facts(&team.event, Some(&format), &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(&format), StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, key) = (team.actor(), (team.event.id, format.id, version(&form)));
    match team.visit.app.write(move |db, now| operations::update_format(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(formats_url(&team), "programme-notice-format-saved")),
        Err(StrandError::CodeTaken) => {
            show(&team, Some(&format), StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken())
        }
        Err(StrandError::Stale) => {
            show(&team, Some(&find(&team, format.id).await?), StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}

fn facts(event: &Event, format: Option<&Format>, form: &FormData) -> Result<FormatFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &event.languages;
    let name = checker.required_localized_line("name", shown);
    let facts = FormatFacts {
        code: code(&mut checker, form),
        name: others_kept(format.map(|format| &format.name), shown, name),
        minutes: checker.number("minutes", MINUTES).unwrap_or_default(),
        position: checker.optional_number("position", 0..=LAST_POSITION),
    };
    checker.finish(facts)
}

/// `GET /organizer/{event}/formats/{format}/delete`: says what deleting would do.
async fn ask_to_delete(team: Team, path: Path<(String, FormatId)>) -> PageResult {
    let format = find(&team, path.1).await?;
    let id = format.id;
    let affected = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::affected_by_format(db, id)?)).await?;
    let context = team.context("formats", "programme-format-delete-title");
    let texts = &team.visit.app.texts;
    let counts = [("sessions", affected.sessions.into())];
    let page = DeletePage {
        heading: texts.text(context.lang, "programme-format-delete-title", &[]),
        name: Text::pick(&format.name, context.lang, &team.event.languages),
        consequence: texts.text(context.lang, "programme-format-delete-affects", &counts),
        button: texts.text(context.lang, "programme-format-delete-button", &[]),
        version: format.version,
        back_url: format!("{}/{}", formats_url(&team), format.id),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/formats/{format}/delete`.
async fn delete_format(team: Team, path: Path<(String, FormatId)>, form: FormData) -> PageResult {
    let (actor, key) = (team.actor(), (team.event.id, path.1, version(&form)));
    team.visit.app.write(move |db, now| operations::delete_format(db, now, actor, key)).await?;
    Ok(respond::see_other_with_notice(formats_url(&team), "programme-notice-format-deleted"))
}
