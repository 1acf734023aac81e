//! `/login` and `/logout`.

use super::{admit, field_errors, local_path};
use crate::accounts::access::{SESSION_COOKIE, SignedIn};
use crate::accounts::operations::{self, Client};
use crate::i18n::INTERFACE_LANGUAGES;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Field, FieldErrors, FormData, FormView, Page, PageContext, Visit, respond};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct SignInPage {
    errors: Vec<ErrorLine>,
    email: Field,
    password: Field,
    next: String,
}

impl Page for SignInPage {
    const TEMPLATE: &'static str = "accounts/login.html";
}

/// `GET /login`.
pub(super) async fn show_sign_in(visit: Visit, known: Option<SignedIn>) -> PageResult {
    let next = local_path(visit.param("next").unwrap_or_default());
    if known.is_some() {
        return Ok(respond::see_other(next));
    }
    let form = FormData::from_fields([("next", next)]);
    show(&visit, StatusCode::OK, &form, &FieldErrors::default())
}

fn show(visit: &Visit, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = PageContext::new(visit, INTERFACE_LANGUAGES, "").titled(visit, "accounts-sign-in-title");
    let view = FormView::new(visit, &context, form, errors);
    let page = SignInPage {
        errors: view.summary(),
        email: view.field("email"),
        password: view.secret("password"),
        next: local_path(form.text("next")).to_owned(),
    };
    visit.show_with_status(status, &context, &page)
}

/// `POST /login`.
pub(super) async fn sign_in(request: HttpRequest, visit: Visit, client: Client, form: FormData) -> PageResult {
    let (address, password) = (form.text("email").trim(), form.text("password").to_owned());
    match operations::sign_in(&visit.app, &client, address, password.into()).await {
        Ok(granted) => Ok(admit(&request, &visit, &granted, local_path(form.text("next")))),
        Err(error) => show(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form, &field_errors(error)?),
    }
}

/// `POST /logout`. Works without a sign-in too: the button may be pressed twice.
pub(super) async fn sign_out(visit: Visit, client: Client) -> PageResult {
    if let Some(token) = &client.session {
        operations::sign_out(&visit.app, token).await?;
    }
    let mut response = respond::see_other_with_notice("/login", "accounts-notice-signed-out");
    let mut gone = respond::site_cookie(SESSION_COOKIE, "").finish();
    gone.make_removal();
    response.add_cookie(&gone).map_err(|error| crate::web::Failure::unexpected(anyhow::anyhow!("{error}")))?;
    Ok(response)
}
