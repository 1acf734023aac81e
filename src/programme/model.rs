//! Sessions, speakers and how they belong together: types, states and rules without I/O.

use crate::db::schema::sessions;
use crate::db::{EventId, FormatId, ForumId, Json, SessionId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::text_enum;
use diesel::prelude::*;
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

/// A session, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// The session.
    pub id: SessionId,
    /// The event.
    pub event_id: EventId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Stable in exchange formats.
    pub guid: String,
    /// Its title.
    pub title: Localized,
    /// One more line under the title.
    pub subtitle: Localized,
    /// What it is about, in short, in Markdown.
    pub abstract_text: Localized,
    /// What it is about, at length, in Markdown.
    pub description: Localized,
    /// Its format.
    pub format_id: Option<FormatId>,
    /// Its forum.
    pub forum_id: Option<ForumId>,
    /// The language spoken on the floor.
    pub language: Option<Lang>,
    /// The languages it is interpreted into.
    pub interpreted: Json<Vec<Lang>>,
    /// How one gets in.
    pub access: Access,
    /// Places, where they are fewer than the room's.
    pub capacity: Option<i32>,
    /// Where it stands.
    pub state: SessionState,
    /// Whether it may be recorded.
    pub may_record: bool,
    /// Slides, papers and other addresses.
    pub links: Json<Vec<Link>>,
    /// For finding it: see [`crate::i18n::search_key`].
    pub search_key: String,
    /// Its key in the file it was imported from.
    pub source_key: Option<String>,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// The facts of a session that organizers set. Always valid.
#[derive(Clone, Debug)]
pub struct SessionFacts {
    /// Its title, in one language at least.
    pub title: Localized,
    /// One more line under the title.
    pub subtitle: Localized,
    /// In short, in Markdown.
    pub abstract_text: Localized,
    /// At length, in Markdown.
    pub description: Localized,
    /// Its format.
    pub format: Option<FormatId>,
    /// Its forum.
    pub forum: Option<ForumId>,
    /// The language spoken on the floor.
    pub language: Option<Lang>,
    /// The languages it is interpreted into, each once.
    pub interpreted: Vec<Lang>,
    /// How one gets in.
    pub access: Access,
    /// Places, where they are fewer than the room's.
    pub capacity: Option<i32>,
    /// How many people will come, where someone knows; only planners see it.
    pub expected: Option<i32>,
    /// Minutes that the room stays empty before it, as for a sweep.
    pub buffer_before: i32,
    /// Minutes that the room stays empty after it.
    pub buffer_after: i32,
    /// Where it stands.
    pub state: SessionState,
    /// Whether it may be recorded.
    pub may_record: bool,
    /// Slides, papers and other addresses.
    pub links: Vec<Link>,
    /// Who takes part, in order; nobody twice in one role.
    pub people: Vec<(SpeakerId, Role)>,
}

#[cfg(test)]
mod tests {
    use super::SessionState as S;

    #[test]
    fn a_session_takes_only_known_steps() {
        let allowed = [
            (S::Draft, S::Accepted),
            (S::Proposed, S::Rejected),
            (S::Accepted, S::Confirmed),
            (S::Confirmed, S::Cancelled),
            (S::Cancelled, S::Confirmed),
            (S::Rejected, S::Accepted),
            (S::Withdrawn, S::Withdrawn),
        ];
        for (from, to) in allowed {
            assert!(from.may_become(to), "{from} to {to}");
        }
        for (from, to) in [
            (S::Draft, S::Confirmed),
            (S::Proposed, S::Cancelled),
            (S::Rejected, S::Confirmed),
            (S::Cancelled, S::Draft),
        ] {
            assert!(!from.may_become(to), "{from} to {to}");
        }
    }

    #[test]
    fn every_end_can_be_reopened() {
        for end in [S::Rejected, S::Withdrawn, S::Cancelled] {
            assert!(end.next().iter().any(|next| next.is_releasable()), "{end}");
        }
    }
}
