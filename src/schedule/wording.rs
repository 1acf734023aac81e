//! Slots and what speaks against them, in words for team pages.

use super::concerns::operations::Muter;
use super::concerns::{Concern, Demand, Found, MutedConcerns, Rival, Severity};
use super::draft::{Block, Draft};
use super::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::accounts::access::Allowed;
use crate::db::{BlockId, ForumId, RoomId, SessionId, SpeakerId};
use crate::i18n::{Formatter, Lang, Localized, TextArg, Texts};
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::HashMap;

/// What speaks against a slot, in words.
#[derive(Clone, Debug, Serialize)]
pub struct ConcernLine {
    /// The text that it is known and muted by.
    pub key: String,
    /// Its weight.
    pub severity: &'static str,
    /// Whether it blocks a release: by its weight, and because it is not muted.
    pub serious: bool,
    /// The words.
    pub text: String,
    /// Where it leads: what is in the way, or else the session itself.
    pub url: String,
    /// The reason for which it is muted; none while it is not.
    pub muted: Option<String>,
    /// Whether who reads this may mute it.
    pub may_mute: bool,
}

/// "Tue, 13 Apr, 09:00–09:45" in the event's zone.
pub fn when(format: &Formatter, zone: Tz, slot: &ProgrammeSlot) -> String {
    let (start, end) = (slot.start.in_zone(zone), slot.end.in_zone(zone));
    format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
}

/// Puts the concerns of one draft into words of one language.
pub struct ConcernWords<'a> {
    texts: &'a Texts,
    lang: Lang,
    draft: &'a Draft,
    muter: Option<Muter>,
    sessions: HashMap<SessionId, &'a ProgrammeSession>,
    speakers: HashMap<SpeakerId, &'a str>,
    blocks: HashMap<BlockId, &'a Block>,
}

impl<'a> ConcernWords<'a> {
    /// Words in `lang` for the concerns of `draft`.
    #[must_use]
    pub fn new(texts: &'a Texts, lang: Lang, draft: &'a Draft) -> Self {
        let Programme { sessions, speakers, .. } = &draft.programme;
        Self {
            texts,
            lang,
            draft,
            muter: None,
            sessions: sessions.iter().map(|session| (session.id, session)).collect(),
            speakers: speakers.iter().map(|speaker| (speaker.id, speaker.name.as_str())).collect(),
            blocks: draft.blocks.iter().map(|block| (block.id, block)).collect(),
        }
    }

    /// The same for the pages of an account, which may mute some of them.
    #[must_use]
    pub fn for_team<P>(self, team: &Allowed<P>) -> Self {
        Self { muter: Some(Muter::of(team)), ..self }
    }

