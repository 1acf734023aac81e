//! What a format's reader hands on: the file's own words, sorted into our shape but not yet cleaned.

use super::text;
use super::times::Moment;
use crate::i18n::Lang;
use crate::interchange::model::FileFormat;
use crate::programme::model::{LinkKind, Role, SessionState};
use chrono::{NaiveDate, TimeDelta};
use std::collections::HashMap;

/// One text, in languages known or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Texts(pub(super) Vec<(Option<Lang>, String)>);

impl Texts {
    /// A text whose language the value itself doesn't tell.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self(vec![(None, text.into())])
    }

    /// Like [`Texts::plain`] for a text that may be missing.
    pub(super) fn maybe(text: Option<&str>) -> Self {
        text.map(Self::plain).unwrap_or_default()
    }

    pub(super) fn push(&mut self, lang: Option<Lang>, text: impl Into<String>) {
        self.0.push((lang, text.into()));
    }

    pub(super) fn is_blank(&self) -> bool {
        self.0.iter().all(|(_, text)| text.trim().is_empty())
    }

    /// The first text that is not blank.
    pub(super) fn first(&self) -> Option<&str> {
        self.0.iter().map(|(_, text)| text.as_str()).find(|text| !text.trim().is_empty())
    }
}

/// A whole file.
#[derive(Debug)]
pub(super) struct RawProgramme {
    pub(super) format: FileFormat,
    pub(super) title: Texts,
    pub(super) acronym: Option<String>,
    /// Names of venue and town, which also help to guess the zone.
    pub(super) venue: Texts,
    pub(super) starts_on: Option<NaiveDate>,
    pub(super) ends_on: Option<NaiveDate>,
    /// Day containers with their dates; `None` where the format has none.
    pub(super) days: Option<Vec<Option<NaiveDate>>>,
    pub(super) zone: Option<String>,
    /// The event's languages, where the file says them; the first is the main one.
    pub(super) languages: Vec<Lang>,
    pub(super) rooms: Groups,
    pub(super) rooms_listed: Option<usize>,
    pub(super) forums: Groups,
    pub(super) formats: Groups,
    /// Whether the forums are tracks by the format's own word.
    pub(super) has_tracks: bool,
    pub(super) people: Vec<RawPerson>,
    pub(super) sessions: Vec<RawSession>,
}

impl RawProgramme {
    pub(super) fn new(format: FileFormat) -> Self {
        Self {
            format,
            title: Texts::default(),
            acronym: None,
            venue: Texts::default(),
            starts_on: None,
            ends_on: None,
            days: None,
            zone: None,
            languages: Vec::new(),
            rooms: Groups::default(),
            rooms_listed: None,
            forums: Groups::default(),
            formats: Groups::default(),
            has_tracks: true,
            people: Vec::new(),
            sessions: Vec::new(),
        }
    }
}

/// A room, forum or format.
#[derive(Clone, Debug, Default)]
pub(super) struct RawGroup {
    pub(super) key: String,
    pub(super) guid: Option<String>,
    pub(super) name: Texts,
    pub(super) capacity: Option<i64>,
    pub(super) color: Option<String>,
    pub(super) minutes: Option<i64>,
}

/// Rooms, forums or formats in the order of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Groups {
    pub(super) list: Vec<RawGroup>,
    index: HashMap<String, usize>,
}

impl Groups {
    /// Adds a group, or fills in what an earlier one with the same key left open.
    pub(super) fn add(&mut self, group: RawGroup) {
        let next = self.list.len();
        let place = *self.index.entry(group.key.clone()).or_insert(next);
        match self.list.get_mut(place) {
            None => self.list.push(group),
            Some(known) => {
                known.guid = known.guid.take().or(group.guid);
                known.capacity = known.capacity.or(group.capacity);
                known.color = known.color.take().or(group.color);
                known.minutes = known.minutes.or(group.minutes);
                if known.name.is_blank() {
                    known.name = group.name;
                }
            }
        }
    }

    /// The key of the group of this name, which is added when it is new; `None` for a blank name.
    pub(super) fn named(&mut self, name: &str) -> Option<String> {
        let key = text::collapse(name);
        if key.is_empty() {
            return None;
        }
        if !self.index.contains_key(&key) {
            self.add(RawGroup { key: key.clone(), name: Texts::plain(name), ..RawGroup::default() });
        }
        Some(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&RawGroup> {
        self.index.get(key).and_then(|place| self.list.get(*place))
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut RawGroup> {
        self.index.get(key).and_then(|place| self.list.get_mut(*place))
    }
}

/// A person, in a list of people or in a session.
#[derive(Clone, Debug)]
pub(super) struct RawPerson {
    pub(super) place: String,
    pub(super) id: Option<String>,
    pub(super) guid: Option<String>,
    pub(super) name: String,
    /// All text that the file has in the name's place, where that is more than the name.
    pub(super) as_written: Option<String>,
    pub(super) native_name: Option<String>,
    pub(super) position: Texts,
    pub(super) organisation: Texts,
    pub(super) country: Option<String>,
    pub(super) biography: Texts,
    pub(super) avatar: Option<String>,
    pub(super) role: Role,
}

impl RawPerson {
    pub(super) fn new(place: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            id: None,
            guid: None,
            name: name.into(),
            as_written: None,
            native_name: None,
            position: Texts::default(),
            organisation: Texts::default(),
            country: None,
            biography: Texts::default(),
            avatar: None,
            role: Role::Speaker,
        }
    }
}

/// When a slot ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RawEnd {
    At(Moment),
    After(TimeDelta),
}

/// A room and a time.
#[derive(Clone, Debug, Default)]
pub(super) struct RawSlot {
    pub(super) id: Option<String>,
    pub(super) guid: Option<String>,
    /// Key of the room.
    pub(super) room: Option<String>,
    pub(super) start: Option<Moment>,
    pub(super) end: Option<RawEnd>,
}

/// An address.
#[derive(Clone, Debug)]
pub(super) struct RawLink {
    pub(super) title: String,
    pub(super) url: String,
    pub(super) kind: LinkKind,
}

/// One entry for a session.
#[derive(Clone, Debug)]
pub(super) struct RawSession {
    pub(super) place: String,
    pub(super) id: Option<String>,
    /// A UUID, or any text that names the session in the whole world.
    pub(super) guid: Option<String>,
    /// The guid of the session that this entry is one more slot of, as our own exports say it.
    pub(super) slot_of: Option<String>,
    pub(super) code: Option<String>,
    pub(super) title: Texts,
    pub(super) subtitle: Texts,
    pub(super) abstract_text: Texts,
    pub(super) description: Texts,
    pub(super) format: Option<String>,
    pub(super) forum: Option<String>,
    pub(super) language: Option<String>,
    pub(super) interpreted: Vec<String>,
    pub(super) state: SessionState,
    pub(super) may_record: bool,
    pub(super) links: Vec<RawLink>,
    pub(super) people: Vec<RawPerson>,
    pub(super) slots: Vec<RawSlot>,
}

impl RawSession {
    pub(super) fn new(place: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            id: None,
            guid: None,
            slot_of: None,
            code: None,
            title: Texts::default(),
            subtitle: Texts::default(),
            abstract_text: Texts::default(),
            description: Texts::default(),
            format: None,
            forum: None,
            language: None,
            interpreted: Vec::new(),
            state: SessionState::Confirmed,
            may_record: true,
            links: Vec::new(),
            people: Vec::new(),
            slots: Vec::new(),
        }
    }
}
