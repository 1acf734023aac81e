//! Sealed answers: unreadable at rest, opened by those who may, sealed anew, deleted.

use super::files::{confirms, only_registration, pdf, sends};
use super::forms::{FORMS, asks, organizer};
use super::{FORM, SENT, facts, filled, given_category};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, TestDatabase};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{answer_files, audit_entries, registrations, sealed_answers};
use plenary::db::{QuestionId, RegistrationId};
use plenary::registration::forms::sealed::jobs::delete_due;
use plenary::registration::forms::sealed::rotating::rotate;
use plenary::sealing::SealingKeys;

pub(super) const NUMBER: &str = "C01X00T47";
const BORN: &str = "1979-03-14";
pub(super) const SCANNED: &str = "a-scan-that-nobody-may-read";

fn has(content: &[u8], words: &str) -> bool {
    content.windows(words.len()).any(|bytes| bytes == words.as_bytes())
}

/// Where any of these words stand at rest: in the database's files or rows, or among uploads.
fn found_at_rest(db: &TestDatabase, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![db.folder().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                let content = std::fs::read(&entry).expect("a file");
                found.extend(
                    words
                        .iter()
                        .filter(|word| has(&content, word))
                        .map(|word| format!("{word} in {}", entry.display())),
                );
            }
        }
    }
    if let Some(path) = db.url().strip_prefix("sqlite://") {
        for suffix in ["", "-wal"] {
            let content = std::fs::read(format!("{path}{suffix}")).unwrap_or_default();
            found.extend(
                words.iter().filter(|word| has(&content, word)).map(|word| format!("{word} in {path}{suffix}")),
            );
        }
        return found;
    }
    #[derive(QueryableByName)]
    struct Table {
        #[diesel(sql_type = diesel::sql_types::Text)]
        name: String,
    }
    let mut server = PgConnection::establish(db.url()).expect("the database");
    let tables: Vec<Table> =
        diesel::sql_query("SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'")
            .load(&mut server)
            .expect("tables");
    for table in tables {
        for word in words {
            let rows = format!("SELECT 'row'::text AS name FROM {0} WHERE {0}::text LIKE '%{word}%'", table.name);
            let rows: Vec<Table> = diesel::sql_query(rows).load(&mut server).expect("rows");
            found.extend(rows.iter().map(|row| format!("{word} in a {} of {}", row.name, table.name)));
        }
    }
    found
}

/// The fields of a registration with an identity document.
fn with_document<'a>(email: &'a str, number: &'a str, born: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = filled("guest", email);
    fields.extend([
        ("q-identity-document", "passport"),
        ("q-number-of-the-document", number),
        ("q-country-that-issued-it", "GB"),
        ("q-date-of-birth", born),
    ]);
    fields
}

/// An event whose form asks for the identity document.
async fn with_identity(app: &TestApp) -> Client {
    given_category(app, "guest", facts("Guest")).await;
    let organizer = organizer(app).await;
    organizer.post_form(&format!("{FORMS}/blocks"), &[("block", "identity")]).await.redirect();
    organizer
}

pub(super) async fn registers(app: &TestApp, email: &str, number: &str) {
    let scan = vec![("q-scan-of-the-document.file", "ada-lovelace-passport.pdf", pdf(SCANNED))];
    let sent = sends(&app.visitor(), FORM, &with_document(email, number, BORN), scan).await;
    assert_eq!(sent.redirect(), SENT);
    app.clock.advance(TimeDelta::seconds(1));
}

async fn looks(app: &TestApp) -> i64 {
    app.read(|db| {
        audit_entries::table.filter(audit_entries::action.eq("registration.sealed-seen")).count().get_result(db)
    })
    .await
}

/// Who is known again by which hints.
pub(super) async fn hints(app: &TestApp) -> Vec<(Option<String>, Option<String>)> {
    app.read(|db| {
        registrations::table
            .order(registrations::created_at)
            .select((registrations::document_key, registrations::birth_key))
            .load(db)
    })
    .await
}

