//! The draft as a value: the programme as it would be, and all that only the planners know of it.

use super::model::{Programme, ProgrammeRoom};
use crate::db::schema::{availabilities, blocks, schedule_rules};
use crate::db::{
    AvailabilityId, BlockId, EventId, FormatId, ForumId, Json, RoomId, SessionId, SlotId, SpeakerId, UtcTime,
};
use crate::i18n::Localized;
use crate::text_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// Everything that placing, checking and proposing look at, read in a fixed number of queries.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Every session in whatever state, every room, speaker, forum and format.
    pub programme: Programme,
    /// The event's `draft_version` when this was read: two drafts of the same version are the same.
    pub version: i64,
    /// What planners say of a session.
    pub sessions: HashMap<SessionId, Planning>,
    /// What planners say of a slot.
    pub slots: HashMap<SlotId, SlotPlanning>,
    /// What is in the timetable and is no session.
    pub blocks: Vec<Block>,
    /// When speakers and rooms are free.
    pub availabilities: Vec<Availability>,
    /// Forums whose sessions may not overlap.
    pub serial_forums: HashSet<ForumId>,
    /// The usual length of each format in minutes.
    pub format_minutes: HashMap<FormatId, i32>,
    /// Booths for interpreters of each room.
    pub booths: HashMap<RoomId, i32>,
    /// How many people have starred both sessions; each pair once, the smaller id first.
    pub shared_audience: HashMap<(SessionId, SessionId), i32>,
    /// How many people have starred each session.
    pub stars: HashMap<SessionId, i32>,
    /// The event's rules for its timetable.
    pub rules: Rules,
}

/// What planners say of a session besides what the public will see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Planning {
    /// How many people will come, where someone knows.
    pub expected: Option<i32>,
    /// Minutes that the room stays empty before it, as for a sweep.
    pub buffer_before: i32,
    /// Minutes that the room stays empty after it.
    pub buffer_after: i32,
    /// Counts edits of the session.
    pub version: i32,
}

/// What planners say of a slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlotPlanning {
    /// Counts moves, so that two organizers don't overwrite each other.
    pub version: i32,
    /// Whether proposals leave it where it is.
    pub is_fixed: bool,
}

text_enum! {
    /// What a block is for.
    pub enum BlockKind {
        /// Coffee, lunch, prayer.
        Break = "break",
        /// The registration desk is open.
        Registration = "registration",
        /// Building, cleaning, rehearsing.
        SetUp = "set-up",
        /// Anything else.
        Other = "other",
    }
}

/// A stretch of time in one room, or in all, that is no session.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = blocks)]
#[diesel(treat_none_as_null = true)]
pub struct Block {
    /// The block.
    pub id: BlockId,
    /// The event.
    pub event_id: EventId,
    /// Its room; all rooms when none.
    pub room_id: Option<RoomId>,
    /// What it is for.
    pub kind: BlockKind,
    /// What people read; the kind's own word where empty.
    pub title: Localized,
    /// Whether the public sees it.
    pub is_public: bool,
    /// When it begins.
    pub starts_at: UtcTime,
    /// When it ends, always later than the start.
    pub ends_at: UtcTime,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

text_enum! {
    /// What is said of a stretch of time.
    pub enum Level {
        /// Possible.
        Available = "available",
        /// Possible, and better than other times.
        Preferred = "preferred",
        /// Not possible.
        Unavailable = "unavailable",
    }
}

/// A stretch of time in which a speaker or a room is free or not.
///
/// Who has said nothing is free at any time. Who has given an available or preferred time is free
/// only in such times. What is unavailable is never free.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = availabilities)]
pub struct Availability {
    /// The stretch.
    pub id: AvailabilityId,
    /// The event.
    pub event_id: EventId,
    /// Whose it is; exactly one of speaker and room is set.
    pub speaker_id: Option<SpeakerId>,
    /// Whose it is.
    pub room_id: Option<RoomId>,
    /// What is said of it.
    pub level: Level,
    /// When it begins.
    pub starts_at: UtcTime,
    /// When it ends.
    pub ends_at: UtcTime,
    /// When it was said.
    pub created_at: UtcTime,
}

/// How long one walks between two buildings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// A building, by its name in the event's first language that has one.
    pub from: String,
    /// Another, later in the alphabet; the way back takes as long.
    pub to: String,
    /// Minutes.
    pub minutes: i32,
}

/// An event's rules for its timetable. An event without a row has those of [`Rules::of`].
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schedule_rules)]
pub struct Rules {
    /// The event.
    pub event_id: EventId,
    /// Steps of the editor's grid: 5, 10, 15 or 30 minutes.
    pub grid_minutes: i32,
    /// Minutes between two buildings where `walks` does not say otherwise.
    pub walk_minutes: i32,
    /// Minutes between certain buildings.
    pub walks: Json<Vec<Walk>>,
    /// Whether every session must be spoken in or interpreted into each language of the event.
    pub wants_all_languages: bool,
    /// From how many shared stars on two sessions should not overlap; 0 switches it off.
    pub shared_audience: i32,
    /// Minutes after a release in which a further one replaces notices that have not left yet.
    pub quiet_minutes: i32,
    /// Hours for which pages say "moved from …".
    pub moved_hours: i32,
    /// Counts edits; 0 while there is no row.
    pub version: i32,
    /// When they were last edited.
    pub updated_at: UtcTime,
}

impl Rules {
    /// The rules of an event that has set none.
    ///
    /// # Errors
    /// Never in practice: an empty list can be written as JSON.
    pub fn of(event: EventId, now: UtcTime) -> Result<Self, serde_json::Error> {
        Ok(Self {
            event_id: event,
            grid_minutes: 5,
            walk_minutes: 10,
            walks: Json::new(Vec::new())?,
            wants_all_languages: false,
            shared_audience: 20,
            quiet_minutes: 15,
            moved_hours: 48,
            version: 0,
            updated_at: now,
        })
    }

    /// Minutes from one building to another; none within one, and none where a building is not known.
    #[must_use]
    pub fn walk(&self, from: &str, to: &str) -> i32 {
        if from == to || from.is_empty() || to.is_empty() {
            return 0;
        }
        let (one, other) = if from < to { (from, to) } else { (to, from) };
        self.walks
            .iter()
            .find(|walk| walk.from == one && walk.to == other)
            .map_or(self.walk_minutes, |walk| walk.minutes)
    }
}

impl Draft {
    /// The building that a room is in, by the name that [`Rules::walks`] knows it by: in the event's
    /// first language that has one. Empty where none is set.
    #[must_use]
    pub fn building<'a>(&self, room: &'a ProgrammeRoom) -> &'a str {
        let languages = &self.programme.event.languages;
        languages
            .iter()
            .find_map(|lang| room.building.get(*lang))
            .or_else(|| room.building.iter().next().map(|(_, name)| name))
            .unwrap_or_default()
    }

    /// The buildings of the event's rooms, each once, by name.
    #[must_use]
    pub fn buildings(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.programme.rooms.iter().map(|room| self.building(room)).collect();
        names.retain(|name| !name.is_empty());
        names.sort_unstable();
        names.dedup();
        names
    }
}
