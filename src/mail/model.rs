//! Messages, their parts and their states.

use super::address::EmailAddress;
use crate::db::{EventId, FileId, MessageId, RegistrationId, SpeakerId, UserId, UtcTime};
use crate::i18n::Lang;
use crate::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// Where a message stands.
    pub enum MessageState {
        /// Waits for an organizer's review.
        Draft = "draft",
        /// Waits for its turn.
        Queued = "queued",
        /// A worker holds it.
        Sending = "sending",
        /// The mail server took it.
        Sent = "sent",
        /// Refused for good, or tried as often as allowed.
        Failed = "failed",
        /// Taken back before it left.
        Cancelled = "cancelled",
        /// Sent, and returned for good by a server on the way.
        Bounced = "bounced",
    }
}

text_enum! {
    /// Why an address is marked.
    pub enum MarkReason {
        /// Mail to it came back for good.
        Bounce = "bounce",
        /// Its owner called a mail unwanted.
        Complaint = "complaint",
    }
}

/// What is known against an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressMark {
    /// The address in the form that is compared.
    pub address_key: String,
    /// Why.
    pub reason: MarkReason,
    /// The server's words.
    pub detail: String,
    /// The message that showed it.
    pub message: Option<MessageId>,
    /// Since when.
    pub marked_at: UtcTime,
}

text_enum! {
    /// What a message is about; also the folder of its template under `templates/mail/`.
    pub enum MessageKind {
        /// "Confirm your address".
        Verify = "verify",
        /// "You are already registered, here is your link".
        AlreadyRegistered = "already_registered",
        /// "You are confirmed", with ticket and calendar entry.
        Confirmed = "confirmed",
        /// "Your application has arrived".
        ApplicationReceived = "application_received",
        /// "You are on the waiting list".
        Waitlisted = "waitlisted",
        /// "You are invited to register", with a code.
        InvitationCode = "invitation_code",
        /// "A place is kept for you until", with the link that takes it up.
        PlaceOffered = "place_offered",
        /// "Your registration is cancelled".
        Cancelled = "cancelled",
        /// "We need to know more", to an applicant.
        MoreNeeded = "more_needed",
        /// "You are approved", with ticket and calendar entry.
        Approved = "approved",
        /// "Your application could not be accepted".
        Rejected = "rejected",
        /// "Please fill in what we need now that you are approved".
        SecondForm = "second_form",
        /// "You are invited to the team".
        TeamInvitation = "team_invitation",
        /// "Set a new password".
        PasswordReset = "password_reset",
        /// "Someone signed in from a new device".
        NewSignin = "new_signin",
        /// "Your timetable has changed", to a speaker, with calendar entries.
        SlotNotice = "slot_notice",
        /// "Sessions that you starred have changed", to an attendee.
        ChangeNotice = "change_notice",
        /// "This is your page", to a speaker.
        SpeakerLink = "speaker_link",
        /// "You help a speaker, this is their page", to an assistant.
        AssistantLink = "assistant_link",
        /// "You have a seat in a session".
        SeatBooked = "seat_booked",
        /// "You are in the waiting list of a session".
        SeatWaiting = "seat_waiting",
        /// "A seat is kept for you until", with the link that takes it up.
        SeatOffered = "seat_offered",
        /// "The seat kept for you has gone on to the next".
        SeatLapsed = "seat_lapsed",
        /// "Your seat was taken back by the team".
        SeatRemoved = "seat_removed",
        /// "A speaker will not take part", to the event's own address.
        SpeakerWithdrew = "speaker_withdrew",
        /// What organizers write to many people.
        Mailing = "mailing",
        /// "Your draft is kept", to the author of a proposal, with the link that goes on with it.
        ProposalDraft = "proposal_draft",
        /// "Your proposal has arrived", to its author.
        ProposalReceived = "proposal_received",
        /// "You may have somebody's place", with the link that takes it.
        TransferOffered = "transfer_offered",
        /// "You have offered your place to somebody".
        TransferStarted = "transfer_started",
        /// "The place is not for you any more".
        TransferTakenBack = "transfer_taken_back",
        /// "Nobody has taken your place, it is still yours".
        TransferUnwanted = "transfer_unwanted",
        /// "Your place has gone to somebody else".
        Transferred = "transferred",
        /// "Everything about you is deleted on this day".
        ErasureAsked = "erasure_asked",
        /// "You register this delegation, here is its page", to a focal point.
        DelegationLink = "delegation_link",
        /// "Somebody else runs the delegation now", to whoever did before.
        DelegationPassed = "delegation_passed",
        /// "You are registered as a member of a delegation", with the link of the own page.
        DelegationMember = "delegation_member",
        /// "Something is still missing", to a member of a delegation.
        DelegationReminder = "delegation_reminder",
        /// What somebody wrote to focal points or to the members of a delegation.
        DelegationMessage = "delegation_message",
        /// "We would like to invite you to speak", to a speaker or whoever helps them.
        SpeakerInvitation = "speaker_invitation",
        /// "We still hope for your answer", to whoever was invited.
        SpeakerInvitationReminder = "speaker_invitation_reminder",
        /// "Something is still missing", to a speaker or whoever helps them.
        SpeakerMissing = "speaker_missing",
        /// "The event begins", to an attendee, with the ticket.
        EventReminder = "event_reminder",
        /// "A session that you booked begins".
        SessionReminder = "session_reminder",
        /// "Your application waits for your answer".
        AnswerReminder = "answer_reminder",
        /// "The place kept for you is given on soon".
        OfferReminder = "offer_reminder",
        /// A seat that is kept runs out.
        SeatReminder = "seat_reminder",
        /// "Your proposal is accepted", to its author.
        ProposalAccepted = "proposal_accepted",
        /// "Your proposal was not chosen", to its author.
        ProposalRejected = "proposal_rejected",
    }
}

