//! Sign-in, one's own account, the links in mails, teams and accounts.

mod account;
mod accounts;
mod links;
mod sign_in;
mod team;

use super::access::SESSION_COOKIE;
use super::model::device_of;
use super::operations::{AccountError, Client, Granted};
use crate::app::App;
use crate::web::client::{ClientAddress, is_secure};
use crate::web::visit::LANGUAGE_COOKIE;
use crate::web::{Failure, FieldErrors, Message, RouteTable, Token, Visit, respond};
use actix_web::cookie::time::Duration;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use std::future::{Ready, ready};

/// The routes of this area. `/organizer/accounts` comes before the events' `/organizer/{event}`.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/setup/{token}", links::show_setup);
    routes.post("/setup/{token}", links::set_up);
    routes.get("/login", sign_in::show_sign_in);
    routes.post("/login", sign_in::sign_in);
    routes.post("/logout", sign_in::sign_out);
    routes.get("/reset", links::show_reset_request);
    routes.post("/reset", links::request_reset);
    routes.get("/reset/{token}", links::show_reset);
    routes.post("/reset/{token}", links::reset);
    routes.get("/invitation/{token}", links::show_invitation);
    routes.post("/invitation/{token}", links::accept_invitation);
    routes.get("/account", account::show_account);
    routes.post("/account", account::change_profile);
    routes.post("/account/password", account::change_password);
    routes.post("/account/sign-ins/end-others", account::end_other_sign_ins);
    routes.post("/account/sign-ins/{sign_in}/end", account::end_sign_in);
    routes.get("/organizer/accounts", accounts::list_accounts);
    routes.post("/organizer/accounts", accounts::invite_account);
    routes.post("/organizer/accounts/{user}", accounts::change_account);
    routes.get("/organizer/{event}/team", team::show_team);
    routes.post("/organizer/{event}/team", team::invite);
    routes.get("/organizer/{event}/team/{user}", team::show_member);
    routes.post("/organizer/{event}/team/{user}", team::change_member);
    routes.post("/organizer/{event}/team/{user}/remove", team::remove_member);
    routes.post("/organizer/{event}/team/{user}/invite-again", team::invite_again);
}

/// Cookie that marks a browser which has signed in, so that only new ones cause a warning mail.
const DEVICE_COOKIE: &str = "plenary_device";

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        use AccountError as E;
        match error {
            E::TooMany(seconds) => Self::TooMany(seconds),
            E::LinkGone => Self::gone("accounts-error-link-gone"),
            E::LastOrganizer => Self::conflict("accounts-error-last-organizer"),
            E::LastAdministrator => Self::conflict("accounts-error-last-administrator"),
            E::NotFound => Self::NotFound,
            E::Busy => Self::Busy,
            E::Db(error) => error.into(),
            E::Unexpected(cause) => Self::Unexpected(cause),
            E::Wrong | E::EmailTaken | E::Disabled | E::InvalidEmail | E::NoName | E::Weak(_) | E::NoRole => {
                Self::Told(StatusCode::UNPROCESSABLE_ENTITY, Message::new("error-bad-request"))
            }
        }
    }
}

/// What a person can mend in the form, beside the field that it is about; anything else is a page
/// of its own.
fn field_errors(error: AccountError) -> Result<FieldErrors, Failure> {
    let (field, key) = match &error {
        AccountError::Wrong => ("password", "accounts-sign-in-wrong"),
        AccountError::EmailTaken => ("email", "accounts-email-taken"),
        AccountError::Disabled => ("email", "accounts-account-closed"),
        AccountError::InvalidEmail => ("email", "error-email"),
        AccountError::NoName => ("name", "error-required"),
        AccountError::Weak(weak) => ("password", weak.key()),
        AccountError::NoRole => ("roles", "accounts-role-missing"),
        _ => return Err(error.into()),
    };
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    Ok(errors)
}

impl FromRequest for Client {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let trusted = request.app_data::<web::Data<App>>().map(|app| app.settings.http.trusted_proxies.as_slice());
        let address = ClientAddress::of(request, trusted.unwrap_or_default());
        let agent = request.headers().get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let token = |name| request.cookie(name).map(|cookie| Token::received(cookie.value()));
        ready(Ok(Self {
            limit_key: address.limit_key(),
            address: address.0.to_string(),
            device: device_of(agent),
            session: token(SESSION_COOKIE),
            device_mark: token(DEVICE_COOKIE),
        }))
    }
}

/// Gives the browser what a granted sign-in consists of and sends it on. Its language follows the
/// account's where the visitor has not chosen one.
fn admit(request: &HttpRequest, visit: &Visit, granted: &Granted, next: &str) -> HttpResponse {
    let secure = is_secure(&visit.app);
    let cookie =
        |name, value, days| respond::site_cookie(name, value).secure(secure).max_age(Duration::days(days)).finish();
    let days = visit.app.settings.accounts.session_days;
    let mut response = HttpResponse::SeeOther();
    response.insert_header(("location", next));
    response.insert_header(("cache-control", "no-store"));
    response.cookie(cookie(SESSION_COOKIE, granted.token.reveal(), days));
    response.cookie(cookie(DEVICE_COOKIE, granted.device_mark.reveal(), 365));
    if request.cookie(LANGUAGE_COOKIE).is_none() {
        response.cookie(respond::language_cookie(granted.user.language.as_str()));
    }
    response.finish()
}

/// `next` where it is a path of this site, else the team's start. A browser reads `//host` and
/// `/\host` as another site, so that a mailed sign-in link could lead anywhere.
fn local_path(next: &str) -> &str {
    let is_local = next.starts_with('/')
        && !next[1..].starts_with(['/', '\\'])
        && !next.chars().any(|character| character.is_control() || character == '\\');
    if is_local && next.len() < 2000 { next } else { "/organizer" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_gone_on_to() {
        for own in ["/organizer/summit?x=1", "/", "/account"] {
            assert_eq!(local_path(own), own);
        }
        for foreign in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nx: y", "organizer"] {
            assert_eq!(local_path(foreign), "/organizer", "{foreign:?}");
        }
    }
}
