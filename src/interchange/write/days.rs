//! A programme day by day: which day a slot belongs to, and which slots are one entry of a file.

use super::Site;
use crate::db::{FormatId, ForumId, RoomId, SpeakerId};
use crate::i18n;
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};

/// The hour at which a programme day begins; what begins earlier belongs to the night of the day before.
const DAY_BEGINS: TimeDelta = TimeDelta::hours(6);

/// One entry of a file: a session at one time, in one room or shown in several at once.
pub(super) struct Entry<'p> {
    pub(super) session: &'p ProgrammeSession,
    pub(super) slot: &'p ProgrammeSlot,
    /// The same time in other rooms.
    pub(super) also: Vec<&'p ProgrammeSlot>,
    /// Unique in the file and the same in every release, for formats that want a number.
    pub(super) number: u32,
    pub(super) is_first: bool,
}

/// One day of the event with its entries in the order of time.
pub(super) struct Day<'p> {
    pub(super) index: usize,
    pub(super) date: NaiveDate,
    pub(super) start: DateTime<Tz>,
    pub(super) end: DateTime<Tz>,
    pub(super) entries: Vec<Entry<'p>>,
}

/// A programme with everything looked up.
pub(super) struct Book<'p> {
    pub(super) programme: &'p Programme,
    pub(super) site: &'p Site,
    rooms: HashMap<RoomId, String>,
    speakers: HashMap<SpeakerId, (&'p ProgrammeSpeaker, u32)>,
}

impl<'p> Book<'p> {
    pub(super) fn new(programme: &'p Programme, site: &'p Site) -> Self {
        let mut taken = HashSet::new();
        let speakers = programme
            .speakers
            .iter()
            .map(|speaker| (speaker.id, (speaker, number(&speaker.guid, &mut taken))))
            .collect();
        Self { programme, site, rooms: room_names(programme, site), speakers }
    }

    pub(super) fn zone(&self) -> Tz {
        self.programme.event.timezone
    }

    pub(super) fn text<'a>(&self, text: &'a i18n::Localized) -> &'a str {
        self.site.text(self.programme, text)
    }

    /// The room's name, unique in the programme; empty for no room.
    pub(super) fn room(&self, room: Option<RoomId>) -> &str {
        room.and_then(|room| self.rooms.get(&room)).map_or("", String::as_str)
    }

    pub(super) fn speaker(&self, id: SpeakerId) -> Option<(&'p ProgrammeSpeaker, u32)> {
        self.speakers.get(&id).copied()
    }

    pub(super) fn forum(&self, id: Option<ForumId>) -> &'p str {
        let found = id.and_then(|id| self.programme.forums.iter().find(|forum| forum.id == id));
        found.map_or("", |forum| self.site.text(self.programme, &forum.name))
    }

    pub(super) fn format(&self, id: Option<FormatId>) -> &'p str {
        let found = id.and_then(|id| self.programme.formats.iter().find(|format| format.id == id));
        found.map_or("", |format| self.site.text(self.programme, &format.name))
    }

    /// All entries of sessions that take place, in the order of the programme.
    pub(super) fn entries(&self) -> Vec<Entry<'p>> {
        let mut taken = HashSet::new();
        let sessions = self.programme.sessions.iter().filter(|session| session.state != SessionState::Cancelled);
        sessions.flat_map(|session| entries_of(session, &mut taken)).collect()
    }

    /// The event's days, each with what begins on it.
    pub(super) fn days(&self) -> Vec<Day<'p>> {
        let (first, last) = (self.programme.event.starts_on, self.programme.event.ends_on);
        let mut days: Vec<Day<'p>> = first
            .iter_days()
            .take_while(|date| *date <= last)
            .enumerate()
            .map(|(index, date)| Day {
                index: index + 1,
                date,
                start: local(self.zone(), date, DAY_BEGINS),
                end: local(self.zone(), date, DAY_BEGINS + TimeDelta::days(1)),
                entries: Vec::new(),
            })
            .collect();
        for entry in self.entries() {
            let date = (entry.slot.start.in_zone(self.zone()).naive_local() - DAY_BEGINS).date();
            let place = usize::try_from((date.clamp(first, last) - first).num_days()).unwrap_or(0);
            if let Some(day) = days.get_mut(place) {
                // A slot outside the event's own dates stretches the day it is put to.
                day.start = day.start.min(entry.slot.start.in_zone(self.zone()));
                day.end = day.end.max(entry.slot.end.in_zone(self.zone()));
                day.entries.push(entry);
            }
        }
        for day in &mut days {
            day.entries.sort_by_key(|entry| (entry.slot.start, entry.number));
        }
        days
    }
}

