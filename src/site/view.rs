//! What several public pages show in the same way: cards of sessions and people, words for times.

use super::model::{PublicEvent, Released, programme_day};
use crate::app::App;
use crate::db::UtcTime;
use crate::i18n::{Formatter, Lang};
use crate::live::model::{Occasion, Shown, shown};
use crate::live::wording;
use crate::programme::model::SessionState;
use crate::schedule::model::{ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker};
use crate::web::page::{Text, initials};
use chrono_tz::Tz;
use serde::Serialize;

/// Everything that wording a page needs.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) app: &'a App,
    pub(super) event: &'a PublicEvent,
    pub(super) lang: Lang,
    pub(super) zone: Tz,
    pub(super) now: UtcTime,
}

/// A session as lists show it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct SessionCard {
    pub(super) url: String,
    pub(super) code: String,
    pub(super) title: Text,
    pub(super) day: String,
    pub(super) time: String,
    /// What was planned, where it is late; else empty.
    pub(super) planned: String,
    /// "20 minutes late", and why.
    pub(super) late: String,
    pub(super) reason: Text,
    pub(super) is_full: bool,
    /// "Moved from 09:00–09:45, Hall A", for some time after it moved; else empty.
    pub(super) moved_from: String,
    /// For `<time datetime>`.
    pub(super) start: String,
    /// For the script that marks what is on now.
    pub(super) end: String,
    pub(super) room: Text,
    pub(super) people: String,
    pub(super) forum: Option<ForumTag>,
    pub(super) format: Text,
    pub(super) languages: String,
    pub(super) access: &'static str,
    pub(super) access_label: String,
    pub(super) is_cancelled: bool,
}

/// When a slot is, in words.
#[derive(Clone, Debug, Default, Serialize)]
pub(super) struct Timing {
    pub(super) time: String,
    /// What was planned, where it is late; else empty.
    pub(super) planned: String,
    /// "20 minutes late", and why.
    pub(super) late: String,
    pub(super) reason: Text,
    pub(super) is_full: bool,
    /// For `<time datetime>`.
    pub(super) start: String,
    pub(super) end: String,
}

/// A forum as a dot with a name.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ForumTag {
    pub(super) code: String,
    pub(super) name: Text,
    pub(super) url: String,
}

/// A person as lists show them.
#[derive(Clone, Debug, Serialize)]
pub(super) struct PersonCard {
    pub(super) url: String,
    /// The name in the script of the page's language where there is one, else in Latin letters.
    pub(super) name: String,
    /// The other of the two; often empty.
    pub(super) native_name: String,
    pub(super) position: Text,
    pub(super) organisation: Text,
    pub(super) country: String,
    pub(super) photo: Option<String>,
    pub(super) initials: String,
    /// What the person does in a session, where the list is of one.
    pub(super) role: String,
}

