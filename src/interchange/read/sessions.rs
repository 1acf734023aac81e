//! Entries become sessions: repeats become further slots, colliding ids stay apart, times become instants.

use super::languages::{self, BLOCK, LINE};
use super::limits::Limits;
use super::people::People;
use super::raw::{RawEnd, RawSession, RawSlot};
use super::text;
use super::times::{self, Resolution};
use crate::db::UtcTime;
use crate::i18n::Lang;
use crate::interchange::model::{ImportedPart, ImportedSession, ImportedSlot};
use crate::interchange::notes::{Notes, Problem};
use crate::programme::model::{Link, LinkKind};
use chrono_tz::Tz;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Longest address that is kept.
const MAX_ADDRESS: usize = 2_000;

/// What all sessions of a file share.
pub(super) struct Context<'a> {
    pub(super) zone: Tz,
    pub(super) main_language: Lang,
    pub(super) people: &'a People,
    pub(super) limits: &'a Limits,
    /// Made guids begin with the event, so that two events never share one.
    pub(super) event_name: &'a str,
}

impl Context<'_> {
    /// A guid that the same key of the same event always gets.
    pub(super) fn guid(&self, kind: &str, key: &str) -> Uuid {
        let name = format!("plenary:{}/{kind}/{key}", self.event_name);
        Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes())
    }
}

/// The instants of a slot, where both ends can be read.
pub(super) fn span(slot: &RawSlot, zone: Tz) -> Option<(UtcTime, UtcTime)> {
    let (start, end) = (slot.start?, slot.end?);
    let start = times::resolve(start, zone).0;
    let end = match end {
        RawEnd::At(end) => times::resolve(end, zone).0,
        RawEnd::After(duration) => start + duration,
    };
    Some((start.into(), end.into()))
}

/// Turns all entries into sessions.
pub(super) fn build(entries: &[RawSession], context: &Context<'_>, notes: &mut Notes) -> Vec<ImportedSession> {
    let mut builder = Builder {
        context,
        notes,
        sessions: Vec::new(),
        known: HashMap::new(),
        slot_ids: HashSet::new(),
        titles: HashMap::new(),
    };
    for entry in entries {
        builder.add(entry);
    }
    builder.sessions
}

struct Builder<'a, 'n> {
    context: &'a Context<'a>,
    notes: &'n mut Notes,
    sessions: Vec<ImportedSession>,
    /// Sessions by identity; several where an id is shared by different ones.
    known: HashMap<String, Vec<usize>>,
    slot_ids: HashSet<(usize, String)>,
    titles: HashMap<String, usize>,
}

impl Builder<'_, '_> {
    fn add(&mut self, entry: &RawSession) {
        let (own_identity, own_guid) = self.identify(entry);
        // Our own files say which session an entry is one more slot of.
        let parent = entry.slot_of.as_ref().and_then(|guid| Uuid::try_parse(guid).ok());
        let identity = parent.map_or(own_identity, |parent| parent.to_string());
        let (guid, slot_guid) = if parent.is_some() { (parent, own_guid) } else { (own_guid, None) };
        let session = self.convert(entry, &identity);
        let namesakes = self.known.get(&identity).cloned().unwrap_or_default();
        let same = namesakes
            .iter()
            .copied()
            .find(|place| self.sessions.get(*place).is_some_and(|known| is_same(known, &session)));
        if let Some(place) = same {
            let repeated = !entry.slots.iter().any(|slot| self.knows_slot(place, slot));
            let problem = if repeated { Problem::RepeatedSession } else { Problem::RepeatedSlot };
            // A session with several slots is listed once a slot by some programs; that is no mistake.
            if parent.is_none() && !entry.slots.iter().all(|slot| slot.id.is_some()) {
                self.notes.warn(
                    &entry.place,
                    problem,
                    entry.id.as_deref().or(entry.guid.as_deref()).unwrap_or(&identity),
                );
            }
            self.add_slots(place, entry, slot_guid);
            return;
        }
        let mut session = session;
        if namesakes.is_empty() {
            session.guid = guid.unwrap_or_else(|| self.context.guid("session", &session.key)).to_string();
        } else {
            self.notes.warn(&entry.place, Problem::SharedSessionId, &identity);
            session.key = format!("{identity}#{}", namesakes.len() + 1);
            session.guid = self.context.guid("session", &session.key).to_string();
        }
        self.known.entry(identity).or_default().push(self.sessions.len());
        self.sessions.push(session);
        self.add_slots(self.sessions.len() - 1, entry, slot_guid);
    }

