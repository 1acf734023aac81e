//! Who did what: one row for each change, written in the change's own transaction.

mod model;
mod operations;
mod store;

pub use model::{Actor, Entry, Noted};
pub use operations::{forget_details, note, of_subject, was_noted};
