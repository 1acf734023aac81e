//! What holds for every registration of an event: zones, limits of bookings, how long sealed answers are kept,
//! and the category of speakers.

pub mod model;
pub mod operations;
pub mod pages;
pub mod speaking;
mod store;
