//! When the speaker is free: for each day of the event windows from and to, on the reader's own clocks.

use super::guest::{Guest, Visited};
use super::picture::Picture;
use super::zones::{ZoneForm, at_venue, in_line};
use crate::db::UtcTime;
use crate::schedule::availability::operations::{self as availability, AvailabilityError, Subject, Window};
use crate::schedule::draft::Level;
use crate::speakers::own::windows::{Day, WrongWindow, merged, outside};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, respond};
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::BTreeMap;

#[derive(Serialize)]
struct AvailabilityPage {
    errors: Vec<ErrorLine>,
    /// The day of each field, for the summary of what is wrong.
    labels: BTreeMap<String, String>,
    /// Whether someone else has set them since: `now` says how.
    is_stale: bool,
    now: Vec<String>,
    stamp: String,
    zone: ZoneForm,
    zone_name: &'static str,
    days: Vec<DayForm>,
    action: String,
    back_url: String,
}

impl Page for AvailabilityPage {
    const TEMPLATE: &'static str = "speaker/availability.html";
}

#[derive(Serialize)]
struct DayForm {
    date: String,
    label: String,
    /// The whole day on the venue's clocks; empty where they are the reader's.
    venue: String,
    picture: Picture,
    rows: Vec<RowForm>,
    /// Whether there is room for one more line.
    may_add: bool,
}

#[derive(Serialize)]
struct RowForm {
    /// `2027-04-13.0`, as the button that takes the line away says it.
    id: String,
    number: usize,
    from: Field,
    to: Field,
    level: Field,
    levels: Vec<Choice>,
    /// The instants that are kept of it: a line that nobody changes stays as it is to the second.
    kept: String,
    /// The same on the venue's clocks.
    venue: String,
}

/// Lines of one day.
const MOST_ROWS: usize = 12;

/// The speaker's windows and what they are compared with when they are saved.
struct Loaded {
    windows: Vec<Window>,
    stamp: String,
}

async fn load(guest: &Guest) -> Result<Loaded, Failure> {
    let (event, subject) = (guest.own.event.id, Subject::Speaker(guest.own.speaker.id));
    guest
        .visit
        .app
        .read(move |db| {
            let windows = availability::of(db, event, subject)?;
            Ok::<_, Failure>(Loaded { windows, stamp: availability::stamp(db, event, subject)? })
        })
        .await
}

fn days(guest: &Guest) -> Vec<Day> {
    let event = &guest.own.event;
    Day::all(event.starts_on, event.ends_on, event.zone(), guest.zone())
}

fn name(field: &str, date: NaiveDate, row: usize) -> String {
    format!("{field}.{date}.{row}")
}

/// How many lines of a day a form holds.
fn rows(form: &FormData, date: NaiveDate) -> usize {
    let is_there = |row: &usize| form.all(&name("level", date, *row)).next().is_some();
    (0..MOST_ROWS).take_while(is_there).count()
}

/// The windows as the form's fields, an empty line where a day has none.
fn stored(loaded: &Loaded, days: &[Day], zone: Tz) -> FormData {
    let mut form = FormData::from_fields([("stamp", loaded.stamp.as_str())]);
    for day in days {
        let parts = loaded.windows.iter().filter_map(|window| Some((window, day.part(window.start, window.end)?)));
        let mut row = 0;
        for (window, part) in parts.take(MOST_ROWS) {
            let (from, to) = day.written(part, zone);
            form.push(name("from", day.date, row), from);
            form.push(name("to", day.date, row), to);
            form.push(name("level", day.date, row), window.level.as_str());
            form.push(name("kept", day.date, row), format!("{}/{}", part.0, part.1));
            row += 1;
        }
        if row == 0 {
            form.push(name("level", day.date, 0), "");
        }
    }
    form
}

/// The instants that a form carries along with a line.
fn kept(text: &str) -> Option<(UtcTime, UtcTime)> {
    let instant = |text: &str| Some(chrono::DateTime::parse_from_rfc3339(text).ok()?.to_utc().into());
    let (start, end) = text.split_once('/')?;
    Some((instant(start)?, instant(end)?))
}

