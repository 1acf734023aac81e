//! From a raw programme to the imported one: zone, languages, people, sessions, dates, numbers.

use super::ReadOptions;
use super::languages::{self, BLOCK, Clean, LINE};
use super::people::{self, Person};
use super::raw::{Groups, RawProgramme, RawSession, Texts};
use super::sessions::{self, Context};
use super::text;
use super::zones;
use crate::i18n::{self, Country, Lang, Localized};
use crate::interchange::model::{
    Counts, ImportedEvent, ImportedFormat, ImportedForum, ImportedProgramme, ImportedRoom, ImportedSession,
    ImportedSpeaker,
};
use crate::interchange::notes::{Notes, Problem};
use chrono::{Days, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use std::collections::{BTreeSet, HashSet};
use uuid::Uuid;

/// A session that begins before this hour belongs to the night of the day before.
const NIGHT_ENDS: NaiveTime = match NaiveTime::from_hms_opt(6, 0, 0) {
    Some(time) => time,
    None => NaiveTime::MIN,
};

/// Does all that the formats have in common.
pub(super) fn assemble(raw: &RawProgramme, options: &ReadOptions, mut notes: Notes) -> ImportedProgramme {
    let languages = languages::of_programme(raw, options.fallback_language, &mut notes);
    let main_language = languages.first().copied().unwrap_or(Lang::EN);
    let zone = zones::decide(raw, Some(main_language), options, &mut notes);
    let people = people::identify(&raw.people, &raw.sessions, &mut notes);
    let event_name = event_name(raw);
    let context = Context { zone, main_language, people: &people, limits: &options.limits, event_name: &event_name };
    let sessions = sessions::build(&raw.sessions, &context, &mut notes);
    let mut shaper = Shaper { context: &context, notes: &mut notes };
    let title = shaper.localized(&raw.title, LINE, "event");
    let place = shaper.localized(&raw.venue, LINE, "event");
    let rooms = shaper.rooms(&raw.rooms);
    let (forums, formats) = (shaper.forums(&raw.forums), shaper.formats(&raw.formats));
    let speakers = people.list.iter().map(|person| shaper.speaker(person)).collect();
    let (starts_on, ends_on) = dates(raw, &sessions, zone, &mut notes);
    let counts = counts(raw, zone);
    let slug = raw.acronym.as_deref().map_or_else(|| i18n::slug(raw.title.first().unwrap_or_default()), i18n::slug);
    ImportedProgramme {
        format: raw.format,
        event: ImportedEvent { title, slug, place, starts_on, ends_on, timezone: zone, languages },
        rooms,
        forums,
        formats,
        speakers,
        sessions,
        warnings: notes.finish(),
        counts,
    }
}

fn event_name(raw: &RawProgramme) -> String {
    let name = raw.acronym.as_deref().or_else(|| raw.title.first()).unwrap_or_default();
    text::collapse(name).to_lowercase()
}

struct Shaper<'a, 'n> {
    context: &'a Context<'a>,
    notes: &'n mut Notes,
}

impl Shaper<'_, '_> {
    fn localized(&mut self, texts: &Texts, clean: Clean, place: &str) -> Localized {
        languages::localized(texts, self.context.main_language, clean, place, self.context.limits, self.notes)
    }

    fn rooms(&mut self, groups: &Groups) -> Vec<ImportedRoom> {
        let mut guids = HashSet::new();
        let mut rooms = Vec::with_capacity(groups.list.len());
        for group in &groups.list {
            let given = group.guid.as_deref().and_then(|guid| Uuid::try_parse(guid).ok());
            // Some files give one guid to several rooms; the first keeps it.
            let guid =
                given.filter(|guid| guids.insert(*guid)).unwrap_or_else(|| self.context.guid("room", &group.key));
            let name = self.named(&group.name, &group.key);
            let capacity =
                group.capacity.and_then(|capacity| i32::try_from(capacity).ok()).filter(|capacity| *capacity > 0);
            rooms.push(ImportedRoom { key: group.key.clone(), guid: guid.to_string(), name, capacity });
        }
        rooms
    }

    fn forums(&mut self, groups: &Groups) -> Vec<ImportedForum> {
        let color = |color: &str| {
            let digits = color.trim().trim_start_matches('#');
            let valid = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            valid.then(|| format!("#{}", digits.to_ascii_lowercase()))
        };
        let mut forums = Vec::with_capacity(groups.list.len());
        for group in &groups.list {
            let name = self.named(&group.name, &group.key);
            forums.push(ImportedForum { key: group.key.clone(), name, color: group.color.as_deref().and_then(color) });
        }
        forums
    }

    fn formats(&mut self, groups: &Groups) -> Vec<ImportedFormat> {
        let mut formats = Vec::with_capacity(groups.list.len());
        for group in &groups.list {
            let minutes = group.minutes.and_then(|minutes| i32::try_from(minutes).ok()).filter(|minutes| *minutes > 0);
            formats.push(ImportedFormat { key: group.key.clone(), name: self.named(&group.name, &group.key), minutes });
        }
        formats
    }

    /// A name that is never empty.
    fn named(&mut self, texts: &Texts, key: &str) -> Localized {
        let name = self.localized(texts, LINE, key);
        if name.is_empty() { name.with(self.context.main_language, key) } else { name }
    }

    fn speaker(&mut self, person: &Person) -> ImportedSpeaker {
        let details = &person.details;
        let place = details.place.as_str();
        let guid = person.guid.unwrap_or_else(|| self.context.guid("person", &person.key)).to_string();
        let country = details.country.as_deref().and_then(|code| code.parse::<Country>().ok());
        let native_name =
            details.native_name.as_deref().map(|name| text::line(name, place, self.context.limits, self.notes));
        let avatar = details.avatar.as_deref().map(str::trim);
        ImportedSpeaker {
            key: person.key.clone(),
            guid,
            name: text::line(&details.name, place, self.context.limits, self.notes),
            native_name: native_name.filter(|name| !name.is_empty() && *name != details.name),
            position: self.localized(&details.position, LINE, place),
            organisation: self.localized(&details.organisation, LINE, place),
            country: country.map(|country| country.as_str().to_owned()),
            biography: self.localized(&details.biography, BLOCK, place),
            avatar: avatar
                .filter(|avatar| avatar.starts_with("https://") || avatar.starts_with("http://"))
                .map(str::to_owned),
        }
    }
}

/// The event's first and last day: as the file's days say, else its dates, else its sessions'.
fn dates(
    raw: &RawProgramme,
    sessions: &[ImportedSession],
    zone: Tz,
    notes: &mut Notes,
) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let containers = || raw.days.iter().flatten().flatten().copied();
    let slots = sessions.iter().flat_map(|session| &session.slots);
    let night = |start: chrono::DateTime<Tz>| {
        if start.time() < NIGHT_ENDS { start.date_naive() - Days::new(1) } else { start.date_naive() }
    };
    let first_session = slots.clone().map(|slot| slot.start.in_zone(zone).date_naive()).min();
    // A night that began on the last day still belongs to it.
    let last_session = slots.map(|slot| night(slot.start.in_zone(zone))).max().max(first_session);
    let first_named = containers().min().or(raw.starts_on);
    let last_named = containers().max().or(raw.ends_on).or(raw.starts_on);
    let starts_on = first_named.into_iter().chain(first_session).min();
    let ends_on = last_named.into_iter().chain(last_session).max().max(starts_on);
    match (first_named, last_named, starts_on, ends_on) {
        (Some(first), Some(last), Some(starts_on), Some(ends_on)) if (first, last) != (starts_on, ends_on) => {
            let (named, widened) = (format!("{first} – {last}"), format!("{starts_on} – {ends_on}"));
            notes.warn_with("event", Problem::DatesWidened, &named, &widened);
        }
        (.., None, _) => notes.warn("event", Problem::DatesMissing, ""),
        _ => {}
    }
    (starts_on, ends_on)
}