/// A session's slots, those at the same time joined.
pub(super) fn entries_of<'p>(session: &'p ProgrammeSession, taken: &mut HashSet<u32>) -> Vec<Entry<'p>> {
    let mut entries: Vec<Entry<'p>> = Vec::new();
    for slot in &session.slots {
        match entries.iter_mut().find(|entry| (entry.slot.start, entry.slot.end) == (slot.start, slot.end)) {
            Some(entry) => entry.also.push(slot),
            None => {
                let is_first = entries.is_empty();
                let number = number(&slot.guid, taken);
                entries.push(Entry { session, slot, also: Vec::new(), number, is_first });
            }
        }
    }
    entries
}

/// A positive number that a guid keeps as long as no other guid has it already.
fn number(guid: &str, taken: &mut HashSet<u32>) -> u32 {
    let digits: String = guid.chars().filter(char::is_ascii_hexdigit).take(8).collect();
    // Many programs keep this number in 31 bits.
    let mut number = (u32::from_str_radix(&digits, 16).unwrap_or(1) & 0x7fff_ffff).max(1);
    while !taken.insert(number) {
        number = (number % 0x7fff_ffff) + 1;
    }
    number
}

fn room_names(programme: &Programme, site: &Site) -> HashMap<RoomId, String> {
    let mut taken = HashSet::new();
    let mut names = HashMap::new();
    for room in &programme.rooms {
        let name = site.text(programme, &room.name).to_owned();
        let building = site.text(programme, &room.building);
        // Formats know rooms by name only; two of the same name must not become one.
        let candidates = [name.clone(), format!("{name} ({building})"), format!("{name} ({})", room.code)];
        let free = candidates.into_iter().find(|candidate| taken.insert(candidate.clone()));
        names.insert(room.id, free.unwrap_or(name));
    }
    names
}

fn local(zone: Tz, date: NaiveDate, after_midnight: TimeDelta) -> DateTime<Tz> {
    let wall = date.and_time(NaiveTime::MIN) + after_midnight;
    // Six in the morning exists on every day of every zone of the last decades; an hour later surely does.
    let found = zone
        .from_local_datetime(&wall)
        .earliest()
        .or_else(|| zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest());
    found.unwrap_or_else(|| DateTime::<Utc>::from_naive_utc_and_offset(wall, Utc).with_timezone(&zone))
}

/// `HH:MM`, or `HH:MM:SS` where seconds matter and `seconds` allows them.
pub(super) fn duration(slot: &ProgrammeSlot, seconds: bool) -> String {
    let length = slot.end - slot.start;
    let text = format!("{:02}:{:02}", length.num_hours(), length.num_minutes() % 60);
    match length.num_seconds() % 60 {
        rest if rest != 0 && seconds => format!("{text}:{rest:02}"),
        _ => text,
    }
}

/// The instant with the zone's offset, in RFC 3339.
pub(super) fn stamp(at: &DateTime<Tz>) -> String {
    at.to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}

/// The event's short name as schedule files want it: small letters, digits and `_`, at least four of them.
pub(super) fn acronym(programme: &Programme) -> String {
    let mut acronym: String = programme.event.slug.to_ascii_lowercase().replace('-', "_");
    acronym.retain(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    while acronym.len() < 4 {
        acronym.push('_');
    }
    acronym
}

/// A session's name in file names of recordings and the like, unique by its number.
pub(super) fn file_slug(programme: &Programme, entry: &Entry<'_>, title: &str) -> String {
    let words = i18n::slug(title).replace('-', "_");
    let words = if words.is_empty() { "session".to_owned() } else { words };
    format!("{}-{}-{words}", acronym(programme), entry.number)
}
