//! When speakers and rooms are free. Both are kept alike: a list of windows that is set as a whole.

pub mod operations;
pub mod pages;
mod store;
