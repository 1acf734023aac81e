//! The programme's content: sessions with their formats and forums, and who takes part.
//!
//! A session is written, proposed, accepted and confirmed here; where and when it takes place is
//! the business of [`crate::schedule`].

pub mod model;
pub mod operations;
pub mod pages;
pub(crate) mod store;
pub mod strands;
pub mod text;
