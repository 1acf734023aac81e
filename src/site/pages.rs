//! Handlers of the public site: find the answer in the cache, or make it.

use super::announced::{self, AnnouncedPage};
use super::changes::{self, ChangesPage};
use super::feeds;
use super::home::{EventCard, EventsPage, HomePage};
use super::kept::{event_page, page_of};
use super::model::{PublicEvent, Released};
use super::now::NowPage;
use super::old;
use super::people::{SpeakerPage, SpeakersPage};
use super::rooms::{RoomPage, RoomsPage};
use super::screen::ScreenPage;
use super::session::SessionPage;
use super::timetable::{Filter, SchedulePage, SessionsPage};
use super::view::Reader;
use crate::app::App;
use crate::db::DocumentId;
use crate::i18n::INTERFACE_LANGUAGES;
use crate::interchange::Scope;
use crate::speakers::documents::archive::hand_out;
use crate::web::cache::Stored;
use crate::web::error::PageResult;
use crate::web::page::{NavEntry, ZoneChoice, ZoneHead};
use crate::web::{EventHead, Failure, PageContext, RouteTable, Visit, respond};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use chrono::Offset;
use chrono_tz::Tz;
use std::sync::Arc;

/// The routes of this area; they come last, because `{event}` takes any word.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/", list_events);
    routes.get("/robots.txt", show_robots);
    routes.get("/favicon.ico", show_favicon);
    routes.get("/{event}", show_home);
    routes.get("/{event}/theme.css", show_theme);
    routes.get("/{event}/schedule", show_schedule);
    routes.get("/{event}/schedule.{kind}", show_feed);
    routes.get("/{event}/sessions", list_sessions);
    routes.get("/{event}/sessions/{code}.ics", show_session_calendar);
    routes.get("/{event}/sessions/{code}/documents/{document}", show_document);
    routes.get("/{event}/sessions/{code}", show_session);
    routes.get("/{event}/embed", super::embed::show_embedded);
    routes.get("/{event}/embed.js", super::embed::show_script);
    routes.get("/{event}/now", show_now);
    routes.get("/{event}/announcements", show_announcements);
    routes.get("/{event}/rooms", list_rooms);
    routes.get("/{event}/rooms/{code}.ics", show_room_calendar);
    routes.get("/{event}/rooms/{code}/screen", show_screen);
    routes.get("/{event}/rooms/{code}", show_room);
    routes.get("/{event}/changes", list_changes);
    routes.get("/{event}/changes.atom", show_changes_feed);
    routes.get("/{event}/releases/{number}", show_release);
    routes.get("/{event}/speakers", list_speakers);
    routes.get("/{event}/speakers/{code}.ics", show_speaker_calendar);
    routes.get("/{event}/speakers/{code}", show_speaker);
}

/// The frame of an event's page.
pub(super) fn context(reader: &Reader<'_>, visit: &Visit) -> PageContext {
    let mut context = PageContext::new(visit, reader.event.languages(), "");
    // What is cached shows nothing of one visitor.
    context.notice = None;
    let mut head = EventHead::of(visit, &reader.event.event, context.lang);
    head.registration_open = reader.event.is_open(reader.now);
    head.has_programme = reader.event.released.is_some();
    head.old_release = old::head(reader, visit);
    // What was released before is not out of date, and nothing is announced about it.
    head.live = reader.event.old.is_none().then(|| announced::head(reader));
    context.event = Some(head);
    context
}

/// Whether the event takes place today.
fn is_running(reader: &Reader<'_>) -> bool {
    let event = &reader.event.event;
    (event.starts_on..=event.ends_on).contains(&super::now::today(reader))
}

fn in_section(mut context: PageContext, reader: &Reader<'_>, section: &'static str, own_title: &str) -> PageContext {
    let entries = ["home", "schedule", "now", "sessions", "speakers", "rooms"].into_iter().filter(|name| match *name {
        "home" => true,
        "now" => reader.event.released.is_some() && is_running(reader),
        _ => reader.event.released.is_some(),
    });
    context.section = section;
    context.nav = entries
        .map(|name| NavEntry {
            url: if name == "home" { reader.base() } else { reader.link(&format!("/{name}")) },
            label: reader.text(&format!("public-nav-{name}")),
            current: name == section,
        })
        .collect();
    context.title = context.full_title(own_title);
    context
}

