//! `/organizer/{event}/team`.

use super::field_errors;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::accounts::model::{TeamMember, TeamRole};
use crate::accounts::operations::{self, AccountError, Invitation};
use crate::db::{ForumId, UserId};
use crate::i18n::Lang;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

type Team = Allowed<ManageEvent>;

/// The forums of the event with their names: what a forum organizer is given.
type Forums = Vec<(ForumId, String)>;

#[derive(Serialize)]
struct TeamPage {
    members: Vec<MemberLine>,
    errors: Vec<ErrorLine>,
    email: Field,
    name: Field,
    roles_field: Field,
    roles: Vec<Choice>,
    forums_field: Field,
    forums: Vec<Choice>,
}

impl Page for TeamPage {
    const TEMPLATE: &'static str = "accounts/team.html";
}

#[derive(Serialize)]
struct MemberLine {
    name: String,
    email: String,
    roles: Vec<String>,
    forums: Vec<String>,
    url: String,
    is_self: bool,
    /// Whether the invitation was not accepted yet.
    is_invited: bool,
    is_closed: bool,
}

async fn load(team: &Team) -> Result<(Vec<TeamMember>, Forums), Failure> {
    let (event, lang) = (team.event.clone(), team.visit.interface_language());
    team.visit
        .app
        .read(move |db| {
            let forums = operations::forum_names(db, event.id)?
                .into_iter()
                .map(|(id, name)| (id, name.text(lang, &event.languages).to_owned()))
                .collect();
            Ok((operations::team(db, event.id)?, forums))
        })
        .await
}

/// `GET /organizer/{event}/team`.
pub(super) async fn show_team(team: Team) -> PageResult {
    show(&team, &FormData::default(), &FieldErrors::default()).await
}

