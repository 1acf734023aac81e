//! What a concern is, how much weight it has, and the key that it is muted by.

use crate::db::{BlockId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::text_enum;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

text_enum! {
    /// How much weight a concern has, the least first.
    pub enum Severity {
        /// Worth a look.
        Hint = "hint",
        /// Probably wrong.
        Warns = "warns",
        /// Can't be meant: a release with it is refused until it is solved, muted or ignored on purpose.
        Blocks = "blocks",
    }
}

text_enum! {
    /// What says how many people will come.
    pub enum Demand {
        /// The places that the session itself has.
        Capacity = "capacity",
        /// The seats that are booked.
        Booked = "booked",
        /// How many the organizers expect.
        Expected = "expected",
        /// How many have starred it.
        Stars = "stars",
    }
}

/// What else is in a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rival {
    /// A session.
    Session(SlotId, SessionId),
    /// A break or another block, in that room or in all.
    Block(BlockId),
}

/// One thing that speaks against a slot. Its parts never depend on the order in which slots are looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Concern {
    /// Something else is in the room at that time.
    RoomTaken(Rival),
    /// A person is in another session at that time, whatever their role.
    SpeakerBusy(SpeakerId, SlotId, SessionId),
    /// Sessions of one forum overlap, and the forum wants them one after the other.
    ForumOverlaps(ForumId, SlotId, SessionId),
    /// The room has to stay empty longer between the two: the wider of the two buffers in minutes.
    BufferBroken(Rival, i32),
    /// The room is not free at that time.
    RoomClosed(RoomId),
    /// It begins before the event's first day or after its last.
    OutsideEvent,
    /// A person can't walk from one building to the other in time; how many minutes the walk takes.
    TooFar(SpeakerId, SlotId, SessionId, i32),
    /// A person is not free at that time.
    SpeakerAway(SpeakerId),
    /// A person has said no to this slot.
    Declined(SpeakerId),
    /// A person has asked for another slot.
    AskedForAnother(SpeakerId),
    /// More people will come than the room holds.
    RoomTooSmall {
        /// The room.
        room: RoomId,
        /// What says so.
        demand: Demand,
        /// How many people.
        wanted: i32,
        /// Places of the room.
        there: i32,
    },
    /// It is interpreted into languages that the room has no channel for.
    ChannelMissing(RoomId, Vec<Lang>),
    /// The room has fewer booths than languages are interpreted into.
    BoothMissing {
        /// The room.
        room: RoomId,
        /// Languages that it is interpreted into.
        wanted: i32,
        /// Booths of the room.
        there: i32,
    },
    /// It is neither spoken in nor interpreted into these languages of the event.
    LanguagesMissing(Vec<Lang>),
    /// Many people want to see both, and they overlap; how many have starred both.
    SharedAudience(SlotId, SessionId, i32),
    /// It is longer or shorter than its format is: usual and actual minutes.
    LengthDiffers(i32, i32),
    /// It is accepted, and not all of its speakers have said yet that they will come.
    Unconfirmed,
    /// No room is set.
    NoRoom,
}

impl Concern {
    /// How much weight it has where all that it names would be released.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        match self {
            Self::RoomTaken(_)
            | Self::SpeakerBusy(..)
            | Self::ForumOverlaps(..)
            | Self::BufferBroken(..)
            | Self::RoomClosed(_) => Severity::Blocks,
            Self::RoomTooSmall { demand: Demand::Stars, .. }
            | Self::SharedAudience(..)
            | Self::LengthDiffers(..)
            | Self::Unconfirmed
            | Self::NoRoom => Severity::Hint,
            Self::OutsideEvent
            | Self::TooFar(..)
            | Self::SpeakerAway(_)
            | Self::Declined(_)
            | Self::AskedForAnother(_)
            | Self::RoomTooSmall { .. }
            | Self::ChannelMissing(..)
            | Self::BoothMissing { .. }
            | Self::LanguagesMissing(_) => Severity::Warns,
        }
    }

    /// The word for its kind, in keys and in names of texts.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::RoomTaken(_) => "room-taken",
            Self::SpeakerBusy(..) => "speaker-busy",
            Self::ForumOverlaps(..) => "forum-overlaps",
            Self::BufferBroken(..) => "buffer-broken",
            Self::RoomClosed(_) => "room-closed",
            Self::OutsideEvent => "outside-event",
            Self::TooFar(..) => "too-far",
            Self::SpeakerAway(_) => "speaker-away",
            Self::Declined(_) => "declined",
            Self::AskedForAnother(_) => "asked-for-another",
            Self::RoomTooSmall { .. } => "room-too-small",
            Self::ChannelMissing(..) => "channel-missing",
            Self::BoothMissing { .. } => "booth-missing",
            Self::LanguagesMissing(_) => "languages-missing",
            Self::SharedAudience(..) => "shared-audience",
            Self::LengthDiffers(..) => "length-differs",
            Self::Unconfirmed => "unconfirmed",
            Self::NoRoom => "no-room",
        }
    }

    /// The other session that it names.
    #[must_use]
    pub const fn other(&self) -> Option<(SlotId, SessionId)> {
        match self {
            Self::RoomTaken(Rival::Session(slot, session))
            | Self::BufferBroken(Rival::Session(slot, session), _)
            | Self::SpeakerBusy(_, slot, session)
            | Self::ForumOverlaps(_, slot, session)
            | Self::TooFar(_, slot, session, _)
            | Self::SharedAudience(slot, session, _) => Some((*slot, *session)),
            _ => None,
        }
    }

    /// The person that it names.
    #[must_use]
    pub const fn speaker(&self) -> Option<SpeakerId> {
        match self {
            Self::SpeakerBusy(speaker, ..)
            | Self::TooFar(speaker, ..)
            | Self::SpeakerAway(speaker)
            | Self::Declined(speaker)
            | Self::AskedForAnother(speaker) => Some(*speaker),
            _ => None,
        }
    }

    /// Whether another room or time could do away with it.
    #[must_use]
    pub const fn depends_on_place(&self) -> bool {
        !matches!(
            self,
            Self::LanguagesMissing(_)
                | Self::LengthDiffers(..)
                | Self::Unconfirmed
                | Self::Declined(_)
                | Self::AskedForAnother(_)
        )
    }
}

