//! Events: one edition of a conference with its names, days, zone, languages and looks.
//!
//! An event is the frame that everything else hangs in. Its days follow from its dates and zone;
//! its languages decide which content fields organizers fill in; `draft_version` counts changes
//! of the working programme and `public_version` everything that public pages are made from.

pub mod colors;
pub mod model;
pub mod operations;
pub mod pages;
pub(crate) mod store;
