//! Messages to focal points, and to the people of one delegation.

use super::{OnePath, Team, letter, list_url, url, whole};
use crate::db::DbConnection;
use crate::delegations::mails::Words;
use crate::delegations::model::Delegation;
use crate::delegations::operations::{self, By};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct MessagePage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    subject: Field,
    body: Field,
    /// The delegations whose focal points may be chosen; empty where it goes to the people of one.
    delegations: Vec<Choice>,
    delegation: Field,
    name: Text,
    reached: usize,
    unreached: usize,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "organizer/delegation_message.html";
}

/// `GET /organizer/{event}/delegations/message`.
pub(super) async fn show_to_contacts(team: Team) -> PageResult {
    let all = all(&team).await?;
    let form = FormData::from_fields(all.iter().map(|one| ("delegation", one.id.to_string())));
    to_contacts(&team, &all, StatusCode::OK, (&form, &FieldErrors::default()))
}

async fn all(team: &Team) -> Result<Vec<Delegation>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::all(db, event)?)).await
}

fn to_contacts(
    team: &Team,
    all: &[Delegation],
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("delegations", "delegations-tell-contacts");
    let view = FormView::new(&team.visit, &context, form, errors);
    let named = all.iter().map(|one| {
        let name = one.name.text(context.lang, &team.event.languages);
        (one.id.to_string(), format!("{name} · {}", one.contact_name))
    });
    let page = MessagePage {
        action: format!("{}/message", list_url(team)),
        back_url: list_url(team),
        errors: view.summary(),
        subject: view.field("subject"),
        body: view.field("body"),
        delegations: view.choices("delegation", named),
        delegation: view.field("delegation"),
        name: Text::default(),
        reached: all.len(),
        unreached: 0,
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/delegations/message`: to the focal points of those that are ticked.
pub(super) async fn tell_contacts(team: Team, form: FormData) -> PageResult {
    let all = all(&team).await?;
    let chosen: Vec<&Delegation> =
        all.iter().filter(|one| form.all("delegation").any(|id| id == one.id.as_str())).collect();
    let mut errors = FieldErrors::default();
    if chosen.is_empty() {
        errors.push("delegation", Message::new("delegations-error-nobody"));
    }
    let words = match Words::read(&form) {
        Ok(words) if errors.is_empty() => words,
        read => {
            let errors = crate::delegations::people::merged(Some(errors), read.err());
            return to_contacts(&team, &all, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors));
        }
    };
    let messages = chosen.iter().map(|one| Ok((one.id, letter(&team, one).to_contact(&words)?)));
    let messages = messages.collect::<Result<Vec<_>, Failure>>()?;
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut DbConnection, now| operations::tell_contacts(db, now, actor, event, &messages);
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "delegations-notice-told"))
}

/// `GET /organizer/{event}/delegations/{delegation}/message`.
pub(super) async fn show_to_members(team: Team, path: OnePath) -> PageResult {
    to_members(&team, &path, StatusCode::OK, (&FormData::default(), &FieldErrors::default())).await
}

async fn to_members(
    team: &Team,
    path: &OnePath,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let found = whole(team, path.1).await?;
    let context = team.context("delegations", "delegations-tell-members");
    let view = FormView::new(&team.visit, &context, form, errors);
    let people = found.members.iter().filter(|member| member.is_active());
    let (reached, unreached): (Vec<_>, Vec<_>) = people.partition(|member| member.registration.has_address());
    let page = MessagePage {
        action: url(team, path.1, "/message"),
        back_url: url(team, path.1, ""),
        errors: view.summary(),
        subject: view.field("subject"),
        body: view.field("body"),
        delegations: Vec::new(),
        delegation: Field::default(),
        name: Text::pick(&found.delegation.name, context.lang, &team.event.languages),
        reached: reached.len(),
        unreached: unreached.len(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/delegations/{delegation}/message`: to everybody of it who has an address.
pub(super) async fn tell_members(team: Team, path: OnePath, form: FormData) -> PageResult {
    let words = match Words::read(&form) {
        Ok(words) => words,
        Err(errors) => {
            return to_members(&team, &path, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await;
        }
    };
    let found = whole(&team, path.1).await?;
    let letter = letter(&team, &found.delegation);
    let people = found.members.iter().filter(|member| member.is_active() && member.registration.has_address());
    let messages = people.map(|member| letter.to_member(&member.registration, &words));
    let messages = messages.collect::<Result<Vec<_>, Failure>>()?;
    let (by, ids) = (By::team(team.actor()), (team.event.id, path.1));
    let job = move |db: &mut DbConnection, now| operations::tell_members(db, now, by, ids, &messages);
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(&team, path.1, ""), "delegations-notice-told"))
}
