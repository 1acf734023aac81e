//! Reminders that leave by themselves: who is due by which rule, and that nobody gets one twice.

mod attending;
pub mod jobs;
mod letters;
pub mod model;
pub mod operations;
mod owing;
pub mod pages;
mod store;
