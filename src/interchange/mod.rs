//! Exchange formats.

pub mod pages;
