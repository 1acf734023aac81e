//! schedule.json of frab and pretalx, old and new.

use super::frab::{self, Extra, When};
use super::json::Json;
use super::raw::{RawGroup, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::LinkKind;
use chrono::{NaiveDate, NaiveTime};

/// Members of an event that are read, or that repeat what is read.
const EVENT_FIELDS: &[&str] = &[
    "id",
    "guid",
    "code",
    "date",
    "start",
    "end",
    "duration",
    "room",
    "slug",
    "title",
    "subtitle",
    "track",
    "type",
    "language",
    "abstract",
    "description",
    "do_not_record",
    "persons",
    "links",
    "attachments",
];
/// Members of a person that are read.
const PERSON_FIELDS: &[&str] = &[
    "id",
    "guid",
    "code",
    "name",
    "public_name",
    "full_public_name",
    "biography",
    "description",
    "abstract",
    "avatar",
    "avatar_url",
];

/// Reads the document.
pub(super) fn read(root: &Json, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let schedule = root.get("schedule").unwrap_or(root);
    let conference = schedule.get("conference").unwrap_or(schedule);
    let Some(days) = conference.get("days").or_else(|| schedule.get("days")) else {
        return Err(ReadError::new(Fault::NoProgramme, "schedule.conference.days"));
    };
    let mut raw = RawProgramme::new(FileFormat::ScheduleJson);
    read_conference(conference, &mut raw, notes);
    let day_change = conference
        .get_word("day_change")
        .and_then(|word| times::clock(&word))
        .map_or(NaiveTime::MIN, |(clock, _)| clock);
    let base = conference
        .get_text("base_url")
        .or_else(|| schedule.get_text("base_url"))
        .and_then(|address| url::Url::parse(address).ok());
    let extras = conference.get("meta").and_then(|meta| meta.get("plenary"));
    // In our own files these only repeat what the site knows.
    let ours = root.get("generator").and_then(|generator| generator.get_text("name")) == Some("Plenary");
    let mut reader = Reader { raw, day_change, base, extras, ours, notes };
    reader.read_days(days);
    let mut raw = reader.raw;
    raw.rooms_listed = Some(raw.rooms.list.len());
    for extra in extras.and_then(|extras| extras.get("programme")).map(Json::list).unwrap_or_default() {
        frab::apply_to_programme(&mut raw, &words(extra));
    }
    Ok(raw)
}

/// The members of a remark as words.
fn words(extra: &Json) -> Vec<(String, String)> {
    let text = |value: &Json| if let Json::Text(text) = value { Some(text.clone()) } else { value.word() };
    extra.members().iter().filter_map(|(key, value)| Some((key.clone(), text(value)?))).collect()
}

fn read_conference(conference: &Json, raw: &mut RawProgramme, notes: &mut Notes) {
    raw.title = Texts::maybe(conference.get_text("title"));
    raw.acronym = conference.get_word("acronym");
    raw.venue = Texts::maybe(conference.get_text("venue").or_else(|| conference.get_text("city")));
    raw.zone = conference.get_word("time_zone_name");
    for (name, target) in [("start", &mut raw.starts_on), ("end", &mut raw.ends_on)] {
        if let Some(word) = conference.get_word(name) {
            *target = times::date(&word);
            if target.is_none() {
                notes.warn(&format!("conference.{name}"), Problem::BadDate, &word);
            }
        }
    }
    for room in conference.get("rooms").map(Json::list).unwrap_or_default() {
        if let Some(key) = room.get_text("name").and_then(|name| raw.rooms.named(name)) {
            let capacity = room.get("capacity").and_then(Json::integer);
            raw.rooms.add(RawGroup { key, guid: room.get_word("guid"), capacity, ..RawGroup::default() });
        }
    }
    for track in conference.get("tracks").map(Json::list).unwrap_or_default() {
        if let Some(key) = track.get_text("name").and_then(|name| raw.forums.named(name)) {
            raw.forums.add(RawGroup { key, color: track.get_word("color"), ..RawGroup::default() });
        }
    }
}

struct Reader<'a> {
    raw: RawProgramme,
    day_change: NaiveTime,
    base: Option<url::Url>,
    extras: Option<&'a Json>,
    ours: bool,
    notes: &'a mut Notes,
}

