//! Setting a delegation up.

use super::{OnePath, Team, list_url, url};
use crate::db::{CategoryId, DelegationId};
use crate::delegations::model::{Delegation, DelegationFacts};
use crate::delegations::operations::{self, DelegationError};
use crate::delegations::people::mail_languages;
use crate::delegations::reading::{fields, places_field};
use crate::i18n::country_choices;
use crate::registration::category::Category;
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct EditPage {
    action: String,
    back_url: String,
    delete_url: String,
    is_new: bool,
    errors: Vec<ErrorLine>,
    version: String,
    name: Vec<LocalizedField>,
    country: Field,
    countries: Vec<Choice>,
    contact_name: Field,
    contact_email: Field,
    language: Field,
    languages: Vec<Choice>,
    closes_at: Field,
    timezone: String,
    note: Field,
    places: Vec<PlacesField>,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/delegation_edit.html";
}

/// How many may come in a category.
#[derive(Serialize)]
struct PlacesField {
    category: Text,
    field: Field,
}

async fn categories(team: &Team) -> Result<Vec<Category>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await
}

async fn find(team: &Team, id: DelegationId) -> Result<Delegation, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::find(db, event, id)?)).await?;
    found.ok_or(Failure::NotFound)
}

async fn show(
    team: &Team,
    status: StatusCode,
    id: Option<DelegationId>,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let all = categories(team).await?;
    let title = if id.is_some() { "delegations-edit" } else { "delegations-new" };
    let context = team.context("delegations", title);
    let (view, texts) = (FormView::new(&team.visit, &context, form, errors), &team.visit.app.texts);
    let places = |category: &Category| PlacesField {
        category: Text::pick(&category.name, context.lang, &team.event.languages),
        field: view.field(&places_field(category.id)),
    };
    let countries = country_choices(texts, context.lang).into_iter();
    let languages = mail_languages(&team.event.languages).into_iter();
    let own = |below: &str| id.map(|id| url(team, id, below));
    let page = EditPage {
        action: own("/edit").unwrap_or_else(|| format!("{}/new", list_url(team))),
        back_url: own("").unwrap_or_else(|| list_url(team)),
        delete_url: own("/delete").unwrap_or_default(),
        is_new: id.is_none(),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        name: view.localized("name", &team.event.languages),
        country: view.field("country"),
        countries: view.choices("country", countries.map(|(country, name)| (country.as_str().to_owned(), name))),
        contact_name: view.field("contact_name"),
        contact_email: view.field("contact_email"),
        language: view.field("language"),
        languages: view.choices("language", languages.map(|lang| (lang.to_string(), own_name(texts, lang)))),
        closes_at: view.field("closes_at"),
        timezone: team.event.zone().name().to_owned(),
        note: view.field("note"),
        places: all.iter().map(places).collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/delegations/new`.
pub(super) async fn show_new(team: Team) -> PageResult {
    let form = FormData::from_fields([("language", team.event.main_language().to_string())]);
    show(&team, StatusCode::OK, None, (&form, &FieldErrors::default())).await
}

/// `GET /organizer/{event}/delegations/{delegation}/edit`.
pub(super) async fn show_edit(team: Team, path: OnePath) -> PageResult {
    let found = super::whole(&team, path.1).await?;
    let form = fields(&found.delegation, &found.places, team.event.zone());
    show(&team, StatusCode::OK, Some(path.1), (&form, &FieldErrors::default())).await
}

async fn read(team: &Team, form: &FormData) -> Result<Result<DelegationFacts, FieldErrors>, Failure> {
    let known: Vec<CategoryId> = categories(team).await?.iter().map(|category| category.id).collect();
    Ok(DelegationFacts::read(form, (&team.event.languages, team.event.zone()), &known))
}

/// `POST /organizer/{event}/delegations/new`.
pub(super) async fn create(team: Team, form: FormData) -> PageResult {
    let facts = match read(&team, &form).await? {
        Ok(facts) => facts,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, None, (&form, &errors)).await,
    };
    let (event, actor) = (team.event.id, team.actor());
    let id = team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await?;
    Ok(respond::see_other_with_notice(url(&team, id, ""), "delegations-notice-created"))
}

/// `POST /organizer/{event}/delegations/{delegation}/edit`.
pub(super) async fn change(team: Team, path: OnePath, form: FormData) -> PageResult {
    let (id, before) = (path.1, find(&team, path.1).await?);
    let facts = match read(&team, &form).await? {
        Ok(facts) => facts,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some(id), (&form, &errors)).await,
    };
    let (actor, version) = (team.actor(), form.text("version").parse().unwrap_or_default());
    let ids = (team.event.id, id, version);
    let done = team.visit.app.write(move |db, now| operations::update(db, now, actor, ids, &facts)).await;
    match done {
        Ok(()) => {
            let is_same = before.contact_email_key == find(&team, id).await?.contact_email_key;
            let notice = if is_same { "delegations-notice-saved" } else { "delegations-notice-other-contact" };
            Ok(respond::see_other_with_notice(url(&team, id, ""), notice))
        }
        Err(DelegationError::BelowTaken(category, taken)) => {
            let mut errors = FieldErrors::default();
            let message = Message::new("registration-error-below-taken").with("taken", taken);
            errors.push(places_field(category), message);
            show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some(id), (&form, &errors)).await
        }
        Err(DelegationError::Stale) => show_stale(&team, id, &form).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else changed the delegation: what was typed stands upon the version that is kept now.
async fn show_stale(team: &Team, id: DelegationId, typed: &FormData) -> PageResult {
    let version = find(team, id).await?.version;
    let kept = typed.iter().filter(|(name, _)| *name != "version");
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form.push("version", version.to_string());
    let mut errors = FieldErrors::default();
    errors.push("version", Message::new("delegations-edit-stale"));
    show(team, StatusCode::CONFLICT, Some(id), (&form, &errors)).await
}

/// `POST /organizer/{event}/delegations/{delegation}/delete`.
pub(super) async fn delete(team: Team, path: OnePath) -> PageResult {
    let (ids, actor) = ((team.event.id, path.1), team.actor());
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, ids)).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "delegations-notice-deleted"))
}
