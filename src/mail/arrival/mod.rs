//! Mail that comes in: delivery reports, complaints, automatic answers, calendar replies.
//!
//! Octets come from strangers. What a report says is believed only about a message that it can name: by the
//! signed return path that only our own mail carries, or by the Message-ID of the mail it returns.

pub mod model;
pub mod operations;
pub mod reading;
pub mod return_path;
mod words;
