//! The team of an event.

use super::AccountError;
use super::links::new_user;
use crate::accounts::mails;
use crate::accounts::model::{INVITATION_DAYS, LinkPurpose, TeamMember, TeamRole, User};
use crate::accounts::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, ForumId, UserId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Localized, fallback_language};
use crate::mail;
use crate::mail::address::EmailAddress;
use crate::mail::model::NewMessage;
use crate::web::{Token, TokenHash};
use chrono::TimeDelta;
use diesel::QueryResult;
use serde_json::json;

/// Who is asked into a team, and for what.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The address.
    pub address: EmailAddress,
    /// The person's name, used where there is no account yet.
    pub name: String,
    /// The roles, one at least.
    pub roles: Vec<TeamRole>,
    /// The forums of a forum organizer.
    pub forums: Vec<ForumId>,
}

/// The team of an event, by name.
///
/// # Errors
/// When the database refuses.
pub fn team(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<TeamMember>> {
    store::team(db, event)
}

/// The forums of an event with their names, in their order: what a forum organizer is given.
///
/// # Errors
/// When the database refuses.
pub fn forum_names(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(ForumId, Localized)>> {
    store::forum_names(db, event)
}

/// The two mails that an invitation may become, and the link in the first.
#[derive(Clone)]
pub(super) struct InvitationMails {
    link: TokenHash,
    /// With a link to set name and password.
    to_newcomer: NewMessage,
    /// With a link to the event's team pages.
    to_account: NewMessage,
}

impl InvitationMails {
    pub(super) fn new(app: &App, inviter: &User, event: Option<&Event>, to: &User) -> Result<Self, AccountError> {
        let token = Token::new();
        Ok(Self {
            link: token.hash(),
            to_newcomer: mails::invitation(app, inviter, event, to, Some(&token))?,
            to_account: mails::invitation(app, inviter, event, to, None)?,
        })
    }

    /// Queues the mail that fits the account as it is now.
    pub(super) fn queue(&self, db: &mut DbConnection, now: UtcTime, to: &User) -> Result<(), AccountError> {
        let mut message = self.to_account.clone();
        if to.is_invited() {
            let until = now + TimeDelta::days(INVITATION_DAYS);
            store::insert_link(db, LinkPurpose::Invitation, Some(to.id), &self.link, (now, until))?;
            message = self.to_newcomer.clone();
        }
        message.user = Some(to.id);
        mail::operations::queue(db, now, &message)?;
        Ok(())
    }
}

/// Gives someone roles at an event. An address without account gets one, and a mail with a link to
/// set name and password; an account gets the roles added to those it has, and a mail that says so.
///
/// # Errors
/// When no role is chosen or the account is closed.
pub async fn invite(app: &App, inviter: &User, event: &Event, invitation: Invitation) -> Result<(), AccountError> {
    if invitation.roles.is_empty() {
        return Err(AccountError::NoRole);
    }
    let key = invitation.address.key();
    let known = app.read(move |db| Ok::<_, AccountError>(store::user_by_email(db, &key)?)).await?;
    let newcomer = known.unwrap_or_else(|| {
        let language = fallback_language(event.main_language());
        new_user(app.clock.now(), &invitation.address, &invitation.name, language)
    });
    let mails = InvitationMails::new(app, inviter, Some(event), &newcomer)?;
    let (actor, event) = (Actor::User(inviter.id), event.id);
    app.write(move |db, now| {
        let user = match store::user_by_email(db, &newcomer.email_key)? {
            Some(user) if user.disabled_at.is_some() => return Err(AccountError::Disabled),
            Some(user) => user,
            None => {
                store::insert_user(db, &newcomer)?;
                newcomer.clone()
            }
        };
        let mut held = store::roles(db, event, user.id)?;
        held.held.extend(&invitation.roles);
        held.forums.extend(&invitation.forums);
        put_roles(db, now, actor, (event, user.id), held.held, held.forums)?;
        mails.queue(db, now, &user)
    })
    .await
}

/// Sends an invitation once more, with a new link.
///
/// # Errors
/// When there is no such member, or they accepted already.
pub async fn invite_again(app: &App, inviter: &User, event: &Event, user: UserId) -> Result<(), AccountError> {
    let id = event.id;
    let team = app.read(move |db| Ok::<_, AccountError>(store::team(db, id)?)).await?;
    let invited = team.into_iter().map(|member| member.user).find(|member| member.id == user && member.is_invited());
    let user = invited.ok_or(AccountError::NotFound)?;
    let mails = InvitationMails::new(app, inviter, Some(event), &user)?;
    let actor = Actor::User(inviter.id);
    app.write(move |db, now| {
        audit::note(db, now, &Entry::new(Some(id), actor, "team.invited-again", "user", user.id.as_str()))?;
        mails.queue(db, now, &user)
    })
    .await
}

/// Puts `roles` in the place of those a member had; none takes them out of the team. Only an
/// administrator may leave the event without organizer.
///
/// # Errors
/// When there is no such member, or the event would have no organizer left.
pub fn set_member_roles(
    db: &mut DbConnection,
    now: UtcTime,
    actor: &User,
    (event, user): (EventId, UserId),
    roles: &[TeamRole],
    forums: &[ForumId],
) -> Result<(), AccountError> {
    let old = store::roles(db, event, user)?;
    if old.held.is_empty() {
        return Err(AccountError::NotFound);
    }
    let steps_down = old.held.contains(&TeamRole::Organizer) && !roles.contains(&TeamRole::Organizer);
    if steps_down && !actor.is_admin && store::other_organizers(db, event, user)? == 0 {
        return Err(AccountError::LastOrganizer);
    }
    put_roles(db, now, Actor::User(actor.id), (event, user), roles.to_vec(), forums.to_vec())
}

fn put_roles(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, user): (EventId, UserId),
    mut roles: Vec<TeamRole>,
    mut forums: Vec<ForumId>,
) -> Result<(), AccountError> {
    roles.sort();
    roles.dedup();
    forums.sort();
    forums.dedup();
    store::set_roles(db, now, (event, user), &roles, &forums)?;
    let action = if roles.is_empty() { "team.removed" } else { "team.roles-set" };
    let entry = Entry::new(Some(event), actor, action, "user", user.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "roles": roles, "forums": forums })))?)
}
