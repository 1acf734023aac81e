//! Events, their settings, their rooms.

use crate::on_both_databases;
use crate::support::{Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, events, rooms, sessions, slots};
use plenary::db::{RoomId, SessionId, SlotId};

const NEW_EVENT: [(&str, &str); 6] = [
    ("name", "World Summit 2027"),
    ("slug", "ws-2027"),
    ("starts_on", "2027-04-13"),
    ("ends_on", "2027-04-16"),
    ("timezone", "Asia/Shanghai"),
    ("languages", "zh, en"),
];

/// The form with some fields in other words.
fn changed<'a>(form: &[(&'a str, &'a str)], fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let other = |name: &str| fields.iter().find(|(changed, _)| *changed == name).map(|(_, value)| *value);
    form.iter().map(|(name, value)| (*name, other(name).unwrap_or(value))).collect()
}

const SETTINGS: [(&str, &str); 11] = [
    ("version", "1"),
    ("name.en", "World Summit"),
    ("name.zh", "世界峰会"),
    ("tagline.en", "Building a shared future"),
    ("place.zh", "乌镇"),
    ("starts_on", "2027-04-13"),
    ("ends_on", "2027-04-16"),
    ("timezone", "Asia/Shanghai"),
    ("languages", "en, zh"),
    ("accent", "#AA3300"),
    ("contact_email", "office@example.org"),
];

