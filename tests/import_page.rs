//! A programme file is looked at first and read into the draft on a second word.

use crate::on_both_databases;
use crate::support::app::{Answer, Client, Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::sessions;

const FILE: &str = include_str!("data/lake.schedule.xml");

async fn upload(client: &Client, content: &str, format: &str) -> Answer {
    let part = reqwest::multipart::Part::bytes(content.as_bytes().to_vec()).file_name("programme.xml");
    let form =
        reqwest::multipart::Form::new().part("file", part).text("format", format.to_owned()).text("timezone", "");
    client.send(client.request(reqwest::Method::POST, "/organizer/summit/import").multipart(form)).await
}

async fn count(app: &TestApp) -> i64 {
    app.read(|db| sessions::table.count().get_result(db)).await
}

on_both_databases! {
    async fn a_file_is_looked_at_and_then_imported(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let preview = upload(&organizer, FILE, "").await;
        assert!(preview.ok().contains("What this file would change"));
        assert_eq!(count(&app).await, 0);
        let key = preview.input("upload");
        organizer.post_form("/organizer/summit/import/apply", &[("upload", &key), ("format", ""), ("timezone", "")]).await.redirect();
        assert_eq!(count(&app).await, 3);
        let again = upload(&organizer, FILE, "schedule-xml").await;
        assert!(again.ok().contains("Everything in this file is already in your draft."));
        // The kept file had its second word and is gone.
        organizer.post_form("/organizer/summit/import/apply", &[("upload", &key)]).await.has_status(410);
    }

    async fn what_is_no_programme_is_told_and_nothing_is_kept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for wrong in ["", "this is no programme", "<schedule><day", "<!DOCTYPE x [<!ENTITY a \"b\">]><schedule>&a;</schedule>"] {
            let answer = upload(&organizer, wrong, "").await;
            assert!(answer.has_status(422).contains("href=\"#file\""), "{wrong}");
        }
        upload(&organizer, FILE, "word-perfect").await.has_status(422);
        assert_eq!(count(&app).await, 0);
    }

    async fn rooms_that_the_event_lacks_are_asked_about_and_nothing_is_lost(db: TestDatabase) {
        use plenary::db::schema::{rooms, slots};
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let template = organizer.get("/organizer/summit/import/template.csv").await;
        assert!(template.ok().starts_with("\u{feff}title_en,title_zh,forum"));
        let table = |room: &str| format!("title_en,code,room,start,end\nOpening,opening,{room},2027-04-13 09:00,2027-04-13 10:00\n");
        let first = upload(&organizer, &table("Great Hall"), "").await;
        assert!(!first.ok().contains("not one of the event"), "an event without rooms takes any");
        let apply = |answer: &Answer| answer.input("upload");
        organizer.post_form("/organizer/summit/import/apply", &[("upload", &apply(&first))]).await.redirect();
        let second = upload(&organizer, &table("Greta Hall"), "csv").await;
        assert!(second.ok().contains("Greta Hall") && second.says("which has Great Hall") && second.says("leave-out"));
        let fields = [("upload", apply(&second)), ("new_rooms", "leave-out".to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        organizer.post_form("/organizer/summit/import/apply", &fields).await.redirect();
        let count: i64 = app.read(|db| rooms::table.count().get_result(db)).await;
        let placed: i64 = app.read(|db| slots::table.filter(slots::room_id.is_not_null()).count().get_result(db)).await;
        assert_eq!((count, placed), (1, 1), "no new room, and the session keeps its own");
    }
}
