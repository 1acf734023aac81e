//! Looking after speakers: what each has answered, filled in and still owes.

pub mod model;
pub mod operations;
pub mod pages;
mod store;
