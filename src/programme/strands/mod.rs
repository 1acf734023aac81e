//! What sessions are sorted by: forums (thematic strands, each with a colour) and formats (kinds of
//! session, each with its usual length). Sessions can do without either.

pub mod model;
pub mod operations;
pub mod pages;
pub(crate) mod store;
