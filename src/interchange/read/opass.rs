//! `session.json` of OPass and CCIP: Chinese and English side by side, everything referred to by id.

use super::json::Json;
use super::raw::{Groups, RawEnd, RawGroup, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::i18n::Lang;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::LinkKind;
use std::collections::{HashMap, HashSet};

/// Members of a session that are read.
const FIELDS: &[&str] = &[
    "id",
    "type",
    "room",
    "broadcast",
    "start",
    "end",
    "qa",
    "slide",
    "co_write",
    "live",
    "record",
    "language",
    "uri",
    "speakers",
];
/// Members that hold an address, with the words for it.
const ADDRESSES: &[(&str, &str, LinkKind)] = &[
    ("slide", "Slides", LinkKind::Attachment),
    ("record", "Recording", LinkKind::Link),
    ("live", "Live", LinkKind::Link),
    ("co_write", "Shared notes", LinkKind::Link),
    ("qa", "Questions", LinkKind::Link),
];

/// Reads the document.
pub(super) fn read(root: &Json, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let Some(sessions) = root.get("sessions") else {
        return Err(ReadError::new(Fault::NoProgramme, "sessions"));
    };
    let mut raw = RawProgramme::new(FileFormat::Opass);
    raw.rooms_listed = root.get("rooms").map(|rooms| rooms.list().len());
    read_groups(root.get("rooms"), &mut raw.rooms);
    read_groups(root.get("session_types"), &mut raw.forums);
    raw.people = root.get("speakers").map(Json::list).unwrap_or_default().iter().map(read_person).collect();
    let mut people: HashMap<String, RawPerson> = HashMap::new();
    let mut shared = HashSet::new();
    for (id, person) in raw.people.iter().filter_map(|person| Some((person.id.clone()?, person.clone()))) {
        let name = person.name.clone();
        if people.insert(id.clone(), person).is_some_and(|other| other.name != name) {
            shared.insert(id);
        }
    }
    let tags = root.get("tags").map(Json::list).unwrap_or_default();
    let tags = tags
        .iter()
        .filter_map(|tag| Some((tag.get_word("id")?, in_languages(tag, "name").first()?.to_owned())))
        .collect();
    let mut reader = Reader { raw, people, shared, tags, notes };
    for (index, session) in sessions.list().iter().enumerate() {
        reader.read_session(session, index);
    }
    Ok(reader.raw)
}

/// A member of the objects that are named after languages.
fn in_languages(value: &Json, member: &str) -> Texts {
    let mut texts = Texts::default();
    for (code, inner) in value.members() {
        if let (Ok(lang), Some(text)) = (code.parse::<Lang>(), inner.get_text(member)) {
            texts.push(Some(lang), text);
        }
    }
    texts
}

fn read_groups(list: Option<&Json>, groups: &mut Groups) {
    for group in list.map(Json::list).unwrap_or_default() {
        if let Some(id) = group.get_word("id") {
            groups.add(RawGroup { key: format!("id:{id}"), name: in_languages(group, "name"), ..RawGroup::default() });
        }
    }
}

fn read_person(person: &Json) -> RawPerson {
    let id = person.get_word("id");
    let names = in_languages(person, "name");
    let english = names.0.iter().find(|(lang, _)| *lang == Some(Lang::EN)).map(|(_, name)| name.as_str());
    let own = names.0.iter().find(|(lang, _)| *lang != Some(Lang::EN)).map(|(_, name)| name.as_str());
    // The name is counted and shown as the people of the conference write it; a Latin form is the main name where there is one.
    let name = english.or(own).unwrap_or_default();
    let mut raw = RawPerson::new(format!("speakers, {}", id.as_deref().unwrap_or("?")), name);
    raw.native_name = own.filter(|own| *own != name).map(str::to_owned);
    raw.id = id;
    raw.biography = in_languages(person, "bio");
    raw.position = in_languages(person, "title");
    raw.avatar = person.get_word("avatar");
    raw
}

struct Reader<'n> {
    raw: RawProgramme,
    people: HashMap<String, RawPerson>,
    /// Ids that the list gives to people of different names.
    shared: HashSet<String>,
    tags: HashMap<String, String>,
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
        session.title = in_languages(entry, "title");
        session.abstract_text = in_languages(entry, "description");
        session.language = entry.get_word("language");
        session.forum = entry.get_word("type").and_then(|id| reference(&mut self.raw.forums, &id));
        for (key, title, kind) in ADDRESSES {
            if let Some(address) = entry.get_text(key) {
                session.links.push(RawLink { title: (*title).to_owned(), url: address.to_owned(), kind: *kind });
            }
        }
        session.people = self.people_of(entry, &place);
        self.read_slots(entry, &mut session);
        for tag in entry.get("tags").map(Json::list).unwrap_or_default() {
            let id = tag.word().unwrap_or_default();
            let name = self.tags.get(&id).unwrap_or(&id);
            self.notes.tally(&place, Problem::Unused, &format!("tag {name}"));
        }
        for (key, value) in entry.members() {
            let is_language = value.get("title").is_some();
            if !is_language && key != "tags" && !FIELDS.contains(&key.as_str()) && !value.is_blank() {
                self.notes.tally(&place, Problem::Unused, key);
            }
        }
        self.raw.sessions.push(session);
    }

    fn people_of(&mut self, entry: &Json, place: &str) -> Vec<RawPerson> {
        let mut people = Vec::new();
        for id in entry.get("speakers").map(Json::list).unwrap_or_default().iter().filter_map(Json::word) {
            match self.people.get(&id) {
                Some(person) if self.shared.contains(&id) => {
                    self.notes.warn_with(place, Problem::AmbiguousPerson, &id, &person.name);
                    people.push(RawPerson { place: place.to_owned(), ..person.clone() });
                }
                Some(person) => people.push(RawPerson { place: place.to_owned(), ..person.clone() }),
                None => self.notes.warn(place, Problem::UnknownPerson, &id),
            }
        }
        people
    }

    /// The session's own room first, then those it is broadcast to.
    fn read_slots(&mut self, entry: &Json, session: &mut RawSession) {
        let mut moment = |key: &str| {
            let word = entry.get_word(key)?;
            let read = times::moment(&word);
            if read.is_none() {
                self.notes.warn(&session.place, Problem::BadTime, &word);
            }
            read
        };
        let (start, end) = (moment("start"), moment("end").map(RawEnd::At));
        let mut rooms: Vec<String> = entry.get_word("room").into_iter().collect();
        for room in entry.get("broadcast").map(Json::list).unwrap_or_default().iter().filter_map(Json::word) {
            if !rooms.contains(&room) {
                rooms.push(room);
            }
        }
        if start.is_none() && end.is_none() {
            return;
        }
        let slot = RawSlot { start, end, ..RawSlot::default() };
        if rooms.is_empty() {
            session.slots.push(slot);
            return;
        }
        for room in rooms {
            if self.raw.rooms.get(&format!("id:{room}")).is_none() {
                self.notes.tally(&session.place, Problem::UnknownRoom, &room);
            }
            session.slots.push(RawSlot { room: reference(&mut self.raw.rooms, &room), ..slot.clone() });
        }
    }
}

/// The key of the group with this id, added under its id when the file's list lacks it.
fn reference(groups: &mut Groups, id: &str) -> Option<String> {
    let key = format!("id:{id}");
    if groups.get(&key).is_none() {
        groups.add(RawGroup { key: key.clone(), name: Texts::plain(id), ..RawGroup::default() });
    }
    Some(key)
}
