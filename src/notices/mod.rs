//! Notices: everybody's calendar follows a release.
//!
//! A release opens one notice for each speaker whose timetable differs from what their calendar was told
//! (table `told_slots`), and for each attendee who starred a session that moved. A notice has no content:
//! when its quiet time is over, it says what differs then, so a second release within that time changes
//! what is said and not how often. [`itip`] explains how entries are packed so that calendars follow.

pub mod digest;
pub mod itip;
pub mod jobs;
pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
pub mod reply;
mod sampling;
pub mod starring;
mod store;
pub mod zones;
