//! What mails of each kind may mention.

use super::model::{Placeholder, Sort};
use crate::mail::model::MessageKind;

const fn words(name: &'static str) -> Placeholder {
    Placeholder { name, sort: Sort::Words }
}

const fn address(name: &'static str) -> Placeholder {
    Placeholder { name, sort: Sort::Address }
}

const fn part(name: &'static str) -> Placeholder {
    Placeholder { name, sort: Sort::Part }
}

const NAME: Placeholder = words("name");
const LINK: Placeholder = address("link");
const CATEGORY: Placeholder = words("category");
const CODE: Placeholder = words("code");
const DEADLINE: Placeholder = words("deadline");
const REASON: Placeholder = words("reason");
const TICKET: Placeholder = part("ticket");

/// What every mail of an event may mention; filled in by the frame.
pub const OF_EVENT: &[Placeholder] = &[
    words("event_name"),
    address("event_url"),
    words("dates"),
    words("place"),
    words("timezone"),
    words("contact_email"),
];

const ATTENDEE: &[Placeholder] = &[NAME, CATEGORY, CODE, LINK];
const DECISION: &[Placeholder] = &[NAME, CATEGORY, CODE, LINK, REASON];
const SEAT: &[Placeholder] =
    &[NAME, words("session"), address("session_url"), words("when"), words("room"), DEADLINE, LINK];
const EVENT_REMINDER: &[Placeholder] = &[NAME, CATEGORY, CODE, LINK, TICKET, address("unsubscribe")];
const SEAT_REMINDER: &[Placeholder] = &[
    NAME,
    words("session"),
    address("session_url"),
    words("when"),
    words("room"),
    DEADLINE,
    LINK,
    address("unsubscribe"),
];
const NOTICE: &[Placeholder] = &[
    NAME,
    words("headline"),
    words("opening"),
    part("changes"),
    part("timetable"),
    words("own_timezone"),
    address("unsubscribe"),
    LINK,
];

const APPROVAL: &[Placeholder] = &[NAME, CATEGORY, CODE, LINK, REASON, words("form_note"), TICKET];
const SPEAKER: &[Placeholder] = &[NAME, words("speaker"), LINK];
const INVITED_SPEAKER: &[Placeholder] =
    &[NAME, words("speaker"), words("opening"), words("session"), words("words"), LINK];
const OWING: &[Placeholder] =
    &[NAME, words("speaker"), words("opening"), words("owed"), DEADLINE, LINK, address("unsubscribe")];
const WITHDRAWAL: &[Placeholder] = &[
    words("speaker"),
    words("opening"),
    words("session"),
    words("when"),
    words("room"),
    REASON,
    words("proposed"),
    words("next"),
    LINK,
];
const INVITATION: &[Placeholder] =
    &[NAME, words("headline"), words("opening"), words("next"), words("days_left"), LINK];
const RESET: &[Placeholder] = &[NAME, LINK, words("hours")];
const PROPOSAL: &[Placeholder] = &[NAME, words("title"), LINK, DEADLINE, words("words"), words("comments")];
const TRANSFER: &[Placeholder] = &[NAME, words("person"), CATEGORY, LINK, DEADLINE];
const DELEGATION: &[Placeholder] = &[
    NAME,
    words("delegation"),
    words("contact"),
    CATEGORY,
    words("headline"),
    words("opening"),
    words("next"),
    words("owed"),
    DEADLINE,
    LINK,
];
const DELEGATION_TO_MANY: &[Placeholder] = &[
    NAME,
    words("delegation"),
    words("contact"),
    CATEGORY,
    words("headline"),
    words("opening"),
    words("next"),
    words("owed"),
    DEADLINE,
    LINK,
    address("unsubscribe"),
];
const MAILING: &[Placeholder] =
    &[NAME, CATEGORY, CODE, words("organisation"), words("sessions"), LINK, address("unsubscribe")];
const SIGN_IN: &[Placeholder] = &[NAME, words("opening"), LINK];

