//! Addresses that do not work.

use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::mail::address::EmailAddress;
use crate::mail::marking::MarkView;
use crate::mail::operations::marks;
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Page, respond};
use serde::Serialize;

#[derive(Serialize)]
struct AddressesPage {
    marks: Vec<MarkView>,
    is_cut: bool,
    mail_url: String,
}

impl Page for AddressesPage {
    const TEMPLATE: &'static str = "organizer/mail_addresses.html";
}

/// `GET /organizer/{event}/mail/addresses`.
pub(super) async fn list_addresses(team: Allowed<ViewMail>) -> PageResult {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(marks::marks_of_event(db, event)?)).await?;
    let context = team.context("mail", "mail-addresses-title");
    let page = AddressesPage {
        is_cut: found.len() as i64 == marks::MOST,
        marks: found.iter().map(|mark| MarkView::new(&team, &context, mark, &team.visit.path)).collect(),
        mail_url: format!("/organizer/{}/mail", team.event.slug),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/mail/addresses`: the address works again.
pub(super) async fn clear_address(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let address: EmailAddress = form.text("address").parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (Some(team.event.id), team.actor());
    // Someone else may have said so already, which is as good.
    team.visit.app.write(move |db, now| Ok::<_, Failure>(marks::clear_mark(db, now, actor, event, &address)?)).await?;
    let own = format!("/organizer/{}/", team.event.slug);
    let back = form.text("back");
    let is_here = back.starts_with(&own) && !back.contains(['\\', '\n', '\r']) && !back.contains("//");
    let back = if is_here { back.to_owned() } else { format!("{own}mail/addresses") };
    Ok(respond::see_other_with_notice(back, "mail-notice-address-cleared"))
}
