//! `plenary demo`: a made-up summit to look at, and an inbox for its mails.
//!
//! Made once in a database of its own from the files under `data/`; what visitors change stays
//! until that database is deleted.

mod calls;
mod delegations;
mod model;
pub mod operations;
pub mod pages;
mod speakers;
mod store;
