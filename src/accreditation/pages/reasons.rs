//! Prepared reasons in the event's languages.

use super::queue::decisions;
use super::{Team, list_url, text};
use crate::accreditation::model::{Decision, Reason, ReasonFacts};
use crate::accreditation::operations::{self, ReasonError};
use crate::db::ReasonId;
use crate::web::error::PageResult;
use crate::web::form_view::{Difference, differences};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext,
    RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of prepared reasons.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/accreditation/reasons", list_reasons);
    routes.get("/organizer/{event}/accreditation/reasons/new", show_new);
    routes.post("/organizer/{event}/accreditation/reasons/new", create_reason);
    routes.get("/organizer/{event}/accreditation/reasons/{reason}", show_reason);
    routes.post("/organizer/{event}/accreditation/reasons/{reason}", save_reason);
    routes.post("/organizer/{event}/accreditation/reasons/{reason}/delete", delete_reason);
}

#[derive(Serialize)]
struct ReasonsPage {
    new_url: String,
    back_url: String,
    reasons: Vec<ReasonLine>,
}

impl Page for ReasonsPage {
    const TEMPLATE: &'static str = "organizer/accreditation_reasons.html";
}

#[derive(Serialize)]
struct ReasonLine {
    url: String,
    name: String,
    decision: String,
    body: Text,
}

fn reasons_url(team: &Team) -> String {
    format!("{}/reasons", list_url(team))
}

async fn all(team: &Team) -> Result<Vec<Reason>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::all_reasons(db, event)?)).await
}

/// `GET /organizer/{event}/accreditation/reasons`.
async fn list_reasons(team: Team) -> PageResult {
    let reasons = all(&team).await?;
    let context = team.context("accreditation", "accreditation-reasons-title");
    let line = |reason: &Reason| ReasonLine {
        url: format!("{}/{}", reasons_url(&team), reason.id),
        name: reason.name.clone(),
        decision: text(&team, &context, &format!("accreditation-decision-{}", reason.decision)),
        body: Text::pick(&reason.body, context.lang, &team.event.languages),
    };
    let page = ReasonsPage {
        new_url: format!("{}/new", reasons_url(&team)),
        back_url: list_url(&team),
        reasons: reasons.iter().map(line).collect(),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct ReasonPage {
    action: String,
    back_url: String,
    delete_url: String,
    errors: Vec<ErrorLine>,
    theirs: Vec<Difference>,
    version: String,
    decision: Field,
    decisions: Vec<Choice>,
    name: Field,
    body: Vec<LocalizedField>,
}

impl Page for ReasonPage {
    const TEMPLATE: &'static str = "organizer/accreditation_reason.html";
}

fn page(team: &Team, context: &PageContext, id: Option<ReasonId>, form: &FormData, errors: &FieldErrors) -> ReasonPage {
    let view = FormView::new(&team.visit, context, form, errors);
    let own = id.map(|id| format!("{}/{id}", reasons_url(team)));
    ReasonPage {
        delete_url: own.as_ref().map(|own| format!("{own}/delete")).unwrap_or_default(),
        action: own.unwrap_or_else(|| format!("{}/new", reasons_url(team))),
        back_url: reasons_url(team),
        errors: view.summary(),
        theirs: Vec::new(),
        version: form.text("version").to_owned(),
        decision: view.field("decision"),
        decisions: decisions(team, context, form.text("decision")),
        name: view.field("name"),
        body: view.localized("body", &team.event.languages),
    }
}

fn show(team: &Team, status: StatusCode, id: Option<ReasonId>, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = team.context("accreditation", "accreditation-reason-title");
    team.visit.show_with_status(status, &context, &page(team, &context, id, form, errors))
}

fn read(team: &Team, form: &FormData) -> Result<ReasonFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let decision: Option<Decision> = form.text("decision").parse().ok();
    if decision.is_none() {
        checker.wrong("decision", Message::new("accreditation-error-no-decision"));
    }
    let name = checker.required_line("name");
    let body = checker.localized_block("body", &team.event.languages);
    if body.is_empty() {
        checker.wrong(format!("body.{}", team.event.main_language()), Message::new("error-required"));
    }
    checker.finish(ReasonFacts { decision: decision.unwrap_or(Decision::Ask), name, body })
}

/// `GET /organizer/{event}/accreditation/reasons/new`.
async fn show_new(team: Team) -> PageResult {
    let form = FormData::from_fields([("decision", Decision::Ask.as_str())]);
    show(&team, StatusCode::OK, None, &form, &FieldErrors::default())
}

/// `POST /organizer/{event}/accreditation/reasons/new`.
async fn create_reason(team: Team, form: FormData) -> PageResult {
    let facts = match read(&team, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, None, &form, &errors),
    };
    let (event, actor) = (team.event.id, team.actor());
    let make = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(operations::create_reason(db, now, actor, event, &facts)?)
    };
    team.visit.app.write(make).await?;
    Ok(respond::see_other_with_notice(reasons_url(&team), "accreditation-notice-reason-saved"))
}

async fn find(team: &Team, id: &str) -> Result<Reason, Failure> {
    all(team).await?.into_iter().find(|reason| reason.id.as_str() == id).ok_or(Failure::NotFound)
}

fn fields_of(reason: &Reason) -> FormData {
    let mut form = FormData::from_fields([
        ("decision", reason.decision.to_string()),
        ("name", reason.name.clone()),
        ("version", reason.version.to_string()),
    ]);
    form.push_localized("body", &reason.body);
    form
}

/// `GET /organizer/{event}/accreditation/reasons/{reason}`.
async fn show_reason(team: Team, path: Path<(String, String)>) -> PageResult {
    let reason = find(&team, &path.1).await?;
    show(&team, StatusCode::OK, Some(reason.id), &fields_of(&reason), &FieldErrors::default())
}

/// `POST /organizer/{event}/accreditation/reasons/{reason}`.
async fn save_reason(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let reason = find(&team, &path.1).await?;
    let facts = match read(&team, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some(reason.id), &form, &errors),
    };
    let (event, actor) = (team.event.id, team.actor());
    let which = (reason.id, form.text("version").parse().unwrap_or_default());
    let save = team.visit.app.write(move |db, now| operations::update_reason(db, now, actor, event, which, &facts));
    match save.await {
        Ok(()) => Ok(respond::see_other_with_notice(reasons_url(&team), "accreditation-notice-reason-saved")),
        Err(ReasonError::Stale) => show_stale(&team, &path.1, &form).await,
        Err(error) => Err(error.into()),
    }
}

/// Someone else was faster: what was typed stands beside what they made of it.
async fn show_stale(team: &Team, id: &str, typed: &FormData) -> PageResult {
    let kept = find(team, id).await?;
    let version = kept.version.to_string();
    let fields = typed.iter().map(|(name, value)| (name, if name == "version" { version.as_str() } else { value }));
    let form = FormData::from_fields(fields);
    let context = team.context("accreditation", "accreditation-reason-title");
    let mut page = page(team, &context, Some(kept.id), &form, &FieldErrors::default());
    page.theirs = differences(&team.visit.app.texts, context.lang, "accreditation-reason", typed, &fields_of(&kept));
    team.visit.show_with_status(StatusCode::CONFLICT, &context, &page)
}

/// `POST /organizer/{event}/accreditation/reasons/{reason}/delete`.
async fn delete_reason(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: ReasonId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::delete_reason(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(reasons_url(&team), "accreditation-notice-reason-deleted"))
}
