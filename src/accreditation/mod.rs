//! Accreditation: officers look at applications, compare them with each other and with watch-lists,
//! and decide; applicants answer what officers ask.
//!
//! A decision moves a registration by `registration::operations::transition` alone; what was said and
//! decided stands in `reviews`.

pub mod jobs;
pub mod listing;
pub mod mails;
pub mod matching;
pub mod model;
pub mod operations;
pub mod pages;
mod store;
pub mod watching;
