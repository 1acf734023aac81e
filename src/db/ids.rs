//! Ids: one type for each kind of row.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A text in an id column was not a UUID.
#[derive(Debug, thiserror::Error)]
#[error("not a valid id")]
pub struct InvalidId;

/// Length of a hyphenated UUID.
const ID_LENGTH: usize = 36;

/// The shared inside of every id: a UUID kept in its text form, so that binding it copies nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdText([u8; ID_LENGTH]);

impl IdText {
    /// Writes `uuid` in its hyphenated lower-case form.
    #[must_use]
    pub fn of(uuid: uuid::Uuid) -> Self {
        let mut text = [0; ID_LENGTH];
        uuid.hyphenated().encode_lower(&mut text);
        Self(text)
    }

    /// The hyphenated lower-case text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Only ASCII is ever written by `of`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Makes one type per kind of row, so that a session's id can't be passed for a room's.
///
/// Ids are UUIDs of version 7: they sort by the time they were made, which keeps index pages dense.
macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow)]
        #[diesel(sql_type = Text)]
        pub struct $name(IdText);

        impl $name {
            /// A new id of version 7.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default that differs each time surprises")]
            pub fn new() -> Self {
                Self(IdText::of(uuid::Uuid::now_v7()))
            }

            /// The id as it stands in URLs and columns.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl From<uuid::Uuid> for $name {
            fn from(value: uuid::Uuid) -> Self {
                Self(IdText::of(value))
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                uuid::Uuid::try_parse(text).map(Self::from).map_err(|_| InvalidId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<DB> ToSql<Text, DB> for $name
        where
            DB: Backend,
            str: ToSql<Text, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                self.as_str().to_sql(out)
            }
        }

        impl<DB> FromSql<Text, DB> for $name
        where
            DB: Backend,
            String: FromSql<Text, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(String::from_sql(bytes)?.parse::<Self>()?)
            }
        }
    )+};
}

ids! {
    /// Names one event.
    EventId,
    /// Names one mailing.
    MailingId,
    /// Names one change of many registrations.
    BulkChangeId,
    /// Names one room of an event.
    RoomId,
    /// Names one forum of an event.
    ForumId,
    /// Names one format of an event.
    FormatId,
    /// Names one session of an event.
    SessionId,
    /// Names one slot: a session's room and time in the draft.
    SlotId,
    /// Names one speaker of an event.
    SpeakerId,
    /// Names one release of an event's programme.
    ReleaseId,
    /// Names one stored file.
    FileId,
    /// Names one category of an event.
    CategoryId,
    /// Names one registration.
    RegistrationId,
    /// Names one private link of a registration or of a team account.
    LinkId,
    /// Names one account of the team.
    UserId,
    /// Names one sign-in of an account.
    UserSessionId,
    /// Names one role of an account at an event.
    MembershipId,
    /// Names one message in the outbox.
    MessageId,
    /// Names one attempt to deliver a message.
    AttemptId,
    /// Names one report of what became of a message after it was sent.
    ReportId,
    /// Names one hold on a message or job, so that a late worker can't record over a new one.
    LeaseId,
    /// Names one entry of the audit log.
    AuditId,
    /// Names one block: a break or another stretch of time that is no session.
    BlockId,
    /// Names one stretch of time in which a speaker or a room is free or not.
    AvailabilityId,
    /// Names one step in the making of a draft, which can be undone.
    EditId,
    /// Names one open editor: a browser's tab.
    TabId,
    /// Names one kept copy of a draft.
    CopyId,
    /// Names one proposed timetable.
    ProposalId,
    /// Names one assistant of a speaker.
    AssistantId,
    /// Names one notice of changes to one person.
    NoticeId,
    /// Names one announcement.
    AnnouncementId,
    /// Names one zone of an event's venue.
    ZoneId,
    /// Names one question of a registration form.
    QuestionId,
    /// Names one quota: places that several categories share.
    QuotaId,
    /// Names one delegation.
    DelegationId,
    /// Names one invitation code.
    InvitationId,
    /// Names one upload that answers a question.
    AnswerFileId,
    /// Names one decision of an accreditation officer.
    ReviewId,
    /// Names one prepared reason for a decision.
    ReasonId,
    /// Names one list of watched names.
    WatchListId,
    /// Names one name on a watch-list.
    WatchEntryId,
    /// Names one seat in a session.
    BookingId,
    /// Names one offer of a place.
    OfferId,
    /// Names one gate.
    GateId,
    /// Names one scanning device.
    DeviceId,
    /// Names one scan; the device makes it up, so that a repetition is known.
    ScanId,
    /// Names one print of a badge.
    PrintId,
    /// Names one batch of badges.
    BatchId,
    /// Names one saved view of a list.
    ViewId,
    /// Names one session handed in through the call for proposals.
    SessionProposalId,
    /// Names one line of other dates of a call.
    WindowId,
    /// Names one link that opens a call after its end.
    LateLinkId,
    /// Names one criterion that reviewers score.
    CriterionId,
    /// Names one review of a proposal.
    ProposalReviewId,
    /// Names one passing of a place to another person.
    TransferId,
    /// Names one invitation of a speaker.
    SpeakerInvitationId,
    /// Names one version of a speaker's slides or paper.
    DocumentId,
    /// Names one private link of interpreters.
    BriefingId,
    /// Names one consent of a person to a text.
    ConsentId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_its_text_form() {
        let id = EventId::new();
        assert_eq!(id.as_str().parse::<EventId>().expect("own text"), id);
        assert!("not-an-id".parse::<EventId>().is_err());
    }
}
