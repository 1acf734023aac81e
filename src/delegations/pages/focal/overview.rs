//! What a focal point sees first.

use super::super::files;
use super::super::lines::{MemberLine, PlacesLine, ProgressLine};
use super::guest::{Guest, Known};
use crate::db::{DbConnection, UtcTime};
use crate::delegations::operations::{Told, Whole};
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;

#[derive(Serialize)]
struct OverviewPage {
    name: String,
    contact_name: String,
    is_closed: bool,
    closes: String,
    timezone: String,
    places: Vec<PlacesLine>,
    progress: ProgressLine,
    people: Vec<MemberLine>,
    withdrawn: Vec<MemberLine>,
    add_url: String,
    several_url: String,
    order_url: String,
    export_url: String,
    remind_url: String,
    /// When the next reminder may go out; empty where it may now.
    next_reminder: String,
    links_url: String,
    /// How many have an address and got no link yet.
    unlinked: usize,
    message_url: String,
    hand_over_url: String,
    contact_email: String,
}

impl Page for OverviewPage {
    const TEMPLATE: &'static str = "delegation/overview.html";
}

/// `GET /{event}/d/{token}`.
pub(super) async fn show(Known(guest): Known) -> PageResult {
    let ((_, id), now) = (guest.ids(), guest.visit.app.clock.now());
    let whole = guest.whole().await?;
    let next = move |db: &mut DbConnection| Ok::<_, Failure>(Told::Reminder.next(db, now, id)?);
    let next = guest.visit.app.read(next).await?;
    let context = guest.context("delegations-own-title");
    guest.visit.show(&context, &page(&guest, &context, &whole, next))
}

fn page(guest: &Guest, context: &PageContext, whole: &Whole, next: Option<UtcTime>) -> OverviewPage {
    let frame = guest.frame(context);
    let (people, withdrawn) = frame.people(whole, |member| guest.person_url(member.registration.id, ""));
    let unlinked = whole.members.iter().filter(|member| {
        member.is_active() && member.registration.has_address() && !whole.linked.contains_key(&member.registration.id)
    });
    OverviewPage {
        name: guest.name(context),
        contact_name: guest.delegation.contact_name.clone(),
        is_closed: guest.is_closed(),
        closes: guest.delegation.closes_at.map(|at| frame.time(at)).unwrap_or_default(),
        timezone: guest.event.zone().name().to_owned(),
        places: frame.places(&whole.places, &whole.categories),
        progress: whole.progress().into(),
        people,
        withdrawn,
        add_url: guest.url("/add"),
        several_url: guest.url("/add-several"),
        order_url: guest.url("/order"),
        export_url: guest.url("/people.csv"),
        remind_url: guest.url("/remind"),
        next_reminder: next.map(|at| frame.time(at)).unwrap_or_default(),
        links_url: guest.url("/links"),
        unlinked: unlinked.count(),
        message_url: guest.url("/message"),
        hand_over_url: guest.url("/hand-over"),
        contact_email: guest.event.contact_email.clone().unwrap_or_default(),
    }
}

/// `GET /{event}/d/{token}/people.csv`.
pub(super) async fn export(Known(guest): Known) -> PageResult {
    let context = guest.context("delegations-own-title");
    let languages = (context.lang, &guest.event.languages[..]);
    files::people(&guest.whole().await?, &guest.visit.app.texts, languages, |_| true)
}
