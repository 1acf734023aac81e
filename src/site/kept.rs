//! From a request to the answer that is kept for it.
//!
//! Requests spell the same wish in many ways: languages in any order, cookies, parameters that mean
//! nothing here. What a request means is worked out once for each spelling and remembered; the
//! answer is kept under the meaning, the event's version and the minute. Both are memory only.

use super::model::PublicEvent;
use super::view::Reader;
use crate::app::App;
use crate::db::UtcTime;
use crate::i18n::Lang;
use crate::web::cache::Stored;
use crate::web::error::PageResult;
use crate::web::page::Page;
use crate::web::visit::{LANGUAGE_COOKIE, TIMEZONE_COOKIE};
use crate::web::{Failure, PageContext, Visit, respond};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_LANGUAGE, CACHE_CONTROL, COOKIE, HeaderValue};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use chrono_tz::Tz;
use std::fmt::Write;
use std::sync::Arc;

/// What pages depend on besides their address.
const VARY: &str = "Accept-Encoding, Accept-Language, Cookie";

/// The parameters that public pages know; others are as if they were not there.
const PARAMETERS: [&str; 11] =
    ["day", "forum", "format", "language", "interpreted", "room", "q", "lang", "tz", "theme", super::old::PARAMETER];

/// The value of a cookie as it came. For keys only: quoting and escapes stay as they are.
fn raw_cookie<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    let headers = request.headers().get_all(COOKIE).filter_map(|value| value.to_str().ok());
    headers
        .flat_map(|header| header.split(';'))
        .find_map(|pair| pair.trim_start().strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_default()
}

/// Everything of a request that its answer may depend on, as it came.
fn spelling(request: &HttpRequest, event: &PublicEvent) -> String {
    let languages = request.headers().get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let (lang, zone) = (raw_cookie(request, LANGUAGE_COOKIE), raw_cookie(request, TIMEZONE_COOKIE));
    let mut text = String::with_capacity(path.len() + languages.len() + lang.len() + zone.len() + 64);
    let (id, version) = event.stamp();
    // Writing to a string can't fail.
    let _ = write!(text, "{id} {version} {lang}\n{zone}\n{languages}\n{path}");
    text
}

/// What a request means: the page, in which language, on whose clocks, with which choices.
fn meaning(visit: &Visit, lang: Lang, zone: Tz) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&visit.query);
    format!("{lang} {zone} {}?{}", visit.path, query.finish())
}

/// The key of an answer. Pages say "now" and "in 12 days": they are made anew each minute that
/// someone asks for them.
fn key(event: &PublicEvent, now: UtcTime, meaning: &str) -> String {
    let (id, version) = event.stamp();
    let (open, minute) = (u8::from(event.is_open(now)), now.timestamp() / 60);
    let mut text = String::with_capacity(meaning.len() + 72);
    // Writing to a string can't fail.
    let _ = write!(text, "{id} {version} {open} {minute} {meaning}");
    text
}

/// The answer to a request for an event's page, if it is kept already. Called before routing, for
/// every request; says nothing where anything is left to decide.
#[must_use]
pub fn kept_ready(request: &HttpRequest, app: &App) -> Option<HttpResponse> {
    // An answer that sets a cookie is one visitor's own.
    if request.method() != Method::GET || chosen(request.query_string()) {
        return None;
    }
    // The one page that other sites may frame has headers of its own.
    if request.path().ends_with("/embed") {
        return None;
    }
    let slug = request.path().get(1..)?.split('/').next()?;
    let snapshot = app.site.glance();
    let event = snapshot.event(slug)?;
    let meaning = app.pages.meaning(&spelling(request, event))?;
    let stored = app.pages.get(&key(event, app.clock.now(), &meaning))?;
    Some(stored.answer(request))
}

/// A page of an event, from the cache or made by `make`; as of an old release where that is asked for.
pub(super) async fn event_page<P: Page>(
    request: &HttpRequest,
    app: &Data<App>,
    slug: &str,
    make: impl FnOnce(&Reader<'_>, &Visit, PageContext) -> Result<(PageContext, P), Failure>,
) -> PageResult {
    let event = Arc::clone(app.site.snapshot().event(slug).ok_or(Failure::NotFound)?);
    let event = super::old::as_of(app, &event, request.query_string()).await?;
    page_of(request, app, &event, make)
}

/// The same of an event that is at hand.
pub(super) fn page_of<P: Page>(
    request: &HttpRequest,
    app: &Data<App>,
    event: &PublicEvent,
    make: impl FnOnce(&Reader<'_>, &Visit, PageContext) -> Result<(PageContext, P), Failure>,
) -> PageResult {
    let now = app.clock.now();
    let mut visit = Visit::of(request, app.clone());
    visit.query.retain(|(name, value)| PARAMETERS.contains(&name.as_str()) && !value.is_empty());
    let (lang, zone) = (visit.language(event.languages()), visit.chosen_zone.unwrap_or(event.event.zone()));
    let meaning = meaning(&visit, lang, zone);
    let key = key(event, now, &meaning);
    let stored = match app.pages.get(&key) {
        Some(stored) => stored,
        None => {
            let reader = Reader { app, event, lang, zone, now };
            let (context, page) = make(&reader, &visit, super::pages::context(&reader, &visit))?;
            let html = app.templates.page(&context, &page).map_err(Failure::unexpected)?;
            let stored = Arc::new(Stored::new(html.into_bytes(), "text/html; charset=utf-8", VARY));
            app.pages.put(key, Arc::clone(&stored));
            stored
        }
    };
    if !chosen(request.query_string()) {
        app.pages.remember(&spelling(request, event), &meaning);
    }
    Ok(remember(request, stored.answer(request)))
}

/// Whether the address itself chooses a language or a zone.
fn chosen(query: &str) -> bool {
    query.contains("lang=") || query.contains("tz=")
}

/// A language or zone chosen by the address is remembered; such an answer is one visitor's own.
fn remember(request: &HttpRequest, mut response: HttpResponse) -> HttpResponse {
    let query = request.query_string();
    if !chosen(query) {
        return response;
    }
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let cookie = match name.as_ref() {
            "lang" if value.parse::<Lang>().is_ok() => respond::language_cookie(&value),
            "tz" if value.parse::<Tz>().is_ok() => respond::timezone_cookie(&value),
            _ => continue,
        };
        // A value that is a tag or a zone's name can always stand in a cookie.
        let _ = response.add_cookie(&cookie);
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    }
    response
}
