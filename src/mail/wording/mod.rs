//! How mails are worded: from Markdown with placeholders to subject, text and HTML.
//!
//! Every mail has one source, from which both bodies are made in the event's look. The program
//! brings a source for each kind and language; organizers may put their own in its place. Values
//! are filled in after the source was read, as words only: whatever somebody typed as their name
//! becomes neither markup nor a header.

pub mod filling;
pub mod kept;
pub mod markup;
pub mod model;
pub mod operations;
pub mod pages;
pub mod placeholders;
pub mod samples;
mod store;
mod wrong;

pub use kept::Wordings;
pub use wrong::message_of;

#[cfg(test)]
mod tests;
