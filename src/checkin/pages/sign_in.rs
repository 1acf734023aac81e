//! `/checkin/{event}/sign-in`: a device takes its one-time code for a cookie of its own.

use super::access::{DEVICE_COOKIE, url_word};
use crate::checkin::operations::{self, DoorError, NewDevice};
use crate::i18n::INTERFACE_LANGUAGES;
use crate::web::client::{ClientAddress, is_secure};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, Token, Visit, respond,
};
use actix_web::cookie::time::Duration;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of signing in.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/checkin/{event}/sign-in", show_sign_in);
    routes.post("/checkin/{event}/sign-in", sign_in);
}

#[derive(Serialize)]
struct SignInPage {
    errors: Vec<ErrorLine>,
    code: Field,
    team_url: String,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "checkin/sign_in.html";
}

fn show(visit: &Visit, slug: &str, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = PageContext::new(visit, INTERFACE_LANGUAGES, "").titled(visit, "checkin-sign-in-title");
    let view = FormView::new(visit, &context, form, errors);
    let team_url = format!("/login?next=%2Fcheckin%2F{}", url_word(slug));
    let page = SignInPage { errors: view.summary(), code: view.field("code"), team_url };
    visit.show_with_status(status, &context, &page)
}

/// `GET /checkin/{event}/sign-in`, where `?code=` of a QR code fills the form in: looking is no use of it.
async fn show_sign_in(visit: Visit, path: Path<String>) -> PageResult {
    let form = FormData::from_fields([("code", visit.param("code").unwrap_or_default())]);
    show(&visit, &path, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /checkin/{event}/sign-in`. Tries are counted, so that no code can be guessed at speed.
async fn sign_in(visit: Visit, path: Path<String>, address: ClientAddress, form: FormData) -> PageResult {
    let code = form.text("code").trim().to_owned();
    if code.is_empty() {
        return refuse(&visit, &path, &form, "error-required");
    }
    visit.app.signin_limit.take(&format!("door {}", address.limit_key())).map_err(Failure::TooMany)?;
    let (token, slug, code) = (Token::new(), url_word(&path), NewDevice::hash(&code));
    let (hash, wanted) = (token.hash(), slug.clone());
    match visit.app.write(move |db, now| operations::sign_in(db, now, &wanted, (&code, &hash))).await {
        Ok(()) => Ok(remember(&visit, &slug, &token)),
        Err(DoorError::WrongCode) => refuse(&visit, &path, &form, "checkin-code-wrong"),
        Err(error) => Err(error.into()),
    }
}

fn refuse(visit: &Visit, slug: &str, form: &FormData, key: &'static str) -> PageResult {
    let mut errors = FieldErrors::default();
    errors.push("code", Message::new(key));
    show(visit, slug, StatusCode::UNPROCESSABLE_ENTITY, form, &errors)
}

/// Days for which a device stays signed in: longer than any event.
const DAYS: i64 = 30;

fn remember(visit: &Visit, slug: &str, token: &Token) -> actix_web::HttpResponse {
    let path = format!("/checkin/{slug}");
    let mut response = respond::see_other(&path);
    let cookie = respond::site_cookie(DEVICE_COOKIE, token.reveal())
        .path(path)
        .secure(is_secure(&visit.app))
        .max_age(Duration::days(DAYS))
        .finish();
    // A token is plain ASCII, so it always makes a cookie.
    let _ = response.add_cookie(&cookie);
    response
}
