//! schedule.json, valid by the published schema.

use super::days::{self, Book, Day, Entry};
use super::extras::{self, Extra};
use super::{GENERATOR, Site, version};
use crate::programme::model::LinkKind;
use crate::schedule::model::Programme;
use serde_json::{Map, Value, json};

/// Where the definition of the format is published.
const SCHEMA: &str = "https://c3voc.de/schedule/schema.json";

/// Writes the release as schedule.json. Sessions without a slot have no place in the format.
#[must_use]
pub fn schedule_json(programme: &Programme, site: &Site) -> String {
    let book = Book::new(programme, site);
    let days = book.days();
    let mut remarks = Map::new();
    for entry in days.iter().flat_map(|day| &day.entries) {
        let extras = extras::of_entry(&book, entry);
        if !extras.is_empty() {
            remarks.insert(entry.slot.guid.clone(), extras.iter().map(remark).collect());
        }
    }
    let programme_remarks: Value = extras::of_programme(&book).iter().map(remark).collect();
    let mut conference = conference(&book, &days);
    conference["meta"] = json!({ "plenary": { "programme": programme_remarks, "events": remarks } });
    conference["days"] = days.iter().map(|day| write_day(&book, day)).collect();
    let file = json!({
        "$schema": SCHEMA,
        "generator": { "name": GENERATOR, "version": env!("CARGO_PKG_VERSION") },
        "schedule": { "version": version(programme), "base_url": format!("{}/", site.url), "conference": conference },
    });
    file.to_string()
}

fn remark(extra: &Extra) -> Value {
    extra.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect::<Map<_, _>>().into()
}

fn conference(book: &Book<'_>, days: &[Day<'_>]) -> Value {
    let event = &book.programme.event;
    let rooms = book
        .programme
        .rooms
        .iter()
        .map(|room| json!({ "name": book.room(Some(room.id)), "guid": room.guid, "capacity": room.capacity }));
    let tracks = book.programme.forums.iter().map(|forum| {
        let mut track = json!({ "name": book.text(&forum.name), "color": forum.color });
        if is_slug(&forum.code) {
            track["slug"] = forum.code.as_str().into();
        }
        track
    });
    let mut conference = json!({
        "acronym": days::acronym(book.programme),
        "title": book.text(&event.name),
        "start": event.starts_on.to_string(),
        "end": event.ends_on.to_string(),
        "daysCount": days.len(),
        "timeslot_duration": "00:05",
        "url": book.site.url,
        "rooms": rooms.collect::<Value>(),
        "tracks": tracks.collect::<Value>(),
    });
    let zone = event.timezone.name();
    if is_zone_name(zone) {
        conference["time_zone_name"] = zone.into();
    }
    conference
}

fn write_day(book: &Book<'_>, day: &Day<'_>) -> Value {
    let mut rooms = Map::new();
    for room in &book.programme.rooms {
        rooms.insert(book.room(Some(room.id)).to_owned(), Value::Array(Vec::new()));
    }
    for entry in &day.entries {
        let room = rooms.entry(book.room(entry.slot.room)).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(entries) = room {
            entries.push(write_entry(book, entry));
        }
    }
    json!({
        "index": day.index,
        "date": day.date.to_string(),
        "day_start": days::stamp(&day.start),
        "day_end": days::stamp(&day.end),
        "rooms": rooms,
    })
}

fn write_entry(book: &Book<'_>, entry: &Entry<'_>) -> Value {
    let session = entry.session;
    let title = book.text(&session.title);
    let start = entry.slot.start.in_zone(book.zone());
    let or_null = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let mut value = json!({
        "guid": entry.slot.guid,
        "id": entry.number,
        "date": days::stamp(&start),
        "start": start.format("%H:%M").to_string(),
        "end": days::stamp(&entry.slot.end.in_zone(book.zone())),
        "duration": days::duration(entry.slot, false),
        "room": book.room(entry.slot.room),
        "slug": days::file_slug(book.programme, entry, title),
        "url": book.site.session(&session.code),
        "title": title,
        "subtitle": or_null(book.text(&session.subtitle)),
        "track": or_null(book.forum(session.forum)),
        "type": book.format(session.format),
        "language": session.language.as_ref().map(|lang| lang.as_str()),
        "abstract": or_null(book.text(&session.abstract_text)),
        "description": or_null(book.text(&session.description)),
        "do_not_record": !session.may_record,
        "persons": people(book, entry),
        "links": links(entry, LinkKind::Link),
        "attachments": links(entry, LinkKind::Attachment),
    });
    if is_code(&session.code) {
        value["code"] = session.code.as_str().into();
    }
    value
}

fn people(book: &Book<'_>, entry: &Entry<'_>) -> Value {
    let mut named = Vec::new();
    let mut people = Vec::new();
    for part in &entry.session.people {
        if let Some((speaker, number)) = book.speaker(part.speaker).filter(|(speaker, _)| !named.contains(&speaker.id))
        {
            named.push(speaker.id);
            people.push(json!({
                "guid": speaker.guid,
                "id": number,
                "name": speaker.name,
                "url": book.site.speaker(&speaker.code),
            }));
        }
    }
    people.into()
}

fn links(entry: &Entry<'_>, kind: LinkKind) -> Value {
    let links = entry.session.links.iter().filter(|link| link.kind == kind);
    links.map(|link| json!({ "url": link.url, "title": link.title })).collect()
}

fn is_slug(code: &str) -> bool {
    let last = code.chars().next_back().is_some_and(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit());
    last && code.len() > 1
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_'))
}

fn is_code(code: &str) -> bool {
    !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// The schema's idea of a zone's name, which leaves out a few real ones.
fn is_zone_name(name: &str) -> bool {
    let word = |part: &str| {
        let mut letters = part.chars();
        letters.next().is_some_and(|first| first.is_ascii_uppercase())
            && letters.next().is_some_and(|second| second.is_ascii_lowercase())
    };
    let plain_area = |area: &str| word(area) && area[1..].bytes().all(|byte| byte.is_ascii_lowercase());
    name == "UTC" || name.split_once('/').is_some_and(|(area, town)| plain_area(area) && word(town))
}
