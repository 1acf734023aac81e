//! The team's pages of seats: all sessions, and how one session's seats can be booked.

use crate::accounts::access::{Allowed, ManageEvent, ViewRegistrations};
use crate::accounts::model::Permission;
use crate::bookings::model::{Booking, BookingState, Seats, SeatsFacts};
use crate::bookings::operations::{self, BookError, SessionSeats};
use crate::db::{CategoryId, SessionId, UtcTime};
use crate::programme::model::{Access, Session};
use crate::registration::category::{Category, instant};
use crate::registration::model::Registration;
use crate::registration::operations::all_categories;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of these pages.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/seats", list_sessions);
    routes.get("/organizer/{event}/seats/{session}", show_session);
    routes.post("/organizer/{event}/seats/{session}", save_seats);
}

pub(super) type Viewer = Allowed<ViewRegistrations>;

/// The page of one session's seats.
pub(super) fn session_url<P>(team: &Allowed<P>, session: SessionId) -> String {
    format!("/organizer/{}/seats/{session}", team.event.slug)
}

#[derive(Serialize)]
struct ListPage {
    sessions: Vec<SessionLine>,
    others_url: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/seats.html";
}

#[derive(Serialize)]
struct SessionLine {
    url: String,
    title: Text,
    when: String,
    access: String,
    is_set: bool,
    taken: String,
    capacity: String,
    waiting: i64,
    fill: &'static str,
    fill_label: String,
}

/// `GET /organizer/{event}/seats`: sessions that need a seat or an invitation, and others that have seats.
async fn list_sessions(team: Viewer) -> PageResult {
    let (event, id) = (team.event.clone(), team.event.id);
    let (draft, seats, waiting) = team
        .visit
        .app
        .read(move |db| {
            let draft = crate::schedule::operations::draft(db, &event)?;
            Ok::<_, Failure>((draft, operations::all_seats(db, id)?, operations::waiting(db, id)?))
        })
        .await?;
    let context = team.context("seats", "seats-team-title");
    let line = |session: &ProgrammeSession| {
        let own = seats.iter().find(|seats| seats.session_id == session.id);
        let needed = session.access != Access::Open || own.is_some();
        needed.then(|| line(&team, &context, session, (own, waiting.get(&session.id).copied().unwrap_or(0))))
    };
    let mut sessions: Vec<_> = draft.programme.sessions.iter().collect();
    // What has no time yet comes last.
    sessions.sort_by_key(|session| {
        let start = session.slots.iter().map(|slot| slot.start).min();
        (start.is_none(), start)
    });
    let page = ListPage {
        sessions: sessions.into_iter().filter_map(line).collect(),
        others_url: format!("/organizer/{}/sessions", team.event.slug),
    };
    team.visit.show(&context, &page)
}

fn line(
    team: &Viewer,
    context: &PageContext,
    session: &ProgrammeSession,
    (seats, waiting): (Option<&Seats>, i64),
) -> SessionLine {
    let (format, text) = (context.formatter(), |key: &str| team.visit.app.texts.text(context.lang, key, &[]));
    let at = |at: UtcTime| format.date_time(at.in_zone(team.event.zone()).naive_local());
    let fill = seats.map(|seats| seats.fill().as_str()).unwrap_or_default();
    SessionLine {
        url: session_url(team, session.id),
        title: Text::pick(&session.title, context.lang, &team.event.languages),
        when: session.slots.iter().map(|slot| slot.start).min().map(at).unwrap_or_default(),
        access: text(&format!("public-access-{}", session.access)),
        is_set: seats.is_some(),
        taken: seats.map(|seats| format.number(seats.taken.into())).unwrap_or_default(),
        capacity: seats.map(|seats| format.number(seats.capacity.into())).unwrap_or_default(),
        waiting,
        fill,
        fill_label: if fill.is_empty() { String::new() } else { text(&format!("seats-team-{fill}")) },
    }
}

#[derive(Serialize)]
struct SessionPage {
    title: Text,
    session_url: String,
    back_url: String,
    action: String,
    is_closed: bool,
    is_set: bool,
    may_manage: bool,
    may_change: bool,
    errors: Vec<ErrorLine>,
    version: String,
    taken: i32,
    timezone: String,
    capacity: Field,
    opens_at: Field,
    closes_at: Field,
    offer_minutes: Field,
    has_waiting_list: bool,
    shows_rank: bool,
    categories: Vec<Choice>,
    people: Vec<PersonLine>,
    waiting: Vec<PersonLine>,
    guests: Vec<PersonLine>,
    export_url: String,
}

