//! Private links of speakers, their assistants, and what they answer to a slot.

use crate::db::schema::{slot_answers, speaker_assistants, speaker_links};
use crate::db::{AssistantId, EventId, LinkId, SessionId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Role, SessionState};
use crate::text_enum;
use crate::web::TokenHash;
use diesel::prelude::*;

/// A private link as its row holds it: the secret itself stands only in the mail.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = speaker_links)]
pub struct SpeakerLink {
    /// The link.
    pub id: LinkId,
    /// The hash of its secret.
    pub token_hash: TokenHash,
    /// Whose page it opens.
    pub speaker_id: SpeakerId,
    /// The assistant whom it was sent to; the speaker themself when none.
    pub assistant_id: Option<AssistantId>,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
}

/// Who reads a speaker's mails too, and answers for them.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = speaker_assistants)]
pub struct Assistant {
    /// The assistant.
    pub id: AssistantId,
    /// Whose.
    pub speaker_id: SpeakerId,
    /// The name, as they write it.
    pub name: String,
    /// Where we write to them.
    pub email: String,
    /// In which language; the speaker's when none.
    pub language: Option<Lang>,
    /// When they were added.
    pub created_at: UtcTime,
    /// Whether they see and change how the speaker travels.
    pub may_travel: bool,
}

text_enum! {
    /// What a speaker says to a slot.
    pub enum AnswerKind {
        /// Will be there.
        Accepted = "accepted",
        /// Asks for another time.
        Asked = "asked",
        /// Will not take part.
        Declined = "declined",
    }
}

text_enum! {
    /// Who gave an answer.
    pub enum AnsweredBy {
        /// The speaker, on their page.
        Speaker = "speaker",
        /// An assistant, on the speaker's page.
        Assistant = "assistant",
        /// An organizer who was told.
        Organizer = "organizer",
        /// A calendar's reply.
        Calendar = "calendar",
    }
}

/// One speaker's answer to one slot. It belongs to a `SEQUENCE`: when a later release moves the
/// slot, it was an answer to the earlier time and is asked anew.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = slot_answers)]
pub struct Answer {
    /// Who answers.
    pub speaker_id: SpeakerId,
    /// Which slot, by its guid, which stays the same in every release.
    pub slot_guid: String,
    /// The event.
    pub event_id: EventId,
    /// The slot's session.
    pub session_id: SessionId,
    /// What they say.
    pub answer: AnswerKind,
    /// Why, in their words; may be empty.
    pub reason: String,
    /// The slot's `SEQUENCE` that it answers to.
    pub sequence: i32,
    /// Who gave it.
    pub answered_by: AnsweredBy,
    /// When.
    pub answered_at: UtcTime,
}

impl Answer {
    /// Whether it was given to an earlier time or place than the slot has now.
    #[must_use]
    pub const fn is_earlier_than(&self, sequence: i32) -> bool {
        self.sequence < sequence
    }
}

/// A session that a speaker has a part in, as the draft knows it.
#[derive(Clone, Debug, Queryable)]
pub struct OwnSession {
    /// The session.
    pub id: SessionId,
    /// Its title.
    pub title: Localized,
    /// Where it stands.
    pub state: SessionState,
    /// What the speaker does in it.
    pub role: Role,
}

/// How an answer stands to the slot as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standing {
    /// Nothing was said.
    Open,
    /// Said of an earlier time or place.
    Earlier(AnswerKind),
    /// Said of the slot as it is.
    Said(AnswerKind),
}

impl Standing {
    /// How an answer, if there is one, stands to a slot of this `SEQUENCE`.
    #[must_use]
    pub fn of(answer: Option<&Answer>, sequence: i32) -> Self {
        match answer {
            None => Self::Open,
            Some(answer) if answer.is_earlier_than(sequence) => Self::Earlier(answer.answer),
            Some(answer) => Self::Said(answer.answer),
        }
    }

    /// The word for it: `open`, `earlier`, `accepted`, `asked` or `declined`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Earlier(_) => "earlier",
            Self::Said(kind) => kind.as_str(),
        }
    }
}
