//! Signing in and out.

use super::AccountError;
use crate::accounts::mails;
use crate::accounts::model::{SignIn, User};
use crate::accounts::passwords::Checked;
use crate::accounts::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UserSessionId, UtcTime};
use crate::mail;
use crate::mail::address::EmailAddress;
use crate::mail::model::NewMessage;
use crate::web::{Token, TokenHash};
use chrono::TimeDelta;
use secrecy::SecretString;
use serde_json::json;
use std::net::IpAddr;

/// Who knocks: what a request tells of the browser.
#[derive(Clone, Debug)]
pub struct Client {
    /// The address that limits count by.
    pub limit_key: IpAddr,
    /// The address as the list of sign-ins shows it.
    pub address: String,
    /// Browser and system in two words.
    pub device: String,
    /// The sign-in that the browser holds already.
    pub session: Option<Token>,
    /// The mark of a browser that has signed in before.
    pub device_mark: Option<Token>,
}

/// A sign-in that was granted: what the browser must keep.
#[derive(Debug)]
pub struct Granted {
    /// The new sign-in's token.
    pub token: Token,
    /// The browser's mark, by which it is known next time.
    pub device_mark: Token,
    /// The account.
    pub user: User,
}

impl Client {
    /// Counts one attempt for this address and for the account that it is about.
    ///
    /// # Errors
    /// When there were too many, with the seconds to wait.
    pub(super) fn count_attempt(&self, app: &App, account: &str) -> Result<(), AccountError> {
        let account: String = account.chars().take(254).collect();
        app.signin_limit
            .take(&format!("address:{}", self.limit_key))
            .and_then(|()| app.signin_limit.take(&format!("account:{account}")))
            .map_err(AccountError::TooMany)
    }
}

/// Signs an account in by address and password.
///
/// Unknown addresses, closed accounts and wrong passwords take the same time and get the same
/// answer.
///
/// # Errors
/// When they don't belong together, or too many attempts were made.
pub async fn sign_in(
    app: &App,
    client: &Client,
    address: &str,
    password: SecretString,
) -> Result<Granted, AccountError> {
    let key = address.parse::<EmailAddress>().map_or_else(|_| address.to_lowercase(), |address| address.key());
    client.count_attempt(app, &key)?;
    let user = app.read(move |db| Ok::<_, AccountError>(store::user_by_email(db, &key)?)).await?;
    let user = user.filter(|user| user.disabled_at.is_none());
    let kept = user.as_ref().and_then(|user| user.password_hash.clone());
    let checked = app.passwords.check(password.clone(), kept).await?;
    let (Some(user), Checked::Right | Checked::Outdated) = (user, checked) else { return Err(AccountError::Wrong) };
    let rehashed = match checked {
        Checked::Outdated => Some(app.passwords.hash(password).await?),
        _ => None,
    };
    let grant = Grant::new(app, client, &user)?;
    let opening = grant.opening.clone();
    let user = app
        .write(move |db, now| {
            // The account may have been closed, or its password changed, while the hash was checked.
            let fresh = store::user(db, user.id)?.filter(|fresh| fresh.disabled_at.is_none());
            let fresh = fresh.filter(|fresh| fresh.password_hash == user.password_hash).ok_or(AccountError::Wrong)?;
            if let Some(hash) = &rehashed {
                store::set_password(db, now, fresh.id, hash)?;
            }
            opening.open(db, now, &fresh)?;
            Ok::<_, AccountError>(fresh)
        })
        .await?;
    Ok(grant.granted(user))
}

/// Ends the sign-in of a token.
///
/// # Errors
/// When the database refuses.
pub async fn sign_out(app: &App, token: &Token) -> Result<(), AccountError> {
    let hash = token.hash();
    app.write(move |db, now| {
        if let Some(user) = store::delete_session_of_token(db, &hash)? {
            audit::note(db, now, &Entry::new(None, Actor::User(user), "account.signed-out", "user", user.as_str()))?;
        }
        Ok(())
    })
    .await
}

/// A sign-in about to be granted: secrets for the browser, and what is written for them.
pub(super) struct Grant {
    token: Token,
    device_mark: Token,
    pub(super) opening: Opening,
}

/// What is written when a sign-in is granted; holds no secret.
#[derive(Clone)]
pub(super) struct Opening {
    token: TokenHash,
    device_mark: TokenHash,
    device: String,
    address: String,
    days: i64,
    old: Option<TokenHash>,
    /// Sent when the browser is new to the account.
    warning: NewMessage,
}

impl Grant {
    /// Prepares a sign-in. The browser always gets a new token, so that one planted before
    /// signing in is worth nothing.
    pub(super) fn new(app: &App, client: &Client, user: &User) -> Result<Self, AccountError> {
        let token = Token::new();
        let device_mark = client.device_mark.clone().unwrap_or_default();
        let opening = Opening {
            token: token.hash(),
            device_mark: device_mark.hash(),
            device: client.device.clone(),
            address: client.address.clone(),
            days: app.settings.accounts.session_days,
            old: client.session.as_ref().map(Token::hash),
            warning: mails::new_sign_in(app, user, &client.device, app.clock.now())?,
        };
        Ok(Self { token, device_mark, opening })
    }

    /// Hands the secrets out, after the writing was committed.
    pub(super) fn granted(self, user: User) -> Granted {
        Granted { token: self.token, device_mark: self.device_mark, user }
    }
}

impl Opening {
    /// Writes the sign-in. The one that the browser held before ends.
    pub(super) fn open(&self, db: &mut DbConnection, now: UtcTime, user: &User) -> Result<(), AccountError> {
        if let Some(old) = &self.old {
            store::delete_session_of_token(db, old)?;
        }
        let sign_in = SignIn {
            id: UserSessionId::new(),
            device: self.device.clone(),
            address: self.address.clone(),
            created_at: now,
            seen_at: now,
            expires_at: now + TimeDelta::days(self.days),
        };
        store::insert_session(db, user.id, &self.token, &sign_in)?;
        let detail = json!({ "device": self.device_mark.as_str() });
        let subject = ("user", user.id.as_str());
        let is_first = !audit::was_noted(db, subject, SIGNED_IN, None)?;
        if !is_first && !audit::was_noted(db, subject, SIGNED_IN, Some(&detail))? {
            mail::operations::queue(db, now, &self.warning)?;
        }
        let entry = Entry::new(None, Actor::User(user.id), SIGNED_IN, "user", user.id.as_str()).with(detail);
        Ok(audit::note(db, now, &entry)?)
    }
}

const SIGNED_IN: &str = "account.signed-in";
