//! What speaks against a draft: its page, muting, the rules, and what a release refuses.

use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Client, Role, TestApp, given};
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{audit_entries, muted_concerns, releases, schedule_rules, slots};
use plenary::db::{RoomId, SessionId, SlotId, UtcTime};
use plenary::schedule::concerns::{Concern, Severity, operations::checked};
use plenary::schedule::editor::model::SlotState;
use plenary::schedule::operations::{ScheduleError, latest_release, release};

const CONCERNS: &str = "/organizer/summit/schedule/concerns";
const RULES: &str = "/organizer/summit/schedule/rules";
const RELEASES: &str = "/organizer/summit/releases";

/// Two accepted sessions in one room at one time.
async fn given_overlap(organizer: &Client, app: &TestApp) -> [String; 2] {
    let room = given::room(organizer, app, "Great Hall", &[]).await;
    let sessions = [given::session(organizer, "Opening", &[]).await, given::session(organizer, "Panel", &[]).await];
    for session in &sessions {
        given::place(organizer, session, room, "2027-04-13", "09:00").await;
    }
    sessions
}

/// The keys of what blocks a release, each once.
async fn blocking(app: &TestApp) -> Vec<String> {
    let event = app.event().await.clone();
    let mut keys: Vec<String> = app
        .read(move |db| checked(db, &event))
        .await
        .blocking()
        .iter()
        .map(plenary::schedule::concerns::Found::key)
        .collect();
    keys.dedup();
    keys.sort();
    keys.dedup();
    keys
}

async fn released(app: &TestApp) -> i64 {
    app.read(|db| releases::table.count().get_result(db)).await
}

