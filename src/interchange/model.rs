//! A programme as it was read from a file: cleaned, keyed and resolved, but not yet in the database.

use super::notes::Warning;
use crate::db::UtcTime;
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Link, Role, SessionState};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

/// The formats that programmes come and go in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileFormat {
    /// `schedule.xml` of frab, pentabarf and pretalx.
    ScheduleXml,
    /// `schedule.json` of frab and pretalx.
    ScheduleJson,
    /// Objects of the pretalx API.
    Pretalx,
    /// Sessionize's `All` view.
    Sessionize,
    /// `session.json` of OPass and CCIP.
    Opass,
    /// iCalendar as XML, as pentabarf wrote it.
    Xcal,
    /// iCalendar.
    ICalendar,
    /// An agenda with every text in several languages side by side.
    Agenda,
    /// Our own table.
    Csv,
    /// A workbook with our table on its first sheet.
    Xlsx,
}

impl FileFormat {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::ScheduleXml,
        Self::ScheduleJson,
        Self::Pretalx,
        Self::Sessionize,
        Self::Opass,
        Self::Xcal,
        Self::ICalendar,
        Self::Agenda,
        Self::Csv,
        Self::Xlsx,
    ];

    /// The word for it on the command line and in URLs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ScheduleXml => "schedule-xml",
            Self::ScheduleJson => "schedule-json",
            Self::Pretalx => "pretalx",
            Self::Sessionize => "sessionize",
            Self::Opass => "opass",
            Self::Xcal => "xcal",
            Self::ICalendar => "ics",
            Self::Agenda => "agenda",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }
}

impl std::fmt::Display for FileFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word named no format.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is no format; known are schedule-xml, schedule-json, pretalx, sessionize, opass, xcal, ics, agenda, csv and xlsx"
)]
pub struct UnknownFormatName(pub String);

impl std::str::FromStr for FileFormat {
    type Err = UnknownFormatName;
    fn from_str(text: &str) -> Result<Self, UnknownFormatName> {
        let wanted = text.trim().to_ascii_lowercase();
        let known = Self::ALL.iter().find(|format| format.as_str() == wanted);
        known.copied().ok_or_else(|| UnknownFormatName(text.to_owned()))
    }
}

/// One file's programme. Every `key` is stable: reading the same file again gives the same keys.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedProgramme {
    /// What the file was.
    pub format: FileFormat,
    /// The event.
    pub event: ImportedEvent,
    /// Rooms in the file's order.
    pub rooms: Vec<ImportedRoom>,
    /// Forums (tracks) in the file's order.
    pub forums: Vec<ImportedForum>,
    /// Formats (session types) in the file's order.
    pub formats: Vec<ImportedFormat>,
    /// Everybody the file names, whether in a session or not.
    pub speakers: Vec<ImportedSpeaker>,
    /// The sessions in the file's order.
    pub sessions: Vec<ImportedSession>,
    /// What was left out, changed or guessed.
    pub warnings: Vec<Warning>,
    /// What the file holds, in numbers.
    pub counts: Counts,
}

/// The event's own facts, as far as the file knows them.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedEvent {
    /// Its name; empty where the file has none.
    pub title: Localized,
    /// A proposal for its place in URLs; empty where the file suggests none.
    pub slug: String,
    /// Where it takes place.
    pub place: Localized,
    /// First day in its zone; `None` when nothing in the file is dated.
    pub starts_on: Option<NaiveDate>,
    /// Last day in its zone, not before the first.
    pub ends_on: Option<NaiveDate>,
    /// Its zone: asked for, named by the file, or guessed with a warning.
    pub timezone: Tz,
    /// Its languages, the main one first; never empty.
    pub languages: Vec<Lang>,
}

/// A room.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedRoom {
    /// Names it within the source.
    pub key: String,
    /// Its guid, from the file or made from the key.
    pub guid: String,
    /// Its name, never empty.
    pub name: Localized,
    /// How many people it holds.
    pub capacity: Option<i32>,
}

