//! Sessions, speakers and how they belong together: types, states and rules without I/O.

use crate::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a session stands on its way into the programme.
    pub enum SessionState {
        /// Being written by an organizer.
        Draft = "draft",
        /// Handed in, not decided.
        Proposed = "proposed",
        /// Will take place.
        Accepted = "accepted",
        /// Will take place, and its speakers have said so too.
        Confirmed = "confirmed",
        /// Was turned down.
        Rejected = "rejected",
        /// Was taken back by its speakers.
        Withdrawn = "withdrawn",
        /// Was going to take place and will not.
        Cancelled = "cancelled",
    }
}

impl SessionState {
    /// Whether a session in this state goes into a release.
    #[must_use]
    pub const fn is_releasable(self) -> bool {
        matches!(self, Self::Accepted | Self::Confirmed)
    }

    /// The states an organizer can move a session to from here. Ends can be reopened.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Proposed, Self::Accepted, Self::Withdrawn],
            Self::Proposed => &[Self::Accepted, Self::Rejected, Self::Withdrawn],
            Self::Accepted => &[Self::Confirmed, Self::Proposed, Self::Rejected, Self::Withdrawn, Self::Cancelled],
            Self::Confirmed => &[Self::Accepted, Self::Withdrawn, Self::Cancelled],
            Self::Rejected | Self::Withdrawn => &[Self::Proposed, Self::Accepted],
            Self::Cancelled => &[Self::Accepted, Self::Confirmed],
        }
    }

    /// Whether an organizer may move a session from here to `target`; staying is always allowed.
    #[must_use]
    pub fn may_become(self, target: Self) -> bool {
        self == target || self.next().contains(&target)
    }
}

text_enum! {
    /// How one gets into a session.
    pub enum Access {
        /// Anyone at the event may walk in.
        Open = "open",
        /// One needs a booked seat.
        Seat = "seat",
        /// Closed-door, by invitation.
        Invitation = "invitation",
    }
}

text_enum! {
    /// What a person does in a session.
    pub enum Role {
        /// Gives the talk.
        Speaker = "speaker",
        /// Leads the conversation.
        Moderator = "moderator",
        /// Takes part in the conversation.
        Panellist = "panellist",
        /// Presides over the session.
        Chair = "chair",
        /// Welcomes the guests.
        Host = "host",
    }
}

/// An address that belongs to a session: slides, a paper, a stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What a reader sees; the address itself where empty.
    pub title: String,
    /// An `http` or `https` address.
    pub url: String,
    /// What it is.
    pub kind: LinkKind,
}

text_enum! {
    /// What an address of a session is for; exchange formats keep the two apart.
    pub enum LinkKind {
        /// Any page.
        Link = "link",
        /// A document to read or download.
        Attachment = "attachment",
    }
}
