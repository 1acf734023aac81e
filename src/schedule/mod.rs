//! The timetable: the working draft, what speaks against it, and the releases that the public sees.
//!
//! Organizers change the draft at any time; nobody else sees it. A release copies it into a
//! numbered document that never changes ([`model::Programme`]); the public sees the newest. What
//! speaks against a draft is a list of concerns, not an error: the screen shows them and the person
//! decides. What changed between two releases is computed once and shown before publishing.

pub mod alternatives;
pub mod availability;
mod block_forms;
pub mod concerns;
pub mod difference;
pub mod draft;
mod draft_page;
mod draft_store;
pub mod editor;
mod editor_frame;
pub mod model;
pub mod operations;
pub mod pages;
pub mod proposing;
pub mod releases;
pub mod rules;
#[cfg(test)]
mod samples;
mod sequence;
pub(crate) mod store;
pub mod times;
pub mod wording;