impl Page for SessionPage {
    const TEMPLATE: &'static str = "organizer/session_seats.html";
}

#[derive(Serialize)]
struct PersonLine {
    /// The booking, or the registration of a guest.
    id: String,
    url: String,
    name: String,
    code: String,
    organisation: String,
    state: &'static str,
    state_label: String,
    at: String,
    priority: i32,
}

/// The session, its seats and people, and the event's categories.
struct Found {
    session: Session,
    seats: SessionSeats,
    categories: Vec<Category>,
    /// The smallest room in which the draft has the session.
    room: Option<i32>,
}

async fn find<P>(team: &Allowed<P>, session: SessionId) -> Result<Found, Failure> {
    let (event, owner) = (team.event.id, team.event.clone());
    team.visit
        .app
        .read(move |db| {
            let found = crate::programme::operations::find(db, event, session)?.ok_or(Failure::NotFound)?;
            let seats = operations::of_session(db, event, session)?;
            let room = match seats.seats {
                Some(_) => None,
                None => smallest_room(&crate::schedule::operations::draft(db, &owner)?.programme, session),
            };
            Ok(Found { session: found, seats, categories: all_categories(db, event)?, room })
        })
        .await
}

fn smallest_room(programme: &Programme, session: SessionId) -> Option<i32> {
    let session = programme.sessions.iter().find(|found| found.id == session)?;
    let rooms = session.slots.iter().filter_map(|slot| slot.room);
    let rooms = rooms.filter_map(|id| programme.rooms.iter().find(|room| room.id == id));
    rooms.filter_map(|room| room.capacity).min()
}

/// `GET /organizer/{event}/seats/{session}`.
async fn show_session(team: Viewer, path: Path<(String, SessionId)>) -> PageResult {
    let found = find(&team, path.1).await?;
    let form = fields(&found, team.event.zone());
    show(&team, StatusCode::OK, &found, (&form, &FieldErrors::default()))
}

/// What the form shows at first: the seats as they are, or the session's own number of seats, or its room's.
fn fields(found: &Found, zone: chrono_tz::Tz) -> FormData {
    let wall =
        |at: Option<UtcTime>| at.map(|at| at.in_zone(zone).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
    let Some(seats) = &found.seats.seats else {
        let capacity = found.session.capacity.or(found.room).map(|seats| seats.to_string()).unwrap_or_default();
        return FormData::from_fields([
            ("capacity", capacity.as_str()),
            ("offer_minutes", "120"),
            ("has_waiting_list", "on"),
            ("shows_rank", "on"),
        ]);
    };
    let mut form = FormData::from_fields([
        ("version", seats.version.to_string()),
        ("capacity", seats.capacity.to_string()),
        ("opens_at", wall(seats.opens_at)),
        ("closes_at", wall(seats.closes_at)),
        ("offer_minutes", seats.offer_minutes.to_string()),
    ]);
    for (name, is_on) in [("has_waiting_list", seats.has_waiting_list), ("shows_rank", seats.shows_rank)] {
        if is_on {
            form.push(name, "on");
        }
    }
    for category in seats.categories.iter() {
        form.push("category", category.to_string());
    }
    form
}

fn show<P>(
    team: &Allowed<P>,
    status: StatusCode,
    found: &Found,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("seats", "seats-session-title");
    let page = page(team, &context, found, (form, errors));
    team.visit.show_with_status(status, &context, &page)
}

fn page<P>(
    team: &Allowed<P>,
    context: &PageContext,
    Found { session, seats, categories, .. }: &Found,
    (form, errors): (&FormData, &FieldErrors),
) -> SessionPage {
    let view = FormView::new(&team.visit, context, form, errors);
    let url = session_url(team, session.id);
    let people = |waits: bool| {
        let fits = move |(booking, _): &&(Booking, Registration)| (booking.state == BookingState::Waiting) == waits;
        seats.bookings.iter().filter(fits).map(|(booking, who)| person(team, context, Some(booking), who)).collect()
    };
    let chosen: Vec<&str> = form.all("category").collect();
    let choice = |category: &Category| Choice {
        value: category.id.to_string(),
        label: Text::pick(&category.name, context.lang, &team.event.languages).text,
        selected: chosen.contains(&category.id.as_str()),
    };
    SessionPage {
        title: Text::pick(&session.title, context.lang, &team.event.languages),
        session_url: format!("/organizer/{}/sessions/{}", team.event.slug, session.id),
        back_url: format!("/organizer/{}/seats", team.event.slug),
        is_closed: session.access == Access::Invitation,
        is_set: seats.seats.is_some(),
        may_manage: team.may(Permission::ManageEvent),
        may_change: team.may(Permission::ManageRegistrations),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        taken: seats.seats.as_ref().map_or(0, |seats| seats.taken),
        timezone: team.event.zone().name().to_owned(),
        capacity: view.field("capacity"),
        opens_at: view.field("opens_at"),
        closes_at: view.field("closes_at"),
        offer_minutes: view.field("offer_minutes"),
        has_waiting_list: view.ticked("has_waiting_list"),
        shows_rank: view.ticked("shows_rank"),
        categories: categories.iter().map(choice).collect(),
        people: people(false),
        waiting: people(true),
        guests: seats.guests.iter().map(|guest| person(team, context, None, guest)).collect(),
        export_url: format!("{url}/people.csv"),
        action: url,
    }
}

fn person<P>(team: &Allowed<P>, context: &PageContext, booking: Option<&Booking>, who: &Registration) -> PersonLine {
    let at = |at: UtcTime| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local());
    let state = booking.map(|booking| booking.state);
    let time = booking.and_then(|booking| booking.offered_until.or(booking.waits_since).or(Some(booking.created_at)));
    PersonLine {
        id: booking.map_or_else(|| who.id.to_string(), |booking| booking.id.to_string()),
        url: format!("/organizer/{}/registrations/{}", team.event.slug, who.id),
        name: who.full_name(),
        code: who.code.clone(),
        organisation: who.organisation.clone(),
        state: state.map(BookingState::as_str).unwrap_or_default(),
        state_label: state
            .map(|state| team.visit.app.texts.text(context.lang, &format!("seats-state-{state}"), &[]))
            .unwrap_or_default(),
        at: time.map(at).unwrap_or_default(),
        priority: booking.map_or(0, |booking| booking.priority),
    }
}