/// The window of one line; none where the line is empty.
fn read_row(checker: &mut Checker<'_>, form: &FormData, day: &Day, row: usize, zone: Tz) -> Option<Window> {
    let field = |field: &str| name(field, day.date, row);
    let (from, to, level) = (form.text(&field("from")), form.text(&field("to")), form.text(&field("level")));
    if from.is_empty() && to.is_empty() && level.is_empty() {
        return None;
    }
    let Ok(level) = level.parse::<Level>() else {
        checker.wrong(field("level"), Message::new("speaker-page-error-level"));
        return None;
    };
    if from.is_empty() && to.is_empty() {
        return Some(Window { start: day.start, end: day.end, level });
    }
    // What stands in the form as it was shown means what it meant: the second of two equal hours too.
    let unchanged = kept(form.text(&field("kept"))).filter(|part| {
        day.part(part.0, part.1) == Some(*part) && day.written(*part, zone) == (from.to_owned(), to.to_owned())
    });
    if let Some((start, end)) = unchanged {
        return Some(Window { start, end, level });
    }
    let (from, to) = (checker.time(&field("from")), checker.time(&field("to")));
    match day.window(from?, to?, zone) {
        Ok((start, end)) => Some(Window { start, end, level }),
        Err(WrongWindow::EndsBeforeStart) => {
            checker.wrong(field("to"), Message::new("speaker-page-error-backwards"));
            None
        }
        Err(WrongWindow::Skipped) => {
            checker.wrong(field("from"), Message::new("speaker-page-error-skipped"));
            None
        }
    }
}

fn read(form: &FormData, days: &[Day], zone: Tz) -> Result<Vec<Window>, FieldErrors> {
    let mut checker = Checker::new(form);
    let mut windows = Vec::new();
    for day in days {
        for row in 0..rows(form, day.date) {
            windows.extend(read_row(&mut checker, form, day, row, zone));
        }
    }
    checker.finish(windows)
}

/// The form with one more empty line at a day.
fn with_line(form: &FormData, day: &str) -> FormData {
    let mut form = form.clone();
    if let Ok(date) = day.parse::<NaiveDate>() {
        let row = rows(&form, date);
        form.push(name("level", date, row), "");
    }
    form
}

/// The form without one line of a day; those after it move up.
fn without_line(form: &FormData, line: &str) -> FormData {
    let gone = line.split_once('.').and_then(|(date, row)| Some((date.parse().ok()?, row.parse::<usize>().ok()?)));
    let Some((date, gone)) = gone else { return form.clone() };
    let mut fields: Vec<(String, String)> = Vec::new();
    let of_day = |field: &str| {
        (0..rows(form, date)).any(|row| ["from", "to", "level", "kept"].iter().any(|one| name(one, date, row) == field))
    };
    fields.extend(
        form.iter().filter(|(field, _)| !of_day(field)).map(|(field, value)| (field.to_owned(), value.to_owned())),
    );
    let mut next = 0;
    for row in (0..rows(form, date)).filter(|row| *row != gone) {
        for field in ["from", "to", "level", "kept"] {
            fields.push((name(field, date, next), form.text(&name(field, date, row)).to_owned()));
        }
        next += 1;
    }
    if next == 0 {
        fields.push((name("level", date, 0), String::new()));
    }
    FormData::from_fields(fields)
}

