//! Walk-ins: somebody stands at the desk and is registered in three fields, with a ticket to print.

use super::ticket::{Shown, TicketPage};
use super::ticket_key;
use crate::accounts::access::{Allowed, ManageRegistrations, ViewRegistrations};
use crate::db::{DbConnection, RegistrationId};
use crate::i18n::Lang;
use crate::registration::attendance::operations::zones;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, Details, LinkPurpose, Registration, RegistrationState, Source};
use crate::registration::operations::{self, EnrolError, Enrolment, all_categories, enrol};
use crate::registration::ticket;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of walk-ins.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/new", show_new);
    routes.post("/organizer/{event}/registrations/new", add);
    routes.get("/organizer/{event}/registrations/{registration}/ticket", show_ticket);
}

type Team = Allowed<ManageRegistrations>;

#[derive(Serialize)]
struct NewPage {
    action: String,
    back_url: String,
    /// The registration that the address has already; empty where it has none.
    known_url: String,
    errors: Vec<ErrorLine>,
    name: Field,
    email: Field,
    category: Field,
    categories: Vec<Choice>,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "organizer/walk_in.html";
}

fn list_url<P>(team: &Allowed<P>) -> String {
    format!("/organizer/{}/registrations", team.event.slug)
}

/// `GET /organizer/{event}/registrations/new`.
async fn show_new(team: Team) -> PageResult {
    show(&team, StatusCode::OK, (&FormData::default(), &FieldErrors::default()), None).await
}

async fn show(
    team: &Team,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
    known: Option<RegistrationId>,
) -> PageResult {
    let event = team.event.id;
    let all = team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await?;
    let context = team.context("registrations", "registration-walk-in-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let named = all
        .iter()
        .map(|category| (category.id.to_string(), category.name.text(context.lang, &team.event.languages).to_owned()));
    let page = NewPage {
        action: format!("{}/new", list_url(team)),
        back_url: list_url(team),
        known_url: known.map(|id| format!("{}/{id}", list_url(team))).unwrap_or_default(),
        errors: view.summary(),
        name: view.field("name"),
        email: view.field("email"),
        category: view.field("category"),
        categories: view.choices("category", named),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// Somebody at the desk, checked.
struct WalkIn {
    email: String,
    email_key: String,
    details: Details,
    category: Category,
    language: Lang,
}

async fn read(team: &Team, form: &FormData) -> Result<Result<WalkIn, FieldErrors>, Failure> {
    let event = team.event.id;
    let all = team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await?;
    let category = all.into_iter().find(|category| category.id.as_str() == form.text("category"));
    let mut checker = Checker::new(form);
    let (name, email) = (checker.required_line("name"), checker.email("email"));
    if category.is_none() {
        checker.wrong("category", Message::new("registration-error-choose-category"));
    }
    let language = team.event.main_language();
    Ok(match (checker.finish(()), email, category) {
        (Ok(()), Some(email), Some(category)) => Ok(WalkIn {
            email: email.to_string(),
            email_key: email.key(),
            details: Details { given_name: name, ..Details::default() },
            category,
            language,
        }),
        (outcome, ..) => Err(outcome.err().unwrap_or_default()),
    })
}

/// `POST /organizer/{event}/registrations/new`: confirmed at once, with the ticket by mail and on the page.
async fn add(team: Team, form: FormData) -> PageResult {
    let walk_in = match read(&team, &form).await? {
        Ok(walk_in) => walk_in,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), None).await,
    };
    let enrolment = prepare(&team, &walk_in).await?;
    let actor = team.actor();
    let done = team.visit.app.write(move |db: &mut DbConnection, now| enrol(db, now, actor, &enrolment)).await;
    let (field, key, known) = match done {
        Ok(id) => {
            let url = format!("{}/{id}", list_url(&team));
            return Ok(respond::see_other_with_notice(url, "registration-walk-in-notice"));
        }
        Err(EnrolError::Known(known)) => ("email", "registration-walk-in-known", Some(known)),
        Err(EnrolError::Full) => ("category", "registration-error-full", None),
        Err(EnrolError::CodeTaken) => return Err(Failure::Busy),
        Err(EnrolError::Db(error)) => return Err(error.into()),
    };
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), known).await
}

async fn prepare(team: &Team, walk_in: &WalkIn) -> Result<Enrolment, Failure> {
    let (app, now) = (&team.visit.app, team.visit.app.clock.now());
    let applying = Applying {
        event: team.event.id,
        category: walk_in.category.id,
        email: &walk_in.email,
        email_key: &walk_in.email_key,
        details: &walk_in.details,
        language: walk_in.language,
    };
    let registration = Registration::new(&applying, RegistrationState::Confirmed, now);
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let letter = Letter { app, event: &team.event, registration: &registration, category: &walk_in.category, now };
    let message = letter.confirmed(&token, &ticket_key(app, team.event.id).await?)?;
    Ok(Enrolment { link: Some(link), message: Some(message), ..Enrolment::new(registration, Source::Desk) })
}

/// `GET /organizer/{event}/registrations/{registration}/ticket`: to be printed at the desk.
async fn show_ticket(team: Allowed<ViewRegistrations>, path: Path<(String, String)>) -> PageResult {
    let (event, id): (_, RegistrationId) = (team.event.id, path.1.parse().map_err(|_| Failure::NotFound)?);
    let read = move |db: &mut DbConnection| {
        Ok::<_, Failure>((operations::of_event(db, event, id)?.ok_or(Failure::NotFound)?, zones(db, event)?))
    };
    let ((registration, category), zones) = team.visit.app.read(read).await?;
    if registration.state != RegistrationState::Confirmed {
        return Err(Failure::NotFound);
    }
    let (app, key) = (&team.visit.app, ticket_key(&team.visit.app, event).await?);
    let letter =
        Letter { app, event: &team.event, registration: &registration, category: &category, now: app.clock.now() };
    let ticket_svg = ticket::draw_svg(&letter.ticket(&key)).map_err(Failure::unexpected)?;
    let context = team.context("registrations", "registration-ticket-title");
    let shown = Shown {
        event: &team.event,
        registration: &registration,
        category: &category,
        zones: &zones,
        ticket_svg,
        back: (format!("{}/{id}", list_url(&team)), "registration-walk-in-back"),
    };
    let page = TicketPage::new(app, &context, shown);
    team.visit.show(&context, &page)
}
