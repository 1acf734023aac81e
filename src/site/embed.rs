//! The timetable inside other sites: one script that makes a frame, and the page in the frame.
//!
//! Nothing of the other site reaches us and nothing of ours reaches it but the height of the frame:
//! the frame is sandboxed without our origin, so that it has no cookies and can't act for anyone.

use super::kept::event_page;
use super::pages::{released, zones};
use super::timetable::{Filter, SchedulePage};
use crate::app::App;
use crate::web::cache::Stored;
use crate::web::error::PageResult;
use crate::web::page::Page;
use crate::web::{Failure, security};
use actix_web::http::header::SET_COOKIE;
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

/// The timetable as the frame shows it.
#[derive(Serialize)]
struct EmbeddedPage {
    #[serde(flatten)]
    schedule: SchedulePage,
    /// "light" or "dark"; empty follows the visitor's device.
    theme: String,
    /// The whole page, for a new tab.
    full_url: String,
}

impl Page for EmbeddedPage {
    const TEMPLATE: &'static str = "public/embed.html";
}

/// `GET /{event}/embed`.
pub(super) async fn show_embedded(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    let mut response = event_page(&request, &app, &path, |reader, visit, mut context| {
        let schedule = SchedulePage::of(reader, released(reader)?, &Filter::of(visit), &visit.path, visit);
        let theme = visit.param("theme").filter(|theme| matches!(*theme, "light" | "dark")).unwrap_or_default();
        context.title = context.full_title(&reader.text("public-nav-schedule"));
        context.timezone = Some(zones(reader, visit));
        // Other sites' pages hold still: their visitors came for something else.
        if let Some(event) = &mut context.event {
            event.live = None;
        }
        let full_url = visit.absolute(&format!("{}/schedule", reader.base()));
        Ok((context, EmbeddedPage { schedule, theme: theme.to_owned(), full_url }))
    })
    .await?;
    // Whatever the address chose is for this frame, and nothing to remember.
    response.headers_mut().remove(SET_COOKIE);
    security::allow_framing(response.headers_mut());
    Ok(response)
}

/// The script as it is served, with the address that it is served from filled in.
const SCRIPT: &str = include_str!("embed.js");

/// `GET /{event}/embed.js`: any site may run it.
pub(super) async fn show_script(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    let snapshot = app.site.snapshot();
    let event = snapshot.event(&path).ok_or(Failure::NotFound)?;
    let (id, version) = event.stamp();
    let make = || {
        let frame = format!("{}/{}/embed", app.settings.http.public_url, event.event.slug);
        let name = event.event.name_in(event.event.main_language());
        let literal = |text: &str| serde_json::to_string(text).map_err(Failure::unexpected);
        let script = SCRIPT.replace("\"FRAME\"", &literal(&frame)?).replace("\"NAME\"", &literal(name)?);
        Ok::<_, Failure>(Stored::new(script.into_bytes(), "text/javascript; charset=utf-8", "Accept-Encoding"))
    };
    let stored = app.pages.get_or_make(&format!("{id} {version} embed"), make)?;
    let mut response: HttpResponse = stored.answer(&request);
    security::allow_other_sites(response.headers_mut());
    Ok(response)
}
