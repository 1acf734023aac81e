//! An attendee's own programme: stars, agenda, feed, and whether they want to be told of changes.

use crate::app::App;
use crate::bookings;
use crate::bookings::model::Booking;
use crate::bookings::operations::OwnSeats;
use crate::bookings::view::{SeatLine, SeatWords};
use crate::db::{SessionId, UtcTime};
use crate::interchange::{self, Scope};
use crate::notices::model::Current;
use crate::notices::starring;
use crate::registration::model::RegistrationState;
use crate::registration::operations::Own;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::site::model::{Released, programme_day};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{EventHead, Failure, FormData, Page, PageContext, RouteTable, Token, Visit, respond};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashSet;

/// The routes of an attendee's programme.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/programme", show_programme);
    routes.post("/{event}/r/{token}/stars", set_stars);
    routes.get("/{event}/r/{token}/agenda.ics", show_agenda_feed);
    routes.post("/{event}/r/{token}/notices", choose_notices);
    routes.get("/{event}/r/{token}/unsubscribe", ask_unsubscribe);
    routes.post("/{event}/r/{token}/unsubscribe", unsubscribe);
}

/// Codes that one post may name: more than anybody stars.
const MOST_CODES: usize = 2000;

/// What a private link opens, unless it has ended; 404 else.
async fn standing(app: &App, path: &(String, String)) -> Result<Own, Failure> {
    let (slug, hash) = (path.0.clone(), Token::received(path.1.as_str()).hash());
    let own = app.read(move |db| Ok::<_, Failure>(crate::registration::operations::own(db, &slug, &hash)?)).await?;
    let own = own.ok_or(Failure::NotFound)?;
    if own.registration.state.is_end() { Err(Failure::gone("registration-error-ended")) } else { Ok(own) }
}

/// The same of a confirmed registration: only those have a programme.
async fn confirmed(app: &App, path: &(String, String)) -> Result<Own, Failure> {
    let own = standing(app, path).await?;
    if own.registration.state == RegistrationState::Confirmed { Ok(own) } else { Err(Failure::NotFound) }
}

fn url(path: &(String, String), below: &str) -> String {
    format!("/{}/r/{}{below}", path.0, path.1)
}

fn context(visit: &Visit, own: &Own, title_key: &str) -> PageContext {
    let mut context = PageContext::new(visit, &own.event.languages, "");
    context.event = Some(EventHead::of(visit, &own.event, context.lang));
    context.titled(visit, title_key)
}

#[derive(Serialize)]
struct ProgrammePage {
    own_url: String,
    stars_url: String,
    connect_url: String,
    feed_url: String,
    webcal_url: String,
    notices_url: String,
    wants_notices: bool,
    days: Vec<DayLink>,
    sessions: Vec<SessionLine>,
    seats_url: String,
    seats: Vec<SeatRow>,
    agenda: Vec<AgendaDay>,
    starred: String,
    zone: &'static str,
    query: String,
    has_programme: bool,
}

impl Page for ProgrammePage {
    const TEMPLATE: &'static str = "registration/programme.html";
}

