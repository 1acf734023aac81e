//! Who did what: one row for each change, written in the change's own transaction.
//!
//! A moment later a recurring job chains the rows: each link holds the hash of its entry and of the link before, so that
//! nothing that was written can be changed, taken away or slipped in unseen. The change itself waits for none of that.

pub mod actions;
pub mod chain;
pub mod checking;
pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
mod store;

pub use model::{Actor, Entry, Noted};
pub use operations::{forget_details, note, of_subject, was_noted};
