//! Links, reminders and messages to the people of a delegation.

use super::guest::{Guest, Open};
use crate::db::DbConnection;
use crate::delegations::mails::Words;
use crate::delegations::operations::{self, DelegationError, Told};
use crate::mail::model::NewMessage;
use crate::registration::model::PrivateLink;
use crate::registration::operations::give_or_find_ticket_key as ticket_key;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::block;
use serde::Serialize;

/// `POST /{event}/d/{token}/links`: their own link to everybody who has an address and got none yet.
pub(super) async fn send_links(Open(guest): Open) -> PageResult {
    let links = unsent(&guest).await?;
    let (by, ids) = (guest.by(), guest.ids());
    guest.visit.app.write(move |db, now| operations::give_link(db, now, by, ids, &links)).await?;
    Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-links-sent"))
}

async fn unsent(guest: &Guest) -> Result<Vec<(PrivateLink, Option<NewMessage>)>, Failure> {
    let whole = guest.whole().await?;
    let (app, event, delegation) = (guest.visit.app.clone(), guest.event.clone(), guest.delegation.clone());
    let key = ticket_key(&app, event.id).await?;
    // Tickets are drawn away from the threads that answer.
    let write = move || {
        let letter = crate::delegations::mails::DelegationLetter {
            app: &app,
            event: &event,
            delegation: &delegation,
            now: app.clock.now(),
        };
        let owed = whole.members.iter().map(|member| &member.registration);
        let owed = owed.filter(|own| !own.state.is_end() && own.has_address() && !whole.linked.contains_key(&own.id));
        let pair = |own: &crate::registration::model::Registration| {
            let category = whole.category(own.category_id)?;
            Some(letter.member(own, category, &key).map(|(link, message)| (link, Some(message))))
        };
        owed.filter_map(pair).collect::<Result<Vec<_>, Failure>>()
    };
    block(write).await.map_err(Failure::unexpected)?
}

/// `POST /{event}/d/{token}/remind`: those who owe answers and have an address.
pub(super) async fn remind(Open(guest): Open) -> PageResult {
    let whole = guest.whole().await?;
    let letter = guest.letter();
    let owing = whole.owing().filter(|member| member.registration.has_address());
    let letters = owing.map(|member| letter.reminder(member, &member.owes(&whole.asked)));
    let letters = letters.collect::<Result<Vec<_>, Failure>>()?;
    let (by, ids) = (guest.by(), guest.ids());
    let job = move |db: &mut DbConnection, now| operations::remind(db, now, by, ids, &letters);
    guest.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-reminded"))
}

#[derive(Serialize)]
struct MessagePage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    subject: Field,
    body: Field,
    /// How many it reaches, and how many have no address.
    reached: usize,
    unreached: usize,
    /// When the next may go out; empty where it may now.
    next: String,
}

impl Page for MessagePage {
    const TEMPLATE: &'static str = "delegation/message.html";
}

/// `GET /{event}/d/{token}/message`.
pub(super) async fn show_message(Open(guest): Open) -> PageResult {
    show(&guest, StatusCode::OK, (&FormData::default(), &FieldErrors::default())).await
}

async fn show(guest: &Guest, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let ((_, id), now) = (guest.ids(), guest.visit.app.clock.now());
    let whole = guest.whole().await?;
    let next = move |db: &mut DbConnection| Ok::<_, Failure>(Told::Message.next(db, now, id)?);
    let next = guest.visit.app.read(next).await?;
    let context = guest.context("delegations-message-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let people = whole.members.iter().filter(|member| member.is_active());
    let (reached, unreached): (Vec<_>, Vec<_>) = people.partition(|member| member.registration.has_address());
    let page = MessagePage {
        action: guest.url("/message"),
        back_url: guest.url(""),
        errors: view.summary(),
        subject: view.field("subject"),
        body: view.field("body"),
        reached: reached.len(),
        unreached: unreached.len(),
        next: next.map(|at| guest.frame(&context).time(at)).unwrap_or_default(),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/d/{token}/message`.
pub(super) async fn send_message(Open(guest): Open, form: FormData) -> PageResult {
    let errors = match Words::read(&form) {
        Ok(words) => match tell(&guest, &words).await? {
            None => return Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-told")),
            Some(errors) => errors,
        },
        Err(errors) => errors,
    };
    show(&guest, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await
}

/// Tells everybody who has an address; what is wrong where it was done too often.
async fn tell(guest: &Guest, words: &Words) -> Result<Option<FieldErrors>, Failure> {
    let (whole, letter) = (guest.whole().await?, guest.letter());
    let people = whole.members.iter().filter(|member| member.is_active() && member.registration.has_address());
    let messages = people.map(|member| letter.to_member(&member.registration, words));
    let messages = messages.collect::<Result<Vec<_>, Failure>>()?;
    let (by, ids) = (guest.by(), guest.ids());
    let job = move |db: &mut DbConnection, now| operations::tell_members(db, now, by, ids, &messages);
    match guest.visit.app.write(job).await {
        Ok(()) => Ok(None),
        Err(DelegationError::TooSoon(_)) => {
            let mut errors = FieldErrors::default();
            errors.push("body", Message::new("delegations-error-too-soon"));
            Ok(Some(errors))
        }
        Err(error) => Err(error.into()),
    }
}
