//! Slides and papers of speakers, and the packs of them that interpreters prepare from.
//!
//! Each upload is a version of its own. A file goes to disk as it arrives, a fixed piece at a time;
//! whatever it is called, its content says what it is.

pub mod archive;
pub mod briefing_pages;
pub mod inspecting;
pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
pub mod receiving;
mod store;
pub mod view;
