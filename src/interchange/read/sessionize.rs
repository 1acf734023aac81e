//! Sessionize's `All` view: sessions, speakers and rooms by id, local times without a zone.

use super::json::Json;
use super::raw::{RawEnd, RawGroup, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};
use std::collections::HashMap;

/// Members of a session that are read, or that say nothing more.
const FIELDS: &[&str] = &[
    "id",
    "title",
    "description",
    "startsAt",
    "endsAt",
    "speakers",
    "roomId",
    "room",
    "categoryItems",
    "categories",
    "status",
    "isInformed",
    "isConfirmed",
    "isServiceSession",
    "isPlenumSession",
    "liveUrl",
    "recordingUrl",
];

/// What the items of a category mean to us.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Forum,
    Format,
    Language,
    Other,
}

/// Reads the document.
pub(super) fn read(root: &Json, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let Some(sessions) = root.get("sessions") else {
        return Err(ReadError::new(Fault::NoProgramme, "sessions"));
    };
    let mut raw = RawProgramme::new(FileFormat::Sessionize);
    // The view has categories, which may or may not be tracks, but no tracks of its own.
    raw.has_tracks = false;
    raw.rooms_listed = root.get("rooms").map(|rooms| rooms.list().len());
    for room in root.get("rooms").map(Json::list).unwrap_or_default() {
        if let Some(id) = room.get_word("id") {
            let name = Texts::maybe(room.get_text("name"));
            raw.rooms.add(RawGroup { key: format!("id:{id}"), name, ..RawGroup::default() });
        }
    }
    let items = read_categories(root, notes);
    let people: Vec<RawPerson> = root
        .get("speakers")
        .map(Json::list)
        .unwrap_or_default()
        .iter()
        .map(|person| read_person(person, &items, notes))
        .collect();
    let known = people.iter().filter_map(|person| Some((person.id.clone()?, person.clone()))).collect();
    raw.people = people;
    let mut reader = Reader { raw, items, people: known, notes };
    for (index, session) in sessions.list().iter().enumerate() {
        reader.read_session(session, index);
    }
    Ok(reader.raw)
}

type Items = HashMap<String, (Meaning, String, String)>;

/// Items by id, with their category's meaning and title. Organizers word the questions freely.
fn read_categories(root: &Json, notes: &mut Notes) -> Items {
    let mut items = Items::new();
    for category in root.get("categories").map(Json::list).unwrap_or_default() {
        let title = category.get_text("title").unwrap_or_default();
        let lower = title.to_lowercase();
        let about_sessions = category.get_text("type") != Some("speaker");
        let meaning = if !about_sessions {
            Meaning::Other
        } else if ["track", "theme", "topic", "stream"].iter().any(|word| lower.contains(word)) {
            notes.warn("categories", Problem::CategoryBecameForum, title);
            Meaning::Forum
        } else if ["format", "session type", "type of session"].iter().any(|word| lower.contains(word)) {
            notes.warn("categories", Problem::CategoryBecameFormat, title);
            Meaning::Format
        } else if lower.contains("language") {
            Meaning::Language
        } else {
            Meaning::Other
        };
        for item in category.get("items").map(Json::list).unwrap_or_default() {
            if let (Some(id), Some(name)) = (item.get_word("id"), item.get_text("name")) {
                items.insert(id, (meaning, title.to_owned(), name.to_owned()));
            }
        }
    }
    items
}

fn read_person(person: &Json, items: &Items, notes: &mut Notes) -> RawPerson {
    let id = person.get_word("id");
    let place = format!("speakers, {}", id.as_deref().unwrap_or("?"));
    let part = |key: &str| person.get_text(key).unwrap_or_default().trim();
    let joined = format!("{} {}", part("firstName"), part("lastName"));
    let name = person.get_text("fullName").or_else(|| person.get_text("name")).unwrap_or(&joined);
    let mut raw = RawPerson::new(place.as_str(), name);
    raw.id = id;
    raw.biography = Texts::maybe(person.get_text("bio"));
    raw.position = Texts::maybe(person.get_text("tagLine"));
    raw.avatar = person.get_word("profilePicture");
    for key in ["links", "questionAnswers"] {
        if person.get(key).is_some_and(|value| !value.is_blank()) {
            notes.tally(&place, Problem::Unused, &format!("speaker.{key}"));
        }
    }
    for item in person.get("categoryItems").map(Json::list).unwrap_or_default() {
        if let Some((_, category, _)) = item.word().and_then(|id| items.get(&id)) {
            notes.tally(&place, Problem::Unused, category);
        }
    }
    raw
}

