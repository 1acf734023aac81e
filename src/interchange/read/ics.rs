//! iCalendar. Lines are unfolded by octets, because programs fold in the middle of characters, and read
//! one by one, so that a broken line costs itself only.

use super::input;
use super::languages;
use super::limits::Limits;
use super::raw::{RawEnd, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times::{self, Moment};
use super::zones;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};
use chrono::TimeDelta;
use icalendar::parser::{Parameter, Property};
use std::borrow::Cow;

/// Properties of an event that say nothing a programme keeps.
const IGNORED: &[&str] = &[
    "DTSTAMP",
    "CREATED",
    "LAST-MODIFIED",
    "SEQUENCE",
    "CLASS",
    "TRANSP",
    "PRIORITY",
    "METHOD",
    "X-PLENARY-SPEAKER",
    "RECURRENCE-ID",
    "REFRESH-INTERVAL",
    "SOURCE",
    "X-PUBLISHED-TTL",
];

/// Reads the file.
pub(super) fn read(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    // Everything but line ends and folding is ASCII in this format, so a mark of UTF-16 is the only trap.
    let decoded = if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        Cow::Owned(input::decode(bytes)?.into_owned().into_bytes())
    } else {
        Cow::Borrowed(bytes)
    };
    let mut reader = Reader {
        raw: RawProgramme::new(FileFormat::ICalendar),
        open: Vec::new(),
        event: None,
        seen_calendar: false,
        ours: false,
        limits,
        notes,
    };
    let lines = unfold(&decoded, limits, reader.notes)?;
    for (number, octets) in &lines {
        let text = input::decode_lossy(octets, reader.notes);
        let place = format!("line {number}");
        reader.read_line(text.trim_end_matches('\r'), &place, *number)?;
    }
    reader.finish(lines.len())
}

/// Logical lines with the number of their first physical line.
fn unfold(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Vec<(usize, Vec<u8>)>, ReadError> {
    let mut lines: Vec<(usize, Vec<u8>)> = Vec::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.first(), lines.last_mut()) {
            (Some(b' ' | b'\t'), Some((_, previous))) if previous.len() < limits.value => {
                previous.extend_from_slice(&line[1..]);
            }
            (Some(b' ' | b'\t'), Some((number, _))) => {
                notes.tally(&format!("line {number}"), Problem::TextCut, &limits.value.to_string());
            }
            _ if line.is_empty() => {}
            _ => lines.push((index + 1, line.to_vec())),
        }
        if lines.len() > limits.pieces {
            return Err(ReadError::new(Fault::TooManyPieces, limits.pieces));
        }
    }
    Ok(lines)
}

/// The properties of an event while it is being read.
#[derive(Default)]
struct Event {
    line: usize,
    session: Option<RawSession>,
    start: Option<Moment>,
    all_day: bool,
    end: Option<RawEnd>,
    location: String,
    /// All rooms one by one, with the guids of their slots, as our own files list them.
    rooms: Vec<(String, Option<String>)>,
    slot_of: Option<String>,
    description: String,
    /// The text is a session's long description, as our own files say.
    is_long: bool,
    speakers: Vec<(String, Option<String>, Option<String>)>,
}

struct Reader<'n> {
    raw: RawProgramme,
    open: Vec<String>,
    event: Option<Event>,
    seen_calendar: bool,
    /// Written by us: the description begins with the speakers' names.
    ours: bool,
    limits: &'n Limits,
    notes: &'n mut Notes,
}

