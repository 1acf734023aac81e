//! Use cases of accounts.

mod administration;
mod links;
mod profile;
mod sign_in;
mod team;

pub use administration::{accounts, create_user, invite_account, set_admin, set_disabled};
pub use links::{
    accept_invitation, invited_user, is_setup_link, make_first_administrator, request_reset, reset_password,
    reset_user, setup_link,
};
pub use profile::{NewPassword, change_password, change_profile, end_other_sign_ins, end_sign_in, sign_ins};
pub use sign_in::{Client, Granted, sign_in, sign_out};
pub use team::{Invitation, forum_names, invite, invite_again, set_member_roles, team};

use super::model::{Permission, Roles, User};
use super::passwords::{HashingError, WeakPassword};
use super::store;
use crate::app::App;
use crate::db::{DbConnection, DbError, EventId, ForumId, UserId, UserSessionId};
use crate::db_failure;
use crate::events::model::Event;
use crate::web::{Failure, Token};
use chrono::TimeDelta;
use diesel::QueryResult;
use std::collections::BTreeSet;

/// Why an account was not signed in, made or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Address and password don't belong together, or there is no such account.
    #[error("address and password don't belong together")]
    Wrong,
    /// Too many attempts; seconds until the next may come.
    #[error("too many attempts; try again in {0} seconds")]
    TooMany(u64),
    /// The private link was used, ran out or never was.
    #[error("this link does not work any more")]
    LinkGone,
    /// Another account has this address.
    #[error("there is an account with this address already")]
    EmailTaken,
    /// The account may not sign in.
    #[error("this account is closed")]
    Disabled,
    /// Not an address.
    #[error("not a mail address such as name@example.org")]
    InvalidEmail,
    /// No name.
    #[error("the account needs a name of at most 200 characters")]
    NoName,
    /// The password is not good enough.
    #[error(transparent)]
    Weak(#[from] WeakPassword),
    /// A team member without any role is no team member.
    #[error("choose a role at least")]
    NoRole,
    /// The event would have nobody left who can manage it.
    #[error("the event needs an organizer")]
    LastOrganizer,
    /// The installation would have no administrator left.
    #[error("the installation needs an administrator")]
    LastAdministrator,
    /// There is no such account, sign-in or member.
    #[error("there is no such account")]
    NotFound,
    /// Too many passwords wait to be checked.
    #[error("too much is waiting; try again in a moment")]
    Busy,
    /// The database.
    #[error(transparent)]
    Db(DbError),
    /// Nobody foresaw it.
    #[error("{0:#}")]
    Unexpected(anyhow::Error),
}

db_failure!(AccountError);

impl From<anyhow::Error> for AccountError {
    fn from(cause: anyhow::Error) -> Self {
        Self::Unexpected(cause)
    }
}

impl From<HashingError> for AccountError {
    fn from(error: HashingError) -> Self {
        match error {
            HashingError::Busy => Self::Busy,
            HashingError::Failed(_) => Self::Unexpected(error.into()),
        }
    }
}

/// How exactly `seen_at` is kept: a write for every request would cost more than it tells.
const SEEN_STEP: TimeDelta = TimeDelta::minutes(5);

/// The account that this sign-in's token belongs to, if it is still good.
///
/// # Errors
/// When the database does not answer.
pub async fn signed_in_user(app: &App, token: &Token) -> Result<Option<(User, UserSessionId)>, Failure> {
    let (hash, now) = (token.hash(), app.clock.now());
    let found = app.read(move |db| Ok::<_, Failure>(store::user_of_session(db, &hash, now)?)).await?;
    let Some((user, session, seen_at)) = found else { return Ok(None) };
    if now - seen_at >= SEEN_STEP {
        let marked = app.write(move |db, now| Ok::<_, DbError>(store::mark_seen(db, session, now)?)).await;
        if let Err(error) = marked {
            // Only the list of sign-ins is a little older for it; the request goes on.
            tracing::warn!(%error, "can't note that a sign-in is in use");
        }
    }
    Ok(Some((user, session)))
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

/// What of an event's programme an account may change, for a decision inside a transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgrammeRights {
    all: bool,
    forums: Vec<ForumId>,
}

impl ProgrammeRights {
    /// Everything, as the program itself may.
    #[must_use]
    pub const fn all() -> Self {
        Self { all: true, forums: Vec::new() }
    }

    /// Whether sessions of every forum may be changed.
    #[must_use]
    pub const fn is_for_all(&self) -> bool {
        self.all
    }

    /// Whether what belongs to `forum` may be changed.
    #[must_use]
    pub fn may_edit_forum(&self, forum: Option<ForumId>) -> bool {
        self.all || forum.is_some_and(|forum| self.forums.contains(&forum))
    }
}

/// What of an event's programme an account may change now.
///
/// # Errors
/// When the database refuses.
pub fn programme_rights(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<ProgrammeRights> {
    let is_admin = store::user(db, user)?.is_some_and(|user| user.is_admin);
    let roles = store::roles(db, event, user)?;
    let forums = if roles.allow(Permission::EditProgramme) { roles.forums.clone() } else { Vec::new() };
    Ok(ProgrammeRights { all: is_admin || roles.allow(Permission::ManageEvent), forums })
}

/// The events that an account works for, the newest first: all of them for an administrator.
///
/// # Errors
/// When the database refuses.
pub fn events_of(db: &mut DbConnection, user: &User) -> QueryResult<Vec<Event>> {
    let mut events = crate::events::operations::list(db)?;
    if !user.is_admin {
        let own: BTreeSet<_> = store::event_ids_of(db, user.id)?.into_iter().collect();
        events.retain(|event| own.contains(&event.id));
    }
    Ok(events)
}
