//! Making the draft: placing and moving, several organizers at once.
//!
//! Every change of a slot or block is one *edit*: one transaction, one row of `draft_edits`, one
//! step of the draft's version. The row says how each thing was before and is after it, which is
//! enough to take the step back, to tell other open editors, and to bring a kept draft up to date.

pub mod api;
mod applying;
mod blocks;
pub mod desk;
pub mod feed;
pub mod jobs;
pub mod model;
pub mod operations;
pub mod several;
mod store;
pub mod undo;
pub mod view;

/// What the editor keeps in memory of one process; nothing that another process would need.
#[derive(Default)]
pub struct Memory {
    /// Drafts that are being worked on.
    pub desks: desk::Desks,
    /// Events that someone has open.
    pub feeds: feed::Feeds,
}
