//! The list of rooms and the page of one.

use super::model::{Released, programme_day};
use super::now::{RoomName, today};
use super::view::{Reader, SessionCard};
use crate::schedule::model::ProgrammeRoom;
use crate::web::page::{Page, Text};
use chrono::NaiveDate;
use serde::Serialize;

/// The rooms of an event, by building.
#[derive(Serialize)]
pub(super) struct RoomsPage {
    buildings: Vec<Building>,
    now_url: String,
}

impl Page for RoomsPage {
    const TEMPLATE: &'static str = "public/rooms.html";
}

#[derive(Serialize)]
struct Building {
    name: Text,
    rooms: Vec<RoomLine>,
}

#[derive(Serialize)]
struct RoomLine {
    name: Text,
    url: String,
    capacity: String,
    channels: String,
}

impl RoomsPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released) -> Self {
        let mut buildings: Vec<Building> = Vec::new();
        for room in &released.programme.rooms {
            let name = reader.pick(&room.building);
            let line = RoomLine {
                name: reader.pick(&room.name),
                url: format!("{}/rooms/{}", reader.base(), room.code),
                capacity: capacity(reader, room),
                channels: channels(reader, room),
            };
            match buildings.iter_mut().find(|building| building.name == name) {
                Some(building) => building.rooms.push(line),
                None => buildings.push(Building { name, rooms: vec![line] }),
            }
        }
        Self { buildings, now_url: format!("{}/now", reader.base()) }
    }
}

fn capacity(reader: &Reader<'_>, room: &ProgrammeRoom) -> String {
    room.capacity.map(|places| reader.format().number(places.into())).unwrap_or_default()
}

/// The languages that can be heard in a room besides the floor, in words.
pub(super) fn channels(reader: &Reader<'_>, room: &ProgrammeRoom) -> String {
    let names: Vec<String> = room.channels.iter().map(|lang| reader.language_name(*lang)).collect();
    names.join(&reader.text("common-list-separator"))
}

/// One room: what it is, what is on in it today and on all days.
#[derive(Serialize)]
pub(super) struct RoomPage {
    pub(super) name: Text,
    building: Text,
    capacity: String,
    channels: String,
    /// During the event, today's sessions; else none.
    today: Option<RoomDay>,
    days: Vec<RoomDay>,
    calendar_url: String,
    screen_url: String,
    rooms_url: String,
}

impl Page for RoomPage {
    const TEMPLATE: &'static str = "public/room.html";
}

#[derive(Serialize)]
struct RoomDay {
    label: String,
    cards: Vec<SessionCard>,
}

impl RoomPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, room: &ProgrammeRoom) -> Self {
        let mut days: Vec<(NaiveDate, RoomDay)> = Vec::new();
        for (session, slot) in released.slots().filter(|(_, slot)| slot.room == Some(room.id)) {
            let (day, card) = (programme_day(slot.start, reader.zone), reader.card(released, session, Some(slot)));
            match days.last_mut() {
                Some((last, list)) if *last == day => list.cards.push(card),
                _ => days.push((day, RoomDay { label: reader.format().long_date(day), cards: vec![card] })),
            }
        }
        let now = today(reader);
        let is_running = reader.event.event.starts_on <= now && now <= reader.event.event.ends_on;
        let this_day = days.iter().find(|(day, _)| *day == programme_day(reader.now, reader.zone));
        let RoomName { name, building, url } = RoomName::of(reader, Some(room));
        Self {
            name,
            building,
            capacity: capacity(reader, room),
            channels: channels(reader, room),
            today: is_running.then(|| RoomDay {
                label: reader.format().long_date(programme_day(reader.now, reader.zone)),
                cards: this_day.map(|(_, day)| day.cards.clone()).unwrap_or_default(),
            }),
            days: days.into_iter().map(|(_, day)| day).collect(),
            calendar_url: format!("{url}.ics"),
            screen_url: format!("{url}/screen"),
            rooms_url: format!("{}/rooms", reader.base()),
        }
    }
}
