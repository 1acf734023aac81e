//! Area venue.

pub mod pages;
