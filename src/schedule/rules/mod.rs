//! The rules of an event's timetable: grid, walks between buildings, languages, audiences, notices.

pub mod operations;
pub mod pages;
pub(crate) mod store;
