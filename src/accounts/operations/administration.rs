//! What administrators and the command line do with accounts.

use super::links::new_user;
use super::team::InvitationMails;
use super::{AccountError, NewPassword};
use crate::accounts::model::{AccountLine, INVITATION_DAYS, LinkPurpose, User};
use crate::accounts::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UserId, UtcTime};
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::web::Token;
use crate::web::forms::clean_line;
use chrono::TimeDelta;
use diesel::QueryResult;
use serde_json::json;

/// Every account, by name.
///
/// # Errors
/// When the database refuses.
pub fn accounts(db: &mut DbConnection) -> QueryResult<Vec<AccountLine>> {
    store::accounts(db)
}

/// Makes an account at the command line. With a password it can sign in at once; without one, the
/// address of a link to set it comes back.
///
/// # Errors
/// When address, name or password can't be used, or the address has an account.
pub async fn create_user(
    app: &App,
    email: &str,
    name: &str,
    is_admin: bool,
    password: Option<String>,
) -> Result<Option<String>, AccountError> {
    let address: EmailAddress = email.parse().map_err(|_| AccountError::InvalidEmail)?;
    let name = clean_line(name);
    if name.is_empty() || name.chars().count() > crate::web::fields::LINE_LENGTH {
        return Err(AccountError::NoName);
    }
    let mut user = new_user(app.clock.now(), &address, &name, Lang::EN);
    user.is_admin = is_admin;
    if let Some(password) = password {
        let new = NewPassword { name, password: password.into() };
        user.password_hash = Some(new.hash(app, address.as_str()).await?);
    }
    let (token, needs_link) = (Token::new(), user.is_invited());
    let hash = token.hash();
    app.write(move |db, now| {
        add(db, now, Actor::CommandLine, &user)?;
        if needs_link {
            let until = now + TimeDelta::days(INVITATION_DAYS);
            store::insert_link(db, LinkPurpose::Invitation, Some(user.id), &hash, (now, until))?;
        }
        Ok::<_, AccountError>(())
    })
    .await?;
    Ok(needs_link.then(|| format!("{}/invitation/{}", app.settings.http.public_url, token.reveal())))
}

/// Makes an account and sends its owner a link to set name and password.
///
/// # Errors
/// When the address has an account.
pub async fn invite_account(
    app: &App,
    inviter: &User,
    address: EmailAddress,
    name: String,
    is_admin: bool,
) -> Result<(), AccountError> {
    let mut user = new_user(app.clock.now(), &address, &name, inviter.language);
    user.is_admin = is_admin;
    let mails = InvitationMails::new(app, inviter, None, &user)?;
    let actor = Actor::User(inviter.id);
    app.write(move |db, now| {
        add(db, now, actor, &user)?;
        mails.queue(db, now, &user)
    })
    .await
}

fn add(db: &mut DbConnection, now: UtcTime, actor: Actor, user: &User) -> Result<(), AccountError> {
    if store::user_by_email(db, &user.email_key)?.is_some() {
        return Err(AccountError::EmailTaken);
    }
    store::insert_user(db, user)?;
    store::delete_setup_links(db)?;
    let entry = Entry::new(None, actor, "account.created", "user", user.id.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "is_admin": user.is_admin })))?)
}

/// Closes an account and ends its sign-ins, or opens it again.
///
/// # Errors
/// When it is the last administrator's.
pub fn set_disabled(
    db: &mut DbConnection,
    now: UtcTime,
    actor: UserId,
    user: UserId,
    is_disabled: bool,
) -> Result<(), AccountError> {
    let account = store::user(db, user)?.ok_or(AccountError::NotFound)?;
    if is_disabled {
        keeps_administrator(db, &account)?;
        store::delete_sessions(db, user, None)?;
        store::delete_links(db, LinkPurpose::Reset, user)?;
    }
    store::set_disabled(db, now, user, is_disabled.then_some(now))?;
    let action = if is_disabled { "account.closed" } else { "account.opened" };
    Ok(audit::note(db, now, &Entry::new(None, Actor::User(actor), action, "user", user.as_str()))?)
}

/// Makes an account an administrator, or takes that away.
///
/// # Errors
/// When it is the last administrator's.
pub fn set_admin(
    db: &mut DbConnection,
    now: UtcTime,
    actor: UserId,
    user: UserId,
    is_admin: bool,
) -> Result<(), AccountError> {
    let account = store::user(db, user)?.ok_or(AccountError::NotFound)?;
    if !is_admin {
        keeps_administrator(db, &account)?;
    }
    store::set_admin(db, now, user, is_admin)?;
    let entry = Entry::new(None, Actor::User(actor), "account.administrator-set", "user", user.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "is_admin": is_admin })))?)
}

fn keeps_administrator(db: &mut DbConnection, account: &User) -> Result<(), AccountError> {
    if account.is_admin && store::other_administrators(db, account.id)? == 0 {
        return Err(AccountError::LastAdministrator);
    }
    Ok(())
}
