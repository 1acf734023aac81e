//! The tables of calls, proposals and reviews.

pub(super) mod calls;
pub(super) mod proposals;
pub(super) mod reviews;
