//! What a notice is, and what calendars hold already.

use crate::db::schema::change_notices;
use crate::db::{AssistantId, EventId, NoticeId, RegistrationId, SessionId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::text_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a notice stands.
    pub enum NoticeState {
        /// Leaves when its quiet time is over.
        Waiting = "waiting",
        /// An organizer keeps it back.
        Held = "held",
        /// Its mails are in the outbox.
        Sent = "sent",
        /// An organizer decided against it; calendars stay as they were told.
        Skipped = "skipped",
        /// When its time came, nothing differed any more.
        Nothing = "nothing",
    }
}

impl NoticeState {
    /// Whether it may still leave.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Held)
    }
}

/// One person who is to be told what a release changed for them, as its row holds it. Its content is
/// not kept: it is what differs between what they know and the newest release when it leaves.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = change_notices)]
pub struct Notice {
    /// The notice.
    pub id: NoticeId,
    /// The event.
    pub event_id: EventId,
    /// The speaker it goes to; exactly one of speaker and registration is set.
    pub speaker_id: Option<SpeakerId>,
    /// The attendee it goes to.
    pub registration_id: Option<RegistrationId>,
    /// The number of the release that they knew; what speakers know stands slot by slot in `told_slots`.
    pub base_release: i32,
    /// Where it stands.
    pub state: NoticeState,
    /// The subject in an organizer's words.
    pub subject: Option<String>,
    /// The first paragraph in an organizer's words.
    pub introduction: Option<String>,
    /// When it leaves.
    pub due_at: UtcTime,
    /// When it was sent or skipped.
    pub settled_at: Option<UtcTime>,
    /// Counts edits and releases, so that nobody sends what they have not seen.
    pub version: i32,
    /// When it was opened.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
}

/// What a calendar shows of a slot: whatever differs here is worth a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The session.
    pub session: SessionId,
    /// Its title.
    pub title: Localized,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
    /// Where: one room, or several at the same time.
    pub places: Vec<Place>,
}

/// A room by its names, so that a renamed room is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The room's name.
    pub name: Localized,
    /// Its building; may be empty.
    pub building: Localized,
}

impl Entry {
    /// The places in a reader's language, with their buildings.
    #[must_use]
    pub fn place(&self, lang: Lang, languages: &[Lang]) -> String {
        let names = self.places.iter().map(|place| {
            let (name, building) = (place.name.text(lang, languages), place.building.text(lang, languages));
            if building.is_empty() || name.contains(building) { name.to_owned() } else { format!("{name}, {building}") }
        });
        names.filter(|name| !name.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// What a person's calendar holds of one slot, as far as we told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The slot's guid, the entry's `UID`.
    pub guid: String,
    /// The `SEQUENCE` it was last told with.
    pub sequence: i32,
    /// Whether it was last told to be taken out.
    pub is_cancelled: bool,
    /// What it showed.
    pub entry: Entry,
}

/// What a release says of one slot of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Current {
    /// The slot's guid.
    pub guid: String,
    /// The release's own `SEQUENCE` of the slot.
    pub sequence: i32,
    /// The publication that last changed it.
    pub changed_at: UtcTime,
    /// What a calendar shows of it.
    pub entry: Entry,
}

/// Someone who gets the mail about a speaker: the speaker, or an assistant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The speaker it is about.
    pub speaker: SpeakerId,
    /// The assistant it goes to, where it goes to one.
    pub assistant: Option<AssistantId>,
    /// The recipient's name.
    pub name: String,
    /// The speaker's name.
    pub speaker_name: String,
    /// The address as kept.
    pub email: String,
    /// The language to write in.
    pub lang: Lang,
    /// The zone of their own clocks, where it can be known.
    pub zone: Option<chrono_tz::Tz>,
}
