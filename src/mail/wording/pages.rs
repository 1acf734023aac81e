//! Wording mails on team pages: what each says, with a preview, a test mail to oneself, and the way
//! back to the program's words.

use super::kept::{self, default_source};
use super::model::{Problem, Sort, Source};
use super::operations::{self, Own, Which, WordingError};
use super::wrong::message_of;
use super::{markup, placeholders, samples};
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::i18n::Lang;
use crate::mail;
use crate::mail::model::{MessageKind, NewMessage, Rendered};
use crate::mail::rendering;
use crate::registration::operations as registration;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_block, clean_line};
use crate::web::security;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/wording", list_wordings);
    routes.get("/organizer/{event}/wording/{kind}/{language}", show_wording);
    routes.post("/organizer/{event}/wording/{kind}/{language}", save_wording);
    routes.post("/organizer/{event}/wording/{kind}/{language}/default", restore_default);
    routes.post("/organizer/{event}/wording/{kind}/{language}/preview", show_preview);
    routes.post("/organizer/{event}/wording/{kind}/{language}/test", send_test);
}

impl From<WordingError> for Failure {
    fn from(error: WordingError) -> Self {
        match error {
            WordingError::Changed => Self::conflict("wording-error-changed"),
            WordingError::Db(error) => error.into(),
        }
    }
}

/// The kinds that an event's organizers may word.
fn kinds() -> impl Iterator<Item = MessageKind> {
    MessageKind::ALL.iter().copied().filter(|kind| placeholders::is_of_event(*kind))
}

fn kind_label(team_texts: &crate::i18n::Texts, lang: Lang, kind: MessageKind) -> String {
    team_texts.text(lang, &format!("mail-kind-{}", kind.as_str().replace('_', "-")), &[])
}

#[derive(Serialize)]
struct ListPage {
    mail_url: String,
    kinds: Vec<KindLine>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/wordings.html";
}

#[derive(Serialize)]
struct KindLine {
    label: String,
    languages: Vec<LanguageLine>,
}

#[derive(Serialize)]
struct LanguageLine {
    url: String,
    lang: Lang,
    name: String,
    is_own: bool,
}

/// `GET /organizer/{event}/wording`.
async fn list_wordings(team: Allowed<ViewMail>) -> PageResult {
    let event = team.event.id;
    let own = team.visit.app.read(move |db| Ok::<_, Failure>(operations::worded(db, event)?)).await?;
    let context = team.context("mail", "wording-title");
    let texts = &team.visit.app.texts;
    let language = |kind: MessageKind, lang: Lang| LanguageLine {
        url: format!("/organizer/{}/wording/{kind}/{lang}", team.event.slug),
        lang,
        name: texts.text(context.lang, &format!("language-{}", lang.primary()), &[]),
        is_own: own.iter().any(|(worded, in_lang)| worded == kind.as_str() && *in_lang == lang),
    };
    let line = |kind: MessageKind| KindLine {
        label: kind_label(texts, context.lang, kind),
        languages: team.event.languages.iter().map(|lang| language(kind, *lang)).collect(),
    };
    let page =
        ListPage { mail_url: format!("/organizer/{}/mail", team.event.slug), kinds: kinds().map(line).collect() };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct EditPage {
    back_url: String,
    action: String,
    kind: String,
    language: String,
    lang: Lang,
    dir: &'static str,
    errors: Vec<ErrorLine>,
    version: String,
    subject: Field,
    body: Field,
    placeholders: Vec<PlaceholderLine>,
    is_own: bool,
    may_change: bool,
    own_address: String,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/wording.html";
}

#[derive(Serialize)]
struct PlaceholderLine {
    mark: String,
    label: String,
    is_part: bool,
    is_needed: bool,
}

/// Which mails a path names.
fn which<P>(team: &Allowed<P>, kind: &str, language: &str) -> Result<Which, Failure> {
    let kind: MessageKind = kind.parse().map_err(|_| Failure::NotFound)?;
    let lang: Lang = language.parse().map_err(|_| Failure::NotFound)?;
    let is_known = placeholders::is_of_event(kind) && team.event.languages.contains(&lang);
    if is_known { Ok(Which { event: team.event.id, kind, lang }) } else { Err(Failure::NotFound) }
}

fn edit_url<P>(team: &Allowed<P>, which: Which) -> String {
    format!("/organizer/{}/wording/{}/{}", team.event.slug, which.kind, which.lang)
}

async fn own<P>(team: &Allowed<P>, which: Which) -> Result<Own, Failure> {
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::own(db, which)?)).await
}