async fn rows_by_key(app: &TestApp) -> Vec<String> {
    app.read(|db| sealed_answers::table.select(sealed_answers::key_id).order(sealed_answers::key_id).load(db)).await
}

on_both_databases! {
    async fn sealed_answers_can_not_be_read_at_rest_and_every_look_is_noted(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let app = TestApp::start_with(db.clone(), &[("sealing.keys", key.as_str())]).await;
        let organizer = with_identity(&app).await;
        let visitor = app.visitor();
        assert!(visitor.get(FORM).await.ok().contains("Kept encrypted"), "the form says how it is kept");
        // While the form is not sent the scan waits, sealed too.
        let scan = vec![("q-scan-of-the-document.file", "ada-lovelace-passport.pdf", pdf(SCANNED))];
        let again = sends(&visitor, FORM, &with_document("", NUMBER, BORN), scan).await;
        assert!(again.has_status(422).contains("ada-lovelace-passport.pdf"));
        let token = again.input("q-scan-of-the-document");
        assert_eq!(visitor.get(&format!("/summit/uploads/{token}")).await.bytes, pdf(SCANNED));
        let secret = [NUMBER, BORN, SCANNED, "ada-lovelace-passport", token.as_str()];
        assert_eq!(found_at_rest(&db, &secret), Vec::<String>::new());
        let mut fields = with_document("ada@example.org", NUMBER, BORN);
        fields.push(("q-scan-of-the-document", token.as_str()));
        assert_eq!(sends(&visitor, FORM, &fields, vec![]).await.redirect(), SENT);
        let own = confirms(&app, "ada@example.org").await;
        assert_eq!(rows_by_key(&app).await.len(), 5, "each answer that was given");
        // Officers open them on purpose; nothing is noted before, and everything after.
        let id = only_registration(&app).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = format!("/organizer/summit/accreditation/{id}");
        let closed = officer.get(&page).await;
        assert!(closed.ok().contains("Kept sealed") && !closed.says(NUMBER) && looks(&app).await == 0);
        let open = officer.post_form(&format!("{page}/sealed"), &[]).await;
        assert!(open.ok().contains(NUMBER) && open.says(BORN) && open.says("ada-lovelace-passport.pdf"));
        assert_eq!((open.header("cache-control"), looks(&app).await), ("no-store", 1));
        let file = open.body.split("/files/").nth(1).and_then(|rest| rest.split('"').next()).expect("a file").to_owned();
        assert_eq!(officer.get(&format!("{page}/files/{file}")).await.bytes, pdf(SCANNED));
        assert_eq!(looks(&app).await, 2, "a file is a look too");
        // The block is for officers only: the desk learns nothing, and observers may not even try.
        let desk = format!("/organizer/summit/registrations/{id}");
        assert!(!organizer.get(&desk).await.ok().contains("Kept sealed"));
        assert!(!organizer.post_form(&format!("{desk}/sealed"), &[]).await.ok().contains(NUMBER));
        app.signed_in_as(Role::Observer).await.post_form(&format!("{desk}/sealed"), &[]).await.has_status(403);
        organizer.get(&format!("{desk}/files/{file}")).await.has_status(404);
        assert!(organizer.get(&desk).await.ok().contains("Sealed answers opened"), "the history tells of it");
        // Whose they are has them all.
        let data = visitor.get(&format!("{own}/data.json")).await;
        assert!(data.ok().contains(NUMBER) && data.says("ada-lovelace-passport.pdf"));
        assert_eq!(visitor.get(&format!("{own}/files/{file}")).await.bytes, pdf(SCANNED));
        let answers = format!("{own}/answers");
        let form = visitor.get(&answers).await;
        assert_eq!(form.input("q-number-of-the-document"), NUMBER);
        assert!(!visitor.get(&own).await.ok().contains(NUMBER), "nobody reads it over a shoulder");
        let csv = organizer.get("/organizer/summit/registrations.csv").await;
        assert!(!csv.ok().contains(NUMBER));
        let changed = [
            ("version", form.input("version")), ("q-identity-document", "passport".into()), ("q-number-of-the-document", "X-77".into()),
            ("q-country-that-issued-it", "GB".into()), ("q-date-of-birth", BORN.into()), ("q-scan-of-the-document", form.input("q-scan-of-the-document")),
        ];
        let changed: Vec<(&str, &str)> = changed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(sends(&visitor, &answers, &changed, vec![]).await.redirect(), own);
        let open = officer.post_form(&format!("{page}/sealed"), &[]).await;
        assert!(open.ok().contains("X-77") && !open.says(NUMBER));
        assert_eq!(found_at_rest(&db, &["X-77", NUMBER, BORN, SCANNED, "ada-lovelace-passport"]), Vec::<String>::new());
    }

    async fn a_row_in_another_place_or_under_another_key_does_not_open(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let app = TestApp::start_with(db.clone(), &[("sealing.keys", key.as_str())]).await;
        with_identity(&app).await;
        registers(&app, "ada@example.org", NUMBER).await;
        registers(&app, "bo@example.org", "B-2").await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let rows: Vec<(RegistrationId, QuestionId, String)> = app
            .read(|db| sealed_answers::table.order((sealed_answers::question_id, sealed_answers::registration_id)).select((sealed_answers::registration_id, sealed_answers::question_id, sealed_answers::sealed)).load(db))
            .await;
        // Somebody with the database gives each the other's answers.
        app.write(move |db, _| {
            for pair in rows.chunks(2) {
                for (own, other) in [(&pair[0], &pair[1]), (&pair[1], &pair[0])] {
                    let row = sealed_answers::table.filter(sealed_answers::registration_id.eq(own.0)).filter(sealed_answers::question_id.eq(own.1));
                    diesel::update(row).set(sealed_answers::sealed.eq(&other.2)).execute(db)?;
                }
            }
            Ok(())
        })
        .await;
        let id: RegistrationId = app.read(|db| registrations::table.order(registrations::created_at).select(registrations::id).first(db)).await;
        let open = officer.post_form(&format!("/organizer/summit/accreditation/{id}/sealed"), &[]).await;
        assert!(open.ok().contains("No key opens this") && !open.says("B-2") && !open.says(NUMBER));
        // Another key of the same name opens nothing either, and saving the form keeps what it can't read.
        let own = confirms(&app, "bo@example.org").await;
        let before = app.read(|db| sealed_answers::table.select(sealed_answers::sealed).order(sealed_answers::sealed).load::<String>(db)).await;
        let wrong = SealingKeys::fresh("a");
        let other = TestApp::start_with(db.clone(), &[("sealing.keys", wrong.as_str())]).await;
        let form = other.visitor().get(&format!("{own}/answers")).await;
        assert!(!form.ok().contains("q-number-of-the-document"), "what can't be opened is not asked again");
        other.visitor().post_form(&format!("{own}/answers"), &[("version", form.input("version").as_str())]).await.redirect();
        let after = app.read(|db| sealed_answers::table.select(sealed_answers::sealed).order(sealed_answers::sealed).load::<String>(db)).await;
        assert_eq!(before, after);
    }

    async fn answers_are_sealed_anew_while_people_register(db: TestDatabase) {
        let (old, new) = (SealingKeys::fresh("old"), SealingKeys::fresh("new"));
        let app = TestApp::start_with(db.clone(), &[("sealing.keys", old.as_str())]).await;
        with_identity(&app).await;
        registers(&app, "ada@example.org", NUMBER).await;
        registers(&app, "bo@example.org", NUMBER).await;
        let ids: Vec<RegistrationId> = app.read(|db| registrations::table.order(registrations::created_at).select(registrations::id).load(db)).await;
        let page = format!("/organizer/summit/accreditation/{}", ids[0]);
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        assert!(officer.get(&page).await.ok().contains("The same identity document"), "one document, two people");
        let both = format!("{new},{old}");
        let serving = TestApp::start_with(db.clone(), &[("sealing.keys", both.as_str())]).await;
        let storm = async {
            for number in 0..8 {
                registers(&serving, &format!("guest{number}@example.org"), NUMBER).await;
            }
        };
        let (done, ()) = tokio::join!(rotate(&serving.app), storm);
        let done = done.expect("rotated");
        assert_eq!((done.key.as_str(), done.sealed.get("old").copied(), done.unopened.len()), ("new", Some(10), 0));
        assert!(rows_by_key(&app).await.iter().all(|key| key == "new"));
        let all = hints(&app).await;
        assert!(all.iter().all(|(document, birth)| document == &all[0].0 && birth == &all[0].1), "all are known again: {all:?}");
        assert!(all[0].0.as_deref().is_some_and(|hint| hint.starts_with("new:")));
        assert_eq!(rotate(&serving.app).await.expect("rotated").sealed.len(), 0, "a second time there is nothing to do");
        // The old key can go: everything opens, files too.
        let last = TestApp::start_with(db.clone(), &[("sealing.keys", new.as_str())]).await;
        let officer = last.visitor();
        officer.signs_in(&Role::AccreditationOfficer.email()).await;
        let open = officer.post_form(&format!("{page}/sealed"), &[]).await;
        assert!(open.ok().contains(NUMBER));
        let file = open.body.split("/files/").nth(1).and_then(|rest| rest.split('"').next()).expect("a file");
        assert_eq!(officer.get(&format!("{page}/files/{file}")).await.bytes, pdf(SCANNED));
        assert!(officer.get(&page).await.ok().contains("The same identity document"));
        // A rotation without the key that sealed them names what it could not open.
        let third = SealingKeys::fresh("third");
        let blind = TestApp::start_with(db.clone(), &[("sealing.keys", third.as_str())]).await;
        let done = rotate(&blind.app).await.expect("rotated");
        assert_eq!((done.sealed.len(), done.unopened.len(), done.hints), (0, 50, 0));
        assert!(done.unopened.iter().any(|one| one.question == "number-of-the-document" && one.key == "new" && !one.code.is_empty()));
        assert!(rows_by_key(&app).await.iter().all(|key| key == "new"), "they stay as they were");
    }

    async fn sealed_answers_and_files_are_gone_some_days_after_the_event(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let app = TestApp::start_with(db.clone(), &[("sealing.keys", key.as_str())]).await;
        let organizer = with_identity(&app).await;
        asks(&organizer, "file", "Letter", &[]).await;
        let mut files = vec![("q-scan-of-the-document.file", "scan.pdf", pdf(SCANNED))];
        files.push(("q-letter.file", "letter.pdf", pdf("letter")));
        sends(&app.visitor(), FORM, &with_document("ada@example.org", NUMBER, BORN), files).await.redirect();
        assert_eq!(delete_due(&app.app).await.expect("run"), 0);
        // The event ends on 16 April at midnight in Shanghai; thirty days later is 16 May.
        app.clock.set("2027-05-16T15:59:00Z");
        assert_eq!(delete_due(&app.app).await.expect("run"), 0);
        // Fewer days hold at once for what is kept already.
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rules = organizer.get("/organizer/summit/attendance").await;
        let fields = [("version", rules.input("version")), ("sealed_days", "29".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        organizer.post_form("/organizer/summit/attendance", &fields).await.redirect();
        assert_eq!(delete_due(&app.app).await.expect("run"), 1);
        assert_eq!(rows_by_key(&app).await, Vec::<String>::new());
        assert_eq!(hints(&app).await, [(None, None)]);
        let left: Vec<String> = app.read(|db| answer_files::table.select(answer_files::name).load(db)).await;
        assert_eq!(left, ["letter.pdf"], "what is not sealed stays");
        let kept = std::fs::read_dir(db.folder().join("files/answers")).expect("a folder").count();
        assert_eq!(kept, 1, "the bytes of the scan are gone");
        let noted: i64 = app.read(|db| audit_entries::table.filter(audit_entries::action.eq("registration.sealed-deleted")).count().get_result(db)).await;
        assert_eq!((noted, delete_due(&app.app).await.expect("run again")), (1, 0));
    }

    async fn nothing_is_sealed_without_a_key_and_the_page_says_how_to_make_one(db: TestDatabase) {
        let app = TestApp::start(db.clone()).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        assert!(organizer.get(FORMS).await.ok().contains("plenary key new"));
        organizer.post_form(&format!("{FORMS}/blocks"), &[("block", "identity")]).await.has_status(409);
        let new = format!("{FORMS}/new");
        assert!(organizer.get(&new).await.ok().contains("plenary key new"));
        let fields = [("kind", "short_text"), ("label.en", "Passport"), ("stage", "apply"), ("is_sealed", "on")];
        assert!(organizer.post_form(&new, &fields).await.has_status(422).contains("no key to seal with yet"));
        // With one: sealed for good, never at the door, no places.
        let key = SealingKeys::fresh("a");
        let keyed = TestApp::start_with(db.clone(), &[("sealing.keys", key.as_str())]).await;
        let organizer = keyed.visitor();
        organizer.signs_in(&Role::Organizer.email()).await;
        organizer.post_form(&new, &[fields.as_slice(), &[("seen_by", "checkin")]].concat()).await.has_status(422);
        organizer.post_form(&new, &[("kind", "consent"), ("label.en", "C"), ("help.en", "c"), ("stage", "apply"), ("is_sealed", "on")]).await.has_status(422);
        let question = asks(&organizer, "short_text", "Passport", &[("is_sealed", "on"), ("is_required", "on")]).await;
        let page = organizer.get(&question).await;
        assert!(page.ok().contains("Answers to this question are sealed"));
        let open = [("version", page.input("version")), ("label.en", "Passport number".to_owned()), ("stage", "apply".to_owned()), ("is_required", "on".to_owned())];
        let open: Vec<(&str, &str)> = open.iter().map(|(name, value)| (*name, value.as_str())).collect();
        organizer.post_form(&question, &open).await.redirect();
        assert!(organizer.get(&question).await.ok().contains("Answers to this question are sealed"), "a tick that is missing opens nothing");
        // When the key is lost again nobody is registered with an answer in the clear.
        let mut fields = filled("guest", "ada@example.org");
        fields.push(("q-passport", NUMBER));
        let refused = app.visitor().post_form(FORM, &fields).await;
        assert!(refused.has_status(422).contains("can’t be kept safely"));
        assert_eq!(refused.input("q-passport"), NUMBER);
        assert_eq!(found_at_rest(&db, &[NUMBER]), Vec::<String>::new());
        assert_eq!(keyed.visitor().post_form(FORM, &fields).await.redirect(), SENT);
    }
}

#[test]
fn a_key_is_printed_and_used_at_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |arguments: &[&str], key: &str| {
        let done = std::process::Command::new(env!("CARGO_BIN_EXE_plenary"))
            .args(arguments)
            .current_dir(&folder)
            .env("PLENARY_SEALING__KEYS", key)
            .env("PLENARY_LOG__LEVEL", "error")
            .output()
            .expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let (code, key, _) = run(&["key", "new", "k1"], "");
    assert_eq!(code, Some(0));
    assert!(key.starts_with("k1:") && SealingKeys::read(&[key.clone().into()]).is_ok(), "{key}");
    assert!(!folder.path().join("data").exists(), "no database is made for a key");
    let (code, _, error) = run(&["key", "rotate"], "");
    assert!(code == Some(1) && error.contains("plenary key new"), "{error}");
    let (code, said, error) = run(&["key", "rotate"], &key);
    assert_eq!((code, said.as_str()), (Some(0), "Sealed 0 answers anew with the key k1."), "{error}");
    let (code, _, error) = run(&["key", "rotate"], "k1:c2VjcmV0");
    assert!(code == Some(1) && error.contains("sealing.keys") && !error.contains("c2VjcmV0"), "{error}");
}