    /// What the session is known by, and its guid where the file gives a true one.
    fn identify(&mut self, entry: &RawSession) -> (String, Option<Uuid>) {
        if let Some(text) = &entry.guid {
            // Calendars write "uuid@host".
            let uuid = Uuid::try_parse(text.split('@').next().unwrap_or(text)).ok().filter(|uuid| !uuid.is_nil());
            match uuid {
                Some(uuid) => return (uuid.to_string(), Some(uuid)),
                None if text.contains('@') || entry.id.is_none() || entry.id == entry.guid => {
                    return (format!("uid:{text}"), None);
                }
                None => self.notes.tally(&entry.place, Problem::BadGuid, text),
            }
        }
        if let Some(id) = &entry.id {
            if entry.guid.is_none() {
                self.notes.tally(&entry.place, Problem::NoGuid, "");
            }
            return (format!("id:{id}"), None);
        }
        self.notes.tally(&entry.place, Problem::NoId, "");
        let title = text::collapse(entry.title.first().unwrap_or_default()).to_lowercase();
        let number = self.titles.entry(title.clone()).or_default();
        *number += 1;
        (format!("title:{title}#{number}"), None)
    }

    fn convert(&mut self, entry: &RawSession, identity: &str) -> ImportedSession {
        let Context { main_language, limits, .. } = *self.context;
        let place = entry.place.as_str();
        let spoken = entry.language.as_deref().and_then(|code| languages::of_code(code, place, self.notes));
        let written = spoken.unwrap_or(main_language);
        let mut take = |texts, clean| languages::localized(texts, written, clean, place, limits, self.notes);
        let mut session = ImportedSession {
            key: identity.to_owned(),
            guid: String::new(),
            code: entry.code.as_deref().map(text::collapse).filter(|code| !code.is_empty()),
            place: entry.place.clone(),
            title: take(&entry.title, LINE),
            subtitle: take(&entry.subtitle, LINE),
            abstract_text: take(&entry.abstract_text, BLOCK),
            description: take(&entry.description, BLOCK),
            format: entry.format.clone(),
            forum: entry.forum.clone(),
            language: spoken,
            interpreted: Vec::new(),
            state: entry.state,
            may_record: entry.may_record,
            links: Vec::new(),
            people: Vec::new(),
            slots: Vec::new(),
        };
        if session.title.is_empty() {
            let stand_in = entry.id.clone().or_else(|| entry.code.clone()).unwrap_or_else(|| "?".to_owned());
            self.notes.warn(place, Problem::NoTitle, &stand_in);
            session.title = session.title.with(written, stand_in);
        }
        session.interpreted =
            entry.interpreted.iter().filter_map(|code| languages::of_code(code, place, self.notes)).collect();
        session.links = self.links(entry);
        session.people = self.parts(entry);
        session
    }

    fn links(&mut self, entry: &RawSession) -> Vec<Link> {
        let mut links: Vec<Link> = Vec::new();
        for raw in &entry.links {
            let address = raw.url.trim();
            let valid =
                url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if valid.is_none() || address.len() > MAX_ADDRESS || address.contains(char::is_whitespace) {
                self.notes.tally(&entry.place, Problem::LinkDropped, address);
                continue;
            }
            let title = text::line(&raw.title, &entry.place, self.context.limits, self.notes);
            let link = Link { title, url: address.to_owned(), kind: raw.kind };
            if !links.contains(&link) {
                links.push(link);
            }
        }
        // Schedule files keep the two kinds in separate lists; one order everywhere makes them comparable.
        links.sort_by_key(|link| link.kind == LinkKind::Attachment);
        links
    }

