//! One person of a delegation: what is known, what is owed, their link, and withdrawing them.

use super::adding::PersonFields;
use super::guest::{Guest, Known, Open};
use crate::db::{DbConnection, RegistrationId};
use crate::delegations::mails::DelegationLetter;
use crate::delegations::model::Member;
use crate::delegations::operations::{self, Change, DelegationError, Whole};
use crate::delegations::people::{address, mail_languages, merged};
use crate::registration::applicant;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Details, LinkPurpose, RegistrationState};
use crate::registration::operations::give_or_find_ticket_key as ticket_key;
use crate::registration::ticket;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Checker, Failure, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// A person's address below a focal point's link.
type PersonPath = Path<(String, String, RegistrationId)>;

#[derive(Serialize)]
struct PersonPage {
    action: String,
    back_url: String,
    name: String,
    state: &'static str,
    state_label: String,
    is_head: bool,
    is_asked: bool,
    category: Text,
    code: String,
    is_open: bool,
    errors: Vec<ErrorLine>,
    person: PersonFields,
    version: String,
    owes: Vec<String>,
    answers_url: String,
    second_url: String,
    link_url: String,
    has_address: bool,
    linked: String,
    withdraw_url: String,
    asks_approval: bool,
}

impl Page for PersonPage {
    const TEMPLATE: &'static str = "delegation/person.html";
}

/// `GET /{event}/d/{token}/people/{registration}`.
pub(super) async fn show_form(Known(guest): Known, path: PersonPath) -> PageResult {
    let (whole, member) = guest.member(path.2).await?;
    show(&guest, (&whole, &member), StatusCode::OK, (&fields(&member), &FieldErrors::default()))
}

fn fields(member: &Member) -> FormData {
    let (own, details) = (&member.registration, Details::from(&member.registration));
    let mut form = FormData::from_fields(details.fields());
    form.push("version", own.version.to_string());
    form.push("email", own.email.clone());
    form.push("language", own.language.to_string());
    form
}

