//! Speakers: who takes part in sessions, with their photos.

pub mod care;
pub mod documents;
pub mod inviting;
pub mod logistics;
pub mod model;
pub mod operations;
pub mod own;
pub mod pages;
pub(crate) mod store;
