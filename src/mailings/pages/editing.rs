//! Writing a mailing, and letting it leave.

use super::view::{self, Choices};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::accounts::model::Permission;
use crate::db::{MailingId, UtcTime};
use crate::i18n::Lang;
use crate::mail::model::MessageKind;
use crate::mail::wording::kept::default_source;
use crate::mailings::model::{Mailing, Timing};
use crate::mailings::operations::{self, Content, MailingError};
use crate::schedule::times::{Fold, resolve};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/mailings/new", show_new);
    routes.post("/organizer/{event}/mailings/new", create);
    routes.get("/organizer/{event}/mailings/{mailing}/edit", show_edit);
    routes.post("/organizer/{event}/mailings/{mailing}/edit", change);
    routes.post("/organizer/{event}/mailings/{mailing}/send", send);
    routes.post("/organizer/{event}/mailings/{mailing}/stop", stop);
    routes.post("/organizer/{event}/mailings/{mailing}/copy", copy);
    routes.post("/organizer/{event}/mailings/{mailing}/delete", delete);
}

#[derive(Serialize)]
struct EditPage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    choices: Choices,
    words: Vec<WordsFields>,
    placeholders: Vec<PlaceholderLine>,
    at_day: Field,
    at_time: Field,
    days_before: Field,
    hours_before: Field,
    timezone: String,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/mailing_edit.html";
}

#[derive(Serialize)]
struct WordsFields {
    lang: Lang,
    dir: &'static str,
    language: String,
    subject: Field,
    body: Field,
}

#[derive(Serialize)]
struct PlaceholderLine {
    mark: String,
    label: String,
}

/// The address of a mailing.
pub(super) fn url<P>(team: &Allowed<P>, id: MailingId) -> String {
    format!("/organizer/{}/mailings/{id}", team.event.slug)
}

