//! The speaker's own page: their slots and answers, when they are free, and who helps them.
//!
//! Speakers have no account. A private link opens the page; the database keeps only the hash of its
//! secret, so that no mail can repeat a link that was sent before. Each mail therefore carries a
//! link of its own, made by [`operations::new_link`], and the earlier ones keep working until an
//! organizer revokes them all.

pub mod answers;
pub mod assistants;
mod feed;
pub mod mails;
pub mod model;
pub mod operations;
pub mod pages;
pub mod standings;
mod store;
pub mod windows;