/// The time-zone switch: the event's own zone, the one chosen, and a few that span the world.
pub(super) fn zones(reader: &Reader<'_>, visit: &Visit) -> ZoneHead {
    let own = reader.event.event.zone();
    let mut offered = vec![own, reader.zone];
    offered.extend([
        Tz::UTC,
        Tz::Europe__London,
        Tz::Europe__Paris,
        Tz::Africa__Nairobi,
        Tz::Asia__Dubai,
        Tz::Asia__Kolkata,
        Tz::Asia__Shanghai,
        Tz::Asia__Tokyo,
        Tz::Australia__Sydney,
        Tz::America__New_York,
        Tz::America__Los_Angeles,
        Tz::America__Sao_Paulo,
    ]);
    let mut seen = Vec::new();
    offered.retain(|zone| {
        if seen.contains(zone) {
            false
        } else {
            seen.push(*zone);
            true
        }
    });
    let at = reader
        .event
        .released
        .as_ref()
        .and_then(|released| released.slots().next())
        .map_or(reader.now, |(_, slot)| slot.start);
    let label = |zone: Tz| {
        let seconds = at.in_zone(zone).offset().fix().local_minus_utc();
        let sign = if seconds < 0 { '-' } else { '+' };
        let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
        let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
        format!("{city} (UTC{sign}{hours}:{minutes:02})")
    };
    ZoneHead {
        name: reader.zone.name().to_owned(),
        label: label(reader.zone),
        is_event: reader.zone == own,
        choices: offered
            .into_iter()
            .map(|zone| ZoneChoice {
                id: zone.name().to_owned(),
                label: label(zone),
                current: zone == reader.zone,
                url: visit.url_with("tz", zone.name()),
            })
            .collect(),
    }
}

pub(super) fn released<'a>(reader: &Reader<'a>) -> Result<&'a Released, Failure> {
    reader.event.released.as_ref().ok_or(Failure::NotFound)
}

/// `GET /`: the events, or straight to the only one.
async fn list_events(visit: Visit) -> PageResult {
    let snapshot = visit.app.site.snapshot();
    if let [only] = snapshot.events() {
        return Ok(respond::see_other(format!("/{}", only.event.slug)));
    }
    let context = PageContext::new(&visit, INTERFACE_LANGUAGES, "").titled(&visit, "public-events-title");
    let now = visit.app.clock.now();
    let card = |event: &Arc<PublicEvent>| {
        EventCard::of(&Reader { app: &visit.app, event, lang: context.lang, zone: event.event.zone(), now })
    };
    visit.show(&context, &EventsPage { events: snapshot.events().iter().map(card).collect() })
}

/// `GET /{event}`.
async fn show_home(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, _, context| {
        let page = HomePage::of(reader, reader.event.is_open(reader.now));
        Ok((in_section(context, reader, "home", ""), page))
    })
    .await
}

