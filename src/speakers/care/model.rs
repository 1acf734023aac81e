//! Where each speaker stands, and what is still missing of them.

use crate::db::{ForumId, SessionId};
use crate::i18n::Lang;
use crate::speakers::inviting::model::InvitationState;
use crate::speakers::model::Speaker;
use crate::speakers::own::model::AnswerKind;
use crate::text_enum;
use std::collections::HashSet;

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

    /// What follows from what was said about each thing, and from the sessions that somebody has a part in.
    /// Whoever declined one of several things takes part in the others; whoever still owes an answer to one of
    /// those comes first.
    #[must_use]
    pub fn of(said: &[Said], sessions: &HashSet<SessionId>) -> Self {
        let declined = declined(said);
        let left: Vec<&Said> = said.iter().filter(|one| !declined.contains(&one.about)).collect();
        let is_left = left.iter().any(|one| one.about.is_some())
            || sessions.iter().any(|session| !declined.contains(&Some(*session)));
        let says = |word: Word| left.iter().any(|one| one.word == word);
        if declined.contains(&None) && !left.iter().any(|one| matches!(one.word, Word::Open | Word::Accepted)) {
            return Self::Declined;
        }
        if !declined.is_empty() && !is_left {
            return Self::Declined;
        }
        if says(Word::Open) {
            Self::Invited
        } else if says(Word::Accepted) {
            Self::Accepted
        } else {
            Self::NotInvited
        }
    }
}

/// What a word of a speaker or of the organizers comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    /// An answer is awaited.
    Open,
    /// They take part.
    Accepted,
    /// They don't.
    Declined,
}

/// A word about one thing: an invitation as it stands, or an answer to a published slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The session; the event as a whole where there is none.
    pub about: Option<SessionId>,
    /// The word.
    pub word: Word,
}

impl Said {
    /// What an invitation comes to; nothing where it was taken back.
    #[must_use]
    pub const fn of_invitation(about: Option<SessionId>, state: InvitationState) -> Option<Self> {
        let word = match state {
            InvitationState::Open => Word::Open,
            InvitationState::Accepted => Word::Accepted,
            InvitationState::Declined => Word::Declined,
            InvitationState::Withdrawn => return None,
        };
        Some(Self { about, word })
    }

    /// What an answer comes to; nothing where another time is asked for.
    #[must_use]
    pub const fn of_answer(about: SessionId, answer: AnswerKind) -> Option<Self> {
        let word = match answer {
            AnswerKind::Accepted => Word::Accepted,
            AnswerKind::Declined => Word::Declined,
            AnswerKind::Asked => return None,
        };
        Some(Self { about: Some(about), word })
    }
}

/// What was declined; `None` stands for the event as a whole.
#[must_use]
pub fn declined(said: &[Said]) -> HashSet<Option<SessionId>> {
    said.iter().filter(|one| one.word == Word::Declined).map(|one| one.about).collect()
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
    /// Sessions of theirs, without those that they declined, that slides were handed in for.
    pub slides_given: usize,
    /// Those that slides are still missing for.
    pub slides_missing: usize,
    /// How many of their sessions they declined, while they take part in others.
    pub declined: usize,
    /// Whether they have said when they come and go.
    pub has_travel: bool,
    /// Whether they have agreed to be recorded; nothing where nobody is asked.
    pub has_agreed: Option<bool>,
}

impl Standing {
    /// Whether the speaker still owes something. Of whoever does not take part nothing is asked.
    #[must_use]
    pub fn owes(&self, item: Item) -> bool {
        self.attendance != Attendance::Declined && self.lacks(item)
    }

    /// Whether something is not there.
    #[must_use]
    pub fn lacks(&self, item: Item) -> bool {
        match item {
            Item::Answer => self.attendance == Attendance::Invited,
            Item::Profile => self.profile < 100,
            Item::Photo => self.speaker.photo_id.is_none(),
            Item::Availability => !self.has_availability,
            Item::Slides => self.slides_missing > 0,
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
    fn declining_one_thing_is_not_declining_all() {
        use Attendance as A;
        use Word as W;
        let (one, two) = (SessionId::new(), SessionId::new());
        let (event, first, second) = (None, Some(one), Some(two));
        for (said, sessions, expected) in [
            (&[][..], &[one][..], A::NotInvited),
            (&[(event, W::Open)], &[], A::Invited),
            (&[(first, W::Accepted)], &[one], A::Accepted),
            (&[(first, W::Accepted), (second, W::Open)], &[one, two], A::Invited),
            (&[(first, W::Accepted), (second, W::Declined)], &[one, two], A::Accepted),
            (&[(first, W::Open), (second, W::Declined)], &[one, two], A::Invited),
            (&[(second, W::Declined)], &[one, two], A::NotInvited),
            (&[(first, W::Declined)], &[one], A::Declined),
            (&[(first, W::Declined)], &[], A::Declined),
            (&[(first, W::Declined), (second, W::Declined)], &[one, two], A::Declined),
            // A session accepted by the invitation and declined by its time afterwards.
            (&[(first, W::Accepted), (first, W::Declined)], &[one], A::Declined),
            (&[(event, W::Accepted), (first, W::Declined)], &[one], A::Declined),
            (&[(event, W::Declined)], &[one], A::Declined),
            (&[(event, W::Declined), (first, W::Accepted)], &[one], A::Accepted),
        ] {
            let said: Vec<Said> = said.iter().map(|(about, word)| Said { about: *about, word: *word }).collect();
            let sessions = sessions.iter().copied().collect();
            assert_eq!(Attendance::of(&said, &sessions), expected, "{said:?} {sessions:?}");
        }
    }
}
