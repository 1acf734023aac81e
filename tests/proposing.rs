//! Proposed timetables, and kept copies of a draft.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{draft_edits, sessions, slots, users};
use plenary::db::{RoomId, SlotId, UserId, UtcTime};
use plenary::schedule::editor::undo::undo;
use plenary::schedule::proposing::{jobs, operations};
use tokio::sync::watch;

const PROPOSALS: &str = "/organizer/summit/schedule/proposals";
const COPIES: &str = "/organizer/summit/schedule/copies";

/// Makes every proposal that waits.
async fn work(app: &TestApp) {
    let (_told, stop) = watch::channel(false);
    jobs::run_due(&app.app, &stop).await.expect("the proposals are made");
}

/// A form for the first day only.
fn asking<'a>(scope: &'a str, rooms: &'a [String], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("scope", scope), ("step", "30"), ("seconds", "1")];
    fields.extend([("from.2027-04-13", "09:00"), ("to.2027-04-13", "12:00")]);
    fields.extend(rooms.iter().map(|room| ("rooms", room.as_str())));
    fields.extend(more);
    fields
}

type Placed = (Option<RoomId>, UtcTime, UtcTime);

async fn placed(app: &TestApp) -> Vec<Placed> {
    app.read(|db| slots::table.order(slots::id).select((slots::room_id, slots::starts_at, slots::ends_at)).load(db))
        .await
}

async fn organizer_id(app: &TestApp) -> UserId {
    let key = Role::Organizer.email();
    app.read(move |db| users::table.filter(users::email_key.eq(key)).select(users::id).first(db)).await
}

async fn undoes(app: &TestApp) {
    let (event, user) = (app.event().await.id, organizer_id(app).await);
    let undone = app.app.write(move |db, now| {
        let event = plenary::events::operations::by_id(db, event)?.expect("the event");
        undo(db, now, user, &event, None)
    });
    undone.await.expect("the last edit is undone");
}

/// Two rooms and so many sessions of an hour; the first with a speaker who is in the second too.
async fn a_draft(app: &TestApp, organizer: &Client, count: usize) -> Vec<String> {
    let large = given::room(organizer, app, "Large room", &[("capacity", "500")]).await;
    let small = given::room(organizer, app, "Small room", &[("capacity", "30")]).await;
    given::speaker(app, "ada", "Ada Lovelace", None).await;
    for number in 0..count {
        let person: &[(&str, &str)] = if number < 2 { &[("person.0", "ada")] } else { &[] };
        given::session(organizer, &format!("Session {}", number + 1), person).await;
    }
    vec![large.to_string(), small.to_string()]
}