/// A forum.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedForum {
    /// Names it within the source.
    pub key: String,
    /// Its name, never empty.
    pub name: Localized,
    /// `#rrggbb`.
    pub color: Option<String>,
}

/// A format.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedFormat {
    /// Names it within the source.
    pub key: String,
    /// Its name, never empty.
    pub name: Localized,
    /// How long such a session usually takes.
    pub minutes: Option<i32>,
}

/// A person.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedSpeaker {
    /// Names them within the source.
    pub key: String,
    /// Their guid, from the file or made from the key.
    pub guid: String,
    /// The name, never empty.
    pub name: String,
    /// The name in its own script, where the file has both.
    pub native_name: Option<String>,
    /// Office or job.
    pub position: Localized,
    /// Ministry, company, university.
    pub organisation: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// In Markdown.
    pub biography: Localized,
    /// Where the source shows a photo of them.
    pub avatar: Option<String>,
}

/// A session.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedSession {
    /// Names it within the source.
    pub key: String,
    /// Its guid, from the file or made from the key.
    pub guid: String,
    /// The short code that the source uses in addresses.
    pub code: Option<String>,
    /// Where it stands in the file.
    pub place: String,
    /// Its title, never empty.
    pub title: Localized,
    /// One more line.
    pub subtitle: Localized,
    /// In short, in Markdown.
    pub abstract_text: Localized,
    /// At length, in Markdown.
    pub description: Localized,
    /// Key of its format.
    pub format: Option<String>,
    /// Key of its forum.
    pub forum: Option<String>,
    /// The language spoken.
    pub language: Option<Lang>,
    /// The languages it is interpreted into.
    pub interpreted: Vec<Lang>,
    /// Whether it takes place.
    pub state: SessionState,
    /// Whether it may be recorded.
    pub may_record: bool,
    /// Slides, papers and other addresses.
    pub links: Vec<Link>,
    /// Who takes part, in order; nobody twice in one role.
    pub people: Vec<ImportedPart>,
    /// Where and when, the first one first; empty while unplaced.
    pub slots: Vec<ImportedSlot>,
}

/// One person's part in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedPart {
    /// Key of the speaker.
    pub speaker: String,
    /// As what.
    pub role: Role,
}

/// A room and a time.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedSlot {
    /// Names it within the source.
    pub key: String,
    /// Its guid: the session's for the first slot.
    pub guid: String,
    /// Key of the room.
    pub room: Option<String>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends, later than the start.
    pub end: UtcTime,
}

/// What a file holds, in numbers. Repeats count, so that the numbers can be compared with the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Day containers in the file, or local dates on which a session starts where it has none.
    pub days: usize,
    /// Local dates on which at least one session starts.
    pub days_with_sessions: usize,
    /// Different names of rooms that hold a session.
    pub rooms: usize,
    /// Rooms that the file lists; `None` where the format has no list.
    pub rooms_listed: Option<usize>,
    /// Tracks that the file names as such.
    pub tracks: usize,
    /// Entries for sessions, repeats included.
    pub sessions: usize,
    /// Entries whose start and end could be read.
    pub sessions_with_time: usize,
    /// Different ids of sessions.
    pub distinct_ids: usize,
    /// Different guids of sessions.
    pub distinct_guids: usize,
    /// Different names of people in sessions, as the file writes them.
    pub speakers: usize,
    /// Different ids of people in sessions.
    pub speaker_ids: usize,
    /// Different pairs of id and name of people in sessions.
    pub speaker_id_name_pairs: usize,
    /// People summed over entries.
    pub speaker_links: usize,
    /// Language codes of sessions, sorted.
    pub languages: Vec<String>,
    /// The first start.
    pub first_start: Option<UtcTime>,
    /// The last end.
    pub last_end: Option<UtcTime>,
}
