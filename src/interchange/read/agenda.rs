//! An agenda with every text in several languages side by side: an object of language to text
//! wherever other formats hold one text.

use super::json::Json;
use super::raw::{RawEnd, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::i18n::Lang;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};

/// Members of a session that are read.
const FIELDS: &[&str] = &[
    "id",
    "guid",
    "start",
    "end",
    "room",
    "title",
    "subtitle",
    "abstract",
    "description",
    "people",
    "speakers",
    "language",
    "track",
    "type",
];

/// Reads the document.
pub(super) fn read(root: &Json, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let Some(sessions) = root.get("sessions") else {
        return Err(ReadError::new(Fault::NoProgramme, "sessions"));
    };
    let mut raw = RawProgramme::new(FileFormat::Agenda);
    raw.title = texts(root.get("event").or_else(|| root.get("title")));
    raw.venue = texts(root.get("place"));
    raw.zone = root.get_word("timezone");
    let tags = root.get("languages").map(Json::list).unwrap_or_default();
    raw.languages = tags.iter().filter_map(Json::word).filter_map(|tag| tag.parse().ok()).collect();
    for (index, entry) in sessions.list().iter().enumerate() {
        read_session(entry, index, &mut raw, notes);
    }
    Ok(raw)
}

fn texts(value: Option<&Json>) -> Texts {
    let Some(value) = value else { return Texts::default() };
    let mut texts = Texts::maybe(value.text());
    for (code, text) in value.members() {
        if let (Ok(lang), Some(text)) = (code.parse::<Lang>(), text.text()) {
            texts.push(Some(lang), text);
        }
    }
    texts
}

fn read_session(entry: &Json, index: usize, raw: &mut RawProgramme, notes: &mut Notes) {
    let id = entry.get_word("id");
    let place = format!("sessions[{index}], {}", id.as_deref().unwrap_or("?"));
    if entry.members().is_empty() {
        notes.warn(&place, Problem::OddShape, "session");
        return;
    }
    let mut session = RawSession::new(place.as_str());
    session.guid = entry.get_word("guid").or_else(|| id.clone().filter(|id| uuid::Uuid::try_parse(id).is_ok()));
    session.id = id;
    session.title = texts(entry.get("title"));
    session.subtitle = texts(entry.get("subtitle"));
    session.abstract_text = texts(entry.get("abstract"));
    session.description = texts(entry.get("description"));
    session.language = entry.get_word("language");
    session.forum = group(&mut raw.forums, entry.get("track"));
    session.format = group(&mut raw.formats, entry.get("type"));
    let room = group(&mut raw.rooms, entry.get("room"));
    let mut moment = |key: &str| {
        let word = entry.get_word(key)?;
        let read = times::moment(&word);
        if read.is_none() {
            notes.warn(&place, Problem::BadTime, &word);
        }
        read
    };
    let (start, end) = (moment("start"), moment("end").map(RawEnd::At));
    if start.is_some() || end.is_some() {
        session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
    }
    let people = entry.get("people").or_else(|| entry.get("speakers")).map(Json::list).unwrap_or_default();
    session.people = people.iter().map(|person| read_person(person, &place)).collect();
    for (key, _) in entry.members().iter().filter(|(key, value)| !FIELDS.contains(&key.as_str()) && !value.is_blank()) {
        notes.tally(&place, Problem::Unused, key);
    }
    raw.sessions.push(session);
}

/// A group known by its first name, with its names in the other languages.
fn group(groups: &mut super::raw::Groups, value: Option<&Json>) -> Option<String> {
    let names = texts(value);
    let key = groups.named(names.first()?)?;
    if let Some(group) = groups.get_mut(&key) {
        group.name = names;
    }
    Some(key)
}

fn read_person(person: &Json, place: &str) -> RawPerson {
    let names = texts(person.get("name").or(Some(person)));
    let english =
        names.0.iter().find(|(lang, _)| lang.is_none_or(|lang| lang == Lang::EN)).map(|(_, name)| name.as_str());
    let own = names.0.iter().find(|(lang, _)| lang.is_some_and(|lang| lang != Lang::EN)).map(|(_, name)| name.as_str());
    let mut raw = RawPerson::new(place, english.or(own).unwrap_or_default());
    raw.native_name = own.filter(|_| english.is_some()).map(str::to_owned);
    raw.id = person.get_word("id");
    raw.position = texts(person.get("role").or_else(|| person.get("position")));
    raw.organisation = texts(person.get("organisation"));
    raw.biography = texts(person.get("biography"));
    raw.country = person.get_word("country");
    raw
}
