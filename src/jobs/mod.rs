//! Work that comes back by the clock, done by whichever node is first.
//!
//! Each recurring job is a row with a lease: any number of processes look, one of them works. A
//! job may run twice (a lease can end while its worker still runs), so every job is written so
//! that this does no harm.

mod runner;
mod schedule;
mod store;

pub use runner::{run, run_due};
pub use store::{LastRun, last_runs};
