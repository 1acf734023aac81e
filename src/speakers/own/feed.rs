//! The calendar that a speaker subscribes to: their slots of the newest release.

use crate::calendar::{Lines, zone_rules};
use crate::db::SpeakerId;
use crate::events::model::Event;
use crate::interchange::{self, Scope};
use crate::schedule::model::Programme;
use crate::speakers::own::windows::Day;

/// Writes the calendar. Before anything of the speaker's is released it is empty, so that one can
/// subscribe to it at once.
pub(super) fn feed(released: Option<&Programme>, event: &Event, speaker: SpeakerId, public_url: &str) -> String {
    let has_slots = |programme: &&Programme| {
        programme
            .sessions
            .iter()
            .any(|session| !session.slots.is_empty() && session.people.iter().any(|part| part.speaker == speaker))
    };
    match released.filter(has_slots) {
        Some(programme) => {
            let site = interchange::Site::of(programme, public_url);
            interchange::calendar(programme, &site, Scope::Speaker(speaker))
        }
        None => empty(event),
    }
}

/// A calendar without entries. It says its zone, because one without any part is not valid (RFC 5545, 3.6).
fn empty(event: &Event) -> String {
    let mut lines = Lines::default();
    for line in
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Speakers//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    {
        lines.raw(line);
    }
    for name in ["NAME", "X-WR-CALNAME"] {
        lines.text(name, event.name_in(event.main_language()));
    }
    lines.raw("REFRESH-INTERVAL;VALUE=DURATION:PT1H");
    lines.raw("X-PUBLISHED-TTL:PT1H");
    let (first, last) = (Day::of(event.starts_on, event.zone()), Day::of(event.ends_on, event.zone()));
    let rules = zone_rules::lines(event.zone(), first.start.to_chrono(), last.end.to_chrono());
    rules.iter().for_each(|line| lines.raw(line));
    lines.raw("END:VCALENDAR");
    lines.finish()
}
