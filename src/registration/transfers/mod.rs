//! Passing a place on: whoever holds it names another person, who takes it up by a link that was mailed.
//!
//! The place changes hands in one transaction, so that nobody else can take it in between. It is another
//! registration afterwards, with a ticket, links and answers of its own: nothing of the one before can be
//! seen by the person who comes after, and its ticket is revoked at the door.

pub mod jobs;
pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
mod store;
