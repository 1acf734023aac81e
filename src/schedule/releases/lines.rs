//! What a release changes, in the facts that a sentence about it needs.

use super::lists::{ListChange, list_difference};
use crate::db::{RoomId, SessionId, SpeakerId, UtcTime};
use crate::i18n::Localized;
use crate::schedule::difference::{Change, difference};
use crate::schedule::draft::BlockKind;
use crate::schedule::model::{Programme, ProgrammeBlock, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker};
use std::collections::{HashMap, HashSet};

/// A time, and a room where one is set. Rooms stand by their names, which outlive them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
    /// The room's name.
    pub room: Option<Localized>,
}

/// A person by both names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name in Latin letters.
    pub name: String,
    /// The name in its own script.
    pub native_name: Option<String>,
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A session.
    Session {
        /// The session.
        id: SessionId,
        /// Its place in URLs.
        code: String,
        /// Its title.
        title: Localized,
    },
    /// A break or the like.
    Block {
        /// What it is for.
        kind: BlockKind,
        /// What people read; the kind's own word where empty.
        title: Localized,
    },
    /// A speaker.
    Speaker {
        /// Their place in URLs.
        code: String,
        /// Who.
        person: Person,
    },
    /// Names and texts that belong to no single session: the event's, of rooms, forums and formats.
    Frame,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was not there.
    Added(Vec<Place>),
    /// It is not there any more; where it was.
    Removed(Vec<Place>),
    /// It does not take place; where it would have been.
    Cancelled(Vec<Place>),
    /// It takes place again.
    Revived(Vec<Place>),
    /// It takes place once more.
    SlotAdded(Place),
    /// It takes place once less.
    SlotRemoved(Place),
    /// It begins or ends at another time, perhaps in another room too.
    Moved(Place, Place),
    /// It is in another room at the same time.
    RoomChanged(Place, Place),
    /// Other people take part: who came, and who went.
    PeopleChanged(Vec<Person>, Vec<Person>),
    /// It had this title.
    Retitled(Localized),
    /// Something else of it changed.
    Edited,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub subject: Subject,
    /// What became of it.
    pub what: What,
}

/// Kinds of changes, the most pressing first.
pub const KINDS: [&str; 14] = [
    "cancelled",
    "removed",
    "moved",
    "room-changed",
    "added",
    "slot-added",
    "slot-removed",
    "revived",
    "people-changed",
    "retitled",
    "edited",
    "blocks",
    "speakers",
    "frame",
];

impl Line {
    /// The word for its kind, as in text keys: one of [`KINDS`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match (&self.subject, &self.what) {
            (Subject::Block { .. }, _) => "blocks",
            (Subject::Speaker { .. }, _) => "speakers",
            (Subject::Frame, _) => "frame",
            (_, What::Added(_)) => "added",
            (_, What::Removed(_)) => "removed",
            (_, What::Cancelled(_)) => "cancelled",
            (_, What::Revived(_)) => "revived",
            (_, What::SlotAdded(_)) => "slot-added",
            (_, What::SlotRemoved(_)) => "slot-removed",
            (_, What::Moved(..)) => "moved",
            (_, What::RoomChanged(..)) => "room-changed",
            (_, What::PeopleChanged(..)) => "people-changed",
            (_, What::Retitled(_)) => "retitled",
            (_, What::Edited) => "edited",
        }
    }
}

/// Everything that differs from `old` to `new`: sessions in the order of the programme, then blocks,
/// speakers that are in both, and the frame.
#[must_use]
pub fn lines(old: Option<&Programme>, new: &Programme) -> Vec<Line> {
    let book = Book::new(old, new);
    let mut found: Vec<Line> = Vec::new();
    for change in difference(old, new) {
        book.session_lines(&change, &mut found);
    }
    let (old_blocks, old_speakers) =
        old.map_or((&[][..], &[][..]), |old| (old.blocks.as_slice(), old.speakers.as_slice()));
    for change in list_difference(old_blocks, &new.blocks) {
        found.extend(book.block_lines(&change));
    }
    for change in list_difference(old_speakers, &new.speakers) {
        // Who comes and goes is told with the sessions.
        if let ListChange::Changed(_, speaker) = change {
            let subject = Subject::Speaker { code: speaker.code.clone(), person: person(speaker) };
            found.push(Line { subject, what: What::Edited });
        }
    }
    let frame_differs = |old: &Programme| {
        (&old.rooms, &old.forums, &old.formats, &old.event) != (&new.rooms, &new.forums, &new.formats, &new.event)
    };
    if old.is_some_and(frame_differs) {
        found.push(Line { subject: Subject::Frame, what: What::Edited });
    }
    found
}

