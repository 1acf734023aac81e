//! What happens while the event runs: announcements that appear on public pages at once, delays
//! that shift the times shown, and the stream that tells open pages of a change.
//!
//! Releases say what is planned; announcements say what is true today. They shift only what pages
//! show: feeds and calendars stay as released.

pub mod model;
pub mod operations;
pub mod pages;
mod store;
pub mod stream;
pub mod wording;
