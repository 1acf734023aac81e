//! What happens around every request: id and log line, origin check, time limit, error pages,
//! security headers.

use super::client::is_secure;
use super::error::Failure;
use super::page::{Page, PageContext};
use super::respond::{self, NoticeShown};
use super::security;
use super::visit::{NOTICE_COOKIE, Visit};
use crate::app::App;
use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, web};
use serde::Serialize;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tracing::Instrument;

/// The id of a request: in the log, in `X-Request-Id`, and on the page of an unexpected failure.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    /// An id that no other request of this process has, and hardly one of another process.
    ///
    /// A counter from a random start, stirred so that the first digits differ as well: each step of
    /// SplitMix64 can be undone, so different counts stay different.
    fn next() -> Self {
        static SEED: LazyLock<u64> = LazyLock::new(rand::random);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut id = SEED.wrapping_add(count.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        id = (id ^ (id >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        id = (id ^ (id >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Self(format!("{:016x}", id ^ (id >> 31)))
    }
}

/// The page of a request that was not answered as asked.
#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    heading: String,
    help: String,
    reference: String,
    home_url: String,
    sign_in: bool,
}

impl Page for ErrorPage {
    const TEMPLATE: &'static str = "error.html";
}

/// Wraps the whole app.
///
/// # Errors
/// Passes on what actix can't turn into an answer.
pub async fn around(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let Some(app) = request.app_data::<web::Data<App>>().cloned() else {
        return next.call(request).await.map(ServiceResponse::map_into_boxed_body);
    };
    let id = RequestId::next();
    let span = tracing::info_span!("request", id = %id.0);
    // Before routing, which looks at one pattern after the other.
    if let Some(mut ready) = (app.kept_ready)(request.request(), &app) {
        mark(&app, &id, ready.headers_mut());
        let response = request.into_response(ready);
        span.in_scope(|| note(&app, &response, started));
        return Ok(response);
    }
    request.extensions_mut().insert(id.clone());
    let mut response = answer(request, next, &app).instrument(span.clone()).await?;
    finish(&app, &id, &mut response);
    span.in_scope(|| note(&app, &response, started));
    Ok(response)
}

/// Counts a request, and writes its log line.
fn note(app: &App, response: &ServiceResponse<BoxBody>, started: Instant) {
    app.traffic.note(response.status().as_u16(), started.elapsed());
    if !tracing::enabled!(tracing::Level::INFO) {
        return;
    }
    // The pattern, never the path: paths hold private tokens.
    let route = response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let milliseconds = started.elapsed().as_secs_f64() * 1000.0;
    tracing::info!(method = %response.request().method(), route, status = response.status().as_u16(), milliseconds, "answered");
}

async fn answer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
    app: &web::Data<App>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if !is_same_site(&request, &app.settings.http.public_url) {
        let refusal = Failure::Told(StatusCode::FORBIDDEN, super::forms::Message::new("error-other-site"));
        return Ok(with_error_page(request.error_response(Error::from(refusal)), app));
    }
    let limit = app.settings.limits.request_seconds * if is_upload(&request) { UPLOADS_TAKE } else { 1 };
    let work = next.call(request);
    let response = if limit == 0 {
        work.await?.map_into_boxed_body()
    } else {
        match tokio::time::timeout(Duration::from_secs(limit), work).await {
            Ok(response) => response?.map_into_boxed_body(),
            Err(_) => return Err(too_slow(app)),
        }
    };
    Ok(with_error_page(response, app))
}

/// How much longer a form with files may take: a scan of a passport is as much as a hundred forms.
const UPLOADS_TAKE: u64 = 4;

fn is_upload(request: &ServiceRequest) -> bool {
    let kind = request.headers().get("content-type").and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/"))
}

/// The answer to a request that ran out of time. The request itself is gone with its work, and with
/// it the visitor's language, so the words come in every language.
fn too_slow(app: &App) -> Error {
    let words: Vec<String> = crate::i18n::INTERFACE_LANGUAGES
        .iter()
        .map(|lang| format!("{}\n", app.texts.text(*lang, "error-too-slow-help", &[])))
        .collect();
    let response = HttpResponse::RequestTimeout().content_type("text/plain; charset=utf-8").body(words.concat());
    actix_web::error::InternalError::from_response("the request took too long", response).into()
}

/// Refuses posts that another site's page made the visitor's browser send.
///
/// Browsers send `Sec-Fetch-Site` or `Origin` with every post; programs that send neither carry
/// no visitor's cookies by accident.
fn is_same_site(request: &ServiceRequest, public_url: &str) -> bool {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header("origin") else { return true };
    let host = origin.split_once("://").map_or("", |(_, host)| host);
    origin == public_url || (!host.is_empty() && header("host") == Some(host))
}

/// Puts a page in the visitor's language into an error answer that has no body yet.
fn with_error_page(response: ServiceResponse<BoxBody>, app: &web::Data<App>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let is_empty = matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0));
    let failure = response.response().error().and_then(|error| error.as_error::<Failure>());
    let plain_error = response.response().error().is_some() && failure.is_none();
    if !(status.is_client_error() || status.is_server_error()) || !(is_empty || plain_error) {
        return response;
    }
    let request = response.request().clone();
    let reference = request.extensions().get::<RequestId>().map(|id| id.0[..8].to_owned()).unwrap_or_default();
    if let Some(Failure::Unexpected(cause)) = failure {
        tracing::error!(reference, cause = format!("{cause:#}"), "a request failed unexpectedly");
    }
    let visit = Visit::of(&request, app.clone());
    let message =
        failure.map_or_else(|| super::forms::Message::new(key_of(status)), |failure| failure.status_and_text().1);
    let context = PageContext::new(&visit, crate::i18n::INTERFACE_LANGUAGES, "").titled(&visit, message.key);
    let page = ErrorPage {
        status: status.as_u16(),
        heading: message.words(&app.texts, context.lang),
        help: app.texts.text(context.lang, &format!("{}-help", message.key), &message.args),
        reference: if status.is_server_error() { reference } else { String::new() },
        home_url: home_of(&request),
        sign_in: status == StatusCode::FORBIDDEN,
    };
    let Ok(html) = app.templates.page(&context, &page) else { return response };
    let (request, old) = response.into_parts();
    let mut fresh = HttpResponse::build(status);
    fresh.content_type("text/html; charset=utf-8");
    for (name, value) in old.headers() {
        if name != "content-type" && name != "content-length" {
            fresh.append_header((name.clone(), value.clone()));
        }
    }
    fresh.insert_header(("cache-control", "no-store"));
    ServiceResponse::new(request, fresh.body(html))
}

