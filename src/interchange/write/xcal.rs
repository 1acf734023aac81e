//! xCal as pentabarf writes it and conference programs read it.

use super::days::{self, Book, Entry};
use super::xml::Xml;
use super::{GENERATOR, Site, extras};
use crate::programme::model::LinkKind;
use crate::schedule::model::Programme;

/// Writes the release as xCal. Sessions without a slot have no place in the format.
#[must_use]
pub fn xcal(programme: &Programme, site: &Site) -> String {
    let book = Book::new(programme, site);
    let mut xml = Xml::new();
    let namespaces = [("xmlns:pentabarf", "http://pentabarf.org"), ("xmlns:xCal", "urn:ietf:params:xml:ns:xcal")];
    xml.open("iCalendar", &namespaces);
    xml.open("vcalendar", &[]);
    xml.leaf("version", "2.0");
    xml.leaf("prodid", &format!("-//{GENERATOR}//{GENERATOR} {}//EN", env!("CARGO_PKG_VERSION")));
    xml.leaf("x-wr-calname", book.text(&programme.event.name));
    xml.leaf("x-wr-timezone", book.zone().name());
    for entry in book.entries() {
        write_entry(&mut xml, &book, &entry);
    }
    xml.extras(&extras::of_programme(&book));
    xml.finish()
}

fn write_entry(xml: &mut Xml, book: &Book<'_>, entry: &Entry<'_>) {
    let session = entry.session;
    let title = book.text(&session.title);
    let subtitle = book.text(&session.subtitle);
    let local = |at: crate::db::UtcTime| at.in_zone(book.zone()).format("%Y%m%dT%H%M%S%:z").to_string();
    xml.open("vevent", &[]);
    xml.leaf("method", "PUBLISH");
    xml.leaf("uid", &entry.slot.guid);
    xml.leaf("pentabarf:event-id", &entry.number.to_string());
    xml.leaf("pentabarf:event-slug", &days::file_slug(book.programme, entry, title));
    xml.leaf("pentabarf:title", title);
    xml.leaf("pentabarf:subtitle", subtitle);
    xml.leaf("pentabarf:language-code", session.language.as_ref().map_or("", |lang| lang.as_str()));
    xml.leaf("pentabarf:track", book.forum(session.forum));
    xml.leaf("dtstart", &local(entry.slot.start));
    xml.leaf("dtend", &local(entry.slot.end));
    xml.leaf("duration", &format!("{}00", days::duration(entry.slot, false).replace(':', "")));
    xml.leaf("summary", &if subtitle.is_empty() { title.to_owned() } else { format!("{title} - {subtitle}") });
    xml.leaf("abstract", book.text(&session.abstract_text));
    xml.leaf("description", book.text(&session.description));
    xml.leaf("class", "PUBLIC");
    xml.leaf("status", "CONFIRMED");
    xml.leaf("sequence", &entry.slot.sequence.to_string());
    xml.leaf("category", book.format(session.format));
    xml.leaf("url", &book.site.session(&session.code));
    xml.leaf("location", book.room(entry.slot.room));
    let mut named = Vec::new();
    for part in &session.people {
        if let Some((speaker, _)) = book.speaker(part.speaker).filter(|(speaker, _)| !named.contains(&speaker.id)) {
            named.push(speaker.id);
            xml.leaf_with("attendee", &[("guid", &speaker.guid)], &speaker.name);
        }
    }
    for link in &session.links {
        let kind = if link.kind == LinkKind::Link { "link" } else { "attachment" };
        xml.leaf_with("attach", &[("kind", kind), ("title", &link.title)], &link.url);
    }
    xml.extras(&extras::of_entry(book, entry));
    xml.close();
}
