//! Setting categories up.

use super::upon_version;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::CategoryId;
use crate::i18n::Lang;
use crate::registration::attendance::model::Zone;
use crate::registration::attendance::operations as attendance;
use crate::registration::category::{Category, CategoryFacts, DEFAULT_BADGE_COLOR, Opening};
use crate::registration::operations::{self, CategoryError, Move};
use crate::web::error::PageResult;
use crate::web::form_view::{Difference, differences};
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext,
    RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of categories.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/categories", list_categories);
    routes.get("/organizer/{event}/categories/new", show_new);
    routes.post("/organizer/{event}/categories/new", create_category);
    routes.get("/organizer/{event}/categories/{category}", show_category);
    routes.post("/organizer/{event}/categories/{category}", save_category);
    routes.post("/organizer/{event}/categories/{category}/move", move_category);
    routes.post("/organizer/{event}/categories/{category}/delete", delete_category);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct CategoriesPage {
    new_url: String,
    quotas_url: String,
    waiting_url: String,
    categories: Vec<CategoryLine>,
}

impl Page for CategoriesPage {
    const TEMPLATE: &'static str = "organizer/categories.html";
}

#[derive(Serialize)]
struct CategoryLine {
    url: String,
    move_url: String,
    name: Text,
    code: String,
    badge_color: String,
    taken: String,
    capacity: String,
    opening: String,
    access_code: String,
    registrations_url: String,
    is_first: bool,
    is_last: bool,
}

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/categories", team.event.slug)
}

/// `GET /organizer/{event}/categories`.
async fn list_categories(team: Team) -> PageResult {
    let event = team.event.id;
    let categories = team.visit.app.read(move |db| Ok::<_, Failure>(operations::all_categories(db, event)?)).await?;
    let context = team.context("categories", "registration-categories-title");
    let last = categories.len().saturating_sub(1);
    let lines = categories.iter().enumerate().map(|(index, category)| CategoryLine {
        is_first: index == 0,
        is_last: index == last,
        ..line(&team, &context, category)
    });
    let page = CategoriesPage {
        new_url: format!("{}/new", list_url(&team)),
        quotas_url: format!("/organizer/{}/quotas", team.event.slug),
        waiting_url: format!("/organizer/{}/waiting", team.event.slug),
        categories: lines.collect(),
    };
    team.visit.show(&context, &page)
}

fn line(team: &Team, context: &PageContext, category: &Category) -> CategoryLine {
    let format = context.formatter();
    let url = format!("{}/{}", list_url(team), category.id);
    CategoryLine {
        move_url: format!("{url}/move"),
        url,
        name: Text::pick(&category.name, context.lang, &team.event.languages),
        code: category.code.clone(),
        badge_color: category.badge_color.clone(),
        taken: format.number(category.taken.into()),
        capacity: category.capacity.map(|capacity| format.number(capacity.into())).unwrap_or_default(),
        opening: opening_in_words(team, context, category),
        access_code: category.access_code.clone().unwrap_or_default(),
        registrations_url: format!("/organizer/{}/registrations?category={}", team.event.slug, category.id),
        is_first: false,
        is_last: false,
    }
}

fn opening_in_words(team: &Team, context: &PageContext, category: &Category) -> String {
    let app = &team.visit.app;
    let at = |at: crate::db::UtcTime| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local());
    let (key, time) = match category.opening(app.clock.now()) {
        Opening::NotYet(opens) => ("registration-opening-not-yet", at(opens)),
        Opening::Full => ("registration-opening-full", String::new()),
        Opening::Over => ("registration-opening-over", category.closes_at.map(at).unwrap_or_default()),
        Opening::Open => match category.closes_at {
            Some(closes) => ("registration-opening-until", at(closes)),
            None => ("registration-opening-open", String::new()),
        },
    };
    app.texts.text(context.lang, key, &[("time", time.into())])
}

#[derive(Serialize)]
struct CategoryPage {
    action: String,
    back_url: String,
    delete_url: String,
    is_new: bool,
    errors: Vec<ErrorLine>,
    theirs: Vec<Difference>,
    version: String,
    taken: i32,
    code: Field,
    name: Vec<LocalizedField>,
    description: Vec<LocalizedField>,
    includes: Vec<LocalizedField>,
    capacity: Field,
    opens_at: Field,
    closes_at: Field,
    timezone: String,
    access_code: Field,
    badge_color: Field,
    needs_approval: bool,
    two_officers: bool,
    has_waiting_list: bool,
    shows_rank: bool,
    offer_hours: Field,
    offers_until: Field,
    address_rules: Field,
    needs_code: bool,
    may_transfer: bool,
    may_book: bool,
    zones_field: Field,
    zones: Vec<Choice>,
    days_field: Field,
    days: Vec<Choice>,
    quotas_url: String,
    zones_url: String,
}

