//! A day as a strip: when the speaker is free, with the hours of both clocks.

use super::guest::Guest;
use crate::schedule::availability::operations::Window;
use crate::speakers::own::windows::Day;
use crate::web::PageContext;
use chrono::NaiveTime;
use serde::Serialize;

/// What the strip of one day shows; lengths are those of its view box.
#[derive(Serialize)]
pub(super) struct Picture {
    ticks: Vec<Tick>,
    windows: Vec<Bar>,
    /// The speaker's slots of the newest release.
    slots: Vec<Bar>,
    /// Whether the venue's clocks show something else.
    has_venue: bool,
}

#[derive(Serialize)]
struct Tick {
    x: i64,
    anchor: &'static str,
    own: String,
    venue: String,
}

#[derive(Serialize)]
struct Bar {
    x: i64,
    width: i64,
    level: &'static str,
}

/// Where the strip begins in its view box, and how long it is.
const LEFT: i64 = 4;
const LENGTH: i64 = 352;

/// Hours that are written below the strip.
const HOURS: [u32; 4] = [0, 6, 12, 18];

impl Picture {
    pub(super) fn of(guest: &Guest, context: &PageContext, day: &Day, windows: &[Window]) -> Self {
        let (zone, venue) = (guest.zone(), guest.own.event.zone());
        let whole = (day.end - day.start).num_seconds().max(1);
        let x = |at: crate::db::UtcTime| LEFT + (at - day.start).num_seconds() * LENGTH / whole;
        let bar = |level, (start, end)| Bar { x: x(start), width: (x(end) - x(start)).max(1), level };
        let mut instants: Vec<_> = HOURS
            .iter()
            .filter_map(|hour| NaiveTime::from_hms_opt(*hour, 0, 0))
            .map(|time| day.at(time, zone))
            .collect();
        instants.push(day.end);
        instants.dedup();
        let clock = |at: crate::db::UtcTime, zone| context.formatter().time(at.in_zone(zone).time());
        let last = instants.len() - 1;
        let tick = |(index, at): (usize, &crate::db::UtcTime)| Tick {
            x: x(*at),
            anchor: if index == 0 {
                "start"
            } else if index == last {
                "end"
            } else {
                "middle"
            },
            own: if index == last { "24:00".to_owned() } else { clock(*at, zone) },
            venue: clock(*at, venue),
        };
        Self {
            ticks: instants.iter().enumerate().map(tick).collect(),
            windows: windows
                .iter()
                .filter_map(|window| Some(bar(window.level.as_str(), day.part(window.start, window.end)?)))
                .collect(),
            slots: guest.slots().filter_map(|(_, slot)| Some(bar("slot", day.part(slot.start, slot.end)?))).collect(),
            has_venue: instants.iter().any(|at| clock(*at, zone) != clock(*at, venue)),
        }
    }
}