/// What mails of a kind may mention besides what every mail of an event may.
#[must_use]
pub fn of_kind(kind: MessageKind) -> &'static [Placeholder] {
    match kind {
        MessageKind::Verify | MessageKind::PlaceOffered | MessageKind::InvitationCode => {
            &[NAME, CATEGORY, CODE, LINK, DEADLINE]
        }
        MessageKind::Confirmed => &[NAME, CATEGORY, CODE, LINK, TICKET],
        MessageKind::AlreadyRegistered
        | MessageKind::ApplicationReceived
        | MessageKind::Waitlisted
        | MessageKind::Cancelled => ATTENDEE,
        MessageKind::Approved => APPROVAL,
        MessageKind::MoreNeeded | MessageKind::Rejected | MessageKind::SecondForm => DECISION,
        MessageKind::SeatBooked
        | MessageKind::SeatWaiting
        | MessageKind::SeatOffered
        | MessageKind::SeatReminder
        | MessageKind::SeatLapsed
        | MessageKind::SeatRemoved => SEAT,
        MessageKind::SlotNotice | MessageKind::ChangeNotice => NOTICE,
        MessageKind::SpeakerLink | MessageKind::AssistantLink => SPEAKER,
        MessageKind::SpeakerInvitation | MessageKind::SpeakerInvitationReminder => INVITED_SPEAKER,
        MessageKind::SpeakerMissing => OWING,
        MessageKind::EventReminder => EVENT_REMINDER,
        MessageKind::SessionReminder => SEAT_REMINDER,
        MessageKind::AnswerReminder => ATTENDEE,
        MessageKind::OfferReminder => &[NAME, CATEGORY, CODE, LINK, DEADLINE],
        MessageKind::SpeakerWithdrew => WITHDRAWAL,
        MessageKind::ProposalDraft
        | MessageKind::ProposalReceived
        | MessageKind::ProposalAccepted
        | MessageKind::ProposalRejected => PROPOSAL,
        MessageKind::TransferOffered
        | MessageKind::TransferStarted
        | MessageKind::TransferTakenBack
        | MessageKind::TransferUnwanted
        | MessageKind::Transferred => TRANSFER,
        MessageKind::ErasureAsked => &[NAME, CATEGORY, CODE, LINK, DEADLINE],
        MessageKind::DelegationLink | MessageKind::DelegationPassed | MessageKind::DelegationMember => DELEGATION,
        MessageKind::DelegationReminder | MessageKind::DelegationMessage => DELEGATION_TO_MANY,
        MessageKind::Mailing => MAILING,
        MessageKind::TeamInvitation => INVITATION,
        MessageKind::PasswordReset => RESET,
        MessageKind::NewSignin => SIGN_IN,
    }
}

/// Everything that mails of a kind may mention.
#[must_use]
pub fn all(kind: MessageKind) -> Vec<Placeholder> {
    of_kind(kind).iter().chain(OF_EVENT).copied().collect()
}

/// What a mail of the kind is useless without.
#[must_use]
pub fn needed(kind: MessageKind) -> &'static [&'static str] {
    match kind {
        MessageKind::Rejected
        | MessageKind::Cancelled
        | MessageKind::SeatRemoved
        | MessageKind::TransferTakenBack
        | MessageKind::TransferUnwanted
        | MessageKind::Transferred
        | MessageKind::DelegationPassed
        | MessageKind::Mailing => &[],
        MessageKind::DelegationMessage => &["opening"],
        MessageKind::ChangeNotice => &["changes", "link", "unsubscribe"],
        MessageKind::SlotNotice => &["changes", "link"],
        _ => &["link"],
    }
}

/// Whether organizers word all mails of the kind: those of accounts belong to no event, each mailing has words of its own.
#[must_use]
pub const fn is_of_event(kind: MessageKind) -> bool {
    !matches!(
        kind,
        MessageKind::TeamInvitation | MessageKind::PasswordReset | MessageKind::NewSignin | MessageKind::Mailing
    )
}
