//! The record of changes: it can be read, found in and downloaded, and nothing in it can be changed unseen.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::actions::{ACTIONS, INSTALLATION_ACTIONS, INSTALLATION_KINDS, KINDS};
use plenary::audit::chain::Wrong;
use plenary::audit::checking::{Problem, check};
use plenary::audit::jobs::chain_waiting;
use plenary::audit::model::Head;
use plenary::audit::{Actor, Entry, forget_details, note};
use plenary::db::schema::{audit_entries, audit_links, registrations};
use plenary::db::{RegistrationId, UserId};
use regex::Regex;
use serde_json::json;
use std::collections::BTreeSet;

const PAGE: &str = "/organizer/summit/activity";

/// An organizer who has made a room and a category, and a guest who has registered.
async fn stage(app: &TestApp) -> Client {
    app.event().await;
    let organizer = app.signed_in_as(Role::Organizer).await;
    organizer
        .post_form("/organizer/summit/rooms/new", &[("name.en", "Hall 1"), ("name.zh", "一号厅")])
        .await
        .redirect();
    let category = [("name.en", "Guest"), ("code", "guest"), ("badge_color", "#1f4e9e")];
    organizer.post_form("/organizer/summit/categories/new", &category).await.redirect();
    let fields = [
        ("category", "guest"),
        ("email", "ada@example.org"),
        ("given_name", "Ada"),
        ("family_name", "<b>Okafor</b>"),
        ("accept_privacy", "on"),
    ];
    assert_eq!(app.visitor().post_form("/summit/register", &fields).await.status, 303);
    organizer
}

async fn guest(app: &TestApp) -> String {
    app.read(|db| registrations::table.select(registrations::id).first(db)).await
}

/// Problems that a walk along the chain finds.
async fn problems(app: &TestApp) -> Vec<Problem> {
    check(&app.app, None).await.expect("a walk").problems
}

