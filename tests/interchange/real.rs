//! The real files beside the project: required where the environment says `CI=true`, else read where they are.

use chrono_tz::Tz;
use plenary::interchange::model::ImportedProgramme;
use plenary::interchange::{ReadOptions, read};
use serde_json::Value;
use std::path::PathBuf;

/// The folder of real files, if it is there; a panic where it must be.
pub(super) fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let there = folder.join("counts.json").is_file();
    let required = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(there || !required, "{} is missing", folder.display());
    there.then_some(folder)
}

/// Whether the file is one of the real ones.
pub(super) fn is_real(name: &str) -> bool {
    !super::made_up::FILES.contains(&name)
}

/// All real programmes: name, zone, what was read, and what was counted independently.
pub(super) fn programmes() -> Vec<(String, ImportedProgramme, Value)> {
    let Some(folder) = folder() else { return Vec::new() };
    let counts = std::fs::read(folder.join("counts.json")).expect("counts.json");
    let counts: Value = serde_json::from_slice(&counts).expect("counts.json");
    let files = counts["files"].as_object().expect("files");
    let mut programmes = Vec::new();
    for (name, expected) in files {
        let bytes = std::fs::read(folder.join(name)).expect(name);
        let zone: Tz = expected["tz"].as_str().expect("tz").parse().expect("a zone");
        let options = ReadOptions { timezone: Some(zone), ..ReadOptions::default() };
        let programme = read(&bytes, &options).unwrap_or_else(|error| panic!("{name}: {error}"));
        programmes.push((name.clone(), programme, expected.clone()));
    }
    programmes
}

#[test]
fn every_real_file_gives_the_numbers_counted_independently() {
    for (name, programme, expected) in programmes() {
        let found = serde_json::to_value(&programme.counts).expect("counts");
        let pairs = [
            ("days", "days"),
            ("days_with_sessions", "days_with_sessions"),
            ("rooms", "rooms"),
            ("rooms_listed", "rooms_listed"),
            ("sessions", "sessions"),
            ("sessions_with_time", "sessions_with_time"),
            ("distinct_ids", "distinct_ids"),
            ("distinct_guids", "distinct_guids"),
            ("speakers", "speakers"),
            ("speaker_ids", "speaker_ids"),
            ("speaker_id_name_pairs", "speaker_id_name_pairs"),
            ("speaker_links", "speaker_links"),
            ("tracks", "tracks"),
            ("languages", "languages"),
            ("first_start", "first_start_utc"),
            ("last_end", "last_end_utc"),
        ];
        for (ours, theirs) in pairs {
            // Where the format has no such thing, theirs is null and ours nothing.
            if expected[theirs].is_null() {
                continue;
            }
            assert_eq!(found[ours], expected[theirs], "{name}: {ours}");
        }
        let repeats = programme.counts.sessions - programme.sessions.len();
        assert!(repeats <= 9, "{name}: {repeats} repeats");
    }
}

#[test]
fn the_zone_is_found_wherever_the_file_hints_at_it() {
    let Some(folder) = folder() else { return };
    for (name, programme, _) in programmes() {
        let bytes = std::fs::read(folder.join(&name)).expect(&name);
        let found = read(&bytes, &ReadOptions::default()).expect(&name).event.timezone;
        // Nothing in Sessionize's view hints at a zone; the import says that it took UTC.
        let expected = if name.contains("sessionize") { Tz::UTC } else { programme.event.timezone };
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn one_event_in_four_formats_has_the_same_sessions_and_times() {
    let four: Vec<_> = programmes().into_iter().filter(|(name, ..)| name.starts_with("klimacamp")).collect();
    let times = |programme: &ImportedProgramme| {
        let slots = programme.sessions.iter().flat_map(|session| &session.slots);
        let mut times: Vec<_> = slots.map(|slot| (slot.start, slot.end)).collect();
        times.sort();
        times
    };
    for (name, programme, _) in &four {
        assert_eq!(times(programme), times(&four[0].1), "{name}");
    }
    let guids = |programme: &ImportedProgramme| {
        programme.sessions.iter().map(|session| session.guid.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    // The calendar keeps the guids in its UIDs; xCal has ids of its own.
    for (name, programme, _) in four.iter().filter(|(name, ..)| !name.ends_with(".xcal")) {
        assert_eq!(guids(programme), guids(&four[0].1), "{name}");
    }
}
