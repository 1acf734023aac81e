//! What speaks against each session, before and after.

use crate::db::SessionId;
use crate::schedule::concerns::{Severity, concerns};
use crate::schedule::draft::Draft;
use std::collections::HashMap;

/// How many concerns about its place each session has.
pub(super) fn counts(draft: &Draft) -> HashMap<SessionId, usize> {
    let mut counts = HashMap::new();
    // Hints, such as a speaker who has not confirmed, say nothing about the place.
    for found in concerns(draft).iter().filter(|found| found.severity != Severity::Hint) {
        *counts.entry(found.session).or_default() += 1;
    }
    counts
}
