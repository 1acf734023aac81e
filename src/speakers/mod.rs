//! Speakers: who takes part in sessions, with their photos.

pub mod answer_files;
pub mod attached_files;
pub mod care;
pub mod documents;
pub mod inviting;
pub mod logistics;
pub mod model;
pub mod operations;
pub mod own;
pub mod pages;
pub mod photos;
pub mod portrait;
pub(crate) mod store;