/// `GET /{event}/schedule`.
async fn show_schedule(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, visit, context| {
        let page = SchedulePage::of(reader, released(reader)?, &Filter::of(visit), &visit.path, visit);
        let mut context = in_section(context, reader, "schedule", &reader.text("public-nav-schedule"));
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
    .await
}

/// `GET /{event}/sessions`.
async fn list_sessions(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, visit, context| {
        let page = SessionsPage::of(reader, released(reader)?, &Filter::of(visit), &visit.path);
        let mut context = in_section(context, reader, "sessions", &reader.text("public-nav-sessions"));
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
    .await
}

/// `GET /{event}/sessions/{code}`.
async fn show_session(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    event_page(&request, &app, &path.0, |reader, visit, context| {
        let released = released(reader)?;
        let page = SessionPage::of(reader, released, released.session_by_code(&path.1).ok_or(Failure::NotFound)?);
        let mut context = in_section(context, reader, "sessions", &page.title.text);
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
    .await
}

/// `GET /{event}/sessions/{code}/documents/{document}`: slides or a paper that everybody may have.
async fn show_document(app: Data<App>, path: Path<(String, String, DocumentId)>) -> PageResult {
    let site = app.site.snapshot();
    let event = site.event(&path.0).ok_or(Failure::NotFound)?;
    let released = event.released.as_ref().ok_or(Failure::NotFound)?;
    let session = released.session_by_code(&path.1).ok_or(Failure::NotFound)?;
    let found = event.documents.iter().find(|one| one.session == session.id && one.document.id == path.2);
    hand_out(&app, &found.ok_or(Failure::NotFound)?.document).await
}

/// `GET /{event}/now`.
async fn show_now(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, visit, context| {
        let page = NowPage::of(reader, released(reader)?);
        let mut context = in_section(context, reader, "now", &reader.text("live-now-title"));
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
    .await
}

/// `GET /{event}/announcements`.
async fn show_announcements(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, _, context| {
        Ok((in_section(context, reader, "", &reader.text("live-announcements")), AnnouncedPage::of(reader)))
    })
    .await
}

/// `GET /{event}/rooms`.
async fn list_rooms(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, _, context| {
        let page = RoomsPage::of(reader, released(reader)?);
        Ok((in_section(context, reader, "rooms", &reader.text("live-rooms-title")), page))
    })
    .await
}

/// `GET /{event}/rooms/{code}`.
async fn show_room(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    event_page(&request, &app, &path.0, |reader, visit, context| {
        let released = released(reader)?;
        let page = RoomPage::of(reader, released, released.room_by_code(&path.1).ok_or(Failure::NotFound)?);
        let mut context = in_section(context, reader, "rooms", &page.name.text);
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
    .await
}

/// `GET /{event}/rooms/{code}/screen`.
async fn show_screen(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    event_page(&request, &app, &path.0, |reader, _, context| {
        let released = released(reader)?;
        let page = ScreenPage::of(reader, released, released.room_by_code(&path.1).ok_or(Failure::NotFound)?);
        Ok((in_section(context, reader, "rooms", &page.room.name.text), page))
    })
    .await
}

/// `GET /{event}/rooms/{code}.ics`.
async fn show_room_calendar(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (slug, code) = path.into_inner();
    event_feed(&request, &app, &slug, |released| {
        let room = released.room_by_code(&code)?;
        Some(feeds::part(released, &app.settings.http.public_url, Scope::Room(room.id)))
    })
}

/// `GET /{event}/speakers`.
async fn list_speakers(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    event_page(&request, &app, &path, |reader, visit, context| {
        let query: String = visit.param("q").unwrap_or_default().trim().chars().take(80).collect();
        let page = SpeakersPage::of(reader, released(reader)?, &query);
        Ok((in_section(context, reader, "speakers", &reader.text("public-nav-speakers")), page))
    })
    .await
}

/// `GET /{event}/speakers/{code}`.
async fn show_speaker(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    event_page(&request, &app, &path.0, |reader, visit, context| {
        let released = released(reader)?;
        let speaker = released.speaker_by_code(&path.1).ok_or(Failure::NotFound)?;
        let mut context = in_section(context, reader, "speakers", &speaker.name);
        context.timezone = Some(zones(reader, visit));
        Ok((context, SpeakerPage::of(reader, released, speaker)))
    })
    .await
}

/// `GET /{event}/changes`.
async fn list_changes(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    let event = Arc::clone(app.site.snapshot().event(&path).ok_or(Failure::NotFound)?);
    let log = changes::log(&app, &event).await?;
    page_of(&request, &app, &event, |reader, visit, context| {
        let page = ChangesPage::of(reader, released(reader)?, &log);
        let mut context = in_section(context, reader, "", &reader.text("changes-title"));
        context.timezone = Some(zones(reader, visit));
        Ok((context, page))
    })
}

/// `GET /{event}/changes.atom`: in the event's main language, or the one that `lang` asks for.
async fn show_changes_feed(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    let event = Arc::clone(app.site.snapshot().event(&path).ok_or(Failure::NotFound)?);
    let main = event.event.main_language();
    let lang = Visit::of(&request, app.clone()).asked_lang.filter(|lang| event.languages().contains(lang));
    let lang = lang.unwrap_or(main);
    event.released.as_ref().ok_or(Failure::NotFound)?;
    let log = changes::log(&app, &event).await?;
    let ((id, version), now) = (event.stamp(), app.clock.now());
    let reader = Reader { app: &app, event: &event, lang, zone: event.event.zone(), now };
    let make = || Ok::<_, Failure>(changes::feed(&reader, &log));
    Ok(app.pages.get_or_make(&format!("{id} {version} changes {lang}"), make)?.answer(&request))
}

/// `GET /{event}/releases/{number}`: the timetable as of that release.
async fn show_release(app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let snapshot = app.site.snapshot();
    let event = snapshot.event(&path.0).ok_or(Failure::NotFound)?;
    let newest = event.newest_release().ok_or(Failure::NotFound)?;
    match path.1.parse::<i32>() {
        Ok(number) if number == newest => Ok(respond::see_other(format!("/{}/schedule", path.0))),
        Ok(number) if (1..newest).contains(&number) => {
            Ok(respond::see_other(format!("/{}/schedule?release={number}", path.0)))
        }
        _ => Err(Failure::NotFound),
    }
}

/// A feed of an event, from the cache or made by `make`.
fn event_feed(
    request: &HttpRequest,
    app: &Data<App>,
    slug: &str,
    make: impl FnOnce(&Released) -> Option<Stored>,
) -> PageResult {
    let snapshot = app.site.snapshot();
    let event = snapshot.event(slug).ok_or(Failure::NotFound)?;
    let released = event.released.as_ref().ok_or(Failure::NotFound)?;
    let (id, version) = event.stamp();
    let key = format!("{id} {version} feed {}", request.path());
    let stored = match app.pages.get(&key) {
        Some(stored) => stored,
        None => {
            let stored = Arc::new(make(released).ok_or(Failure::NotFound)?);
            app.pages.put(key, Arc::clone(&stored));
            stored
        }
    };
    Ok(stored.answer(request))
}

/// `GET /{event}/schedule.{kind}`.
async fn show_feed(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (slug, kind) = path.into_inner();
    event_feed(&request, &app, &slug, |released| {
        feeds::feed(released, &app.settings.http.public_url, &format!("schedule.{kind}"))
    })
}

/// `GET /{event}/theme.css`: colours are there before anything is released.
async fn show_theme(request: HttpRequest, app: Data<App>, path: Path<String>) -> PageResult {
    let snapshot = app.site.snapshot();
    let event = snapshot.event(&path).ok_or(Failure::NotFound)?;
    let (id, version) = event.stamp();
    let key = format!("{id} {version} theme");
    let make = || {
        Ok::<_, Failure>(Stored::new(
            super::theme::stylesheet(event).into_bytes(),
            "text/css; charset=utf-8",
            "Accept-Encoding",
        ))
    };
    Ok(app.pages.get_or_make(&key, make)?.answer(&request))
}

/// `GET /{event}/sessions/{code}.ics`.
async fn show_session_calendar(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (slug, code) = path.into_inner();
    event_feed(&request, &app, &slug, |released| {
        let session = released.session_by_code(&code)?;
        Some(feeds::part(released, &app.settings.http.public_url, Scope::Session(session.id)))
    })
}

/// `GET /{event}/speakers/{code}.ics`.
async fn show_speaker_calendar(request: HttpRequest, app: Data<App>, path: Path<(String, String)>) -> PageResult {
    let (slug, code) = path.into_inner();
    event_feed(&request, &app, &slug, |released| {
        let speaker = released.speaker_by_code(&code)?;
        Some(feeds::part(released, &app.settings.http.public_url, Scope::Speaker(speaker.id)))
    })
}

/// `GET /robots.txt`: team pages and private links are nobody's search result.
async fn show_robots() -> HttpResponse {
    let rules = "User-agent: *\nDisallow: /organizer\nDisallow: /account\nDisallow: /login\nDisallow: /*/r/\nDisallow: /*/s/\nDisallow: /*/verify/\nDisallow: /*release=\n";
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("cache-control", "public, max-age=3600"))
        .body(rules)
}

/// `GET /favicon.ico`, for browsers that ask without looking at the page.
async fn show_favicon(app: Data<App>) -> HttpResponse {
    let target = app.assets.url("favicon.svg").unwrap_or_default();
    HttpResponse::PermanentRedirect().insert_header(("location", target)).finish()
}
