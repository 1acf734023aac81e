//! What private links of accounts do: set-up, password reset, invitation.

use super::profile::NewPassword;
use super::sign_in::Grant;
use super::{AccountError, Client, Granted};
use crate::accounts::mails;
use crate::accounts::model::{LinkPurpose, RESET_HOURS, User};
use crate::accounts::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{UserId, UtcTime};
use crate::i18n::Lang;
use crate::mail;
use crate::mail::address::EmailAddress;
use crate::web::Token;
use chrono::TimeDelta;

/// How long a set-up link works: until the evening of the day on which the program was installed.
const SETUP_LIFE: TimeDelta = TimeDelta::hours(24);

/// The address of a new link that makes the first administrator; none when there are accounts.
/// Each start prints its own, and all of them die when one was used.
///
/// # Errors
/// When the database refuses.
pub async fn setup_link(app: &App) -> Result<Option<String>, AccountError> {
    let token = Token::new();
    let hash = token.hash();
    let is_new = app
        .write(move |db, now| {
            if store::has_users(db)? {
                return Ok::<_, AccountError>(false);
            }
            store::insert_link(db, LinkPurpose::Setup, None, &hash, (now, now + SETUP_LIFE))?;
            Ok(true)
        })
        .await?;
    Ok(is_new.then(|| format!("{}/setup/{}", app.settings.http.public_url, token.reveal())))
}

/// Whether a set-up link still works.
///
/// # Errors
/// When the database does not answer.
pub async fn is_setup_link(app: &App, token: &Token) -> Result<bool, AccountError> {
    let (hash, now) = (token.hash(), app.clock.now());
    app.read(move |db| Ok(store::link(db, LinkPurpose::Setup, &hash, now)?.is_some() && !store::has_users(db)?)).await
}

/// A new account of this person.
pub(super) fn new_user(now: UtcTime, address: &EmailAddress, name: &str, language: Lang) -> User {
    User {
        id: UserId::new(),
        email: address.as_str().to_owned(),
        email_key: address.key(),
        name: name.to_owned(),
        password_hash: None,
        is_admin: false,
        language,
        created_at: now,
        updated_at: now,
        disabled_at: None,
    }
}

/// Makes the first administrator and signs them in.
///
/// # Errors
/// When the link does not work any more or the password is weak.
pub async fn make_first_administrator(
    app: &App,
    client: &Client,
    token: &Token,
    address: &EmailAddress,
    new: NewPassword,
    language: Lang,
) -> Result<Granted, AccountError> {
    if !is_setup_link(app, token).await? {
        return Err(AccountError::LinkGone);
    }
    let mut user = new_user(app.clock.now(), address, &new.name, language);
    user.password_hash = Some(new.hash(app, address.as_str()).await?);
    user.is_admin = true;
    let (hash, grant) = (token.hash(), Grant::new(app, client, &user)?);
    let opening = grant.opening.clone();
    let user = app
        .write(move |db, now| {
            store::use_link(db, LinkPurpose::Setup, &hash, now)?.ok_or(AccountError::LinkGone)?;
            if store::has_users(db)? {
                return Err(AccountError::LinkGone);
            }
            store::insert_user(db, &user)?;
            store::delete_setup_links(db)?;
            let actor = Actor::User(user.id);
            audit::note(db, now, &Entry::new(None, actor, "account.set-up", "user", user.id.as_str()))?;
            opening.open(db, now, &user)?;
            Ok::<_, AccountError>(user.clone())
        })
        .await?;
    Ok(grant.granted(user))
}

