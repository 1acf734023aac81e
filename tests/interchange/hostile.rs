//! Files that must not be read, and files that nobody would write by accident.

use super::made_up;
use plenary::interchange::model::FileFormat;
use plenary::interchange::{Fault, Limits, ReadError, ReadOptions, read};
use proptest::prelude::*;
use std::time::{Duration, Instant};

/// Long enough for a busy machine, short enough for a person who waits.
const PATIENCE: Duration = Duration::from_secs(10);

fn refused(bytes: &[u8]) -> ReadError {
    let started = Instant::now();
    let error = read(bytes, &ReadOptions::default()).expect_err("refused");
    assert!(started.elapsed() < PATIENCE, "{error} took {:?}", started.elapsed());
    assert!(!error.to_string().is_empty() && error.to_string().lines().count() == 1, "{error}");
    error
}

#[test]
fn each_hostile_file_gives_one_clear_error() {
    for (name, fault) in [
        ("entity-bomb.xml", Fault::Entities),
        ("external-entity.xml", Fault::Entities),
        ("parameter-entity.xml", Fault::Entities),
        ("cut-off.xml", Fault::BrokenXml),
        ("cut-off.json", Fault::BrokenJson),
        ("wrong-encoding.xml", Fault::Encoding),
        ("broken-utf16.xml", Fault::Encoding),
        ("no-days.json", Fault::NoProgramme),
        ("other.json", Fault::UnknownFormat),
        ("other.csv", Fault::UnknownFormat),
        ("page.html", Fault::BrokenXml),
        ("letter.txt", Fault::UnknownFormat),
        ("blank.txt", Fault::Empty),
    ] {
        let bytes = std::fs::read(made_up::folder().join("hostile").join(name)).expect(name);
        let error = refused(&bytes);
        assert!(
            error.fault == fault || (name == "page.html" && error.fault == Fault::UnknownFormat),
            "{name}: {error:?}"
        );
    }
}

#[test]
fn files_beyond_the_limits_are_refused_at_once() {
    let huge = vec![b' '; 100 << 20];
    assert_eq!(refused(&huge).fault, Fault::TooLarge);
    for (text, fault) in [
        ("<schedule>".repeat(100_000), Fault::TooDeep),
        ("[".repeat(1_000_000), Fault::TooDeep),
        (format!("{{\"a\":{}", "{\"a\":".repeat(1_000_000)), Fault::TooDeep),
        (format!("<schedule><conference/>{}</schedule>", "<day/>".repeat(2_000_000)), Fault::TooManyPieces),
        (format!("{{\"schedule\":[{}0]}}", "0,".repeat(5_000_000)), Fault::TooManyPieces),
        (format!("BEGIN:VCALENDAR\n{}", "X:\n".repeat(3_000_000)), Fault::TooManyPieces),
        (format!("BEGIN:VCALENDAR\n{}", "BEGIN:VEVENT\n".repeat(1_000)), Fault::TooDeep),
    ] {
        let error = refused(text.as_bytes());
        assert_eq!(error.fault, fault, "{error}");
    }
}

#[test]
fn a_file_at_the_limits_is_read_in_bounded_time() {
    let event = r#"<event id="1"><title>&lt;p&gt;</title><abstract>&lt;ul&gt;&lt;li&gt;&lt;b&gt;</abstract><persons><person id="1">A</person></persons></event>"#;
    let many = format!(
        "<schedule><conference/><day date=\"2026-01-01\"><room name=\"r\">{}</room></day></schedule>",
        event.repeat(20_001)
    );
    assert_eq!(refused(many.as_bytes()).fault, Fault::TooManySessions);
    let long = format!("<schedule><conference><title>{}</title></conference></schedule>", "x".repeat(20 << 20));
    let started = Instant::now();
    let programme = read(long.as_bytes(), &ReadOptions::default()).expect("only a title that is too long");
    assert_eq!(programme.event.title.iter().next().map(|(_, title)| title.len()), Some(Limits::default().line));
    assert!(started.elapsed() < PATIENCE);
}

#[test]
fn a_format_asked_for_must_be_the_format_found() {
    let bytes = std::fs::read(made_up::folder().join("opass.json")).expect("a file");
    let asked = |format| read(&bytes, &ReadOptions { format: Some(format), ..ReadOptions::default() });
    assert!(asked(FileFormat::Opass).is_ok());
    let error = asked(FileFormat::Sessionize).expect_err("another format");
    assert_eq!(
        error.to_string(),
        "this is no programme in a format that is known: it looks like opass, not like sessionize"
    );
    assert_eq!(asked(FileFormat::ScheduleXml).expect_err("no XML").fault, Fault::BrokenXml);
}

/// The small files of the project, to be damaged.
fn samples() -> Vec<Vec<u8>> {
    let names = [
        "frab-odd.xml",
        "frab-merged.json",
        "pretalx-nested.json",
        "sessionize.json",
        "opass.json",
        "pentabarf.xcal",
        "calendar.ics",
        "table.csv",
    ];
    names.iter().map(|name| std::fs::read(made_up::folder().join(name)).expect(name)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_are_read_or_refused_but_never_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000), format in 0..FileFormat::ALL.len()) {
        let _ = read(&bytes, &ReadOptions::default());
        let _ = read(&bytes, &ReadOptions { format: Some(FileFormat::ALL[format]), ..ReadOptions::default() });
    }

    #[test]
    fn damaged_files_are_read_or_refused_but_never_a_panic(
        sample in 0..8_usize,
        cuts in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        end in any::<prop::sample::Index>(),
    ) {
        let mut bytes = samples().swap_remove(sample);
        for (place, byte) in cuts {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let _ = read(&bytes, &ReadOptions::default());
        let _ = read(&bytes[..end.index(bytes.len())], &ReadOptions::default());
    }
}