impl MessageKind {
    /// Whether someone who has just typed the address waits for it. Such mail is tried even where earlier mail
    /// to the address came back: the person says that it works, and the next failure says otherwise.
    #[must_use]
    pub const fn is_asked_for(self) -> bool {
        matches!(
            self,
            Self::Verify
                | Self::AlreadyRegistered
                | Self::TeamInvitation
                | Self::PasswordReset
                | Self::NewSignin
                | Self::SpeakerWithdrew
                | Self::ProposalDraft
                | Self::ProposalReceived
        )
    }
}

/// A message ready to be queued: rendered, for one recipient, in one language.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The event it speaks of.
    pub event: Option<EventId>,
    /// What it is about.
    pub kind: MessageKind,
    /// The registration it speaks of.
    pub registration: Option<RegistrationId>,
    /// The account it goes to.
    pub user: Option<UserId>,
    /// The speaker it speaks of.
    pub speaker: Option<SpeakerId>,
    /// Where one post takes the recipient off the list of such messages (RFC 8058).
    pub unsubscribe: Option<String>,
    /// The recipient's name; may be empty.
    pub recipient_name: String,
    /// The recipient's address.
    pub recipient: EmailAddress,
    /// The language it is written in.
    pub language: Lang,
    /// Subject and bodies.
    pub content: Rendered,
    /// Pictures, tickets, calendar entries.
    pub attachments: Vec<Attachment>,
}

/// The words of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// The plain-text body.
    pub text: String,
    /// The HTML body.
    pub html: String,
    /// What it can be edited from; nothing where the bodies were made otherwise.
    pub source: Option<Editable>,
}

/// A message's text with everything filled in, as its organizers may change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Editable {
    /// Markdown; parts with a form of their own stand in it as `{{name}}`.
    pub body: String,
    /// These parts.
    pub parts: Vec<EditablePart>,
}

/// A part with a form of its own, such as the ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditablePart {
    /// The word that stands for it.
    pub name: String,
    /// As HTML.
    pub html: String,
    /// As text.
    pub text: String,
}

/// A part besides the bodies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The file name.
    pub name: String,
    /// The whole `Content-Type`, such as `text/calendar; method=PUBLISH; charset=utf-8`.
    pub media_type: String,
    /// For a picture that the HTML body shows as `cid:…`.
    pub content_id: Option<String>,
    /// Whether it is one more form of the body (RFC 6047: a calendar entry beside text and HTML).
    pub alternative: bool,
    /// The content in Base64; empty where `file` names it.
    pub content: String,
    /// The file that holds the content, where many messages share it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileId>,
}

impl Attachment {
    /// A part of these bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, media_type: impl Into<String>, content: &[u8]) -> Self {
        use base64::Engine;
        let content = base64::engine::general_purpose::STANDARD.encode(content);
        Self {
            name: name.into(),
            media_type: media_type.into(),
            content_id: None,
            alternative: false,
            content,
            file: None,
        }
    }

    /// The same as a picture inside the HTML body.
    #[must_use]
    pub fn inline(mut self, content_id: impl Into<String>) -> Self {
        self.content_id = Some(content_id.into());
        self
    }
}

/// Somebody who is named in a message as having got the same (RFC 5322, `Cc`). The message does not go to them:
/// theirs is a message of its own, in their language and with their link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copied {
    /// The name; may be empty.
    pub name: String,
    /// The address.
    pub address: String,
}

/// A message as a worker takes it from the outbox.
#[derive(Clone, Debug)]
pub struct OutboxMessage {
    /// The message, and the local part of its Message-ID.
    pub id: MessageId,
    /// The event that it belongs to, if any.
    pub event: Option<EventId>,
    /// What it is about.
    pub kind: MessageKind,
    /// The recipient's domain as compared.
    pub domain: String,
    /// The recipient's name; may be empty.
    pub recipient_name: String,
    /// The recipient's address.
    pub recipient_address: String,
    /// Who is named as having got the same, each of whom gets one of their own.
    pub copies: Vec<Copied>,
    /// The language it is written in.
    pub language: Lang,
    /// One line.
    pub subject: String,
    /// The plain-text body.
    pub body_text: String,
    /// The HTML body.
    pub body_html: String,
    /// The other parts.
    pub attachments: Vec<Attachment>,
    /// Where one post takes the recipient off the list of such messages (RFC 8058).
    pub unsubscribe: Option<String>,
    /// Attempts begun, this one included.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: UtcTime,
}

