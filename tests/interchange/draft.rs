//! Files into the draft and releases out of it, on both databases.

use super::{made_up, real};
use crate::on_both_databases;
use crate::support::TestApp;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::DbError;
use plenary::db::schema::{audit_entries, categories, events, sessions};
use plenary::interchange::export;
use plenary::interchange::model::FileFormat;
use plenary::interchange::operations::{FormatChoice, ImportError, ImportReport, ImportRequest, Target, import};
use plenary::schedule::operations::{latest_release, release};

async fn imports(
    app: &TestApp,
    bytes: Vec<u8>,
    zone: Option<&str>,
    target: Target,
) -> Result<ImportReport, ImportError> {
    let request = ImportRequest {
        bytes: bytes.into(),
        format: FormatChoice(None),
        timezone: zone.map(|zone| zone.parse().expect("a zone")),
        target,
        dry_run: false,
    };
    import(&app.app, Actor::CommandLine, request).await
}

/// Publishes the draft and writes it in one format.
async fn released(app: &TestApp, slug: &str, format: FileFormat) -> Vec<u8> {
    let wanted = slug.to_owned();
    let found = app.app.read(move |db| Ok::<_, DbError>(plenary::events::operations::by_slug(db, &wanted)?)).await;
    let event = found.expect("read").expect("the event");
    let id = event.id;
    let published = app.app.write(move |db, now| release(db, now, Actor::CommandLine, &event, None, "", true)).await;
    published.expect("a release");
    let programme = app.read(move |db| latest_release(db, id)).await.expect("a release");
    export(&programme, format, "https://summit.example").expect("a format that is written")
}

fn made_up_file(name: &str) -> Vec<u8> {
    std::fs::read(made_up::folder().join(name)).expect(name)
}

