//! The next release before it is published, plans, earlier releases, and what the public reads of changes.

use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Client, Role, TestApp, given};
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{blocks, planned_releases, registrations, releases, schedule_rules, sessions, slots, stars};
use plenary::db::{BlockId, RoomId, SessionId};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use plenary::registration::operations::create_category;
use plenary::schedule::draft::BlockKind;
use plenary::schedule::model::Programme;
use plenary::schedule::operations::latest_release;
use plenary::schedule::releases::jobs::publish_due;

const RELEASES: &str = "/organizer/summit/releases";

async fn released(app: &TestApp) -> Programme {
    let event = app.event().await.id;
    app.read(move |db| latest_release(db, event)).await.expect("a release")
}

async fn count(app: &TestApp) -> i64 {
    app.read(|db| releases::table.count().get_result(db)).await
}

async fn releases_draft(organizer: &Client) {
    assert_eq!(organizer.post_form(RELEASES, &[]).await.redirect(), RELEASES);
}

async fn moves(organizer: &Client, session: &str, room: RoomId, day: &str, start: &str) {
    let page = organizer.get(session).await;
    let (slot, room) = (page.input("slot"), room.to_string());
    let fields = [("slot", slot.as_str()), ("room", &room), ("day", day), ("start", start), ("minutes", "60")];
    organizer.post_form(&format!("{session}/place"), &fields).await.redirect();
}

/// Three people are registered.
async fn people(app: &TestApp) {
    let facts = CategoryFacts::open(Localized::single(Lang::EN, "Guests"));
    let event = app.event().await.id;
    app.app
        .write(move |db, now| create_category(db, now, Actor::System, event, Some("guests"), &facts))
        .await
        .expect("a category");
    for email in ["one@example.org", "two@example.org", "three@example.org"] {
        let fields = [
            ("category", "guests"),
            ("email", email),
            ("given_name", "Ada"),
            ("family_name", "Lovelace"),
            ("organisation", "Analytical Society"),
            ("position", "Countess"),
            ("country", "GB"),
            ("accept_privacy", "on"),
        ];
        app.visitor().post_form("/summit/register", &fields).await.redirect();
    }
}

