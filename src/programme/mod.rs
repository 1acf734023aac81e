//! Sessions.

pub mod model;
pub mod pages;
pub mod text;
