//! Decisions on one application, notes, and looking past a watch-list.

use super::applicant::{self, Found};
use super::{Team, filter_of, list_url};
use crate::accreditation::mails::{Notice, ticket_key};
use crate::accreditation::model::{Decision, QueueFilter};
use crate::accreditation::operations::{self, DecideError, Line, Outcome, Prepared};
use crate::db::{CategoryId, RegistrationId};
use crate::registration::category::Category;
use crate::web::error::PageResult;
use crate::web::{Checker, Failure, FieldErrors, FormData, Message, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;

/// The routes of decisions.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/accreditation/{registration}", decide);
    routes.post("/organizer/{event}/accreditation/{registration}/note", note);
    routes.post("/organizer/{event}/accreditation/{registration}/clear", clear_flag);
}

/// What an officer decided and wrote.
#[derive(Clone, Debug)]
pub(super) struct Decided {
    pub(super) decision: Decision,
    pub(super) reason: String,
    pub(super) note: String,
}

/// Checks the form of a decision. Whoever is asked or rejected must be told why.
pub(super) fn read(form: &FormData, has_template: bool) -> Result<Decided, FieldErrors> {
    let mut checker = Checker::new(form);
    let decision: Option<Decision> = form.text("decision").parse().ok();
    if decision.is_none() {
        checker.wrong("decision", Message::new("accreditation-error-no-decision"));
    }
    let (reason, note) = (checker.block("reason"), checker.block("note"));
    if decision.is_some_and(Decision::needs_reason) && reason.is_empty() && !has_template {
        checker.wrong("reason", Message::new("accreditation-error-no-reason"));
    }
    let decision = decision.unwrap_or(Decision::Ask);
    checker.finish(Decided { decision, reason, note })
}

/// `POST /organizer/{event}/accreditation/{registration}`.
async fn decide(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let filter = filter_of(&team);
    let found = applicant::load(&team, filter.clone(), &path.1).await?;
    let template = found.page.reasons.iter().find(|reason| reason.id.as_str() == form.text("template"));
    let decided = match read(&form, template.is_some()) {
        Ok(decided) => decided,
        Err(errors) => return applicant::show(&team, StatusCode::UNPROCESSABLE_ENTITY, &found, (&form, &errors)),
    };
    let language = found.page.applicant.registration.language;
    let prepared_reason = template.map(|reason| reason.text(language, &team.event.languages)).unwrap_or_default();
    let decided = Decided { reason: or(decided.reason, prepared_reason), ..decided };
    let seen = form.text("version") == found.page.applicant.registration.version.to_string();
    match if seen { take(&team, &found, &decided).await } else { Err(DecideError::Stale.into()) } {
        Ok(outcome) => Ok(respond::see_other_with_notice(after(&team, &found, &filter), notice(outcome))),
        Err(Failure::Told(StatusCode::CONFLICT, message)) => show_refused(&team, &path.1, &form, message).await,
        Err(failure) => Err(failure),
    }
}

fn or(typed: String, prepared: &str) -> String {
    if typed.is_empty() { prepared.to_owned() } else { typed }
}

/// Someone was faster, or it needs another officer: the application as it is now, with what was typed.
async fn show_refused(team: &Team, id: &str, form: &FormData, message: Message) -> PageResult {
    let found = applicant::load(team, filter_of(team), id).await?;
    let mut errors = FieldErrors::default();
    errors.push("decision", message);
    applicant::show(team, StatusCode::CONFLICT, &found, (form, &errors))
}

/// Where an officer goes after a decision: on to the next, or back to the queue.
fn after(team: &Team, found: &Found, filter: &QueueFilter) -> String {
    let list = list_url(team);
    let next = found.page.next.or(found.page.previous);
    filter.url(&next.map_or(list.clone(), |next| format!("{list}/{next}")), "after", "")
}

pub(super) const fn notice(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "accreditation-notice-approved",
        Outcome::AwaitsSecond => "accreditation-notice-awaits-second",
        Outcome::Asked => "accreditation-notice-asked",
        Outcome::Rejected => "accreditation-notice-rejected",
    }
}

async fn take(team: &Team, found: &Found, decided: &Decided) -> Result<Outcome, Failure> {
    let line = Line { applicant: found.page.applicant.clone(), progress: found.page.progress.clone() };
    let event = team.event.id;
    let second_form = team.visit.app.read(move |db| Ok::<_, Failure>(operations::second_form(db, event)?)).await?;
    decide_on(team, &line, &found.page.category, decided, &second_form).await
}

/// Takes one decision with its mail.
pub(super) async fn decide_on(
    team: &Team,
    line: &Line,
    category: &Category,
    decided: &Decided,
    second_form: &[CategoryId],
) -> Result<Outcome, Failure> {
    let (app, registration) = (&team.visit.app, &line.applicant.registration);
    let key = ticket_key(app, &team.event).await?;
    let notice = Notice { app, event: &team.event, registration, category, now: app.clock.now() };
    let owes_form = second_form.contains(&registration.category_id) && !line.progress.is_completed;
    let (message, link) = notice.decided(decided.decision, &decided.reason, owes_form, &key)?;
    let prepared = Prepared {
        registration: registration.clone(),
        officer: team.user.id,
        decision: decided.decision,
        reason: decided.reason.clone(),
        note: decided.note.clone(),
        message,
        link,
    };
    Ok(app.write(move |db, now| operations::decide(db, now, &prepared)).await?)
}

/// What an officer writes for colleagues, and whom it is about.
fn remark(team: &Team, id: &str, form: &FormData) -> Result<(RegistrationId, String, String), Failure> {
    let id: RegistrationId = id.parse().map_err(|_| Failure::NotFound)?;
    let mut checker = Checker::new(form);
    let words = checker.block("words");
    checker.finish(()).map_err(|_| Failure::bad_request("accreditation-error-long-note"))?;
    let back = filter_of(team).url(&format!("{}/{id}", list_url(team)), "after", "");
    Ok((id, words, back))
}

/// `POST /organizer/{event}/accreditation/{registration}/note`.
async fn note(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (id, words, back) = remark(&team, &path.1, &form)?;
    if words.is_empty() {
        return Ok(respond::see_other(back));
    }
    let (event, officer) = (team.event.id, team.user.id);
    team.visit.app.write(move |db, now| operations::note(db, now, (event, id), officer, &words)).await?;
    Ok(respond::see_other_with_notice(back, "accreditation-notice-noted"))
}

/// `POST /organizer/{event}/accreditation/{registration}/clear`.
async fn clear_flag(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (id, words, back) = remark(&team, &path.1, &form)?;
    let (event, officer) = (team.event.id, team.user.id);
    team.visit.app.write(move |db, now| operations::clear_flag(db, now, (event, id), officer, &words)).await?;
    Ok(respond::see_other_with_notice(back, "accreditation-notice-cleared"))
}
