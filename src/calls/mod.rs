//! The call for proposals: asking for sessions, writing and sending one in, reviewing and deciding.
//!
//! A proposal is a row of its own while it is written. Sent in, it becomes a session in state
//! `proposed`, which organizers see where all sessions are; from then on the session's state is the
//! proposal's. (Proposed timetables are something else: see [`crate::schedule::proposing`].)

pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
pub mod ranking;
pub mod reading;
mod store;
