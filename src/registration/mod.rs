//! Area registration.

pub mod pages;
