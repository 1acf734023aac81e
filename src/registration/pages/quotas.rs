//! Setting quotas up.

use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{CategoryId, QuotaId};
use crate::registration::category::Category;
use crate::registration::operations::{self, QuotaError, QuotaPage};
use crate::registration::quota::QuotaFacts;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of quotas.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/quotas", list_quotas);
    routes.get("/organizer/{event}/quotas/new", show_new);
    routes.post("/organizer/{event}/quotas/new", create_quota);
    routes.get("/organizer/{event}/quotas/{quota}", show_quota);
    routes.post("/organizer/{event}/quotas/{quota}", change_quota);
    routes.post("/organizer/{event}/quotas/{quota}/delete", delete_quota);
}

type Team = Allowed<ManageEvent>;

impl From<QuotaError> for Failure {
    fn from(error: QuotaError) -> Self {
        match error {
            QuotaError::NotFound => Self::NotFound,
            QuotaError::Stale => Self::conflict("registration-error-stale"),
            QuotaError::BelowTaken(_) => Self::conflict("registration-error-below-taken-page"),
            QuotaError::Db(error) => error.into(),
        }
    }
}

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/quotas", team.event.slug)
}

#[derive(Serialize)]
struct ListPage {
    new_url: String,
    categories_url: String,
    quotas: Vec<QuotaLine>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/quotas.html";
}

#[derive(Serialize)]
struct QuotaLine {
    url: String,
    name: Text,
    taken: String,
    capacity: String,
    categories: String,
}

async fn read(team: &Team) -> Result<QuotaPage, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::quota_page(db, event)?)).await
}

fn name_of(team: &Team, context: &PageContext, category: &Category) -> String {
    Text::pick(&category.name, context.lang, &team.event.languages).text
}

/// `GET /organizer/{event}/quotas`.
async fn list_quotas(team: Team) -> PageResult {
    let found = read(&team).await?;
    let context = team.context("categories", "places-quotas-title");
    let number = |number: i32| context.formatter().number(number.into());
    let separator = team.visit.app.texts.text(context.lang, "common-list-separator", &[]);
    let names = |quota: QuotaId| {
        let own = found.categories.iter().filter(|category| found.links.contains(&(quota, category.id)));
        own.map(|category| name_of(&team, &context, category)).collect::<Vec<_>>().join(&separator)
    };
    let line = |quota: &crate::registration::quota::Quota| QuotaLine {
        url: format!("{}/{}", list_url(&team), quota.id),
        name: Text::pick(&quota.name, context.lang, &team.event.languages),
        taken: number(quota.taken),
        capacity: number(quota.capacity),
        categories: names(quota.id),
    };
    let page = ListPage {
        new_url: format!("{}/new", list_url(&team)),
        categories_url: format!("/organizer/{}/categories", team.event.slug),
        quotas: found.quotas.iter().map(line).collect(),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct EditPage {
    action: String,
    back_url: String,
    delete_url: String,
    is_new: bool,
    errors: Vec<ErrorLine>,
    version: String,
    name: Vec<LocalizedField>,
    capacity: Field,
    categories: Vec<Choice>,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/quota.html";
}

fn show(
    team: &Team,
    status: StatusCode,
    (found, id): (&QuotaPage, Option<QuotaId>),
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let title = if id.is_some() { "places-quota-title" } else { "places-quota-new" };
    let context = team.context("categories", title);
    let view = FormView::new(&team.visit, &context, form, errors);
    let list = list_url(team);
    let own = id.map(|id| format!("{list}/{id}"));
    let chosen: Vec<&str> = form.all("category").collect();
    let page = EditPage {
        action: own.clone().unwrap_or_else(|| format!("{list}/new")),
        delete_url: own.map(|url| format!("{url}/delete")).unwrap_or_default(),
        back_url: list,
        is_new: id.is_none(),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        name: view.localized("name", &team.event.languages),
        capacity: view.field("capacity"),
        categories: found
            .categories
            .iter()
            .map(|category| Choice {
                value: category.id.to_string(),
                label: name_of(team, &context, category),
                selected: chosen.contains(&category.id.as_str()),
            })
            .collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/quotas/new`.
async fn show_new(team: Team) -> PageResult {
    let found = read(&team).await?;
    show(&team, StatusCode::OK, (&found, None), (&FormData::default(), &FieldErrors::default()))
}

/// `GET /organizer/{event}/quotas/{quota}`.
async fn show_quota(team: Team, path: Path<(String, QuotaId)>) -> PageResult {
    let (found, id) = (read(&team).await?, path.1);
    let quota = found.quotas.iter().find(|quota| quota.id == id).ok_or(Failure::NotFound)?;
    let mut form =
        FormData::from_fields([("version", quota.version.to_string()), ("capacity", quota.capacity.to_string())]);
    form.push_localized("name", &quota.name);
    for (_, category) in found.links.iter().filter(|(quota, _)| *quota == id) {
        form.push("category", category.to_string());
    }
    show(&team, StatusCode::OK, (&found, Some(id)), (&form, &FieldErrors::default()))
}

/// `POST /organizer/{event}/quotas/new`.
async fn create_quota(team: Team, form: FormData) -> PageResult {
    save(&team, None, &form).await
}

/// `POST /organizer/{event}/quotas/{quota}`.
async fn change_quota(team: Team, path: Path<(String, QuotaId)>, form: FormData) -> PageResult {
    save(&team, Some(path.1), &form).await
}

async fn save(team: &Team, id: Option<QuotaId>, form: &FormData) -> PageResult {
    let found = read(team).await?;
    let known: Vec<CategoryId> = found.categories.iter().map(|category| category.id).collect();
    let errors = match QuotaFacts::read(form, &team.event.languages, &known) {
        Ok(facts) => {
            let (event, actor) = (team.event.id, team.actor());
            let version = form.text("version").parse().unwrap_or(0);
            let known = id.map(|id| (id, version));
            let done = team
                .visit
                .app
                .write(move |db, now| operations::save_quota(db, now, actor, (event, known), &facts))
                .await;
            match done {
                Ok(_) => return Ok(respond::see_other_with_notice(list_url(team), "places-notice-quota-saved")),
                Err(QuotaError::BelowTaken(taken)) => {
                    let mut errors = FieldErrors::default();
                    errors.push("capacity", Message::new("registration-error-below-taken").with("taken", taken));
                    errors
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(errors) => errors,
    };
    show(team, StatusCode::UNPROCESSABLE_ENTITY, (&found, id), (form, &errors))
}

/// `POST /organizer/{event}/quotas/{quota}/delete`.
async fn delete_quota(team: Team, path: Path<(String, QuotaId)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), path.1);
    team.visit.app.write(move |db, now| operations::delete_quota(db, now, actor, (event, id))).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "places-notice-quota-deleted"))
}
