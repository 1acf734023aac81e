//! Speakers.

pub mod pages;
pub mod photos;
