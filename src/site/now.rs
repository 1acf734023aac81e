//! What is on now and what comes next, room by room.

use super::model::{Released, programme_day};
use super::view::{Reader, SessionCard};
use crate::db::RoomId;
use crate::programme::model::SessionState;
use crate::schedule::model::{ProgrammeRoom, ProgrammeSession, ProgrammeSlot};
use crate::web::page::{Page, Text};
use chrono::NaiveDate;
use serde::Serialize;

/// One room at this minute.
pub(super) struct Moment<'a> {
    /// What is on, as it was shifted; two where the draft put two there.
    pub(super) now: Vec<(&'a ProgrammeSession, &'a ProgrammeSlot)>,
    /// What begins next on the same day of the programme.
    pub(super) next: Option<(&'a ProgrammeSession, &'a ProgrammeSlot)>,
}

impl<'a> Moment<'a> {
    /// What `room` shows at this minute; what has no room yet for none.
    pub(super) fn of(reader: &Reader<'_>, released: &'a Released, room: Option<RoomId>) -> Self {
        let today = today(reader);
        let here = released.slots().filter(|(_, slot)| {
            slot.room.filter(|room| released.room(*room).is_some()) == room
                && programme_day(slot.start, reader.event.event.zone()) == today
        });
        let mut moment = Self { now: Vec::new(), next: None };
        let mut earliest = None;
        for (session, slot) in here {
            let shown = reader.shown(session, slot);
            if shown.start <= reader.now && reader.now < shown.end {
                moment.now.push((session, slot));
            } else if shown.start > reader.now
                && session.state != SessionState::Cancelled
                && earliest.is_none_or(|earliest| shown.start < earliest)
            {
                earliest = Some(shown.start);
                moment.next = Some((session, slot));
            }
        }
        moment
    }
}

/// The day of the programme that this minute belongs to, where the event takes place.
pub(super) fn today(reader: &Reader<'_>) -> NaiveDate {
    programme_day(reader.now, reader.event.event.zone())
}

/// "In 12 minutes" of what begins within the hour; else nothing.
pub(super) fn begins_in(reader: &Reader<'_>, session: &ProgrammeSession, slot: &ProgrammeSlot) -> String {
    // A minute that has begun is counted: nobody should come a minute late.
    let seconds = (reader.shown(session, slot).start - reader.now).num_seconds();
    match (seconds + 59) / 60 {
        minutes @ 1..=60 => reader.app.texts.text(reader.lang, "live-begins-in", &[("minutes", minutes.into())]),
        _ => String::new(),
    }
}

/// `/{event}/now`.
#[derive(Serialize)]
pub(super) struct NowPage {
    /// "before", "running", "quiet" (nothing more today) or "over".
    state: &'static str,
    heading: String,
    help: String,
    as_of: String,
    rooms: Vec<RoomNow>,
    quiet: Vec<RoomName>,
    schedule_url: String,
}

impl Page for NowPage {
    const TEMPLATE: &'static str = "public/now.html";
}

#[derive(Serialize)]
struct RoomNow {
    room: RoomName,
    now: Vec<SessionCard>,
    next: Option<SessionCard>,
    begins_in: String,
}

/// A room with the way to its page; neither where none is set yet.
#[derive(Serialize)]
pub(super) struct RoomName {
    pub(super) name: Text,
    pub(super) building: Text,
    pub(super) url: String,
}

impl RoomName {
    pub(super) fn of(reader: &Reader<'_>, room: Option<&ProgrammeRoom>) -> Self {
        let none =
            || Text { text: reader.text("public-no-room"), lang: reader.lang.to_string(), dir: reader.lang.dir() };
        Self {
            name: room.map_or_else(none, |room| reader.pick(&room.name)),
            building: room.map(|room| reader.pick(&room.building)).unwrap_or_default(),
            url: room.map(|room| format!("{}/rooms/{}", reader.base(), room.code)).unwrap_or_default(),
        }
    }
}

impl NowPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released) -> Self {
        let all = released.programme.rooms.iter().map(Some).chain([None]);
        let (mut rooms, mut quiet) = (Vec::new(), Vec::new());
        for room in all {
            let moment = Moment::of(reader, released, room.map(|room| room.id));
            let name = RoomName::of(reader, room);
            if !moment.now.is_empty() || moment.next.is_some() {
                let card = |(session, slot)| reader.card(released, session, Some(slot));
                rooms.push(RoomNow {
                    room: name,
                    now: moment.now.into_iter().map(card).collect(),
                    begins_in: moment.next.map(|(session, slot)| begins_in(reader, session, slot)).unwrap_or_default(),
                    next: moment.next.map(card),
                });
            } else if room.is_some() {
                quiet.push(name);
            }
        }
        let (state, heading, help) = state(reader, released, !rooms.is_empty());
        Self {
            state,
            heading,
            help,
            as_of: reader.clock(reader.now),
            quiet: if rooms.is_empty() { Vec::new() } else { quiet },
            rooms,
            schedule_url: format!("{}/schedule", reader.base()),
        }
    }
}

/// What to say where nothing is on and nothing comes today.
fn state(reader: &Reader<'_>, released: &Released, is_running: bool) -> (&'static str, String, String) {
    if is_running {
        return ("running", String::new(), String::new());
    }
    let event = &reader.event.event;
    if today(reader) < event.starts_on {
        let date = reader.format().long_date(event.starts_on);
        let heading = reader.app.texts.text(reader.lang, "live-before", &[("date", date.into())]);
        return ("before", heading, reader.text("live-before-help"));
    }
    let to_come = released.slots().find(|(session, slot)| {
        reader.shown(session, slot).start > reader.now && session.state != SessionState::Cancelled
    });
    let Some((session, slot)) = to_come else {
        return ("over", reader.text("live-over"), reader.text("live-over-help"));
    };
    let args = [
        ("date", reader.format().long_date(programme_day(slot.start, reader.zone)).into()),
        ("time", reader.clock(reader.shown(session, slot).start).into()),
    ];
    ("quiet", reader.text("live-today-over"), reader.app.texts.text(reader.lang, "live-today-over-help", &args))
}
