//! Seats in sessions: who may book one, who waits, who is offered what becomes free.
//!
//! A session's seats are one row with a count; a seat is taken by a guarded update of it, so that no
//! interleaving gives more seats than there are. Whoever finds none waits; the recurring job offers
//! what becomes free in order, for a limited time, and nobody passes those who wait.

pub mod inviting;
pub mod jobs;
pub mod letters;
pub mod model;
pub mod moving;
pub mod operations;
pub mod pages;
pub mod rules;
mod store;
pub mod view;