on_both_databases! {
    async fn importing_again_changes_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        for (index, name) in made_up::FILES.iter().enumerate() {
            let slug = format!("event-{index}");
            let first = imports(&app, made_up_file(name), None, Target::NewEvent(slug.clone())).await.expect(name);
            assert!(first.created > 0, "{name}");
            let again = imports(&app, made_up_file(name), None, Target::Event(slug.clone())).await.expect(name);
            assert_eq!((again.created, again.updated, again.unchanged), (0, 0, first.created), "{name}");
            for format in [FileFormat::ScheduleXml, FileFormat::ScheduleJson] {
                let bytes = released(&app, &slug, format).await;
                let back = imports(&app, bytes, None, Target::Event(slug.clone())).await.expect(name);
                assert_eq!((back.created, back.updated), (0, 0), "{name} back from {format}: {:?}", back.changes);
            }
        }
    }

    async fn every_real_file_is_imported_exported_and_imported_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let folder = real::folder();
        for (index, (name, _, expected)) in real::programmes().into_iter().enumerate() {
            let slug = format!("event-{index}");
            let bytes = std::fs::read(folder.as_ref().expect("the folder").join(&name)).expect(&name);
            let zone = expected["tz"].as_str();
            let report = imports(&app, bytes.clone(), zone, Target::NewEvent(slug.clone())).await.expect(&name);
            let found = [report.days, report.rooms, report.tracks, report.sessions, report.speakers];
            let wanted = ["days", "rooms", "tracks", "sessions", "speakers"].map(|what| expected[what].as_u64());
            assert_eq!(found.map(|number| u64::try_from(number).ok()), wanted, "{name}");
            let again = imports(&app, bytes, zone, Target::Event(slug.clone())).await.expect(&name);
            assert_eq!((again.created, again.updated), (0, 0), "{name}");
            // The other formats go through the same writers and readers in the pure tests.
            let written = released(&app, &slug, FileFormat::ScheduleXml).await;
            let back = imports(&app, written, None, Target::Event(slug.clone())).await.expect(&name);
            assert_eq!((back.created, back.updated), (0, 0), "{name}: {:?}", back.changes);
            assert_eq!((back.sessions, back.rooms), (report.sessions, report.rooms), "{name}");
            assert!(back.warnings.is_empty(), "{name}: {:?}", back.warnings);
        }
    }

    async fn a_refused_file_leaves_nothing_behind(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let hostile = std::fs::read_dir(made_up::folder().join("hostile")).expect("the folder");
        for file in hostile {
            let path = file.expect("a file").path();
            let bytes = std::fs::read(&path).expect("a file");
            let refused = imports(&app, bytes, None, Target::NewEvent("harbour".into())).await;
            assert!(matches!(refused, Err(ImportError::Unreadable(_))), "{}", path.display());
        }
        let nobody = imports(&app, made_up_file("agenda.json"), None, Target::Event("nowhere".into())).await;
        assert!(matches!(nobody, Err(ImportError::NoEvent(_))));
        let left = app.read(|db| {
            let rows: (i64, i64) = (events::table.count().get_result(db)?, audit_entries::table.count().get_result(db)?);
            Ok(rows)
        });
        assert_eq!(left.await, (0, 0));
    }

    async fn a_dry_run_says_what_would_change_and_changes_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let request = |target| ImportRequest {
            bytes: made_up_file("table.csv").into(),
            format: FormatChoice(None),
            timezone: None,
            target,
            dry_run: true,
        };
        let seen = import(&app.app, Actor::CommandLine, request(Target::NewEvent("harbour".into()))).await.expect("a preview");
        assert!(seen.dry_run && seen.created > 0);
        let left: i64 = app.read(|db| events::table.count().get_result(db)).await;
        assert_eq!(left, 0);
        let report = imports(&app, made_up_file("table.csv"), None, Target::NewEvent("harbour".into())).await.expect("read");
        assert_eq!((report.created, report.changes), (seen.created, seen.changes));
        let seen = import(&app.app, Actor::CommandLine, request(Target::Event("harbour".into()))).await.expect("a preview");
        assert_eq!((seen.created, seen.updated), (0, 0));
    }

    async fn a_new_event_can_be_registered_for_at_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        imports(&app, made_up_file("opass.json"), None, Target::NewEvent("harbour".into())).await.expect("read");
        let open = app.read(|db| categories::table.select((categories::code, categories::capacity)).load::<(String, Option<i32>)>(db));
        assert_eq!(open.await, [("attendee".to_owned(), None)]);
    }

    async fn a_changed_file_changes_only_what_it_changed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let file = String::from_utf8(made_up_file("frab-merged.json")).expect("text");
        imports(&app, file.clone().into(), None, Target::NewEvent("harbour".into())).await.expect("read");
        let changed = file.replace("2024-08-01T23:30:00-04:00", "2024-08-01T22:30:00-04:00");
        let report = imports(&app, changed.into(), None, Target::Event("harbour".into())).await.expect("read");
        assert_eq!((report.created, report.updated, report.changes.sessions.updated), (0, 1, 1));
        let renamed = file.replace("Opening ", "Welcome");
        let report = imports(&app, renamed.into(), None, Target::Event("harbour".into())).await.expect("read");
        assert_eq!((report.created, report.changes.sessions.updated), (0, 2));
        let titles: Vec<String> = app.read(|db| sessions::table.select(sessions::title).load(db)).await;
        assert!(titles.iter().any(|title| title.contains("Welcome")), "{titles:?}");
        // A session that the file no longer holds stays, and that is said.
        let without = file.replace("b0000000-0000-4000-8000-000000000002", "b0000000-0000-4000-8000-00000000000b");
        let report = imports(&app, without.into(), None, Target::Event("harbour".into())).await.expect("read");
        assert_eq!(report.changes.sessions.created, 1);
        assert!(report.warnings.iter().any(|warning| warning.starts_with("Past midnight: ")), "{:?}", report.warnings);
    }
}