struct Reader<'n> {
    raw: RawProgramme,
    items: Items,
    people: HashMap<String, RawPerson>,
    notes: &'n mut Notes,
}

impl Reader<'_> {
    fn read_session(&mut self, entry: &Json, index: usize) {
        let id = entry.get_word("id");
        let place = format!("sessions[{index}], {}", id.as_deref().unwrap_or("?"));
        if entry.members().is_empty() {
            self.notes.warn(&place, Problem::OddShape, "session");
            return;
        }
        let mut session = RawSession::new(place.as_str());
        session.id = id;
        session.title = Texts::maybe(entry.get_text("title"));
        session.abstract_text = Texts::maybe(entry.get_text("description"));
        session.state = match entry.get_text("status") {
            Some("Declined" | "Decline_Queue") => SessionState::Rejected,
            Some("Nominated" | "Waitlisted" | "Accept_Queue") => SessionState::Proposed,
            _ if entry.get("isConfirmed") == Some(&Json::Bool(false)) => SessionState::Accepted,
            _ => SessionState::Confirmed,
        };
        for (key, title) in [("liveUrl", "Live"), ("recordingUrl", "Recording")] {
            if let Some(address) = entry.get_text(key) {
                session.links.push(RawLink { title: title.to_owned(), url: address.to_owned(), kind: LinkKind::Link });
            }
        }
        self.read_items(entry, &mut session);
        session.people = self.people_of(entry, &place);
        session.slots.extend(self.read_slot(entry, &place));
        for (key, _) in
            entry.members().iter().filter(|(key, value)| !FIELDS.contains(&key.as_str()) && !value.is_blank())
        {
            self.notes.tally(&place, Problem::Unused, key);
        }
        self.raw.sessions.push(session);
    }

    fn read_items(&mut self, entry: &Json, session: &mut RawSession) {
        for item in entry.get("categoryItems").map(Json::list).unwrap_or_default() {
            let Some(id) = item.word() else { continue };
            let Some((meaning, category, name)) = self.items.get(&id) else {
                self.notes.tally(&session.place, Problem::Unused, &format!("categoryItems {id}"));
                continue;
            };
            let group = || RawGroup { key: format!("id:{id}"), name: Texts::plain(name), ..RawGroup::default() };
            match meaning {
                Meaning::Forum if session.forum.is_none() => {
                    self.raw.forums.add(group());
                    session.forum = Some(format!("id:{id}"));
                }
                Meaning::Format if session.format.is_none() => {
                    self.raw.formats.add(group());
                    session.format = Some(format!("id:{id}"));
                }
                Meaning::Language if session.language.is_none() => session.language = Some(name.clone()),
                _ => self.notes.tally(&session.place, Problem::Unused, category),
            }
        }
    }

    fn people_of(&mut self, entry: &Json, place: &str) -> Vec<RawPerson> {
        let mut people = Vec::new();
        for reference in entry.get("speakers").map(Json::list).unwrap_or_default() {
            // Other views of Sessionize hold objects of id and name here.
            let id = reference.word().or_else(|| reference.get_word("id"));
            let known = id.as_ref().and_then(|id| self.people.get(id)).cloned();
            let named =
                || reference.get_text("name").map(|name| RawPerson { id: id.clone(), ..RawPerson::new(place, name) });
            match known.or_else(named) {
                Some(person) => people.push(RawPerson { place: place.to_owned(), ..person }),
                None => self.notes.warn(place, Problem::UnknownPerson, id.as_deref().unwrap_or("?")),
            }
        }
        people
    }

    fn read_slot(&mut self, entry: &Json, place: &str) -> Option<RawSlot> {
        let mut moment = |key: &str| {
            let word = entry.get_word(key)?;
            let read = times::moment(&word);
            if read.is_none() {
                self.notes.warn(place, Problem::BadTime, &word);
            }
            read
        };
        let (start, end) = (moment("startsAt"), moment("endsAt").map(RawEnd::At));
        let room = entry.get_word("roomId").map(|id| format!("id:{id}"));
        let room = match room {
            Some(key) if self.raw.rooms.get(&key).is_some() => Some(key),
            Some(key) => {
                let name = entry.get_text("room").unwrap_or(&key).to_owned();
                self.notes.tally(place, Problem::UnknownRoom, &name);
                self.raw.rooms.add(RawGroup { key: key.clone(), name: Texts::plain(name), ..RawGroup::default() });
                Some(key)
            }
            None => entry.get_text("room").and_then(|name| self.raw.rooms.named(name)),
        };
        (start.is_some() || end.is_some()).then(|| RawSlot { room, start, end, ..RawSlot::default() })
    }
}