on_both_databases! {
    async fn whatever_was_done_can_be_read_and_narrowed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = stage(&app).await;
        let guest = guest(&app).await;
        // Half of it is chained and half waits: the page shows both alike.
        for chained in [false, true] {
            if chained {
                assert!(chain_waiting(&app.app).await.expect("the job runs") > 3);
            }
            let page = organizer.get(PAGE).await;
            let page = page.ok();
            assert!(page.contains("\u{2068}Organizer\u{2069} made the room \u{2068}Hall 1\u{2069}"), "{page}");
            assert!(page.contains("A visitor registered \u{2068}Ada &lt;b&gt;Okafor&lt;/b&gt;\u{2069}"));
            assert!(!page.contains("<b>Okafor"));
            let rooms = organizer.get(&format!("{PAGE}?kind=room")).await;
            assert!(rooms.ok().contains("made the room") && !rooms.says("A visitor registered"));
            let by_visitors = organizer.get(&format!("{PAGE}?person=visitor")).await;
            assert!(!by_visitors.ok().contains("Organizer\u{2069} made the room") && by_visitors.says("A visitor registered"));
            let action = organizer.get(&format!("{PAGE}?action=registration.made")).await;
            assert!(action.ok().contains("A visitor registered") && !action.says("Organizer\u{2069} made the room"));
            assert!(organizer.get(&format!("{PAGE}?day=2027-03-01")).await.ok().contains("A visitor registered"));
            assert!(organizer.get(&format!("{PAGE}?day=2027-03-02")).await.ok().contains("Nothing found"));
            let one = organizer.get(&format!("{PAGE}?kind=registration&thing={guest}")).await;
            assert!(one.ok().contains("Only about Ada") && !one.says("Organizer\u{2069} made the room"));
        }
        let id: String = app.read(|db| audit_entries::table.filter(audit_entries::action.eq("room.created"))
            .select(audit_entries::actor_id.assume_not_null()).first(db)).await;
        let own = organizer.get(&format!("{PAGE}?person=user%3A{id}")).await;
        assert!(own.ok().contains("Only by") && own.says("made the room") && !own.says("A visitor registered"));
        // In the other language, and from the page of the person.
        let chinese = organizer.get(&format!("{PAGE}?lang=zh")).await;
        assert!(chinese.ok().contains("新建了会场“\u{2068}一号厅\u{2069}”"));
        let person = organizer.get(&format!("/organizer/summit/registrations/{guest}?lang=en")).await;
        assert!(person.ok().contains(&format!("{PAGE}?kind=registration&amp;thing={guest}")));
        // What makes no sense is left out instead of refused.
        for odd in ["?kind=nothing", "?person=nobody:x", "?day=tomorrow", "?after=x", "?thing=x", "?action=a.b", "?person=%3A"] {
            organizer.get(&format!("{PAGE}{odd}")).await.ok();
        }
    }

    async fn the_list_is_downloaded_as_it_is_shown(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = stage(&app).await;
        let file = organizer.get(&format!("{PAGE}.csv?kind=registration")).await;
        let text = file.ok().trim_start_matches('\u{feff}');
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = rows.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!(&rows[0][8], "A visitor registered Ada <b>Okafor</b>");
        assert!(file.header("content-disposition").contains("summit-activity.csv"));
        // Who downloaded it is noted too; its cells are no formulas.
        assert!(organizer.get(PAGE).await.ok().contains("downloaded the record of changes"));
    }

    async fn what_belongs_to_no_event_is_read_by_administrators(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = stage(&app).await;
        let administrator = app.signed_in_as(Role::Administrator).await;
        administrator.post_form("/organizer/mail", &[("pause", "yes")]).await.redirect();
        for chained in [false, true] {
            if chained {
                chain_waiting(&app.app).await.expect("the job runs");
            }
            let page = administrator.get("/organizer/activity").await;
            assert!(page.ok().contains("Administrator\u{2069} paused the mail"), "{}", page.body);
            assert!(page.says("Organizer\u{2069} signed in"), "{}", page.body);
            assert!(!page.says("made the room") && !page.says("A visitor registered"), "those are of the event");
            let accounts = administrator.get("/organizer/activity?kind=user&action=account.signed-in").await;
            assert!(accounts.ok().contains("Organizer\u{2069} signed in") && !accounts.says("paused the mail<br>"));
        }
        let own = organizer.get(PAGE).await;
        assert!(!own.ok().contains("\u{2069} paused the mail") && !own.says("signed in<br>"), "those are of no event");
        assert_eq!(organizer.get("/organizer/activity").await.status, 403);
        assert_eq!(organizer.get("/organizer/activity.csv").await.status, 403);
        let file = administrator.get("/organizer/activity.csv?kind=event").await;
        assert!(file.header("content-disposition").contains("plenary-activity.csv"));
        let mut rows = csv::Reader::from_reader(file.ok().trim_start_matches('\u{feff}').as_bytes());
        let mut sentences: Vec<String> = rows.records().map(|row| row.expect("a row")[8].to_owned()).collect();
        sentences.sort();
        assert_eq!(sentences, ["Administrator downloaded the record of changes", "Administrator paused the mail"]);
        assert!(administrator.get("/organizer/activity?lang=zh").await.ok().contains("系统操作记录"));
    }

    async fn every_entry_is_on_exactly_one_page(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = stage(&app).await;
        let event = app.event().await.id;
        // Many at one instant, so that ids decide; some chained, some waiting.
        let add = |count: usize| app.write(move |db, now| {
            (0..count).try_for_each(|_| note(db, now, &Entry::new(Some(event), Actor::System, "rules.changed", "event", event.as_str())))
        });
        add(80).await;
        chain_waiting(&app.app).await.expect("the job runs");
        app.clock.advance(TimeDelta::seconds(1));
        add(60).await;
        let mut url = format!("{PAGE}?action=rules.changed");
        let mut counts = Vec::new();
        while counts.len() < 10 {
            let page = organizer.get(&url).await;
            counts.push(page.ok().matches("changed the rules of the timetable<br>").count());
            let Some(next) = page.body.split("rel=\"next\" href=\"").nth(1) else { break };
            url = next.split('"').next().expect("an address").replace("&amp;", "&");
        }
        assert_eq!(counts, [50, 50, 40]);
    }

    async fn a_change_of_the_record_is_seen_and_named(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        assert_eq!(problems(&app).await, [], "nothing is chained yet, which is no problem");
        chain_waiting(&app.app).await.expect("the job runs");
        let found = check(&app.app, None).await.expect("a walk");
        assert_eq!((found.problems, found.waiting), (vec![], 0));
        let head = found.head;
        let noted = Head { position: head.position, hash: head.hash[..16].to_owned() };
        assert_eq!(check(&app.app, Some(noted.clone())).await.expect("a walk").problems, []);
        let second: String = app.read(|db| audit_links::table.find(2).select(audit_links::entry_id).first(db)).await;
        // Changed.
        let id = second.clone();
        app.write(move |db, _| diesel::update(audit_entries::table.find(&id)).set(audit_entries::action.eq("room.deleted")).execute(db)).await;
        let [Problem::Broken { position: 2, wrong: Wrong::Changed, id, .. }] = &problems(&app).await[..] else {
            panic!("{:?}", problems(&app).await)
        };
        assert_eq!(id, &second);
        // Taken away.
        let id = second.clone();
        app.write(move |db, _| diesel::delete(audit_entries::table.find(&id)).execute(db)).await;
        assert!(matches!(problems(&app).await[..], [Problem::Broken { position: 2, wrong: Wrong::EntryGone, .. }]));
        // With its link.
        app.write(|db, _| diesel::delete(audit_links::table.find(2)).execute(db)).await;
        assert!(matches!(problems(&app).await[..], [Problem::Broken { position: 3, wrong: Wrong::Gap, .. }]));
        // The end cut off: the rest holds, and does not hold what somebody noted.
        app.write(|db, _| {
            let cut = audit_links::table.filter(audit_links::position.ge(2)).select(audit_links::entry_id);
            diesel::delete(audit_entries::table.filter(audit_entries::id.eq_any(cut))).execute(db)?;
            diesel::delete(audit_links::table.filter(audit_links::position.ge(2))).execute(db)
        }).await;
        assert_eq!(problems(&app).await, []);
        assert!(matches!(check(&app.app, Some(noted)).await.expect("a walk").problems[..], [Problem::Unlike { .. }]));
    }

    async fn entries_slipped_in_or_left_waiting_are_seen(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        chain_waiting(&app.app).await.expect("the job runs");
        let event = app.event().await.id;
        app.write(move |db, now| note(db, now, &Entry::new(Some(event), Actor::System, "rules.changed", "event", event.as_str()))).await;
        app.clock.advance(TimeDelta::minutes(61));
        assert!(matches!(problems(&app).await[..], [Problem::Waiting { entries: 1, .. }]));
        app.write(|db, _| diesel::update(audit_entries::table).set(audit_entries::is_chained.eq(true)).execute(db)).await;
        assert_eq!(problems(&app).await, [Problem::Slipped { entries: 1 }]);
    }

    async fn erasing_a_person_keeps_the_chain(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        let event = app.event().await.id;
        let guest: RegistrationId = guest(&app).await.parse().expect("an id");
        app.write(move |db, now| {
            let entry = Entry::new(Some(event), Actor::System, "registration.cancelled", "registration", guest.as_str());
            note(db, now, &entry.with(json!({ "reason": "has the flu" })))
        }).await;
        chain_waiting(&app.app).await.expect("the job runs");
        app.write(move |db, _| forget_details(db, "registration", guest.as_str())).await;
        assert!(matches!(problems(&app).await[..], [Problem::Erased { .. }]), "nobody asked for it");
        app.write(move |db, now| note(db, now, &Entry::new(Some(event), Actor::System, "registration.erased", "registration", guest.as_str()))).await;
        assert_eq!(problems(&app).await, []);
        chain_waiting(&app.app).await.expect("the job runs");
        assert_eq!(problems(&app).await, []);
        let salts: Vec<Option<String>> = app.read(move |db| audit_links::table
            .inner_join(audit_entries::table.on(audit_entries::id.eq(audit_links::entry_id)))
            .filter(audit_entries::subject_id.eq(guest)).select(audit_links::salt).load(db)).await;
        assert!(salts.len() >= 2 && salts.iter().all(Option::is_none), "what is left can't be tried out");
    }

    async fn several_processes_make_one_chain(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        let event = app.event().await.id;
        app.write(move |db, now| {
            let user = UserId::new();
            (0..700).try_for_each(|_| note(db, now, &Entry::new(Some(event), Actor::User(user), "rules.changed", "event", event.as_str())))
        }).await;
        // One of them may find that the other is at it, which is no harm.
        let both = tokio::join!(chain_waiting(&app.app), chain_waiting(&app.app));
        assert!(both.0.is_ok() || both.1.is_ok());
        chain_waiting(&app.app).await.expect("the job runs");
        let found = check(&app.app, None).await.expect("a walk");
        assert_eq!((found.problems, found.waiting), (vec![], 0));
        assert!(found.head.position > 700);
    }
}

