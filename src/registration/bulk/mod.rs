//! What the desk does to many people at once: another category, cancelling, links again, priority.
//!
//! Whom a change concerns is fixed when it begins. Each person is done in a transaction of their own, which first
//! claims their row and then notes what came of it, so that any number of workers, stopped at any point, do each
//! person once. Somebody who is refused holds nobody else up.

pub mod jobs;
pub mod model;
pub mod operations;
mod store;
