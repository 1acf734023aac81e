//! Delegations: people whom one focal point registers, who need not be one of them.
//!
//! A focal point has no account: a private link, stored as a hash, opens the delegation's page. Places are
//! those that organizers gave the delegation in each category; they are taken and given back together with
//! the category's own, as all places are.

pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
pub mod people;
pub mod reading;
mod store;