on_both_databases! {
    async fn a_concern_is_listed_once_and_leads_to_both_sessions(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(CONCERNS).await.says("Nothing speaks against the draft"));
        let [opening, panel] = given_overlap(&organizer, &app).await;
        let page = organizer.get(CONCERNS).await;
        assert!(page.ok().contains("1 blocks a release") && page.says("The room is taken by"));
        assert!(page.body.contains(&format!("{opening}#placing")) && page.body.contains(&format!("{panel}#placing")));
        for session in [&opening, &panel] {
            assert!(organizer.get(session).await.says("The room is taken by"));
        }
        let chinese = organizer.get(&format!("{CONCERNS}?lang=zh")).await;
        assert!(chinese.ok().contains("会场已被") && chinese.body.contains("1 项阻止发布"));
    }

    async fn what_blocks_a_release_is_muted_with_a_reason_by_who_may_release(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given_overlap(&organizer, &app).await;
        let key = blocking(&app).await.remove(0);
        let (mute, unmute) = (format!("{CONCERNS}/mute"), format!("{CONCERNS}/unmute"));
        let reason = |reason: &'static str| [("key", key.as_str()), ("reason", reason)];

        let refused = organizer.post_form(&mute, &reason("  ")).await;
        assert!(refused.has_status(422).contains("Please fill this in"));
        let long = "x".repeat(301);
        let refused = organizer.post_form(&mute, &[("key", &key), ("reason", &long)]).await;
        assert_eq!((refused.status, refused.input("reason")), (422, long), "nothing typed is lost");
        organizer.post_form(&mute, &[("key", "room-taken:none"), ("reason", "Joke")]).await.has_status(409);

        let back = [("key", key.as_str()), ("reason", "A relay of the opening"), ("back", RELEASES)];
        assert_eq!(organizer.post_form(&mute, &back).await.redirect(), RELEASES);
        assert_eq!(blocking(&app).await, Vec::<String>::new());
        let page = organizer.get(CONCERNS).await;
        assert!(page.ok().contains("1 muted") && page.says("A relay of the opening"));
        let away = [("key", key.as_str()), ("reason", "Both"), ("back", "//elsewhere.example/organizer/summit/")];
        assert_eq!(organizer.post_form(&mute, &away).await.redirect(), CONCERNS, "only to our own pages");
        let reasons: Vec<String> = app.read(|db| muted_concerns::table.select(muted_concerns::reason).load(db)).await;
        assert_eq!(reasons, ["Both"]);

        organizer.post_form(&unmute, &[("key", &key)]).await.redirect();
        organizer.post_form(&unmute, &[("key", &key)]).await.has_status(409);
        assert_eq!(blocking(&app).await, std::slice::from_ref(&key));
        let noted: i64 = app
            .read(|db| audit_entries::table.filter(audit_entries::action.like("concern.%")).count().get_result(db))
            .await;
        assert_eq!(noted, 3);
    }

    async fn a_forum_organizer_mutes_warnings_of_own_sessions_and_nothing_that_blocks(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given_overlap(&organizer, &app).await;
        let key = blocking(&app).await.remove(0);
        let forum_organizer = app.signed_in_as(Role::ForumOrganizer).await;
        let answer = forum_organizer.post_form(&format!("{CONCERNS}/mute"), &[("key", &key), ("reason", "Mine")]).await;
        answer.has_status(403);
        assert!(!forum_organizer.get(CONCERNS).await.says("Mute with this reason"));
        assert_eq!(blocking(&app).await, [key]);
    }

    async fn a_release_is_refused_while_something_blocks_it_unless_one_insists(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given_overlap(&organizer, &app).await;
        assert!(organizer.get(RELEASES).await.says("1 concern blocks this release"));
        let fields = [("name", "First"), ("note", "With all sessions")];
        let refused = organizer.post_form(RELEASES, &fields).await;
        assert!(refused.has_status(409).contains("Release all the same"));
        assert_eq!((refused.input("name").as_str(), released(&app).await), ("First", 0));
        let insisted = [("name", "First"), ("note", "With all sessions"), ("ignore_blocking", "on")];
        organizer.post_form(RELEASES, &insisted).await.redirect();
        assert_eq!(released(&app).await, 1);
        // What is only proposed is not released and blocks nothing.
        let event = app.event().await.clone();
        app.write(|db, _| {
            use plenary::db::schema::sessions;
            let proposed = sessions::table.filter(sessions::code.eq("panel"));
            diesel::update(proposed).set(sessions::state.eq("proposed")).execute(db)
        })
        .await;
        let again = app.app.write(move |db, now| release(db, now, Actor::CommandLine, &event, None, "", false)).await;
        again.expect("nothing blocks any more");
    }

    async fn rules_are_set_with_walks_between_the_events_buildings(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(RULES).await.says("as soon as rooms are in different buildings"));
        for (room, building) in [("Great Hall", "Palace"), ("Loft", "Mill"), ("Foyer", "Palace"), ("Tent", "Garden")] {
            given::room(&organizer, &app, room, &[("building.en", building)]).await;
        }
        let page = organizer.get(RULES).await;
        assert!(page.says("Garden – Mill, in minutes") && page.says("Mill – Palace, in minutes"));
        assert_eq!((page.input("walk_minutes").as_str(), page.input("walk.0").as_str()), ("10", ""));
        let right = [
            ("version", "0"), ("grid", "15"), ("walk_minutes", "12"), ("wants_all_languages", "on"),
            ("shared_audience", "5"), ("quiet_minutes", "30"), ("moved_hours", "24"),
            ("from.0", "Garden"), ("to.0", "Mill"), ("walk.0", "25"), ("from.1", "Mill"), ("to.1", "Palace"), ("walk.1", ""),
        ];
        for (field, value, words) in [
            ("grid", "7", "5, 10, 15 or 30"),
            ("grid", "", "Please fill this in"),
            ("walk_minutes", "-1", "0 to 240"),
            ("walk.0", "a lot", "number"),
            ("walk.1", "999", "0 to 240"),
            ("quiet_minutes", "1441", "0 to 1440"),
            ("moved_hours", "721", "0 to 720"),
            ("shared_audience", "", "Please fill this in"),
        ] {
            let fields: Vec<_> = right.iter().map(|(name, old)| (*name, if *name == field { value } else { old })).collect();
            let answer = organizer.post_form(RULES, &fields).await;
            assert!(answer.has_status(422).contains(words), "{field} = {value}");
        }
        assert_eq!(organizer.post_form(RULES, &right).await.redirect(), RULES);
        let page = organizer.get(RULES).await;
        assert_eq!((page.input("walk.0").as_str(), page.input("version").as_str()), ("25", "1"));
        let kept: (i32, i32, bool) = app
            .read(|db| {
                schedule_rules::table
                    .select((schedule_rules::grid_minutes, schedule_rules::moved_hours, schedule_rules::wants_all_languages))
                    .first(db)
            })
            .await;
        assert_eq!(kept, (15, 24, true));

        // Someone else was faster: what was typed stays, what is stored is shown.
        let late: Vec<_> = right.iter().map(|(name, old)| (*name, if *name == "walk_minutes" { "99" } else { old })).collect();
        let conflict = organizer.post_form(RULES, &late).await;
        assert!(conflict.has_status(409).contains("12"));
        assert_eq!((conflict.input("walk_minutes").as_str(), conflict.input("version").as_str()), ("99", "1"));
    }

    async fn what_planners_say_of_sessions_and_forums_is_kept_and_heeded(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Hall", &[("capacity", "100")]).await;
        let annex = given::room(&organizer, &app, "Annex", &[("capacity", "300")]).await;
        organizer.post_form("/organizer/summit/forums/new", &[("name.en", "Water"), ("color", "#1c7ed6"), ("is_serial", "on")]).await.redirect();
        let forum: plenary::db::ForumId = app.read(|db| {
            use plenary::db::schema::forums;
            forums::table.filter(forums::is_serial.eq(true)).select(forums::id).first(db)
        }).await;
        let forum = forum.to_string();
        let planned = [("forum", forum.as_str()), ("expected", "150"), ("buffer_before", "0"), ("buffer_after", "20")];
        let first = given::session(&organizer, "Rivers", &planned).await;
        let second = given::session(&organizer, "Lakes", &[("forum", &forum)]).await;
        let page = organizer.get(&first).await;
        assert_eq!((page.input("expected").as_str(), page.input("buffer_after").as_str()), ("150", "20"));
        given::place(&organizer, &first, hall, "2027-04-13", "09:00").await;
        given::place(&organizer, &second, annex, "2027-04-13", "09:30").await;
        let third = given::session(&organizer, "Seas", &[]).await;
        given::place(&organizer, &third, hall, "2027-04-13", "10:10").await;
        let event = app.event().await.clone();
        let found = app.read(move |db| checked(db, &event)).await.found;
        let has = |kind: &str, severity| found.iter().any(|one| one.concern.kind() == kind && one.severity == severity);
        assert!(has("forum-overlaps", Severity::Blocks) && has("buffer-broken", Severity::Blocks));
        assert!(has("room-too-small", Severity::Warns));
        for (field, value, words) in [("expected", "0", "1 to"), ("buffer_before", "721", "0 to 720"), ("buffer_after", "-1", "0 to 720")] {
            let fields = [("title.en", "Rivers"), ("version", "1"), ("state", "accepted"), ("access", "open"), (field, value)];
            assert!(organizer.post_form(&first, &fields).await.has_status(422).contains(words), "{field}");
        }
    }

    async fn a_release_that_was_not_forced_never_holds_an_overlap_that_blocks(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = [
            given::room(&organizer, &app, "One", &[]).await,
            given::room(&organizer, &app, "Two", &[]).await,
        ];
        for number in 0..6 {
            given::session(&organizer, &format!("Session {number}"), &[]).await;
        }
        let (mut dice, mut made, mut refused) = (Dice(3), 0, 0);
        for _ in 0..24 {
            scatter(&app, &rooms, &mut dice).await;
            let event = app.event().await.clone();
            let id = event.id;
            match app.app.write(move |db, now| release(db, now, Actor::CommandLine, &event, None, "", false)).await {
                Ok(_) => {
                    made += 1;
                    let programme = app.read(move |db| latest_release(db, id)).await.expect("a release");
                    let mut taken: Vec<(RoomId, UtcTime, UtcTime)> = programme
                        .sessions
                        .iter()
                        .flat_map(|session| &session.slots)
                        .filter_map(|slot| Some((slot.room?, slot.start, slot.end)))
                        .collect();
                    taken.sort();
                    assert!(taken.windows(2).all(|two| two[0].0 != two[1].0 || two[0].2 <= two[1].1), "{taken:?}");
                }
                Err(ScheduleError::Blocked(found)) => {
                    refused += 1;
                    assert!(found.iter().all(|one| matches!(one.concern, Concern::RoomTaken(_))));
                }
                Err(error) => panic!("{error}"),
            }
        }
        assert!(made > 2 && refused > 2, "both happen: {made} made, {refused} refused");
    }
}

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Places every session anew, at whole hours of one day.
async fn scatter(app: &TestApp, rooms: &[RoomId; 2], dice: &mut Dice) {
    let sessions: Vec<SessionId> = app
        .read(|db| {
            use plenary::db::schema::sessions;
            sessions::table.order(sessions::id).select(sessions::id).load(db)
        })
        .await;
    let day = instant("2027-04-13T01:00:00Z");
    let places: Vec<(SessionId, SlotState)> = sessions
        .into_iter()
        .map(|session| {
            let room = usize::try_from(dice.roll(2)).expect("small");
            let start = day + chrono::TimeDelta::hours(i64::try_from(dice.roll(12)).expect("small"));
            (session, SlotState { room: Some(rooms[room]), start, end: start + chrono::TimeDelta::hours(1) })
        })
        .collect();
    let event = app.event().await.clone();
    app.write(move |db, now| {
        diesel::delete(slots::table).execute(db)?;
        for (session, place) in &places {
            let id = SlotId::new();
            diesel::insert_into(slots::table)
                .values((
                    (slots::id.eq(id), slots::event_id.eq(event.id), slots::session_id.eq(*session)),
                    (slots::room_id.eq(place.room), slots::starts_at.eq(place.start), slots::ends_at.eq(place.end)),
                    (slots::guid.eq(id.to_string()), slots::version.eq(1)),
                    (slots::created_at.eq(now), slots::updated_at.eq(now)),
                ))
                .execute(db)?;
        }
        Ok(())
    })
    .await;
}