#[derive(Serialize)]
struct DayLink {
    label: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct SessionLine {
    code: String,
    url: String,
    title: Text,
    time: String,
    room: Text,
    is_starred: bool,
    is_cancelled: bool,
    seat: Option<SeatLine>,
}

/// One's own seat, offer or place in a waiting list.
#[derive(Serialize)]
struct SeatRow {
    /// What its buttons send: the session's code, or its id once it has left the programme.
    key: String,
    url: String,
    title: Text,
    when: String,
    seat: SeatLine,
}

#[derive(Serialize)]
struct AgendaDay {
    day: String,
    entries: Vec<AgendaLine>,
}

#[derive(Serialize)]
struct AgendaLine {
    time: String,
    title: String,
    url: String,
    place: String,
    /// Titles of what is on at the same time.
    overlaps: String,
}

/// `GET /{event}/r/{token}/programme`.
async fn show_programme(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = confirmed(&visit.app, &path).await?;
    let id = own.registration.id;
    let event = own.event.id;
    let (stars, wants, seats) = visit
        .app
        .read(move |db| {
            let (stars, wants) = starring::starred(db, id)?;
            Ok::<_, Failure>((stars, wants, bookings::operations::own_seats(db, event, id)?))
        })
        .await?;
    let context = context(&visit, &own, "notices-own-title");
    let snapshot = visit.app.site.snapshot();
    let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
    let page = programme_page(&visit, &context, (&own, &path), released, (&stars, &seats, wants));
    visit.show(&context, &page)
}

fn programme_page(
    visit: &Visit,
    context: &PageContext,
    (own, path): (&Own, &(String, String)),
    released: Option<&Released>,
    (stars, seats, wants): (&HashSet<SessionId>, &OwnSeats, bool),
) -> ProgrammePage {
    let (zone, now) = (own.event.zone(), visit.app.clock.now());
    let days = released.map(|released| released.days(zone)).unwrap_or_default();
    let chosen = chosen_day(visit, &days, programme_day(now, zone));
    let query = visit.param("q").unwrap_or_default().trim().chars().take(80).collect::<String>();
    let key = crate::i18n::search_key([query.as_str()]);
    let codes = released.iter().flat_map(|released| stars.iter().filter_map(|id| released.session(*id)));
    let mut starred: Vec<&str> = codes.map(|session| session.code.as_str()).collect();
    starred.sort_unstable();
    let words = SeatWords { texts: &visit.app.texts, lang: context.lang, event: &own.event, now };
    let planned: HashSet<SessionId> = stars.iter().copied().chain(bookings::view::sessions(seats)).collect();
    let feed = visit.absolute(&url(path, "/agenda.ics"));
    ProgrammePage {
        own_url: url(path, ""),
        stars_url: url(path, "/stars"),
        connect_url: url(path, ""),
        webcal_url: feed.split_once("://").map(|(_, rest)| format!("webcal://{rest}")).unwrap_or_default(),
        feed_url: feed,
        notices_url: url(path, "/notices"),
        wants_notices: wants,
        days: days
            .iter()
            .map(|day| DayLink {
                label: context.formatter().day(*day),
                url: format!("{}?day={day}", url(path, "/programme")),
                current: Some(*day) == chosen && key.is_empty(),
            })
            .collect(),
        sessions: released
            .map(|released| session_lines(context, (own, seats, words), released, stars, (&key, chosen)))
            .unwrap_or_default(),
        seats_url: url(path, "/seats"),
        seats: seat_rows(context, own, released, (seats, words)),
        agenda: released.map(|released| agenda(context, own, &released.programme, &planned)).unwrap_or_default(),
        starred: starred.join(" "),
        zone: zone.name(),
        query,
        has_programme: released.is_some(),
    }
}

/// The sessions whose title holds the words, or those of a day where no words are given.
fn session_lines(
    context: &PageContext,
    (own, seats, words): (&Own, &OwnSeats, SeatWords<'_>),
    released: &Released,
    stars: &HashSet<SessionId>,
    (key, day): (&str, Option<NaiveDate>),
) -> Vec<SessionLine> {
    let (zone, format) = (own.event.zone(), context.formatter());
    let fits = |session: &ProgrammeSession| {
        let words = session.title.iter().map(|(_, text)| text).chain(std::iter::once(session.code.as_str()));
        key.is_empty() || crate::i18n::search_key(words).contains(key)
    };
    let on_day = |at: UtcTime| !key.is_empty() || Some(programme_day(at, zone)) == day;
    let mut seen = HashSet::new();
    released
        .slots()
        .filter(|(session, slot)| on_day(slot.start) && fits(session))
        .filter(|(session, slot)| seen.insert((session.id, slot.start)))
        .map(|(session, slot)| {
            let (start, end) = (slot.start.in_zone(zone), slot.end.in_zone(zone));
            let room = slot.room.and_then(|room| released.room(room));
            SessionLine {
                code: session.code.clone(),
                url: format!("/{}/sessions/{}", own.event.slug, session.code),
                title: Text::pick(&session.title, context.lang, &own.event.languages),
                time: format!("{}–{}", format.time(start.time()), format.time(end.time())),
                room: room
                    .map(|(_, room)| Text::pick(&room.name, context.lang, &own.event.languages))
                    .unwrap_or_default(),
                is_starred: stars.contains(&session.id),
                is_cancelled: session.state == crate::programme::model::SessionState::Cancelled,
                seat: words.line(session, seats, released),
            }
        })
        .collect()
}

/// One's own seats in the order in which they were booked.
fn seat_rows(
    context: &PageContext,
    own: &Own,
    released: Option<&Released>,
    (seats, words): (&OwnSeats, SeatWords<'_>),
) -> Vec<SeatRow> {
    let (zone, format) = (own.event.zone(), context.formatter());
    let row = |booking: &Booking| {
        let session = released.and_then(|released| released.session(booking.session_id));
        let start = session.and_then(|session| session.slots.first()).map(|slot| slot.start);
        SeatRow {
            key: session.map_or_else(|| booking.session_id.to_string(), |session| session.code.clone()),
            url: session.map(|found| format!("/{}/sessions/{}", own.event.slug, found.code)).unwrap_or_default(),
            title: session
                .map(|session| Text::pick(&session.title, context.lang, &own.event.languages))
                .unwrap_or_default(),
            when: start.map(|at| format.date_time(at.in_zone(zone).naive_local())).unwrap_or_default(),
            seat: words.booked(booking, seats.ranks.get(&booking.id).copied()),
        }
    };
    seats.bookings.iter().map(row).collect()
}

/// The day asked for, today, or the first.
fn chosen_day(visit: &Visit, days: &[NaiveDate], today: NaiveDate) -> Option<NaiveDate> {
    let asked = visit.param("day").and_then(|day| day.parse().ok());
    asked.filter(|day| days.contains(day)).or_else(|| days.contains(&today).then_some(today)).or(days.first().copied())
}

fn agenda(context: &PageContext, own: &Own, programme: &Programme, stars: &HashSet<SessionId>) -> Vec<AgendaDay> {
    let entries = starring::agenda(programme, stars);
    let (zone, format, languages) = (own.event.zone(), context.formatter(), &own.event.languages);
    let mut days: Vec<AgendaDay> = Vec::new();
    for slot in &entries {
        let (start, end) = (slot.entry.start.in_zone(zone), slot.entry.end.in_zone(zone));
        let day = format.long_date(programme_day(slot.entry.start, zone));
        let session = programme.sessions.iter().find(|session| session.id == slot.entry.session);
        let line = AgendaLine {
            time: format!("{}–{}", format.time(start.time()), format.time(end.time())),
            title: slot.entry.title.text(context.lang, languages).to_owned(),
            url: session.map(|found| format!("/{}/sessions/{}", own.event.slug, found.code)).unwrap_or_default(),
            place: slot.entry.place(context.lang, languages),
            overlaps: overlapping(slot, &entries, |other| other.entry.title.text(context.lang, languages)),
        };
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.entries.push(line),
            None => days.push(AgendaDay { day, entries: vec![line] }),
        }
    }
    days
}

/// The titles of what is on at the same time as `slot`.
fn overlapping<'e>(slot: &Current, all: &'e [Current], title: impl Fn(&'e Current) -> &'e str) -> String {
    let others = all.iter().filter(|other| {
        other.guid != slot.guid && other.entry.start < slot.entry.end && slot.entry.start < other.entry.end
    });
    others.map(title).collect::<Vec<_>>().join(", ")
}

/// `POST /{event}/r/{token}/stars`: `star` and `unstar` name sessions by their codes. A script that asks
/// for JSON gets no page.
async fn set_stars(visit: Visit, request: HttpRequest, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = confirmed(&visit.app, &path).await?;
    let codes = |name: &'static str| form.all(name).take(MOST_CODES).map(str::to_owned).collect::<Vec<_>>();
    let (added, removed) = (codes("star"), codes("unstar"));
    let first = added.first().or(removed.first()).cloned().unwrap_or_default();
    let registration = own.registration;
    visit
        .app
        .write(move |db, now| {
            starring::set_stars(db, now, &registration, &added, true)?;
            Ok::<_, Failure>(starring::set_stars(db, now, &registration, &removed, false)?)
        })
        .await?;
    let accepts = request.headers().get("accept").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if accepts.contains("application/json") {
        return Ok(HttpResponse::NoContent().finish());
    }
    let day = form.text("day").parse::<NaiveDate>().map(|day| format!("?day={day}")).unwrap_or_default();
    let anchor: String = first.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
    Ok(respond::see_other(format!("{}{day}#s-{anchor}", url(&path, "/programme"))))
}

/// `GET /{event}/r/{token}/agenda.ics`: starred sessions and those with a seat as a feed. Who holds it is told by it.
async fn show_agenda_feed(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = confirmed(&visit.app, &path).await?;
    let id = own.registration.id;
    let planned = visit.app.read(move |db| Ok::<_, Failure>(starring::agenda_of(db, id)?)).await?;
    let snapshot = visit.app.site.snapshot();
    let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
    let mut programme = Programme::clone(&released.ok_or(Failure::NotFound)?.programme);
    programme.sessions.retain(|session| planned.contains(&session.id));
    let mut site = interchange::Site::of(&programme, &visit.app.settings.http.public_url);
    site.lang = own.registration.language;
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("cache-control", "private, no-cache"))
        .body(interchange::calendar(&programme, &site, Scope::Event)))
}