on_both_databases! {
    async fn an_administrator_makes_an_event(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let admin = app.signed_in_as(Role::Administrator).await;
        admin.get("/organizer/new").await.ok();
        assert_eq!(admin.post_form("/organizer/new", &NEW_EVENT).await.redirect(), "/organizer/ws-2027");
        let page = admin.get("/organizer/ws-2027").await;
        assert!(page.ok().contains("World Summit 2027") && page.says("begins in 43 days") && page.says("Add the rooms"));
        assert!(admin.get("/organizer").await.ok().contains("/organizer/ws-2027"));
        let taken = admin.post_form("/organizer/new", &NEW_EVENT).await;
        assert!(taken.has_status(422).contains("Another event has this address"));
    }

    async fn every_wrong_fact_of_a_new_event_is_told_at_its_field(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let admin = app.signed_in_as(Role::Administrator).await;
        for (field, value, words) in [
            ("name", " ", "Please fill this in"),
            ("slug", "Ünfit slug", "2 to 60 small letters"),
            ("slug", "organizer", "taken by the program itself"),
            ("starts_on", "13 April", "Please enter a date"),
            ("ends_on", "2027-04-12", "The last day comes before the first"),
            ("ends_on", "2028-04-30", "at most 366 days"),
            ("timezone", "Asia/Wuzhen", "Please enter a time zone"),
            ("languages", "english", "Please enter language tags"),
            ("languages", "", "Please enter language tags"),
        ] {
            let answer = admin.post_form("/organizer/new", &changed(&NEW_EVENT, &[(field, value)])).await;
            let page = answer.has_status(422);
            assert!(page.contains(words), "{field} = {value}");
            assert_eq!(page.matches("class=\"field-error\"").count(), 1, "{field} = {value}");
            if field != "name" {
                assert!(page.contains("World Summit 2027"), "what was typed stays");
            }
        }
        let all = admin.post_form("/organizer/new", &[]).await;
        assert!(all.has_status(422).matches("class=\"field-error\"").count() >= 5, "all at once");
    }

    async fn settings_are_changed_in_every_language_side_by_side(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let page = organizer.get("/organizer/summit/settings").await;
        assert_eq!((page.input("version"), page.input("name.en")), ("1".to_owned(), "World Summit".to_owned()));
        assert_eq!(organizer.post_form("/organizer/summit/settings", &SETTINGS).await.redirect(), "/organizer/summit/settings");
        let page = organizer.get("/organizer/summit/settings").await;
        assert_eq!((page.input("version"), page.input("name.zh")), ("2".to_owned(), "世界峰会".to_owned()));
        assert_eq!((page.input("place.zh"), page.input("accent")), ("乌镇".to_owned(), "#aa3300".to_owned()));
        let counted = app.read(|db| events::table.select((events::public_version, events::draft_version)).first::<(i64, i64)>(db)).await;
        assert_eq!(counted, (2, 2), "caches must notice");
        let actions: Vec<String> =
            app.read(|db| audit_entries::table.filter(audit_entries::subject_kind.eq("event")).select(audit_entries::action).load(db)).await;
        assert_eq!(actions, ["event.created", "event.changed"]);

        for (field, value, words) in [
            ("name.en", "", None),
            ("accent", "red", Some("Please choose a colour")),
            ("contact_email", "office", Some("name@example.org")),
            ("ends_on", "2027-04-01", Some("The last day comes before the first")),
            ("timezone", "Moon/Base", Some("Please enter a time zone")),
        ] {
            let answer = organizer.post_form("/organizer/summit/settings", &changed(&SETTINGS, &[(field, value), ("version", "2")])).await;
            match words {
                Some(words) => assert!(answer.has_status(422).contains(words), "{field}"),
                // A name in any language is enough; this one is put back for the next round.
                None => assert_eq!(answer.status, 303, "{field}"),
            }
            if words.is_none() {
                app.write(|db, _| diesel::update(events::table).set(events::version.eq(2)).execute(db)).await;
            }
        }
    }

    async fn the_second_of_two_editors_sees_what_the_first_has_stored(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form("/organizer/summit/settings", &SETTINGS).await.redirect();
        let late = changed(&SETTINGS, &[("tagline.en", "Another theme")]);
        let answer = organizer.post_form("/organizer/summit/settings", &late).await;
        assert!(answer.has_status(409).contains("Someone else changed this"));
        assert!(answer.says("Building a shared future"), "what is stored");
        assert_eq!(answer.input("tagline.en"), "Another theme", "what was typed");
        let version = answer.input("version");
        let again = changed(&late, &[("version", version.as_str())]);
        organizer.post_form("/organizer/summit/settings", &again).await.redirect();
    }

    async fn texts_in_languages_that_are_taken_away_stay_for_when_they_come_back(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form("/organizer/summit/settings", &changed(&SETTINGS, &[("languages", "en")])).await.redirect();
        let page = organizer.get("/organizer/summit/settings").await;
        assert!(!page.says("name.zh"));
        let english: Vec<(&str, &str)> = SETTINGS.iter().copied().filter(|(name, _)| !name.ends_with(".zh")).collect();
        let back = changed(&english, &[("version", "2"), ("languages", "en zh")]);
        organizer.post_form("/organizer/summit/settings", &back).await.redirect();
        assert_eq!(organizer.get("/organizer/summit/settings").await.input("name.zh"), "世界峰会");
    }

    async fn rooms_are_added_changed_and_kept_in_order(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get("/organizer/summit/rooms").await.ok().contains("No rooms yet"));
        for name in ["Main Hall", "Hall 2"] {
            let fields = [("name.en", name), ("capacity", "2100"), ("booths", "5"), ("channels", "en, zh fr")];
            assert_eq!(organizer.post_form("/organizer/summit/rooms/new", &fields).await.redirect(), "/organizer/summit/rooms");
        }
        let stored = || app.read(|db| {
            rooms::table.order(rooms::position).select((rooms::id, rooms::code, rooms::position)).load::<(RoomId, String, i32)>(db)
        });
        let all = stored().await;
        assert_eq!(all.iter().map(|(_, code, position)| (code.as_str(), *position)).collect::<Vec<_>>(), [("main-hall", 1), ("hall-2", 2)]);
        let list = organizer.get("/organizer/summit/rooms").await;
        assert!(list.ok().contains("2,100") && list.says("Français"));

        let taken = organizer.post_form("/organizer/summit/rooms/new", &[("name.en", "X"), ("code", "hall-2")]).await;
        assert!(taken.has_status(422).contains("Another room has this code"));
        let wrong = [("code", "No good"), ("capacity", "0"), ("booths", "many"), ("channels", "english"), ("position", "-1")];
        let answer = organizer.post_form("/organizer/summit/rooms/new", &wrong).await;
        assert_eq!(answer.has_status(422).matches("class=\"field-error\"").count(), 6);

        let url = format!("/organizer/summit/rooms/{}", all[1].0);
        assert_eq!(organizer.get(&url).await.input("version"), "1");
        let fields = [("version", "1"), ("name.en", "Hall Two"), ("name.zh", "二号厅"), ("code", "h2"), ("position", "0")];
        organizer.post_form(&url, &fields).await.redirect();
        assert_eq!(stored().await[0].1, "h2", "first now");
        assert_eq!(organizer.post_form(&url, &fields).await.redirect(), "/organizer/summit/rooms", "the same twice");
        let late = organizer.post_form(&url, &changed(&fields, &[("name.en", "Second Hall")])).await;
        assert!(late.has_status(409).contains("Hall Two"));
        assert_eq!((late.input("name.en"), late.input("version")), ("Second Hall".to_owned(), "2".to_owned()));
        let event = app.event().await;
        assert_eq!(event.draft_version + 3, app.read(|db| events::table.select(events::draft_version).first::<i64>(db)).await);
    }

    async fn deleting_a_room_says_what_it_affects_and_keeps_the_sessions(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form("/organizer/summit/rooms/new", &[("name.en", "Main Hall")]).await.redirect();
        let room: RoomId = app.read(|db| rooms::table.select(rooms::id).first(db)).await;
        let event = app.event().await.id;
        let (session, slot) = (SessionId::new(), SlotId::new());
        app.write(move |db, now| {
            diesel::insert_into(sessions::table)
                .values((
                    sessions::id.eq(session), sessions::event_id.eq(event), sessions::code.eq("s1"), sessions::guid.eq("g1"),
                    sessions::title.eq("{}"), sessions::subtitle.eq("{}"), sessions::abstract_text.eq("{}"),
                    sessions::description.eq("{}"), sessions::interpreted.eq("[]"), sessions::access.eq("open"),
                    sessions::state.eq("accepted"), sessions::may_record.eq(true), sessions::links.eq("[]"),
                    sessions::search_key.eq(""), sessions::version.eq(1), sessions::created_at.eq(now), sessions::updated_at.eq(now),
                ))
                .execute(db)?;
            diesel::insert_into(slots::table)
                .values((
                    slots::id.eq(slot), slots::event_id.eq(event), slots::session_id.eq(session), slots::room_id.eq(room),
                    slots::starts_at.eq(now), slots::ends_at.eq(now), slots::guid.eq("g2"), slots::version.eq(1),
                    slots::created_at.eq(now), slots::updated_at.eq(now),
                ))
                .execute(db)
        }).await;
        let url = format!("/organizer/summit/rooms/{room}/delete");
        assert!(organizer.get(&url).await.ok().contains("One session is placed in it"));
        assert_eq!(organizer.post_form(&url, &[]).await.redirect(), "/organizer/summit/rooms");
        organizer.post_form(&url, &[]).await.has_status(404);
        assert_eq!(app.read(|db| slots::table.select(slots::room_id).first::<Option<RoomId>>(db)).await, None);
    }

    async fn a_room_of_another_event_is_not_there(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        app.given_event("other").await;
        let admin = app.signed_in_as(Role::Administrator).await;
        admin.post_form("/organizer/other/rooms/new", &[("name.en", "Their hall")]).await.redirect();
        let room: RoomId = app.read(|db| rooms::table.select(rooms::id).first(db)).await;
        organizer.get(&format!("/organizer/summit/rooms/{room}")).await.has_status(404);
        organizer.post_form(&format!("/organizer/summit/rooms/{room}/delete"), &[]).await.has_status(404);
        organizer.get("/organizer/other/rooms").await.has_status(404);
        organizer.get("/organizer/summit/rooms/not-an-id").await.has_status(404);
    }
}
