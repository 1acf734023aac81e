//! iCalendar as XML: pentabarf's xCal, and the standard's shape with `properties` around the values.

use super::frab;
use super::raw::{RawEnd, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times::{self, Moment};
use super::xml::Element;
use super::zones;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};

/// Properties that are read, or that say nothing a programme keeps.
const FIELDS: &[&str] = &[
    "uid",
    "event-id",
    "event-slug",
    "title",
    "subtitle",
    "language",
    "language-code",
    "dtstart",
    "dtend",
    "duration",
    "summary",
    "description",
    "abstract",
    "category",
    "categories",
    "track",
    "location",
    "attendee",
    "url",
    "status",
    "method",
    "class",
    "dtstamp",
    "sequence",
    "last-modified",
    "created",
    "transp",
    "attach",
    "?plenary",
    "properties",
];

/// Reads the document.
pub(super) fn read(root: &Element, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let calendars: Vec<&Element> =
        if root.name == "vcalendar" { vec![root] } else { root.children("vcalendar").collect() };
    if calendars.is_empty() {
        return Err(ReadError::new(Fault::NoProgramme, "<vcalendar>"));
    }
    let mut raw = RawProgramme::new(FileFormat::Xcal);
    for calendar in calendars {
        let property = |name: &str| property(calendar, name).and_then(value);
        let ours = property("prodid").is_some_and(|program| program.contains("//Plenary//"));
        raw.title =
            Texts::maybe(property("x-wr-calname").or_else(|| property("x-wr-caldesc")).or_else(|| property("name")));
        raw.zone = property("x-wr-timezone").map(str::to_owned);
        let within = calendar.child("components").into_iter().flat_map(|components| components.children("vevent"));
        for event in calendar.children("vevent").chain(within) {
            read_event(event, ours, &mut raw, notes);
        }
        for extra in calendar.children("?plenary") {
            frab::apply_to_programme(&mut raw, &extra.attributes);
        }
    }
    Ok(raw)
}

/// A property, directly inside or within `properties`.
fn property<'a>(component: &'a Element, name: &str) -> Option<&'a Element> {
    component.child(name).or_else(|| component.child("properties").and_then(|properties| properties.child(name)))
}

/// Its value, directly inside or in an element named after the value's type.
fn value(property: &Element) -> Option<&str> {
    let typed = property.children.iter().find(|child| child.name != "parameters");
    Some(typed.unwrap_or(property).text.trim()).filter(|text| !text.is_empty())
}

fn read_event(event: &Element, ours: bool, raw: &mut RawProgramme, notes: &mut Notes) {
    let word = |name: &str| property(event, name).and_then(value);
    let uid = word("uid");
    let place = frab::place(&format!("line {}", event.line), word("event-id").or(uid));
    let mut session = RawSession::new(place.as_str());
    session.id = word("event-id").or(uid).map(str::to_owned);
    session.guid = uid.map(str::to_owned);
    // pentabarf's summary is "title- subtitle"; the title alone stands beside it.
    session.title = Texts::maybe(word("title").or_else(|| word("summary")));
    session.subtitle = Texts::maybe(word("subtitle"));
    let text = |name: &str| {
        property(event, name)
            .map(|found| if found.children.is_empty() { found.text.as_str() } else { value(found).unwrap_or_default() })
    };
    session.abstract_text = Texts::maybe(text("abstract"));
    session.description = Texts::maybe(text("description"));
    session.language = word("language-code").or_else(|| word("language")).map(str::to_owned);
    session.format = word("category").or_else(|| word("categories")).and_then(|name| raw.formats.named(name));
    session.forum = word("track").and_then(|name| raw.forums.named(name));
    if word("status").is_some_and(|status| status.eq_ignore_ascii_case("cancelled")) {
        session.state = SessionState::Cancelled;
    }
    session.people = event.children("attendee").map(|person| read_person(person, &place)).collect();
    let start = moment(event, "dtstart", &place, notes);
    let lasting = word("duration").and_then(times::duration).map(RawEnd::After);
    let end = moment(event, "dtend", &place, notes).map(RawEnd::At).or(lasting);
    let room = word("location").and_then(|name| raw.rooms.named(name));
    if start.is_some() || end.is_some() {
        session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
    }
    match word("url") {
        // The page of a session in our own files; the site knows it.
        Some(_) if ours => {}
        Some(address) if address.starts_with("http") => {
            session.links.push(RawLink { title: String::new(), url: address.to_owned(), kind: LinkKind::Link });
        }
        Some(_) => notes.tally(&place, Problem::Unused, "url (relative)"),
        None => {}
    }
    for attachment in event.children("attach") {
        if let Some(address) = value(attachment) {
            let kind = if attachment.attribute("kind") == Some("link") { LinkKind::Link } else { LinkKind::Attachment };
            let title = attachment.attribute("title").unwrap_or_default().to_owned();
            session.links.push(RawLink { title, url: address.to_owned(), kind });
        }
    }
    for child in
        event.children.iter().filter(|child| !FIELDS.contains(&child.name.as_str()) && !child.text.trim().is_empty())
    {
        notes.tally(&place, Problem::Unused, &child.name);
    }
    for extra in event.children("?plenary") {
        frab::apply_to_session(&mut session, &mut raw.rooms, &extra.attributes);
    }
    raw.sessions.push(session);
}

fn read_person(person: &Element, place: &str) -> RawPerson {
    let mut raw = RawPerson::new(place, value(person).unwrap_or_default());
    raw.guid = person.attribute("guid").map(str::to_owned);
    raw
}

fn moment(event: &Element, name: &str, place: &str, notes: &mut Notes) -> Option<Moment> {
    let found = property(event, name)?;
    let text = value(found)?;
    let parameter = found.child("parameters").and_then(|parameters| parameters.child("tzid")).and_then(value);
    let Some(read) = times::moment(text) else {
        notes.warn(place, Problem::BadTime, text);
        return None;
    };
    match (read, found.attribute("tzid").or(parameter)) {
        (Moment::Local(at), Some(name)) => Some(zones::by_name(name).map_or_else(
            || {
                notes.tally(place, Problem::ZoneUnknown, name);
                Moment::Local(at)
            },
            |zone| Moment::Zoned(at, zone),
        )),
        _ => Some(read),
    }
}
