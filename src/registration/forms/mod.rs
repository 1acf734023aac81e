//! What organizers ask beyond the fields that every registration has.
//!
//! A question has a code that its field is named after; answers are kept by the question's id in
//! one JSON column of the registration, so that a form of twenty questions costs one row. A question
//! that is no longer asked is retired: its answers stay.

pub mod answering;
pub mod attaching;
pub mod blocks;
pub mod files;
pub mod model;
pub mod operations;
pub mod pages;
pub mod reading;
pub mod sealed;
mod store;
pub mod view;
