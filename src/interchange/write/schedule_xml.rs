//! schedule.xml, valid by the published schema.

use super::days::{self, Book, Day, Entry};
use super::xml::Xml;
use super::{GENERATOR, Site, extras, version};
use crate::programme::model::LinkKind;
use crate::schedule::model::Programme;

/// The longest duration that the schema's two digits of hours can say.
const MAX_HOURS: i64 = 99;

/// Writes the release as schedule.xml. Sessions without a slot have no place in the format.
#[must_use]
pub fn schedule_xml(programme: &Programme, site: &Site) -> String {
    let book = Book::new(programme, site);
    let days = book.days();
    let mut xml = Xml::new();
    xml.open("schedule", &[]);
    xml.leaf_with("generator", &[("name", GENERATOR), ("version", env!("CARGO_PKG_VERSION"))], "");
    xml.leaf("url", &format!("{}/schedule.xml", site.url));
    xml.leaf("version", &version(programme));
    conference(&mut xml, &book, days.len());
    for day in &days {
        write_day(&mut xml, &book, day);
    }
    xml.finish()
}

fn conference(xml: &mut Xml, book: &Book<'_>, days: usize) {
    let event = &book.programme.event;
    xml.open("conference", &[]);
    xml.extras(&extras::of_programme(book));
    xml.leaf("title", book.text(&event.name));
    xml.leaf("acronym", &days::acronym(book.programme));
    xml.leaf("start", &event.starts_on.to_string());
    xml.leaf("end", &event.ends_on.to_string());
    xml.leaf("days", &days.to_string());
    xml.leaf("timeslot_duration", "00:05");
    xml.leaf("base_url", &book.site.url);
    xml.leaf("url", &book.site.url);
    xml.leaf("time_zone_name", event.timezone.name());
    for forum in &book.programme.forums {
        let color = forum.color.to_ascii_lowercase();
        let mut attributes = vec![("name", book.text(&forum.name))];
        if is_color(&color) {
            attributes.push(("color", color.as_str()));
        }
        if is_slug(&forum.code) {
            attributes.push(("slug", forum.code.as_str()));
        }
        xml.leaf_with("track", &attributes, "");
    }
    xml.close();
}

fn write_day(xml: &mut Xml, book: &Book<'_>, day: &Day<'_>) {
    let (index, date) = (day.index.to_string(), day.date.to_string());
    let (start, end) = (days::stamp(&day.start), days::stamp(&day.end));
    xml.open("day", &[("index", &index), ("date", &date), ("start", &start), ("end", &end)]);
    for room in &book.programme.rooms {
        xml.open("room", &[("name", book.room(Some(room.id))), ("guid", &room.guid)]);
        for entry in day.entries.iter().filter(|entry| entry.slot.room == Some(room.id)) {
            write_entry(xml, book, entry);
        }
        xml.close();
    }
    let known = |entry: &&Entry<'_>| book.programme.rooms.iter().all(|room| entry.slot.room != Some(room.id));
    let homeless: Vec<&Entry<'_>> = day.entries.iter().filter(known).collect();
    if !homeless.is_empty() {
        xml.open("room", &[("name", "")]);
        for entry in homeless {
            write_entry(xml, book, entry);
        }
        xml.close();
    }
    xml.close();
}

fn write_entry(xml: &mut Xml, book: &Book<'_>, entry: &Entry<'_>) {
    let session = entry.session;
    let number = entry.number.to_string();
    let mut attributes = vec![("id", number.as_str()), ("guid", entry.slot.guid.as_str())];
    if entry.is_first && is_short_code(&session.code) {
        attributes.push(("code", session.code.as_str()));
    }
    xml.open("event", &attributes);
    let start = entry.slot.start.in_zone(book.zone());
    let title = book.text(&session.title);
    xml.leaf("room", book.room(entry.slot.room));
    xml.leaf("title", title);
    xml.leaf("subtitle", book.text(&session.subtitle));
    xml.leaf("type", book.format(session.format));
    xml.leaf("date", &days::stamp(&start));
    xml.leaf("start", &start.format("%H:%M").to_string());
    let long = (entry.slot.end - entry.slot.start).num_hours() > MAX_HOURS;
    xml.leaf("duration", &if long { "99:59".to_owned() } else { days::duration(entry.slot, true) });
    xml.leaf("abstract", book.text(&session.abstract_text));
    xml.leaf("slug", &days::file_slug(book.programme, entry, title));
    xml.leaf("track", book.forum(session.forum));
    write_people(xml, book, entry);
    xml.leaf("language", session.language.as_ref().map_or("", |lang| lang.as_str()));
    xml.leaf("description", book.text(&session.description));
    xml.open("recording", &[]);
    xml.leaf("license", "");
    xml.leaf("optout", if session.may_record { "false" } else { "true" });
    xml.close();
    write_links(xml, entry, ("links", "link"), LinkKind::Link);
    write_links(xml, entry, ("attachments", "attachment"), LinkKind::Attachment);
    xml.leaf("url", &book.site.session(&session.code));
    if long {
        xml.extras(&[vec![("end", days::stamp(&entry.slot.end.in_zone(book.zone())))]]);
    }
    xml.extras(&extras::of_entry(book, entry));
    xml.close();
}

fn write_people(xml: &mut Xml, book: &Book<'_>, entry: &Entry<'_>) {
    xml.open("persons", &[]);
    let mut named = Vec::new();
    for part in &entry.session.people {
        if let Some((speaker, number)) = book.speaker(part.speaker).filter(|(speaker, _)| !named.contains(&speaker.id))
        {
            named.push(speaker.id);
            xml.leaf_with("person", &[("id", &number.to_string()), ("guid", &speaker.guid)], &speaker.name);
        }
    }
    xml.close();
}

fn write_links(xml: &mut Xml, entry: &Entry<'_>, (list, item): (&'static str, &str), kind: LinkKind) {
    xml.open(list, &[]);
    for link in entry.session.links.iter().filter(|link| link.kind == kind) {
        xml.leaf_with(item, &[("href", &link.url)], &link.title);
    }
    xml.close();
}

fn is_color(color: &str) -> bool {
    color.len() == 7 && color.starts_with('#') && color[1..].bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_slug(code: &str) -> bool {
    code.len() > 1
        && code.starts_with(|letter: char| letter.is_ascii_lowercase())
        && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_short_code(code: &str) -> bool {
    code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
