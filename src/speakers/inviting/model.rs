//! What an invitation is, and what can be said to it.

use crate::db::schema::speaker_invitations;
use crate::db::{EventId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime};
use crate::i18n::Localized;
use crate::mail::address::EmailAddress;
use crate::text_enum;
use crate::web::{Checker, FieldErrors, FormData, Message};
use diesel::prelude::*;

text_enum! {
    /// Where an invitation stands.
    pub enum InvitationState {
        /// Nothing was said yet.
        Open = "open",
        /// They take part.
        Accepted = "accepted",
        /// They don't.
        Declined = "declined",
        /// The organizers took it back.
        Withdrawn = "withdrawn",
    }
}

text_enum! {
    /// What became of somebody whom a speaker proposed in their place.
    pub enum ProposedState {
        /// Nobody was proposed.
        Nobody = "nobody",
        /// The organizers have not decided.
        Open = "open",
        /// They were invited.
        Invited = "invited",
        /// The organizers would rather not.
        Dismissed = "dismissed",
    }
}

/// An invitation as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = speaker_invitations)]
pub struct Invitation {
    /// Names it.
    pub id: SpeakerInvitationId,
    /// The event.
    pub event_id: EventId,
    /// Who is invited.
    pub speaker_id: SpeakerId,
    /// To which session; to the event where there is none yet.
    pub session_id: Option<SessionId>,
    /// The session's id, or nothing: what makes one invitation for each.
    pub about: String,
    /// A word of the organizers.
    pub words: String,
    /// Where it stands.
    pub state: InvitationState,
    /// Why it was declined; may be empty.
    pub reason: String,
    /// Somebody else whom they proposed; may be empty.
    pub proposed_name: String,
    /// Where to write to them.
    pub proposed_email: String,
    /// What became of that.
    pub proposed_state: ProposedState,
    /// When it left.
    pub sent_at: UtcTime,
    /// When it was answered last.
    pub answered_at: Option<UtcTime>,
}

impl Invitation {
    /// A new one, not answered.
    #[must_use]
    pub fn new(
        now: UtcTime,
        (event, speaker): (EventId, SpeakerId),
        session: Option<SessionId>,
        words: impl Into<String>,
    ) -> Self {
        Self {
            id: SpeakerInvitationId::new(),
            event_id: event,
            speaker_id: speaker,
            session_id: session,
            about: session.map(|session| session.to_string()).unwrap_or_default(),
            words: words.into(),
            state: InvitationState::Open,
            reason: String::new(),
            proposed_name: String::new(),
            proposed_email: String::new(),
            proposed_state: ProposedState::Nobody,
            sent_at: now,
            answered_at: None,
        }
    }

    /// Whether somebody else was invited in their place.
    #[must_use]
    pub fn is_replaced(&self) -> bool {
        self.proposed_state == ProposedState::Invited
    }

    /// Whether the answer can be changed to `wanted`.
    #[must_use]
    pub fn may_become(&self, wanted: InvitationState) -> bool {
        use InvitationState as S;
        match wanted {
            S::Accepted => self.state == S::Open || (self.state == S::Declined && !self.is_replaced()),
            S::Declined => matches!(self.state, S::Open | S::Accepted),
            S::Withdrawn => self.state == S::Open,
            S::Open => false,
        }
    }
}

/// An invitation with the title of its session.
pub type Titled = (Invitation, Option<Localized>);

/// Longest reason that is kept.
const REASON_LENGTH: usize = 2_000;

/// Why somebody declines, and whom they propose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declining {
    /// Why; may be empty.
    pub reason: String,
    /// Somebody else: name and address.
    pub proposed: Option<(String, EmailAddress)>,
}

impl Declining {
    /// Reads what was typed.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let reason = checker.block("reason");
        if reason.chars().count() > REASON_LENGTH {
            checker.wrong("reason", Message::new("error-too-long").with("max", REASON_LENGTH));
        }
        let name = checker.line("proposed_name");
        let email = checker.optional_parsed::<EmailAddress>("proposed_email", "error-email");
        if !name.is_empty() && form.text("proposed_email").trim().is_empty() {
            checker.wrong("proposed_email", Message::new("inviting-error-proposed-email"));
        }
        if name.is_empty() && email.is_some() {
            checker.wrong("proposed_name", Message::new("inviting-error-proposed-name"));
        }
        checker.finish(Self { reason, proposed: email.map(|email| (name, email)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_can_be_changed_until_the_invitation_is_taken_back() {
        use InvitationState as S;
        let mut invitation = Invitation::new(UtcTime::of_machine(), (EventId::new(), SpeakerId::new()), None, "");
        for (state, accept, decline, withdraw) in [
            (S::Open, true, true, true),
            (S::Accepted, false, true, false),
            (S::Declined, true, false, false),
            (S::Withdrawn, false, false, false),
        ] {
            invitation.state = state;
            let may = [S::Accepted, S::Declined, S::Withdrawn].map(|wanted| invitation.may_become(wanted));
            assert_eq!(may, [accept, decline, withdraw], "{state}");
        }
        (invitation.state, invitation.proposed_state) = (S::Declined, ProposedState::Invited);
        assert!(!invitation.may_become(S::Accepted), "the place is somebody else's");
    }

    #[test]
    fn somebody_proposed_has_name_and_address_or_neither() {
        let read = |name: &str, email: &str| {
            Declining::read(&FormData::from_fields([("proposed_name", name), ("proposed_email", email)]))
        };
        assert_eq!(read("", "").expect("nobody").proposed, None);
        assert!(read("Mary", "mary@example.org").expect("somebody").proposed.is_some());
        assert!(read("Mary", "").is_err() && read("", "mary@example.org").is_err() && read("Mary", "mary").is_err());
    }
}