impl Reader<'_> {
    fn read_days(&mut self, list: &Json) {
        let mut days = Vec::new();
        for (index, day) in list.list().iter().enumerate() {
            let path = format!("days[{index}]");
            let word = day.get_word("date").or_else(|| day.get_word("day_start"));
            let date = word.as_deref().and_then(times::date);
            if let (Some(word), None) = (&word, date) {
                self.notes.warn(&path, Problem::BadDate, word);
            }
            days.push(date);
            for (name, events) in day.get("rooms").map(Json::members).unwrap_or_default() {
                self.raw.rooms.named(name);
                for (number, event) in events.list().iter().enumerate() {
                    self.read_event(event, name, date, &format!("{path}.rooms[{name:?}][{number}]"));
                }
            }
        }
        self.raw.days = Some(days);
    }

    fn read_event(&mut self, event: &Json, room: &str, day: Option<NaiveDate>, path: &str) {
        if event.members().is_empty() {
            self.notes.warn(path, Problem::OddShape, "event");
            return;
        }
        let id = event.get_word("id");
        let place = frab::place(path, id.as_deref());
        let mut session = RawSession::new(place.as_str());
        session.id = id;
        session.guid = event.get_word("guid");
        session.code = event.get_word("code");
        let texts = |name: &str| Texts::maybe(event.get_text(name));
        session.title = texts("title");
        session.subtitle = texts("subtitle");
        session.abstract_text = texts("abstract");
        session.description = texts("description");
        session.language = event.get_word("language");
        session.forum = event.get_text("track").and_then(|name| self.raw.forums.named(name));
        session.format = event.get_text("type").and_then(|name| self.raw.formats.named(name));
        session.may_record = event.get("do_not_record").and_then(Json::truth) != Some(true);
        let word = |name: &str| event.get_word(name);
        let (date, start, duration, end) = (word("date"), word("start"), word("duration"), word("end"));
        if date.is_some() || start.is_some() || duration.is_some() {
            let when = When {
                date: date.as_deref(),
                start: start.as_deref(),
                duration: duration.as_deref(),
                end: end.as_deref(),
                day,
                day_change: self.day_change,
            };
            let (start, end) = when.read(&place, self.notes);
            let room = frab::room(&mut self.raw.rooms, room, event.get_text("room"), &place, self.notes);
            session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
        }
        session.links = self.read_links(event, "links", LinkKind::Link);
        session.links.extend(self.read_links(event, "attachments", LinkKind::Attachment));
        session.people = event
            .get("persons")
            .map(Json::list)
            .unwrap_or_default()
            .iter()
            .map(|person| self.read_person(person, &place))
            .collect();
        self.note_unused(event, EVENT_FIELDS, "", &place);
        let remarks = session.guid.as_ref().and_then(|guid| self.extras?.get("events")?.get(guid));
        for remark in remarks.map(Json::list).unwrap_or_default() {
            let extra: &Extra = &words(remark);
            frab::apply_to_session(&mut session, &mut self.raw.rooms, extra);
        }
        self.raw.sessions.push(session);
    }

    fn read_links(&self, event: &Json, list: &str, kind: LinkKind) -> Vec<RawLink> {
        let links = event.get(list).map(Json::list).unwrap_or_default().iter();
        let links = links.filter_map(|link| {
            let address = link.text().or_else(|| link.get_text("url"))?.trim();
            let url = frab::absolute(self.base.as_ref(), address);
            Some(RawLink { title: link.get_text("title").unwrap_or_default().to_owned(), url, kind })
        });
        links.collect()
    }

    fn read_person(&mut self, person: &Json, place: &str) -> RawPerson {
        let name = ["name", "public_name", "full_public_name"]
            .iter()
            .find_map(|key| person.get_text(key))
            .or_else(|| person.text());
        let mut raw = RawPerson::new(place, name.unwrap_or_default());
        raw.id = person.get_word("id").or_else(|| person.get_word("code"));
        raw.guid = person.get_word("guid");
        raw.biography =
            Texts::maybe(["biography", "description", "abstract"].iter().find_map(|key| person.get_text(key)));
        raw.avatar = person.get_word("avatar").or_else(|| person.get_word("avatar_url"));
        self.note_unused(person, PERSON_FIELDS, "person.", place);
        raw
    }

    fn note_unused(&mut self, value: &Json, known: &[&str], prefix: &str, place: &str) {
        for (key, _) in
            value.members().iter().filter(|(key, value)| !known.contains(&key.as_str()) && !value.is_blank())
        {
            if !(self.ours && key == "url") {
                self.notes.tally(place, Problem::Unused, &format!("{prefix}{key}"));
            }
        }
    }
}