    fn parts(&mut self, entry: &RawSession) -> Vec<ImportedPart> {
        let mut parts: Vec<ImportedPart> = Vec::new();
        for raw in &entry.people {
            let Some(person) = self.context.people.meant_by(raw) else {
                self.notes.tally(&raw.place, Problem::NamelessPerson, "");
                continue;
            };
            let part = ImportedPart { speaker: person.key.clone(), role: raw.role };
            if parts.contains(&part) {
                self.notes.warn(&raw.place, Problem::PersonTwice, &person.details.name);
            } else {
                parts.push(part);
            }
        }
        parts
    }

    /// Whether the session already has this slot: by id, else by room and time.
    fn knows_slot(&self, place: usize, slot: &RawSlot) -> bool {
        if let Some(id) = &slot.id {
            return self.slot_ids.contains(&(place, id.clone()));
        }
        let Some((start, end)) = span(slot, self.context.zone) else { return false };
        self.sessions.get(place).is_some_and(|session| {
            session.slots.iter().any(|known| known.room == slot.room && known.start == start && known.end == end)
        })
    }

    fn add_slots(&mut self, place: usize, entry: &RawSession, mut guid: Option<Uuid>) {
        if entry.slots.is_empty() {
            self.notes.tally(&entry.place, Problem::Unplaced, "");
        }
        for raw in &entry.slots {
            if self.knows_slot(place, raw) {
                continue;
            }
            let Some((start, end)) = self.checked_span(raw, &entry.place) else { continue };
            let Some(session) = self.sessions.get_mut(place) else { continue };
            let number = session.slots.len() + 1;
            let key = match &raw.id {
                Some(id) => format!("{}/{id}", session.key),
                None => format!("{}#{number}", session.key),
            };
            let own = raw.guid.as_deref().and_then(|guid| Uuid::try_parse(guid).ok()).or(guid.take());
            let made =
                || Uuid::new_v5(&Uuid::try_parse(&session.guid).unwrap_or_default(), format!("slot/{key}").as_bytes());
            let slot_guid = match own {
                Some(own) => own.to_string(),
                None if number == 1 => session.guid.clone(),
                None => made().to_string(),
            };
            session.slots.push(ImportedSlot { key, guid: slot_guid, room: raw.room.clone(), start, end });
            if let Some(id) = &raw.id {
                self.slot_ids.insert((place, id.clone()));
            }
        }
    }

    fn checked_span(&mut self, slot: &RawSlot, place: &str) -> Option<(UtcTime, UtcTime)> {
        let Some((start, end)) = span(slot, self.context.zone) else {
            self.notes.tally(place, Problem::Unplaced, "");
            return None;
        };
        let ends = if let Some(RawEnd::At(end)) = slot.end { Some(end) } else { None };
        for moment in slot.start.into_iter().chain(ends) {
            let problem = match times::resolve(moment, self.context.zone).1 {
                Resolution::Exact => continue,
                Resolution::InGap => Problem::TimeInGap,
                Resolution::Twice => Problem::TimeTwice,
            };
            if let times::Moment::Local(at) | times::Moment::Zoned(at, _) = moment {
                self.notes.warn(place, problem, &at.format("%Y-%m-%d %H:%M").to_string());
            }
        }
        if end <= start {
            self.notes.warn(place, Problem::EndsBeforeStart, &format!("{start} – {end}"));
            return None;
        }
        Some((start, end))
    }
}

/// Whether two entries with one id are the same session in what a reader sees of it.
fn is_same(known: &ImportedSession, other: &ImportedSession) -> bool {
    known.title == other.title && known.people == other.people && known.subtitle == other.subtitle
}
