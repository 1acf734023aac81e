//! The public site: pages and feeds made from released programmes, which this process keeps as
//! values in memory.
//!
//! [`Site`] is a snapshot of every event as the public sees it. It is looked at twice a second
//! whether anything has a new version; requests never ask the database. Answers are rendered once,
//! compressed once and kept in the page cache under a key that holds the version.

mod announced;
mod changes;
mod embed;
mod feeds;
mod home;
mod json_ld;
mod kept;
pub mod model;
mod now;
mod old;
pub mod operations;
pub mod pages;
mod people;
mod rooms;
mod screen;
mod session;
pub(crate) mod store;
mod theme;
mod timetable;
mod view;

pub use kept::kept_ready;
pub use model::Site;
pub use operations::follow;
