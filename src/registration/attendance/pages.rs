//! The pages of zones and of the rules of attendance.

use super::model::{AttendanceRules, Zone};
use super::operations::{self, AttendanceError};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{SpeakerId, ZoneId};
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of these pages.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/zones", show_zones);
    routes.post("/organizer/{event}/zones", add_zone);
    routes.post("/organizer/{event}/zones/{zone}", change_zone);
    routes.get("/organizer/{event}/attendance", show_rules);
    routes.post("/organizer/{event}/attendance", save_rules);
}

type Team = Allowed<ManageEvent>;

impl From<AttendanceError> for Failure {
    fn from(error: AttendanceError) -> Self {
        match error {
            AttendanceError::NotFound => Self::NotFound,
            AttendanceError::Stale => Self::conflict("registration-error-stale"),
            AttendanceError::InUse => Self::conflict("zones-error-in-use"),
            AttendanceError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct ZonesPage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    name: Vec<LocalizedField>,
    zones: Vec<ZoneLine>,
}

impl Page for ZonesPage {
    const TEMPLATE: &'static str = "organizer/zones.html";
}

#[derive(Serialize)]
struct ZoneLine {
    url: String,
    code: String,
    title: String,
    name: Vec<LocalizedField>,
}

fn zones_url(team: &Team) -> String {
    format!("/organizer/{}/zones", team.event.slug)
}

/// `GET /organizer/{event}/zones`.
async fn show_zones(team: Team) -> PageResult {
    show(&team, StatusCode::OK, (&FormData::default(), &FieldErrors::default())).await
}

async fn show(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let event = team.event.id;
    let zones = team.visit.app.read(move |db| Ok::<_, Failure>(operations::zones(db, event)?)).await?;
    let context = team.context("categories", "zones-title");
    let languages = &team.event.languages;
    let line = |zone: &Zone| {
        let mut kept = FormData::default();
        kept.push_localized("name", &zone.name);
        let none = FieldErrors::default();
        let name = FormView::new(&team.visit, &context, &kept, &none).localized("name", languages);
        ZoneLine {
            url: format!("{}/{}", zones_url(team), zone.id),
            code: zone.code.clone(),
            title: zone.name.text(context.lang, languages).to_owned(),
            name,
        }
    };
    let view = FormView::new(&team.visit, &context, form, errors);
    let page = ZonesPage {
        action: zones_url(team),
        back_url: format!("/organizer/{}/categories", team.event.slug),
        errors: view.summary(),
        name: view.localized("name", languages),
        zones: zones.iter().map(line).collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/zones`.
async fn add_zone(team: Team, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let name = checker.required_localized_line("name", &team.event.languages);
    let name = match checker.finish(name) {
        Ok(name) => name,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(operations::add_zone(db, now, actor, event, &name)?)
    };
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(zones_url(&team), "zones-notice-saved"))
}

/// `POST /organizer/{event}/zones/{zone}`: another name, or `do=delete`.
async fn change_zone(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let zone: ZoneId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (which, actor) = ((team.event.id, zone), team.actor());
    if form.text("do") == "delete" {
        team.visit.app.write(move |db, now| operations::delete_zone(db, now, actor, which)).await?;
    } else {
        let mut checker = Checker::new(&form);
        let name = checker.required_localized_line("name", &team.event.languages);
        let name = checker.finish(name).map_err(|_| Failure::conflict("zones-error-name"))?;
        team.visit.app.write(move |db, now| operations::rename_zone(db, now, actor, which, &name)).await?;
    }
    Ok(respond::see_other_with_notice(zones_url(&team), "zones-notice-saved"))
}

#[derive(Serialize)]
struct RulesPage {
    action: String,
    zones_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    most_bookings: Field,
    refuses_overlap: bool,
    sealed_days: Field,
    speaker_category: Field,
    categories: Vec<Choice>,
    strangers: Vec<Stranger>,
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "organizer/attendance.html";
}

/// Somebody registered as a speaker who is not in the programme any more.
#[derive(Serialize)]
struct Stranger {
    url: String,
    name: String,
    code: String,
}

/// `GET /organizer/{event}/attendance`.
async fn show_rules(team: Team) -> PageResult {
    let event = team.event.id;
    let rules = team.visit.app.read(move |db| Ok::<_, Failure>(operations::rules(db, event)?)).await?;
    let text = |value: Option<String>| value.unwrap_or_default();
    let form = FormData::from_fields([
        ("version", rules.version.to_string()),
        ("most_bookings", text(rules.most_bookings.map(|most| most.to_string()))),
        ("refuses_overlap", if rules.refuses_overlap { "on".to_owned() } else { String::new() }),
        ("sealed_days", rules.sealed_days.to_string()),
        ("speaker_category", text(rules.speaker_category_id.map(|id| id.to_string()))),
    ]);
    show_form(&team, StatusCode::OK, (&form, &FieldErrors::default())).await
}

async fn show_form(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let event = team.event.id;
    let snapshot = team.visit.app.site.snapshot();
    let released = snapshot.event(&team.event.slug).and_then(|public| public.released.as_ref());
    let speakers: Vec<SpeakerId> =
        released.into_iter().flat_map(|one| &one.programme.speakers).map(|speaker| speaker.id).collect();
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((all_categories(db, event)?, operations::strangers(db, event, &speakers)?))
    };
    let (categories, strangers) = team.visit.app.read(read).await?;
    let context = team.context("attendance", "attendance-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let named = categories
        .iter()
        .map(|category| (category.id.to_string(), category.name.text(context.lang, &team.event.languages).to_owned()));
    let page = RulesPage {
        action: format!("/organizer/{}/attendance", team.event.slug),
        zones_url: zones_url(team),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        most_bookings: view.field("most_bookings"),
        refuses_overlap: view.ticked("refuses_overlap"),
        sealed_days: view.field("sealed_days"),
        speaker_category: view.field("speaker_category"),
        categories: view.choices("speaker_category", named),
        strangers: strangers
            .into_iter()
            .map(|(id, name, code)| Stranger {
                url: format!("/organizer/{}/registrations/{id}", team.event.slug),
                name,
                code,
            })
            .collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/attendance`.
async fn save_rules(team: Team, form: FormData) -> PageResult {
    let event = team.event.id;
    let categories = team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await?;
    let mut checker = Checker::new(&form);
    let wanted = form.text("speaker_category");
    let rules = AttendanceRules {
        speaker_category_id: categories.iter().map(|category| category.id).find(|id| id.as_str() == wanted),
        most_bookings: checker.optional_number("most_bookings", 1..=1_000),
        refuses_overlap: form.is_ticked("refuses_overlap"),
        sealed_days: checker.number("sealed_days", 0..=3_650).unwrap_or_default(),
        version: form.text("version").parse().unwrap_or_default(),
    };
    let rules = match checker.finish(rules) {
        Ok(rules) => rules,
        Err(errors) => return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let actor = team.actor();
    team.visit.app.write(move |db, now| operations::set_rules(db, now, actor, event, &rules)).await?;
    let url = format!("/organizer/{}/attendance", team.event.slug);
    Ok(respond::see_other_with_notice(url, "attendance-notice-saved"))
}