/// `GET /organizer/{event}/wording/{kind}/{language}`.
async fn show_wording(team: Allowed<ViewMail>, path: Path<(String, String, String)>) -> PageResult {
    let which = which(&team, &path.1, &path.2)?;
    let own = own(&team, which).await?;
    let is_own = own.source.is_some();
    let source = match own.source {
        Some(source) => source,
        None => default_source(&team.visit.app.templates, which.kind, which.lang).map_err(Failure::unexpected)?,
    };
    let form = FormData::from_fields([
        ("subject", source.subject),
        ("body", source.body),
        ("version", own.version.to_string()),
    ]);
    show(&team, StatusCode::OK, which, (&form, &FieldErrors::default()), (is_own, ""))
}

fn show<P>(
    team: &Allowed<P>,
    status: StatusCode,
    which: Which,
    (form, errors): (&FormData, &FieldErrors),
    (is_own, notice): (bool, &str),
) -> PageResult {
    let mut context = team.context("mail", "wording-edit-title");
    if !notice.is_empty() {
        context.notice = Some(team.visit.app.texts.text(context.lang, notice, &[]));
    }
    let view = FormView::new(&team.visit, &context, form, errors);
    let texts = &team.visit.app.texts;
    let needed = placeholders::needed(which.kind);
    let line = |known: &super::model::Placeholder| PlaceholderLine {
        mark: format!("{{{{{}}}}}", known.name),
        label: texts.text(context.lang, &format!("wording-placeholder-{}", known.name.replace('_', "-")), &[]),
        is_part: known.sort == Sort::Part,
        is_needed: needed.contains(&known.name),
    };
    let page = EditPage {
        back_url: format!("/organizer/{}/wording", team.event.slug),
        action: edit_url(team, which),
        kind: kind_label(texts, context.lang, which.kind),
        language: texts.text(context.lang, &format!("language-{}", which.lang.primary()), &[]),
        lang: which.lang,
        dir: which.lang.dir(),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        subject: view.field("subject"),
        body: view.field("body"),
        placeholders: placeholders::all(which.kind).iter().map(line).collect(),
        is_own,
        may_change: team.may(Permission::ManageEvent),
        own_address: team.user.email.clone(),
    };
    let mut response = team.visit.show_with_status(status, &context, &page)?;
    security::allow_own_frames(response.headers_mut());
    Ok(response)
}

fn read_source(form: &FormData) -> Source {
    Source { subject: clean_line(form.text("subject")), body: clean_block(form.text("body")) + "\n" }
}

/// What is wrong, at the field where it is.
fn errors_of(problems: &[Problem]) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for problem in problems {
        errors.push(if problem.is_in_subject() { "subject" } else { "body" }, message_of(problem));
    }
    errors
}

/// `POST /organizer/{event}/wording/{kind}/{language}`.
async fn save_wording(team: Allowed<ManageEvent>, path: Path<(String, String, String)>, form: FormData) -> PageResult {
    let which = which(&team, &path.1, &path.2)?;
    let source = read_source(&form);
    let known = placeholders::all(which.kind);
    if let Err(problems) = markup::read(&source, &known, placeholders::needed(which.kind)) {
        let is_own = own(&team, which).await?.source.is_some();
        return show(&team, StatusCode::UNPROCESSABLE_ENTITY, which, (&form, &errors_of(&problems)), (is_own, ""));
    }
    let version = form.text("version").parse().unwrap_or(0);
    match keep(&team, which, Some(source), version).await {
        Ok(()) => Ok(respond::see_other_with_notice(edit_url(&team, which), "wording-notice-saved")),
        Err(WordingError::Changed) => {
            let mut errors = FieldErrors::default();
            errors.push("body", Message::new("wording-error-changed"));
            // Sent once more, it goes over what somebody else wrote: the person has been told.
            let own = own(&team, which).await?;
            let version = own.version.to_string();
            let kept = FormData::from_fields([
                ("subject", form.text("subject")),
                ("body", form.text("body")),
                ("version", &version),
            ]);
            show(&team, StatusCode::CONFLICT, which, (&kept, &errors), (own.source.is_some(), ""))
        }
        Err(error) => Err(error.into()),
    }
}

async fn keep(
    team: &Allowed<ManageEvent>,
    which: Which,
    source: Option<Source>,
    version: i32,
) -> Result<(), WordingError> {
    let by = (team.actor(), Some(team.user.id));
    let job =
        move |db: &mut crate::db::DbConnection, now| operations::save(db, now, by, which, source.as_ref(), version);
    team.visit.app.write(job).await?;
    kept::refresh(&team.visit.app).await.map_err(WordingError::Db)
}

