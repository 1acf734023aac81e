//! How everybody's answers stand to the newest release, as organizers see them.

use super::answers::Answers;
use super::model::{Answer, Standing};
use crate::db::{SessionId, SpeakerId};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Texts};
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker};
use crate::schedule::wording::when;
use crate::web::page::Text;
use serde::Serialize;
use std::collections::HashSet;

/// One person's answer to one slot.
#[derive(Clone, Copy, Debug)]
pub struct SlotStanding<'a> {
    /// Who is asked.
    pub speaker: &'a ProgrammeSpeaker,
    /// The session.
    pub session: &'a ProgrammeSession,
    /// The slot.
    pub slot: &'a ProgrammeSlot,
    /// How the answer stands to it.
    pub standing: Standing,
    /// The answer, if there is one.
    pub answer: Option<&'a Answer>,
}

/// Everybody's answer to each slot of a release that takes place, by time; whoever has said nothing too.
#[must_use]
pub fn standings<'a>(programme: &'a Programme, answers: &'a Answers) -> Vec<SlotStanding<'a>> {
    let mut all = Vec::new();
    for session in programme.sessions.iter().filter(|session| session.state != SessionState::Cancelled) {
        let mut seen = HashSet::new();
        for part in session.people.iter().filter(|part| seen.insert(part.speaker)) {
            let Some(speaker) = programme.speakers.iter().find(|speaker| speaker.id == part.speaker) else { continue };
            all.extend(session.slots.iter().map(|slot| {
                let answer = answers.get(&(speaker.id, slot.guid.clone()));
                SlotStanding { speaker, session, slot, standing: Standing::of(answer, slot.sequence), answer }
            }));
        }
    }
    all.sort_by_key(|one| one.slot.start);
    all
}

/// An answer as team pages show it.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerLine {
    speaker: String,
    speaker_url: String,
    session: Text,
    session_url: String,
    when: String,
    /// `open`, `earlier`, `accepted`, `asked` or `declined`.
    standing: &'static str,
    label: String,
    reason: String,
    /// Who gave it and when; empty while there is none.
    said: String,
    guid: String,
    sequence: i32,
}

/// What it takes to put answers into words.
#[derive(Clone, Copy)]
pub struct Wording<'a> {
    /// The texts.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// The event.
    pub event: &'a Event,
}

impl Wording<'_> {
    /// One answer in words.
    #[must_use]
    pub fn line(&self, one: &SlotStanding<'_>) -> AnswerLine {
        let (format, zone) = (Formatter::of(self.lang), self.event.zone());
        let text = |key: &str| self.texts.text(self.lang, key, &[]);
        let base = format!("/organizer/{}", self.event.slug);
        AnswerLine {
            speaker: one.speaker.name.clone(),
            speaker_url: format!("{base}/speakers/{}#own", one.speaker.id),
            session: Text::pick(&one.session.title, self.lang, &self.event.languages),
            session_url: format!("{base}/sessions/{}#placing", one.session.id),
            when: when(format, zone, one.slot),
            standing: one.standing.as_str(),
            label: text(&format!("speaker-page-answer-{}", one.standing.as_str())),
            reason: one.answer.map(|answer| answer.reason.clone()).unwrap_or_default(),
            said: one.answer.map(|answer| self.said(answer)).unwrap_or_default(),
            guid: one.slot.guid.clone(),
            sequence: one.slot.sequence,
        }
    }

    /// "By the assistant, 3 March 2027 10:15".
    fn said(&self, answer: &Answer) -> String {
        let at = answer.answered_at.in_zone(self.event.zone()).naive_local();
        let args = [("time", Formatter::of(self.lang).date_time(at).into())];
        self.texts.text(self.lang, &format!("speaker-page-said-{}", answer.answered_by), &args)
    }

    /// The answers to one session's slots.
    #[must_use]
    pub fn of_session(&self, programme: &Programme, answers: &Answers, session: SessionId) -> Vec<AnswerLine> {
        standings(programme, answers).iter().filter(|one| one.session.id == session).map(|one| self.line(one)).collect()
    }

    /// One speaker's answers.
    #[must_use]
    pub fn of_speaker(&self, programme: &Programme, answers: &Answers, speaker: SpeakerId) -> Vec<AnswerLine> {
        standings(programme, answers).iter().filter(|one| one.speaker.id == speaker).map(|one| self.line(one)).collect()
    }
}
