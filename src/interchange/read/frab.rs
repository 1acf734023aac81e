//! What schedule.xml and schedule.json share: times by day and clock, rooms inside rooms,
//! and the extras in which our own exports keep what the format has no place for.

use super::raw::{Groups, RawEnd, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::text;
use super::times::{self, Moment};
use crate::interchange::notes::{Notes, Problem};
use crate::programme::model::SessionState;
use chrono::{NaiveDate, NaiveTime};

/// How an event says when it takes place.
pub(super) struct When<'a> {
    pub(super) date: Option<&'a str>,
    pub(super) start: Option<&'a str>,
    pub(super) duration: Option<&'a str>,
    pub(super) end: Option<&'a str>,
    pub(super) day: Option<NaiveDate>,
    pub(super) day_change: NaiveTime,
}

impl When<'_> {
    /// Start and end, as far as they can be read.
    pub(super) fn read(&self, place: &str, notes: &mut Notes) -> (Option<Moment>, Option<RawEnd>) {
        let start = self.date.and_then(times::moment).or_else(|| self.day_and_clock());
        if start.is_none()
            && let Some(bad) = self.date.or(self.start)
        {
            notes.warn(place, Problem::BadTime, bad);
        }
        let duration = self.duration.and_then(times::duration).filter(|duration| !duration.is_zero());
        // Newer files say the end itself, which knows seconds and needs no sum.
        let end = self.end.and_then(times::moment).map(RawEnd::At).or(duration.map(RawEnd::After));
        if let (None, Some(bad)) = (end, self.duration.or(self.end)) {
            notes.warn(place, Problem::BadDuration, bad);
        }
        (start, end)
    }

    /// Old files know only the day and the clock; the clock before the day's change means the next morning.
    fn day_and_clock(&self) -> Option<Moment> {
        let day = self.day.or_else(|| self.date.and_then(times::date))?;
        let (clock, midnight) = times::clock(self.start?)?;
        let next_morning = midnight || clock < self.day_change;
        Some(Moment::Local(if next_morning { day.succ_opt()? } else { day }.and_time(clock)))
    }
}

/// The room an event stands in; its own word for it only counts where the container has no name.
pub(super) fn room(
    rooms: &mut Groups,
    container: &str,
    own: Option<&str>,
    place: &str,
    notes: &mut Notes,
) -> Option<String> {
    let own = own.unwrap_or_default();
    if !text::collapse(container).is_empty()
        && !text::collapse(own).is_empty()
        && text::collapse(container) != text::collapse(own)
    {
        notes.warn_with(place, Problem::RoomContradicts, own, container);
    }
    rooms.named(container).or_else(|| rooms.named(own))
}

/// A relative address below the file's base; one with a scheme stays as it is written.
pub(super) fn absolute(base: Option<&url::Url>, address: &str) -> String {
    let joined = base.filter(|_| !address.contains("://")).and_then(|base| base.join(address).ok());
    joined.map_or_else(|| address.to_owned(), String::from)
}

/// Where in the file an event stands.
pub(super) fn place(spot: &str, id: Option<&str>) -> String {
    id.map_or_else(|| spot.to_owned(), |id| format!("{spot}, event {id}"))
}

/// One remark of our own exports: names and values.
pub(super) type Extra = [(String, String)];

fn value<'a>(extra: &'a Extra, name: &str) -> Option<&'a str> {
    extra.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Applies a remark about the whole programme: its languages, or more about a person or group.
pub(super) fn apply_to_programme(raw: &mut RawProgramme, extra: &Extra) {
    if let Some(tags) = value(extra, "languages") {
        raw.languages = tags.split_whitespace().filter_map(|tag| tag.parse().ok()).collect();
        return;
    }
    let Some(field) = value(extra, "field") else { return };
    let groups = match value(extra, "of") {
        Some("event") => return set_text(&mut raw.title, extra, field == "title"),
        Some("room") => &mut raw.rooms,
        Some("track") => &mut raw.forums,
        Some("type") => &mut raw.formats,
        Some("person") => return apply_to_person(raw, extra, field),
        _ => return,
    };
    if let Some(group) = value(extra, "key").and_then(|key| groups.named(key)).and_then(|key| groups.get_mut(&key)) {
        match field {
            "capacity" => group.capacity = value(extra, "text").and_then(|number| number.parse().ok()),
            _ => set_text(&mut group.name, extra, field == "name"),
        }
    }
}

