//! Forums: the list, one forum, deleting it.

use super::{DeletePage, LAST_POSITION, Team, code, code_taken, conflicts, others_kept, version};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::ForumId;
use crate::events::model::Event;
use crate::programme::strands::model::{Faint, Forum, ForumFacts};
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
    routes.get("/organizer/{event}/forums", list_forums);
    routes.get("/organizer/{event}/forums/new", show_new_forum);
    routes.post("/organizer/{event}/forums/new", create_forum);
    routes.get("/organizer/{event}/forums/{forum}", show_forum);
    routes.post("/organizer/{event}/forums/{forum}", change_forum);
    routes.get("/organizer/{event}/forums/{forum}/delete", ask_to_delete);
    routes.post("/organizer/{event}/forums/{forum}/delete", delete_forum);
}

/// The colour that the form of a new forum begins with.
const FIRST_COLOR: &str = "#1c7ed6";

#[derive(Serialize)]
struct ForumsPage {
    forums: Vec<ForumLine>,
    new_url: String,
    may_edit: bool,
}

impl Page for ForumsPage {
    const TEMPLATE: &'static str = "organizer/forums.html";
}

#[derive(Serialize)]
struct ForumLine {
    name: Text,
    description: Text,
    code: String,
    color: String,
    sessions: String,
    url: String,
}