/// `POST /organizer/{event}/wording/{kind}/{language}/default`.
async fn restore_default(team: Allowed<ManageEvent>, path: Path<(String, String, String)>) -> PageResult {
    let which = which(&team, &path.1, &path.2)?;
    let own = own(&team, which).await?;
    if own.source.is_some() {
        keep(&team, which, None, own.version).await?;
    }
    Ok(respond::see_other_with_notice(edit_url(&team, which), "wording-notice-default"))
}

/// A typed source with sample values, or what is wrong with it.
async fn sample<P>(team: &Allowed<P>, which: Which, form: &FormData) -> Result<Result<Rendered, FieldErrors>, Failure> {
    let wording = match markup::read(&read_source(form), &placeholders::all(which.kind), &[]) {
        Ok(wording) => wording,
        Err(problems) => return Ok(Err(errors_of(&problems))),
    };
    let event = team.event.id;
    let person = team.visit.app.read(move |db| Ok::<_, Failure>(registration::newest(db, event)?)).await?;
    let values = samples::values(&team.visit.app, &team.event, which.lang, person.as_ref());
    let at = (which.kind, which.lang);
    let rendered = rendering::render_wording(&team.visit.app, Some(&team.event), at, &wording, &values);
    rendered.map(Ok).map_err(Failure::unexpected)
}

/// `POST /organizer/{event}/wording/{kind}/{language}/preview`: what is typed now as a mail program
/// shows it, for a frame beside the form.
async fn show_preview(team: Allowed<ManageEvent>, path: Path<(String, String, String)>, form: FormData) -> PageResult {
    let which = which(&team, &path.1, &path.2)?;
    let context = team.context("mail", "wording-edit-title");
    let (status, html) = match sample(&team, which, &form).await? {
        Ok(rendered) => (StatusCode::OK, with_picture(&rendered.html)),
        Err(errors) => (StatusCode::UNPROCESSABLE_ENTITY, problems_page(&team, &context, &errors)),
    };
    let mut answer = HttpResponse::build(status);
    answer.content_type("text/html; charset=utf-8").insert_header(("cache-control", "no-store"));
    let mut answer = answer.body(html);
    // Mails carry their styles inline; in a frame of its own without any rights that does no harm.
    answer.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox",
        ),
    );
    Ok(answer)
}

/// The sample's ticket inside the page itself: frames without rights load nothing.
fn with_picture(html: &str) -> String {
    match samples::ticket_picture() {
        Some(picture) => html.replace("cid:ticket", &format!("data:image/png;base64,{}", picture.content)),
        None => html.to_owned(),
    }
}

fn problems_page(team: &Allowed<ManageEvent>, context: &PageContext, errors: &FieldErrors) -> String {
    let lines = errors.lines(&team.visit.app.texts, context.lang);
    let lines = lines.iter().map(|line| format!("<li>{}</li>", crate::web::templates::escape(&line.message)));
    format!(
        "<!doctype html><html lang=\"{}\"><meta name=\"color-scheme\" content=\"light dark\"><title></title><ul style=\"font:16px/1.6 sans-serif\">{}</ul></html>",
        context.lang,
        lines.collect::<String>()
    )
}

/// `POST /organizer/{event}/wording/{kind}/{language}/test`: a mail to oneself with what is typed now.
async fn send_test(team: Allowed<ManageEvent>, path: Path<(String, String, String)>, form: FormData) -> PageResult {
    let which = which(&team, &path.1, &path.2)?;
    let content = match sample(&team, which, &form).await? {
        Ok(content) => content,
        Err(errors) => {
            let is_own = own(&team, which).await?.source.is_some();
            return show(&team, StatusCode::UNPROCESSABLE_ENTITY, which, (&form, &errors), (is_own, ""));
        }
    };
    let attachments = if content.html.contains("cid:ticket") { samples::ticket_picture() } else { None };
    let message = NewMessage {
        event: Some(team.event.id),
        kind: which.kind,
        registration: None,
        user: Some(team.user.id),
        speaker: None,
        unsubscribe: None,
        recipient_name: team.user.name.clone(),
        recipient: team.user.email.parse().map_err(Failure::unexpected)?,
        language: which.lang,
        content,
        attachments: attachments.into_iter().collect(),
    };
    let job =
        move |db: &mut crate::db::DbConnection, now| Ok::<_, Failure>(mail::operations::queue(db, now, &message)?);
    team.visit.app.write(job).await?;
    let is_own = own(&team, which).await?.source.is_some();
    show(&team, StatusCode::OK, which, (&form, &FieldErrors::default()), (is_own, "wording-notice-test"))
}
