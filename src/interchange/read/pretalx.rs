//! Objects of the pretalx API: submissions with slots, as lists or grouped by day, minute and room.

use super::json::Json;
use super::raw::{RawEnd, RawGroup, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};
use chrono::TimeDelta;

/// Members of a submission that are read, or that only matter inside pretalx.
const FIELDS: &[&str] = &[
    "code",
    "title",
    "abstract",
    "description",
    "speakers",
    "submission_type",
    "submission_type_id",
    "track",
    "track_id",
    "state",
    "duration",
    "slot",
    "slots",
    "slot_count",
    "content_locale",
    "do_not_record",
    "resources",
    "access_code",
    "pending_state",
    "is_featured",
    "anonymised_data",
    "is_anonymised",
    "assigned_reviewers",
    "created",
    "image",
];

/// Reads the document.
pub(super) fn read(root: &Json, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let mut raw = RawProgramme::new(FileFormat::Pretalx);
    raw.title = texts(root.get("name").or_else(|| root.get("event")));
    raw.zone = root.get_word("timezone");
    for room in root.get("rooms").map(Json::list).unwrap_or_default() {
        add_room(&mut raw, room);
    }
    if root.get("rooms").is_some() {
        raw.rooms_listed = Some(raw.rooms.list.len());
    }
    read_people(root, &mut raw);
    let mut reader = Reader { raw, notes };
    let mut found = false;
    for key in ["schedule", "sprints"] {
        if let Some(days) = root.get(key) {
            reader.read_days(days, key);
            found = true;
        }
    }
    for list in ["results", "submissions", "talks"].iter().filter_map(|key| root.get(key)).chain([root]) {
        for (index, submission) in list.list().iter().enumerate() {
            reader.read_submission(submission, &format!("[{index}]"));
            found = true;
        }
    }
    if !found {
        return Err(ReadError::new(Fault::NoProgramme, "schedule"));
    }
    for (key, value) in root.get("extra").map(Json::members).unwrap_or_default() {
        if !value.is_blank() {
            reader.notes.tally(&format!("extra[{key:?}]"), Problem::Unused, "extra");
        }
    }
    Ok(reader.raw)
}

fn read_people(root: &Json, raw: &mut RawProgramme) {
    let people = root.get("speakers");
    let listed = people.map(Json::list).unwrap_or_default().iter();
    let by_code = people.map(Json::members).unwrap_or_default().iter().map(|(_, person)| person);
    raw.people = listed
        .chain(by_code)
        .filter(|person| person.get("name").is_some())
        .map(|person| read_person(person, "speakers"))
        .collect();
}

fn read_person(person: &Json, place: &str) -> RawPerson {
    let mut raw = RawPerson::new(place, person.get_text("name").unwrap_or_default());
    raw.id = person.get_word("code");
    raw.biography = texts(person.get("biography"));
    raw.avatar = person.get_word("avatar_url").or_else(|| person.get_word("avatar"));
    raw
}

/// A text, or an object of language to text.
fn texts(value: Option<&Json>) -> Texts {
    let Some(value) = value else { return Texts::default() };
    let mut texts = Texts::maybe(value.text());
    for (code, text) in value.members() {
        if let (Ok(lang), Some(text)) = (code.parse(), text.text()) {
            texts.push(Some(lang), text);
        }
    }
    texts
}

fn add_room(raw: &mut RawProgramme, room: &Json) -> Option<String> {
    // Some versions give an object of languages in the place of the room.
    let name = texts(room.get("name").or(if room.get("id").is_none() { Some(room) } else { None }));
    // The name can be the same in two buildings, the id can't.
    let key = room.get_word("id").map(|id| format!("id:{id}")).or_else(|| name.first().map(super::text::collapse))?;
    let guid = room.get_word("guid").or_else(|| room.get_word("uuid"));
    let capacity = room.get("capacity").and_then(Json::integer);
    raw.rooms.add(RawGroup { key: key.clone(), guid, name, capacity, ..RawGroup::default() });
    Some(key)
}

struct Reader<'n> {
    raw: RawProgramme,
    notes: &'n mut Notes,
}