on_both_databases! {
    async fn a_proposal_is_made_looked_at_accepted_in_part_and_undone(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 6).await;
        assert!(organizer.get(PROPOSALS).await.ok().contains("Choose from 6 sessions without a place"));
        let proposal = organizer.post_form(PROPOSALS, &asking("unplaced", &rooms, &[])).await.redirect().to_owned();
        let waiting = organizer.get(&proposal).await;
        assert!(waiting.ok().contains("Waiting") && waiting.says("http-equiv=\"refresh\""));
        assert!(organizer.get(PROPOSALS).await.says("http-equiv=\"refresh\""), "the list follows too");
        organizer.post_form(&format!("{proposal}/accept"), &[("entry", "0")]).await.has_status(409);

        work(&app).await;
        let ready = organizer.get(&proposal).await;
        assert!(ready.ok().contains("6 of 6 sessions have a place") && ready.says("6 changes"));
        assert!(!ready.says("http-equiv=\"refresh\""));
        assert_eq!(ready.body.matches(" checked").count(), 6, "everything is ticked");
        assert_eq!(placed(&app).await, [], "the draft changes only when someone accepts");

        organizer.post_form(&format!("{proposal}/accept"), &[]).await.has_status(422);
        let some = [("entry", "0"), ("entry", "2"), ("entry", "3")];
        assert_eq!(organizer.post_form(&format!("{proposal}/accept"), &some).await.redirect(), proposal);
        assert_eq!(placed(&app).await.len(), 3);
        let rest = organizer.get(&proposal).await;
        assert!(rest.ok().contains("The draft is already like this") && rest.says("3 of these can&#x27;t be accepted") || rest.says("3 of these can't be accepted"));
        assert_eq!(rest.body.matches(" checked").count(), 3);

        undoes(&app).await;
        assert_eq!(placed(&app).await, [], "one step takes all of it back");
        let edits: i64 = app.read(|db| draft_edits::table.count().get_result(db)).await;
        assert_eq!(edits, 2);
        assert!(organizer.get(&proposal).await.says("6 changes"));
        organizer.post_form(&format!("{proposal}/delete"), &[]).await.redirect();
        organizer.get(&proposal).await.has_status(404);
    }

    async fn what_was_proposed_breaks_no_rule(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 6).await;
        let all = asking("unplaced", &rooms, &[]);
        let proposal = organizer.post_form(PROPOSALS, &all).await.redirect().to_owned();
        work(&app).await;
        let entries: Vec<(&str, &str)> = ["0", "1", "2", "3", "4", "5"].map(|entry| ("entry", entry)).to_vec();
        organizer.post_form(&format!("{proposal}/accept"), &entries).await.redirect();
        let placed = placed(&app).await;
        assert_eq!(placed.len(), 6);
        for (number, one) in placed.iter().enumerate() {
            assert!(one.0.is_some());
            let free = placed[number + 1..].iter().all(|other| one.0 != other.0 || one.2 <= other.1 || other.2 <= one.1);
            assert!(free, "{one:?} in {placed:?}");
        }
        let page = organizer.get("/organizer/summit/releases").await;
        assert!(!page.ok().contains("serious concern"), "the draft itself has nothing against it");
    }

    async fn what_finds_no_place_is_explained(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 7).await;
        given::session(&organizer, "Plenary", &[("capacity", "900")]).await;
        let proposal = organizer.post_form(PROPOSALS, &asking("unplaced", &rooms, &[])).await.redirect().to_owned();
        work(&app).await;
        let page = organizer.get(&proposal).await;
        assert!(page.ok().contains("6 of 8 sessions have a place") && page.says("2 sessions have no place"), "{}", page.body);
        assert!(page.says("the room is too small") && page.says("the room holds another session"));
    }

    async fn a_wrong_request_is_told_at_its_fields(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 1).await;
        for (fields, words) in [
            (asking("unplaced", &[], &[]), "Choose at least one room"),
            (asking("selected", &rooms, &[]), "Choose at least one session"),
            (asking("nonsense", &rooms, &[]), "Please choose what it shall do"),
            (vec![("scope", "unplaced"), ("step", "15"), ("seconds", "10"), ("rooms", rooms[0].as_str())], "some hours"),
            (asking("unplaced", &rooms, &[("from.2027-04-14", "noon")]), "time"),
        ] {
            let answer = organizer.post_form(PROPOSALS, &fields).await;
            assert!(answer.has_status(422).contains(words), "{words}: {}", answer.body);
            assert_eq!(answer.input("from.2027-04-13"), fields.iter().find(|(name, _)| *name == "from.2027-04-13").map_or("", |(_, value)| *value));
        }
    }

    async fn a_draft_that_changed_since_is_not_overwritten(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 6).await;
        let proposal = organizer.post_form(PROPOSALS, &asking("unplaced", &rooms, &[])).await.redirect().to_owned();
        work(&app).await;
        let (id, room) = app.read(|db| {
            use plenary::db::schema::rooms;
            let session: plenary::db::SessionId = sessions::table.order(sessions::id).select(sessions::id).first(db)?;
            Ok((session, rooms::table.order(rooms::id).select(rooms::id).first::<RoomId>(db)?))
        }).await;
        let session = format!("/organizer/summit/sessions/{id}");
        given::place(&organizer, &session, room, "2027-04-15", "09:00").await;
        let page = organizer.get(&proposal).await;
        assert!(page.ok().contains("Someone has moved the session since"));
        assert_eq!(page.body.matches(" checked").count(), 5);
        let entries: Vec<(&str, &str)> = ["0", "1", "2", "3", "4", "5"].map(|entry| ("entry", entry)).to_vec();
        let refused = organizer.post_form(&format!("{proposal}/accept"), &entries).await;
        assert!(refused.has_status(409).contains("Nothing was accepted"));
        assert_eq!(placed(&app).await.len(), 1);
    }

    async fn moves_that_need_each_other_are_accepted_together(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        // One room with one free hour: the plenary needs the large room, so what is there must go.
        let large = given::room(&organizer, &app, "Large room", &[("capacity", "500")]).await;
        let small = given::room(&organizer, &app, "Small room", &[("capacity", "30")]).await;
        let lecture = given::session(&organizer, "Lecture", &[]).await;
        given::place(&organizer, &lecture, large, "2027-04-13", "09:00").await;
        given::session(&organizer, "Opening", &[("capacity", "400")]).await;
        let rooms = [large.to_string(), small.to_string()];
        let fields = [
            ("scope", "unplaced"), ("step", "30"), ("seconds", "1"), ("may_move", "on"),
            ("from.2027-04-13", "09:00"), ("to.2027-04-13", "10:00"), ("rooms", rooms[0].as_str()), ("rooms", rooms[1].as_str()),
        ];
        let proposal = organizer.post_form(PROPOSALS, &fields).await.redirect().to_owned();
        work(&app).await;
        let page = organizer.get(&proposal).await;
        assert!(page.ok().contains("2 changes") && page.says("moved") && page.says("new place"), "{}", page.body);
        // The opening alone would clash with the lecture.
        let opening = if page.body.find("Opening") < page.body.find("Lecture") { "0" } else { "1" };
        let alone = organizer.post_form(&format!("{proposal}/accept"), &[("entry", opening)]).await;
        assert!(alone.has_status(422).contains("Ticked for you"));
        assert_eq!(alone.body.matches(" checked").count(), 2);
        organizer.post_form(&format!("{proposal}/accept"), &[("entry", "0"), ("entry", "1")]).await.redirect();
        let rooms: Vec<_> = placed(&app).await.into_iter().map(|(room, ..)| room).collect();
        assert_eq!(rooms, [Some(small), Some(large)]);
    }

    async fn a_broken_draft_is_repaired_with_few_moves(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 3).await;
        let room: RoomId = rooms[0].parse().expect("an id");
        let all = app.read(|db| sessions::table.order(sessions::id).select(sessions::id).load::<plenary::db::SessionId>(db)).await;
        for (session, start) in all.iter().zip(["09:00", "09:30", "11:00"]) {
            given::place(&organizer, &format!("/organizer/summit/sessions/{session}"), room, "2027-04-13", start).await;
        }
        let before = placed(&app).await;
        let proposal = organizer.post_form(PROPOSALS, &asking("repair", &rooms, &[])).await.redirect().to_owned();
        work(&app).await;
        let page = organizer.get(&proposal).await;
        assert!(page.ok().contains("1 change"), "{}", page.body);
        organizer.post_form(&format!("{proposal}/accept"), &[("entry", "0")]).await.redirect();
        let after = placed(&app).await;
        assert_eq!(after.iter().zip(&before).filter(|(after, before)| after != before).count(), 1);
        // Fixed ones stay, whatever else is wrong.
        app.write(|db, _| diesel::update(slots::table).set((slots::is_fixed.eq(true), slots::room_id.eq(None::<RoomId>))).execute(db)).await;
        let proposal = organizer.post_form(PROPOSALS, &asking("repair", &rooms, &[])).await.redirect().to_owned();
        work(&app).await;
        assert!(organizer.get(&proposal).await.says("Nothing to change"));
    }

    async fn a_search_can_be_stopped_and_keeps_what_it_has(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 12).await;
        let mut fields = asking("unplaced", &rooms, &[("from.2027-04-14", "09:00"), ("to.2027-04-14", "18:00")]);
        fields.retain(|(name, _)| *name != "seconds");
        fields.push(("seconds", "120"));
        let proposal = organizer.post_form(PROPOSALS, &fields).await.redirect().to_owned();
        let (_told, stop) = watch::channel(false);
        let server = app.app.clone();
        let worker = tokio::spawn(async move { jobs::run_due(&server, &stop).await });
        while !organizer.get(&proposal).await.ok().contains("Searching") {
            tokio::task::yield_now().await;
        }
        organizer.post_form(&format!("{proposal}/stop"), &[]).await.redirect();
        worker.await.expect("the worker").expect("it ends");
        let page = organizer.get(&proposal).await;
        assert!(page.ok().contains("12 of 12 sessions have a place"), "{}", page.body);
        assert!(page.says("Stopped") || page.says("Ready"));
        organizer.post_form(&format!("{proposal}/stop"), &[]).await.has_status(409);
    }

    async fn a_dead_worker_s_proposal_is_taken_up_again_and_given_up_at_last(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 2).await;
        let proposal = organizer.post_form(PROPOSALS, &asking("unplaced", &rooms, &[])).await.redirect().to_owned();
        let dies = async || app.app.write(operations::claim).await.expect("claimed");
        assert!(dies().await.is_some());
        assert!(dies().await.is_none(), "one worker at a time");
        work(&app).await;
        assert!(organizer.get(&proposal).await.ok().contains("Searching"), "the lease still holds");
        app.clock.advance(TimeDelta::seconds(31));
        work(&app).await;
        assert!(organizer.get(&proposal).await.ok().contains("2 of 2 sessions have a place"));

        let doomed = organizer.post_form(PROPOSALS, &asking("unplaced", &rooms, &[])).await.redirect().to_owned();
        for _ in 0..3 {
            assert!(dies().await.is_some());
            app.clock.advance(TimeDelta::seconds(31));
        }
        work(&app).await;
        assert!(organizer.get(&doomed).await.ok().contains("No proposal could be made"));
    }

    async fn a_worker_that_is_told_to_end_gives_its_proposal_back(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 12).await;
        let mut fields = asking("unplaced", &rooms, &[]);
        fields.retain(|(name, _)| *name != "seconds");
        fields.push(("seconds", "120"));
        let proposal = organizer.post_form(PROPOSALS, &fields).await.redirect().to_owned();
        let (told, stop) = watch::channel(false);
        let server = app.app.clone();
        let worker = tokio::spawn(async move { jobs::run_due(&server, &stop).await });
        while !organizer.get(&proposal).await.ok().contains("Searching") {
            tokio::task::yield_now().await;
        }
        told.send(true).expect("told");
        worker.await.expect("the worker").expect("it ends");
        assert!(organizer.get(&proposal).await.ok().contains("Waiting"));
    }

    async fn copies_are_kept_compared_and_made_the_draft(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let rooms = a_draft(&app, &organizer, 3).await;
        let (large, small): (RoomId, RoomId) = (rooms[0].parse().expect("an id"), rooms[1].parse().expect("an id"));
        let all = app.read(|db| sessions::table.order(sessions::id).select(sessions::id).load::<plenary::db::SessionId>(db)).await;
        let address: Vec<String> = all.iter().map(|id| format!("/organizer/summit/sessions/{id}")).collect();
        given::place(&organizer, &address[0], large, "2027-04-13", "09:00").await;
        given::place(&organizer, &address[1], small, "2027-04-13", "11:00").await;
        organizer.post_form(COPIES, &[("name", "")]).await.has_status(422);
        assert_eq!(organizer.post_form(COPIES, &[("name", "Plan A"), ("note", "Before the minister")]).await.redirect(), COPIES);
        let list = organizer.get(COPIES).await;
        assert!(list.ok().contains("Plan A") && list.says("Before the minister"));
        let copy = list.body.split("href=\"").map(|rest| rest.split('"').next().unwrap_or_default())
            .find(|url| url.starts_with(&format!("{COPIES}/"))).expect("a link to the copy").to_owned();
        assert!(organizer.get(&copy).await.ok().contains("The draft is like this copy"));

        let kept = placed(&app).await;
        let slot: SlotId = app.read(|db| slots::table.order(slots::id).select(slots::id).first(db)).await;
        let (slot, room) = (slot.to_string(), small.to_string());
        let elsewhere = [("slot", slot.as_str()), ("room", room.as_str()), ("day", "2027-04-14"), ("start", "10:00"), ("minutes", "60")];
        organizer.post_form(&format!("{}/place", address[0]), &elsewhere).await.redirect();
        given::place(&organizer, &address[2], large, "2027-04-13", "14:00").await;
        let page = organizer.get(&copy).await;
        assert!(page.ok().contains("1 moved") && page.says("1 with a time less"), "{}", page.body);
        let id = copy.rsplit('/').next().expect("an id");
        let compared = organizer.get(&format!("{COPIES}/compare?one={id}&other=draft")).await;
        assert!(compared.ok().contains("1 with a new time") && compared.says("Plan A"));
        organizer.get(&format!("{COPIES}/compare?one=nonsense&other=draft")).await.has_status(404);

        let version = page.input("version");
        organizer.post_form(&format!("{copy}/use"), &[("version", "0")]).await.has_status(409);
        organizer.post_form(&format!("{copy}/use"), &[("version", &version)]).await.redirect();
        assert_eq!(placed(&app).await, kept);
        undoes(&app).await;
        assert_eq!(placed(&app).await.len(), 3, "one step takes all of it back");

        // A session that was deleted since is named and skipped.
        app.write(move |db, _| diesel::delete(sessions::table.find(all[1])).execute(db)).await;
        let page = organizer.get(&copy).await;
        assert!(page.ok().contains("not there any more and is skipped") && page.says("Session 2"), "{}", page.body);
        organizer.post_form(&format!("{copy}/use"), &[("version", &page.input("version"))]).await.redirect();
        assert_eq!(placed(&app).await.len(), 1);
        organizer.post_form(&format!("{copy}/delete"), &[]).await.redirect();
        organizer.get(&copy).await.has_status(404);
    }

    async fn what_only_organizers_of_the_whole_event_may_do(db: TestDatabase) {
        let app = TestApp::start(db).await;
        for role in [Role::ForumOrganizer, Role::Observer] {
            let member = app.signed_in_as(role).await;
            member.get(PROPOSALS).await.has_status(403);
            member.get(COPIES).await.has_status(403);
        }
        let chinese = app.signed_in_as(Role::Organizer).await;
        assert!(chinese.get(&format!("{PROPOSALS}?lang=zh")).await.ok().contains("寻找日程安排"));
        assert!(chinese.get(&format!("{COPIES}?lang=zh")).await.ok().contains("保存副本"));
    }
}
