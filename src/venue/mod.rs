//! Rooms: where sessions take place, how many people they hold, what can be heard in them.
//!
//! Interpretation is a property of the session in its room: a room has booths, and channels for
//! the languages that can be heard besides the floor.

pub mod model;
pub mod operations;
pub mod pages;
pub(crate) mod store;
