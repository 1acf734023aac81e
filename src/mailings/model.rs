//! What a mailing is, and whom it is for.

use crate::db::{CategoryId, DelegationId, EventId, ForumId, MailingId, RoomId, SessionId, UtcTime};
use crate::i18n::Lang;
use crate::mail::wording::model::Source;
use crate::programme::model::SessionState;
use crate::registration::model::RegistrationState;
use crate::text_enum;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// Where a mailing stands.
    pub enum MailingState {
        /// Is being written.
        Draft = "draft",
        /// Leaves at its time.
        Planned = "planned",
        /// Leaves now, or follows the sessions it is about.
        Leaving = "leaving",
        /// Has left.
        Left = "left",
        /// Was stopped; what had not left stays.
        Stopped = "stopped",
    }
}

text_enum! {
    /// To whom a mailing goes.
    pub enum Whom {
        /// People with a registration.
        Registrations = "registrations",
        /// Speakers of the draft's sessions.
        Speakers = "speakers",
    }
}

text_enum! {
    /// What a speaker still owes.
    pub enum Missing {
        /// A photo.
        Photo = "photo",
        /// A biography.
        Biography = "biography",
        /// An answer to a published slot.
        Answer = "answer",
        /// An answer to an invitation.
        Invitation = "invitation",
        /// Facts of the profile.
        Profile = "profile",
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

/// Who is meant: everyone who fits all of it. An empty list lets everyone through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audience {
    /// `registrations` or `speakers`.
    pub whom: String,
    /// Registrations in one of these states.
    pub states: Vec<String>,
    /// In one of these categories.
    pub categories: Vec<String>,
    /// Members of one of these delegations.
    pub delegations: Vec<String>,
    /// From one of these countries, ISO 3166 alpha-2.
    pub countries: Vec<String>,
    /// Who came (`yes`) or did not (`no`).
    pub came: String,
    /// Who has a seat in this session.
    pub booked: String,
    /// Who gave this answer: the question's id and the value.
    pub answer: Option<(String, String)>,
    /// Speakers of a session in one of these states; accepted and confirmed ones where none is chosen.
    pub session_states: Vec<String>,
    /// Whether the speakers of a session are written to together: one mail for each session, in which everyone
    /// sees the others.
    pub together: bool,
    /// Speakers of a session in one of these forums.
    pub forums: Vec<String>,
    /// Of a session in one of these rooms.
    pub rooms: Vec<String>,
    /// Of a session on one of these days.
    pub days: Vec<NaiveDate>,
    /// Who still owe one of these.
    pub missing: Vec<String>,
}

impl Audience {
    /// Attendees or speakers.
    #[must_use]
    pub fn whom(&self) -> Whom {
        self.whom.parse().unwrap_or(Whom::Registrations)
    }

    /// The states; confirmed ones where none is chosen.
    #[must_use]
    pub fn wanted_states(&self) -> Vec<RegistrationState> {
        let chosen: Vec<RegistrationState> = self.states.iter().filter_map(|word| word.parse().ok()).collect();
        if chosen.is_empty() { vec![RegistrationState::Confirmed] } else { chosen }
    }

    /// The categories.
    #[must_use]
    pub fn wanted_categories(&self) -> Vec<CategoryId> {
        self.categories.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// The delegations.
    #[must_use]
    pub fn wanted_delegations(&self) -> Vec<DelegationId> {
        self.delegations.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// The states of sessions whose speakers are meant.
    #[must_use]
    pub fn wanted_session_states(&self) -> Vec<SessionState> {
        let chosen: Vec<SessionState> = self.session_states.iter().filter_map(|word| word.parse().ok()).collect();
        if chosen.is_empty() { vec![SessionState::Accepted, SessionState::Confirmed] } else { chosen }
    }

    /// The session in which they have a seat.
    #[must_use]
    pub fn booked_session(&self) -> Option<SessionId> {
        self.booked.parse().ok()
    }

    /// Whether a session is among those whose speakers are meant.
    #[must_use]
    pub fn has_session(&self, forum: Option<ForumId>, slots: &[(Option<RoomId>, NaiveDate)]) -> bool {
        let named = |list: &[String], id: Option<&str>| {
            list.is_empty() || id.is_some_and(|id| list.iter().any(|one| one == id))
        };
        let forum = forum.map(|forum| forum.to_string());
        named(&self.forums, forum.as_deref())
            && (self.rooms.is_empty()
                || slots.iter().any(|(room, _)| named(&self.rooms, room.map(|room| room.to_string()).as_deref())))
            && (self.days.is_empty() || slots.iter().any(|(_, day)| self.days.contains(day)))
    }
}

/// When a mailing leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case")]
pub enum Timing {
    /// As soon as it is sent.
    #[default]
    Now,
    /// On this day at this time, on the event's clocks.
    At {
        /// The day.
        day: NaiveDate,
        /// The time.
        time: NaiveTime,
    },
    /// So many days before the event begins, at this time on its clocks.
    BeforeEvent {
        /// Days before the first day.
        days: u16,
        /// The time.
        time: NaiveTime,
    },
    /// So many hours before each session of the person begins, once for each.
    BeforeSession {
        /// Hours before.
        hours: u16,
    },
}

impl Timing {
    /// Day and time on the event's clocks; none where each person has times of their own.
    #[must_use]
    pub fn local(self, starts_on: NaiveDate) -> Option<(NaiveDate, NaiveTime)> {
        match self {
            Self::At { day, time } => Some((day, time)),
            Self::BeforeEvent { days, time } => Some((starts_on - TimeDelta::days(i64::from(days)), time)),
            Self::Now | Self::BeforeSession { .. } => None,
        }
    }

    /// How long before a session its mail leaves.
    #[must_use]
    pub fn before_session(self) -> Option<TimeDelta> {
        match self {
            Self::BeforeSession { hours } => Some(TimeDelta::hours(i64::from(hours))),
            _ => None,
        }
    }
}

/// The words of a mailing, in each language in which there are any.
pub type Sources = BTreeMap<Lang, Source>;

/// A mailing.
#[derive(Clone, Debug)]
pub struct Mailing {
    /// Names it.
    pub id: MailingId,
    /// The event.
    pub event_id: EventId,
    /// Who is meant.
    pub audience: Audience,
    /// Its words.
    pub sources: Sources,
    /// When it leaves.
    pub timing: Timing,
    /// Where it stands.
    pub state: MailingState,
    /// The instant that follows from the timing.
    pub leaves_at: Option<UtcTime>,
    /// Counts changes.
    pub version: i32,
    /// When it was begun.
    pub created_at: UtcTime,
}

impl Mailing {
    /// The language of which words somebody reads: their own, the event's main one, or any.
    #[must_use]
    pub fn language_for(&self, wanted: Lang, main: Lang) -> Option<Lang> {
        let known = |lang: &Lang| self.sources.contains_key(lang);
        [wanted, main].into_iter().find(|lang| known(lang)).or_else(|| self.sources.keys().next().copied())
    }

    /// What lists call it: its subject in the reader's language.
    #[must_use]
    pub fn subject_in(&self, lang: Lang, main: Lang) -> &str {
        let lang = self.language_for(lang, main);
        lang.and_then(|lang| self.sources.get(&lang)).map_or("", |source| source.subject.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fall_back_to_the_main_language_and_then_to_any() {
        let source = |subject: &str| Source { subject: subject.to_owned(), body: String::new() };
        let of = |langs: &[Lang]| {
            let sources = langs.iter().map(|lang| (*lang, source(lang.as_str()))).collect();
            Mailing {
                id: MailingId::new(),
                event_id: EventId::new(),
                audience: Audience::default(),
                sources,
                timing: Timing::Now,
                state: MailingState::Draft,
                leaves_at: None,
                version: 1,
                created_at: UtcTime::of_machine(),
            }
        };
        let fr: Lang = "fr".parse().expect("a language");
        assert_eq!(of(&[Lang::EN, Lang::ZH]).subject_in(Lang::ZH, Lang::EN), "zh");
        assert_eq!(of(&[Lang::EN, Lang::ZH]).subject_in(fr, Lang::EN), "en");
        assert_eq!(of(&[Lang::ZH]).subject_in(fr, Lang::EN), "zh");
        assert_eq!(of(&[]).subject_in(fr, Lang::EN), "");
    }

    #[test]
    fn a_session_is_meant_by_forum_room_and_day() {
        let (forum, room) = (ForumId::new(), RoomId::new());
        let day = NaiveDate::from_ymd_opt(2027, 4, 13).expect("a day");
        let slots = [(Some(room), day)];
        let audience = |forums: &[String], rooms: &[String], days: &[NaiveDate]| Audience {
            forums: forums.to_vec(),
            rooms: rooms.to_vec(),
            days: days.to_vec(),
            ..Audience::default()
        };
        assert!(Audience::default().has_session(None, &[]));
        assert!(audience(&[forum.to_string()], &[room.to_string()], &[day]).has_session(Some(forum), &slots));
        assert!(!audience(&[forum.to_string()], &[], &[]).has_session(None, &slots));
        assert!(!audience(&[], &[RoomId::new().to_string()], &[]).has_session(Some(forum), &slots));
        assert!(!audience(&[], &[], &[day.succ_opt().expect("a day")]).has_session(Some(forum), &slots));
    }
}
