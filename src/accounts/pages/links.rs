//! The private links of accounts: set-up, password reset, invitation.

use super::{admit, field_errors};
use crate::accounts::model::RESET_HOURS;
use crate::accounts::operations::{self, AccountError, Client, Granted, NewPassword};
use crate::i18n::INTERFACE_LANGUAGES;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Field, FieldErrors, FormData, FormView, Page, PageContext, Token, Visit, respond};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The form of all three links: who, and a password.
#[derive(Serialize)]
struct NewPasswordPage {
    heading: String,
    help: String,
    button: String,
    errors: Vec<ErrorLine>,
    /// Asked for at set-up only; else shown as it is.
    email: Option<Field>,
    address: String,
    /// Not asked for at a reset.
    name: Option<Field>,
    password: Field,
}

impl Page for NewPasswordPage {
    const TEMPLATE: &'static str = "accounts/new_password.html";
}

/// Which of the three links it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Setup,
    Reset,
    Invitation,
}

impl Link {
    fn heading(self) -> &'static str {
        match self {
            Self::Setup => "accounts-setup",
            Self::Reset => "accounts-new-password",
            Self::Invitation => "accounts-invitation",
        }
    }

    fn button(self) -> &'static str {
        match self {
            Self::Setup => "accounts-setup-button",
            Self::Reset => "accounts-new-password-button",
            Self::Invitation => "accounts-invitation-button",
        }
    }
}

fn show(visit: &Visit, link: Link, address: &str, form: &FormData, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let context = PageContext::new(visit, INTERFACE_LANGUAGES, "").titled(visit, link.heading());
    let view = FormView::new(visit, &context, form, errors);
    let words = |key: &str| visit.app.texts.text(context.lang, key, &[]);
    let page = NewPasswordPage {
        heading: words(link.heading()),
        help: words(&format!("{}-help", link.heading())),
        button: words(link.button()),
        errors: view.summary(),
        email: (link == Link::Setup).then(|| view.field("email")),
        address: address.to_owned(),
        name: (link != Link::Reset).then(|| view.field("name")),
        password: view.secret("password"),
    };
    visit.show_with_status(status, &context, &page)
}

fn finish(
    request: &HttpRequest,
    visit: &Visit,
    (link, address): (Link, &str),
    form: &FormData,
    outcome: Result<Granted, AccountError>,
) -> PageResult {
    match outcome {
        Ok(granted) => Ok(admit(request, visit, &granted, "/organizer")),
        Err(error) => show(visit, link, address, form, &field_errors(error)?),
    }
}

/// `GET /setup/{token}`.
pub(super) async fn show_setup(visit: Visit, token: Path<String>) -> PageResult {
    if !operations::is_setup_link(&visit.app, &Token::received(token.into_inner())).await? {
        return Err(AccountError::LinkGone.into());
    }
    show(&visit, Link::Setup, "", &FormData::default(), &FieldErrors::default())
}

/// `POST /setup/{token}`: makes the first administrator.
pub(super) async fn set_up(
    request: HttpRequest,
    visit: Visit,
    client: Client,
    token: Path<String>,
    form: FormData,
) -> PageResult {
    let mut checker = Checker::new(&form);
    let (address, name) = (checker.email("email"), checker.required_line("name"));
    let address = match (checker.finish(()), address) {
        (Ok(()), Some(address)) => address,
        (outcome, _) => return show(&visit, Link::Setup, "", &form, &outcome.err().unwrap_or_default()),
    };
    let token = Token::received(token.into_inner());
    let new = NewPassword { name, password: form.text("password").to_owned().into() };
    let made =
        operations::make_first_administrator(&visit.app, &client, &token, &address, new, visit.interface_language())
            .await;
    finish(&request, &visit, (Link::Setup, ""), &form, made)
}

#[derive(Serialize)]
struct ResetRequestPage {
    errors: Vec<ErrorLine>,
    email: Field,
    /// Whether the form was sent; the page then says the same for every address.
    sent: bool,
    hours: i64,
}

impl Page for ResetRequestPage {
    const TEMPLATE: &'static str = "accounts/reset.html";
}

fn show_request(visit: &Visit, form: &FormData, errors: &FieldErrors, sent: bool) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let context = PageContext::new(visit, INTERFACE_LANGUAGES, "").titled(visit, "accounts-reset-title");
    let view = FormView::new(visit, &context, form, errors);
    let page = ResetRequestPage { errors: view.summary(), email: view.field("email"), sent, hours: RESET_HOURS };
    visit.show_with_status(status, &context, &page)
}

/// `GET /reset`, and with `?sent` the page after asking.
pub(super) async fn show_reset_request(visit: Visit) -> PageResult {
    let sent = visit.param("sent").is_some();
    show_request(&visit, &FormData::default(), &FieldErrors::default(), sent)
}

/// `POST /reset`: answers the same whether or not there is an account.
pub(super) async fn request_reset(visit: Visit, client: Client, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let address = checker.email("email");
    let address = match (checker.finish(()), address) {
        (Ok(()), Some(address)) => address,
        (outcome, _) => return show_request(&visit, &form, &outcome.err().unwrap_or_default(), false),
    };
    operations::request_reset(&visit.app, &client, &address, visit.interface_language()).await?;
    Ok(respond::see_other("/reset?sent"))
}

/// `GET /reset/{token}`.
pub(super) async fn show_reset(visit: Visit, token: Path<String>) -> PageResult {
    let user = operations::reset_user(&visit.app, &Token::received(token.into_inner())).await?;
    show(&visit, Link::Reset, &user.email, &FormData::default(), &FieldErrors::default())
}

/// `POST /reset/{token}`: sets the new password and signs in.
pub(super) async fn reset(
    request: HttpRequest,
    visit: Visit,
    client: Client,
    token: Path<String>,
    form: FormData,
) -> PageResult {
    let token = Token::received(token.into_inner());
    let user = operations::reset_user(&visit.app, &token).await?;
    let new = NewPassword { name: user.name, password: form.text("password").to_owned().into() };
    let outcome = operations::reset_password(&visit.app, &client, &token, new).await;
    finish(&request, &visit, (Link::Reset, &user.email), &form, outcome)
}

/// `GET /invitation/{token}`.
pub(super) async fn show_invitation(visit: Visit, token: Path<String>) -> PageResult {
    let user = operations::invited_user(&visit.app, &Token::received(token.into_inner())).await?;
    let form = FormData::from_fields([("name", user.name.as_str())]);
    show(&visit, Link::Invitation, &user.email, &form, &FieldErrors::default())
}

/// `POST /invitation/{token}`: sets name and password and signs in.
pub(super) async fn accept_invitation(
    request: HttpRequest,
    visit: Visit,
    client: Client,
    token: Path<String>,
    form: FormData,
) -> PageResult {
    let token = Token::received(token.into_inner());
    let user = operations::invited_user(&visit.app, &token).await?;
    let mut checker = Checker::new(&form);
    let name = checker.required_line("name");
    if let Err(errors) = checker.finish(()) {
        return show(&visit, Link::Invitation, &user.email, &form, &errors);
    }
    let new = NewPassword { name, password: form.text("password").to_owned().into() };
    let outcome = operations::accept_invitation(&visit.app, &client, &token, new, visit.interface_language()).await;
    finish(&request, &visit, (Link::Invitation, &user.email), &form, outcome)
}