/// `POST /{event}/r/{token}/notices`: whether to be told of changes.
async fn choose_notices(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = confirmed(&visit.app, &path).await?;
    let wants = form.is_ticked("wants");
    let registration = own.registration;
    visit.app.write(move |db, now| Ok::<_, Failure>(starring::set_wants(db, now, &registration, wants)?)).await?;
    let notice = if wants { "notices-own-wanted" } else { "notices-own-refused" };
    Ok(respond::see_other_with_notice(url(&path, "/programme"), notice))
}

#[derive(Serialize)]
struct UnsubscribePage {
    action: String,
    programme_url: String,
    mails_url: String,
    is_done: bool,
}

impl Page for UnsubscribePage {
    const TEMPLATE: &'static str = "registration/unsubscribe.html";
}

/// `GET /{event}/r/{token}/unsubscribe`: asks, because mail scanners follow links.
async fn ask_unsubscribe(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = standing(&visit.app, &path).await?;
    let id = own.registration.id;
    let (_, wants) = visit.app.read(move |db| Ok::<_, Failure>(starring::starred(db, id)?)).await?;
    show_unsubscribe(&visit, &own, &path, !wants)
}

/// `POST /{event}/r/{token}/unsubscribe`: from the page, or by the mail program itself (RFC 8058).
async fn unsubscribe(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = standing(&visit.app, &path).await?;
    let registration = own.registration.clone();
    visit.app.write(move |db, now| Ok::<_, Failure>(starring::set_wants(db, now, &registration, false)?)).await?;
    show_unsubscribe(&visit, &own, &path, true)
}

fn show_unsubscribe(visit: &Visit, own: &Own, path: &(String, String), is_done: bool) -> PageResult {
    let context = context(visit, own, "notices-unsubscribe-title");
    let page = UnsubscribePage {
        action: url(path, "/unsubscribe"),
        programme_url: url(path, "/programme"),
        mails_url: url(path, "/mails"),
        is_done,
    };
    visit.show(&context, &page)
}
