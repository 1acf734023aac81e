//! Numbers: how registration, the door and the seats of an event stand, and what needs the team today.
//!
//! Everything is counted by a fixed number of grouped queries along indexes, whatever the number of rows. The
//! database counts by hours of UTC, which both databases can; hours become days on the event's clocks in [`days`].

pub mod chart;
pub mod days;
pub mod jobs;
pub mod model;
pub mod openings;
pub mod operations;
pub mod pages;
pub(crate) mod store;

#[cfg(test)]
mod tests;
