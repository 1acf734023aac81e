//! Reminders that leave by themselves: who is due by which rule, and that nobody gets one twice.

pub mod jobs;
pub mod model;
pub mod operations;
pub mod pages;
mod store;