/// The file in numbers, counted on its entries before repeats are joined.
fn counts(raw: &RawProgramme, zone: Tz) -> Counts {
    let spans: Vec<_> =
        raw.sessions.iter().map(|entry| entry.slots.first().and_then(|slot| sessions::span(slot, zone))).collect();
    let with_time = || spans.iter().flatten();
    // A session begins where its first slot begins; its repeats make no day of their own.
    let days: BTreeSet<NaiveDate> = with_time().map(|(start, _)| start.in_zone(zone).date_naive()).collect();
    let entries = || raw.sessions.iter();
    let room_name = |key: &String| raw.rooms.get(key).and_then(|room| room.name.first()).map(text::collapse);
    let rooms: HashSet<String> =
        entries().flat_map(|entry| &entry.slots).filter_map(|slot| slot.room.as_ref()).filter_map(room_name).collect();
    let mentions = || {
        entries()
            .flat_map(|entry| &entry.people)
            .map(|person| (person.id.as_deref(), text::collapse(person.as_written.as_ref().unwrap_or(&person.name))))
    };
    let named = || mentions().filter(|(_, name)| !name.is_empty());
    let codes: BTreeSet<String> = entries()
        .filter_map(|entry| entry.language.as_deref())
        .filter_map(|code| code.parse::<Lang>().ok())
        .map(|lang| lang.to_string())
        .collect();
    Counts {
        days: raw.days.as_ref().map_or(days.len(), Vec::len),
        days_with_sessions: days.len(),
        rooms: rooms.len(),
        rooms_listed: raw.rooms_listed,
        tracks: if raw.has_tracks { raw.forums.list.len() } else { 0 },
        sessions: raw.sessions.len(),
        sessions_with_time: with_time().count(),
        distinct_ids: distinct(entries().filter_map(|entry: &RawSession| entry.id.as_deref())),
        distinct_guids: distinct(entries().filter_map(|entry| entry.guid.as_deref())),
        speakers: named().map(|(_, name)| name).collect::<HashSet<_>>().len(),
        speaker_ids: distinct(named().filter_map(|(id, _)| id)),
        speaker_id_name_pairs: named().collect::<HashSet<_>>().len(),
        speaker_links: named().count(),
        languages: codes.into_iter().collect(),
        first_start: with_time().map(|(start, _)| *start).min(),
        last_end: with_time().map(|(_, end)| *end).max(),
    }
}

fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> usize {
    words.collect::<HashSet<_>>().len()
}
