//! `/organizer/{event}/rooms/{room}/availability`.

use super::operations::{self, AvailabilityError, Subject, Window};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{RoomId, UtcTime};
use crate::schedule::draft::Level;
use crate::schedule::times::{Fold, resolve};
use crate::venue::model::Room;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{Days, NaiveDate, NaiveTime};
use serde::Serialize;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/rooms/{room}/availability", show_availability);
    routes.post("/organizer/{event}/rooms/{room}/availability", set_availability);
}

type Team = Allowed<ManageEvent>;

impl From<AvailabilityError> for Failure {
    fn from(error: AvailabilityError) -> Self {
        match error {
            AvailabilityError::Gone => Self::NotFound,
            AvailabilityError::Stale => Self::conflict("events-error-stale"),
            AvailabilityError::Backwards => Self::bad_request("schedule-ends-before-start"),
            AvailabilityError::TooMany => Self::bad_request("availability-too-many"),
            AvailabilityError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct AvailabilityPage {
    errors: Vec<ErrorLine>,
    room: Text,
    zone: &'static str,
    stamp: String,
    /// Whether someone else has set them since: `now` says how.
    is_stale: bool,
    now: Vec<String>,
    rows: Vec<WindowRow>,
    room_url: String,
}

impl Page for AvailabilityPage {
    const TEMPLATE: &'static str = "organizer/room_availability.html";
}

#[derive(Serialize)]
struct WindowRow {
    day: Field,
    days: Vec<Choice>,
    from: Field,
    to: Field,
    level: Field,
    levels: Vec<Choice>,
}

/// Empty lines that the form offers besides what is set.
const SPARE_ROWS: usize = 4;

/// A room with its windows.
struct Loaded {
    room: Room,
    windows: Vec<Window>,
    stamp: String,
}

async fn load(team: &Team, room: RoomId) -> Result<Loaded, Failure> {
    let event = team.event.id;
    team.visit
        .app
        .read(move |db| {
            let room = crate::venue::operations::find(db, event, room)?.ok_or(Failure::NotFound)?;
            let subject = Subject::Room(room.id);
            let windows = operations::of(db, event, subject)?;
            Ok(Loaded { stamp: operations::stamp(db, event, subject)?, room, windows })
        })
        .await
}

fn name(field: &str, row: usize) -> String {
    format!("{field}.{row}")
}

/// The windows as the form's fields.
fn stored(team: &Team, loaded: &Loaded) -> FormData {
    let mut form = FormData::from_fields([("stamp", loaded.stamp.as_str())]);
    for (row, window) in loaded.windows.iter().enumerate() {
        let (start, end) = (window.start.in_zone(team.event.zone()), window.end.in_zone(team.event.zone()));
        form.push(name("day", row), start.date_naive().to_string());
        form.push(name("from", row), start.format("%H:%M").to_string());
        form.push(name("to", row), end.format("%H:%M").to_string());
        form.push(name("level", row), window.level.as_str());
    }
    form
}

fn row_count(form: &FormData) -> usize {
    (0..operations::MOST_WINDOWS).rev().find(|row| !form.text(&name("from", *row)).is_empty()).map_or(0, |row| row + 1)
}

fn show(team: &Team, loaded: &Loaded, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = team.context("rooms", "availability-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let texts = &team.visit.app.texts;
    let format = context.formatter();
    let mut days: Vec<NaiveDate> = team.event.days().collect();
    days.extend(loaded.windows.iter().map(|window| window.start.in_zone(team.event.zone()).date_naive()));
    days.sort_unstable();
    days.dedup();
    let word = |level: &Level| texts.text(context.lang, &format!("availability-level-{level}"), &[]);
    let row = |row: usize| WindowRow {
        day: view.field(&name("day", row)),
        days: view.choices(&name("day", row), days.iter().map(|day| (day.to_string(), format.day(*day)))),
        from: view.field(&name("from", row)),
        to: view.field(&name("to", row)),
        level: view.field(&name("level", row)),
        levels: view.choices(&name("level", row), Level::ALL.iter().map(|level| (level.to_string(), word(level)))),
    };
    let in_words = |window: &Window| {
        let (start, end) = (window.start.in_zone(team.event.zone()), window.end.in_zone(team.event.zone()));
        let hours =
            format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()));
        format!("{hours} · {}", word(&window.level))
    };
    let is_stale = status == StatusCode::CONFLICT;
    let page = AvailabilityPage {
        errors: view.summary(),
        room: Text::pick(&loaded.room.name, context.lang, &team.event.languages),
        zone: team.event.zone().name(),
        stamp: if is_stale { loaded.stamp.clone() } else { form.text("stamp").to_owned() },
        is_stale,
        now: loaded.windows.iter().filter(|_| is_stale).map(in_words).collect(),
        rows: (0..(row_count(form) + SPARE_ROWS).min(operations::MOST_WINDOWS)).map(row).collect(),
        room_url: format!("/organizer/{}/rooms/{}", team.event.slug, loaded.room.id),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// The windows of the posted form; a line without times is left out.
fn windows(team: &Team, form: &FormData) -> Result<Vec<Window>, FieldErrors> {
    let mut checker = Checker::new(form);
    let mut windows = Vec::new();
    for row in 0..row_count(form).max(1) {
        let names = [name("day", row), name("from", row), name("to", row), name("level", row)];
        if form.text(&names[1]).is_empty() && form.text(&names[2]).is_empty() {
            continue;
        }
        let (day, level) = (checker.date(&names[0]), checker.parsed::<Level>(&names[3], "error-required"));
        let (from, to) = (checker.time(&names[1]), checker.time(&names[2]));
        let (Some(day), Some(level), Some(from), Some(to)) = (day, level, from, to) else { continue };
        match window(team, day, (from, to)) {
            Some((start, end)) => windows.push(Window { start, end, level }),
            None => checker.wrong(&names[2], Message::new("availability-backwards")),
        }
    }
    checker.finish(windows)
}

/// From one time of a day to another; midnight as the end is that of the next day. An hour that the
/// clocks show twice is meant whole, and one that they skip begins where they go on.
fn window(team: &Team, day: NaiveDate, (from, to): (NaiveTime, NaiveTime)) -> Option<(UtcTime, UtcTime)> {
    let zone = team.event.zone();
    let end_day = if to == NaiveTime::MIN { day.checked_add_days(Days::new(1))? } else { day };
    let at = |day, time: NaiveTime, fold| {
        let later = || resolve(day, time.overflowing_add_signed(chrono::TimeDelta::hours(1)).0, zone, Some(fold));
        resolve(day, time, zone, Some(fold)).or_else(|_| later()).ok()
    };
    let (start, end) = (at(day, from, Fold::First)?, at(end_day, to, Fold::Second)?);
    (start < end).then_some((start, end))
}

/// `GET /organizer/{event}/rooms/{room}/availability`.
async fn show_availability(team: Team, path: Path<(String, RoomId)>) -> PageResult {
    let loaded = load(&team, path.1).await?;
    show(&team, &loaded, StatusCode::OK, &stored(&team, &loaded), &FieldErrors::default())
}

/// `POST /organizer/{event}/rooms/{room}/availability`.
async fn set_availability(team: Team, path: Path<(String, RoomId)>, form: FormData) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let windows = match windows(&team, &form) {
        Ok(windows) => windows,
        Err(errors) => return show(&team, &loaded, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event, room, stamp) = (team.actor(), team.event.id, path.1, form.text("stamp").to_owned());
    let done = team.visit.app.write(move |db, now| {
        crate::events::operations::touch_draft(db, event)?;
        if operations::stamp(db, event, Subject::Room(room))? != stamp {
            return Err(AvailabilityError::Stale);
        }
        operations::set_for_room(db, now, actor, event, room, &windows)
    });
    match done.await {
        Ok(()) => {
            let room_url = format!("/organizer/{}/rooms/{room}", team.event.slug);
            Ok(respond::see_other_with_notice(room_url, "availability-notice-saved"))
        }
        Err(AvailabilityError::Stale) => {
            show(&team, &load(&team, room).await?, StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}
