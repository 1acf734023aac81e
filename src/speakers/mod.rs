//! Speakers: who takes part in sessions, with their photos.

pub mod model;
pub mod operations;
pub mod own;
pub mod pages;
pub mod photos;
pub(crate) mod store;
