//! Use cases of accounts.

use super::model::{Roles, User};
use super::store;
use crate::app::App;
use crate::db::{UserId, UserSessionId};
use crate::events::model::Event;
use crate::web::{Failure, Token};

/// The account that this sign-in's token belongs to, if it is still good.
///
/// # Errors
/// When the database does not answer.
pub async fn signed_in_user(app: &App, token: &Token) -> Result<Option<(User, UserSessionId)>, Failure> {
    let (hash, now) = (token.hash(), app.clock.now());
    app.read(move |db| Ok(store::user_of_session(db, &hash, now)?)).await
}

/// The event of this slug and what the account may do there.
///
/// # Errors
/// When the database does not answer.
pub async fn event_and_roles(app: &App, slug: &str, user: UserId) -> Result<Option<(Event, Roles)>, Failure> {
    let slug = slug.to_owned();
    app.read(move |db| {
        let Some(event) = crate::events::operations::by_slug(db, &slug)? else { return Ok(None) };
        let roles = store::roles(db, event.id, user)?;
        Ok(Some((event, roles)))
    })
    .await
}
