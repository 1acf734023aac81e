//! Releases: looking at the next one, publishing it now or at a set time, bringing back an earlier one.
//!
//! A release never changes once it is published. What it changes against the one before is told in
//! [`lines`], worded by [`wording`] in the same way for organizers, for the public change log and for
//! its feed.

pub mod impact;
pub mod jobs;
pub mod lines;
pub mod lists;
pub mod log;
pub mod model;
pub mod operations;
pub mod pages;
mod preview;
mod restoring;
pub(crate) mod store;
mod telling;
pub mod wording;
