//! Programmes from and to other systems.
//!
//! [`read`] takes a file in any of the formats that conferences exchange and gives a
//! [`model::ImportedProgramme`] with everything that was left out, changed or guessed on the way.

mod apply;
pub mod model;
pub mod notes;
pub mod operations;
pub mod pages;
mod read;
mod store;

pub use apply::{Tallies, Tally};
pub use notes::{Fault, Problem, ReadError, Warning};
pub use read::{Limits, ReadOptions, read};
