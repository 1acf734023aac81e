//! Answers that are encrypted with a key from the settings and deleted by themselves.

pub mod jobs;
pub mod looking;
pub mod model;
pub mod operations;
pub mod rotating;
pub(super) mod store;
