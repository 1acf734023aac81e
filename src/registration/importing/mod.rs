//! Registering people from a table: looked at first, taken on a second word.
//!
//! A table is brought into one form once and kept as rows of cells between the two pages. What a row means is
//! decided by a pure function of the row and of who is registered ([`deciding::decide`]); the page that
//! previews and the transaction that writes ask the same one, the second time of what is there by then. That is
//! what makes the same table change nothing when it comes twice.

pub mod cells;
pub mod deciding;
pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
pub mod reading;
mod store;