fn show(
    guest: &Guest,
    (whole, member): (&Whole, &Member),
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = guest.context("delegations-person-title");
    let (view, frame) = (FormView::new(&guest.visit, &context, form, errors), guest.frame(&context));
    let (own, category) = (&member.registration, whole.category(member.registration.category_id));
    let owes = member.owes(&whole.asked);
    let has = |form: &crate::registration::forms::model::Form| {
        form.questions.iter().any(|one| one.kind.is_answered() && one.is_asked_in(own.category_id))
    };
    let url = |is_there: bool, below: &str| if is_there { guest.person_url(own.id, below) } else { String::new() };
    let is_open = member.is_active() && !guest.is_closed();
    let page = PersonPage {
        action: guest.person_url(own.id, ""),
        back_url: guest.url(""),
        name: own.full_name(),
        state: own.state.as_str(),
        state_label: frame.text(&format!("registration-state-{}", own.state)),
        is_head: member.is_head,
        is_asked: member.is_asked,
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &guest.event.languages))
            .unwrap_or_default(),
        code: own.code.clone(),
        is_open,
        errors: view.summary(),
        person: PersonFields::new(guest, &context, &view),
        version: form.text("version").to_owned(),
        owes: owes.iter().map(|one| one.facts.label.text(context.lang, &guest.event.languages).to_owned()).collect(),
        answers_url: url(is_open && has(&whole.asked.first), "/answers"),
        second_url: url(
            is_open && own.state == RegistrationState::Confirmed && has(&whole.asked.second),
            "/second-form",
        ),
        link_url: url(is_open, "/link"),
        has_address: own.has_address(),
        linked: whole.linked.get(&own.id).map(|at| frame.time(*at)).unwrap_or_default(),
        withdraw_url: url(is_open, "/withdraw"),
        asks_approval: own.state == RegistrationState::Confirmed
            && category.is_some_and(|category| category.needs_approval),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/d/{token}/people/{registration}`.
pub(super) async fn save(Open(guest): Open, path: PersonPath, form: FormData) -> PageResult {
    let change = match read(&guest, path.2, &form) {
        Ok(change) => change,
        Err(errors) => return again(&guest, path.2, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (by, ids) = (guest.by(), guest.ids());
    let done = guest.visit.app.write(move |db, now| operations::change(db, now, by, ids, &change)).await;
    let (status, field, key) = match done {
        Ok(()) => return Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-saved")),
        Err(DelegationError::Stale) => (StatusCode::CONFLICT, "version", "delegations-person-stale"),
        Err(DelegationError::Known) => (StatusCode::UNPROCESSABLE_ENTITY, "email", "delegations-refused-known"),
        Err(error) => return Err(error.into()),
    };
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    again(&guest, path.2, status, (&form, &errors)).await
}

/// The page with what was typed, upon the version that is kept now.
async fn again(
    guest: &Guest,
    id: RegistrationId,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let (whole, member) = guest.member(id).await?;
    let kept = form.iter().filter(|(name, _)| *name != "version" || status != StatusCode::CONFLICT);
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    if status == StatusCode::CONFLICT {
        form.push("version", member.registration.version.to_string());
    }
    show(guest, (&whole, &member), status, (&form, errors))
}

fn read(guest: &Guest, person: RegistrationId, form: &FormData) -> Result<Change, FieldErrors> {
    let mut checker = Checker::new(form);
    let languages = mail_languages(&guest.event.languages);
    let (address, language) = address(&mut checker, form, &languages, guest.delegation.language);
    let version = form.text("version").parse().unwrap_or_default();
    match (applicant::details(form), checker.finish(())) {
        (Ok(details), Ok(())) => Ok(Change { person, version, details, address, language }),
        (details, rest) => Err(merged(details.err(), rest.err())),
    }
}

#[derive(Serialize)]
struct LinkPage {
    name: String,
    link: String,
    qr: String,
    back_url: String,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "delegation/link.html";
}

/// `POST /{event}/d/{token}/people/{registration}/link`: sends the link, or shows it to be handed over to somebody
/// who has no address.
pub(super) async fn give_link(Open(guest): Open, path: PersonPath) -> PageResult {
    let (whole, member) = guest.member(path.2).await?;
    if !member.registration.has_address() {
        return show_link(&guest, &member).await;
    }
    let category = whole.category(member.registration.category_id).ok_or(Failure::NotFound)?;
    let key = ticket_key(&guest.visit.app, guest.event.id).await?;
    let (link, message) = guest.letter().member(&member.registration, category, &key)?;
    let (by, ids, links) = (guest.by(), guest.ids(), vec![(link, Some(message))]);
    guest.visit.app.write(move |db, now| operations::give_link(db, now, by, ids, &links)).await?;
    Ok(respond::see_other_with_notice(guest.person_url(path.2, ""), "delegations-notice-link-sent"))
}

async fn show_link(guest: &Guest, member: &Member) -> PageResult {
    let (token, link) = new_link(guest.visit.app.clock.now(), &member.registration, LinkPurpose::Shown);
    let (by, ids, links) = (guest.by(), guest.ids(), vec![(link, None)]);
    guest.visit.app.write(move |db, now| operations::give_link(db, now, by, ids, &links)).await?;
    let context = guest.context("delegations-link-shown-title");
    let link = guest.letter().own_url(&token);
    let page = LinkPage {
        name: member.registration.full_name(),
        qr: ticket::draw_svg(&link).map_err(Failure::unexpected)?,
        link,
        back_url: guest.person_url(member.registration.id, ""),
    };
    guest.visit.show(&context, &page)
}

#[derive(Serialize)]
struct WithdrawPage {
    action: String,
    back_url: String,
    name: String,
    category: Text,
    has_address: bool,
}

impl Page for WithdrawPage {
    const TEMPLATE: &'static str = "delegation/withdraw.html";
}

/// `GET /{event}/d/{token}/people/{registration}/withdraw`: asks once.
pub(super) async fn ask_withdraw(Open(guest): Open, path: PersonPath) -> PageResult {
    let (whole, member) = guest.member(path.2).await?;
    let context = guest.context("delegations-withdraw-title");
    let category = whole.category(member.registration.category_id);
    let page = WithdrawPage {
        action: guest.person_url(path.2, "/withdraw"),
        back_url: guest.person_url(path.2, ""),
        name: member.registration.full_name(),
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &guest.event.languages))
            .unwrap_or_default(),
        has_address: member.registration.has_address(),
    };
    guest.visit.show(&context, &page)
}

/// `POST /{event}/d/{token}/people/{registration}/withdraw`.
pub(super) async fn withdraw(Open(guest): Open, path: PersonPath, form: FormData) -> PageResult {
    let (whole, member) = guest.member(path.2).await?;
    let DelegationLetter { app, event, now, .. } = guest.letter();
    let category = whole.category(member.registration.category_id).ok_or(Failure::NotFound)?;
    let letter = Letter { app, event, registration: &member.registration, category, now };
    let message = if form.is_ticked("tells") { Some(letter.cancelled()?) } else { None };
    let (by, ids, id) = (guest.by(), guest.ids(), path.2);
    let job = move |db: &mut DbConnection, now| operations::withdraw(db, now, by, ids, (id, message.as_ref()));
    guest.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-withdrawn"))
}
