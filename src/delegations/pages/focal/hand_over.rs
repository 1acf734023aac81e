//! Handing a delegation over to another focal point.

use super::guest::{Guest, Open};
use crate::delegations::model::{Contact, DelegationLink};
use crate::delegations::operations;
use crate::delegations::people::mail_languages;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Page};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct HandOverPage {
    name: String,
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    contact_name: Field,
    contact_email: Field,
    language: Field,
    languages: Vec<Choice>,
}

impl Page for HandOverPage {
    const TEMPLATE: &'static str = "delegation/hand_over.html";
}

#[derive(Serialize)]
struct DonePage {
    name: String,
    contact_name: String,
    contact_email: String,
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "delegation/handed_over.html";
}

/// `GET /{event}/d/{token}/hand-over`.
pub(super) async fn show_form(Open(guest): Open) -> PageResult {
    let form = FormData::from_fields([("language", guest.delegation.language.to_string())]);
    show(&guest, StatusCode::OK, (&form, &FieldErrors::default()))
}

fn show(guest: &Guest, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("delegations-hand-over-title");
    let (view, texts) = (FormView::new(&guest.visit, &context, form, errors), &guest.visit.app.texts);
    let languages = mail_languages(&guest.event.languages).into_iter();
    let page = HandOverPage {
        name: guest.name(&context),
        action: guest.url("/hand-over"),
        back_url: guest.url(""),
        errors: view.summary(),
        contact_name: view.field("contact_name"),
        contact_email: view.field("contact_email"),
        language: view.field("language"),
        languages: view.choices("language", languages.map(|lang| (lang.to_string(), own_name(texts, lang)))),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/d/{token}/hand-over`: the link ends with it, so the answer is a page and no way back.
pub(super) async fn hand_over(Open(guest): Open, client: ClientAddress, form: FormData) -> PageResult {
    let contact = match Contact::read(&form, &guest.event.languages) {
        Ok(contact) => contact,
        Err(errors) => return show(&guest, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    // It sends a mail to an address that nobody has confirmed.
    guest.visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    pass(&guest, &contact).await?;
    let context = guest.context("delegations-hand-over-title");
    let Contact { name: contact_name, email: contact_email, .. } = contact;
    guest.visit.show(&context, &DonePage { name: guest.name(&context), contact_name, contact_email })
}

async fn pass(guest: &Guest, contact: &Contact) -> Result<(), Failure> {
    let letter = guest.letter();
    let (token, link) = DelegationLink::prepare(letter.now, guest.delegation.id);
    let messages = vec![letter.link(contact, &token, &guest.delegation.contact_name)?, letter.passed(contact)?];
    let (by, event, contact) = (guest.by(), guest.event.id, contact.clone());
    let job = move |db: &mut crate::db::DbConnection, now| {
        operations::hand_over(db, now, by, (event, &contact), (&link, &messages))
    };
    Ok(guest.visit.app.write(job).await?)
}