async fn show<P>(
    team: &Allowed<P>,
    status: StatusCode,
    id: Option<MailingId>,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let offered = view::offered(team).await?;
    let context = team.context("mail", if id.is_some() { "mailings-edit-title" } else { "mailings-new" });
    let view = FormView::new(&team.visit, &context, form, errors);
    let texts = &team.visit.app.texts;
    let list = format!("/organizer/{}/mailings", team.event.slug);
    let words = team.event.languages.iter().map(|lang| WordsFields {
        lang: *lang,
        dir: lang.dir(),
        language: texts.text(context.lang, &format!("language-{}", lang.primary()), &[]),
        subject: view.field(&format!("subject.{lang}")),
        body: view.field(&format!("body.{lang}")),
    });
    let all = crate::mail::wording::placeholders::all(MessageKind::Mailing);
    let placeholder = |name: &str| PlaceholderLine {
        mark: format!("{{{{{name}}}}}"),
        label: texts.text(context.lang, &format!("wording-placeholder-{}", name.replace('_', "-")), &[]),
    };
    let page = EditPage {
        action: id.map_or_else(|| format!("{list}/new"), |id| format!("{}/edit", url(team, id))),
        back_url: id.map_or(list, |id| url(team, id)),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        choices: Choices::new(team, &context, &view, &offered),
        words: words.collect(),
        placeholders: all.iter().map(|known| placeholder(known.name)).collect(),
        at_day: view.field("at_day"),
        at_time: view.field("at_time"),
        days_before: view.field("days_before"),
        hours_before: view.field("hours_before"),
        timezone: team.event.zone().name().to_owned(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/mailings/new`.
async fn show_new(team: Allowed<ManageEvent>) -> PageResult {
    // Other pages lead here with the recipients chosen.
    let asked = |name: &str| team.visit.param(name).unwrap_or_default().to_owned();
    let whom = if asked("whom") == "speakers" { "speakers" } else { "registrations" };
    let mut form =
        FormData::from_fields([("whom", whom), ("state", "confirmed"), ("when", "now"), ("at_time", "09:00")]);
    for name in ["forum", "missing"] {
        form.push(name, asked(name));
    }
    let main = team.event.main_language();
    let source = default_source(&team.visit.app.templates, MessageKind::Mailing, main).map_err(Failure::unexpected)?;
    form.push(format!("body.{main}"), source.body);
    show(&team, StatusCode::OK, None, (&form, &FieldErrors::default())).await
}

/// `POST /organizer/{event}/mailings/new`.
async fn create(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    save(&team, None, &form).await
}

async fn draft<P>(team: &Allowed<P>, id: MailingId) -> Result<Mailing, Failure> {
    let event = team.event.id;
    let read = move |db: &mut _| operations::find(db, event, id);
    Ok(team.visit.app.read(read).await?.0)
}

/// `GET /organizer/{event}/mailings/{mailing}/edit`.
async fn show_edit(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>) -> PageResult {
    let mailing = draft(&team, path.1).await?;
    show(&team, StatusCode::OK, Some(path.1), (&view::fields(&mailing), &FieldErrors::default())).await
}

/// `POST /organizer/{event}/mailings/{mailing}/edit`.
async fn change(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>, form: FormData) -> PageResult {
    draft(&team, path.1).await?;
    save(&team, Some(path.1), &form).await
}

async fn save(team: &Allowed<ManageEvent>, id: Option<MailingId>, form: &FormData) -> PageResult {
    let mut errors = FieldErrors::default();
    let read = view::read(form, &team.event.languages);
    match read.and_then(|content| leaves_at(team, content.timing).map(|_| content)) {
        Ok(content) => match keep(team, id, form.text("version").parse().unwrap_or(0), content).await {
            Ok(id) => return Ok(respond::see_other(url(team, id))),
            Err(MailingError::Changed) => {
                let main = team.event.main_language();
                errors.push(format!("body.{main}"), Message::new("mailings-error-changed"));
            }
            Err(error) => return Err(error.into()),
        },
        Err(wrong) => errors = wrong,
    }
    show(team, StatusCode::UNPROCESSABLE_ENTITY, id, (form, &errors)).await
}

async fn keep(
    team: &Allowed<ManageEvent>,
    id: Option<MailingId>,
    version: i32,
    content: Content,
) -> Result<MailingId, MailingError> {
    let (event, by) = (team.event.id, (team.actor(), Some(team.user.id)));
    let known = id.map(|id| (id, version));
    let job = move |db: &mut _, now| operations::save(db, now, by, (event, known), &content);
    team.visit.app.write(job).await
}

/// When a mailing with this timing leaves, or what is wrong with it: the clocks skip that time, or it is past.
fn leaves_at<P>(team: &Allowed<P>, timing: Timing) -> Result<UtcTime, FieldErrors> {
    let (now, mut errors) = (team.visit.app.clock.now(), FieldErrors::default());
    let Some((day, time)) = timing.local(team.event.starts_on) else { return Ok(now) };
    match resolve(day, time, team.event.zone(), Some(Fold::First)) {
        Ok(at) if at >= now => return Ok(at),
        Ok(_) => {
            let field = if matches!(timing, Timing::At { .. }) { "at_day" } else { "days_before" };
            errors.push(field, Message::new("mailings-error-past"));
        }
        Err(_) => errors.push("at_time", Message::new("mailings-error-time")),
    }
    Err(errors)
}

/// `POST /organizer/{event}/mailings/{mailing}/send`.
async fn send(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>, form: FormData) -> PageResult {
    let mailing = draft(&team, path.1).await?;
    let (event, id, version) = (team.event.id, path.1, form.text("version").parse().unwrap_or(0));
    let at = match leaves_at(&team, mailing.timing) {
        Ok(at) => at,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&team, status, Some(id), (&view::fields(&mailing), &errors)).await;
        }
    };
    if !super::showing::has_recipients(&team, &mailing).await?
        && !matches!(mailing.timing, Timing::BeforeSession { .. })
    {
        return Err(MailingError::Nobody.into());
    }
    let actor = team.actor();
    let job = move |db: &mut _, now| operations::plan(db, now, actor, (event, id, version), at);
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(&team, id), "mailings-notice-sent"))
}

/// `POST /organizer/{event}/mailings/{mailing}/stop`.
async fn stop(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), path.1);
    team.visit.app.write(move |db, now| operations::stop(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(url(&team, id), "mailings-notice-stopped"))
}

/// `POST /organizer/{event}/mailings/{mailing}/copy`.
async fn copy(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>) -> PageResult {
    let (event, by, from) = (team.event.id, (team.actor(), Some(team.user.id)), path.1);
    let id = team.visit.app.write(move |db, now| operations::copy(db, now, by, event, from)).await?;
    Ok(respond::see_other(format!("{}/edit", url(&team, id))))
}

/// `POST /organizer/{event}/mailings/{mailing}/delete`.
async fn delete(team: Allowed<ManageEvent>, path: Path<(String, MailingId)>) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), path.1);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, id)).await?;
    let list = format!("/organizer/{}/mailings", team.event.slug);
    Ok(respond::see_other_with_notice(list, "mailings-notice-deleted"))
}

/// Whether the team member may write mailings.
pub(super) fn may_write<P>(team: &Allowed<P>) -> bool {
    team.may(Permission::ManageEvent)
}
