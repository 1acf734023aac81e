//! The timetable.

pub mod model;
pub mod pages;
