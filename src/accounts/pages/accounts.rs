//! `/organizer/accounts`: all accounts, for administrators.

use super::field_errors;
use crate::accounts::access::{Administrator, SignedIn, team_context};
use crate::accounts::model::AccountLine;
use crate::accounts::operations::{self, AccountError};
use crate::db::UserId;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct AccountsPage {
    accounts: Vec<Line>,
    errors: Vec<ErrorLine>,
    email: Field,
    name: Field,
    is_admin: Field,
    is_admin_ticked: bool,
}

impl Page for AccountsPage {
    const TEMPLATE: &'static str = "accounts/accounts.html";
}

#[derive(Serialize)]
struct Line {
    name: String,
    email: String,
    events: usize,
    seen: String,
    url: String,
    is_self: bool,
    is_admin: bool,
    is_invited: bool,
    is_closed: bool,
}

/// `GET /organizer/accounts`.
pub(super) async fn list_accounts(admin: Administrator) -> PageResult {
    show(&admin.0, &FormData::default(), &FieldErrors::default()).await
}

async fn show(own: &SignedIn, form: &FormData, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let accounts = own.visit.app.read(|db| Ok::<_, AccountError>(operations::accounts(db)?)).await?;
    let context = team_context(&own.visit, &own.user).titled(&own.visit, "accounts-accounts-title");
    let view = FormView::new(&own.visit, &context, form, errors);
    let page = AccountsPage {
        accounts: accounts.iter().map(|account| line(own, &context, account)).collect(),
        errors: view.summary(),
        email: view.field("email"),
        name: view.field("name"),
        is_admin: view.field("is_admin"),
        is_admin_ticked: view.ticked("is_admin"),
    };
    own.visit.show_with_status(status, &context, &page)
}

fn line(own: &SignedIn, context: &PageContext, account: &AccountLine) -> Line {
    let zone = own.visit.chosen_zone.unwrap_or(chrono_tz::Tz::UTC);
    let seen = account.seen_at.map(|at| context.formatter().date(at.in_zone(zone).date_naive()));
    Line {
        name: account.user.name.clone(),
        email: account.user.email.clone(),
        events: account.events,
        seen: seen.unwrap_or_default(),
        url: format!("/organizer/accounts/{}", account.user.id),
        is_self: account.user.id == own.user.id,
        is_admin: account.user.is_admin,
        is_invited: account.user.is_invited(),
        is_closed: account.user.disabled_at.is_some(),
    }
}

/// `POST /organizer/accounts`: makes an account and mails its owner a link.
pub(super) async fn invite_account(admin: Administrator, form: FormData) -> PageResult {
    let own = admin.0;
    let mut checker = Checker::new(&form);
    let (address, name) = (checker.email("email"), checker.required_line("name"));
    let address = match (checker.finish(()), address) {
        (Ok(()), Some(address)) => address,
        (outcome, _) => return show(&own, &form, &outcome.err().unwrap_or_default()).await,
    };
    match operations::invite_account(&own.visit.app, &own.user, address, name, form.is_ticked("is_admin")).await {
        Ok(()) => Ok(respond::see_other_with_notice("/organizer/accounts", "accounts-notice-invited")),
        Err(error) => show(&own, &form, &field_errors(error)?).await,
    }
}

/// `POST /organizer/accounts/{user}`: `action` closes, opens, makes an administrator or takes that
/// away.
pub(super) async fn change_account(admin: Administrator, path: Path<UserId>, form: FormData) -> PageResult {
    let (actor, user) = (admin.0.user.id, path.into_inner());
    let app = &admin.0.visit.app;
    match form.text("action") {
        word @ ("close" | "open") => {
            let is_disabled = word == "close";
            app.write(move |db, now| operations::set_disabled(db, now, actor, user, is_disabled)).await?;
        }
        word @ ("make-administrator" | "end-administrator") => {
            let is_admin = word == "make-administrator";
            app.write(move |db, now| operations::set_admin(db, now, actor, user, is_admin)).await?;
        }
        _ => return Err(Failure::bad_request("error-bad-request")),
    }
    Ok(respond::see_other_with_notice("/organizer/accounts", "accounts-notice-saved"))
}