fn person(speaker: &ProgrammeSpeaker) -> Person {
    Person { name: speaker.name.clone(), native_name: speaker.native_name.clone() }
}

/// Both programmes with what lines look up.
struct Book<'a> {
    old: HashMap<SessionId, &'a ProgrammeSession>,
    new: HashMap<SessionId, &'a ProgrammeSession>,
    old_rooms: HashMap<RoomId, &'a Localized>,
    new_rooms: HashMap<RoomId, &'a Localized>,
    speakers: HashMap<SpeakerId, &'a ProgrammeSpeaker>,
}

impl<'a> Book<'a> {
    fn new(old: Option<&'a Programme>, new: &'a Programme) -> Self {
        let sessions = |programme: &'a Programme| programme.sessions.iter().map(|one| (one.id, one)).collect();
        let rooms = |programme: &'a Programme| programme.rooms.iter().map(|one| (one.id, &one.name)).collect();
        let speakers = old.into_iter().chain([new]).flat_map(|programme| &programme.speakers);
        Self {
            old: old.map(sessions).unwrap_or_default(),
            new: sessions(new),
            old_rooms: old.map(rooms).unwrap_or_default(),
            new_rooms: rooms(new),
            speakers: speakers.map(|speaker| (speaker.id, speaker)).collect(),
        }
    }

    fn was(&self, slot: &ProgrammeSlot) -> Place {
        Place { start: slot.start, end: slot.end, room: self.old_room(slot.room) }
    }

    fn is(&self, slot: &ProgrammeSlot) -> Place {
        Place { start: slot.start, end: slot.end, room: self.new_room(slot.room) }
    }

    fn old_room(&self, room: Option<RoomId>) -> Option<Localized> {
        room.and_then(|id| self.old_rooms.get(&id)).map(|name| (*name).clone())
    }

    fn new_room(&self, room: Option<RoomId>) -> Option<Localized> {
        room.and_then(|id| self.new_rooms.get(&id)).map(|name| (*name).clone())
    }