/// Most seats of a session.
const MOST_SEATS: i32 = 1_000_000;
/// Longest time for which an offered seat is kept: two weeks.
const LONGEST_OFFER: i32 = 20_160;

fn read(form: &FormData, zone: chrono_tz::Tz, known: &[Category]) -> Result<SeatsFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let facts = SeatsFacts {
        capacity: checker.number("capacity", 0..=MOST_SEATS).unwrap_or_default(),
        opens_at: instant(&mut checker, form, "opens_at", zone),
        closes_at: instant(&mut checker, form, "closes_at", zone),
        has_waiting_list: form.is_ticked("has_waiting_list"),
        shows_rank: form.is_ticked("shows_rank"),
        offer_minutes: checker.number("offer_minutes", 5..=LONGEST_OFFER).unwrap_or_default(),
        categories: form
            .all("category")
            .filter_map(|id| id.parse::<CategoryId>().ok())
            .filter(|id| known.iter().any(|category| category.id == *id))
            .collect(),
    };
    if let (Some(opens), Some(closes)) = (facts.opens_at, facts.closes_at)
        && closes <= opens
    {
        checker.wrong("closes_at", Message::new("registration-error-closes-before-opens"));
    }
    checker.finish(facts)
}

/// `POST /organizer/{event}/seats/{session}`.
async fn save_seats(team: Allowed<ManageEvent>, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let found = find(&team, path.1).await?;
    let refused = match read(&form, team.event.zone(), &found.categories) {
        Ok(facts) => match save(&team, path.1, &form, facts).await? {
            None => {
                return Ok(respond::see_other_with_notice(session_url(&team, path.1), "seats-notice-saved"));
            }
            Some(errors) => errors,
        },
        Err(errors) => errors,
    };
    show(&team, StatusCode::UNPROCESSABLE_ENTITY, &found, (&form, &refused))
}

/// Saves; what is wrong with the form where more seats are taken than there would be.
async fn save(
    team: &Allowed<ManageEvent>,
    session: SessionId,
    form: &FormData,
    facts: SeatsFacts,
) -> Result<Option<FieldErrors>, Failure> {
    let (event, actor) = (team.event.id, team.actor());
    let version = form.text("version").parse().ok();
    let done = team
        .visit
        .app
        .write(move |db, now| operations::set_seats(db, now, actor, (event, session, version), &facts))
        .await;
    match done {
        Err(BookError::BelowTaken(taken)) => {
            let mut errors = FieldErrors::default();
            errors.push("capacity", Message::new("seats-error-below-taken").with("taken", taken));
            Ok(Some(errors))
        }
        outcome => outcome.map(|()| None).map_err(Failure::from),
    }
}
