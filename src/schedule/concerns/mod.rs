//! What speaks against a timetable: pure functions over a [`Draft`], without input or output.
//!
//! | key | what | weight |
//! |---|---|---|
//! | `room-taken` | another session or a block is in the room; a block without a room takes all of them, except an open registration desk | blocks |
//! | `speaker-busy` | someone, in whatever role, is in another session | blocks |
//! | `forum-overlaps` | sessions of a forum overlap that is marked as one after the other | blocks |
//! | `buffer-broken` | less than the wider buffer of the two lies between neighbours in a room; set-up may fill it | blocks |
//! | `room-closed` | the room is not free | blocks |
//! | `outside-event` | it begins before the first or after the last day, in the event's zone | warns |
//! | `too-far` | two sessions of one person lie closer than the walk between their buildings | warns |
//! | `speaker-away` | someone is not free | warns |
//! | `declined`, `asked-for-another` | a speaker has answered so to this slot | warns |
//! | `room-too-small` | more places, bookings or expected people than the room holds; a hint where only stars say so | warns |
//! | `channel-missing`, `booth-missing` | the room can't carry the interpretation asked for | warns |
//! | `languages-missing` | a language of the event is lacking where its rules want all | warns |
//! | `shared-audience` | many have starred both of two sessions that overlap | hint |
//! | `length-differs` | not as long as its format | hint |
//! | `unconfirmed` | accepted, and a speaker has not said yes | hint |
//! | `no-room` | placed without a room | hint |
//!
//! What is physically impossible or was forbidden on purpose blocks a release; what people may have
//! agreed on warns. A concern blocks only where all sessions that it names are accepted or confirmed,
//! because others are not released. Unplaced sessions raise none, ended ones are in nobody's way, and
//! what only touches does not overlap.

mod book;
mod candidates;
mod facts;
mod judge;
pub mod model;
pub mod operations;
pub mod pages;
pub(crate) mod store;
mod timeline;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tables;

use super::draft::Draft;
pub use book::{Changed, ConcernBook};
pub use candidates::Stretch;
pub use model::{
    Concern, Demand, Found, Heard, Muted, MutedConcerns, Replies, Reply, Rival, Severity, blocking, count,
};

/// Everything that speaks against a draft: what blocks first, then by time.
#[must_use]
pub fn concerns(draft: &Draft) -> Vec<Found> {
    ConcernBook::new(draft).all()
}
