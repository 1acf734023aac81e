//! A ticket by itself: to be printed, and on the attendee's device also without network.

use super::own::{draw_ticket, find};
use super::public_context;
use crate::app::App;
use crate::db::DbConnection;
use crate::events::model::Event;
use crate::i18n::country_name;
use crate::registration::attendance::model::Zone;
use crate::registration::attendance::operations::zones;
use crate::registration::category::Category;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::operations::Own;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, RouteTable, Visit, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::Days;
use serde::Serialize;
use serde_json::json;

/// The routes of the ticket's page.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/ticket", show_ticket);
    routes.get("/{event}/r/{token}/worker.js", show_worker);
}

/// The page of a ticket, for its owner and for the desk.
#[derive(Serialize)]
pub(super) struct TicketPage {
    name: String,
    native_name: String,
    organisation: String,
    position: String,
    country: String,
    category: Text,
    code: String,
    /// What the ticket opens; empty where the event has no zones.
    zones: Vec<Text>,
    /// The days on which it does; all where there is none.
    days: Vec<String>,
    ticket_svg: String,
    own_url: String,
    back_label: String,
    /// The worker that keeps the page on the device; empty at the desk.
    worker_url: String,
}

impl Page for TicketPage {
    const TEMPLATE: &'static str = "registration/ticket.html";
}

/// What a ticket's page shows.
pub(super) struct Shown<'a> {
    pub(super) event: &'a Event,
    pub(super) registration: &'a Registration,
    pub(super) category: &'a Category,
    /// All zones of the event.
    pub(super) zones: &'a [Zone],
    pub(super) ticket_svg: String,
    /// Where the page leads back to, and the words for it.
    pub(super) back: (String, &'static str),
}

impl TicketPage {
    /// The page as it is printed at the desk.
    pub(super) fn new(app: &App, context: &PageContext, shown: Shown<'_>) -> Self {
        let Shown { event, registration, category, zones, ticket_svg, back } = shown;
        let country = registration.country.as_deref().and_then(|code| code.parse().ok());
        let is_open = |zone: &&Zone| category.zones.iter().any(|name| *name == zone.code || name == zone.id.as_str());
        let name = |zone: &Zone| Text::pick(&zone.name, context.lang, &event.languages);
        Self {
            name: registration.full_name(),
            native_name: registration.native_name.clone(),
            organisation: registration.organisation.clone(),
            position: registration.position.clone(),
            country: country.map(|country| country_name(&app.texts, context.lang, country)).unwrap_or_default(),
            category: Text::pick(&category.name, context.lang, &event.languages),
            code: registration.code.clone(),
            zones: zones.iter().filter(is_open).map(name).collect(),
            days: category.days.iter().map(|day| context.formatter().day(*day)).collect(),
            ticket_svg,
            own_url: back.0,
            back_label: app.texts.text(context.lang, back.1, &[]),
            worker_url: String::new(),
        }
    }
}

/// `GET /{event}/r/{token}/ticket`.
async fn show_ticket(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let (slug, token) = path.into_inner();
    let own = find(&visit.app, &slug, &token).await?;
    let ticket_svg = draw_ticket(&visit, &own).await?;
    if ticket_svg.is_empty() {
        return Ok(respond::see_other(own.url(&token, "")));
    }
    let event = own.event.id;
    let zones = visit.app.read(move |db: &mut DbConnection| Ok::<_, Failure>(zones(db, event)?)).await?;
    let context = public_context(&visit, &own.event, "registration-ticket-title");
    let shown = Shown {
        event: &own.event,
        registration: &own.registration,
        category: &own.category,
        zones: &zones,
        ticket_svg,
        back: (own.url(&token, ""), "registration-back-to-own"),
    };
    let mut page = TicketPage::new(&visit.app, &context, shown);
    page.worker_url = own.url(&token, "/worker.js");
    visit.show(&context, &page)
}

/// Assets that the page needs without network.
const ASSETS: [&str; 5] = ["favicon.svg", "app.css", "icons.svg", "js/page.js", "js/ticket.js"];
/// Days after the event on which a kept ticket goes by itself.
const KEPT_DAYS: u64 = 2;

/// `GET /{event}/r/{token}/worker.js`: what keeps this one page, and nothing else, on the device. Where there
/// is no ticket any more it is a worker that takes away what was kept.
async fn show_worker(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let (slug, token) = path.into_inner();
    let own = find(&visit.app, &slug, &token).await?;
    let context = public_context(&visit, &own.event, "registration-ticket-title");
    let mut keep: Vec<String> = ASSETS.iter().filter_map(|name| visit.app.assets.url(name)).collect();
    keep.extend(context.event.map(|event| event.theme_url));
    let shell = json!({
        "page": own.url(&token, "/ticket"),
        "keep": keep,
        "until": kept_until(&own),
        "isOver": own.registration.state != RegistrationState::Confirmed,
    });
    Ok(HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header(("cache-control", "no-cache"))
        .body(format!("const shell = {shell};\n{}", include_str!("ticket_worker.js"))))
}

/// Until when a kept ticket is shown, in milliseconds since 1970.
fn kept_until(own: &Own) -> i64 {
    let last = own.event.ends_on.checked_add_days(Days::new(KEPT_DAYS)).unwrap_or(own.event.ends_on);
    last.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}
