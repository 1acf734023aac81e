//! Writing iCalendar (RFC 5545): content lines, instants and zones. What a calendar says is decided by
//! the areas: feeds, invitations, the event's days.

mod lines;
pub mod zone_rules;

pub use lines::{Lines, escape, moment, parameter, utc};