impl Reader<'_> {
    fn read_line(&mut self, line: &str, place: &str, number: usize) -> Result<(), ReadError> {
        let upper: String = line.chars().take(64).collect::<String>().to_ascii_uppercase();
        if let Some(name) = upper.strip_prefix("BEGIN:") {
            self.seen_calendar |= name.trim() == "VCALENDAR";
            if name.trim() == "VEVENT" && self.event.is_none() {
                let session = Some(RawSession::new(place));
                self.event = Some(Event { line: number, session, ..Event::default() });
            }
            self.open.push(name.trim().to_owned());
            if self.open.len() > self.limits.depth {
                return Err(ReadError::new(Fault::TooDeep, self.limits.depth).at(place));
            }
            return Ok(());
        }
        if let Some(name) = upper.strip_prefix("END:") {
            self.close(name.trim(), place);
            return Ok(());
        }
        let trimmed = line.trim();
        if trimmed.is_empty() {
            return Ok(());
        }
        match Property::try_from(trimmed) {
            Ok(property) if !property.name.as_str().is_empty() && trimmed.contains(':') => {
                self.read_property(&property, place);
            }
            _ => self.notes.warn(place, Problem::BadLine, trimmed),
        }
        Ok(())
    }

    fn close(&mut self, name: &str, place: &str) {
        let Some(position) = self.open.iter().rposition(|open| open == name) else {
            self.notes.warn(place, Problem::BadLine, name);
            return;
        };
        for unclosed in self.open.drain(position..).skip(1).collect::<Vec<_>>() {
            self.notes.warn(place, Problem::Unclosed, &unclosed);
        }
        if name == "VEVENT" && !self.open.iter().any(|open| open == "VEVENT") {
            self.finish_event();
        }
    }

    fn read_property(&mut self, property: &Property<'_>, place: &str) {
        let name = property.name.as_str().to_ascii_uppercase();
        let value = property.val.as_str();
        match self.open.last().map(String::as_str) {
            Some("VCALENDAR") => self.read_calendar_property(&name, value),
            Some("VEVENT") => self.read_event_property(&name, property, place),
            // Alarms and the rules of a zone are not for a programme.
            _ => {}
        }
    }

    fn read_calendar_property(&mut self, name: &str, value: &str) {
        match name {
            "X-WR-CALNAME" | "NAME" => self.raw.title = Texts::plain(unescape(value)),
            "X-WR-CALDESC" if self.raw.title.is_blank() => self.raw.title = Texts::plain(unescape(value)),
            "X-WR-TIMEZONE" => self.raw.zone = Some(value.trim().to_owned()),
            "X-PLENARY-LANGUAGES" => self.raw.languages = value.split(',').filter_map(|tag| tag.parse().ok()).collect(),
            "PRODID" => self.ours = value.contains("//Plenary//"),
            _ => {}
        }
    }

    fn read_event_property(&mut self, name: &str, property: &Property<'_>, place: &str) {
        let value = property.val.as_str();
        let moment = if matches!(name, "DTSTART" | "DTEND") { self.moment(property, place) } else { None };
        let forum = if name == "CATEGORIES" { self.raw.forums.named(&unescape(first_of_list(value))) } else { None };
        let Some(event) = &mut self.event else { return };
        let Some(session) = &mut event.session else { return };
        match name {
            "UID" => {
                session.id = Some(value.trim().to_owned());
                session.guid.clone_from(&session.id);
            }
            "SUMMARY" => {
                let lang = parameter(property, "LANGUAGE").and_then(|tag| languages::of_code(&tag, place, self.notes));
                session.title.push(lang, value);
            }
            "DESCRIPTION" => {
                value.clone_into(&mut event.description);
                event.is_long = parameter(property, "X-PLENARY-FIELD").as_deref() == Some("description");
            }
            "DTSTART" => {
                event.all_day = is_date(property);
                event.start = moment;
            }
            "DTEND" => event.end = moment.map(RawEnd::At),
            "DURATION" => event.end = times::duration(value).map(RawEnd::After),
            "LOCATION" => value.clone_into(&mut event.location),
            "CATEGORIES" => session.forum = forum,
            // The page of a session in our own files; the site knows it.
            "URL" if self.ours => {}
            "URL" | "ATTACH" if value.starts_with("http") => {
                let kind = if name == "URL" || parameter(property, "X-PLENARY-KIND").as_deref() == Some("link") {
                    LinkKind::Link
                } else {
                    LinkKind::Attachment
                };
                let title = parameter(property, "X-PLENARY-TITLE").unwrap_or_default();
                session.links.push(RawLink { title, url: value.trim().to_owned(), kind });
            }
            "STATUS" if value.eq_ignore_ascii_case("CANCELLED") => session.state = SessionState::Cancelled,
            "STATUS" => {}
            "RRULE" | "RDATE" => self.notes.warn(place, Problem::RecurrenceDropped, value),
            "X-PLENARY-LANGUAGE" => session.language = Some(value.to_owned()),
            "X-PLENARY-ROOM" => event.rooms.push((unescape(value), parameter(property, "X-GUID"))),
            "X-PLENARY-SLOT-OF" => event.slot_of = Some(value.to_owned()),
            "X-PLENARY-SPEAKER" => {
                event.speakers.push((unescape(value), parameter(property, "X-GUID"), parameter(property, "X-ROLE")));
            }
            _ if IGNORED.contains(&name) => {}
            _ => self.notes.tally(place, Problem::Unused, name),
        }
    }

    fn finish_event(&mut self) {
        let Some(event) = self.event.take() else { return };
        let Some(mut session) = event.session else { return };
        session.place = super::frab::place(&format!("line {}", event.line), session.id.as_deref());
        session.slot_of = event.slot_of;
        for (name, guid, role) in event.speakers {
            let mut person = RawPerson::new(session.place.as_str(), name);
            person.guid = guid;
            person.role = role.and_then(|role| role.parse().ok()).unwrap_or(person.role);
            session.people.push(person);
        }
        let names: Vec<&str> = session.people.iter().map(|person| person.name.as_str()).collect();
        let text = event.description.strip_prefix(&names.join(", ")).filter(|_| self.ours && !names.is_empty());
        let target = if event.is_long { &mut session.description } else { &mut session.abstract_text };
        *target = Texts::plain(text.unwrap_or(&event.description));
        // A day without a clock lasts from midnight to midnight.
        let end = event.end.or_else(|| event.all_day.then(|| RawEnd::After(TimeDelta::days(1))));
        let room = if event.rooms.is_empty() { self.raw.rooms.named(&event.location) } else { None };
        let slot = RawSlot { room, start: event.start, end, ..RawSlot::default() };
        if event.start.is_some() || end.is_some() {
            if event.rooms.is_empty() {
                session.slots.push(slot.clone());
            }
            for (room, guid) in event.rooms {
                session.slots.push(RawSlot { room: self.raw.rooms.named(&room), guid, ..slot.clone() });
            }
        }
        self.raw.sessions.push(session);
    }

    fn moment(&mut self, property: &Property<'_>, place: &str) -> Option<Moment> {
        let text = property.val.as_str().trim();
        let zone = parameter(property, "TZID");
        let date_only = || times::date(text).map(|date| Moment::Local(date.and_time(chrono::NaiveTime::MIN)));
        let read = if is_date(property) { date_only() } else { times::moment(text) };
        let Some(read) = read else {
            self.notes.warn(place, Problem::BadTime, text);
            return None;
        };
        let (Moment::Local(at), Some(name)) = (read, zone) else { return Some(read) };
        match zones::by_name(&name) {
            Some(zone) => {
                // The calendar's zone, unless it says so itself, is that of its events.
                self.raw.zone.get_or_insert_with(|| zone.name().to_owned());
                Some(Moment::Zoned(at, zone))
            }
            None => {
                self.notes.tally(place, Problem::ZoneUnknown, &name);
                Some(read)
            }
        }
    }

    fn finish(mut self, lines: usize) -> Result<RawProgramme, ReadError> {
        if !self.seen_calendar {
            return Err(ReadError::new(Fault::NoProgramme, "BEGIN:VCALENDAR"));
        }
        // A file that was cut off ends inside its last event.
        if let Some(unclosed) = self.open.last().cloned() {
            self.notes.warn(&format!("line {lines}"), Problem::Unclosed, &unclosed);
            self.finish_event();
        }
        Ok(self.raw)
    }
}

fn is_date(property: &Property<'_>) -> bool {
    let value = property.val.as_str().trim();
    parameter(property, "VALUE").is_some_and(|kind| kind.eq_ignore_ascii_case("DATE"))
        || (value.len() == 8 && times::date(value).is_some())
}

fn parameter(property: &Property<'_>, name: &str) -> Option<String> {
    let found = property.params.iter().find(|Parameter { key, .. }| key.as_str().eq_ignore_ascii_case(name))?;
    found
        .val
        .as_ref()
        .map(|value| value.as_str().trim_matches('"').replace("^'", "\"").replace("^n", "\n").replace("^^", "^"))
}

/// The first value of a list; commas inside of values are escaped.
fn first_of_list(list: &str) -> &str {
    let mut escaped = false;
    let end = list.find(|letter| {
        let separates = letter == ',' && !escaped;
        escaped = letter == '\\' && !escaped;
        separates
    });
    &list[..end.unwrap_or(list.len())]
}

/// The crate unescapes the properties it knows to be text; this is for the others.
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped) => text.push(escaped),
                None => {}
            },
            _ => text.push(letter),
        }
    }
    text
}
