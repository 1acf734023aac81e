//! What differs for one person: pure, so that the rules stand in tests.

use super::model::{Current, Entry, Place, Told};
use crate::db::{RoomId, SessionId, SpeakerId, UtcTime};
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeRoom, ProgrammeSession, ProgrammeSlot};
use std::collections::{HashMap, HashSet};

/// What became of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// At another time.
    Moved,
    /// At the same time in another place.
    RoomChanged,
    /// Only its name is another.
    Renamed,
    /// It was not there, or was called off before.
    New,
    /// It does not take place, or not with this person.
    Cancelled,
}

impl What {
    /// The word in keys of texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moved => "moved",
            Self::RoomChanged => "room",
            Self::Renamed => "renamed",
            Self::New => "new",
            Self::Cancelled => "cancelled",
        }
    }
}

/// One difference, and what a calendar is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The slot's guid, the entry's `UID`.
    pub guid: String,
    /// The `SEQUENCE` to tell it with: higher than any before.
    pub sequence: i32,
    /// When the programme changed; of a cancelled slot, when it is told.
    pub changed_at: UtcTime,
    /// What became of it.
    pub what: What,
    /// What was told before, unless it is new.
    pub before: Option<Entry>,
    /// What holds now; of a cancelled slot, what was told before.
    pub entry: Entry,
}

/// What one person is to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// What changed, the most pressing first: moved, another room, renamed, new, cancelled; each by time.
    pub items: Vec<Item>,
    /// Their whole timetable by time.
    pub timetable: Vec<Current>,
}

/// Compares what a person was told with what holds now. What is over on both sides is no news.
#[must_use]
pub fn digest(told: &[Told], mut current: Vec<Current>, now: UtcTime) -> Digest {
    let known: HashMap<&str, &Told> = told.iter().map(|told| (told.guid.as_str(), told)).collect();
    let mut items: Vec<Item> = Vec::new();
    for slot in &current {
        let before = known.get(slot.guid.as_str()).copied();
        let held = before.filter(|told| !told.is_cancelled).map(|told| &told.entry);
        let is_over = slot.entry.end <= now && held.is_none_or(|held| held.end <= now);
        let Some(what) = what_became(held, &slot.entry).filter(|_| !is_over) else { continue };
        items.push(Item {
            guid: slot.guid.clone(),
            sequence: before.map_or(slot.sequence, |told| slot.sequence.max(told.sequence + 1)),
            changed_at: slot.changed_at,
            what,
            before: held.cloned(),
            entry: slot.entry.clone(),
        });
    }
    let present: HashSet<&str> = current.iter().map(|slot| slot.guid.as_str()).collect();
    for told in told.iter().filter(|told| !told.is_cancelled && told.entry.end > now) {
        if !present.contains(told.guid.as_str()) {
            items.push(Item {
                guid: told.guid.clone(),
                sequence: told.sequence + 1,
                changed_at: now,
                what: What::Cancelled,
                before: Some(told.entry.clone()),
                entry: told.entry.clone(),
            });
        }
    }
    items.sort_by(|one, other| {
        (one.what, one.entry.start, &one.guid).cmp(&(other.what, other.entry.start, &other.guid))
    });
    current.sort_by(|one, other| (one.entry.start, &one.guid).cmp(&(other.entry.start, &other.guid)));
    Digest { items, timetable: current }
}

fn what_became(held: Option<&Entry>, now: &Entry) -> Option<What> {
    let Some(held) = held else { return Some(What::New) };
    if (held.start, held.end) != (now.start, now.end) {
        Some(What::Moved)
    } else if held.places != now.places {
        Some(What::RoomChanged)
    } else if held.title != now.title {
        Some(What::Renamed)
    } else {
        None
    }
}

/// The programme's slots as calendars show them, looked up by session.
pub struct Book<'p> {
    programme: &'p Programme,
    rooms: HashMap<RoomId, &'p ProgrammeRoom>,
    sessions: HashMap<SessionId, usize>,
}

impl<'p> Book<'p> {
    /// Looks everything up once.
    #[must_use]
    pub fn new(programme: &'p Programme) -> Self {
        Self {
            programme,
            rooms: programme.rooms.iter().map(|room| (room.id, room)).collect(),
            sessions: programme.sessions.iter().enumerate().map(|(index, session)| (session.id, index)).collect(),
        }
    }

    /// When the programme was published.
    #[must_use]
    pub fn published_at(&self) -> Option<UtcTime> {
        self.programme.release.as_ref().map(|release| release.published_at)
    }

    /// The session of this id.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&'p ProgrammeSession> {
        self.sessions.get(&id).map(|index| &self.programme.sessions[*index])
    }

    /// A session's entries; none of a cancelled one. Slots at the same time are one entry, as in feeds:
    /// nobody is in two rooms, and a calendar should not say so.
    #[must_use]
    pub fn slots(&self, session: &ProgrammeSession) -> Vec<Current> {
        let mut entries: Vec<Current> = Vec::new();
        if session.state == SessionState::Cancelled {
            return entries;
        }
        for slot in &session.slots {
            let at = (slot.start, slot.end);
            match entries.iter_mut().find(|current| (current.entry.start, current.entry.end) == at) {
                Some(current) => current.entry.places.extend(self.place(slot)),
                None => entries.push(Current {
                    guid: slot.guid.clone(),
                    sequence: slot.sequence,
                    changed_at: slot.changed_at,
                    entry: Entry {
                        session: session.id,
                        title: session.title.clone(),
                        start: slot.start,
                        end: slot.end,
                        places: self.place(slot).into_iter().collect(),
                    },
                }),
            }
        }
        entries
    }

    fn place(&self, slot: &ProgrammeSlot) -> Option<Place> {
        let room = slot.room.and_then(|room| self.rooms.get(&room))?;
        Some(Place { name: room.name.clone(), building: room.building.clone() })
    }

    /// The entries of every speaker who takes part in something.
    #[must_use]
    pub fn by_speaker(&self) -> HashMap<SpeakerId, Vec<Current>> {
        let mut found: HashMap<SpeakerId, Vec<Current>> = HashMap::new();
        for session in &self.programme.sessions {
            let slots = self.slots(session);
            let mut seen = HashSet::new();
            // Who chairs and speaks in one session has it once.
            for part in session.people.iter().filter(|part| seen.insert(part.speaker)) {
                found.entry(part.speaker).or_default().extend(slots.iter().cloned());
            }
        }
        found
    }

    /// The entries of some sessions.
    pub fn of_sessions(&self, sessions: impl IntoIterator<Item = SessionId>) -> Vec<Current> {
        sessions.into_iter().filter_map(|id| self.session(id)).flat_map(|session| self.slots(session)).collect()
    }
}

/// What someone knows who knows these entries from a release.
#[must_use]
pub fn as_told(entries: Vec<Current>) -> Vec<Told> {
    entries
        .into_iter()
        .map(|slot| Told { guid: slot.guid, sequence: slot.sequence, is_cancelled: false, entry: slot.entry })
        .collect()
}

/// What someone knows after being told.
#[must_use]
pub fn after_telling(items: &[Item]) -> Vec<Told> {
    items
        .iter()
        .map(|item| Told {
            guid: item.guid.clone(),
            sequence: item.sequence,
            is_cancelled: item.what == What::Cancelled,
            entry: item.entry.clone(),
        })
        .collect()
}
