//! The tables `reviews`, `reason_templates`, `watch_lists` and `watch_entries`, and what officers see of
//! `registrations`.

pub(super) mod applicants;
pub(super) mod queue;
pub(super) mod reasons;
pub(super) mod reviews;
pub(super) mod watching;
