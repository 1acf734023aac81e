//! What schedule files have no place for: more languages, roles, rooms that a session is broadcast to.
//!
//! It travels as remarks that other programs pass over (processing instructions in XML, `meta` in JSON)
//! and that our own reader understands, so that export and import lose nothing.

use super::days::{Book, Entry};
use super::main_language;
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Role, SessionState};

/// One remark: names and values.
pub(super) type Extra = Vec<(&'static str, String)>;

/// Remarks about the whole programme; the languages come first.
pub(super) fn of_programme(book: &Book<'_>) -> Vec<Extra> {
    let programme = book.programme;
    let tags: Vec<&str> = programme.event.languages.iter().map(Lang::as_str).collect();
    let mut extras = vec![vec![("languages", tags.join(" "))]];
    let main = main_language(programme);
    let mut add = |of: &'static str, key: &str, field: &'static str, text: &Localized, written: Option<Lang>| {
        for (lang, text) in several(text, written) {
            let place = [("of", of.to_owned()), ("key", key.to_owned()), ("field", field.to_owned())];
            extras.push(place.into_iter().chain([("lang", lang.to_string()), ("text", text.to_owned())]).collect());
        }
    };
    add("event", "", "title", &programme.event.name, Some(main));
    for room in &programme.rooms {
        add("room", book.room(Some(room.id)), "name", &room.name, Some(main));
    }
    for forum in &programme.forums {
        add("track", book.text(&forum.name), "name", &forum.name, Some(main));
    }
    for format in &programme.formats {
        add("type", book.text(&format.name), "name", &format.name, Some(main));
    }
    for room in &programme.rooms {
        if let Some(capacity) = room.capacity {
            let key = book.room(Some(room.id)).to_owned();
            extras.push(vec![
                ("of", "room".to_owned()),
                ("key", key),
                ("field", "capacity".to_owned()),
                ("text", capacity.to_string()),
            ]);
        }
    }
    for speaker in &programme.speakers {
        let about = |field: &str| {
            let (key, name) = (speaker.guid.clone(), speaker.name.clone());
            vec![("of", "person".to_owned()), ("key", key), ("name", name), ("field", field.to_owned())]
        };
        for (field, text) in [("native-name", &speaker.native_name), ("country", &speaker.country)] {
            extras.extend(text.as_ref().map(|text| [about(field), vec![("text", text.clone())]].concat()));
        }
        for (field, text) in [
            ("position", &speaker.position),
            ("organisation", &speaker.organisation),
            ("biography", &speaker.biography),
        ] {
            for (lang, text) in text.iter() {
                extras.push([about(field), vec![("lang", lang.to_string()), ("text", text.to_owned())]].concat());
            }
        }
    }
    extras
}

/// Remarks about one entry.
pub(super) fn of_entry(book: &Book<'_>, entry: &Entry<'_>) -> Vec<Extra> {
    let session = entry.session;
    let mut extras: Vec<Extra> = Vec::new();
    if entry.slot.guid != session.guid {
        extras.push(vec![("slot-of", session.guid.clone())]);
    }
    if session.state != SessionState::Confirmed {
        extras.push(vec![("state", session.state.to_string())]);
    }
    if !session.interpreted.is_empty() {
        let tags: Vec<&str> = session.interpreted.iter().map(Lang::as_str).collect();
        extras.push(vec![("interpreted", tags.join(" "))]);
    }
    for slot in &entry.also {
        extras.push(vec![("also-in", book.room(slot.room).to_owned()), ("guid", slot.guid.clone())]);
    }
    for part in session.people.iter().filter(|part| part.role != Role::Speaker) {
        if let Some((speaker, _)) = book.speaker(part.speaker) {
            extras.push(vec![("person", speaker.guid.clone()), ("role", part.role.to_string())]);
        }
    }
    // A reader takes the texts to be in the language spoken, or else in the main one.
    let assumed = session.language.unwrap_or_else(|| main_language(book.programme));
    for (field, text) in [
        ("title", &session.title),
        ("subtitle", &session.subtitle),
        ("abstract", &session.abstract_text),
        ("description", &session.description),
    ] {
        for (lang, text) in several(text, Some(assumed)) {
            extras.push(vec![("field", field.to_owned()), ("lang", lang.to_string()), ("text", text.to_owned())]);
        }
    }
    extras
}

/// All languages of a text, unless the only one is that which a reader assumes anyway.
fn several(text: &Localized, assumed: Option<Lang>) -> Vec<(Lang, &str)> {
    let all: Vec<(Lang, &str)> = text.iter().collect();
    match all[..] {
        [(only, _)] if Some(only) == assumed => Vec::new(),
        _ => all,
    }
}
