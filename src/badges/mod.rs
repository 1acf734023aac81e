//! Badges: what they look like, whose are printed together, and a log of every print.
//!
//! A browser does not tell what its printer did. People whose badges are printed together are therefore a
//! batch that is fixed when it is made, and somebody says when it is printed.

pub mod face;
pub mod filter;
pub mod fitting;
pub mod look;
pub mod model;
pub mod operations;
pub mod pages;
pub mod sheets;
mod store;
