//! What people agreed to, withdrawing it, and deleting what is held about them.
//!
//! Answers say which version of a text counts; the table of consents says since when, and what was withdrawn.
//! Deleting takes a registration out of all lists of names and keeps what is counted: category, country, state,
//! times. It happens some days after it was asked for, so that whoever found the link can't do harm for good,
//! and once the mails that belong to the cancellation have left.

pub mod erasing;
pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
mod store;
