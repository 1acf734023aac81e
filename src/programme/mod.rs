//! Sessions.

pub mod model;
pub mod pages;