impl Page for CategoryPage {
    const TEMPLATE: &'static str = "organizer/category.html";
}

fn page(
    team: &Team,
    context: &PageContext,
    (current, zones): (Option<&Category>, &[Zone]),
    (form, errors): (&FormData, &FieldErrors),
) -> CategoryPage {
    let (view, languages) = (FormView::new(&team.visit, context, form, errors), &team.event.languages);
    let list = list_url(team);
    let own = current.map(|category| format!("{list}/{}", category.id));
    CategoryPage {
        action: own.clone().unwrap_or_else(|| format!("{list}/new")),
        delete_url: own
            .filter(|_| current.is_some_and(|category| category.taken == 0))
            .map(|url| format!("{url}/delete"))
            .unwrap_or_default(),
        back_url: list,
        is_new: current.is_none(),
        errors: view.summary(),
        theirs: Vec::new(),
        version: form.text("version").to_owned(),
        taken: current.map_or(0, |category| category.taken),
        code: view.field("code"),
        name: view.localized("name", languages),
        description: view.localized("description", languages),
        includes: view.localized("includes", languages),
        capacity: view.field("capacity"),
        opens_at: view.field("opens_at"),
        closes_at: view.field("closes_at"),
        timezone: team.event.zone().name().to_owned(),
        access_code: view.field("access_code"),
        badge_color: view.field("badge_color"),
        needs_approval: view.ticked("needs_approval"),
        two_officers: view.ticked("two_officers"),
        has_waiting_list: view.ticked("has_waiting_list"),
        shows_rank: view.ticked("shows_rank"),
        offer_hours: view.field("offer_hours"),
        offers_until: view.field("offers_until"),
        address_rules: view.field("address_rules"),
        needs_code: view.ticked("needs_code"),
        may_transfer: view.ticked("may_transfer"),
        may_book: view.ticked("may_book"),
        zones_field: view.field("zones"),
        zones: view.choices(
            "zones",
            zones.iter().map(|zone| (zone.code.clone(), zone.name.text(context.lang, languages).to_owned())),
        ),
        days_field: view.field("days"),
        days: view.choices("days", team.event.days().map(|day| (day.to_string(), context.formatter().day(day)))),
        zones_url: format!("/organizer/{}/zones", team.event.slug),
        quotas_url: format!("/organizer/{}/quotas", team.event.slug),
    }
}

/// `GET /organizer/{event}/categories/new`.
async fn show_new(team: Team) -> PageResult {
    let form = FormData::from_fields([("badge_color", DEFAULT_BADGE_COLOR), ("offer_hours", "48"), ("may_book", "on")]);
    let context = team.context("categories", "registration-category-new-title");
    let zones = zones(&team).await?;
    team.visit.show(&context, &page(&team, &context, (None, &zones), (&form, &FieldErrors::default())))
}