impl Reader<'_> {
    /// Days of minutes of rooms, as a web site's generator groups them.
    fn read_days(&mut self, days: &Json, name: &str) {
        for (date, minutes) in days.members() {
            for (minute, rooms) in minutes.members() {
                for (room, submission) in rooms.members() {
                    self.read_submission(submission, &format!("{name}[{date:?}][{minute:?}][{room:?}]"));
                }
            }
        }
    }

    fn read_submission(&mut self, submission: &Json, path: &str) {
        let code = submission.get_word("code");
        let Some(code) = code.filter(|_| !submission.members().is_empty()) else {
            self.notes.warn(path, Problem::OddShape, "submission");
            return;
        };
        let place = format!("{path}, {code}");
        let mut session = RawSession::new(place.as_str());
        session.id = Some(code.clone());
        session.code = Some(code);
        session.title = texts(submission.get("title"));
        session.abstract_text = texts(submission.get("abstract"));
        session.description = texts(submission.get("description"));
        session.language = submission.get_word("content_locale");
        session.state = state(submission.get_word("state").as_deref());
        session.may_record = submission.get("do_not_record").and_then(Json::truth) != Some(true);
        session.format = self.group(submission.get("submission_type"), |raw| &mut raw.formats);
        session.forum = self.group(submission.get("track"), |raw| &mut raw.forums);
        session.people = submission
            .get("speakers")
            .map(Json::list)
            .unwrap_or_default()
            .iter()
            .map(|person| read_person(person, &place))
            .collect();
        self.read_resources(submission, &mut session);
        let single = submission.get("slot").into_iter();
        for slot in submission.get("slots").map(Json::list).unwrap_or_default().iter().chain(single) {
            let slot = self.read_slot(slot, submission, &place);
            session.slots.extend(slot);
        }
        for (key, _) in
            submission.members().iter().filter(|(key, value)| !FIELDS.contains(&key.as_str()) && !value.is_blank())
        {
            self.notes.tally(&place, Problem::Unused, key);
        }
        self.raw.sessions.push(session);
    }

    fn group(&mut self, value: Option<&Json>, of: fn(&mut RawProgramme) -> &mut super::raw::Groups) -> Option<String> {
        let value = value?;
        let minutes = value.get("default_duration").and_then(Json::integer);
        let color = value.get_word("color");
        let name = texts(value.get("name").or(Some(value)));
        let key =
            value.get_word("id").map(|id| format!("id:{id}")).or_else(|| name.first().map(super::text::collapse))?;
        of(&mut self.raw).add(RawGroup { key: key.clone(), name, color, minutes, ..RawGroup::default() });
        Some(key)
    }

    fn read_resources(&mut self, submission: &Json, session: &mut RawSession) {
        for resource in submission.get("resources").map(Json::list).unwrap_or_default() {
            let address = ["link", "url", "resource"].iter().find_map(|key| resource.get_text(key));
            match address {
                Some(address) => {
                    let title = resource.get_text("description").unwrap_or_default().to_owned();
                    session.links.push(RawLink { title, url: address.to_owned(), kind: LinkKind::Attachment });
                }
                None => self.notes.tally(&session.place, Problem::Unused, "resources"),
            }
        }
    }

    fn read_slot(&mut self, slot: &Json, submission: &Json, place: &str) -> Option<RawSlot> {
        let start = self.moment(slot.get_word("start"), place);
        let minutes = slot.get("duration").or_else(|| submission.get("duration")).and_then(Json::integer);
        let lasting = minutes.and_then(TimeDelta::try_minutes).map(RawEnd::After);
        let end = self.moment(slot.get_word("end"), place).map(RawEnd::At).or(lasting);
        let room = match slot.get("room") {
            Some(room) if !room.members().is_empty() => add_room(&mut self.raw, room),
            Some(room) => self.room_by_name(room),
            None => None,
        };
        // A slot without time and room is how pretalx says "not placed yet".
        (start.is_some() || room.is_some()).then(|| RawSlot { id: slot.get_word("id"), guid: None, room, start, end })
    }

    /// Newer versions give only the room's id, older ones only its name.
    fn room_by_name(&mut self, room: &Json) -> Option<String> {
        if let Json::Number(id) = room {
            let key = format!("id:{id}");
            return self.raw.rooms.get(&key).map(|room| room.key.clone());
        }
        let name = texts(Some(room));
        let known = self.raw.rooms.list.iter().find(|known| known.name.first() == name.first());
        known.map(|known| known.key.clone()).or_else(|| name.first().and_then(|name| self.raw.rooms.named(name)))
    }

    fn moment(&mut self, word: Option<String>, place: &str) -> Option<times::Moment> {
        let word = word?;
        let read = times::moment(&word);
        if read.is_none() {
            self.notes.warn(place, Problem::BadTime, &word);
        }
        read
    }
}

fn state(word: Option<&str>) -> SessionState {
    match word {
        Some("accepted") => SessionState::Accepted,
        Some("submitted") => SessionState::Proposed,
        Some("rejected") => SessionState::Rejected,
        Some("withdrawn") => SessionState::Withdrawn,
        Some("canceled" | "cancelled") => SessionState::Cancelled,
        Some("draft") => SessionState::Draft,
        _ => SessionState::Confirmed,
    }
}
