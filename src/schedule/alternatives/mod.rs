//! Kept copies of a draft: to try another arrangement, and to come back.
//!
//! A copy keeps the whole draft as a value. It is compared with the draft or with another copy by
//! the same difference that a release is made by. Making a copy the draft is one edit like any
//! other: it puts slots and blocks where the copy has them and can be undone in one step. Sessions
//! themselves are not brought back: what was deleted since is named and skipped.

mod comparison;
mod model;
pub mod operations;
pub mod pages;
mod store;

pub use model::{Kept, Return};