/// `POST /organizer/{event}/categories/new`.
async fn create_category(team: Team, form: FormData) -> PageResult {
    let outcome = match read_new(&team, &form) {
        Ok((code, facts)) => create(&team, code, facts).await,
        Err(errors) => Err(Refused::Form(errors)),
    };
    match outcome {
        Ok(()) => Ok(respond::see_other_with_notice(list_url(&team), "registration-notice-category-made")),
        Err(Refused::Form(errors)) => {
            let context = team.context("categories", "registration-category-new-title");
            let zones = zones(&team).await?;
            let page = page(&team, &context, (None, &zones), (&form, &errors));
            team.visit.show_with_status(StatusCode::UNPROCESSABLE_ENTITY, &context, &page)
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

enum Refused {
    Form(FieldErrors),
    Failed(Failure),
}

fn read_new(team: &Team, form: &FormData) -> Result<(Option<String>, CategoryFacts), FieldErrors> {
    let facts = CategoryFacts::read(form, &team.event.languages, team.event.zone());
    let mut checker = Checker::new(form);
    let code = if clean_line(form.text("code")).is_empty() { None } else { checker.code("code") };
    match (facts, checker.finish(code)) {
        (Ok(facts), Ok(code)) => Ok((code, facts)),
        (facts, code) => {
            let mut errors = code.err().unwrap_or_default();
            for error in facts.err().unwrap_or_default().iter() {
                errors.push(error.field.clone(), error.message.clone());
            }
            Err(errors)
        }
    }
}

async fn create(team: &Team, code: Option<String>, facts: CategoryFacts) -> Result<(), Refused> {
    let (event, actor) = (team.event.id, team.actor());
    let made = team
        .visit
        .app
        .write(move |db, now| operations::create_category(db, now, actor, event, code.as_deref(), &facts))
        .await;
    match made {
        Ok(_) => Ok(()),
        Err(CategoryError::CodeTaken) => Err(wrong("code", Message::new("registration-error-code-taken"))),
        Err(error) => Err(Refused::Failed(error.into())),
    }
}

fn wrong(field: &str, message: Message) -> Refused {
    let mut errors = FieldErrors::default();
    errors.push(field, message);
    Refused::Form(errors)
}

async fn zones(team: &Team) -> Result<Vec<Zone>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(attendance::zones(db, event)?)).await
}

async fn find(team: &Team, id: &str) -> Result<Category, Failure> {
    let (event, id): (_, CategoryId) = (team.event.id, id.parse().map_err(|_| Failure::NotFound)?);
    let categories = team.visit.app.read(move |db| Ok::<_, Failure>(operations::all_categories(db, event)?)).await?;
    categories.into_iter().find(|category| category.id == id).ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/categories/{category}`.
async fn show_category(team: Team, path: Path<(String, String)>) -> PageResult {
    let category = find(&team, &path.1).await?;
    let form = FormData::from_fields(CategoryFacts::fields_of(&category, team.event.zone()));
    let context = team.context("categories", "registration-category-title");
    let zones = zones(&team).await?;
    team.visit.show(&context, &page(&team, &context, (Some(&category), &zones), (&form, &FieldErrors::default())))
}

/// `POST /organizer/{event}/categories/{category}`.
async fn save_category(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let category = find(&team, &path.1).await?;
    let outcome = match CategoryFacts::read(&form, &team.event.languages, team.event.zone()) {
        Ok(facts) => save(&team, &category, &form, facts).await,
        Err(errors) => Err(Refused::Form(errors)),
    };
    match outcome {
        Ok(()) => Ok(respond::see_other_with_notice(list_url(&team), "registration-notice-category-changed")),
        Err(Refused::Form(errors)) => {
            let context = team.context("categories", "registration-category-title");
            let zones = zones(&team).await?;
            let page = page(&team, &context, (Some(&category), &zones), (&form, &errors));
            team.visit.show_with_status(StatusCode::UNPROCESSABLE_ENTITY, &context, &page)
        }
        Err(Refused::Failed(Failure::Told(StatusCode::CONFLICT, _))) => show_stale(&team, &path.1, &form).await,
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

async fn save(team: &Team, category: &Category, form: &FormData, facts: CategoryFacts) -> Result<(), Refused> {
    let (event, actor) = (team.event.id, team.actor());
    let which = (category.id, form.text("version").parse().unwrap_or_default());
    let saved =
        team.visit.app.write(move |db, now| operations::update_category(db, now, actor, event, which, &facts)).await;
    match saved {
        Ok(()) => Ok(()),
        Err(CategoryError::BelowTaken(taken)) => {
            Err(wrong("capacity", Message::new("registration-error-below-taken").with("taken", taken)))
        }
        Err(error) => Err(Refused::Failed(error.into())),
    }
}

/// Someone else was faster: what was typed stands beside what they made of it.
async fn show_stale(team: &Team, id: &str, typed: &FormData) -> PageResult {
    let category = find(team, id).await?;
    let kept = CategoryFacts::fields_of(&category, team.event.zone())
        .into_iter()
        .filter(|(name, _)| !["code", "zones", "days"].contains(&name.as_str()));
    let kept = FormData::from_fields(kept);
    let names = field_names(&team.event.languages);
    let form = upon_version(typed, &names.iter().map(String::as_str).collect::<Vec<_>>(), category.version);
    let context = team.context("categories", "registration-category-title");
    let zones = zones(team).await?;
    let mut page = page(team, &context, (Some(&category), &zones), (&form, &FieldErrors::default()));
    page.theirs = differences(&team.visit.app.texts, context.lang, "registration-category", typed, &kept);
    team.visit.show_with_status(StatusCode::CONFLICT, &context, &page)
}

fn field_names(languages: &[Lang]) -> Vec<String> {
    let localized = ["name", "description", "includes"]
        .into_iter()
        .flat_map(|name| languages.iter().map(move |lang| format!("{name}.{lang}")));
    let plain = [
        "code",
        "capacity",
        "opens_at",
        "closes_at",
        "access_code",
        "badge_color",
        "needs_approval",
        "two_officers",
        "has_waiting_list",
        "shows_rank",
        "offer_hours",
        "offers_until",
        "address_rules",
        "needs_code",
        "may_transfer",
        "may_book",
        "zones",
        "days",
    ]
    .map(str::to_owned);
    localized.chain(plain).collect()
}

/// `POST /organizer/{event}/categories/{category}/move`, with `direction` up or down.
async fn move_category(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id: CategoryId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let way = match form.text("direction") {
        "up" => Move::Up,
        "down" => Move::Down,
        _ => return Err(Failure::bad_request("registration-error-direction")),
    };
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::move_category(db, now, actor, event, (id, way))).await?;
    Ok(respond::see_other(list_url(&team)))
}

/// `POST /organizer/{event}/categories/{category}/delete`.
async fn delete_category(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: CategoryId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::delete_category(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "registration-notice-category-deleted"))
}
