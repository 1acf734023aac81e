//! Events as the public sees them, with what pages look up again and again.

use crate::db::{EventId, FormatId, ForumId, RoomId, SessionId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::live::model::Announcement;
use crate::schedule::model::ReleaseInfo;
use crate::schedule::model::{
    Programme, ProgrammeFormat, ProgrammeForum, ProgrammeRoom, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker,
};
use crate::schedule::releases::log::ReleaseLog;
use crate::speakers::documents::model::PublicDocument;
use arc_swap::{ArcSwap, Guard};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use quick_cache::sync::Cache;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Mutex, Notify, OnceCell};

/// Every event as the public sees it, swapped as a whole.
pub struct Site {
    snapshot: ArcSwap<Snapshot>,
    /// Only one reload at a time; the others find its result.
    pub(super) reloading: Mutex<()>,
    /// Something was written here that the public may see.
    pub(super) written: Notify,
    /// Events as of old releases that someone looked at, by event, version and release.
    pub(super) old: Cache<(EventId, i64, i32), Arc<PublicEvent>>,
    /// Only one of these is loaded at a time.
    pub(super) loading_old: Mutex<()>,
}

impl Default for Site {
    fn default() -> Self {
        Self::new()
    }
}

impl Site {
    /// Nothing is loaded yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            snapshot: ArcSwap::default(),
            reloading: Mutex::new(()),
            written: Notify::new(),
            old: Cache::new(super::old::KEPT),
            loading_old: Mutex::new(()),
        }
    }

    /// The present snapshot.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// The present snapshot for one short look.
    pub(super) fn glance(&self) -> Guard<Arc<Snapshot>> {
        self.snapshot.load()
    }

    /// Says that this process wrote something: who made a release wants to see it at once.
    pub fn look_soon(&self) {
        self.written.notify_one();
    }

    pub(super) fn swap(&self, snapshot: Snapshot) {
        self.snapshot.store(Arc::new(snapshot));
    }
}

/// All events at one moment.
#[derive(Default)]
pub struct Snapshot {
    pub(super) events: Vec<Arc<PublicEvent>>,
}

impl Snapshot {
    /// The event of this slug.
    #[must_use]
    pub fn event(&self, slug: &str) -> Option<&Arc<PublicEvent>> {
        self.events.iter().find(|event| event.event.slug == slug)
    }

    /// Every event, the next to begin first, past ones last.
    #[must_use]
    pub fn events(&self) -> &[Arc<PublicEvent>] {
        &self.events
    }
}

/// When one may register in a public category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Since when.
    pub opens: Option<UtcTime>,
    /// Until when.
    pub closes: Option<UtcTime>,
}

/// One event as the public sees it.
pub struct PublicEvent {
    /// Its own facts.
    pub event: Event,
    /// The newest release, if there is one.
    pub released: Option<Released>,
    /// Its public categories.
    pub openings: Vec<Opening>,
    /// When proposals of sessions are taken: beginning and end.
    pub call_times: Vec<(UtcTime, Option<UtcTime>)>,
    /// What is announced, or may be soon.
    pub announcements: Vec<Announcement>,
    /// Hours for which pages say where a slot was before it moved.
    pub moved_hours: i32,
    /// Slides and papers that everybody may have.
    pub documents: Vec<PublicDocument>,
    /// What the last releases changed, once someone has asked.
    pub log: Arc<OnceCell<Arc<ReleaseLog>>>,
    /// Set where this is the event as of an old release.
    pub old: Option<OldRelease>,
}

/// The old release that an event is looked at as of.
pub struct OldRelease {
    /// Which one.
    pub info: ReleaseInfo,
    /// The event as it is now.
    pub newest: Arc<PublicEvent>,
}

impl PublicEvent {
    /// Whether some public category is open by its dates.
    #[must_use]
    pub fn is_open(&self, now: UtcTime) -> bool {
        self.openings.iter().any(|opening| {
            opening.opens.is_none_or(|opens| opens <= now) && opening.closes.is_none_or(|closes| now < closes)
        })
    }

    /// Whether proposals of sessions are taken.
    #[must_use]
    pub fn takes_proposals(&self, now: UtcTime) -> bool {
        self.call_times.iter().any(|(opens, closes)| *opens <= now && closes.is_none_or(|closes| now <= closes))
    }

    /// The number of the newest release; of an old one, its own.
    #[must_use]
    pub fn newest_release(&self) -> Option<i32> {
        self.released.as_ref().and_then(|released| released.programme.release.as_ref()).map(|info| info.number)
    }

    /// The event's languages.
    #[must_use]
    pub fn languages(&self) -> &[Lang] {
        &self.event.languages
    }

    /// Names what this value was made from: two with the same stamp are the same.
    #[must_use]
    pub fn stamp(&self) -> (EventId, i64) {
        (self.event.id, self.event.public_version)
    }
}

/// Before this hour a session belongs to the evening before: a party at half past one is Tuesday's.
pub const DAY_BEGINS: TimeDelta = TimeDelta::hours(5);

/// The day of the programme that an instant belongs to, on the clocks of `zone`.
#[must_use]
pub fn programme_day(at: UtcTime, zone: Tz) -> NaiveDate {
    (at.in_zone(zone).naive_local() - DAY_BEGINS).date()
}