    fn session_lines(&self, change: &Change, found: &mut Vec<Line>) {
        let id = change.session();
        let (old, new) = (self.old.get(&id).copied(), self.new.get(&id).copied());
        let Some(session) = new.or(old) else { return };
        let places = |one: Option<&ProgrammeSession>, place: &dyn Fn(&ProgrammeSlot) -> Place| {
            one.into_iter().flat_map(|one| &one.slots).map(place).collect::<Vec<_>>()
        };
        let (was, is) = (|slot: &ProgrammeSlot| self.was(slot), |slot: &ProgrammeSlot| self.is(slot));
        let slots = |slot: &crate::db::SlotId| {
            let of = |one: Option<&'a ProgrammeSession>| {
                one.into_iter().flat_map(|one| &one.slots).find(|other| other.id == *slot)
            };
            of(old).zip(of(new))
        };
        let what = match change {
            Change::Added(_) => Some(What::Added(places(new, &is))),
            Change::Removed(_) => Some(What::Removed(places(old, &was))),
            Change::Cancelled(_) => Some(What::Cancelled(places(old, &was))),
            Change::Revived(..) => Some(What::Revived(places(new, &is))),
            Change::SlotAdded(_, slot) => Some(What::SlotAdded(self.is(slot))),
            Change::SlotRemoved(_, gone) => {
                let slot = old.into_iter().flat_map(|old| &old.slots).find(|slot| slot.id == *gone);
                slot.map(|slot| What::SlotRemoved(self.was(slot)))
            }
            Change::Moved { slot, .. } => slots(slot).map(|(old, new)| What::Moved(self.was(old), self.is(new))),
            // One that has another time as well is told once.
            Change::RoomChanged { slot, .. } => slots(slot)
                .filter(|(old, new)| (old.start, old.end) == (new.start, new.end))
                .map(|(old, new)| What::RoomChanged(self.was(old), self.is(new))),
            Change::Edited(_) => None,
        };
        let subject = || Subject::Session { id, code: session.code.clone(), title: session.title.clone() };
        found.extend(what.map(|what| Line { subject: subject(), what }));
        if let (Change::Edited(_), Some(old), Some(new)) = (change, old, new) {
            found.extend(self.edits(old, new).into_iter().map(|what| Line { subject: subject(), what }));
        }
    }

    fn edits(&self, old: &ProgrammeSession, new: &ProgrammeSession) -> Vec<What> {
        let mut found = Vec::new();
        let names = |one: &ProgrammeSession, other: &ProgrammeSession| -> Vec<Person> {
            let there: HashSet<SpeakerId> = other.people.iter().map(|part| part.speaker).collect();
            let mut seen = HashSet::new();
            let ids = one.people.iter().map(|part| part.speaker);
            let only_here = ids.filter(|id| !there.contains(id) && seen.insert(*id)).collect::<Vec<_>>();
            only_here.iter().filter_map(|id| self.speakers.get(id)).map(|speaker| person(speaker)).collect()
        };
        let (joined, left) = (names(new, old), names(old, new));
        if old.title != new.title {
            found.push(What::Retitled(old.title.clone()));
        }
        let others_differ = {
            let plain = |one: &ProgrammeSession| ProgrammeSession {
                title: Localized::new(),
                slots: Vec::new(),
                // Accepted or confirmed is the organizers' business.
                state: crate::programme::model::SessionState::Accepted,
                people: if joined.is_empty() && left.is_empty() { one.people.clone() } else { Vec::new() },
                ..one.clone()
            };
            plain(old) != plain(new)
        };
        if !joined.is_empty() || !left.is_empty() {
            found.push(What::PeopleChanged(joined, left));
        }
        if others_differ {
            found.push(What::Edited);
        }
        found
    }

    fn block_lines(&self, change: &ListChange<'_, ProgrammeBlock>) -> Option<Line> {
        let was =
            |block: &ProgrammeBlock| Place { start: block.start, end: block.end, room: self.old_room(block.room) };
        let is = |block: &ProgrammeBlock| Place { start: block.start, end: block.end, room: self.new_room(block.room) };
        let (block, what) = match change {
            ListChange::Added(block) => (block, What::Added(vec![is(block)])),
            ListChange::Removed(block) => (block, What::Removed(vec![was(block)])),
            ListChange::Changed(old, new) if (old.start, old.end) != (new.start, new.end) => {
                (new, What::Moved(was(old), is(new)))
            }
            ListChange::Changed(old, new) if old.room != new.room => (new, What::RoomChanged(was(old), is(new))),
            ListChange::Changed(_, new) => (new, What::Edited),
        };
        Some(Line { subject: Subject::Block { kind: block.kind, title: block.title.clone() }, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;
    use crate::programme::model::SessionState;
    use crate::schedule::samples::{at, by, id, programme, session, slot};

    #[test]
    fn each_kind_of_change_has_its_line() {
        let plain = || by(session(1, Some(1), "13T01:00"), &[1]);
        type Edit = fn(&mut ProgrammeSession);
        let edits: [(&[&str], Edit); 10] = [
            (&[], |_| {}),
            (&[], |session| session.state = SessionState::Confirmed),
            (&["moved"], |session| session.slots = vec![slot(1, Some(2), "13T02:00")]),
            (&["room-changed"], |session| session.slots = vec![slot(1, Some(2), "13T01:00")]),
            (&["cancelled"], |session| session.state = SessionState::Cancelled),
            (&["retitled"], |session| session.title = Localized::single(Lang::EN, "Renamed")),
            (&["people-changed"], |session| session.people[0].speaker = id(2)),
            (&["edited"], |session| session.may_record = false),
            (&["slot-added"], |session| session.slots.push(slot(2, Some(2), "13T01:00"))),
            (&["slot-removed"], |session| session.slots.clear()),
        ];
        for (expected, edit) in edits {
            let mut changed = plain();
            edit(&mut changed);
            let found = lines(Some(&programme(vec![plain()])), &programme(vec![changed]));
            assert_eq!(found.iter().map(Line::kind).collect::<Vec<_>>(), expected);
        }
        let kinds = |old: &Programme, new: &Programme| lines(Some(old), new).iter().map(Line::kind).collect::<Vec<_>>();
        let (with, without) = (programme(vec![plain()]), programme(vec![]));
        assert_eq!((kinds(&with, &without), kinds(&without, &with)), (vec!["removed"], vec!["added"]));
    }

    #[test]
    fn blocks_speakers_and_the_frame_are_told_too() {
        let old = programme(vec![]);
        let mut new = programme(vec![]);
        new.blocks.push(ProgrammeBlock {
            id: id(1),
            kind: BlockKind::Break,
            title: Localized::new(),
            room: None,
            start: at("13T02:00"),
            end: at("13T02:30"),
        });
        new.speakers[0].position = Localized::single(Lang::EN, "Minister");
        new.rooms[0].capacity = Some(12);
        let found = lines(Some(&old), &new);
        assert_eq!(found.iter().map(Line::kind).collect::<Vec<_>>(), ["blocks", "speakers", "frame"]);
        assert_eq!(lines(Some(&new), &new), []);
    }
}
