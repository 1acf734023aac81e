//! What is asked for, and how far it is.

use crate::db::{RoomId, SessionId};
use crate::text_enum;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

text_enum! {
    /// What a proposal is about.
    pub enum Scope {
        /// Every session that has no place.
        Unplaced = "unplaced",
        /// Certain sessions that have no place.
        Selected = "selected",
        /// Sessions that have a place, where something speaks against it.
        Repair = "repair",
    }
}

text_enum! {
    /// Where a proposal stands.
    pub enum ProposalState {
        /// Nobody works on it yet, or who did is gone.
        Queued = "queued",
        /// Somebody works on it.
        Running = "running",
        /// It is ready.
        Done = "done",
        /// It was stopped by hand; the best so far is its result.
        Stopped = "stopped",
        /// It could not be made.
        Failed = "failed",
    }
}

impl ProposalState {
    /// Whether its result may still change.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// The hours of one day in which sessions may be placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// The day, in the event's zone.
    pub day: NaiveDate,
    /// Minutes after its midnight, on the wall.
    pub from: i32,
    /// Minutes after its midnight; more than 1440 is after the next.
    pub to: i32,
}

/// What an organizer asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// What it is about.
    pub scope: Scope,
    /// The sessions of [`Scope::Selected`].
    #[serde(default)]
    pub sessions: Vec<SessionId>,
    /// When sessions may take place.
    pub windows: Vec<Window>,
    /// Where sessions may take place.
    pub rooms: Vec<RoomId>,
    /// Minutes between two starts.
    pub step: i32,
    /// Whether sessions that have a place may get another, to make room.
    pub may_move: bool,
    /// Whether sessions are placed that nobody has accepted yet.
    pub undecided: bool,
    /// Seconds that it may take.
    pub seconds: u32,
    /// The same seed gives the same timetable.
    pub seed: u64,
}

/// How far the search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Sessions that are to have a place.
    pub wanted: u32,
    /// How many of them have one in the best timetable so far.
    pub placed: u32,
    /// What speaks against that timetable, in points; less is better.
    pub cost: i64,
    /// Seconds since the beginning.
    pub seconds: u32,
    /// How often somebody began: a proposal that ends its workers is given up.
    #[serde(default)]
    pub attempts: u32,
}