/// A release with its indexes.
pub struct Released {
    /// The release.
    pub programme: Arc<Programme>,
    sessions: HashMap<SessionId, usize>,
    session_codes: HashMap<String, usize>,
    speakers: HashMap<SpeakerId, usize>,
    speaker_codes: HashMap<String, usize>,
    sessions_of: HashMap<SpeakerId, Vec<usize>>,
    rooms: HashMap<RoomId, usize>,
    forums: HashMap<ForumId, usize>,
    formats: HashMap<FormatId, usize>,
    /// Every slot by start: index of the session and of the slot in it.
    slots: Vec<(usize, usize)>,
}

impl Released {
    /// Builds the indexes.
    #[must_use]
    pub fn new(programme: Programme) -> Self {
        let mut sessions_of: HashMap<SpeakerId, Vec<usize>> = HashMap::new();
        for (index, session) in programme.sessions.iter().enumerate() {
            for part in &session.people {
                let list = sessions_of.entry(part.speaker).or_default();
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        let all = programme.sessions.iter().enumerate();
        let mut slots: Vec<(usize, usize)> =
            all.flat_map(|(index, session)| (0..session.slots.len()).map(move |slot| (index, slot))).collect();
        let rooms: HashMap<RoomId, usize> =
            programme.rooms.iter().enumerate().map(|(index, room)| (room.id, index)).collect();
        slots.sort_by_key(|(session, slot)| {
            let slot = &programme.sessions[*session].slots[*slot];
            (slot.start, slot.room.and_then(|room| rooms.get(&room)).copied(), slot.end)
        });
        Self {
            sessions: programme.sessions.iter().enumerate().map(|(index, session)| (session.id, index)).collect(),
            session_codes: programme
                .sessions
                .iter()
                .enumerate()
                .map(|(index, session)| (session.code.clone(), index))
                .collect(),
            speakers: programme.speakers.iter().enumerate().map(|(index, speaker)| (speaker.id, index)).collect(),
            speaker_codes: programme
                .speakers
                .iter()
                .enumerate()
                .map(|(index, speaker)| (speaker.code.clone(), index))
                .collect(),
            forums: programme.forums.iter().enumerate().map(|(index, forum)| (forum.id, index)).collect(),
            formats: programme.formats.iter().enumerate().map(|(index, format)| (format.id, index)).collect(),
            programme: Arc::new(programme),
            sessions_of,
            rooms,
            slots,
        }
    }

    /// The session of this code.
    #[must_use]
    pub fn session_by_code(&self, code: &str) -> Option<&ProgrammeSession> {
        self.session_codes.get(code).map(|index| &self.programme.sessions[*index])
    }

    /// The session of this id.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&ProgrammeSession> {
        self.sessions.get(&id).map(|index| &self.programme.sessions[*index])
    }

    /// The speaker of this code.
    #[must_use]
    pub fn speaker_by_code(&self, code: &str) -> Option<&ProgrammeSpeaker> {
        self.speaker_codes.get(code).map(|index| &self.programme.speakers[*index])
    }

    /// The speaker of this id.
    #[must_use]
    pub fn speaker(&self, id: SpeakerId) -> Option<&ProgrammeSpeaker> {
        self.speakers.get(&id).map(|index| &self.programme.speakers[*index])
    }

    /// A speaker's sessions, by first start.
    pub fn sessions_of(&self, speaker: SpeakerId) -> impl Iterator<Item = &ProgrammeSession> {
        self.sessions_of.get(&speaker).into_iter().flatten().map(|index| &self.programme.sessions[*index])
    }

    /// The room of this id and its place among the rooms.
    #[must_use]
    pub fn room(&self, id: RoomId) -> Option<(usize, &ProgrammeRoom)> {
        self.rooms.get(&id).map(|index| (*index, &self.programme.rooms[*index]))
    }

    /// The room of this code.
    #[must_use]
    pub fn room_by_code(&self, code: &str) -> Option<&ProgrammeRoom> {
        self.programme.rooms.iter().find(|room| room.code == code)
    }

    /// The forum of this id.
    #[must_use]
    pub fn forum(&self, id: ForumId) -> Option<&ProgrammeForum> {
        self.forums.get(&id).map(|index| &self.programme.forums[*index])
    }

    /// The format of this id.
    #[must_use]
    pub fn format(&self, id: FormatId) -> Option<&ProgrammeFormat> {
        self.formats.get(&id).map(|index| &self.programme.formats[*index])
    }

    /// Every slot with its session, by start, then by room.
    pub fn slots(&self) -> impl Iterator<Item = (&ProgrammeSession, &ProgrammeSlot)> {
        self.slots.iter().map(|(session, slot)| {
            let session = &self.programme.sessions[*session];
            (session, &session.slots[*slot])
        })
    }

    /// The days on which sessions begin, on the clocks of `zone`.
    #[must_use]
    pub fn days(&self, zone: Tz) -> Vec<NaiveDate> {
        let mut days: Vec<NaiveDate> = self.slots().map(|(_, slot)| programme_day(slot.start, zone)).collect();
        days.dedup();
        days.sort_unstable();
        days.dedup();
        days
    }
}
