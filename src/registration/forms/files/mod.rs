//! Files and photos that answer questions.
//!
//! A file is taken in as soon as it arrives and waits under the hash of a token that only the form
//! knows, so that a form that is shown again keeps it. Sending the form makes it an answer; what
//! waits for a day is forgotten. Whatever a file is called, its content says what it is.

pub mod jobs;
pub mod model;
pub mod operations;
pub mod receiving;
pub mod serving;
pub(super) mod store;