    /// The session of a concern.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&'a ProgrammeSession> {
        self.sessions.get(&id).copied()
    }

    /// A concern with its words and where it leads.
    #[must_use]
    pub fn line(&self, found: &Found, muted: &MutedConcerns) -> ConcernLine {
        let key = found.key();
        let muted = muted.get(&key).map(|muted| muted.reason.clone());
        let target = found.concern.other().map_or(found.session, |(_, session)| session);
        ConcernLine {
            severity: found.severity.as_str(),
            serious: found.severity == Severity::Blocks && muted.is_none(),
            text: self.text(&found.concern),
            url: format!("/organizer/{}/sessions/{target}#placing", self.draft.programme.event.slug),
            may_mute: self.muter.as_ref().is_some_and(|muter| {
                let forum = |session| self.session(session).and_then(|session| session.forum);
                let sessions = [Some(found.session), found.concern.other().map(|(_, session)| session)];
                sessions.into_iter().flatten().any(|session| muter.may_mute(found.severity, forum(session)))
            }),
            muted,
            key,
        }
    }

    /// What speaks against a slot, in words.
    #[must_use]
    pub fn text(&self, concern: &Concern) -> String {
        let session = concern.other().map(|(_, session)| self.title(session)).unwrap_or_default();
        let speaker = concern.speaker().map(|speaker| self.name(speaker)).unwrap_or_default();
        let text = |key: &str, args: &[(&str, TextArg<'_>)]| self.texts.text(self.lang, key, args);
        match concern {
            Concern::RoomTaken(Rival::Block(block)) => {
                text("concern-room-taken-by-block", &[("block", self.block(*block).into())])
            }
            Concern::BufferBroken(Rival::Block(block), minutes) => {
                let args = [("block", self.block(*block).into()), ("minutes", (*minutes).into())];
                text("concern-buffer-broken-by-block", &args)
            }
            Concern::BufferBroken(_, minutes) | Concern::TooFar(.., minutes) => {
                let args = [("session", session.into()), ("speaker", speaker.into()), ("minutes", (*minutes).into())];
                text(&format!("concern-{}", concern.kind()), &args)
            }
            Concern::ForumOverlaps(forum, ..) => {
                text("concern-forum-overlaps", &[("forum", self.forum(*forum).into()), ("session", session.into())])
            }
            Concern::RoomClosed(room) => text("concern-room-closed", &[("room", self.room(*room).into())]),
            Concern::RoomTooSmall { room, demand, wanted, there } => {
                let key = match demand {
                    Demand::Capacity => "concern-room-too-small-capacity",
                    Demand::Booked => "concern-room-too-small-booked",
                    Demand::Expected => "concern-room-too-small-expected",
                    Demand::Stars => "concern-room-too-small-stars",
                };
                let numbers = [("wanted", (*wanted).into()), ("there", (*there).into())];
                text(key, &[("room", self.room(*room).into()), numbers[0].clone(), numbers[1].clone()])
            }
            Concern::ChannelMissing(room, languages) => {
                let args = [("room", self.room(*room).into()), ("languages", self.languages(languages).into())];
                text("concern-channel-missing", &args)
            }
            Concern::BoothMissing { room, wanted, there } => {
                let numbers = [("wanted", (*wanted).into()), ("there", (*there).into())];
                text(
                    "concern-booth-missing",
                    &[("room", self.room(*room).into()), numbers[0].clone(), numbers[1].clone()],
                )
            }
            Concern::LanguagesMissing(languages) => {
                text("concern-languages-missing", &[("languages", self.languages(languages).into())])
            }
            Concern::SharedAudience(.., people) => {
                text("concern-shared-audience", &[("session", session.into()), ("people", (*people).into())])
            }
            Concern::LengthDiffers(usual, actual) => {
                text("concern-length-differs", &[("usual", (*usual).into()), ("actual", (*actual).into())])
            }
            Concern::RoomTaken(_)
            | Concern::SpeakerBusy(..)
            | Concern::SpeakerAway(_)
            | Concern::Declined(_)
            | Concern::AskedForAnother(_)
            | Concern::OutsideEvent
            | Concern::Unconfirmed
            | Concern::NoRoom => {
                let args = [("session", session.into()), ("speaker", speaker.into())];
                text(&format!("concern-{}", concern.kind()), &args)
            }
        }
    }

    fn pick(&self, text: &'a Localized) -> &'a str {
        text.text(self.lang, &self.draft.programme.event.languages)
    }

    fn title(&self, id: SessionId) -> &'a str {
        self.session(id).map(|session| self.pick(&session.title)).unwrap_or_default()
    }

    fn name(&self, id: SpeakerId) -> &'a str {
        self.speakers.get(&id).copied().unwrap_or_default()
    }

    fn room(&self, id: RoomId) -> &'a str {
        let room = self.draft.programme.rooms.iter().find(|room| room.id == id);
        room.map(|room| self.pick(&room.name)).unwrap_or_default()
    }

    fn forum(&self, id: ForumId) -> &'a str {
        let forum = self.draft.programme.forums.iter().find(|forum| forum.id == id);
        forum.map(|forum| self.pick(&forum.name)).unwrap_or_default()
    }

    fn block(&self, id: BlockId) -> String {
        let Some(block) = self.blocks.get(&id) else { return String::new() };
        match self.pick(&block.title) {
            "" => self.texts.text(self.lang, &format!("concern-block-{}", block.kind), &[]),
            title => title.to_owned(),
        }
    }

    fn languages(&self, languages: &[Lang]) -> String {
        let name = |lang: &Lang| {
            let key = format!("language-{}", lang.primary());
            if self.texts.has(self.lang, &key) { self.texts.text(self.lang, &key, &[]) } else { lang.to_string() }
        };
        let names: Vec<String> = languages.iter().map(name).collect();
        names.join(&self.texts.text(self.lang, "common-list-separator", &[]))
    }
}
