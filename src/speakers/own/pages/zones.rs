//! The choice of a time zone among all, and times in two of them.

use super::guest::Guest;
use crate::db::UtcTime;
use crate::schedule::model::{Programme, ProgrammeSlot};
use crate::web::PageContext;
use chrono::{NaiveTime, TimeDelta};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::Serialize;

/// The form that changes the zone.
#[derive(Serialize)]
pub(super) struct ZoneForm {
    /// The zone shown, in words.
    label: String,
    /// Whether it is the venue's.
    is_venue: bool,
    venue: ZoneOption,
    areas: Vec<Area>,
}

#[derive(Serialize)]
struct Area {
    label: String,
    zones: Vec<ZoneOption>,
}

#[derive(Serialize)]
struct ZoneOption {
    id: &'static str,
    label: String,
    selected: bool,
}

/// The first parts of the names that people know as places; others are old names and technical ones.
const AREAS: &[&str] =
    &["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// "Kathmandu (UTC+5:45)" at an instant: the offset is another in summer.
pub(super) fn zone_label(zone: Tz, at: UtcTime) -> String {
    let seconds = at.in_zone(zone).offset_seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, minutes) = (seconds.abs() / 3600, seconds.abs() / 60 % 60);
    let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    format!("{city} (UTC{sign}{hours}:{minutes:02})")
}

trait OffsetSeconds {
    fn offset_seconds(&self) -> i32;
}

impl OffsetSeconds for chrono::DateTime<Tz> {
    fn offset_seconds(&self) -> i32 {
        use chrono::Offset;
        self.offset().fix().local_minus_utc()
    }
}

impl ZoneForm {
    /// Every zone of the world, with its offset when the event begins.
    pub(super) fn of(guest: &Guest, context: &PageContext) -> Self {
        let (zone, venue) = (guest.zone(), guest.own.event.zone());
        let at = super::super::windows::Day::of(guest.own.event.starts_on, venue).start;
        let option = |one: Tz| ZoneOption { id: one.name(), label: zone_label(one, at), selected: one == zone };
        let area = |area: &&str| {
            let key = format!("speaker-page-area-{}", area.to_lowercase());
            let of_area = |one: &&Tz| one.name().split_once('/').is_some_and(|(first, _)| first == *area);
            let mut zones: Vec<ZoneOption> = TZ_VARIANTS.iter().filter(of_area).map(|one| option(*one)).collect();
            zones.sort_by(|left, right| left.label.cmp(&right.label));
            Area { label: guest.visit.app.texts.text(context.lang, &key, &[]), zones }
        };
        Self {
            label: zone_label(zone, at),
            is_venue: zone == venue,
            venue: option(venue),
            areas: AREAS.iter().map(area).collect(),
        }
    }
}

/// A stretch of time on the reader's clocks, and on the venue's where they differ.
#[derive(Serialize)]
pub(super) struct Times {
    /// "Tuesday, 13 April 2027".
    day: String,
    /// "09:00–09:45".
    hours: String,
    /// The same on the venue's clocks, with the day and the zone; empty where they are the reader's.
    venue: String,
    /// For `<time datetime>`.
    start: String,
}

impl Times {
    pub(super) fn of(guest: &Guest, context: &PageContext, (start, end): (UtcTime, UtcTime)) -> Self {
        let (zone, venue) = (guest.zone(), guest.own.event.zone());
        let local = start.in_zone(zone);
        let is_same = local.naive_local() == start.in_zone(venue).naive_local();
        Self {
            day: context.formatter().long_date(local.date_naive()),
            hours: hours(guest, context, (start, end), zone),
            venue: if is_same { String::new() } else { at_venue(guest, context, (start, end)) },
            start: local.to_rfc3339(),
        }
    }
}

/// "09:00–09:45", with the day of the end where it is another: "23:30–00:30 (+1)" is read by nobody.
pub(super) fn hours(guest: &Guest, context: &PageContext, (start, end): (UtcTime, UtcTime), zone: Tz) -> String {
    let format = context.formatter();
    let (start, end) = (start.in_zone(zone), end.in_zone(zone));
    let is_next = end.date_naive() > start.date_naive();
    let last = if is_next && end.date_naive() - start.date_naive() == TimeDelta::days(1) && end.time() == NaiveTime::MIN
    {
        "24:00".to_owned()
    } else if is_next {
        format!("{} {}", format.day(end.date_naive()), format.time(end.time()))
    } else {
        format.time(end.time())
    };
    let args = [("start", format.time(start.time()).into()), ("end", last.into())];
    guest.visit.app.texts.text(context.lang, "public-hours", &args)
}

/// "Tue 13 Apr 11:15–12:00, Shanghai (UTC+8:00)".
pub(super) fn at_venue(guest: &Guest, context: &PageContext, (start, end): (UtcTime, UtcTime)) -> String {
    let venue = guest.own.event.zone();
    let day = context.formatter().day(start.in_zone(venue).date_naive());
    let args = [
        ("day", day.into()),
        ("hours", hours(guest, context, (start, end), venue).into()),
        ("zone", zone_label(venue, start).into()),
    ];
    guest.visit.app.texts.text(context.lang, "speaker-page-at-venue", &args)
}

/// A slot in one line on the reader's clocks: "Tue 13 Apr 09:00–09:45".
pub(super) fn in_line(guest: &Guest, context: &PageContext, (start, end): (UtcTime, UtcTime)) -> String {
    let zone = guest.zone();
    format!(
        "{} {}",
        context.formatter().day(start.in_zone(zone).date_naive()),
        hours(guest, context, (start, end), zone)
    )
}

/// The room of a slot.
pub(super) fn room<'a>(
    programme: &'a Programme,
    slot: &ProgrammeSlot,
) -> Option<&'a crate::schedule::model::ProgrammeRoom> {
    programme.rooms.iter().find(|room| Some(room.id) == slot.room)
}
