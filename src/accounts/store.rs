//! The tables `users`, `user_sessions`, `user_links`, `memberships` and `membership_forums`.

use super::model::{AccountLine, LinkPurpose, Roles, SignIn, TeamMember, TeamRole, User};
use crate::db::schema::{forums, membership_forums, memberships, user_links, user_sessions, users};
use crate::db::{DbConnection, EventId, ForumId, LinkId, MembershipId, UserId, UserSessionId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::web::TokenHash;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// The enabled account of an unexpired sign-in, the sign-in, and when it was last seen.
pub(super) fn user_of_session(
    db: &mut DbConnection,
    token: &TokenHash,
    now: UtcTime,
) -> QueryResult<Option<(User, UserSessionId, UtcTime)>> {
    user_sessions::table
        .inner_join(users::table)
        .filter(user_sessions::token_hash.eq(token))
        .filter(user_sessions::expires_at.gt(now))
        .filter(users::disabled_at.is_null())
        .select((User::as_select(), user_sessions::id, user_sessions::seen_at))
        .first(db)
        .optional()
}

/// What an account may do at an event.
pub(super) fn roles(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<Roles> {
    let held: Vec<TeamRole> = memberships::table
        .filter(memberships::event_id.eq(event))
        .filter(memberships::user_id.eq(user))
        .order(memberships::role)
        .select(memberships::role)
        .load(db)?;
    let forums: Vec<ForumId> = membership_forums::table
        .inner_join(memberships::table)
        .filter(memberships::event_id.eq(event))
        .filter(memberships::user_id.eq(user))
        .select(membership_forums::forum_id)
        .distinct()
        .load(db)?;
    Ok(Roles { event: Some(event), held, forums })
}

/// Deletes sign-ins and links whose time is over.
pub(super) fn delete_expired(db: &mut DbConnection, now: UtcTime) -> QueryResult<usize> {
    let sessions = diesel::delete(user_sessions::table.filter(user_sessions::expires_at.lt(now))).execute(db)?;
    let links = diesel::delete(user_links::table.filter(user_links::expires_at.lt(now))).execute(db)?;
    Ok(sessions + links)
}

/// The account of an id.
pub(super) fn user(db: &mut DbConnection, id: UserId) -> QueryResult<Option<User>> {
    users::table.find(id).select(User::as_select()).first(db).optional()
}

/// The account of an address.
pub(super) fn user_by_email(db: &mut DbConnection, key: &str) -> QueryResult<Option<User>> {
    users::table.filter(users::email_key.eq(key)).select(User::as_select()).first(db).optional()
}

/// Whether there is any account.
pub(super) fn has_users(db: &mut DbConnection) -> QueryResult<bool> {
    users::table.select(users::id).first::<UserId>(db).optional().map(|found| found.is_some())
}

/// Adds an account.
pub(super) fn insert_user(db: &mut DbConnection, user: &User) -> QueryResult<()> {
    diesel::insert_into(users::table).values(user).execute(db).map(drop)
}

/// Sets an account's name and language.
pub(super) fn set_profile(
    db: &mut DbConnection,
    now: UtcTime,
    id: UserId,
    name: &str,
    language: Lang,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::name.eq(name), users::language.eq(language), users::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Sets an account's password.
pub(super) fn set_password(db: &mut DbConnection, now: UtcTime, id: UserId, hash: &str) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::password_hash.eq(hash), users::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Opens or closes an account.
pub(super) fn set_disabled(
    db: &mut DbConnection,
    now: UtcTime,
    id: UserId,
    disabled_at: Option<UtcTime>,
) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::disabled_at.eq(disabled_at), users::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Makes an account an administrator or takes that away.
pub(super) fn set_admin(db: &mut DbConnection, now: UtcTime, id: UserId, is_admin: bool) -> QueryResult<()> {
    diesel::update(users::table.find(id))
        .set((users::is_admin.eq(is_admin), users::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}

/// Administrators that can sign in, besides `id`.
pub(super) fn other_administrators(db: &mut DbConnection, id: UserId) -> QueryResult<i64> {
    users::table
        .filter(users::is_admin.eq(true))
        .filter(users::disabled_at.is_null())
        .filter(users::password_hash.is_not_null())
        .filter(users::id.ne(id))
        .count()
        .get_result(db)
}

/// Every account with its number of events and when it was last seen, by name.
pub(super) fn accounts(db: &mut DbConnection) -> QueryResult<Vec<AccountLine>> {
    let all: Vec<User> = users::table.order((users::name, users::email_key)).select(User::as_select()).load(db)?;
    let seen: BTreeMap<UserId, Option<UtcTime>> = user_sessions::table
        .group_by(user_sessions::user_id)
        .select((user_sessions::user_id, diesel::dsl::max(user_sessions::seen_at)))
        .load::<(UserId, Option<UtcTime>)>(db)?
        .into_iter()
        .collect();
    let mut events: BTreeMap<UserId, std::collections::BTreeSet<EventId>> = BTreeMap::new();
    for (user, event) in
        memberships::table.select((memberships::user_id, memberships::event_id)).load::<(UserId, EventId)>(db)?
    {
        events.entry(user).or_default().insert(event);
    }
    Ok(all
        .into_iter()
        .map(|user| AccountLine {
            seen_at: seen.get(&user.id).copied().flatten(),
            events: events.get(&user.id).map_or(0, std::collections::BTreeSet::len),
            user,
        })
        .collect())
}

/// Adds a sign-in.
pub(super) fn insert_session(
    db: &mut DbConnection,
    user: UserId,
    token: &TokenHash,
    sign_in: &SignIn,
) -> QueryResult<()> {
    diesel::insert_into(user_sessions::table)
        .values((
            user_sessions::id.eq(sign_in.id),
            user_sessions::token_hash.eq(token),
            user_sessions::user_id.eq(user),
            user_sessions::device.eq(&sign_in.device),
            user_sessions::address.eq(&sign_in.address),
            user_sessions::created_at.eq(sign_in.created_at),
            user_sessions::seen_at.eq(sign_in.seen_at),
            user_sessions::expires_at.eq(sign_in.expires_at),
        ))
        .execute(db)
        .map(drop)
}

/// The sign-ins of an account that still hold, the last seen first.
pub(super) fn sessions(db: &mut DbConnection, user: UserId, now: UtcTime) -> QueryResult<Vec<SignIn>> {
    user_sessions::table
        .filter(user_sessions::user_id.eq(user))
        .filter(user_sessions::expires_at.gt(now))
        .order((user_sessions::seen_at.desc(), user_sessions::id.desc()))
        .select(SignIn::as_select())
        .load(db)
}

/// Notes that a sign-in is in use.
pub(super) fn mark_seen(db: &mut DbConnection, session: UserSessionId, now: UtcTime) -> QueryResult<()> {
    diesel::update(user_sessions::table.find(session)).set(user_sessions::seen_at.eq(now)).execute(db).map(drop)
}

/// Ends the sign-in of a token.
pub(super) fn delete_session_of_token(db: &mut DbConnection, token: &TokenHash) -> QueryResult<Option<UserId>> {
    diesel::delete(user_sessions::table.filter(user_sessions::token_hash.eq(token)))
        .returning(user_sessions::user_id)
        .get_result(db)
        .optional()
}

/// Ends one sign-in of an account; returns whether there was such a one.
pub(super) fn delete_session(db: &mut DbConnection, user: UserId, session: UserSessionId) -> QueryResult<bool> {
    let own = user_sessions::table.find(session).filter(user_sessions::user_id.eq(user));
    Ok(diesel::delete(own).execute(db)? == 1)
}

/// Ends every sign-in of an account but `kept`.
pub(super) fn delete_sessions(db: &mut DbConnection, user: UserId, kept: Option<UserSessionId>) -> QueryResult<usize> {
    let all = user_sessions::table.filter(user_sessions::user_id.eq(user));
    match kept {
        Some(kept) => diesel::delete(all.filter(user_sessions::id.ne(kept))).execute(db),
        None => diesel::delete(all).execute(db),
    }
}

/// Adds a private link.
pub(super) fn insert_link(
    db: &mut DbConnection,
    purpose: LinkPurpose,
    user: Option<UserId>,
    token: &TokenHash,
    (created_at, expires_at): (UtcTime, UtcTime),
) -> QueryResult<()> {
    diesel::insert_into(user_links::table)
        .values((
            user_links::id.eq(LinkId::new()),
            user_links::token_hash.eq(token),
            user_links::purpose.eq(purpose),
            user_links::user_id.eq(user),
            user_links::created_at.eq(created_at),
            user_links::expires_at.eq(expires_at),
        ))
        .execute(db)
        .map(drop)
}

/// Whose link this is, if it still works; the inner value is none for a link of nobody yet.
pub(super) fn link(
    db: &mut DbConnection,
    purpose: LinkPurpose,
    token: &TokenHash,
    now: UtcTime,
) -> QueryResult<Option<Option<UserId>>> {
    user_links::table
        .filter(user_links::token_hash.eq(token))
        .filter(user_links::purpose.eq(purpose))
        .filter(user_links::expires_at.gt(now))
        .filter(user_links::used_at.is_null())
        .select(user_links::user_id)
        .first(db)
        .optional()
}

/// Uses a link up. Only one of two posts at the same time hears that it did.
pub(super) fn use_link(
    db: &mut DbConnection,
    purpose: LinkPurpose,
    token: &TokenHash,
    now: UtcTime,
) -> QueryResult<Option<Option<UserId>>> {
    let working = user_links::table
        .filter(user_links::token_hash.eq(token))
        .filter(user_links::purpose.eq(purpose))
        .filter(user_links::expires_at.gt(now))
        .filter(user_links::used_at.is_null());
    diesel::update(working).set(user_links::used_at.eq(now)).returning(user_links::user_id).get_result(db).optional()
}

/// Deletes the unused links of an account for one purpose.
pub(super) fn delete_links(db: &mut DbConnection, purpose: LinkPurpose, user: UserId) -> QueryResult<()> {
    let open = user_links::table
        .filter(user_links::user_id.eq(user))
        .filter(user_links::purpose.eq(purpose))
        .filter(user_links::used_at.is_null());
    diesel::delete(open).execute(db).map(drop)
}

/// Deletes every set-up link: the first administrator is there.
pub(super) fn delete_setup_links(db: &mut DbConnection) -> QueryResult<()> {
    diesel::delete(user_links::table.filter(user_links::purpose.eq(LinkPurpose::Setup))).execute(db).map(drop)
}

/// The team of an event, by name.
pub(super) fn team(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<TeamMember>> {
    let rows: Vec<(User, TeamRole)> = memberships::table
        .inner_join(users::table)
        .filter(memberships::event_id.eq(event))
        .order((users::name, users::email_key, memberships::role))
        .select((User::as_select(), memberships::role))
        .load(db)?;
    let forums: Vec<(UserId, ForumId)> = membership_forums::table
        .inner_join(memberships::table)
        .filter(memberships::event_id.eq(event))
        .select((memberships::user_id, membership_forums::forum_id))
        .load(db)?;
    let mut members: Vec<TeamMember> = Vec::new();
    for (user, role) in rows {
        match members.last_mut() {
            Some(last) if last.user.id == user.id => last.roles.push(role),
            _ => {
                let own = forums.iter().filter(|(owner, _)| *owner == user.id).map(|(_, forum)| *forum).collect();
                members.push(TeamMember { user, roles: vec![role], forums: own });
            }
        }
    }
    Ok(members)
}

/// Puts the roles of an account at an event in the place of those it had.
pub(super) fn set_roles(
    db: &mut DbConnection,
    now: UtcTime,
    (event, user): (EventId, UserId),
    roles: &[TeamRole],
    forums: &[ForumId],
) -> QueryResult<()> {
    let old = memberships::table.filter(memberships::event_id.eq(event)).filter(memberships::user_id.eq(user));
    diesel::delete(old).execute(db)?;
    for role in roles {
        let id = MembershipId::new();
        diesel::insert_into(memberships::table)
            .values((
                memberships::id.eq(id),
                memberships::event_id.eq(event),
                memberships::user_id.eq(user),
                memberships::role.eq(*role),
                memberships::created_at.eq(now),
            ))
            .execute(db)?;
        if !matches!(role, TeamRole::ForumOrganizer | TeamRole::Reviewer) {
            continue;
        }
        for forum in forums {
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(id), membership_forums::forum_id.eq(*forum)))
                .execute(db)?;
        }
    }
    Ok(())
}

/// Organizers of an event that can sign in, besides `user`.
pub(super) fn other_organizers(db: &mut DbConnection, event: EventId, user: UserId) -> QueryResult<i64> {
    memberships::table
        .inner_join(users::table)
        .filter(memberships::event_id.eq(event))
        .filter(memberships::role.eq(TeamRole::Organizer))
        .filter(memberships::user_id.ne(user))
        .filter(users::disabled_at.is_null())
        .count()
        .get_result(db)
}

/// The events at which an account has a role.
pub(super) fn event_ids_of(db: &mut DbConnection, user: UserId) -> QueryResult<Vec<EventId>> {
    memberships::table.filter(memberships::user_id.eq(user)).select(memberships::event_id).distinct().load(db)
}

/// The forums that a membership can be for, in their order.
pub(super) fn forum_names(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(ForumId, Localized)>> {
    forums::table
        .filter(forums::event_id.eq(event))
        .order((forums::position, forums::code))
        .select((forums::id, forums::name))
        .load(db)
}