async fn show(team: &Team, form: &FormData, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (members, forums) = load(team).await?;
    let context = team.context("team", "accounts-team-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let page = TeamPage {
        members: members.iter().map(|member| line(team, &context, member, &forums)).collect(),
        errors: view.summary(),
        email: view.field("email"),
        name: view.field("name"),
        roles_field: view.field("roles"),
        roles: view.choices("roles", role_choices(team, context.lang)),
        forums_field: view.field("forums"),
        forums: view.choices("forums", forum_choices(&forums)),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn role_name(team: &Team, lang: Lang, role: TeamRole) -> String {
    team.visit.app.texts.text(lang, &format!("accounts-role-{role}"), &[])
}

fn role_choices(team: &Team, lang: Lang) -> Vec<(String, String)> {
    let words = |role: &TeamRole| team.visit.app.texts.text(lang, &format!("accounts-role-{role}-choice"), &[]);
    TeamRole::ALL.iter().map(|role| (role.to_string(), words(role))).collect()
}

fn forum_choices(forums: &Forums) -> Vec<(String, String)> {
    forums.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()
}

fn line(team: &Team, context: &PageContext, member: &TeamMember, forums: &Forums) -> MemberLine {
    let user = &member.user;
    MemberLine {
        name: user.name.clone(),
        email: user.email.clone(),
        roles: member.roles.iter().map(|role| role_name(team, context.lang, *role)).collect(),
        forums: forums.iter().filter(|(id, _)| member.forums.contains(id)).map(|(_, name)| name.clone()).collect(),
        url: format!("/organizer/{}/team/{}", team.event.slug, user.id),
        is_self: user.id == team.user.id,
        is_invited: user.is_invited(),
        is_closed: user.disabled_at.is_some(),
    }
}

/// The roles and forums ticked; forums count only with the role that they belong to.
fn ticked(form: &FormData, forums: &Forums) -> (Vec<TeamRole>, Vec<ForumId>) {
    let roles: Vec<TeamRole> = form.all("roles").filter_map(|word| word.parse().ok()).collect();
    let own = |id: &ForumId| forums.iter().any(|(known, _)| known == id);
    let chosen = form.all("forums").filter_map(|id| id.parse().ok()).filter(own);
    let has_forums = |role: &TeamRole| matches!(role, TeamRole::ForumOrganizer | TeamRole::Reviewer);
    let forums = if roles.iter().any(has_forums) { chosen.collect() } else { Vec::new() };
    (roles, forums)
}

/// `POST /organizer/{event}/team`: gives someone roles and tells them by mail.
pub(super) async fn invite(team: Team, form: FormData) -> PageResult {
    let (_, forums) = load(&team).await?;
    let mut checker = Checker::new(&form);
    let (address, name) = (checker.email("email"), checker.required_line("name"));
    let (roles, forums) = ticked(&form, &forums);
    if roles.is_empty() {
        checker.wrong("roles", Message::new("accounts-role-missing"));
    }
    let address = match (checker.finish(()), address) {
        (Ok(()), Some(address)) => address,
        (outcome, _) => return show(&team, &form, &outcome.err().unwrap_or_default()).await,
    };
    let invitation = Invitation { address, name, roles, forums };
    match operations::invite(&team.visit.app, &team.user, &team.event, invitation).await {
        Ok(()) => Ok(respond::see_other_with_notice(team_url(&team), "accounts-notice-invited")),
        Err(error) => show(&team, &form, &field_errors(error)?).await,
    }
}

fn team_url(team: &Team) -> String {
    format!("/organizer/{}/team", team.event.slug)
}

#[derive(Serialize)]
struct MemberPage {
    member: MemberLine,
    errors: Vec<ErrorLine>,
    roles_field: Field,
    roles: Vec<Choice>,
    forums_field: Field,
    forums: Vec<Choice>,
}

impl Page for MemberPage {
    const TEMPLATE: &'static str = "accounts/member.html";
}

/// `GET /organizer/{event}/team/{user}`.
pub(super) async fn show_member(team: Team, path: Path<(String, UserId)>) -> PageResult {
    show_one(&team, path.1, None, &FieldErrors::default()).await
}

async fn show_one(team: &Team, user: UserId, typed: Option<&FormData>, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (members, forums) = load(team).await?;
    let member = members.iter().find(|member| member.user.id == user).ok_or(Failure::NotFound)?;
    let held = FormData::from_fields(
        (member.roles.iter().map(|role| ("roles", role.to_string())))
            .chain(member.forums.iter().map(|forum| ("forums", forum.to_string()))),
    );
    let context = team.context("team", "accounts-member-title");
    let view = FormView::new(&team.visit, &context, typed.unwrap_or(&held), errors);
    let page = MemberPage {
        member: line(team, &context, member, &forums),
        errors: view.summary(),
        roles_field: view.field("roles"),
        roles: view.choices("roles", role_choices(team, context.lang)),
        forums_field: view.field("forums"),
        forums: view.choices("forums", forum_choices(&forums)),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/team/{user}`: changes the roles.
pub(super) async fn change_member(team: Team, path: Path<(String, UserId)>, form: FormData) -> PageResult {
    let (_, forums) = load(&team).await?;
    let (roles, forums) = ticked(&form, &forums);
    if roles.is_empty() {
        return show_one(&team, path.1, Some(&form), &field_errors(AccountError::NoRole)?).await;
    }
    set_roles(&team, path.1, roles, forums).await?;
    Ok(respond::see_other_with_notice(team_url(&team), "accounts-notice-roles-set"))
}

/// `POST /organizer/{event}/team/{user}/remove`.
pub(super) async fn remove_member(team: Team, path: Path<(String, UserId)>) -> PageResult {
    set_roles(&team, path.1, Vec::new(), Vec::new()).await?;
    let leaves = path.1 == team.user.id && !team.user.is_admin;
    let next = if leaves { "/organizer".to_owned() } else { team_url(&team) };
    Ok(respond::see_other_with_notice(next, "accounts-notice-removed"))
}

async fn set_roles(team: &Team, user: UserId, roles: Vec<TeamRole>, forums: Vec<ForumId>) -> Result<(), AccountError> {
    let (actor, event) = (team.user.clone(), team.event.id);
    team.visit
        .app
        .write(move |db, now| operations::set_member_roles(db, now, &actor, (event, user), &roles, &forums))
        .await
}

/// `POST /organizer/{event}/team/{user}/invite-again`.
pub(super) async fn invite_again(team: Team, path: Path<(String, UserId)>) -> PageResult {
    operations::invite_again(&team.visit.app, &team.user, &team.event, path.1).await?;
    Ok(respond::see_other_with_notice(team_url(&team), "accounts-notice-invited"))
}
