//! What an entry of the audit log says.

use crate::db::{AssistantId, DelegationId, EventId, RegistrationId, SessionProposalId, SpeakerId, UserId, UtcTime};

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An account of the team.
    User(UserId),
    /// A person with the private link of this registration.
    Attendee(RegistrationId),
    /// A speaker with the private link of their page.
    Speaker(SpeakerId),
    /// A speaker's assistant with a private link of their own.
    Assistant(AssistantId),
    /// Whoever has the private link of this proposal.
    Author(SessionProposalId),
    /// A delegation's focal point with a private link.
    FocalPoint(DelegationId),
    /// Someone on the public site, before anything is known of them.
    Visitor,
    /// The program itself, as when a link runs out.
    System,
    /// Someone at the command line.
    CommandLine,
}

impl Actor {
    /// The word in the column.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Attendee(_) => "attendee",
            Self::Speaker(_) => "speaker",
            Self::Assistant(_) => "assistant",
            Self::Author(_) => "author",
            Self::FocalPoint(_) => "focal-point",
            Self::Visitor => "visitor",
            Self::System => "system",
            Self::CommandLine => "command-line",
        }
    }

    /// The id in the column.
    #[must_use]
    pub fn id(self) -> Option<String> {
        match self {
            Self::User(id) => Some(id.to_string()),
            Self::Attendee(id) => Some(id.to_string()),
            Self::Speaker(id) => Some(id.to_string()),
            Self::Assistant(id) => Some(id.to_string()),
            Self::Author(id) => Some(id.to_string()),
            Self::FocalPoint(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The event it belongs to, if any.
    pub event: Option<EventId>,
    /// Who made it.
    pub actor: Actor,
    /// What was done, as `area.verb`: `registration.confirmed`.
    pub action: &'static str,
    /// The kind of thing that was changed: `registration`.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: &'a str,
    /// What else matters, without secrets; personal data only where the subject's row holds it too.
    pub detail: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// An entry without details.
    #[must_use]
    pub fn new(
        event: Option<EventId>,
        actor: Actor,
        action: &'static str,
        subject_kind: &'static str,
        subject_id: &'a str,
    ) -> Self {
        Self { event, actor, action, subject_kind, subject_id, detail: serde_json::Value::Null }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// One change as histories show it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// When.
    pub at: UtcTime,
    /// The kind of whoever made it.
    pub actor_kind: String,
    /// What was done.
    pub action: String,
    /// The name of the account that made it, if one did.
    pub user_name: Option<String>,
}
