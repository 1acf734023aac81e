//! The team: accounts, sign-ins, roles, and who may do what.
//!
//! Only the team has accounts; attendees and speakers use private links. A person may hold
//! several roles at an event. [`access`] gives handlers their permission as a parameter.

pub mod access;
pub mod jobs;
pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
pub mod passwords;
pub(crate) mod store;