fn key_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "error-forbidden",
        404 => "error-not-found",
        405 => "error-method",
        408 => "error-too-slow",
        413 => "error-too-large",
        429 => "error-too-many",
        503 => "error-busy",
        400..=499 => "error-bad-request",
        _ => "error-unexpected",
    }
}

/// Where "back to the start" leads: the event's home where the path names one.
fn home_of(request: &HttpRequest) -> String {
    request.match_info().get("event").map_or_else(|| "/".to_owned(), |slug| format!("/{slug}"))
}

fn finish(app: &App, id: &RequestId, response: &mut ServiceResponse<BoxBody>) {
    let shown = response.request().extensions().get::<NoticeShown>().is_some();
    let inner = response.response_mut();
    if shown && inner.status().is_success() {
        let mut gone = respond::site_cookie(NOTICE_COOKIE, "").finish();
        gone.make_removal();
        // A cookie that can't be written would only show the notice twice.
        let _ = inner.add_cookie(&gone);
    }
    security::set(inner.headers_mut());
    mark(app, id, inner.headers_mut());
}

/// What even an answer that was kept ready gets anew.
fn mark(app: &App, id: &RequestId, headers: &mut HeaderMap) {
    if is_secure(app) {
        security::set_secure(headers);
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// Answers addresses that no route knows.
pub async fn nothing_here() -> HttpResponse {
    HttpResponse::from_error(Failure::NotFound)
}
