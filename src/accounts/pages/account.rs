//! `/account`: one's own name, language, password and sign-ins.

use super::field_errors;
use crate::accounts::access::{SignedIn, team_context};
use crate::accounts::model::SignIn;
use crate::accounts::operations::{self, AccountError, Client};
use crate::db::UserSessionId;
use crate::i18n::{INTERFACE_LANGUAGES, Lang};
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct AccountPage {
    errors: Vec<ErrorLine>,
    address: String,
    name: Field,
    language: Field,
    languages: Vec<Choice>,
    present: Field,
    password: Field,
    sign_ins: Vec<SignInLine>,
    has_others: bool,
}

impl Page for AccountPage {
    const TEMPLATE: &'static str = "accounts/account.html";
}

#[derive(Serialize)]
struct SignInLine {
    device: String,
    address: String,
    since: String,
    seen: String,
    is_current: bool,
    end_url: String,
}

/// `GET /account`.
pub(super) async fn show_account(own: SignedIn) -> PageResult {
    let form = profile_form(&own);
    show(&own, &form, &FieldErrors::default()).await
}

fn profile_form(own: &SignedIn) -> FormData {
    FormData::from_fields([("name", own.user.name.as_str()), ("language", own.user.language.as_str())])
}

async fn show(own: &SignedIn, form: &FormData, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let visit = &own.visit;
    let (user, now) = (own.user.id, visit.app.clock.now());
    let sign_ins = visit.app.read(move |db| Ok::<_, AccountError>(operations::sign_ins(db, now, user)?)).await?;
    let context = team_context(visit, &own.user).titled(visit, "accounts-account-title");
    let view = FormView::new(visit, &context, form, errors);
    let languages = INTERFACE_LANGUAGES.iter().map(|lang| (lang.to_string(), own_name(&visit.app.texts, *lang)));
    let page = AccountPage {
        errors: view.summary(),
        address: own.user.email.clone(),
        name: view.field("name"),
        language: view.field("language"),
        languages: view.choices("language", languages),
        present: view.secret("present"),
        password: view.secret("password"),
        has_others: sign_ins.len() > 1,
        sign_ins: sign_ins.iter().map(|sign_in| line(own, &context, sign_in)).collect(),
    };
    visit.show_with_status(status, &context, &page)
}

fn line(own: &SignedIn, context: &PageContext, sign_in: &SignIn) -> SignInLine {
    let zone = own.visit.chosen_zone.unwrap_or(chrono_tz::Tz::UTC);
    let (texts, format) = (&own.visit.app.texts, context.formatter());
    let in_words = |at: crate::db::UtcTime| {
        let time = format.date_time(at.in_zone(zone).naive_local());
        texts.text(context.lang, "accounts-time", &[("time", time.into()), ("zone", zone.name().into())])
    };
    let device = match sign_in.device.as_str() {
        "" => texts.text(context.lang, "accounts-unknown-device", &[]),
        known => known.to_owned(),
    };
    SignInLine {
        device,
        address: sign_in.address.clone(),
        since: in_words(sign_in.created_at),
        seen: in_words(sign_in.seen_at),
        is_current: sign_in.id == own.session,
        end_url: format!("/account/sign-ins/{}/end", sign_in.id),
    }
}

/// `POST /account`: name and language.
pub(super) async fn change_profile(own: SignedIn, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let name = checker.required_line("name");
    let language = form.text("language").parse::<Lang>().ok().filter(|lang| INTERFACE_LANGUAGES.contains(lang));
    if language.is_none() {
        checker.wrong("language", Message::new("accounts-language-wrong"));
    }
    let language = match (checker.finish(()), language) {
        (Ok(()), Some(language)) => language,
        (outcome, _) => return show(&own, &form, &outcome.err().unwrap_or_default()).await,
    };
    let user = own.user.id;
    let write = move |db: &mut _, now| operations::change_profile(db, now, user, &name, language);
    own.visit.app.write(write).await?;
    let mut response = respond::see_other_with_notice("/account", "accounts-notice-saved");
    let cookie = respond::language_cookie(language.as_str());
    response.add_cookie(&cookie).map_err(|error| Failure::unexpected(anyhow::anyhow!("{error}")))?;
    Ok(response)
}

/// `POST /account/password`.
pub(super) async fn change_password(own: SignedIn, client: Client, form: FormData) -> PageResult {
    let secret = |name: &str| form.text(name).to_owned().into();
    let who = (own.user.clone(), own.session);
    let changed =
        operations::change_password(&own.visit.app, &client, who, secret("present"), secret("password")).await;
    let errors = match changed {
        Ok(()) => return Ok(respond::see_other_with_notice("/account", "accounts-notice-password-changed")),
        Err(AccountError::Wrong) => {
            let mut errors = FieldErrors::default();
            errors.push("present", Message::new("accounts-present-password-wrong"));
            errors
        }
        Err(error) => field_errors(error)?,
    };
    show(&own, &profile_form(&own), &errors).await
}

/// `POST /account/sign-ins/{sign_in}/end`.
pub(super) async fn end_sign_in(own: SignedIn, sign_in: Path<UserSessionId>) -> PageResult {
    let (user, session) = (own.user.id, sign_in.into_inner());
    own.visit.app.write(move |db, now| operations::end_sign_in(db, now, user, session)).await?;
    Ok(respond::see_other_with_notice("/account", "accounts-notice-sign-in-ended"))
}

/// `POST /account/sign-ins/end-others`.
pub(super) async fn end_other_sign_ins(own: SignedIn) -> PageResult {
    let (user, session) = (own.user.id, own.session);
    own.visit.app.write(move |db, now| operations::end_other_sign_ins(db, now, user, session)).await?;
    Ok(respond::see_other_with_notice("/account", "accounts-notice-sign-ins-ended"))
}
