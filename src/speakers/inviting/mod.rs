//! Inviting speakers: to the event, or to one of its sessions.
//!
//! An invitation is a row of its own, so that it can wait, be reminded of, be answered and be taken
//! back before anything of the programme is released.

pub mod letters;
pub mod model;
mod newcomers;
pub mod operations;
pub mod pages;
mod store;
