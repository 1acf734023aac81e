//! schedule.xml, from pentabarf's first files to pretalx's newest.

use super::frab::{self, When};
use super::raw::{RawGroup, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use super::xml::Element;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::LinkKind;
use chrono::{NaiveDate, NaiveTime};
use std::collections::HashSet;

/// Children of an event that are read, or that repeat what is read.
const EVENT_FIELDS: &[&str] = &[
    "room",
    "title",
    "subtitle",
    "type",
    "date",
    "start",
    "end",
    "duration",
    "abstract",
    "description",
    "track",
    "persons",
    "language",
    "recording",
    "links",
    "attachments",
    "slug",
    "?plenary",
];
/// Children of the conference that are read, or that follow from the rest.
const CONFERENCE_FIELDS: &[&str] = &[
    "title",
    "acronym",
    "start",
    "end",
    "days",
    "day_change",
    "timeslot_duration",
    "time_zone_name",
    "venue",
    "city",
    "track",
    "base_url",
    "url",
    "?plenary",
];

/// Reads the document.
pub(super) fn read(root: &Element, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    if root.child("conference").is_none() && root.child("day").is_none() {
        return Err(ReadError::new(Fault::NoProgramme, "<conference>"));
    }
    let mut raw = RawProgramme::new(FileFormat::ScheduleXml);
    let empty = Element::default();
    let conference = root.child("conference").unwrap_or(&empty);
    let day_change =
        conference.child_word("day_change").and_then(times::clock).map_or(NaiveTime::MIN, |(clock, _)| clock);
    let base = conference.child_word("base_url").and_then(|address| url::Url::parse(address).ok());
    read_conference(conference, &mut raw, notes);
    // In our own files these only repeat what the site knows.
    let ours = root.child("generator").and_then(|generator| generator.attribute("name")) == Some("Plenary");
    let mut reader = Reader { raw, day_change, base, ours, notes };
    reader.read_days(root);
    let mut raw = reader.raw;
    raw.rooms_listed = Some(raw.rooms.list.len());
    for extra in root.children("?plenary").chain(conference.children("?plenary")) {
        frab::apply_to_programme(&mut raw, &extra.attributes);
    }
    Ok(raw)
}

fn read_conference(conference: &Element, raw: &mut RawProgramme, notes: &mut Notes) {
    raw.title = Texts::maybe(conference.child_word("title"));
    raw.acronym = conference.child_word("acronym").map(str::to_owned);
    let venue: Vec<&str> = ["venue", "city"].iter().filter_map(|name| conference.child_word(name)).collect();
    if !venue.is_empty() {
        raw.venue = Texts::plain(venue.join(", "));
    }
    raw.zone = conference.child_word("time_zone_name").map(str::to_owned);
    for (name, target) in [("start", &mut raw.starts_on), ("end", &mut raw.ends_on)] {
        if let Some(word) = conference.child_word(name) {
            *target = times::date(word);
            if target.is_none() {
                notes.warn(&format!("conference/{name}"), Problem::BadDate, word);
            }
        }
    }
    for track in conference.children("track") {
        if let Some(name) = track.attribute("name") {
            let color = track.attribute("color").map(str::to_owned);
            raw.forums.named(name);
            raw.forums.add(RawGroup { key: super::text::collapse(name), color, ..RawGroup::default() });
        }
    }
    for child in conference.children.iter().filter(|child| !CONFERENCE_FIELDS.contains(&child.name.as_str())) {
        if !child.text.trim().is_empty() {
            notes.tally(&format!("line {}, conference", child.line), Problem::Unused, &child.name);
        }
    }
}

struct Reader<'n> {
    raw: RawProgramme,
    day_change: NaiveTime,
    base: Option<url::Url>,
    ours: bool,
    notes: &'n mut Notes,
}