#[test]
fn every_action_and_kind_of_thing_has_its_words() {
    let word = Regex::new(r#""([a-z]+(?:-[a-z]+)*\.[a-z]+(?:[-_][a-z]+)*)""#).expect("a pattern");
    // Names of files, of settings and of texts.
    let other =
        Regex::new(r"\.(csv|html|txt|md|json|xml|js|css|ics|toml|eml|url)$|^(http|mail-kind)\.").expect("a pattern");
    let known = |action: &str| ACTIONS.contains(&action) || INSTALLATION_ACTIONS.contains(&action);
    let mut unknown = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
                continue;
            }
            let content = std::fs::read_to_string(&entry).expect("a text");
            if !content.contains("audit::")
                || entry.ends_with("jobs/schedule.rs")
                || entry.to_string_lossy().contains("/cli/")
            {
                continue;
            }
            let actions = word.captures_iter(&content).map(|found| found[1].to_owned());
            unknown.extend(actions.filter(|action| !other.is_match(action) && !known(action)));
        }
    }
    assert_eq!(unknown, BTreeSet::new(), "add them to src/audit/actions.rs and word them in locales/*/activity.ftl");
    let texts =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/locales/en/activity.ftl")).expect("texts");
    for action in ACTIONS.iter().chain(INSTALLATION_ACTIONS) {
        let key = format!("activity-did-{} =", action.replace(['.', '_'], "-"));
        assert!(texts.contains(&key), "no {key}");
    }
    for kind in KINDS {
        assert!(texts.contains(&format!("activity-kind-{kind} =")), "no words for {kind}");
    }
    for kind in INSTALLATION_KINDS {
        assert!(texts.contains(&format!("activity-installation-kind-{kind} =")), "no words for {kind}");
    }
}
