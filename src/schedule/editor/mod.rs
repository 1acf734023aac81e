//! Making the draft: placing and moving, several organizers at once.
//!
//! Every change of a slot or block is one *edit*: one transaction, one row of `draft_edits`, one
//! step of the draft's version. The row says how each thing was before and is after it, which is
//! enough to take the step back, to tell other open editors, and to bring a cached draft up to date.

mod api;
pub mod model;
pub mod operations;
mod store;
pub mod undo;
