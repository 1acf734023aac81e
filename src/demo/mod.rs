//! Area demo.

pub mod pages;
