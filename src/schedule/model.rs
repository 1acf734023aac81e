//! The programme as a value: what a release freezes and what public pages, feeds and exports read.

use super::draft::BlockKind;
use crate::db::{BlockId, EventId, FileId, FormatId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Link, Role, SessionState};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Everything the public may know of one event's timetable, complete in itself.
///
/// Lists are in the order of display: rooms, forums and formats by position, sessions by first
/// start, speakers by name. It is kept as JSON in `releases.content`; a new field needs
/// `#[serde(default)]`, because old releases stay readable for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Programme {
    /// The event at the time of the release.
    pub event: ProgrammeEvent,
    /// Which release this is; `None` for a draft that is only looked at.
    pub release: Option<ReleaseInfo>,
    /// All rooms of the event.
    pub rooms: Vec<ProgrammeRoom>,
    /// All forums of the event.
    pub forums: Vec<ProgrammeForum>,
    /// All formats of the event.
    pub formats: Vec<ProgrammeFormat>,
    /// The speakers of the sessions below, no others.
    pub speakers: Vec<ProgrammeSpeaker>,
    /// The sessions, with or without a slot.
    pub sessions: Vec<ProgrammeSession>,
    /// Breaks and the like that the public sees, by start.
    #[serde(default)]
    pub blocks: Vec<ProgrammeBlock>,
}

/// Number, name and note of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseInfo {
    /// Counts from 1 in each event.
    pub number: i32,
    /// What organizers call it, such as "1.0".
    pub name: String,
    /// What changed, in the organizers' words.
    pub note: String,
    /// When it was published.
    pub published_at: UtcTime,
}

/// The event's own facts in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeEvent {
    /// The event.
    pub id: EventId,
    /// Its place in URLs.
    pub slug: String,
    /// Its name.
    pub name: Localized,
    /// Its theme in one line.
    pub tagline: Localized,
    /// Where it takes place: the venue's or town's name.
    pub place: Localized,
    /// First day, in the event's zone.
    pub starts_on: NaiveDate,
    /// Last day, in the event's zone.
    pub ends_on: NaiveDate,
    /// The zone that its days and times are meant in.
    pub timezone: chrono_tz::Tz,
    /// Its languages; the first is the main one.
    pub languages: Vec<Lang>,
}

/// A room in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeRoom {
    /// The room.
    pub id: RoomId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Stable in exchange formats.
    pub guid: String,
    /// Its name.
    pub name: Localized,
    /// The building or area it belongs to; may be empty.
    pub building: Localized,
    /// How many people it holds, where known.
    pub capacity: Option<i32>,
    /// Languages that can be heard in this room besides the floor.
    pub channels: Vec<Lang>,
}

/// A forum in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeForum {
    /// The forum.
    pub id: ForumId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// What it is about.
    pub description: Localized,
    /// `#rrggbb`.
    pub color: String,
}

/// A format in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeFormat {
    /// The format.
    pub id: FormatId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
}

/// A speaker in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeSpeaker {
    /// The speaker.
    pub id: SpeakerId,
    /// Their place in URLs, unique in the event.
    pub code: String,
    /// Stable in exchange formats.
    pub guid: String,
    /// The name in Latin letters, in the order its owner uses.
    pub name: String,
    /// The name in its own script.
    pub native_name: Option<String>,
    /// Office or job.
    pub position: Localized,
    /// Ministry, company, university.
    pub organisation: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// In Markdown.
    pub biography: Localized,
    /// The checked and resized photo.
    pub photo: Option<FileId>,
}

/// A session in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeSession {
    /// The session.
    pub id: SessionId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Stable in exchange formats, the same in every release.
    pub guid: String,
    /// Its title.
    pub title: Localized,
    /// One more line under the title; often empty.
    pub subtitle: Localized,
    /// What it is about, in short, in Markdown.
    pub abstract_text: Localized,
    /// What it is about, at length, in Markdown.
    pub description: Localized,
    /// Its format.
    pub format: Option<FormatId>,
    /// Its forum.
    pub forum: Option<ForumId>,
    /// The language spoken on the floor.
    pub language: Option<Lang>,
    /// The languages it is interpreted into.
    pub interpreted: Vec<Lang>,
    /// How one gets in.
    pub access: Access,
    /// Places in this session where they are fewer than the room's.
    pub capacity: Option<i32>,
    /// Accepted, confirmed or cancelled.
    pub state: SessionState,
    /// Whether it may be recorded.
    pub may_record: bool,
    /// Slides, papers, streams and other addresses.
    pub links: Vec<Link>,
    /// Who takes part, in order.
    pub people: Vec<Participation>,
    /// Where and when; empty while unplaced, more than one when it is repeated or shown in several rooms.
    pub slots: Vec<ProgrammeSlot>,
}

/// One person's part in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Who.
    pub speaker: SpeakerId,
    /// As what.
    pub role: Role,
}

/// A session's room and time in a programme.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeSlot {
    /// The slot.
    pub id: SlotId,
    /// Stable in exchange formats; the session's own guid for its first slot.
    pub guid: String,
    /// The room, where one is set.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends, always later than the start.
    pub end: UtcTime,
    /// iCalendar `SEQUENCE`: rises by one in each release that changed what a calendar shows of it.
    pub sequence: i32,
    /// The publication that last changed it: iCalendar `DTSTAMP` and `LAST-MODIFIED`.
    pub changed_at: UtcTime,
    /// Where it was in the release before the one that last moved it.
    #[serde(default)]
    pub moved_from: Option<MovedFrom>,
}

/// Where a slot was, and since when it is not there any more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MovedFrom {
    /// The room it was in.
    pub room: Option<RoomId>,
    /// When it would have begun.
    pub start: UtcTime,
    /// When it would have ended.
    pub end: UtcTime,
    /// When the release was published that moved it.
    pub at: UtcTime,
}

/// A stretch of time in a programme that is no session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgrammeBlock {
    /// The block.
    pub id: BlockId,
    /// What it is for.
    pub kind: BlockKind,
    /// What people read; the kind's own word where empty.
    pub title: Localized,
    /// Its room; all rooms when none.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}
