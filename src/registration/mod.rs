//! Registration: categories, registrations, private links, tickets, and the desk.
//!
//! A place is taken by a guarded update and held until the address is confirmed or the link runs
//! out. Attendees have no account: a private link, stored as a hash, opens their own page.

pub mod applicant;
pub mod attendance;
pub mod bulk;
pub mod calendar;
pub mod category;
pub mod codes;
pub mod desk;
mod details;
pub mod forms;
pub mod importing;
pub mod jobs;
pub mod kept;
pub mod mails;
pub mod merging;
pub mod model;
pub mod names;
pub mod operations;
pub mod pages;
pub mod privacy;
pub mod quota;
mod store;
pub mod ticket;
pub mod transfers;
