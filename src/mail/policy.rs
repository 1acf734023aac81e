//! What organizers say of their mail: what waits for review, when nothing leaves, what is paused.

use super::model::MessageKind;
use super::quiet::QuietHours;
use crate::db::{EventId, UtcTime};

/// What an event says of its mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Kinds that wait for review.
    pub held: Vec<MessageKind>,
    /// Hours in which nothing leaves that nobody waits for.
    pub quiet: Option<QuietHours>,
    /// Counts changes; 0 where nobody ever changed anything.
    pub version: i32,
}

impl Rules {
    /// Whether messages of a kind wait for review. Those that somebody waits for never do.
    #[must_use]
    pub fn holds(&self, kind: MessageKind) -> bool {
        !kind.is_asked_for() && self.held.contains(&kind)
    }
}

/// That sending is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The event; none for the whole installation.
    pub event: Option<EventId>,
    /// Since when.
    pub since: UtcTime,
    /// The name of whoever paused it; empty where the account is gone.
    pub by: String,
}
