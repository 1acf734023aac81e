//! Writing to many people at once: attendees or speakers chosen by filters, each in their own
//! language, now or at a set time, each address once.
//!
//! A mailing is a row with its words and whom it is for. When its time has come a recurring job
//! looks up who that is, words the mails and queues them; a row for each address, written with the
//! message, keeps anybody from getting one twice, whoever runs the job and however often.

pub mod choices;
pub mod files;
pub mod jobs;
pub mod letters;
pub mod model;
pub mod operations;
pub mod pages;
pub mod recipients;
mod store;
