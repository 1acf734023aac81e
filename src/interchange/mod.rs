//! Programmes from and to other systems.
//!
//! [`read`] takes a file in any of the formats that conferences exchange and gives a
//! [`model::ImportedProgramme`] with everything that was left out, changed or guessed on the way.
//! [`schedule_xml`] and its siblings write a release.

mod apply;
pub mod model;
pub mod notes;
pub mod operations;
pub mod pages;
mod read;
mod store;
mod write;

pub use apply::{Tallies, Tally};
pub use notes::{Fault, Problem, ReadError, Warning};
pub use read::{Limits, ReadOptions, read};
pub use write::{Scope, Site, calendar, schedule_json, schedule_xml, table, xcal};
