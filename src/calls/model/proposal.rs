//! A proposal: what somebody writes, and where it stands.

use crate::db::schema::session_proposals;
use crate::db::{EventId, FormatId, ForumId, Json, LateLinkId, SessionId, SessionProposalId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::programme::model::SessionState;
use crate::text_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a proposal stands.
    pub enum ProposalState {
        /// Being written by its author.
        Draft = "draft",
        /// Sent in, not decided.
        Proposed = "proposed",
        /// Will take place.
        Accepted = "accepted",
        /// Was turned down.
        Rejected = "rejected",
        /// Was taken back.
        Withdrawn = "withdrawn",
        /// Was going to take place and will not.
        Cancelled = "cancelled",
    }
}

impl ProposalState {
    /// The state that follows from the session's.
    #[must_use]
    pub const fn of_session(state: SessionState) -> Self {
        match state {
            SessionState::Draft | SessionState::Proposed => Self::Proposed,
            SessionState::Accepted | SessionState::Confirmed => Self::Accepted,
            SessionState::Rejected => Self::Rejected,
            SessionState::Withdrawn => Self::Withdrawn,
            SessionState::Cancelled => Self::Cancelled,
        }
    }
}

text_enum! {
    /// What is decided about a proposal.
    pub enum Decision {
        /// It will take place.
        Accept = "accept",
        /// It is turned down.
        Reject = "reject",
        /// It waits in case something falls out.
        Reserve = "reserve",
    }
}

/// Somebody who is to take part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Tells the people of one proposal apart.
    pub key: String,
    /// Their name.
    pub name: String,
    /// Their address; may be empty.
    pub email: String,
    /// Ministry, company, university.
    pub organisation: String,
    /// Office or job.
    pub position: String,
    /// ISO 3166 alpha-2; may be empty.
    pub country: String,
    /// In Markdown.
    pub biography: String,
    /// The speaker they became when the proposal was sent in.
    pub speaker: Option<SpeakerId>,
}

/// A proposal, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_proposals)]
pub struct Proposal {
    /// The proposal.
    pub id: SessionProposalId,
    /// The event.
    pub event_id: EventId,
    /// The session that it became.
    pub session_id: Option<SessionId>,
    /// The link by which it was begun after the end.
    pub late_link_id: Option<LateLinkId>,
    /// Who hands it in.
    pub email: String,
    /// The address as compared.
    pub email_key: String,
    /// Their name.
    pub name: String,
    /// In which language we write to them.
    pub language: Lang,
    /// Its title.
    pub title: String,
    /// In short, in Markdown.
    pub abstract_text: String,
    /// At length, in Markdown.
    pub description: String,
    /// The language of these texts.
    pub written_in: Lang,
    /// The language spoken in the session.
    pub spoken: Option<Lang>,
    /// Its format.
    pub format_id: Option<FormatId>,
    /// Its forum.
    pub forum_id: Option<ForumId>,
    /// Words to the organizers only.
    pub notes: String,
    /// Who is to take part, in order.
    pub people: Json<Vec<Person>>,
    /// Answers to questions, as they stand in their column.
    pub answers: String,
    /// What is decided, but not applied yet.
    pub pending: Option<Decision>,
    /// The decision that was applied last.
    pub decision: Option<Decision>,
    /// When.
    pub decided_at: Option<UtcTime>,
    /// Counts edits of its author.
    pub version: i32,
    /// When it was begun.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
    /// When it was sent in.
    pub sent_at: Option<UtcTime>,
    /// When its author took it back before sending it in.
    pub withdrawn_at: Option<UtcTime>,
}

impl Proposal {
    /// A proposal that somebody begins.
    ///
    /// # Errors
    /// When its people can't be written.
    pub fn begin(
        now: UtcTime,
        event: EventId,
        (email, language): (&EmailAddress, Lang),
        content: Content,
    ) -> Result<Self, serde_json::Error> {
        Ok(Self {
            id: SessionProposalId::new(),
            event_id: event,
            session_id: None,
            late_link_id: None,
            email: email.to_string(),
            email_key: email.key(),
            name: content.name,
            language,
            title: content.title,
            abstract_text: content.abstract_text,
            description: content.description,
            written_in: content.written_in,
            spoken: content.spoken,
            format_id: content.format,
            forum_id: content.forum,
            notes: content.notes,
            people: Json::new(content.people)?,
            answers: content.answers,
            pending: None,
            decision: None,
            decided_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
            sent_at: None,
            withdrawn_at: None,
        })
    }

    /// Where it stands, with the state of its session, if there still is one.
    #[must_use]
    pub fn state(&self, session: Option<SessionState>) -> ProposalState {
        match (session, self.sent_at, self.withdrawn_at) {
            (Some(state), ..) => ProposalState::of_session(state),
            // An organizer deleted the session.
            (None, Some(_), _) | (None, None, Some(_)) => ProposalState::Withdrawn,
            (None, None, None) => ProposalState::Draft,
        }
    }

    /// What its author wrote.
    #[must_use]
    pub fn content(&self) -> Content {
        Content {
            name: self.name.clone(),
            title: self.title.clone(),
            abstract_text: self.abstract_text.clone(),
            description: self.description.clone(),
            written_in: self.written_in,
            spoken: self.spoken,
            format: self.format_id,
            forum: self.forum_id,
            notes: self.notes.clone(),
            people: self.people.to_vec(),
            answers: self.answers.clone(),
        }
    }
}

/// What an author writes, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    /// The author's name.
    pub name: String,
    /// The title.
    pub title: String,
    /// In short.
    pub abstract_text: String,
    /// At length.
    pub description: String,
    /// The language of these texts.
    pub written_in: Lang,
    /// The language spoken in the session.
    pub spoken: Option<Lang>,
    /// The format.
    pub format: Option<FormatId>,
    /// The forum.
    pub forum: Option<ForumId>,
    /// Words to the organizers.
    pub notes: String,
    /// Who is to take part.
    pub people: Vec<Person>,
    /// Answers, as they stand in their column.
    pub answers: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_s_state_is_the_proposal_s() {
        for (session, state) in [
            (SessionState::Proposed, ProposalState::Proposed),
            (SessionState::Accepted, ProposalState::Accepted),
            (SessionState::Confirmed, ProposalState::Accepted),
            (SessionState::Rejected, ProposalState::Rejected),
            (SessionState::Withdrawn, ProposalState::Withdrawn),
            (SessionState::Cancelled, ProposalState::Cancelled),
        ] {
            assert_eq!(ProposalState::of_session(session), state, "{session}");
        }
    }
}
