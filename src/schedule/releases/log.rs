//! The public change log: what the last releases changed, kept as facts and worded for each reader.

use super::lines::{Line, lines};
use super::model::ReleaseSummary;
use crate::schedule::model::Programme;
use std::sync::Arc;

/// Releases that the log goes back.
pub const LOGGED: usize = 20;
/// Changes of one release that are told one by one.
const MOST_LINES: usize = 400;

/// What one release changed.
#[derive(Clone, Debug)]
pub struct Logged {
    /// The release.
    pub release: ReleaseSummary,
    /// Whether there was none before.
    pub is_first: bool,
    /// How many sessions are in it.
    pub sessions: usize,
    /// What it changed; nothing of the first.
    pub lines: Vec<Line>,
    /// Changes that are not told one by one.
    pub more: usize,
}

impl Logged {
    /// What `after` changed against the release before it.
    #[must_use]
    pub fn new(release: ReleaseSummary, before: Option<&Programme>, after: &Programme) -> Self {
        let mut found = before.map(|before| lines(Some(before), after)).unwrap_or_default();
        found.sort_by_key(|line| super::lines::KINDS.iter().position(|kind| *kind == line.kind()));
        let more = found.len().saturating_sub(MOST_LINES);
        found.truncate(MOST_LINES);
        Self { release, is_first: before.is_none(), sessions: after.sessions.len(), lines: found, more }
    }
}

/// The last releases, newest first.
#[derive(Clone, Debug, Default)]
pub struct ReleaseLog {
    /// What each changed.
    pub releases: Vec<Arc<Logged>>,
}

impl ReleaseLog {
    /// The same with one more release.
    #[must_use]
    pub fn with(&self, newest: Logged) -> Self {
        let older = self.releases.iter().take(LOGGED - 1).cloned();
        Self { releases: std::iter::once(Arc::new(newest)).chain(older).collect() }
    }

    /// The number of the newest release.
    #[must_use]
    pub fn newest(&self) -> Option<i32> {
        self.releases.first().map(|logged| logged.release.number)
    }
}
