//! One person's badge: how it looks, what was printed, printing it by itself.

use super::printing::{self, Whose, preview};
use super::prints::{Line, line};
use super::{look_url, url};
use crate::accounts::access::{Allowed, PrintBadges};
use crate::badges::model::{Bearer, PrintReason};
use crate::badges::operations::{self, Ground, Printouts, SinglePrint};
use crate::db::{DbConnection, RegistrationId};
use crate::registration::model::RegistrationState;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of one person's badge.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/badges/people/{registration}", show);
    routes.post("/organizer/{event}/badges/people/{registration}", note_print);
    routes.get("/organizer/{event}/badges/people/{registration}/print", print);
}

type Team = Allowed<PrintBadges>;

fn id_of(path: &Path<(String, String)>) -> Result<RegistrationId, Failure> {
    path.1.parse().map_err(|_| Failure::NotFound)
}

#[derive(Serialize)]
struct PersonPage {
    back_url: String,
    action: String,
    look_url: String,
    name: String,
    native_name: String,
    is_confirmed: bool,
    is_out_of_date: bool,
    preview: String,
    log: Vec<Line>,
    errors: Vec<ErrorLine>,
    reason: Field,
    reasons: Vec<Choice>,
    note: Field,
    renews: bool,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "organizer/badges_person.html";
}

/// `GET /organizer/{event}/badges/people/{registration}`.
async fn show(team: Team, path: Path<(String, String)>) -> PageResult {
    let form = FormData::from_fields([("reason", PrintReason::Lost.as_str())]);
    show_form(&team, StatusCode::OK, id_of(&path)?, (&form, &FieldErrors::default())).await
}

async fn find(team: &Team, id: RegistrationId) -> Result<(Printouts, Ground), Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let person = operations::of_person(db, event, id)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((person, operations::ground(db, event)?))
    };
    team.visit.app.read(read).await
}

async fn show_form(
    team: &Team,
    status: StatusCode,
    id: RegistrationId,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let (person, ground) = find(team, id).await?;
    let context = team.context("badges", "badges-person-title");
    let bearer = &person.bearer;
    let look_url = look_url(team, &ground.kept.design, true);
    let preview = preview(&team.visit.app, &team.event, context.lang, bearer.clone(), ground).await?;
    let view = FormView::new(&team.visit, &context, form, errors);
    let reason = |reason: &PrintReason| {
        (reason.to_string(), team.visit.app.texts.text(context.lang, &format!("badges-reason-{reason}"), &[]))
    };
    let page = PersonPage {
        back_url: format!("/organizer/{}/registrations/{id}", team.event.slug),
        action: url(team, &format!("/people/{id}")),
        look_url,
        name: bearer.full_name(),
        native_name: bearer.native_name.clone(),
        is_confirmed: bearer.state == RegistrationState::Confirmed,
        is_out_of_date: person.is_out_of_date,
        preview,
        log: person.log.iter().map(|one| line(team, &context, one)).collect(),
        errors: view.summary(),
        reason: view.field("reason"),
        reasons: view.choices("reason", AGAIN.iter().map(reason)),
        note: view.field("note"),
        renews: view.ticked("renews"),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// Why a badge is printed again.
const AGAIN: [PrintReason; 3] = [PrintReason::Lost, PrintReason::Wrong, PrintReason::Other];
/// Longest other reason, in characters.
const LONGEST_NOTE: usize = 200;

fn read(id: RegistrationId, form: &FormData) -> Result<SinglePrint, FieldErrors> {
    let mut checker = Checker::new(form);
    let reason = form.text("reason").parse().ok().filter(|reason| AGAIN.contains(reason));
    let note: String = checker.line("note").chars().take(LONGEST_NOTE).collect();
    if reason == Some(PrintReason::Other) && note.is_empty() {
        checker.wrong("note", Message::new("badges-error-note"));
    }
    let reason = reason.unwrap_or_else(|| {
        checker.wrong("reason", Message::new("badges-error-reason"));
        PrintReason::Wrong
    });
    checker.finish(SinglePrint { registration: id, reason, note, renews_ticket: form.is_ticked("renews") })
}

/// `POST /organizer/{event}/badges/people/{registration}`: keeps why, then opens the badge for printing.
async fn note_print(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id = id_of(&path)?;
    let (person, _) = find(&team, id).await?;
    let print = match read(id, &form) {
        Ok(print) => print,
        // The first badge of a person needs no reason.
        Err(_) if person.log.is_empty() => {
            SinglePrint { registration: id, reason: PrintReason::First, note: String::new(), renews_ticket: false }
        }
        Err(errors) => return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, id, (&form, &errors)).await,
    };
    let (event, by) = (team.event.id, team.user.id);
    team.visit.app.write(move |db, now| operations::print_one(db, now, by, event, &print)).await?;
    Ok(respond::see_other(url(&team, &format!("/people/{id}/print"))))
}

/// `GET /organizer/{event}/badges/people/{registration}/print`.
async fn print(team: Team, path: Path<(String, String)>) -> PageResult {
    let id = id_of(&path)?;
    let bearer = confirmed(&team, id).await?;
    let back = format!("/people/{id}");
    printing::show(&team, Whose::One(Box::new(bearer)), (&format!("{back}/print"), &back)).await
}

async fn confirmed(team: &Team, id: RegistrationId) -> Result<Bearer, Failure> {
    let (person, _) = find(team, id).await?;
    let is_confirmed = person.bearer.state == RegistrationState::Confirmed;
    is_confirmed.then_some(person.bearer).ok_or_else(|| Failure::conflict("badges-error-not-confirmed"))
}
