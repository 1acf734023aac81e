//! Placing sessions, what speaks against it, and releases.

use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Client, Role, TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{events, releases, slots};
use plenary::db::{RoomId, SlotId, UtcTime};
use plenary::schedule::model::Programme;
use plenary::schedule::operations::latest_release;

const SCHEDULE: &str = "/organizer/summit/schedule";
const RELEASES: &str = "/organizer/summit/releases";

type SlotRow = (SlotId, Option<RoomId>, UtcTime, UtcTime);

async fn all_slots(app: &TestApp) -> Vec<SlotRow> {
    app.read(|db| {
        slots::table
            .order((slots::starts_at, slots::id))
            .select((slots::id, slots::room_id, slots::starts_at, slots::ends_at))
            .load(db)
    })
    .await
}

async fn released(app: &TestApp) -> Programme {
    let event = app.event().await.id;
    app.read(move |db| latest_release(db, event)).await.expect("a release")
}

async fn releases_draft(organizer: &Client) {
    assert_eq!(organizer.post_form(RELEASES, &[]).await.redirect(), RELEASES);
}

on_both_databases! {
    async fn a_session_is_placed_moved_and_taken_out_in_local_time(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given::room(&organizer, &app, "Great Hall", &[]).await;
        let panel = given::format(&app, "panel", 90).await.to_string();
        let session = given::session(&organizer, "Panel", &[("format", &panel)]).await;
        assert_eq!(organizer.get(&session).await.input("minutes"), "90", "the format's usual length is offered");
        given::place(&organizer, &session, room, "2027-04-13", "09:00").await;
        let (slot, at, start, end) = all_slots(&app).await[0];
        assert_eq!((at, start, end), (Some(room), instant("2027-04-13T01:00:00Z"), instant("2027-04-13T02:00:00Z")));
        let page = organizer.get(&session).await;
        assert!(page.ok().contains("09:00–10:00") && page.says("Great Hall"));

        // Past midnight, without a room.
        let (slot_id, place) = (slot.to_string(), format!("{session}/place"));
        let late = [("slot", slot_id.as_str()), ("room", ""), ("day", "2027-04-16"), ("start", "23:30"), ("minutes", "60")];
        organizer.post_form(&place, &late).await.redirect();
        assert_eq!(all_slots(&app).await, [(slot, None, instant("2027-04-16T15:30:00Z"), instant("2027-04-16T16:30:00Z"))]);
        assert!(organizer.get(&format!("{SCHEDULE}?day=2027-04-16")).await.ok().contains("23:30"));

        let again = [("room", room.to_string()), ("day", "2027-04-14".to_owned()), ("start", "10:00".to_owned()), ("minutes", "45".to_owned())];
        let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
        organizer.post_form(&place, &again).await.redirect();
        assert_eq!(all_slots(&app).await.len(), 2, "a session may take place twice");
        let unplace = format!("{session}/unplace");
        organizer.post_form(&unplace, &[("slot", &slot_id)]).await.redirect();
        organizer.post_form(&unplace, &[("slot", &slot_id)]).await.has_status(409);
        organizer.post_form(&place, &late).await.has_status(409);
        assert_eq!(all_slots(&app).await.len(), 1);
    }

    async fn what_is_wrong_with_a_place_is_told_at_its_form(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given::session(&organizer, "Panel", &[]).await;
        let right = [("room", ""), ("day", "2027-04-13"), ("start", "09:00"), ("minutes", "60")];
        for (field, value, words) in [
            ("day", "13 April", "Please enter a date"),
            ("start", "9 o'clock", "time"),
            ("start", "", "Please fill this in"),
            ("minutes", "0", "1 to 2880"),
            ("minutes", "-5", "1 to 2880"),
            ("minutes", "an hour", "number"),
        ] {
            let mut fields: Vec<(&str, &str)> = right.iter().copied().filter(|(name, _)| *name != field).collect();
            fields.push((field, value));
            let answer = organizer.post_form(&format!("{session}/place"), &fields).await;
            assert!(answer.has_status(422).contains(words), "{field} = {value}: {}", answer.body);
            assert_eq!(answer.input("title.en"), "Panel", "the session itself stays as it was");
        }
        app.given_event("other").await;
        let admin = app.signed_in_as(Role::Administrator).await;
        admin.post_form("/organizer/other/rooms/new", &[("name.en", "Their hall")]).await.redirect();
        let theirs: RoomId = app.read(|db| { use plenary::db::schema::rooms; rooms::table.select(rooms::id).first(db) }).await;
        let theirs = theirs.to_string();
        let fields = [("room", theirs.as_str()), ("day", "2027-04-13"), ("start", "09:00"), ("minutes", "60")];
        organizer.post_form(&format!("{session}/place"), &fields).await.has_status(409);
        assert_eq!(all_slots(&app).await, []);
    }

    async fn times_that_the_clocks_skip_or_show_twice_are_asked_about(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given::session(&organizer, "Night shift", &[]).await;
        let place = format!("{session}/place");
        app.write(|db, _| {
            let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
            diesel::update(events::table)
                .set((
                    events::timezone.eq("Europe/Berlin"),
                    events::starts_on.eq(day("2027-03-01")),
                    events::ends_on.eq(day("2027-11-01")),
                ))
                .execute(db)
        })
        .await;
        let skipped = [("day", "2027-03-28"), ("start", "02:30"), ("minutes", "60")];
        assert!(organizer.post_form(&place, &skipped).await.has_status(422).contains("The clocks skip this time"));
        let twice = |fold: &'static str| [("day", "2027-10-31"), ("start", "02:30"), ("minutes", "60"), ("fold", fold)];
        let asked = organizer.post_form(&place, &twice("")).await;
        assert!(asked.has_status(422).contains("Which of the two hours?"));
        assert!(!organizer.get(&session).await.says("Which of the two hours?"), "only where it matters");
        organizer.post_form(&place, &twice("second")).await.redirect();
        let (slot, _, start, _) = all_slots(&app).await[0];
        assert_eq!(start, instant("2027-10-31T01:30:00Z"));

        // Moving it asks in the form of that slot and makes no second one.
        let slot = slot.to_string();
        let mut moved = twice("").to_vec();
        moved.push(("slot", &slot));
        let asked = organizer.post_form(&place, &moved).await;
        assert_eq!(asked.has_status(422).matches("Which of the two hours?").count(), 1);
        let mut moved = twice("first").to_vec();
        moved.push(("slot", &slot));
        organizer.post_form(&place, &moved).await.redirect();
        let found: Vec<UtcTime> = all_slots(&app).await.into_iter().map(|(_, _, start, _)| start).collect();
        assert_eq!(found, [instant("2027-10-31T00:30:00Z")]);
    }

    async fn the_draft_says_what_speaks_against_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(SCHEDULE).await.ok().contains("Nothing is placed on this day"));
        let small = given::room(&organizer, &app, "Small room", &[("capacity", "30")]).await;
        let large = given::room(&organizer, &app, "Large room", &[("capacity", "500"), ("channels", "fr")]).await;
        given::speaker(&app, "ada", "Ada Lovelace", None).await;
        let first = given::session(&organizer, "First", &[("person.0", "ada"), ("capacity", "40")]).await;
        let second = given::session(&organizer, "Second", &[("person.0", "ada"), ("interpreted", "ar")]).await;
        let third = given::session(&organizer, "Third", &[]).await;
        given::session(&organizer, "Unplaced", &[]).await;
        given::place(&organizer, &first, small, "2027-04-13", "09:00").await;
        given::place(&organizer, &second, large, "2027-04-13", "09:30").await;
        given::place(&organizer, &third, large, "2027-04-13", "10:00").await;
        let draft = organizer.get(SCHEDULE).await;
        for words in [
            "Ada Lovelace is in “Second” at that time",
            "The session has 40 places, Small room has 30",
            "Large room has no channel for: Arabic",
            "The room is taken by “Third”",
            "1 session without a time",
        ] {
            assert!(draft.ok().contains(words), "{words}");
        }
        assert!(organizer.get(&third).await.ok().contains("The room is taken by “Second”"), "and at the session itself");
        let far = [("day", "2027-04-20"), ("start", "10:00"), ("minutes", "60")];
        assert!(organizer.post_form(&format!("{third}/place"), &far).await.has_status(422).contains("outside the days"));
        // An import may bring it all the same.
        app.write(|db, _| {
            diesel::update(slots::table.filter(slots::starts_at.eq(instant("2027-04-13T02:00:00Z"))))
                .set((slots::starts_at.eq(instant("2027-04-20T02:00:00Z")), slots::ends_at.eq(instant("2027-04-20T03:00:00Z"))))
                .execute(db)
        })
        .await;
        assert!(organizer.get(&third).await.ok().contains("outside the days of the event"));
    }

    async fn an_empty_draft_is_not_released(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(RELEASES).await.ok().contains("There is nothing to release yet"));
        given::session(&organizer, "Only an idea", &[("state", "proposed")]).await;
        assert!(organizer.post_form(RELEASES, &[]).await.has_status(409).contains("There is nothing to release yet"));
        app.visitor().get("/summit/schedule").await.has_status(404);
        let count: i64 = app.read(|db| releases::table.count().get_result(db)).await;
        assert_eq!(count, 0);
    }

    async fn the_public_sees_a_release_and_nothing_of_the_draft(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given::room(&organizer, &app, "Great Hall", &[]).await;
        given::speaker(&app, "ada", "Ada Lovelace", None).await;
        given::speaker(&app, "eve", "Eve Unannounced", None).await;
        let opening = given::session(&organizer, "Opening", &[("person.0", "ada")]).await;
        given::session(&organizer, "Secret talk", &[("state", "proposed"), ("person.0", "eve")]).await;
        given::place(&organizer, &opening, room, "2027-04-13", "09:00").await;
        let page = organizer.get(RELEASES).await;
        assert!(page.ok().contains("The first release") && page.says("1 session stays out"));
        let words = [("name", "1.0"), ("note", "The first\nprogramme")];
        assert_eq!(organizer.post_form(RELEASES, &words).await.redirect(), RELEASES);
        let past = organizer.get(RELEASES).await;
        assert!(past.ok().contains("1.0") && past.says("The first\nprogramme") && past.says("No changes since the last release"));

        let seen = app.visitor().get("/summit/schedule").await;
        assert!(seen.ok().contains("Opening") && !seen.says("Secret talk"));
        let people = app.visitor().get("/summit/speakers").await;
        assert!(people.ok().contains("Ada Lovelace") && !people.says("Eve Unannounced"));
        assert!(organizer.get(&opening).await.says("href=\"/summit/sessions/opening\""));

        let renamed = [("version", "1"), ("title.en", "Grand opening"), ("state", "accepted"), ("person.0", "ada")];
        organizer.post_form(&opening, &renamed).await.redirect();
        app.refresh_site().await;
        assert!(!app.visitor().get("/summit/schedule").await.says("Grand opening"), "not before the next release");
        releases_draft(&organizer).await;
        assert!(app.visitor().get("/summit/schedule").await.says("Grand opening"));
        let numbers: Vec<(i32, String)> =
            app.read(|db| releases::table.order(releases::number).select((releases::number, releases::name)).load(db)).await;
        assert_eq!(numbers, [(1, "1.0".to_owned()), (2, "2".to_owned())]);
    }

    async fn the_next_release_shows_what_will_change(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        let annex = given::room(&organizer, &app, "Annex", &[]).await;
        let mut made = Vec::new();
        for (title, start) in [("Moved", "09:00"), ("Elsewhere", "11:00"), ("Cancelled", "13:00"), ("Deleted", "15:00"), ("Same", "17:00")] {
            let session = given::session(&organizer, title, &[]).await;
            given::place(&organizer, &session, hall, "2027-04-13", start).await;
            made.push(session);
        }
        releases_draft(&organizer).await;
        let before = released(&app).await;
        for (session, room, start) in [(&made[0], hall, "09:15"), (&made[1], annex, "11:00")] {
            let slot = organizer.get(session).await.input("slot");
            let (to, room) = (format!("{session}/place"), room.to_string());
            let fields = [("slot", slot.as_str()), ("room", &room), ("day", "2027-04-13"), ("start", start), ("minutes", "60")];
            organizer.post_form(&to, &fields).await.redirect();
        }
        organizer.post_form(&made[2], &[("version", "1"), ("title.en", "Cancelled"), ("state", "cancelled")]).await.redirect();
        organizer.post_form(&format!("{}/delete", made[3]), &[]).await.redirect();
        given::session(&organizer, "New", &[]).await;
        let page = organizer.get(RELEASES).await;
        for words in ["5 changes since the last release", "1 moved", "1 in another room", "1 cancelled", "1 removed", "1 added", "09:00–10:00", "09:15–10:15", "Annex"] {
            assert!(page.ok().contains(words), "{words}");
        }
        releases_draft(&organizer).await;
        let after = released(&app).await;
        let sequences = |programme: &Programme| -> Vec<(String, i32)> {
            let slots = programme.sessions.iter().flat_map(|session| session.slots.iter().map(move |slot| (session.code.clone(), slot.sequence)));
            slots.collect()
        };
        let expected = |rows: &[(&str, i32)]| rows.iter().map(|(code, number)| ((*code).to_owned(), *number)).collect::<Vec<_>>();
        assert_eq!(sequences(&before), expected(&[("moved", 0), ("elsewhere", 0), ("cancelled", 0), ("deleted", 0), ("same", 0)]));
        assert_eq!(sequences(&after), expected(&[("moved", 1), ("elsewhere", 1), ("cancelled", 1), ("same", 0)]));
        let calendar = app.visitor().get("/summit/sessions/cancelled.ics").await;
        assert!(calendar.ok().contains("STATUS:CANCELLED"), "calendars hear of it");
    }

    async fn a_name_that_is_too_long_is_told_and_the_note_kept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given::session(&organizer, "Opening", &[]).await;
        let long = "x".repeat(61);
        let answer = organizer.post_form(RELEASES, &[("name", &long), ("note", "Everything new")]).await;
        assert!(answer.has_status(422).contains("Everything new") && answer.says("60"));
        let count: i64 = app.read(|db| releases::table.count().get_result(db)).await;
        assert_eq!(count, 0);
    }
}