fn apply_to_person(raw: &mut RawProgramme, extra: &Extra, field: &str) {
    let (Some(guid), Some(name)) = (value(extra, "key"), value(extra, "name")) else { return };
    let known = raw.people.iter().rposition(|person| person.guid.as_deref() == Some(guid));
    let place = known.unwrap_or_else(|| {
        let mut person = RawPerson::new("persons", name);
        person.guid = Some(guid.to_owned());
        raw.people.push(person);
        raw.people.len() - 1
    });
    let Some(person) = raw.people.get_mut(place) else { return };
    let text = value(extra, "text").map(str::to_owned);
    match field {
        "native-name" => person.native_name = text,
        "country" => person.country = text,
        "position" => set_text(&mut person.position, extra, true),
        "organisation" => set_text(&mut person.organisation, extra, true),
        "biography" => set_text(&mut person.biography, extra, true),
        _ => {}
    }
}

/// Applies a remark about one event.
pub(super) fn apply_to_session(session: &mut RawSession, rooms: &mut Groups, extra: &Extra) {
    if let Some(guid) = value(extra, "slot-of") {
        session.slot_of = Some(guid.to_owned());
    }
    if let Some(state) = value(extra, "state") {
        session.state = state.parse().unwrap_or(SessionState::Confirmed);
    }
    if let Some(tags) = value(extra, "interpreted") {
        session.interpreted = tags.split_whitespace().map(str::to_owned).collect();
    }
    if let (Some(end), Some(slot)) = (value(extra, "end").and_then(times::moment), session.slots.first_mut()) {
        slot.end = Some(RawEnd::At(end));
    }
    if let (Some(room), Some(first)) = (value(extra, "also-in"), session.slots.first().cloned()) {
        let guid = value(extra, "guid").map(str::to_owned);
        session.slots.push(RawSlot { room: rooms.named(room), guid, id: None, ..first });
    }
    if let (Some(person), Some(role)) =
        (value(extra, "person"), value(extra, "role").and_then(|role| role.parse().ok()))
    {
        let mentions = session.people.iter_mut().filter(|known| known.guid.as_deref() == Some(person));
        mentions.for_each(|known| known.role = role);
    }
    match value(extra, "field") {
        Some("title") => set_text(&mut session.title, extra, true),
        Some("subtitle") => set_text(&mut session.subtitle, extra, true),
        Some("abstract") => set_text(&mut session.abstract_text, extra, true),
        Some("description") => set_text(&mut session.description, extra, true),
        _ => {}
    }
}

/// Puts a text under its language; the element's own text, whose language is only a guess, makes way.
fn set_text(texts: &mut Texts, extra: &Extra, wanted: bool) {
    let lang = value(extra, "lang").and_then(|tag| tag.parse().ok());
    if let (true, Some(lang), Some(text)) = (wanted, lang, value(extra, "text")) {
        texts.0.retain(|(known, _)| known.is_some());
        texts.push(Some(lang), text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Tz;

    fn utc(date: Option<&str>, start: &str, day_change: &str) -> Option<String> {
        let day = times::date("2020-02-01");
        let day_change = times::clock(day_change).expect("a clock time").0;
        let when = When { date, start: Some(start), duration: Some("1:00"), end: None, day, day_change };
        let start = when.read("here", &mut Notes::default()).0?;
        Some(times::resolve(start, Tz::Europe__Brussels).0.format("%dT%H:%M").to_string())
    }

    #[test]
    fn the_clock_before_the_change_of_day_means_the_next_morning() {
        for (date, start, day_change, expected) in [
            (None, "09:30", "09:00:00", Some("01T08:30")),
            (None, "01:30", "09:00", Some("02T00:30")),
            (None, "01:30", "00:00", Some("01T00:30")),
            (None, "24:00", "00:00", Some("01T23:00")),
            (Some("2020-02-02T01:30:00+01:00"), "01:30", "09:00", Some("02T00:30")),
            (Some("2020-02-01"), "10:00", "09:00", Some("01T09:00")),
            (Some("soon"), "25:00", "09:00", None),
        ] {
            assert_eq!(utc(date, start, day_change).as_deref(), expected, "{date:?} {start} {day_change}");
        }
    }
}
