//! Seniority, and who leads the delegation.

use super::super::lines::MemberLine;
use super::guest::Open;
use crate::delegations::operations::{self, Place};
use crate::web::error::PageResult;
use crate::web::{FormData, Page, respond};
use serde::Serialize;

#[derive(Serialize)]
struct OrderPage {
    action: String,
    back_url: String,
    people: Vec<MemberLine>,
    has_head: bool,
}

impl Page for OrderPage {
    const TEMPLATE: &'static str = "delegation/order.html";
}

/// `GET /{event}/d/{token}/order`.
pub(super) async fn show(Open(guest): Open) -> PageResult {
    let whole = guest.whole().await?;
    let context = guest.context("delegations-order-title");
    let (people, _) = guest.frame(&context).people(&whole, |member| guest.person_url(member.registration.id, ""));
    let page = OrderPage {
        action: guest.url("/order"),
        back_url: guest.url(""),
        has_head: whole.members.iter().any(|member| member.is_active() && member.is_head),
        people,
    };
    guest.visit.show(&context, &page)
}

/// `POST /{event}/d/{token}/order`: `up` or `down` moves somebody by one place; otherwise the numbers count.
pub(super) async fn save(Open(guest): Open, form: FormData) -> PageResult {
    let (by, ids, place) = (guest.by(), guest.ids(), read(&form));
    guest.visit.app.write(move |db, now| operations::order(db, now, by, ids, &place)).await?;
    Ok(respond::see_other_with_notice(guest.url("/order"), "delegations-notice-ordered"))
}

fn read(form: &FormData) -> Place {
    for (name, is_up) in [("up", true), ("down", false)] {
        if let Ok(one) = form.text(name).parse() {
            return Place::Moved(one, is_up);
        }
    }
    let number = |(name, value): (&str, &str)| {
        let id = name.strip_prefix("number-")?.parse().ok()?;
        Some((id, value.trim().parse().ok()?))
    };
    Place::Typed(form.iter().filter_map(number).collect(), form.text("head").parse().ok())
}
