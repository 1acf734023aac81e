//! What was read and written again means the same.

use super::meaning::{self, Session, released};
use super::real;
use plenary::i18n::Localized;
use plenary::interchange::model::{FileFormat, ImportedProgramme};
use plenary::interchange::{
    Problem, ReadOptions, Scope, Site, calendar, read, schedule_json, schedule_xml, table, xcal,
};
use plenary::schedule::model::Programme;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Writes one format.
type Writer = fn(&Programme, &Site) -> String;

/// Everything that our own formats are written by.
const WRITERS: &[(FileFormat, Writer)] = &[
    (FileFormat::ScheduleXml, schedule_xml),
    (FileFormat::ScheduleJson, schedule_json),
    (FileFormat::Xcal, xcal),
    (FileFormat::ICalendar, |programme, site| calendar(programme, site, Scope::Event)),
    (FileFormat::Csv, table),
];

/// The programmes that every test of this file goes through: the project's own, and the real ones where they are.
pub(super) fn programmes() -> &'static [(String, ImportedProgramme)] {
    static ALL: OnceLock<Vec<(String, ImportedProgramme)>> = OnceLock::new();
    ALL.get_or_init(|| {
        let real = real::programmes().into_iter().map(|(name, programme, _)| (name, programme));
        super::made_up::programmes().into_iter().chain(real).collect()
    })
}

/// The session as far as the format can say it.
fn as_far_as(format: FileFormat, mut session: Session, main: &[plenary::i18n::Lang]) -> Session {
    // The calendar formats have no word for it.
    session.may_record |= matches!(format, FileFormat::Xcal | FileFormat::ICalendar);
    if format == FileFormat::ICalendar {
        let picked = session.title.pick(main[0], main).map(|picked| Localized::single(picked.lang, picked.text));
        session.title = picked.unwrap_or_default();
        session.abstract_text = Localized::new();
        session.description = Localized::new();
        session.subtitle = Localized::new();
        session.format = String::new();
    }
    session
}

#[test]
fn every_own_format_brings_back_days_rooms_times_titles_speakers_and_languages() {
    for (name, original) in programmes() {
        let programme = released(original, "summit-2027");
        let site = Site::of(&programme, "https://summit.example");
        for (format, write) in WRITERS {
            let text = write(&programme, &site);
            let again = read(text.as_bytes(), &ReadOptions::default())
                .unwrap_or_else(|error| panic!("{name} as {format}: {error}"));
            assert_eq!(again.format, *format, "{name}");
            assert_eq!(again.event.timezone, original.event.timezone, "{name} as {format}");
            let main = &original.event.languages;
            let expected: BTreeMap<String, Session> = meaning::sessions(original)
                .into_iter()
                .map(|(guid, session)| (guid, as_far_as(*format, session, main)))
                .collect();
            let found: BTreeMap<String, Session> = meaning::sessions(&again)
                .into_iter()
                .map(|(guid, session)| (guid, as_far_as(*format, session, main)))
                .collect();
            for (guid, session) in &expected {
                let found = found.get(guid).unwrap_or_else(|| panic!("{name} as {format} lost {guid}"));
                let difference = difference(found, session);
                assert!(difference.is_none(), "{name} as {format}, {guid}: {difference:?}");
            }
            assert_eq!(found.len(), expected.len(), "{name} as {format}");
            let stray: Vec<_> = again.warnings.iter().filter(|warning| !is_expected(warning.problem)).collect();
            assert!(stray.is_empty(), "{name} as {format}: {stray:?}");
        }
    }
}

/// The first thing that differs, so that a failure can be read.
fn difference(found: &Session, expected: &Session) -> Option<String> {
    let fields = [
        (format!("{:?}", found.title), format!("{:?}", expected.title)),
        (format!("{:?}", found.slots), format!("{:?}", expected.slots)),
        (format!("{:?}", found.people), format!("{:?}", expected.people)),
        (format!("{:?}", found.links), format!("{:?}", expected.links)),
        (format!("{found:?}"), format!("{expected:?}")),
    ];
    fields
        .into_iter()
        .find(|(found, expected)| found != expected)
        .map(|(found, expected)| format!("{found} instead of {expected}"))
}

/// Names without ids in our own calendars are the only thing a reader may remark.
fn is_expected(problem: Problem) -> bool {
    matches!(problem, Problem::Unplaced | Problem::TimeTwice)
}

#[test]
fn schedule_files_bring_back_people_languages_and_dates_whole() {
    for (name, original) in programmes() {
        let programme = released(original, "summit-2027");
        let site = Site::of(&programme, "https://summit.example");
        for (format, write) in &WRITERS[..2] {
            let again = read(write(&programme, &site).as_bytes(), &ReadOptions::default()).expect("our own file");
            assert_eq!(again.event.languages, original.event.languages, "{name} as {format}");
            assert_eq!(
                (again.event.starts_on, again.event.ends_on),
                (original.event.starts_on, original.event.ends_on),
                "{name} as {format}"
            );
            let about = |programme: &ImportedProgramme| -> BTreeMap<String, _> {
                let people = programme.speakers.iter().map(|speaker| {
                    (
                        speaker.guid.clone(),
                        (
                            speaker.name.clone(),
                            speaker.native_name.clone(),
                            speaker.position.clone(),
                            speaker.biography.clone(),
                        ),
                    )
                });
                people.collect()
            };
            let known = about(&again);
            for (guid, person) in about(original) {
                let in_session = known.get(&guid);
                assert!(in_session.is_none_or(|found| *found == person), "{name} as {format}: {person:?}");
            }
            assert_eq!(again.counts.speakers, meaning_speakers(original), "{name} as {format}");
            let (found, counted) = (&again.counts, &original.counts);
            let days = usize::try_from((programme.event.ends_on - programme.event.starts_on).num_days() + 1)
                .expect("a few days");
            assert_eq!(found.days, days, "{name} as {format}");
            assert_eq!(found.sessions, entries(original), "{name} as {format}");
            if real::is_real(name) {
                assert_eq!((found.sessions, found.rooms), (counted.sessions, counted.rooms), "{name} as {format}");
                assert_eq!((found.first_start, found.last_end), (counted.first_start, counted.last_end), "{name}");
            }
            assert_eq!(again.counts.rooms_listed, Some(original.rooms.len()), "{name} as {format}");
        }
    }
}

/// Sessions at different times, which is how many entries a file needs.
fn entries(programme: &ImportedProgramme) -> usize {
    let times = |session: &Session| session.slots.iter().map(|slot| (slot.2, slot.3)).collect::<BTreeSet<_>>().len();
    meaning::sessions(programme).values().map(times).sum()
}

/// Different names of people in placed sessions.
fn meaning_speakers(programme: &ImportedProgramme) -> usize {
    let sessions = meaning::sessions(programme);
    sessions.values().flat_map(|session| &session.people).map(|(name, _)| name).collect::<BTreeSet<_>>().len()
}

#[test]
fn writing_twice_gives_the_same_bytes() {
    for (name, original) in programmes().iter().take(3) {
        let programme = released(original, "summit-2027");
        let site = Site::of(&programme, "https://summit.example");
        for (format, write) in WRITERS {
            assert_eq!(write(&programme, &site), write(&programme, &site), "{name} as {format}");
        }
    }
}
