//! Which mails to many an address wants: each sort can be refused by itself, by the link in every such mail or on the own page.

pub mod model;
pub mod operations;
pub mod pages;
mod store;
