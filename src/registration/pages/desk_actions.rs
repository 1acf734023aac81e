//! What the desk does to one registration: edit, cancel, send the link again.

use super::details_form::{DetailsForm, fields_of};
use super::{ticket_key, upon_version};
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::db::RegistrationId;
use crate::registration::applicant;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, link_again};
use crate::registration::model::{Details, Registration};
use crate::registration::operations::{self, Cancellation, StandingError};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FieldErrors, FormData, Page, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of these actions.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/{registration}/edit", show_edit);
    routes.post("/organizer/{event}/registrations/{registration}/edit", save_details);
    routes.get("/organizer/{event}/registrations/{registration}/cancel", ask_cancel);
    routes.post("/organizer/{event}/registrations/{registration}/cancel", cancel);
    routes.post("/organizer/{event}/registrations/{registration}/resend", resend_link);
}

type Team = Allowed<ManageRegistrations>;

async fn find(team: &Team, id: &str) -> Result<(Registration, Category), Failure> {
    let (event, id): (_, RegistrationId) = (team.event.id, id.parse().map_err(|_| Failure::NotFound)?);
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::of_event(db, event, id)?)).await?;
    found.ok_or(Failure::NotFound)
}

fn url(team: &Team, registration: &Registration, below: &str) -> String {
    format!("/organizer/{}/registrations/{}{below}", team.event.slug, registration.id)
}

#[derive(Serialize)]
struct EditPage {
    name: String,
    #[serde(flatten)]
    form: DetailsForm,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/registration_edit.html";
}

/// `GET /organizer/{event}/registrations/{registration}/edit`.
async fn show_edit(team: Team, path: Path<(String, String)>) -> PageResult {
    let (registration, _) = find(&team, &path.1).await?;
    let form = FormData::from_fields(fields_of(&registration));
    show_form(&team, StatusCode::OK, &registration, (&form, &FieldErrors::default()), None)
}

fn show_form(
    team: &Team,
    status: StatusCode,
    registration: &Registration,
    fields: (&FormData, &FieldErrors),
    stale: Option<&FormData>,
) -> PageResult {
    let context = team.context("registrations", "registration-desk-edit-title");
    let urls = (url(team, registration, "/edit"), url(team, registration, ""));
    let mut form = DetailsForm::new(&team.visit, &context, registration, fields, urls);
    if let Some(typed) = stale {
        form = form.with_theirs(&team.visit, &context, registration, typed);
    }
    team.visit.show_with_status(status, &context, &EditPage { name: registration.full_name(), form })
}

/// `POST /organizer/{event}/registrations/{registration}/edit`.
async fn save_details(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (registration, _) = find(&team, &path.1).await?;
    let details = match applicant::details(&form) {
        Ok(details) => details,
        Err(errors) => {
            return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, &registration, (&form, &errors), None);
        }
    };
    let (back, actor) = (url(&team, &registration, ""), team.actor());
    let version = form.text("version").parse().unwrap_or_default();
    let change = move |db: &mut crate::db::DbConnection, now| {
        operations::change_details(db, now, actor, (&registration, version), &details)
    };
    match team.visit.app.write(change).await {
        Ok(()) => Ok(respond::see_other_with_notice(back, "registration-notice-changed")),
        Err(StandingError::Stale) => show_stale(&team, &path.1, &form).await,
        Err(error) => Err(error.into()),
    }
}

async fn show_stale(team: &Team, id: &str, typed: &FormData) -> PageResult {
    let (kept, _) = find(team, id).await?;
    let form = upon_version(typed, &Details::FIELDS, kept.version);
    show_form(team, StatusCode::CONFLICT, &kept, (&form, &FieldErrors::default()), Some(typed))
}

#[derive(Serialize)]
struct CancelPage {
    action: String,
    back_url: String,
    name: String,
    email: String,
    category: Text,
}

impl Page for CancelPage {
    const TEMPLATE: &'static str = "organizer/registration_cancel.html";
}

/// `GET /organizer/{event}/registrations/{registration}/cancel`: says what will happen.
async fn ask_cancel(team: Team, path: Path<(String, String)>) -> PageResult {
    let (registration, category) = find(&team, &path.1).await?;
    let context = team.context("registrations", "registration-desk-cancel-title");
    let page = CancelPage {
        action: url(&team, &registration, "/cancel"),
        back_url: url(&team, &registration, ""),
        name: registration.full_name(),
        email: registration.email,
        category: Text::pick(&category.name, context.lang, &team.event.languages),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/registrations/{registration}/cancel`.
async fn cancel(team: Team, path: Path<(String, String)>) -> PageResult {
    let (registration, category) = find(&team, &path.1).await?;
    let (back, actor, app) = (url(&team, &registration, ""), team.actor(), &team.visit.app);
    let now = app.clock.now();
    let letter = Letter { app, event: &team.event, registration: &registration, category: &category, now };
    let message = letter.cancelled()?;
    let cancellation = Cancellation { registration, message };
    app.write(move |db, now| operations::cancel(db, now, actor, &cancellation)).await?;
    Ok(respond::see_other_with_notice(back, "registration-notice-cancelled"))
}

/// `POST /organizer/{event}/registrations/{registration}/resend`.
async fn resend_link(team: Team, path: Path<(String, String)>) -> PageResult {
    let (registration, category) = find(&team, &path.1).await?;
    if registration.state.is_end() {
        return Err(Failure::conflict("registration-error-ended"));
    }
    if !registration.has_address() {
        return Err(Failure::conflict("registration-error-no-address"));
    }
    let back = url(&team, &registration, "");
    let app = &team.visit.app;
    let key = ticket_key(app, team.event.id).await?;
    let now = app.clock.now();
    let letter = Letter { app, event: &team.event, registration: &registration, category: &category, now };
    let known = link_again(letter, &key)?;
    let actor = team.actor();
    let send = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(operations::send_link_again(db, now, actor, &known)?)
    };
    team.visit.app.write(send).await?;
    Ok(respond::see_other_with_notice(back, "registration-notice-resent"))
}
