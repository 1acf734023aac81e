//! What people agreed to, and deleting what is held about them.

use super::model::{Consent, Erasure, erased_on};
use super::operations::{self, WithdrawError};
use crate::db::{DbConnection, UtcTime};
use crate::registration::model::RegistrationState;
use crate::registration::operations::Own;
use crate::registration::pages::{find_own, privacy_notice, public_context};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Failure, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, Token, Visit, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/consents", show_consents);
    routes.post("/{event}/r/{token}/consents", withdraw);
    routes.get("/{event}/r/{token}/delete", ask);
    routes.post("/{event}/r/{token}/delete", delete);
    routes.post("/{event}/r/{token}/delete/take-back", keep);
}

impl From<WithdrawError> for Failure {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::Required => Self::conflict("privacy-error-required"),
            WithdrawError::NotFound => Self::NotFound,
            WithdrawError::Standing(error) => error.into(),
            WithdrawError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct ConsentsPage {
    action: String,
    back_url: String,
    cancel_url: String,
    delete_url: String,
    privacy_notice: Text,
    privacy_accepted: String,
    consents: Vec<ConsentLine>,
}

#[derive(Serialize)]
struct ConsentLine {
    code: String,
    label: Text,
    text: Text,
    version: i32,
    given: String,
    withdrawn: String,
    is_required: bool,
    /// Whether the wording has changed since.
    is_older: bool,
    may_withdraw: bool,
}

impl Page for ConsentsPage {
    const TEMPLATE: &'static str = "registration/consents.html";
}

fn in_words(context: &PageContext, own: &Own, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(own.event.zone()).naive_local())
}

/// `GET /{event}/r/{token}/consents`.
async fn show_consents(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find_own(&visit.app, &path.0, &path.1).await?;
    let (event, registration) = (own.event.clone(), own.registration.clone());
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::consents(db, &event, &registration)?);
    let given = visit.app.read(read).await?;
    let context = public_context(&visit, &own.event, "privacy-consents-title");
    let has_ended = own.registration.state.is_end();
    let page = ConsentsPage {
        action: own.url(&path.1, "/consents"),
        back_url: own.url(&path.1, ""),
        cancel_url: if has_ended { String::new() } else { own.url(&path.1, "/cancel") },
        delete_url: own.url(&path.1, "/delete"),
        privacy_notice: privacy_notice(&own.event, context.lang),
        privacy_accepted: in_words(&context, &own, own.registration.privacy_accepted_at),
        consents: given.into_iter().map(|consent| consent_line(&context, &own, consent)).collect(),
    };
    visit.show(&context, &page)
}

fn consent_line(context: &PageContext, own: &Own, consent: Consent) -> ConsentLine {
    let Consent { question, number, text, given_at, withdrawn_at } = consent;
    let (languages, is_standing) = (&own.event.languages, !own.registration.state.is_end());
    ConsentLine {
        label: Text::pick(&question.facts.label, context.lang, languages),
        text: Text::pick(&text, context.lang, languages),
        version: number,
        given: in_words(context, own, given_at),
        withdrawn: withdrawn_at.map(|at| in_words(context, own, at)).unwrap_or_default(),
        is_required: question.facts.is_required,
        is_older: number < question.facts.options.consent,
        may_withdraw: withdrawn_at.is_none() && !question.facts.is_required && is_standing,
        code: question.code,
    }
}

/// `POST /{event}/r/{token}/consents`, with the `question` whose consent is withdrawn.
async fn withdraw(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = find_own(&visit.app, &path.0, &path.1).await?;
    let (url, code) = (own.url(&path.1, "/consents"), form.text("question").to_owned());
    let registration = own.registration;
    let files = visit.app.write(move |db, now| operations::withdraw(db, now, &registration, &code)).await?;
    for file in files {
        visit.app.files.remove_answer(file).await;
    }
    Ok(respond::see_other_with_notice(url, "privacy-notice-withdrawn"))
}

#[derive(Serialize)]
struct DeletePage {
    action: String,
    back_url: String,
    data_url: String,
    errors: Vec<ErrorLine>,
    error: String,
    /// Whether it is cancelled, too.
    cancels: bool,
    /// Whether a rejection makes it wait for the end of the event.
    waits: bool,
    /// When everything is deleted.
    on: String,
    /// Where the deletion that was asked for is taken back; empty where none was.
    keep_action: String,
    contact_email: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "registration/delete.html";
}

async fn erasure(visit: &Visit, own: &Own) -> Result<Erasure, Failure> {
    let registration = own.registration.clone();
    visit.app.read(move |db| Ok::<_, Failure>(operations::erasure(db, &registration)?)).await
}

/// `GET /{event}/r/{token}/delete`: says what will happen, and when.
async fn ask(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find_own(&visit.app, &path.0, &path.1).await?;
    show_delete(&visit, StatusCode::OK, (&own, &path.1), &FieldErrors::default()).await
}

async fn show_delete(
    visit: &Visit,
    status: StatusCode,
    (own, token): (&Own, &str),
    errors: &FieldErrors,
) -> PageResult {
    let (state, at) = (own.registration.state, erasure(visit, own).await?.at);
    let context = public_context(visit, &own.event, "privacy-delete-title");
    let on = at.unwrap_or_else(|| erased_on(&own.event, state, visit.app.clock.now()));
    let form = FormData::default();
    let view = FormView::new(visit, &context, &form, errors);
    let page = DeletePage {
        action: own.url(token, "/delete"),
        back_url: own.url(token, ""),
        data_url: own.url(token, "/data.json"),
        errors: view.summary(),
        error: view.error("sure").unwrap_or_default(),
        cancels: !state.is_end(),
        waits: state == RegistrationState::Rejected,
        on: in_words(&context, own, on),
        keep_action: at.map(|_| own.url(token, "/delete/take-back")).unwrap_or_default(),
        contact_email: own.event.contact_email.clone().unwrap_or_default(),
    };
    visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/r/{token}/delete`, with `sure`.
async fn delete(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = find_own(&visit.app, &path.0, &path.1).await?;
    if !form.is_ticked("sure") {
        let mut errors = FieldErrors::default();
        errors.push("sure", Message::new("privacy-error-sure"));
        return show_delete(&visit, StatusCode::UNPROCESSABLE_ENTITY, (&own, &path.1), &errors).await;
    }
    let (url, now) = (own.url(&path.1, ""), visit.app.clock.now());
    let letter = own.letter(&visit.app, now);
    let on = erased_on(&own.event, own.registration.state, now);
    let mails = (letter.cancelled()?, letter.erasure_asked(&Token::received(path.1.as_str()), on)?);
    let (event, registration) = (own.event, own.registration);
    let job = move |db: &mut DbConnection, now| {
        operations::ask_erasure(db, now, (&event, &registration), (&mails.0, &mails.1))
    };
    visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url, "privacy-notice-asked"))
}

/// `POST /{event}/r/{token}/delete/take-back`.
async fn keep(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find_own(&visit.app, &path.0, &path.1).await?;
    let (url, registration) = (own.url(&path.1, ""), own.registration);
    visit.app.write(move |db, now| Ok::<_, Failure>(operations::keep(db, now, &registration)?)).await?;
    Ok(respond::see_other_with_notice(url, "privacy-notice-kept"))
}
