//! What attendees change by themselves: their details, or everything.

use super::details_form::{DetailsForm, fields_of};
use super::own::find;
use super::{public_context, upon_version};
use crate::audit::Actor;
use crate::registration::applicant;
use crate::registration::model::Details;
use crate::registration::operations::{self, Cancellation, Own, StandingError};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FieldErrors, FormData, Page, RouteTable, Visit, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of changes.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/edit", show_edit);
    routes.post("/{event}/r/{token}/edit", save_details);
    routes.get("/{event}/r/{token}/cancel", ask_cancel);
    routes.post("/{event}/r/{token}/cancel", cancel_own);
}

#[derive(Serialize)]
struct EditPage {
    #[serde(flatten)]
    form: DetailsForm,
    /// Whether another name or nationality needs approval again.
    asks_approval: bool,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "registration/edit.html";
}

async fn standing(visit: &Visit, path: &(String, String)) -> Result<Own, Failure> {
    let own = find(&visit.app, &path.0, &path.1).await?;
    if own.registration.state.is_end() { Err(Failure::gone("registration-error-ended")) } else { Ok(own) }
}

/// `GET /{event}/r/{token}/edit`.
async fn show_edit(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = standing(&visit, &path).await?;
    let form = FormData::from_fields(fields_of(&own.registration));
    show_form(&visit, StatusCode::OK, &own, &path.1, (&form, &FieldErrors::default()))
}

fn show_form(
    visit: &Visit,
    status: StatusCode,
    own: &Own,
    token: &str,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = public_context(visit, &own.event, "registration-edit-title");
    let urls = (own.url(token, "/edit"), own.url(token, ""));
    let form = DetailsForm::new(visit, &context, &own.registration, (form, errors), urls);
    visit.show_with_status(status, &context, &EditPage { form, asks_approval: own.category.needs_approval })
}

/// `POST /{event}/r/{token}/edit`.
async fn save_details(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = standing(&visit, &path).await?;
    let details = match applicant::details(&form) {
        Ok(details) => details,
        Err(errors) => {
            return show_form(&visit, StatusCode::UNPROCESSABLE_ENTITY, &own, &path.1, (&form, &errors));
        }
    };
    let (registration, version) = (own.registration.clone(), form.text("version").parse().unwrap_or_default());
    let actor = Actor::Attendee(registration.id);
    let change = visit
        .app
        .write(move |db, now| operations::change_details(db, now, actor, (&registration, version), &details))
        .await;
    match change {
        Ok(()) => Ok(respond::see_other_with_notice(own.url(&path.1, ""), "registration-notice-changed")),
        Err(StandingError::Stale) => show_stale(&visit, &path, &form).await,
        Err(error) => Err(error.into()),
    }
}

async fn show_stale(visit: &Visit, path: &(String, String), typed: &FormData) -> PageResult {
    let own = standing(visit, path).await?;
    let form = upon_version(typed, &Details::FIELDS, own.registration.version);
    let context = public_context(visit, &own.event, "registration-edit-title");
    let urls = (own.url(&path.1, "/edit"), own.url(&path.1, ""));
    let form = DetailsForm::new(visit, &context, &own.registration, (&form, &FieldErrors::default()), urls)
        .with_theirs(visit, &context, &own.registration, typed);
    let page = EditPage { form, asks_approval: own.category.needs_approval };
    visit.show_with_status(StatusCode::CONFLICT, &context, &page)
}

#[derive(Serialize)]
struct CancelPage {
    action: String,
    back_url: String,
    name: String,
    category: Text,
}

impl Page for CancelPage {
    const TEMPLATE: &'static str = "registration/cancel.html";
}

/// `GET /{event}/r/{token}/cancel`: asks once.
async fn ask_cancel(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = standing(&visit, &path).await?;
    let context = public_context(&visit, &own.event, "registration-cancel-title");
    let page = CancelPage {
        action: own.url(&path.1, "/cancel"),
        back_url: own.url(&path.1, ""),
        name: own.registration.full_name(),
        category: Text::pick(&own.category.name, context.lang, &own.event.languages),
    };
    visit.show(&context, &page)
}

/// `POST /{event}/r/{token}/cancel`.
async fn cancel_own(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    let url = own.url(&path.1, "");
    if own.registration.state.is_end() {
        return Ok(respond::see_other(url));
    }
    let message = own.letter(&visit.app, visit.app.clock.now()).cancelled()?;
    let actor = Actor::Attendee(own.registration.id);
    let cancellation = Cancellation { registration: own.registration, message };
    visit.app.write(move |db, now| operations::cancel(db, now, actor, &cancellation)).await?;
    Ok(respond::see_other_with_notice(url, "registration-notice-cancelled"))
}