impl Reader<'_> {
    fn read_days(&mut self, root: &Element) {
        let mut days = Vec::new();
        for day in root.children("day") {
            let word = day.attribute("date").or_else(|| day.attribute("start"));
            let date = word.and_then(times::date);
            if let (Some(word), None) = (word, date) {
                self.notes.warn(&format!("line {}, day", day.line), Problem::BadDate, word);
            }
            days.push(date);
            for room in day.children("room") {
                self.read_room(room, date);
            }
            // Some programs leave rooms out and name them in the event.
            for event in day.children("event") {
                self.read_event(event, "", date);
            }
        }
        self.raw.days = Some(days);
    }

    fn read_room(&mut self, room: &Element, date: Option<NaiveDate>) {
        let name = room.attribute("name").unwrap_or_default();
        if let Some(key) = self.raw.rooms.named(name) {
            let guid = room.attribute("guid").map(str::to_owned);
            self.raw.rooms.add(RawGroup { key, guid, ..RawGroup::default() });
        }
        for event in room.children("event") {
            self.read_event(event, name, date);
        }
    }

    fn read_event(&mut self, event: &Element, room: &str, day: Option<NaiveDate>) {
        let id = event.attribute("id");
        let place = frab::place(&format!("line {}", event.line), id);
        let mut session = RawSession::new(place.as_str());
        session.id = id.map(str::to_owned);
        session.guid = event.attribute("guid").map(str::to_owned);
        session.code = event.attribute("code").map(str::to_owned);
        let texts = |name: &str| Texts::maybe(event.child_text(name));
        session.title = texts("title");
        session.subtitle = texts("subtitle");
        session.abstract_text = texts("abstract");
        session.description = texts("description");
        session.language = event.child_word("language").map(str::to_owned);
        session.forum = event.child_word("track").and_then(|name| self.raw.forums.named(name));
        session.format = event.child_word("type").and_then(|name| self.raw.formats.named(name));
        let (date, start) = (event.child_word("date"), event.child_word("start"));
        let (duration, end) = (event.child_word("duration"), event.child_word("end"));
        if date.or(start).is_some() || duration.is_some() {
            let when = When { date, start, duration, end, day, day_change: self.day_change };
            let (start, end) = when.read(&place, self.notes);
            let room = frab::room(&mut self.raw.rooms, room, event.child_word("room"), &place, self.notes);
            session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
        }
        if let Some(recording) = event.child("recording") {
            session.may_record = recording.child_word("optout") != Some("true");
            if recording.child_word("license").is_some() {
                self.notes.tally(&place, Problem::Unused, "recording/license");
            }
        }
        self.read_links(event, &mut session);
        session.people = event.child("persons").map(|persons| self.read_persons(persons, &place)).unwrap_or_default();
        for child in event.children.iter().filter(|child| !EVENT_FIELDS.contains(&child.name.as_str())) {
            let repeats = self.ours && child.name == "url";
            if !repeats && (!child.text.trim().is_empty() || !child.children.is_empty()) {
                self.notes.tally(&place, Problem::Unused, &child.name);
            }
        }
        for extra in event.children("?plenary") {
            frab::apply_to_session(&mut session, &mut self.raw.rooms, &extra.attributes);
        }
        self.raw.sessions.push(session);
    }

    fn read_links(&self, event: &Element, session: &mut RawSession) {
        for (list, item, kind) in
            [("links", "link", LinkKind::Link), ("attachments", "attachment", LinkKind::Attachment)]
        {
            for link in event.children(list).flat_map(|list| list.children(item)) {
                let words = link.text.trim();
                let (address, title) = link.attribute("href").map_or((words, ""), |address| (address, words));
                let address = frab::absolute(self.base.as_ref(), address);
                if !address.is_empty() {
                    session.links.push(RawLink { title: title.to_owned(), url: address, kind });
                }
            }
        }
    }

    fn read_persons(&mut self, persons: &Element, place: &str) -> Vec<RawPerson> {
        let mut unused = HashSet::new();
        let mut people = Vec::new();
        for person in persons.children("person") {
            // pretalx once wrote the name and more as children.
            let child = ["public_name", "full_public_name", "name"].iter().find_map(|name| person.child_word(name));
            let mut raw = RawPerson::new(place, child.unwrap_or_else(|| person.text.trim()));
            raw.as_written = child.map(|_| person.all_text());
            raw.id = person.attribute("id").map(str::to_owned).or_else(|| person.child_word("code").map(str::to_owned));
            raw.guid = person.attribute("guid").map(str::to_owned);
            raw.biography = Texts::maybe(person.child_text("biography"));
            raw.avatar = person.child_word("avatar").map(str::to_owned);
            people.push(raw);
            if person.attribute("href").is_some() {
                unused.insert("person/@href".to_owned());
            }
            let known = ["public_name", "full_public_name", "name", "code", "biography", "avatar"];
            let strange = person
                .children
                .iter()
                .filter(|child| !known.contains(&child.name.as_str()) && !child.text.trim().is_empty());
            unused.extend(strange.map(|child| format!("person/{}", child.name)));
        }
        for name in unused {
            self.notes.tally(place, Problem::Unused, &name);
        }
        people
    }
}