/// A concern with the slot that it is about. What two slots have against each other is found once
/// at each of them, under the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The session.
    pub session: SessionId,
    /// Its slot.
    pub slot: SlotId,
    /// What speaks against it.
    pub concern: Concern,
    /// Its weight: a concern blocks only where all sessions that it names would be released.
    pub severity: Severity,
}

impl Found {
    /// The text that this concern is known and muted by: `room-taken:SLOT:SLOT`. It is the same seen
    /// from either slot, and stays the same while the concern stays.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(130);
        key.push_str(self.concern.kind());
        let mut add = |part: &str| {
            key.push(':');
            key.push_str(part);
        };
        match (&self.concern, self.concern.other()) {
            (_, Some((other, _))) => {
                add(self.slot.min(other).as_str());
                add(self.slot.max(other).as_str());
            }
            // Not a matter of one slot: every slot of the session has it.
            (Concern::LanguagesMissing(_), _) => add(self.session.as_str()),
            _ => add(self.slot.as_str()),
        }
        match &self.concern {
            Concern::RoomTaken(Rival::Block(block)) | Concern::BufferBroken(Rival::Block(block), _) => {
                add(block.as_str());
            }
            // Another room is another concern, and not muted with the first.
            Concern::RoomClosed(room)
            | Concern::ChannelMissing(room, _)
            | Concern::BoothMissing { room, .. }
            | Concern::RoomTooSmall { room, .. } => add(room.as_str()),
            _ => {}
        }
        if let Concern::RoomTooSmall { demand, .. } = &self.concern {
            let _ = write!(key, ":{demand}");
        } else if let Some(speaker) = self.concern.speaker() {
            let _ = write!(key, ":{speaker}");
        }
        key
    }
}

/// How many different concerns these are: one between two slots counts once.
#[must_use]
pub fn count<'a>(found: impl IntoIterator<Item = &'a Found>) -> usize {
    found.into_iter().map(Found::key).collect::<HashSet<_>>().len()
}

/// Why a concern is muted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Muted {
    /// The reason that an organizer gave.
    pub reason: String,
    /// That organizer's name, while the account is there.
    pub by: Option<String>,
}

/// The muted concerns of an event by their keys.
pub type MutedConcerns = BTreeMap<String, Muted>;

/// Those that block a release and are not muted.
#[must_use]
pub fn blocking(found: &[Found], muted: &MutedConcerns) -> Vec<Found> {
    found.iter().filter(|one| one.severity == Severity::Blocks && !muted.contains_key(&one.key())).cloned().collect()
}

/// What a speaker has said of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// They will come.
    Accepted,
    /// They want another slot.
    Asked,
    /// They will not come.
    Declined,
}

/// What speakers have said of a slot while it was at a place. It counts only there: who declined ten
/// o'clock has not declined eleven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replies {
    /// The room that it was in.
    pub room: Option<RoomId>,
    /// When it began.
    pub start: UtcTime,
    /// When it ended.
    pub end: UtcTime,
    /// Who said what.
    pub given: Vec<(SpeakerId, Reply)>,
}

/// What other areas know that bears on a timetable; empty where nothing is known.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// What speakers have said of slots, by the slots' guids.
    pub replies: HashMap<String, Replies>,
    /// How many seats of each session are booked.
    pub booked: HashMap<SessionId, i32>,
}
