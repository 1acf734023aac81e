//! The project's own files: every dialect with its oddities, and what is read from it.

use plenary::i18n::Localized;
use plenary::interchange::model::{ImportedProgramme, ImportedSession};
use plenary::interchange::{ReadOptions, read};
use std::fmt::Write;
use std::path::PathBuf;

/// Their names.
pub(super) const FILES: &[&str] = &[
    "pentabarf-old.xml",
    "frab-latin1.xml",
    "frab-odd.xml",
    "frab-merged.json",
    "schedule-new.json",
    "pretalx-nested.json",
    "pretalx-list.json",
    "sessionize.json",
    "opass.json",
    "pentabarf.xcal",
    "standard.xcal",
    "calendar.ics",
    "agenda.json",
    "table.csv",
];

pub(super) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// All made-up programmes.
pub(super) fn programmes() -> Vec<(String, ImportedProgramme)> {
    FILES.iter().map(|name| ((*name).to_owned(), programme(name))).collect()
}

fn programme(name: &str) -> ImportedProgramme {
    let bytes = std::fs::read(folder().join(name)).expect(name);
    read(&bytes, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn each_dialect_is_read_as_expected() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../data/expected");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, programme) in programmes() {
            insta::assert_snapshot!(name.replace('.', "-"), described(&programme));
        }
    });
}

#[test]
fn reading_again_gives_the_same_keys_and_guids() {
    for name in FILES {
        assert_eq!(programme(name), programme(name), "{name}");
    }
}

/// Everything that was read, in words.
fn described(programme: &ImportedProgramme) -> String {
    let mut text = String::new();
    let event = &programme.event;
    let languages: Vec<String> = event.languages.iter().map(ToString::to_string).collect();
    let date = |date: Option<chrono::NaiveDate>| date.map_or("?".to_owned(), |date| date.to_string());
    let mut line = |words: String| writeln!(text, "{words}").expect("memory");
    line(format!("{}: {} [{}] in {}", programme.format, words(&event.title), event.slug, words(&event.place)));
    line(format!("{} to {}, {}, {}", date(event.starts_on), date(event.ends_on), event.timezone, languages.join(" ")));
    line(String::new());
    for room in &programme.rooms {
        line(format!("room {} {} {} {:?}", room.key, room.guid, words(&room.name), room.capacity));
    }
    for forum in &programme.forums {
        line(format!("forum {} {} {:?}", forum.key, words(&forum.name), forum.color));
    }
    for format in &programme.formats {
        line(format!("format {} {} {:?}", format.key, words(&format.name), format.minutes));
    }
    for person in &programme.speakers {
        let parts = [words(&person.position), words(&person.organisation), words(&person.biography)];
        line(format!(
            "person {} {:?} {:?} {} {:?}",
            person.key,
            person.name,
            person.native_name,
            parts.join(" "),
            person.avatar
        ));
    }
    for session in &programme.sessions {
        line(String::new());
        describe_session(session, &mut line);
    }
    line(String::new());
    for warning in &programme.warnings {
        line(format!("! {warning}"));
    }
    line(String::new());
    line(serde_json::to_string(&programme.counts).expect("counts"));
    text
}

fn describe_session(session: &ImportedSession, line: &mut impl FnMut(String)) {
    line(format!("session {} {} ({})", session.key, words(&session.title), session.place));
    line(format!(
        "  {} {:?} {:?} {:?} {:?}",
        session.guid, session.code, session.language, session.interpreted, session.state
    ));
    for (name, text) in
        [("subtitle", &session.subtitle), ("abstract", &session.abstract_text), ("description", &session.description)]
    {
        if !text.is_empty() {
            line(format!("  {name} {}", words(text)));
        }
    }
    if session.forum.is_some() || session.format.is_some() || !session.may_record {
        line(format!("  forum {:?} format {:?} may record {}", session.forum, session.format, session.may_record));
    }
    for link in &session.links {
        line(format!("  {} {:?} {}", link.kind, link.title, link.url));
    }
    for part in &session.people {
        line(format!("  {} {}", part.role, part.speaker));
    }
    for slot in &session.slots {
        line(format!("  slot {} {} {:?} {} to {}", slot.key, slot.guid, slot.room, slot.start, slot.end));
    }
}

fn words(text: &Localized) -> String {
    let texts: Vec<String> = text.iter().map(|(lang, text)| format!("{lang}:{text:?}")).collect();
    texts.join(" ")
}
