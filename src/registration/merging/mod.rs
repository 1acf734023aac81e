//! Two registrations of one person become one.
//!
//! One is kept; the other is cancelled through the one function that changes states, so that places and seats are
//! given back as they were taken, and points to the kept one. What belongs to the person moves before that, each
//! area moving its own.

pub mod model;
pub mod operations;
pub mod pages;
mod store;
