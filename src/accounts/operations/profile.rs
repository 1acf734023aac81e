//! What people do with their own account.

use super::{AccountError, Client};
use crate::accounts::model::{SignIn, User};
use crate::accounts::passwords::{Checked, check_strength};
use crate::accounts::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, UserId, UserSessionId, UtcTime};
use crate::i18n::Lang;
use diesel::QueryResult;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// A password to be set, with the name that it must not be made from.
#[derive(Clone, Debug)]
pub struct NewPassword {
    /// The person's name.
    pub name: String,
    /// The password as typed.
    pub password: SecretString,
}

impl NewPassword {
    /// Checks how good it is and hashes it.
    ///
    /// # Errors
    /// When it is weak, or too many wait.
    pub(super) async fn hash(&self, app: &App, address: &str) -> Result<String, AccountError> {
        check_strength(self.password.expose_secret(), &[address, &self.name])?;
        Ok(app.passwords.hash(self.password.clone()).await?)
    }
}

/// The sign-ins of an account that hold, the last seen first.
///
/// # Errors
/// When the database refuses.
pub fn sign_ins(db: &mut DbConnection, now: UtcTime, user: UserId) -> QueryResult<Vec<SignIn>> {
    store::sessions(db, user, now)
}

/// Changes one's own name and language.
///
/// # Errors
/// When the database refuses.
pub fn change_profile(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    name: &str,
    language: Lang,
) -> Result<(), AccountError> {
    store::set_profile(db, now, user, name, language)?;
    note(db, now, user, "account.changed", &serde_json::Value::Null)
}

/// Changes one's own password and ends every other sign-in.
///
/// # Errors
/// When the present password is wrong, the new one is weak, or too many were tried.
pub async fn change_password(
    app: &App,
    client: &Client,
    (user, session): (User, UserSessionId),
    present: SecretString,
    password: SecretString,
) -> Result<(), AccountError> {
    client.count_attempt(app, &user.email_key)?;
    let new = NewPassword { name: user.name.clone(), password };
    if app.passwords.check(present, user.password_hash.clone()).await? == Checked::Wrong {
        return Err(AccountError::Wrong);
    }
    let hash = new.hash(app, &user.email).await?;
    app.write(move |db, now| {
        store::set_password(db, now, user.id, &hash)?;
        let ended = store::delete_sessions(db, user.id, Some(session))?;
        note(db, now, user.id, "account.password-changed", &json!({ "sign_ins_ended": ended }))
    })
    .await
}

/// Ends one of one's own sign-ins.
///
/// # Errors
/// When there is none such.
pub fn end_sign_in(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    session: UserSessionId,
) -> Result<(), AccountError> {
    if !store::delete_session(db, user, session)? {
        return Err(AccountError::NotFound);
    }
    note(db, now, user, "account.sign-in-ended", &serde_json::Value::Null)
}

/// Ends all of one's own sign-ins but the one in use.
///
/// # Errors
/// When the database refuses.
pub fn end_other_sign_ins(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    kept: UserSessionId,
) -> Result<(), AccountError> {
    let ended = store::delete_sessions(db, user, Some(kept))?;
    note(db, now, user, "account.sign-ins-ended", &json!({ "sign_ins_ended": ended }))
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    user: UserId,
    action: &'static str,
    detail: &serde_json::Value,
) -> Result<(), AccountError> {
    let entry = Entry::new(None, Actor::User(user), action, "user", user.as_str()).with(detail.clone());
    Ok(audit::note(db, now, &entry)?)
}
