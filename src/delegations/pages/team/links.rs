//! Focal points' links: sending, renewing, ending, handing over.

use super::{OnePath, Team, letter, list_url, url, whole};
use crate::db::DbConnection;
use crate::delegations::model::{Access, Contact, Delegation, DelegationLink};
use crate::delegations::operations::{self, By};
use crate::delegations::people::mail_languages;
use crate::mail::model::NewMessage;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Page, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

/// Mails that one transaction queues: others wait behind it.
const MAILS_AT_ONCE: usize = 200;

fn prepared(team: &Team, delegation: &Delegation) -> Result<(DelegationLink, NewMessage), Failure> {
    let letter = letter(team, delegation);
    let (token, link) = DelegationLink::prepare(letter.now, delegation.id);
    let message = letter.link(&Contact::of(delegation), &token, "")?;
    Ok((link, message))
}

/// `POST /organizer/{event}/delegations/send`: a link to every focal point who never got one.
pub(super) async fn send_unsent(team: Team) -> PageResult {
    let (event, actor) = (team.event.id, team.actor());
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::list(db, event)?);
    let (all, _) = team.visit.app.read(read).await?;
    let owed = all.iter().filter(|one| one.access == Access::Never);
    let letters = owed.map(|one| prepared(&team, &one.delegation)).collect::<Result<Vec<_>, Failure>>()?;
    for some in letters.chunks(MAILS_AT_ONCE) {
        let some = some.to_vec();
        let job = move |db: &mut DbConnection, now| operations::send_links(db, now, actor, (event, false), &some);
        team.visit.app.write(job).await?;
    }
    Ok(respond::see_other_with_notice(list_url(&team), "delegations-notice-links-sent-contacts"))
}

/// `POST /organizer/{event}/delegations/{delegation}/link`: `do` is `send`, `renew` or `revoke`.
pub(super) async fn change(team: Team, path: OnePath, form: FormData) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), path.1);
    let wanted = form.text("do");
    if wanted == "revoke" {
        team.visit.app.write(move |db, now| operations::revoke_links(db, now, actor, (event, id))).await?;
        return Ok(respond::see_other_with_notice(url(&team, id, ""), "delegations-notice-link-revoked"));
    }
    let (found, renews) = (whole(&team, id).await?, wanted == "renew");
    let letters = vec![prepared(&team, &found.delegation)?];
    let job = move |db: &mut DbConnection, now| operations::send_links(db, now, actor, (event, renews), &letters);
    team.visit.app.write(job).await?;
    let notice = if renews { "delegations-notice-link-renewed" } else { "delegations-notice-link-sent" };
    Ok(respond::see_other_with_notice(url(&team, id, ""), notice))
}

#[derive(Serialize)]
struct HandOverPage {
    name: Text,
    contact_name_now: String,
    contact_email_now: String,
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    contact_name: Field,
    contact_email: Field,
    language: Field,
    languages: Vec<Choice>,
}

impl Page for HandOverPage {
    const TEMPLATE: &'static str = "organizer/delegation_hand_over.html";
}

/// `GET /organizer/{event}/delegations/{delegation}/hand-over`.
pub(super) async fn show_hand_over(team: Team, path: OnePath) -> PageResult {
    let delegation = whole(&team, path.1).await?.delegation;
    let form = FormData::from_fields([("language", delegation.language.to_string())]);
    show(&team, &delegation, StatusCode::OK, (&form, &FieldErrors::default()))
}

fn show(
    team: &Team,
    delegation: &Delegation,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("delegations", "delegations-hand-over-title");
    let (view, texts) = (FormView::new(&team.visit, &context, form, errors), &team.visit.app.texts);
    let languages = mail_languages(&team.event.languages).into_iter();
    let page = HandOverPage {
        name: Text::pick(&delegation.name, context.lang, &team.event.languages),
        contact_name_now: delegation.contact_name.clone(),
        contact_email_now: delegation.contact_email.clone(),
        action: url(team, delegation.id, "/hand-over"),
        back_url: url(team, delegation.id, ""),
        errors: view.summary(),
        contact_name: view.field("contact_name"),
        contact_email: view.field("contact_email"),
        language: view.field("language"),
        languages: view.choices("language", languages.map(|lang| (lang.to_string(), own_name(texts, lang)))),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/delegations/{delegation}/hand-over`.
pub(super) async fn hand_over(team: Team, path: OnePath, form: FormData) -> PageResult {
    let delegation = whole(&team, path.1).await?.delegation;
    let contact = match Contact::read(&form, &team.event.languages) {
        Ok(contact) => contact,
        Err(errors) => return show(&team, &delegation, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let letter = letter(&team, &delegation);
    let (token, link) = DelegationLink::prepare(letter.now, delegation.id);
    let messages = vec![letter.link(&contact, &token, &delegation.contact_name)?, letter.passed(&contact)?];
    let (by, event) = (By::team(team.actor()), team.event.id);
    let job =
        move |db: &mut DbConnection, now| operations::hand_over(db, now, by, (event, &contact), (&link, &messages));
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(&team, path.1, ""), "delegations-notice-handed-over"))
}