/// The texts of the elements of this name, entities resolved.
fn texts_of(xml: &str, name: &str) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut found, mut open) = (Vec::new(), false);
    loop {
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) if tag.name().as_ref() == name => {
                open = true;
                found.push(String::new());
            }
            Event::End(tag) if tag.name().as_ref() == name => open = false,
            Event::Text(text) if open => found.last_mut().expect("open").push_str(&text),
            Event::GeneralRef(entity) if open => {
                let entity = format!("&{};", &*entity);
                found.last_mut().expect("open").push_str(&quick_xml::escape::unescape(&entity).expect("known"));
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// An organizer with two rooms and two sessions that are released.
async fn two_sessions(app: &TestApp) -> (Client, [RoomId; 2], [String; 2]) {
    let organizer = app.signed_in_as(Role::Organizer).await;
    let hall = given::room(&organizer, app, "Great Hall", &[]).await;
    let annex = given::room(&organizer, app, "Annex", &[]).await;
    let opening = given::session(&organizer, "Opening", &[]).await;
    let closing = given::session(&organizer, "Closing", &[]).await;
    given::place(&organizer, &opening, hall, "2027-04-13", "09:00").await;
    given::place(&organizer, &closing, annex, "2027-04-13", "11:00").await;
    releases_draft(&organizer).await;
    (organizer, [hall, annex], [opening, closing])
}

fn later(day: &'static str, time: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![("name", "Spring"), ("note", "All new"), ("when", "later"), ("day", day), ("time", time)]
}

on_both_databases! {
    async fn the_page_says_what_a_release_means_for_people(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, [_, annex], [opening, _]) = two_sessions(&app).await;
        let ids: Vec<SessionId> = app.read(|db| sessions::table.select(sessions::id).load(db)).await;
        people(&app).await;
        app.write(move |db, now| {
            let people: Vec<plenary::db::RegistrationId> = registrations::table.select(registrations::id).load(db)?;
            let both = people[..2].iter().flat_map(|person| ids.iter().map(move |session| (*person, *session)));
            for (person, session) in both {
                diesel::insert_into(stars::table)
                    .values((stars::registration_id.eq(person), stars::session_id.eq(session), stars::created_at.eq(now)))
                    .execute(db)?;
            }
            Ok(0)
        })
        .await;
        assert!(organizer.get(RELEASES).await.ok().contains("No changes since the last release"));
        moves(&organizer, &opening, annex, "2027-04-13", "11:30").await;
        let page = organizer.get(RELEASES).await;
        for words in [
            "1 moved",
            "Moved from Tue 13 Apr, 09:00–10:00, Great Hall to Tue 13 Apr, 11:30–12:30, Annex.",
            "Moves 1 session.",
            "2 people have one of these in their agendas.",
            "2 of them now have two sessions at once.",
            "1 concern blocks this release",
        ] {
            assert!(page.ok().contains(words), "{words}");
        }
    }

    async fn the_page_shows_who_will_be_told_and_their_mails(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        given::speaker(&app, "ada", "Ada Lovelace", None).await;
        given::speaker(&app, "bo", "Bo Silent", None).await;
        app.write(|db, _| {
            use plenary::db::schema::speakers;
            diesel::update(speakers::table.filter(speakers::code.eq("ada")))
                .set(speakers::email.eq("ada@example.org"))
                .execute(db)
        })
        .await;
        let opening = given::session(&organizer, "Opening", &[("person.0", "ada"), ("person.1", "bo")]).await;
        given::place(&organizer, &opening, hall, "2027-04-13", "09:00").await;
        let page = organizer.get(RELEASES).await;
        for words in ["1 speaker and 0 attendees.", "No address is known of: Bo Silent", "ada@example.org", "Great Hall"] {
            assert!(page.ok().contains(words), "{words}");
        }
        let before = app.outbox().await.len();
        organizer.get(RELEASES).await.ok();
        assert_eq!(app.outbox().await.len(), before, "looking sends nothing");
        releases_draft(&organizer).await;
        assert!(organizer.get(RELEASES).await.ok().contains("No changes since the last release"));
    }

    async fn a_planned_release_is_published_once_when_it_is_due(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-03-01T08:00:00+08:00");
        let (organizer, [_, annex], [opening, _]) = two_sessions(&app).await;
        moves(&organizer, &opening, annex, "2027-04-13", "09:00").await;
        assert_eq!(organizer.post_form(RELEASES, &later("2027-03-02", "09:00")).await.redirect(), RELEASES);
        let page = organizer.get(RELEASES).await;
        assert!(page.ok().contains("Planned release") && page.says("Spring") && page.says("09:00"));
        app.clock.set("2027-03-02T08:59:00+08:00");
        assert_eq!(publish_due(&app.app).await.expect("looked"), 0);
        assert_eq!(count(&app).await, 1);
        app.clock.set("2027-03-02T09:00:00+08:00");
        // Two processes look at the same moment.
        let (one, other) = tokio::join!(publish_due(&app.app), publish_due(&app.app));
        assert_eq!(one.expect("published") + other.expect("looked"), 1);
        let newest = released(&app).await.release.expect("released");
        assert_eq!((newest.number, newest.name.as_str(), newest.note.as_str()), (2, "Spring", "All new"));
        let left: i64 = app.read(|db| planned_releases::table.count().get_result(db)).await;
        assert_eq!(left, 0);
        app.clock.advance(chrono::TimeDelta::hours(1));
        assert_eq!(publish_due(&app.app).await.expect("looked"), 0);
    }

    async fn a_plan_that_fails_says_why_and_waits_to_be_changed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-03-01T08:00:00+08:00");
        let (organizer, [_, annex], [opening, _]) = two_sessions(&app).await;
        organizer.post_form(RELEASES, &later("2027-03-02", "09:00")).await.redirect();
        moves(&organizer, &opening, annex, "2027-04-13", "11:30").await;
        app.clock.set("2027-03-02T09:01:00+08:00");
        assert_eq!(publish_due(&app.app).await.expect("looked"), 0);
        assert_eq!(count(&app).await, 1);
        let page = organizer.get(RELEASES).await;
        assert!(page.ok().contains("It was not published, because 1 concern blocks it."));
        moves(&organizer, &opening, annex, "2027-04-13", "14:00").await;
        app.clock.advance(chrono::TimeDelta::minutes(5));
        assert_eq!(publish_due(&app.app).await.expect("looked"), 0, "not by itself");

        // Who has not seen that state of the plan changes nothing.
        assert!(organizer.post_form(RELEASES, &later("2027-03-03", "09:00")).await.has_status(409).contains("in the meantime"));
        let known = page.input("plan");
        let mut again = later("2027-03-03", "09:00");
        again.push(("plan", &known));
        organizer.post_form(RELEASES, &again).await.redirect();
        let cancel = format!("{RELEASES}/plan/cancel");
        organizer.post_form(&cancel, &[("plan", &known)]).await.has_status(409);
        let known = organizer.get(RELEASES).await.input("plan");
        organizer.post_form(&cancel, &[("plan", &known)]).await.redirect();
        app.clock.set("2027-03-04T09:00:00+08:00");
        assert_eq!(publish_due(&app.app).await.expect("looked"), 0);
        assert_eq!(count(&app).await, 1);
    }

    async fn a_plan_in_the_past_or_in_no_hour_at_all_is_told_at_its_field(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-03-01T08:00:00+08:00");
        let (organizer, ..) = two_sessions(&app).await;
        assert!(organizer.post_form(RELEASES, &later("2027-02-01", "09:00")).await.has_status(422).contains("This time is over"));
        let answer = organizer.post_form(RELEASES, &later("", "nine")).await;
        assert!(answer.has_status(422).contains("Please enter a time") && answer.says("All new"), "what was typed stays");
        let planned: i64 = app.read(|db| planned_releases::table.count().get_result(db)).await;
        assert_eq!((planned, count(&app).await), (0, 1));
    }

    async fn an_earlier_release_comes_back_as_a_new_one_that_calendars_follow(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, [hall, annex], [opening, _]) = two_sessions(&app).await;
        moves(&organizer, &opening, annex, "2027-04-13", "09:00").await;
        releases_draft(&organizer).await;
        let restore = format!("{RELEASES}/1/restore");
        let page = organizer.get(&restore).await;
        assert!(page.ok().contains("In another room: Great Hall instead of Annex."));
        organizer.get(&format!("{RELEASES}/2/restore")).await.has_status(404);
        organizer.post_form(&restore, &[("newest", "1")]).await.has_status(409);
        assert_eq!(organizer.post_form(&restore, &[("newest", "2"), ("note", "Back")]).await.redirect(), RELEASES);
        let newest = released(&app).await;
        let slot = &newest.sessions.iter().find(|session| session.code == "opening").expect("there").slots[0];
        assert_eq!((slot.room, slot.sequence), (Some(hall), 2));
        let restores: Vec<(i32, Option<i32>)> =
            app.read(|db| releases::table.order(releases::number).select((releases::number, releases::restores)).load(db)).await;
        assert_eq!(restores, [(1, None), (2, None), (3, Some(1))]);
        let in_draft: Vec<Option<RoomId>> = app.read(|db| slots::table.order(slots::starts_at).select(slots::room_id).load(db)).await;
        assert_eq!(in_draft, [Some(annex), Some(annex)], "the draft stays as it is");
        assert!(organizer.get(RELEASES).await.ok().contains("Brings back release 1"));
        assert!(app.visitor().get("/summit/changes").await.ok().contains("Brings back release 1"));
    }

    async fn pages_say_where_a_session_was_for_as_long_as_the_rules_want(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let (organizer, [_, annex], [opening, _]) = two_sessions(&app).await;
        let pages = ["/summit/sessions/opening", "/summit/schedule?day=2027-04-13", "/summit/sessions"];
        for page in pages {
            assert!(!app.visitor().get(page).await.says("Moved from"), "{page}");
        }
        moves(&organizer, &opening, annex, "2027-04-14", "09:30").await;
        releases_draft(&organizer).await;
        for page in ["/summit/sessions/opening", "/summit/schedule?day=2027-04-14", "/summit/sessions"] {
            assert!(app.visitor().get(page).await.ok().contains("Moved from Tue 13 Apr, 09:00–10:00, Great Hall"), "{page}");
        }
        assert!(app.visitor_reading("zh").get(pages[0]).await.ok().contains("原时间和会场"));
        app.clock.set("2027-04-03T07:59:00+08:00");
        assert!(app.visitor().get(pages[0]).await.says("Moved from"));
        app.clock.set("2027-04-03T08:00:00+08:00");
        assert!(!app.visitor().get(pages[0]).await.says("Moved from"));
        let rows: i64 = app.read(|db| schedule_rules::table.count().get_result(db)).await;
        assert_eq!(rows, 0, "48 hours by themselves");
    }

    async fn the_change_log_tells_each_release_and_its_feed_has_lasting_ids(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.visitor().get("/summit/changes").await.has_status(404);
        let (organizer, [hall, annex], [opening, closing]) = two_sessions(&app).await;
        let visitor = app.visitor();
        let first = visitor.get("/summit/changes").await;
        assert!(first.ok().contains("The first version of the programme, with 2 sessions."));
        moves(&organizer, &opening, annex, "2027-04-13", "09:00").await;
        organizer.post_form(&closing, &[("version", "1"), ("title.en", "Closing"), ("state", "cancelled")]).await.redirect();
        let event = app.event().await.id;
        app.write(move |db, now| {
            diesel::insert_into(blocks::table)
                .values((
                    (blocks::id.eq(BlockId::new()), blocks::event_id.eq(event), blocks::kind.eq(BlockKind::Break)),
                    (blocks::title.eq(Localized::single(Lang::EN, "Tea <dance>")), blocks::is_public.eq(true)),
                    (blocks::starts_at.eq(instant("2027-04-13T02:00:00Z")), blocks::ends_at.eq(instant("2027-04-13T02:30:00Z"))),
                    (blocks::version.eq(1), blocks::created_at.eq(now), blocks::updated_at.eq(now)),
                ))
                .execute(db)
        })
        .await;
        organizer.post_form(RELEASES, &[("name", "Two & more"), ("note", "See <us>")]).await.redirect();
        // Once brought forward from the log at hand, once read anew by another process.
        let log = visitor.get("/summit/changes").await;
        for words in [
            "Programme version Two &amp; more",
            "See &lt;us&gt;",
            "In another room: Annex instead of Great Hall.",
            "Cancelled; it would have been at Tue 13 Apr, 11:00–12:00, Annex.",
            "Tea &lt;dance&gt;",
            "New: Tue 13 Apr, 10:00–10:30.",
            r#"<a href="/summit/sessions/opening">"#,
            r#"href="/summit/schedule?release=1""#,
        ] {
            assert!(log.ok().contains(words), "{words}");
        }
        let read_anew = {
            let event = app.event().await.id;
            app.read(move |db| plenary::schedule::releases::operations::log(db, event)).await
        };
        assert_eq!(read_anew.releases.iter().map(|logged| logged.lines.len()).collect::<Vec<_>>(), [3, 0]);
        assert!(app.visitor_reading("zh").get("/summit/changes").await.ok().contains("会场由Great Hall改为Annex。"));

        let feed = visitor.get("/summit/changes.atom").await;
        assert_eq!(feed.header("content-type"), "application/atom+xml; charset=utf-8");
        let ids = texts_of(feed.ok(), "id");
        assert_eq!((ids.len(), texts_of(feed.ok(), "entry").len()), (3, 2));
        assert!(ids.iter().all(|id| id.starts_with("urn:uuid:")));
        let contents = texts_of(feed.ok(), "content");
        assert!(contents[0].contains("<p>See &lt;us&gt;</p>") && contents[0].contains("<li>Opening: In another room"), "{contents:?}");
        let again = app.visitor();
        let known = again.request(reqwest::Method::GET, "/summit/changes.atom").header("if-none-match", feed.header("etag"));
        again.send(known).await.has_status(304);
        moves(&organizer, &opening, hall, "2027-04-13", "09:00").await;
        releases_draft(&organizer).await;
        let later = visitor.get("/summit/changes.atom").await;
        assert!(ids.iter().all(|id| later.ok().contains(id.as_str())), "ids last");
        let page = visitor.get("/summit/schedule").await;
        assert!(page.ok().contains("/summit/changes.atom") && page.says("Tea &lt;dance&gt;") && page.says("col-all"));
    }

    async fn an_old_release_is_shown_as_such_and_kept_from_search(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, [_, annex], [opening, closing]) = two_sessions(&app).await;
        moves(&organizer, &opening, annex, "2027-04-13", "09:00").await;
        organizer.post_form(&format!("{closing}/delete"), &[]).await.redirect();
        releases_draft(&organizer).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get("/summit/releases/1").await.redirect(), "/summit/schedule?release=1");
        assert_eq!(visitor.get("/summit/releases/2").await.redirect(), "/summit/schedule");
        for unknown in ["/summit/releases/3", "/summit/releases/x", "/summit/schedule?release=3", "/summit/schedule?release=x", "/summit/sessions/closing"] {
            visitor.get(unknown).await.has_status(404);
        }
        let old = visitor.get("/summit/schedule?release=1").await;
        assert!(old.ok().contains("You are looking at an old version") && old.says("noindex") && old.says("Closing"));
        assert!(old.says("/summit/sessions/opening?release=1"), "links stay in that release");
        assert!(old.says(r#"href="/summit/schedule">See it as it is now"#));
        let session = visitor.get("/summit/sessions/opening?release=1").await;
        assert!(session.ok().contains("Great Hall") && session.says("/summit/sessions/opening\">See it as it is now"));
        assert!(session.says("rel=\"canonical\"") && !session.says("canonical\" href=\"?release"));
        let gone = visitor.get("/summit/sessions/closing?release=1").await;
        assert!(gone.ok().contains("href=\"/summit/schedule\">See it as it is now"));
        let present = visitor.get("/summit/schedule?release=2").await;
        assert!(!present.says("old version") && !present.says("noindex"));
    }
}