impl Reader<'_> {
    pub(super) fn text(&self, key: &str) -> String {
        self.app.texts.text(self.lang, key, &[])
    }

    pub(super) fn pick(&self, content: &crate::i18n::Localized) -> Text {
        Text::pick(content, self.lang, self.event.languages())
    }

    pub(super) fn format(&self) -> &'static Formatter {
        Formatter::of(self.lang)
    }

    pub(super) fn base(&self) -> String {
        format!("/{}", self.event.event.slug)
    }

    /// The address of a page of this event, as of the old release where one is looked at.
    pub(super) fn link(&self, path: &str) -> String {
        let base = self.base();
        let Some(old) = &self.event.old else { return format!("{base}{path}") };
        let mark = if path.contains('?') { '&' } else { '?' };
        format!("{base}{path}{mark}{}={}", super::old::PARAMETER, old.info.number)
    }

    /// "Moved from Tue, 13 Apr, 09:00–09:45, Hall A", as long as the event's rules want it said.
    pub(super) fn moved_from(&self, released: &Released, slot: &ProgrammeSlot) -> String {
        let hours = chrono::TimeDelta::hours(self.event.moved_hours.into());
        let Some(from) = slot.moved_from.as_ref().filter(|from| self.now < from.at + hours) else {
            return String::new();
        };
        let day = |at: UtcTime| programme_day(at, self.zone);
        let time = match (from.start, from.end) == (slot.start, slot.end) {
            true => None,
            false if day(from.start) == day(slot.start) => Some(self.hours(from.start, from.end)),
            false => {
                let args = [
                    ("day", self.format().day(day(from.start)).into()),
                    ("start", self.clock(from.start).into()),
                    ("end", self.clock(from.end).into()),
                ];
                Some(self.app.texts.text(self.lang, "releases-time", &args))
            }
        };
        let old_room = from.room.filter(|_| from.room != slot.room).and_then(|room| released.room(room));
        let room = old_room.map(|(_, room)| self.pick(&room.name).text);
        let text = |key: &str, args: &[(&str, crate::i18n::TextArg<'_>)]| self.app.texts.text(self.lang, key, args);
        match (time, room) {
            (Some(time), None) => text("changes-moved-time", &[("time", time.into())]),
            (None, Some(room)) => text("changes-moved-room", &[("room", room.into())]),
            (Some(time), Some(room)) => text("changes-moved-both", &[("time", time.into()), ("room", room.into())]),
            (None, None) => self.text("changes-moved"),
        }
    }

    /// "09:00" on the clocks shown.
    pub(super) fn clock(&self, at: UtcTime) -> String {
        self.format().time(at.in_zone(self.zone).time())
    }

    /// "09:00–09:45" on the clocks shown.
    pub(super) fn hours(&self, start: UtcTime, end: UtcTime) -> String {
        let args = [("start", self.clock(start).into()), ("end", self.clock(end).into())];
        self.app.texts.text(self.lang, "public-hours", &args)
    }

    /// A slot as it is now, with what was announced.
    pub(super) fn shown(&self, session: &ProgrammeSession, slot: &ProgrammeSlot) -> Shown<'_> {
        let occasion = Occasion { session: session.id, room: slot.room, start: slot.start, end: slot.end };
        shown(&occasion, &self.event.announcements, self.now)
    }

    /// Time, lateness and the like of a slot in words.
    pub(super) fn timing(&self, session: &ProgrammeSession, slot: &ProgrammeSlot) -> Timing {
        let Shown { start, end, late, full } = self.shown(session, slot);
        Timing {
            time: self.hours(start, end),
            planned: late.map(|_| self.hours(slot.start, slot.end)).unwrap_or_default(),
            late: late.map(|late| wording::lateness(&self.app.texts, self.lang, late)).unwrap_or_default(),
            reason: late.map(|late| self.pick(&late.body)).unwrap_or_default(),
            is_full: full.is_some(),
            start: start.in_zone(self.zone).to_rfc3339(),
            end: end.in_zone(self.zone).to_rfc3339(),
        }
    }

    /// "Tue, 13 Apr" of the programme's day.
    pub(super) fn day(&self, slot: &ProgrammeSlot) -> String {
        self.format().day(programme_day(slot.start, self.zone))
    }

    pub(super) fn language_name(&self, lang: Lang) -> String {
        self.text(&format!("language-{}", lang.primary()))
    }

    /// "English, interpreted into Chinese, French"; empty where nothing is known.
    pub(super) fn languages(&self, session: &ProgrammeSession) -> String {
        let spoken = session.language.map(|lang| self.language_name(lang)).unwrap_or_default();
        let others: Vec<String> = session
            .interpreted
            .iter()
            .filter(|lang| Some(**lang) != session.language)
            .map(|lang| self.language_name(*lang))
            .collect();
        if others.is_empty() {
            return spoken;
        }
        let list = others.join(&self.text("common-list-separator"));
        self.app.texts.text(self.lang, "public-interpreted", &[("spoken", spoken.into()), ("others", list.into())])
    }

    pub(super) fn forum_tag(&self, released: &Released, session: &ProgrammeSession) -> Option<ForumTag> {
        let forum = released.forum(session.forum?)?;
        Some(ForumTag {
            url: self.link(&format!("/schedule?forum={}", forum.code)),
            code: forum.code.clone(),
            name: self.pick(&forum.name),
        })
    }

    /// A session with one of its slots, or without any while it has none.
    pub(super) fn card(
        &self,
        released: &Released,
        session: &ProgrammeSession,
        slot: Option<&ProgrammeSlot>,
    ) -> SessionCard {
        let people: Vec<&str> = session
            .people
            .iter()
            .filter_map(|part| released.speaker(part.speaker))
            .map(|speaker| names(speaker, self.lang).0)
            .collect();
        let room = slot.and_then(|slot| slot.room).and_then(|room| released.room(room));
        let timing = slot.map(|slot| self.timing(session, slot)).unwrap_or_default();
        SessionCard {
            url: self.link(&format!("/sessions/{}", session.code)),
            code: session.code.clone(),
            title: self.pick(&session.title),
            day: slot.map(|slot| self.day(slot)).unwrap_or_default(),
            time: timing.time,
            planned: timing.planned,
            late: timing.late,
            reason: timing.reason,
            is_full: timing.is_full,
            moved_from: slot
                .filter(|_| session.state != SessionState::Cancelled)
                .map(|slot| self.moved_from(released, slot))
                .unwrap_or_default(),
            start: timing.start,
            end: timing.end,
            room: room.map(|(_, room)| self.pick(&room.name)).unwrap_or_default(),
            people: people.join(&self.text("common-list-separator")),
            forum: self.forum_tag(released, session),
            format: session
                .format
                .and_then(|format| released.format(format))
                .map(|format| self.pick(&format.name))
                .unwrap_or_default(),
            languages: self.languages(session),
            access: session.access.as_str(),
            access_label: self.text(&format!("public-access-{}", session.access)),
            is_cancelled: session.state == SessionState::Cancelled,
        }
    }

    pub(super) fn person(&self, speaker: &ProgrammeSpeaker, role: String) -> PersonCard {
        let country = speaker.country.as_deref().and_then(|code| code.parse().ok());
        let (name, other_name) = names(speaker, self.lang);
        PersonCard {
            url: self.link(&format!("/speakers/{}", speaker.code)),
            name: name.to_owned(),
            native_name: other_name.to_owned(),
            position: self.pick(&speaker.position),
            organisation: self.pick(&speaker.organisation),
            country: country
                .map(|country| crate::i18n::country_name(&self.app.texts, self.lang, country))
                .unwrap_or_default(),
            photo: speaker.photo.map(|photo| format!("/media/{photo}/160.jpg")),
            initials: initials(name),
            role,
        }
    }
}

/// A person's two names, first the one that readers of `lang` read with ease.
fn names(speaker: &ProgrammeSpeaker, lang: Lang) -> (&str, &str) {
    let native = speaker.native_name.as_deref().unwrap_or_default();
    if lang.has_script_of(native) { (native, &speaker.name) } else { (&speaker.name, native) }
}

/// HTML that is already safe, for templates.
pub(super) fn safe(html: String) -> minijinja::Value {
    minijinja::Value::from_safe_string(html)
}