/// `GET /organizer/{event}/forums`.
async fn list_forums(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.id;
    let forums = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::forums(db, event)?)).await?;
    let context = team.context("forums", "programme-forums-title");
    let base = format!("/organizer/{}/forums", team.event.slug);
    let line = |(forum, sessions): &(Forum, i64)| ForumLine {
        name: Text::pick(&forum.name, context.lang, &team.event.languages),
        description: Text::pick(&forum.description, context.lang, &team.event.languages),
        code: forum.code.clone(),
        color: forum.color.clone(),
        sessions: context.formatter().number(*sessions),
        url: format!("{base}/{}", forum.id),
    };
    let page = ForumsPage {
        forums: forums.iter().map(line).collect(),
        new_url: format!("{base}/new"),
        may_edit: team.may(Permission::ManageEvent),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct ForumPage {
    errors: Vec<ErrorLine>,
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    name: Vec<LocalizedField>,
    description: Vec<LocalizedField>,
    code: Field,
    color: Field,
    /// Where the colour is hard to see, in words; empty where it is not.
    color_warning: String,
    is_serial: Field,
    runs_serially: bool,
    position: Field,
    forums_url: String,
    delete_url: Option<String>,
}

impl Page for ForumPage {
    const TEMPLATE: &'static str = "organizer/forum.html";
}

fn stored(forum: &Forum) -> FormData {
    let mut form = FormData::from_fields([
        ("version", forum.version.to_string()),
        ("code", forum.code.clone()),
        ("color", forum.color.clone()),
        ("is_serial", if forum.is_serial { "on".to_owned() } else { String::new() }),
        ("position", forum.position.to_string()),
    ]);
    form.push_localized("name", &forum.name);
    form.push_localized("description", &forum.description);
    form
}

fn show(team: &Team, forum: Option<&Forum>, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let title = if forum.is_some() { "programme-forum-title" } else { "programme-forum-new-title" };
    let context = team.context("forums", title);
    let view = FormView::new(&team.visit, &context, form, errors);
    let conflict = forum.filter(|_| status == StatusCode::CONFLICT);
    let forums_url = forums_url(team);
    let conflicts = conflict.map_or_else(Vec::new, |forum| conflicts(team, context.lang, form, &stored(forum)));
    if conflict.is_some() && conflicts.is_empty() {
        // Both wrote the same: nothing is left to decide.
        return Ok(respond::see_other_with_notice(forums_url, "programme-notice-forum-saved"));
    }
    let page = ForumPage {
        errors: view.summary(),
        conflicts,
        version: conflict.map_or_else(|| form.text("version").to_owned(), |forum| forum.version.to_string()),
        is_new: forum.is_none(),
        name: view.localized("name", &team.event.languages),
        description: view.localized("description", &team.event.languages),
        code: view.field("code"),
        color: view.field("color"),
        color_warning: match Faint::of(form.text("color")) {
            Some(Faint::OnWhite) => team.visit.app.texts.text(context.lang, "programme-color-faint-on-white", &[]),
            Some(Faint::OnDark) => team.visit.app.texts.text(context.lang, "programme-color-faint-on-dark", &[]),
            None => String::new(),
        },
        is_serial: view.field("is_serial"),
        runs_serially: view.ticked("is_serial"),
        position: view.field("position"),
        delete_url: forum.map(|forum| format!("{forums_url}/{}/delete", forum.id)),
        forums_url,
    };
    team.visit.show_with_status(status, &context, &page)
}

fn forums_url(team: &Team) -> String {
    format!("/organizer/{}/forums", team.event.slug)
}

/// `GET /organizer/{event}/forums/new`.
async fn show_new_forum(team: Team) -> PageResult {
    let form = FormData::from_fields([("color", FIRST_COLOR)]);
    show(&team, None, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /organizer/{event}/forums/new`.
async fn create_forum(team: Team, form: FormData) -> PageResult {
    let facts = match facts(&team.event, None, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event, notice) = (team.actor(), team.event.id, notice(&facts, "programme-notice-forum-created"));
    match team.visit.app.write(move |db, now| operations::create_forum(db, now, actor, event, &facts)).await {
        Ok(_) => Ok(respond::see_other_with_notice(forums_url(&team), notice)),
        Err(StrandError::CodeTaken) => show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken()),
        Err(error) => Err(error.into()),
    }
}

/// That it is saved, and that its colour is hard to see where it is.
fn notice(facts: &ForumFacts, saved: &'static str) -> &'static str {
    match Faint::of(&facts.color) {
        Some(Faint::OnWhite) => "programme-notice-forum-faint-on-white",
        Some(Faint::OnDark) => "programme-notice-forum-faint-on-dark",
        None => saved,
    }
}

async fn find(team: &Team, id: ForumId) -> Result<Forum, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::forum(db, event, id)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/forums/{forum}`.
async fn show_forum(team: Team, path: Path<(String, ForumId)>) -> PageResult {
    let forum = find(&team, path.1).await?;
    show(&team, Some(&forum), StatusCode::OK, &stored(&forum), &FieldErrors::default())
}

/// `POST /organizer/{event}/forums/{forum}`.
async fn change_forum(team: Team, path: Path<(String, ForumId)>, form: FormData) -> PageResult {
    let forum = find(&team, path.1).await?;
    let facts = match facts(&team.event, Some(&forum), &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(&forum), StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, key) = (team.actor(), (team.event.id, forum.id, version(&form)));
    let notice = notice(&facts, "programme-notice-forum-saved");
    match team.visit.app.write(move |db, now| operations::update_forum(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(forums_url(&team), notice)),
        Err(StrandError::CodeTaken) => {
            show(&team, Some(&forum), StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken())
        }
        Err(StrandError::Stale) => {
            show(&team, Some(&find(&team, forum.id).await?), StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}

fn facts(event: &Event, forum: Option<&Forum>, form: &FormData) -> Result<ForumFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &event.languages;
    let name = checker.required_localized_line("name", shown);
    let description = checker.localized_block("description", shown);
    let facts = ForumFacts {
        code: code(&mut checker, form),
        name: others_kept(forum.map(|forum| &forum.name), shown, name),
        description: others_kept(forum.map(|forum| &forum.description), shown, description),
        color: checker.color("color").unwrap_or_default(),
        is_serial: form.is_ticked("is_serial"),
        position: checker.optional_number("position", 0..=LAST_POSITION),
    };
    checker.finish(facts)
}

/// `GET /organizer/{event}/forums/{forum}/delete`: says what deleting would do.
async fn ask_to_delete(team: Team, path: Path<(String, ForumId)>) -> PageResult {
    let forum = find(&team, path.1).await?;
    let id = forum.id;
    let affected = team.visit.app.read(move |db| Ok::<_, StrandError>(operations::affected_by_forum(db, id)?)).await?;
    let context = team.context("forums", "programme-forum-delete-title");
    let texts = &team.visit.app.texts;
    let counts = [("sessions", affected.sessions.into()), ("organizers", affected.organizers.into())];
    let page = DeletePage {
        heading: texts.text(context.lang, "programme-forum-delete-title", &[]),
        name: Text::pick(&forum.name, context.lang, &team.event.languages),
        consequence: texts.text(context.lang, "programme-forum-delete-affects", &counts),
        button: texts.text(context.lang, "programme-forum-delete-button", &[]),
        version: forum.version,
        back_url: format!("{}/{}", forums_url(&team), forum.id),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/forums/{forum}/delete`.
async fn delete_forum(team: Team, path: Path<(String, ForumId)>, form: FormData) -> PageResult {
    let (actor, key) = (team.actor(), (team.event.id, path.1, version(&form)));
    team.visit.app.write(move |db, now| operations::delete_forum(db, now, actor, key)).await?;
    Ok(respond::see_other_with_notice(forums_url(&team), "programme-notice-forum-deleted"))
}
