//! Confirming an address, and the attendee's own page.

use super::{facts, given_attendee, given_category, places, registers, states};
use crate::on_both_databases;
use crate::support::TestApp;
use base64::Engine;
use chrono::TimeDelta;
use plenary::db::schema::messages;
use plenary::mail::model::Attachment;
use plenary::registration::ticket::verify_ticket;

/// The attachments of the newest mail of a kind.
async fn attachments(app: &TestApp, kind: &'static str) -> Vec<Attachment> {
    use diesel::prelude::*;
    let json: String = app
        .read(move |db| {
            messages::table
                .filter(messages::kind.eq(kind))
                .order(messages::id.desc())
                .select(messages::attachments)
                .first(db)
        })
        .await;
    serde_json::from_str(&json).expect("attachments")
}

fn content(part: &Attachment) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(&part.content).expect("Base64")
}

on_both_databases! {
    async fn the_link_shows_a_button_and_the_button_confirms(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        registers(&app, "guest", "ada@example.org").await.redirect();
        let link = app.mail_to("ada@example.org").await[0].link("/summit/verify/");
        let visitor = app.visitor();
        // A mail scanner that follows the link changes nothing.
        for _ in 0..2 {
            let page = visitor.get(&link).await;
            assert!(page.ok().contains("Confirm my registration"));
            assert_eq!(page.header("cache-control"), "no-store");
        }
        assert_eq!(states(&app).await[0].1, "unverified");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        assert_eq!(states(&app).await[0].1, "confirmed");
        let page = visitor.get(&own).await;
        for words in ["Your place is confirmed", "Ada Lovelace", "Guest", "<svg"] {
            assert!(page.ok().contains(words), "{words}");
        }
        assert_eq!(page.header("cache-control"), "no-store");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        // Pressed again, it says how things stand, and nothing is sent twice.
        assert!(visitor.get(&link).await.ok().contains("Your address is confirmed"));
        visitor.post_form(&link, &[]).await.ok();
        assert_eq!(app.mail_to("ada@example.org").await.len(), 2);
        assert_eq!(places(&app, category).await, (1, 1));
    }

    async fn the_ticket_can_be_checked_offline_and_the_calendar_entry_read(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        let parts = attachments(&app, "confirmed").await;
        assert!(parts.iter().any(|part| part.content_id.as_deref() == Some("ticket")));
        assert!(parts.iter().any(|part| part.content_id.is_none() && content(part).starts_with(b"\x89PNG")));
        let entry = parts.iter().find(|part| part.alternative).expect("a calendar entry");
        assert!(entry.media_type.contains("method=REQUEST"));
        let entry = String::from_utf8(content(entry)).expect("text");
        for line in ["DTSTART;VALUE=DATE:20270413", "DTEND;VALUE=DATE:20270417", "SUMMARY:World Summit", "SEQUENCE:0"] {
            assert!(entry.contains(line), "{line} in {entry}");
        }
        let file = app.visitor().get(&format!("{own}/calendar.ics")).await;
        assert!(file.ok().contains("METHOD:PUBLISH") && !file.body.contains("ada@example.org"));
        assert!(file.header("content-disposition").contains("summit.ics"));
        let key = app.visitor().get("/summit/ticket-key").await;
        let key: serde_json::Value = serde_json::from_str(key.ok()).expect("JSON");
        let public = base64::engine::general_purpose::STANDARD.decode(key["public_key"].as_str().expect("a key")).expect("Base64");
        let public: [u8; 32] = public.try_into().expect("32 bytes");
        let event = app.event().await.id;
        let signer = app.read(move |db| plenary::registration::operations::find_ticket_key(db, event)).await.expect("a key");
        let ticket = plenary::registration::ticket::Ticket { registration: states(&app).await[0].0, category: "guest".into(), zones: Vec::new(), serial: 0 };
        assert_eq!(verify_ticket(&public, &signer.issue(&ticket)), Ok(ticket));
        assert!(app.visitor().get(&format!("{own}/ticket")).await.ok().contains("Ada Lovelace"));
    }

    async fn a_link_that_ran_out_says_so_and_leads_on(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        registers(&app, "guest", "ada@example.org").await.redirect();
        let link = app.mail_to("ada@example.org").await[0].link("/summit/verify/");
        app.clock.advance(TimeDelta::hours(49));
        let visitor = app.visitor();
        assert!(visitor.get(&link).await.has_status(410).contains("Register again"));
        visitor.post_form(&link, &[]).await.has_status(410);
        assert_eq!(states(&app).await[0].1, "unverified");
        assert!(visitor.get("/summit/verify/invented").await.has_status(404).contains("Register again"));
        assert!(visitor.get("/summit/r/invented").await.has_status(404).contains("Register again"));
        app.given_event("other").await;
        let token = link.rsplit('/').next().expect("a token");
        visitor.get(&format!("/other/r/{token}")).await.has_status(404);
    }

    async fn attendees_change_their_details(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        let (visitor, edit) = (app.visitor(), format!("{own}/edit"));
        let form = visitor.get(&edit).await;
        let version = form.input("version");
        assert_eq!(form.input("family_name"), "Lovelace");
        let fields = |given: &'static str, version: &str| {
            [("given_name", given), ("family_name", "King"), ("native_name", "爱达"), ("position", ""), ("organisation", ""), ("country", "FR")]
                .map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter()
                .chain([("version".to_owned(), version.to_owned())]).collect::<Vec<_>>()
        };
        let post = async |given: &'static str, version: &str| {
            let fields = fields(given, version);
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            visitor.post_form(&edit, &fields).await
        };
        post("", &version).await.has_status(422);
        assert_eq!(post("Augusta", &version).await.redirect(), own);
        assert!(visitor.get(&own).await.ok().contains("Augusta King"));
        // A form that was opened before is not lost and does not overwrite.
        let stale = post("Byron", &version).await;
        assert!(stale.has_status(409).contains("Augusta"));
        assert_eq!(stale.input("given_name"), "Byron");
        assert_eq!(post("Byron", &stale.input("version")).await.redirect(), own);
    }

    async fn attendees_cancel_once_and_free_their_place(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut limited = facts("Workshop");
        limited.capacity = Some(1);
        let category = given_category(&app, "workshop", limited).await;
        let own = given_attendee(&app, "workshop", "ada@example.org").await;
        let (visitor, cancel) = (app.visitor(), format!("{own}/cancel"));
        assert!(visitor.get(&cancel).await.ok().contains("Cancel your registration?"));
        assert_eq!(places(&app, category).await, (1, 1));
        for _ in 0..2 {
            assert_eq!(visitor.post_form(&cancel, &[]).await.redirect(), own);
        }
        assert_eq!(places(&app, category).await, (0, 0));
        let page = visitor.get(&own).await;
        assert!(page.ok().contains("This registration is cancelled") && !page.says("ticket-code"));
        visitor.get(&format!("{own}/calendar.ics")).await.has_status(404);
        visitor.get(&format!("{own}/edit")).await.has_status(410);
        let entry = attachments(&app, "cancelled").await;
        let entry = String::from_utf8(content(&entry[0])).expect("text");
        assert!(entry.contains("METHOD:CANCEL") && entry.contains("SEQUENCE:1"), "{entry}");
        assert_eq!(app.mail_to("ada@example.org").await.len(), 3);
        assert_eq!(registers(&app, "workshop", "grace@example.org").await.status, 303);
    }

    async fn a_lost_link_comes_again_and_nobody_learns_who_is_registered(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        given_attendee(&app, "guest", "ada@example.org").await;
        let visitor = app.visitor();
        let asks = |email: &'static str| {
            let app = &app;
            async move { app.visitor().post_form("/summit/find", &[("email", email)]).await }
        };
        let before = app.outbox().await.len();
        let (known, unknown) = (asks("ada@example.org").await, asks("eve@example.org").await);
        assert_eq!(known.redirect(), unknown.redirect());
        assert_eq!(app.outbox().await.len(), before + 1, "one mail, to whoever is registered");
        let link = app.mail_to("ada@example.org").await.pop().expect("a mail").link("/summit/r/");
        assert!(visitor.get(&link).await.ok().contains("Ada Lovelace"));
        asks("ADA@example.org").await.redirect();
        assert_eq!(app.outbox().await.len(), before + 1, "asked twice within minutes, one mail is enough");
        app.clock.advance(TimeDelta::minutes(11));
        asks("ada@example.org").await.redirect();
        assert_eq!(app.outbox().await.len(), before + 2);
        let wrong = asks("no-address").await;
        assert!(wrong.has_status(422).contains("Please enter an address"));
        assert_eq!(wrong.input("email"), "no-address");
        assert!(visitor.get("/summit/find?sent").await.ok().contains("a mail is on its way"));
    }

    async fn everything_held_about_somebody_can_be_taken_along(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        let file = app.visitor().get(&format!("{own}/data.json")).await;
        let data: serde_json::Value = serde_json::from_str(file.ok()).expect("JSON");
        assert_eq!((&data["registration"]["email"], &data["registration"]["state"]), (&"ada@example.org".into(), &"confirmed".into()));
        let kinds: Vec<&str> = data["mails"].as_array().expect("mails").iter().filter_map(|mail| mail["kind"].as_str()).collect();
        assert!(kinds.contains(&"verify") && kinds.contains(&"confirmed"), "{kinds:?}");
        assert!(data["history"].as_array().is_some_and(|history| history.len() >= 2));
        assert!(data["answers"].is_object() && data["scans"].is_array() && data["seats"].is_array());
        let token = own.rsplit('/').next().expect("a token");
        assert!(!file.ok().contains(token), "no secret stands in it");
    }
}