/// Why a message waits for another attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delay {
    /// The server put it off, which counts against the limit of attempts.
    PutOff,
    /// The mail server could not be reached, which says nothing of the message.
    Unreachable,
    /// It was not tried: its domain asked for fewer a moment ago.
    Spared,
}

/// What an attempt came to, as it is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server took it.
    Sent {
        /// Its answer.
        detail: String,
    },
    /// Try again.
    Again {
        /// Why.
        detail: String,
        /// When.
        due: UtcTime,
        /// What it is called.
        reason: Delay,
    },
    /// Given up; an organizer can send it again.
    Failed {
        /// Why.
        detail: String,
    },
}

/// A message as lists show it.
#[derive(Clone, Debug)]
pub struct MessageSummary {
    /// The message.
    pub id: MessageId,
    /// What it is about.
    pub kind: MessageKind,
    /// The recipient's name; may be empty.
    pub recipient_name: String,
    /// The recipient's address.
    pub recipient_address: String,
    /// One line.
    pub subject: String,
    /// Where it stands.
    pub state: MessageState,
    /// Attempts begun.
    pub attempts: i32,
    /// When it was queued.
    pub created_at: UtcTime,
    /// When it may leave, or may be tried again.
    pub due_at: UtcTime,
    /// When the mail server took it.
    pub sent_at: Option<UtcTime>,
    /// What the last attempt said, unless it went well.
    pub last_error: Option<String>,
    /// Counts changes by organizers.
    pub version: i32,
}

/// One attempt to deliver, or a report that came back, as recorded.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// Counts from 1; nothing for a report.
    pub attempt: Option<i32>,
    /// `sent`, `deferred`, `unreachable`, `failed` or `marked`; what an organizer did; of a report `report-` and its kind.
    pub outcome: String,
    /// The mail server's words.
    pub detail: String,
    /// When.
    pub at: UtcTime,
}

/// A message with everything that was or will be sent.
#[derive(Clone, Debug)]
pub struct MessageDetail {
    /// As lists show it.
    pub summary: MessageSummary,
    /// The event that it belongs to, if any.
    pub event: Option<EventId>,
    /// The registration it speaks of.
    pub registration: Option<RegistrationId>,
    /// The account it goes to.
    pub user: Option<UserId>,
    /// The speaker it speaks of.
    pub speaker: Option<SpeakerId>,
    /// The language it is written in.
    pub language: Lang,
    /// The plain-text body.
    pub body_text: String,
    /// The HTML body.
    pub body_html: String,
    /// The other parts.
    pub attachments: Vec<Attachment>,
    /// The attempts, oldest first.
    pub history: Vec<Attempt>,
    /// What is known against its address.
    pub mark: Option<AddressMark>,
    /// Where one post takes the recipient off the list of such messages.
    pub unsubscribe: Option<String>,
    /// What it can be edited from.
    pub source: Option<Editable>,
    /// The message that it is a copy of.
    pub copy_of: Option<MessageId>,
    /// Messages that say the same once more, the oldest first.
    pub sent_again: Vec<MessageId>,
    /// Who is named as having got the same.
    pub copies: Vec<Copied>,
}

impl MessageDetail {
    /// The message as it leaves.
    #[must_use]
    pub fn as_it_leaves(&self) -> OutboxMessage {
        OutboxMessage {
            id: self.summary.id,
            event: self.event,
            kind: self.summary.kind,
            domain: String::new(),
            recipient_name: self.summary.recipient_name.clone(),
            recipient_address: self.summary.recipient_address.clone(),
            copies: self.copies.clone(),
            language: self.language,
            subject: self.summary.subject.clone(),
            body_text: self.body_text.clone(),
            body_html: self.body_html.clone(),
            attachments: self.attachments.clone(),
            unsubscribe: self.unsubscribe.clone(),
            attempts: self.summary.attempts,
            created_at: self.summary.created_at,
        }
    }
}

/// Which messages a list shows.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Of this event only.
    pub event: Option<EventId>,
    /// In this state only.
    pub state: Option<MessageState>,
    /// Of this kind only.
    pub kind: Option<MessageKind>,
    /// Whose recipient or subject has these words.
    pub search: String,
    /// Of this registration only.
    pub registration: Option<RegistrationId>,
    /// Older than this, for the next page.
    pub before: Option<MessageId>,
}

/// One page of a list.
#[derive(Clone, Debug, Default)]
pub struct MessageList {
    /// The messages, newest first.
    pub messages: Vec<MessageSummary>,
    /// Where the next page begins; none at the end.
    pub next: Option<MessageId>,
    /// Whether so many were looked through without filling the page that the rest is left to the next.
    pub is_cut: bool,
}
