//! Area registration.

pub mod jobs;
pub mod pages;
