//! Where each speaker stands, and what is still missing of them.

use crate::db::{ForumId, SessionId};
use crate::i18n::Lang;
use crate::speakers::inviting::model::InvitationState;
use crate::speakers::model::Speaker;
use crate::speakers::own::model::AnswerKind;
use crate::text_enum;

text_enum! {
    /// What a speaker still owes.
    pub enum Item {
        /// An answer to the invitation.
        Answer = "answer",
        /// Facts of the profile.
        Profile = "profile",
        /// A photo.
        Photo = "photo",
        /// When they are free.
        Availability = "availability",
        /// Slides.
        Slides = "slides",
        /// When they come and go.
        Travel = "travel",
        /// Whether they may be recorded.
        Consent = "consent",
    }
}

/// How somebody stands to taking part at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attendance {
    /// Nobody has asked.
    NotInvited,
    /// Invited; nothing was said.
    Invited,
    /// They take part.
    Accepted,
    /// They don't.
    Declined,
}

impl Attendance {
    /// Every value.
    pub const ALL: [Self; 4] = [Self::NotInvited, Self::Invited, Self::Accepted, Self::Declined];

    /// The word in addresses and text keys.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotInvited => "not-invited",
            Self::Invited => "invited",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }

    /// What follows from invitations and answers to published slots. Whoever declined one thing needs the
    /// organizers' attention first; whoever still owes an answer comes next.
    #[must_use]
    pub fn of(invitations: &[InvitationState], answers: &[AnswerKind]) -> Self {
        let standing = invitations.iter().filter(|state| **state != InvitationState::Withdrawn);
        let standing: Vec<InvitationState> = standing.copied().collect();
        if standing.contains(&InvitationState::Declined) || answers.contains(&AnswerKind::Declined) {
            Self::Declined
        } else if standing.contains(&InvitationState::Open) {
            Self::Invited
        } else if standing.contains(&InvitationState::Accepted) || answers.contains(&AnswerKind::Accepted) {
            Self::Accepted
        } else {
            Self::NotInvited
        }
    }
}

/// One speaker as the board shows them.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The speaker.
    pub speaker: Speaker,
    /// Their sessions that may still take place, with their forums.
    pub sessions: Vec<(SessionId, Option<ForumId>)>,
    /// Whether they or somebody who helps them can be written to.
    pub is_reachable: bool,
    /// Whether an invitation was sent that was not taken back.
    pub is_invited: bool,
    /// Whether their page was opened.
    pub has_opened: bool,
    /// How they stand to taking part.
    pub attendance: Attendance,
    /// How much of the profile is filled in, in per cent.
    pub profile: u8,
    /// Whether they have said when they are free.
    pub has_availability: bool,
    /// Whether a session of theirs waits for a place in the timetable, so that it matters when they are free.
    pub needs_availability: bool,
    /// Whether they have handed in slides.
    pub has_slides: bool,
    /// Whether they have said when they come and go.
    pub has_travel: bool,
    /// Whether they have agreed to be recorded; nothing where nobody is asked.
    pub has_agreed: Option<bool>,
}

impl Standing {
    /// Whether the speaker still owes something.
    #[must_use]
    pub fn owes(&self, item: Item) -> bool {
        match item {
            Item::Answer => self.attendance == Attendance::Invited,
            Item::Profile => self.profile < 100,
            Item::Photo => self.speaker.photo_id.is_none(),
            Item::Availability => !self.has_availability,
            Item::Slides => !self.has_slides && !self.sessions.is_empty(),
            Item::Travel => !self.has_travel,
            Item::Consent => self.has_agreed == Some(false),
        }
    }

    /// Whether somebody takes part in a session of this forum.
    #[must_use]
    pub fn is_in(&self, forum: ForumId) -> bool {
        self.sessions.iter().any(|(_, own)| *own == Some(forum))
    }
}

/// How much of a profile is filled in, in per cent: position, organisation and biography in each language of the
/// event, and the country. The name is always there; the photo counts by itself.
#[must_use]
pub fn profile_percent(speaker: &Speaker, languages: &[Lang]) -> u8 {
    let texts = [&speaker.position, &speaker.organisation, &speaker.biography];
    let is_filled = |lang: Lang| texts.iter().filter(move |text| text.get(lang).is_some_and(|text| !text.is_empty()));
    let filled: usize = languages.iter().map(|lang| is_filled(*lang).count()).sum();
    let (filled, all) = (filled + usize::from(speaker.country.is_some()), languages.len() * texts.len() + 1);
    u8::try_from(filled * 100 / all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{EventId, SpeakerId, UtcTime};
    use crate::i18n::Localized;

    fn speaker() -> Speaker {
        Speaker {
            id: SpeakerId::new(),
            event_id: EventId::new(),
            code: String::new(),
            guid: String::new(),
            name: "Ada Lovelace".to_owned(),
            native_name: None,
            position: Localized::new(),
            organisation: Localized::new(),
            country: None,
            biography: Localized::new(),
            photo_id: None,
            email: None,
            language: None,
            search_key: String::new(),
            source_key: None,
            version: 1,
            created_at: UtcTime::of_machine(),
            updated_at: UtcTime::of_machine(),
        }
    }

    #[test]
    fn every_language_of_the_event_counts() {
        let languages = [Lang::EN, Lang::ZH];
        let mut ada = speaker();
        assert_eq!(profile_percent(&ada, &languages), 0);
        ada.country = Some("GB".to_owned());
        ada.position = Localized::single(Lang::EN, "Countess");
        assert_eq!(profile_percent(&ada, &languages), 28);
        let both = |text: &str| Localized::single(Lang::EN, text).with(Lang::ZH, text);
        (ada.position, ada.organisation, ada.biography) = (both("a"), both("b"), both("c"));
        assert_eq!(profile_percent(&ada, &languages), 100);
    }

    #[test]
    fn what_needs_attention_comes_first() {
        use AnswerKind as K;
        use InvitationState as S;
        for (invitations, answers, expected) in [
            (&[][..], &[][..], Attendance::NotInvited),
            (&[S::Open], &[], Attendance::Invited),
            (&[S::Accepted], &[], Attendance::Accepted),
            (&[S::Accepted, S::Open], &[], Attendance::Invited),
            (&[S::Accepted, S::Declined], &[], Attendance::Declined),
            (&[S::Withdrawn], &[], Attendance::NotInvited),
            (&[], &[K::Accepted], Attendance::Accepted),
            (&[], &[K::Asked], Attendance::NotInvited),
            (&[S::Accepted], &[K::Declined], Attendance::Declined),
        ] {
            assert_eq!(Attendance::of(invitations, answers), expected, "{invitations:?} {answers:?}");
        }
    }
}
