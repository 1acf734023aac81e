//! How full sessions are, for everybody: a page, and a small answer that scripts ask for, so that the
//! programme itself can stay in the cache.

use crate::bookings::model::Seats;
use crate::bookings::operations;
use crate::events::model::Event;
use crate::site::model::{PublicEvent, Released};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{EventHead, Failure, Page, PageContext, RouteTable, Visit};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The public routes.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/seats", show_seats);
    routes.get("/{event}/seats.json", show_counts);
}

/// Seconds for which browsers and proxies may keep the counts.
const FRESH: u32 = 10;

#[derive(Serialize)]
struct Count {
    left: i32,
    fill: &'static str,
    text: String,
}

#[derive(Serialize)]
struct SeatsPage {
    sessions: Vec<SessionLine>,
    contact_email: String,
}

impl Page for SeatsPage {
    const TEMPLATE: &'static str = "public/seats.html";
}

#[derive(Serialize)]
struct SessionLine {
    url: String,
    title: Text,
    when: String,
    fill: &'static str,
    text: String,
}

/// The event with its newest release, or 404.
fn released(visit: &Visit, slug: &str) -> Result<Arc<PublicEvent>, Failure> {
    let snapshot = visit.app.site.snapshot();
    snapshot.event(slug).filter(|event| event.released.is_some()).cloned().ok_or(Failure::NotFound)
}

async fn seats(visit: &Visit, event: &Event) -> Result<Vec<Seats>, Failure> {
    let id = event.id;
    visit.app.read(move |db| Ok::<_, Failure>(operations::all_seats(db, id)?)).await
}

/// In a few words how full a session is.
fn in_words(visit: &Visit, context: &PageContext, seats: &Seats) -> String {
    let key = match (seats.fill(), seats.has_waiting_list) {
        (crate::bookings::model::Fill::Full, true) => "seats-full-waiting".to_owned(),
        (fill, _) => format!("seats-{}", fill.as_str()),
    };
    visit.app.texts.text(context.lang, &key, &[("left", seats.left().into())])
}

fn context(visit: &Visit, event: &Event) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, "seats-title")
}

/// `GET /{event}/seats.json`: by the codes of public sessions.
async fn show_counts(visit: Visit, path: Path<String>) -> PageResult {
    let public = released(&visit, &path)?;
    let all = seats(&visit, &public.event).await?;
    let context = context(&visit, &public.event);
    let session = |seats: &Seats| public.released.as_ref().and_then(|released| released.session(seats.session_id));
    let counts: BTreeMap<&str, Count> = all
        .iter()
        .filter_map(|seats| {
            let text = in_words(&visit, &context, seats);
            Some((session(seats)?.code.as_str(), Count { left: seats.left(), fill: seats.fill().as_str(), text }))
        })
        .collect();
    let body = serde_json::to_string(&serde_json::json!({ "seats": counts })).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json")
        .insert_header(("cache-control", format!("public, max-age={FRESH}")))
        .insert_header(("vary", "Accept-Language, Cookie"))
        .body(body))
}

/// `GET /{event}/seats`: the same as a page, and how one books.
async fn show_seats(visit: Visit, path: Path<String>) -> PageResult {
    let public = released(&visit, &path)?;
    let all = seats(&visit, &public.event).await?;
    let context = context(&visit, &public.event);
    let sessions = public.released.as_ref().map(|released| lines(&visit, &context, &public.event, (released, &all)));
    let contact_email = public.event.contact_email.clone().unwrap_or_default();
    visit.show(&context, &SeatsPage { sessions: sessions.unwrap_or_default(), contact_email })
}

fn lines(
    visit: &Visit,
    context: &PageContext,
    event: &Event,
    (released, all): (&Released, &[Seats]),
) -> Vec<SessionLine> {
    let zone = event.zone();
    let line =
        |(session, slot): (&crate::schedule::model::ProgrammeSession, &crate::schedule::model::ProgrammeSlot)| {
            let seats = all.iter().find(|seats| seats.session_id == session.id)?;
            Some(SessionLine {
                url: format!("/{}/sessions/{}", event.slug, session.code),
                title: Text::pick(&session.title, context.lang, &event.languages),
                when: context.formatter().date_time(slot.start.in_zone(zone).naive_local()),
                fill: seats.fill().as_str(),
                text: in_words(visit, context, seats),
            })
        };
    released.slots().filter_map(line).collect()
}
