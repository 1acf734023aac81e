//! iCalendar by RFC 5545: the whole event, one session, one speaker or one room.

use super::days::{Book, Entry, entries_of};
use super::{GENERATOR, Site};
use crate::calendar::{Lines, moment, parameter, utc, zone_rules};
use crate::db::{RoomId, SessionId, SpeakerId};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{LinkKind, SessionState};
use crate::schedule::model::{Programme, ProgrammeSession};
use chrono_tz::Tz;
use std::collections::HashSet;

/// Which part of a programme a calendar shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Event,
    /// One session.
    Session(SessionId),
    /// One speaker's sessions.
    Speaker(SpeakerId),
    /// What takes place in one room.
    Room(RoomId),
}

/// Writes a calendar. Each entry's `UID` is its slot's guid, the same in every release.
#[must_use]
pub fn calendar(programme: &Programme, site: &Site, scope: Scope) -> String {
    let book = Book::new(programme, site);
    let mut taken = HashSet::new();
    let shown = programme.sessions.iter().filter(|session| is_shown(session, scope));
    let mut entries: Vec<Entry<'_>> = shown.flat_map(|session| entries_of(session, &mut taken)).collect();
    if let Scope::Room(room) = scope {
        entries.retain(|entry| entry.slot.room == Some(room));
    }
    let mut lines = Lines::default();
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.raw(&format!("PRODID:-//{GENERATOR}//{GENERATOR} {}//EN", env!("CARGO_PKG_VERSION")));
    lines.raw("CALSCALE:GREGORIAN");
    lines.raw("METHOD:PUBLISH");
    for name in ["NAME", "X-WR-CALNAME"] {
        lines.text(name, &name_of(&book, scope));
    }
    lines.raw(&format!("X-WR-TIMEZONE:{}", book.zone().name()));
    let tags: Vec<&str> = programme.event.languages.iter().map(Lang::as_str).collect();
    lines.raw(&format!("X-PLENARY-LANGUAGES:{}", tags.join(",")));
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    lines.raw("X-PUBLISHED-TTL:PT1H");
    let first = entries.iter().map(|entry| entry.slot.start).min();
    let last = entries.iter().map(|entry| entry.slot.end).max();
    if let (Some(first), Some(last)) = (first, last)
        && book.zone() != Tz::UTC
    {
        zone_rules::lines(book.zone(), first.to_chrono(), last.to_chrono()).iter().for_each(|line| lines.raw(line));
    }
    for entry in &entries {
        write_entry(&mut lines, &book, entry);
    }
    lines.raw("END:VCALENDAR");
    lines.finish()
}

fn is_shown(session: &ProgrammeSession, scope: Scope) -> bool {
    match scope {
        Scope::Event | Scope::Room(_) => true,
        Scope::Session(id) => session.id == id,
        Scope::Speaker(id) => session.people.iter().any(|part| part.speaker == id),
    }
}

fn name_of(book: &Book<'_>, scope: Scope) -> String {
    let event = book.text(&book.programme.event.name);
    let part = match scope {
        Scope::Event => None,
        Scope::Session(id) => book
            .programme
            .sessions
            .iter()
            .find(|session| session.id == id)
            .map(|session| book.text(&session.title).to_owned()),
        Scope::Speaker(id) => book.speaker(id).map(|(speaker, _)| speaker.name.clone()),
        Scope::Room(id) => Some(book.room(Some(id)).to_owned()),
    };
    part.map_or_else(|| event.to_owned(), |part| format!("{event}: {part}"))
}

fn write_entry(lines: &mut Lines, book: &Book<'_>, entry: &Entry<'_>) {
    let session = entry.session;
    lines.raw("BEGIN:VEVENT");
    lines.raw(&format!("UID:{}", entry.slot.guid));
    // DTSTAMP says when this version of the entry was made; a file made twice must be the same file.
    lines.raw(&format!("DTSTAMP:{}", utc(entry.slot.changed_at)));
    lines.raw(&format!("LAST-MODIFIED:{}", utc(entry.slot.changed_at)));
    lines.raw(&format!("SEQUENCE:{}", entry.slot.sequence));
    lines.raw(&format!("STATUS:{}", if session.state == SessionState::Cancelled { "CANCELLED" } else { "CONFIRMED" }));
    lines.raw(&moment("DTSTART", entry.slot.start, book.zone()));
    lines.raw(&moment("DTEND", entry.slot.end, book.zone()));
    localized(lines, "SUMMARY", book, &session.title);
    let place = location(lines, book, entry);
    lines.text("LOCATION", &place);
    if entry.slot.guid != session.guid {
        lines.raw(&format!("X-PLENARY-SLOT-OF:{}", session.guid));
    }
    if let Some(language) = session.language {
        lines.raw(&format!("X-PLENARY-LANGUAGE:{language}"));
    }
    lines.text("CATEGORIES", book.forum(session.forum));
    lines.raw(&format!("URL:{}", book.site.session(&session.code)));
    let (text, field) = match session.abstract_text.is_empty() {
        true => (&session.description, ";X-PLENARY-FIELD=description"),
        false => (&session.abstract_text, ""),
    };
    let mut names = Vec::new();
    for part in &session.people {
        if let Some((speaker, _)) = book.speaker(part.speaker) {
            names.push(speaker.name.as_str());
            let parameters = format!("X-PLENARY-SPEAKER;X-GUID={};X-ROLE={}", speaker.guid, part.role);
            lines.text(&parameters, &speaker.name);
        }
    }
    let parts: Vec<String> =
        [names.join(", "), book.text(text).to_owned()].into_iter().filter(|part| !part.is_empty()).collect();
    lines.text(&format!("DESCRIPTION{field}"), &parts.join("\n\n"));
    for link in &session.links {
        let kind = if link.kind == LinkKind::Link { ";X-PLENARY-KIND=link" } else { "" };
        lines.raw(&format!("ATTACH{kind}{}:{}", parameter("X-PLENARY-TITLE", &link.title), link.url));
    }
    lines.raw("END:VEVENT");
}

/// All rooms for people; for our own reader one by one where that differs from the room's name.
fn location(lines: &mut Lines, book: &Book<'_>, entry: &Entry<'_>) -> String {
    let slots = || std::iter::once(entry.slot).chain(entry.also.iter().copied());
    let names: Vec<&str> = slots().map(|slot| book.room(slot.room)).filter(|name| !name.is_empty()).collect();
    let room = entry.slot.room.and_then(|id| book.programme.rooms.iter().find(|room| room.id == id));
    let building = room.map_or("", |room| book.text(&room.building));
    if names.len() > 1 || !building.is_empty() {
        for slot in slots() {
            lines.text(&format!("X-PLENARY-ROOM;X-GUID={}", slot.guid), book.room(slot.room));
        }
    }
    let mut location = names.join(", ");
    if !building.is_empty() && !location.contains(building) {
        location = format!("{location}, {building}");
    }
    location
}

/// A text property with the language that its text is really in.
fn localized(lines: &mut Lines, name: &str, book: &Book<'_>, text: &Localized) {
    if let Some(picked) = text.pick(book.site.lang, &book.programme.event.languages) {
        lines.text(&format!("{name};LANGUAGE={}", picked.lang), picked.text);
    }
}
