//! Consents, and deleting what is held about somebody.

use super::{FORM, SENT, facts, filled, given_attendee, given_category, places, states, with};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use diesel::{sql_query, sql_types};
use plenary::db::Backend;
use plenary::registration::privacy::jobs::erase_due;
use secrecy::ExposeSecret;

/// Adds a question and returns the address of its page.
async fn asks(organizer: &Client, label: &str, more: &[(&str, &str)]) -> String {
    let usual = [
        ("kind", "consent"),
        ("label.en", label),
        ("help.en", "The first wording."),
        ("stage", "apply"),
        ("seen_by", "desk"),
    ];
    organizer.post_form("/organizer/summit/forms/new", &with(usual.to_vec(), more)).await.redirect();
    let page = organizer.get("/organizer/summit/forms").await;
    let before = page.body.split(&format!("{label}</span></a>")).next().expect("the question is listed");
    before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link").to_owned()
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = sql_types::Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = sql_types::BigInt)]
    count: i64,
}

/// Where these words stand, whatever their case: in the file and its log on SQLite, in any row on Postgres.
async fn traces(app: &TestApp, words: &'static [&'static str]) -> Vec<String> {
    let settings = app.app.settings.database.url.expose_secret();
    if app.app.db.backend() == Backend::Sqlite {
        let path = settings.trim_start_matches("sqlite://");
        let mut found = Vec::new();
        for suffix in ["", "-wal"] {
            let bytes = std::fs::read(format!("{path}{suffix}")).unwrap_or_default().to_ascii_lowercase();
            let holds = |word: &&&str| {
                let word = word.to_lowercase();
                bytes.windows(word.len()).any(|window| window == word.as_bytes())
            };
            found.extend(words.iter().filter(holds).map(|word| format!("{word} in the file{suffix}")));
        }
        return found;
    }
    app.read(move |db| {
        let tables: Vec<Name> =
            sql_query("SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'")
                .load(db)?;
        let mut found = Vec::new();
        for Name { name } in tables {
            for word in words {
                let query = format!("SELECT count(*) AS count FROM \"{name}\" one WHERE one::text ILIKE '%{word}%'");
                if sql_query(query).get_result::<Count>(db)?.count > 0 {
                    found.push(format!("{word} in {name}"));
                }
            }
        }
        Ok(found)
    })
    .await
}

const WORDS: &[&str] =
    &["zephyrine", "quillfeather", "zq@unlikely.example", "Ministry of Unmistakables", "peanuts-and-kiwi"];

