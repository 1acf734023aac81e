//! Files that go out with a mailing.

pub mod jobs;
pub mod model;
pub mod operations;
mod store;