fn show(guest: &Guest, loaded: &Loaded, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = guest.context("speaker-page-availability-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let days = days(guest);
    let is_stale = status == StatusCode::CONFLICT;
    let label = |date: NaiveDate| context.formatter().day(date);
    let dated = |field: &str| field.split('.').nth(1).and_then(|date| date.parse().ok()).map(label);
    let in_words = |window: &Window| {
        let key = format!("speaker-page-level-{}", window.level);
        let level = guest.visit.app.texts.text(context.lang, &key, &[]);
        format!("{} · {level}", in_line(guest, &context, (window.start, window.end)))
    };
    let page = AvailabilityPage {
        errors: view.summary(),
        labels: errors.iter().filter_map(|error| Some((error.field.clone(), dated(&error.field)?))).collect(),
        is_stale,
        now: loaded.windows.iter().filter(|_| is_stale).map(in_words).collect(),
        stamp: if is_stale { loaded.stamp.clone() } else { form.text("stamp").to_owned() },
        zone: ZoneForm::of(guest, &context),
        zone_name: guest.zone().name(),
        days: days.iter().map(|day| day_form(guest, &context, loaded, day, (form, &view))).collect(),
        action: guest.url("/availability"),
        back_url: guest.url(""),
    };
    guest.visit.show_with_status(status, &context, &page)
}

fn day_form(
    guest: &Guest,
    context: &PageContext,
    loaded: &Loaded,
    day: &Day,
    (form, view): (&FormData, &FormView<'_>),
) -> DayForm {
    let zone = guest.zone();
    let is_same = day.start.in_zone(zone).naive_local() == day.start.in_zone(guest.own.event.zone()).naive_local();
    let at_venue = |part| if is_same { String::new() } else { at_venue(guest, context, part) };
    let word = |level: &Level| guest.visit.app.texts.text(context.lang, &format!("speaker-page-level-{level}"), &[]);
    let row = |row: usize| {
        let level = name("level", day.date, row);
        let kept_text = form.text(&name("kept", day.date, row));
        RowForm {
            id: format!("{}.{row}", day.date),
            number: row + 1,
            from: view.field(&name("from", day.date, row)),
            to: view.field(&name("to", day.date, row)),
            levels: view.choices(&level, Level::ALL.iter().map(|level| (level.to_string(), word(level)))),
            level: view.field(&level),
            venue: kept(kept_text).map(at_venue).unwrap_or_default(),
            kept: kept_text.to_owned(),
        }
    };
    let count = rows(form, day.date);
    DayForm {
        date: day.date.to_string(),
        label: context.formatter().long_date(day.date),
        venue: at_venue((day.start, day.end)),
        picture: Picture::of(guest, context, day, &loaded.windows),
        rows: (0..count).map(row).collect(),
        may_add: count < MOST_ROWS,
    }
}

/// `GET /{event}/s/{token}/availability`.
pub(super) async fn show_availability(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let loaded = load(&guest).await?;
    let form = stored(&loaded, &days(&guest), guest.zone());
    show(&guest, &loaded, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /{event}/s/{token}/availability`: saves, or shows the form with a line more or less.
pub(super) async fn save_availability(visited: Visited, form: FormData) -> PageResult {
    let mut guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    // Times mean the clocks that the form was shown with, whatever was chosen elsewhere since.
    guest.visit.chosen_zone = form.text("zone").parse().ok().or(guest.visit.chosen_zone);
    let (loaded, days, zone) = (load(&guest).await?, days(&guest), guest.zone());
    for (button, edit) in [("add", with_line as fn(&FormData, &str) -> FormData), ("remove", without_line)] {
        if !form.text(button).is_empty() {
            let form = edit(&form, form.text(button));
            return show(&guest, &loaded, StatusCode::OK, &form, &FieldErrors::default());
        }
    }
    match read(&form, &days, zone) {
        Ok(typed) => save(&guest, &form, (typed, &days)).await,
        Err(errors) => show(&guest, &loaded, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    }
}

async fn save(guest: &Guest, form: &FormData, (typed, days): (Vec<Window>, &[Day])) -> PageResult {
    let (actor, event, speaker) = (guest.actor(), guest.own.event.id, guest.own.speaker.id);
    let (stamp, days) = (form.text("stamp").to_owned(), days.to_vec());
    let saved = guest.visit.app.write(move |db, now| {
        // First of all, so that the speaker and an assistant wait for each other.
        crate::events::operations::touch_draft(db, event)?;
        let subject = Subject::Speaker(speaker);
        if availability::stamp(db, event, subject)? != stamp {
            return Err(AvailabilityError::Stale);
        }
        let mut windows = outside(&availability::of(db, event, subject)?, &days);
        windows.extend(&typed);
        availability::set_for_speaker(db, now, actor, event, speaker, &merged(windows))
    });
    match saved.await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url(""), "speaker-page-notice-availability")),
        Err(AvailabilityError::Stale) => {
            show(guest, &load(guest).await?, StatusCode::CONFLICT, form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}
