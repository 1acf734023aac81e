//! `/organizer/{event}/schedule/copies`.

use super::comparison::{Group, groups};
use super::model::{Kept, way_back};
use super::operations::{self, CopyError, CopySummary};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{CopyId, SessionId};
use crate::schedule::difference::difference;
use crate::schedule::draft::Draft;
use crate::schedule::model::Programme;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/copies", list_copies);
    routes.post("/organizer/{event}/schedule/copies", keep);
    routes.get("/organizer/{event}/schedule/copies/compare", compare);
    routes.get("/organizer/{event}/schedule/copies/{copy}", show_copy);
    routes.post("/organizer/{event}/schedule/copies/{copy}/use", make_draft);
    routes.post("/organizer/{event}/schedule/copies/{copy}/delete", delete);
}

type Team = Allowed<ManageEvent>;

impl From<CopyError> for Failure {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::NotFound => Self::NotFound,
            CopyError::TooMany => Self::conflict("alternatives-too-many"),
            CopyError::Unchanged => Self::conflict("alternatives-unchanged"),
            CopyError::Changed => Self::conflict("alternatives-changed"),
            CopyError::Edit(error) => error.into(),
            CopyError::Json(error) => Self::unexpected(error),
            CopyError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct CopiesPage {
    errors: Vec<ErrorLine>,
    name: Field,
    note: Field,
    copies: Vec<CopyLine>,
    one: Vec<Choice>,
    other: Vec<Choice>,
    compare_url: String,
    schedule_url: String,
}

impl Page for CopiesPage {
    const TEMPLATE: &'static str = "organizer/copies.html";
}

#[derive(Serialize)]
struct CopyLine {
    name: String,
    note: String,
    at: String,
    url: String,
}

fn base(team: &Team) -> String {
    format!("/organizer/{}/schedule/copies", team.event.slug)
}

/// `GET /organizer/{event}/schedule/copies`.
async fn list_copies(team: Team) -> PageResult {
    show(&team, StatusCode::OK, &FormData::default(), &FieldErrors::default()).await
}

async fn show(team: &Team, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let event = team.event.id;
    let copies = team.visit.app.read(move |db| Ok::<_, CopyError>(operations::list(db, event)?)).await?;
    let context = team.context("schedule", "alternatives-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let draft = team.visit.app.texts.text(context.lang, "alternatives-the-draft", &[]);
    let choices = |chosen: usize| {
        let of_copies = copies.iter().map(|copy| (copy.id.to_string(), copy.name.clone()));
        let all = std::iter::once(("draft".to_owned(), draft.clone())).chain(of_copies);
        all.enumerate().map(|(at, (value, label))| Choice { value, label, selected: at == chosen }).collect()
    };
    let page = CopiesPage {
        errors: view.summary(),
        name: view.field("name"),
        note: view.field("note"),
        one: choices(1),
        other: choices(0),
        copies: copies.iter().map(|copy| line(team, &context, copy)).collect(),
        compare_url: format!("{}/compare", base(team)),
        schedule_url: format!("/organizer/{}/schedule", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn line(team: &Team, context: &PageContext, copy: &CopySummary) -> CopyLine {
    CopyLine {
        name: copy.name.clone(),
        note: copy.note.clone(),
        at: context.formatter().date_time(copy.created_at.in_zone(team.event.zone()).naive_local()),
        url: format!("{}/{}", base(team), copy.id),
    }
}

/// Longest name and note of a copy.
const NAME_LENGTH: usize = 80;
const NOTE_LENGTH: usize = 2_000;

fn words(form: &FormData) -> Result<(String, String), FieldErrors> {
    let mut checker = Checker::new(form);
    let (name, note) = (checker.required_line("name"), checker.block("note"));
    for (field, text, max) in [("name", &name, NAME_LENGTH), ("note", &note, NOTE_LENGTH)] {
        if text.chars().count() > max {
            checker.wrong(field, Message::new("error-too-long").with("max", max));
        }
    }
    checker.finish((name, note))
}

/// `POST /organizer/{event}/schedule/copies`.
async fn keep(team: Team, form: FormData) -> PageResult {
    let (name, note) = match words(&form) {
        Ok(words) => words,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors).await,
    };
    let (actor, event) = (team.actor(), team.event.clone());
    team.visit.app.write(move |db, now| operations::keep(db, now, actor, &event, (&name, &note))).await?;
    Ok(respond::see_other_with_notice(base(&team), "alternatives-notice-kept"))
}

#[derive(Serialize)]
struct CopyPage {
    copy: CopyLine,
    groups: Vec<Group>,
    blocks: usize,
    gone: Vec<Text>,
    roomless: Vec<Text>,
    newer: Vec<Text>,
    is_nothing: bool,
    version: i64,
    list_url: String,
}

impl Page for CopyPage {
    const TEMPLATE: &'static str = "organizer/copy.html";
}

/// `GET /organizer/{event}/schedule/copies/{copy}`: what making it the draft would do.
async fn show_copy(team: Team, path: Path<(String, CopyId)>) -> PageResult {
    let (event, id) = (team.event.clone(), path.1);
    let read = move |db: &mut crate::db::DbConnection| {
        let (copy, kept) = operations::find(db, event.id, id)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((copy, kept, crate::schedule::operations::draft(db, &event)?))
    };
    let (copy, kept, draft) = team.visit.app.read(read).await?;
    let context = team.context("schedule", "alternatives-copy-title");
    team.visit.show(&context, &copy_page(&team, &context, &copy, (&kept, &draft)))
}

fn copy_page(team: &Team, context: &PageContext, copy: &CopySummary, (kept, draft): (&Kept, &Draft)) -> CopyPage {
    let way = way_back(draft, kept);
    let title = |id: &SessionId| {
        let sessions = || draft.programme.sessions.iter().chain(&kept.programme.sessions);
        let found = sessions().find(|session| session.id == *id);
        found.map(|session| Text::pick(&session.title, context.lang, &team.event.languages)).unwrap_or_default()
    };
    let titles = |ids: &[SessionId]| ids.iter().map(title).collect::<Vec<_>>();
    // Only what making it the draft would do: the sessions themselves stay as they are now.
    let mut target = draft.programme.clone();
    for session in &mut target.sessions {
        let known = kept.programme.sessions.iter().find(|known| known.id == session.id);
        session.slots = known.map(|known| known.slots.clone()).unwrap_or_default();
    }
    CopyPage {
        copy: line(team, context, copy),
        groups: groups(team, context, (&draft.programme, &target), &difference(Some(&draft.programme), &target)),
        blocks: way.blocks.len(),
        gone: titles(&way.gone),
        roomless: titles(&way.roomless),
        newer: titles(&way.newer),
        is_nothing: way.is_nothing(),
        version: draft.version,
        list_url: base(team),
    }
}

#[derive(Serialize)]
struct ComparePage {
    one: String,
    other: String,
    groups: Vec<Group>,
    list_url: String,
}

impl Page for ComparePage {
    const TEMPLATE: &'static str = "organizer/copies_compare.html";
}

/// One side of a comparison: its name and programme. The draft has no name of its own.
type Side = (Option<String>, Programme);

fn side(db: &mut crate::db::DbConnection, event: &crate::events::model::Event, word: &str) -> Result<Side, Failure> {
    if word == "draft" {
        return Ok((None, crate::schedule::operations::draft_programme(db, event)?));
    }
    let id: CopyId = word.parse().map_err(|_| Failure::NotFound)?;
    let (copy, kept) = operations::find(db, event.id, id)?.ok_or(Failure::NotFound)?;
    Ok((Some(copy.name), kept.programme))
}

/// `GET /organizer/{event}/schedule/copies/compare?one=…&other=…`: each a copy's id or "draft".
async fn compare(team: Team) -> PageResult {
    let event = team.event.clone();
    let [one, other] = ["one", "other"].map(|name| team.visit.param(name).unwrap_or("draft").to_owned());
    let read =
        move |db: &mut crate::db::DbConnection| Ok::<_, Failure>((side(db, &event, &one)?, side(db, &event, &other)?));
    let ((one, from), (other, to)) = team.visit.app.read(read).await?;
    let context = team.context("schedule", "alternatives-compare-title");
    let draft = || team.visit.app.texts.text(context.lang, "alternatives-the-draft", &[]);
    let page = ComparePage {
        one: one.unwrap_or_else(draft),
        other: other.unwrap_or_else(draft),
        groups: groups(&team, &context, (&from, &to), &difference(Some(&from), &to)),
        list_url: base(&team),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/schedule/copies/{copy}/use`.
async fn make_draft(team: Team, path: Path<(String, CopyId)>, form: FormData) -> PageResult {
    let (actor, event, id) = (team.actor(), team.event.clone(), path.1);
    let seen: i64 = form.text("version").parse().unwrap_or(-1);
    team.visit.app.write(move |db, now| operations::make_draft(db, now, actor, &event, id, seen)).await?;
    Ok(respond::see_other_with_notice(base(&team), "alternatives-notice-used"))
}

/// `POST /organizer/{event}/schedule/copies/{copy}/delete`.
async fn delete(team: Team, path: Path<(String, CopyId)>) -> PageResult {
    let (actor, event, id) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(base(&team), "alternatives-notice-deleted"))
}
