//! The tables `users`, `user_sessions`, `user_links`, `memberships` and `membership_forums`.

use super::model::{Roles, TeamRole, User};
use crate::db::schema::{membership_forums, memberships, user_links, user_sessions, users};
use crate::db::{DbConnection, EventId, ForumId, UserId, UserSessionId, UtcTime};
use crate::web::TokenHash;
use diesel::prelude::*;

/// The enabled account of an unexpired sign-in.
pub(super) fn user_of_session(
    db: &mut DbConnection,
    token: &TokenHash,
    now: UtcTime,
) -> QueryResult<Option<(User, UserSessionId)>> {
    user_sessions::table
        .inner_join(users::table)
        .filter(user_sessions::token_hash.eq(token))
        .filter(user_sessions::expires_at.gt(now))
        .filter(users::disabled_at.is_null())
        .select((User::as_select(), user_sessions::id))
        .first(db)
        .optional()
}

/// What an account may do at an event.
pub(super) fn roles(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<Roles> {
    let held: Vec<TeamRole> = memberships::table
        .filter(memberships::event_id.eq(event))
        .filter(memberships::user_id.eq(user))
        .select(memberships::role)
        .load(db)?;
    let forums: Vec<ForumId> = membership_forums::table
        .inner_join(memberships::table)
        .filter(memberships::event_id.eq(event))
        .filter(memberships::user_id.eq(user))
        .select(membership_forums::forum_id)
        .load(db)?;
    Ok(Roles { event: Some(event), held, forums })
}

/// Deletes sign-ins and links whose time is over.
pub(super) fn delete_expired(db: &mut DbConnection, now: UtcTime) -> QueryResult<usize> {
    let sessions = diesel::delete(user_sessions::table.filter(user_sessions::expires_at.lt(now))).execute(db)?;
    let links = diesel::delete(user_links::table.filter(user_links::expires_at.lt(now))).execute(db)?;
    Ok(sessions + links)
}