on_both_databases! {
    async fn an_optional_consent_is_withdrawn_by_one_press_and_a_required_one_says_what_it_means(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let photos = asks(&organizer, "Photos of me", &[]).await;
        asks(&organizer, "House rules", &[("is_required", "on")]).await;
        asks(&organizer, "Who may see them", &[("kind", "short_text"), ("depends_on", "photos-of-me"), ("depends_values", "1")]).await;
        let visitor = app.visitor();
        let fields = with(filled("guest", "ada@example.org"), &[("q-photos-of-me", "on"), ("q-house-rules", "on"), ("q-who-may-see-them", "the press")]);
        assert_eq!(visitor.post_form(FORM, &fields).await.redirect(), SENT);
        let link = app.mail_to("ada@example.org").await[0].link("/summit/verify/");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        let (page, url) = (format!("{own}/consents"), own.clone());
        let first = visitor.get(&page).await;
        for words in ["Photos of me", "House rules", "version 1", "The first wording.", "1 March 2027", "Nobody can take part without this", "/cancel", "/delete"] {
            assert!(first.ok().contains(words), "{words} in {}", first.body);
        }
        let version = organizer.get(&photos).await.input("version");
        let reworded = [("version", version.as_str()), ("label.en", "Photos of me"), ("help.en", "Another wording."), ("stage", "apply"), ("seen_by", "desk")];
        organizer.post_form(&photos, &reworded).await.redirect();
        let later = visitor.get(&page).await;
        assert!(later.ok().contains("The first wording.") && later.says("The wording has changed since") && !later.says("Another wording."));
        visitor.post_form(&page, &[("question", "house-rules")]).await.has_status(409);
        visitor.post_form(&page, &[("question", "no-such-question")]).await.has_status(404);
        app.clock.advance(TimeDelta::days(1));
        for _ in 0..2 {
            assert_eq!(visitor.post_form(&page, &[("question", "photos-of-me")]).await.redirect(), page);
        }
        let withdrawn = visitor.get(&page).await;
        assert!(withdrawn.ok().contains("Withdrawn on") && withdrawn.says("2 March 2027"));
        let data = visitor.get(&format!("{own}/data.json")).await;
        assert!(!data.ok().contains("the press"), "what was asked because of it is gone with it");
        let id = states(&app).await[0].0;
        let desk = organizer.get(&format!("/organizer/summit/registrations/{id}")).await;
        assert!(desk.ok().contains("Withdrew a consent"));
        // Given again by the form, it is the wording of today.
        let answers = visitor.get(&format!("{url}/answers")).await;
        let version = answers.input("version");
        let again = [("version", version.as_str()), ("q-photos-of-me", "on"), ("q-house-rules", "on")];
        visitor.post_form(&format!("{url}/answers"), &again).await.redirect();
        let page = visitor.get(&page).await;
        assert!(page.ok().contains("version 2") && page.says("Another wording.") && !page.says("Withdrawn on"));
        let data = visitor.get(&format!("{own}/data.json")).await;
        let data: serde_json::Value = serde_json::from_str(data.ok()).expect("JSON");
        assert_eq!(data["consents"].as_array().map(Vec::len), Some(2), "{data}");
    }

    async fn deletion_really_deletes_and_counts_stay(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        asks(&organizer, "Allergies", &[("kind", "short_text")]).await;
        given_attendee(&app, "guest", "stays@example.org").await;
        let fields = [("given_name", "Zephyrine"), ("family_name", "Quillfeather"), ("organisation", "Ministry of Unmistakables"),
            ("q-allergies", "peanuts-and-kiwi"), ("country", "CN")];
        let visitor = app.visitor();
        visitor.post_form(FORM, &with(filled("guest", "zq@unlikely.example"), &fields)).await.redirect();
        let link = app.mail_to("zq@unlikely.example").await[0].link("/summit/verify/");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        assert!(traces(&app, WORDS).await.len() >= WORDS.len());
        let delete = format!("{own}/delete");
        let page = visitor.get(&delete).await;
        assert!(page.ok().contains("is cancelled at once") && page.says("4 March 2027") && page.says("data.json"));
        visitor.post_form(&delete, &[]).await.has_status(422);
        assert_eq!(states(&app).await[1].1, "confirmed", "nothing happens unless one is sure");
        visitor.post_form(&delete, &[("sure", "on")]).await.redirect();
        assert_eq!(places(&app, category).await, (1, 1), "the place is given back at once");
        let kinds: Vec<String> = app.mail_to("zq@unlikely.example").await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds[2..], ["cancelled", "erasure_asked"]);
        assert!(visitor.get(&own).await.ok().contains("Everything about you is deleted on"));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 0, "there is time to think");
        // Taken back, it is not done; asked for again, it is.
        visitor.post_form(&format!("{delete}/take-back"), &[]).await.redirect();
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 0);
        visitor.post_form(&delete, &[("sure", "on")]).await.redirect();
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 1);
        assert_eq!(erase_due(&app.app).await.expect("a run"), 0);
        assert_eq!(traces(&app, WORDS).await, Vec::<String>::new());
        visitor.get(&own).await.has_status(404);
        visitor.get(&link).await.has_status(404);
        let list = organizer.get("/organizer/summit/registrations?state=cancelled").await;
        assert!(list.ok().contains("CN") || list.says("China"), "country and state are counted on");
        let id = states(&app).await[1].0;
        let desk = organizer.get(&format!("/organizer/summit/registrations/{id}")).await;
        assert!(desk.ok().contains("Everything about the person was deleted"));
        // The address may register again, and somebody else has lost nothing.
        assert_eq!(visitor.post_form(FORM, &filled("guest", "zq@unlikely.example")).await.redirect(), SENT);
        assert_eq!(app.mail_to("stays@example.org").await.len(), 2);
    }

    async fn a_rejection_can_be_examined_until_the_event_is_over(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut guarded = facts("Press");
        guarded.admission.needs_approval = true;
        given_category(&app, "press", guarded).await;
        let own = given_attendee(&app, "press", "ada@example.org").await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let id = states(&app).await[0].0;
        let page = format!("/organizer/summit/accreditation/{id}");
        let version = officer.get(&page).await.input("version");
        let reject = [("version", version.as_str()), ("decision", "reject"), ("reason", "The desk is full of unmistakables.")];
        officer.post_form(&page, &reject).await.redirect();
        let visitor = app.visitor();
        let asked = visitor.get(&format!("{own}/delete")).await;
        assert!(asked.ok().contains("it must be possible to examine it") && asked.says("17 April 2027"), "{}", asked.body);
        visitor.post_form(&format!("{own}/delete"), &[("sure", "on")]).await.redirect();
        app.clock.advance(TimeDelta::days(10));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 0);
        app.clock.advance(TimeDelta::days(40));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 1);
        assert_eq!(traces(&app, &["unmistakables", "ada@example.org"]).await, Vec::<String>::new());
        let history: i64 = app.read(move |db| {
            use plenary::db::schema::reviews;
            reviews::table.filter(reviews::registration_id.eq(id)).count().get_result(db)
        }).await;
        assert!(history > 0, "that it was decided stays");
    }

    async fn whoever_took_over_a_place_is_deleted_from_the_mails_of_whoever_gave_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut passed = facts("Guest");
        passed.inclusion.may_transfer = true;
        given_category(&app, "guest", passed).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        let named = [("given_name", "Zephyrine"), ("family_name", "Quillfeather"), ("email", "zq@unlikely.example")];
        let visitor = app.visitor();
        visitor.post_form(&format!("{own}/transfer"), &named).await.redirect();
        let link = app.mail_to("zq@unlikely.example").await[0].link("/summit/transfer/");
        let fields = [("given_name", "Zephyrine"), ("family_name", "Quillfeather"), ("accept_privacy", "on")];
        let new = visitor.post_form(&link, &fields).await.redirect().to_owned();
        visitor.post_form(&format!("{new}/delete"), &[("sure", "on")]).await.redirect();
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 1);
        assert_eq!(traces(&app, &["zephyrine", "quillfeather", "zq@unlikely.example"]).await, Vec::<String>::new());
    }
}
