//! The door: gates, the devices that scan at them, and who went in.
//!
//! What a scan means is decided by [`rules`], the same rules that a device without network follows
//! (`static/checkin/rules.js`). Each scan has an id that the device made up, so that sending it again
//! counts once; what devices let in while they could not ask is compared when they report it.

pub mod model;
pub mod operations;
pub mod pages;
pub mod picture;
pub mod rules;
mod store;
