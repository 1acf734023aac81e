//! How speakers travel, what they need, and whether they may be recorded.

pub mod model;
pub mod operations;
pub mod pages;
pub mod recording_pages;
mod store;
