//! Invitation codes: who has one registers in its category, as often as it may be used.
//!
//! A use is taken by a guarded update and given back when the registration ends before anybody was let
//! in. A code may reserve its places: they are taken from category and quotas when the code is made, pass
//! to whoever uses it, and become free when it runs out or is taken back.

pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
pub mod reading;
mod store;