/// Queues a mail with a link to set a new password, if the address has an account that may sign
/// in. The caller learns nothing either way, not even by the time taken: one mail is rendered and
/// one transaction committed in both cases.
///
/// # Errors
/// When too many were asked for, or the database refuses.
pub async fn request_reset(app: &App, client: &Client, address: &EmailAddress, lang: Lang) -> Result<(), AccountError> {
    client.count_attempt(app, &format!("reset:{}", address.key()))?;
    let key = address.key();
    let found = app.read(move |db| Ok::<_, AccountError>(store::user_by_email(db, &key)?)).await?;
    let found = found.filter(|user| user.disabled_at.is_none());
    let is_known = found.is_some();
    let user = found.unwrap_or_else(|| new_user(app.clock.now(), address, "", lang));
    let token = Token::new();
    let (hash, message) = (token.hash(), mails::password_reset(app, &user, &token)?);
    app.write(move |db, now| {
        if is_known {
            store::insert_link(
                db,
                LinkPurpose::Reset,
                Some(user.id),
                &hash,
                (now, now + TimeDelta::hours(RESET_HOURS)),
            )?;
            mail::operations::queue(db, now, &message)?;
        }
        let subject = if is_known { user.id.as_str() } else { "" };
        Ok(audit::note(db, now, &Entry::new(None, Actor::Visitor, "account.reset-requested", "user", subject))?)
    })
    .await
}

/// The account that a reset link belongs to.
///
/// # Errors
/// When the link does not work any more.
pub async fn reset_user(app: &App, token: &Token) -> Result<User, AccountError> {
    user_of_link(app, LinkPurpose::Reset, token).await
}

/// The account that an invitation belongs to.
///
/// # Errors
/// When the link does not work any more.
pub async fn invited_user(app: &App, token: &Token) -> Result<User, AccountError> {
    user_of_link(app, LinkPurpose::Invitation, token).await
}

async fn user_of_link(app: &App, purpose: LinkPurpose, token: &Token) -> Result<User, AccountError> {
    let (hash, now) = (token.hash(), app.clock.now());
    app.read(move |db| {
        let owner = store::link(db, purpose, &hash, now)?.flatten().ok_or(AccountError::LinkGone)?;
        store::user(db, owner)?.filter(|user| user.disabled_at.is_none()).ok_or(AccountError::LinkGone)
    })
    .await
}

/// Sets a new password by a reset link, ends every sign-in of the account, and signs in.
///
/// # Errors
/// When the link does not work any more or the password is weak.
pub async fn reset_password(
    app: &App,
    client: &Client,
    token: &Token,
    new: NewPassword,
) -> Result<Granted, AccountError> {
    let user = reset_user(app, token).await?;
    let lang = user.language;
    set_by_link(app, client, (LinkPurpose::Reset, token), user, new, (lang, "account.password-reset")).await
}

/// Accepts an invitation: name, password, language; and signs in.
///
/// # Errors
/// When the link does not work any more or the password is weak.
pub async fn accept_invitation(
    app: &App,
    client: &Client,
    token: &Token,
    new: NewPassword,
    language: Lang,
) -> Result<Granted, AccountError> {
    let user = invited_user(app, token).await?;
    let way = (language, "account.invitation-accepted");
    set_by_link(app, client, (LinkPurpose::Invitation, token), user, new, way).await
}

async fn set_by_link(
    app: &App,
    client: &Client,
    (purpose, token): (LinkPurpose, &Token),
    mut user: User,
    new: NewPassword,
    (language, action): (Lang, &'static str),
) -> Result<Granted, AccountError> {
    let kept = new.hash(app, &user.email).await?;
    user.name = new.name;
    user.language = language;
    let (hash, grant) = (token.hash(), Grant::new(app, client, &user)?);
    let opening = grant.opening.clone();
    let user = app
        .write(move |db, now| {
            store::use_link(db, purpose, &hash, now)?.ok_or(AccountError::LinkGone)?;
            store::set_profile(db, now, user.id, &user.name, user.language)?;
            store::set_password(db, now, user.id, &kept)?;
            store::delete_links(db, LinkPurpose::Reset, user.id)?;
            store::delete_links(db, LinkPurpose::Invitation, user.id)?;
            store::delete_sessions(db, user.id, None)?;
            audit::note(db, now, &Entry::new(None, Actor::User(user.id), action, "user", user.id.as_str()))?;
            opening.open(db, now, &user)?;
            Ok::<_, AccountError>(user.clone())
        })
        .await?;
    Ok(grant.granted(user))
}
