//! Several organizers at work on one draft: moves, conflicts, taking back, blocks, and hearing of each other.

mod clocks;
mod exact;
mod several;

use crate::on_both_databases;
use crate::support::app::{Answer, instant};
use crate::support::{Client, Role, TestApp, TestDatabase, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::db::schema::{blocks, editor_presence, membership_forums, memberships, sessions, slots};
use plenary::db::{ForumId, MembershipId, RoomId, SessionId, SlotId, TabId, UtcTime};
use serde_json::{Value, json};
use std::time::Duration;

const BASE: &str = "/organizer/summit/schedule";

/// A room and three sessions of the event "summit", none placed yet.
struct Given {
    app: TestApp,
    organizer: Client,
    hall: RoomId,
    studio: RoomId,
    sessions: Vec<SessionId>,
}

impl Given {
    async fn new(db: TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        let studio = given::room(&organizer, &app, "Studio", &[]).await;
        let mut sessions = Vec::new();
        for title in ["Opening", "Debate", "Closing"] {
            sessions.push(id_of(&given::session(&organizer, title, &[]).await));
        }
        Self { app, organizer, hall, studio, sessions }
    }

    /// Places a session for an hour on the first day; returns its line.
    async fn placed(&self, session: usize, room: RoomId, from: i64) -> Value {
        let to = json!({ "room": room, "day": "2027-04-13", "from": from, "minutes": 60 });
        let done = moves(&self.organizer, "place", json!([{ "session": self.sessions[session], "to": to }])).await;
        read(&done, 200)["slots"][0].clone()
    }
}

fn id_of(url: &str) -> SessionId {
    url.rsplit('/').next().expect("a path").parse().expect("an id")
}

async fn post(client: &Client, path: &str, body: Value) -> Answer {
    client.send(client.request(reqwest::Method::POST, &format!("{BASE}{path}")).json(&body)).await
}

async fn moves(client: &Client, kind: &str, moves: Value) -> Answer {
    post(client, "/moves", json!({ "tab": TabId::new(), "kind": kind, "moves": moves })).await
}

#[track_caller]
fn read(answer: &Answer, status: u16) -> Value {
    let value = serde_json::from_str(answer.has_status(status)).expect("JSON");
    let kind = if status < 300 { "application/json" } else { "application/problem+json" };
    assert!(answer.header("content-type").starts_with(kind), "{}", answer.header("content-type"));
    value
}

async fn draft(client: &Client) -> Value {
    read(&client.get(&format!("{BASE}/draft.json")).await, 200)
}

fn to(room: RoomId, day: &str, from: i64, minutes: i64) -> Value {
    json!({ "room": room, "day": day, "from": from, "minutes": minutes })
}

fn moved(slot: &Value, to: &Value) -> Value {
    json!([{ "slot": slot["id"], "session": slot["session"], "version": slot["version"], "to": to }])
}

type Row = (SlotId, Option<RoomId>, UtcTime, UtcTime);

async fn rows(app: &TestApp) -> Vec<Row> {
    let columns = (slots::id, slots::room_id, slots::starts_at, slots::ends_at);
    app.read(move |db| slots::table.order(slots::id).select(columns).load(db)).await
}

/// An open stream of events.
struct Stream {
    response: reqwest::Response,
    text: String,
}

impl Stream {
    async fn open(client: &Client, since: &Value) -> Self {
        let path = format!("{BASE}/events?tab={}&since={since}", TabId::new());
        let response = client.request(reqwest::Method::GET, &path).send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 200);
        Self { response, text: String::new() }
    }

    /// The next event with its data; none when the stream has ended.
    async fn next(&mut self) -> Option<(String, Value)> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
                let (name, data) = (field("event: ").to_owned(), field("data: ").to_owned());
                self.text = rest.to_owned();
                if !name.is_empty() {
                    return Some((name, serde_json::from_str(&data).expect("JSON")));
                }
                continue;
            }
            let chunk = tokio::time::timeout(Duration::from_secs(20), self.response.chunk()).await.expect("in time");
            self.text.push_str(std::str::from_utf8(&chunk.ok()??).expect("text"));
        }
    }

    /// The data of the next event of this name.
    async fn wait_for(&mut self, name: &str) -> Value {
        loop {
            let (found, data) = self.next().await.expect("the stream goes on");
            if found == name {
                return data;
            }
        }
    }
}

on_both_databases! {
    async fn the_second_of_two_organizers_is_told_and_nothing_is_overwritten(db: TestDatabase) {
        let given = Given::new(db).await;
        let other = given.app.signed_in_as(Role::Administrator).await;
        let slot = given.placed(0, given.hall, 540).await;
        assert_eq!((&slot["from"], &slot["to"], &slot["day"]), (&json!(540), &json!(600), &json!("2027-04-13")));
        assert_eq!(slot["start"], "2027-04-13T01:00:00Z");
        let there = moved(&slot, &to(given.studio, "2027-04-14", 600, 60));
        let first = read(&moves(&other, "move", there).await, 200);
        let late = moves(&given.organizer, "move", moved(&slot, &to(given.hall, "2027-04-15", 660, 60))).await;
        let told = read(&late, 409);
        assert_eq!(told["type"], "stale");
        assert_eq!(told["slots"], first["slots"], "the present state");
        assert!(told["title"].as_str().is_some_and(|title| title.contains("Someone else has moved")));
        let (_, room, start, _) = rows(&given.app).await[0];
        assert_eq!((room, start), (Some(given.studio), instant("2027-04-14T02:00:00Z")));
        // With what was told, the second can decide.
        let again = moved(&told["slots"][0], &to(given.hall, "2027-04-15", 660, 60));
        read(&moves(&given.organizer, "move", again).await, 200);

        // A slot that is gone is told as well.
        let removed = draft(&other).await["slots"][0].clone();
        read(&moves(&other, "remove", moved(&removed, &Value::Null)).await, 200);
        let told = read(&moves(&given.organizer, "move", moved(&removed, &to(given.hall, "2027-04-13", 0, 60))).await, 409);
        assert_eq!(told["removed"], json!([removed["id"]]));
        assert_eq!(rows(&given.app).await, []);
    }

    async fn a_stale_tab_of_the_sessions_page_is_told(db: TestDatabase) {
        let given = Given::new(db).await;
        let page = format!("/organizer/summit/sessions/{}", given.sessions[0]);
        let slot = given.placed(0, given.hall, 540).await;
        let version = given.organizer.get(&page).await.ok().split("name=\"slot\"").nth(1)
            .and_then(|rest| rest.split("name=\"version\" value=\"").nth(1))
            .and_then(|rest| rest.split('"').next()).expect("the slot's version").to_owned();
        read(&moves(&given.organizer, "move", moved(&slot, &to(given.studio, "2027-04-14", 600, 60))).await, 200);
        let id = slot["id"].as_str().expect("an id").to_owned();
        let fields = [("slot", id.as_str()), ("version", version.as_str()), ("day", "2027-04-15"), ("start", "11:11"), ("minutes", "60")];
        let told = given.organizer.post_form(&format!("{page}/place"), &fields).await;
        assert!(told.has_status(409).contains("Someone else has moved this in the meantime"));
        assert!(told.says("value=\"11:11\"") && told.says("10:00–11:00"), "what was typed, and what is there now");
        given.organizer.post_form(&format!("{page}/unplace"), &fields).await.has_status(409);
        assert_eq!(rows(&given.app).await[0].2, instant("2027-04-14T02:00:00Z"));
    }

    async fn forum_organizers_move_sessions_of_their_own_forums_only(db: TestDatabase) {
        let given = Given::new(db).await;
        let (own, other) = (given::forum(&given.app, "ai").await, given::forum(&given.app, "law").await);
        let editor = given.app.signed_in_as(Role::ForumOrganizer).await;
        let of = [(given.sessions[0], Some(own)), (given.sessions[1], Some(other))];
        given.app.write(move |db, _| {
            let member: MembershipId = memberships::table.filter(memberships::role.eq(TeamRole::ForumOrganizer))
                .select(memberships::id).first(db)?;
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(member), membership_forums::forum_id.eq(own)))
                .execute(db)?;
            for (session, forum) in of {
                diesel::update(sessions::table.find(session)).set(sessions::forum_id.eq::<Option<ForumId>>(forum)).execute(db)?;
            }
            Ok(())
        }).await;
        let mine: Vec<bool> = draft(&editor).await["sessions"].as_array().expect("a list").iter()
            .filter(|session| session["mine"] == true).map(|_| true).collect();
        assert_eq!(mine.len(), 1);
        let place = |session: usize| json!([{ "session": given.sessions[session], "to": to(given.hall, "2027-04-13", 540, 60) }]);
        read(&moves(&editor, "place", place(0)).await, 200);
        for session in [1, 2] {
            assert_eq!(read(&moves(&editor, "place", place(session)).await, 403)["type"], "forbidden");
        }
        // Nor together with one of their own.
        let both = json!([place(0)[0], place(1)[0]]);
        read(&moves(&editor, "place", both).await, 403);
        assert_eq!(rows(&given.app).await.len(), 1);
        post(&editor, "/blocks", json!({ "kind": "break", "day": "2027-04-13", "from": 600, "minutes": 30 })).await.has_status(403);
        // What was theirs when they did it and is not any more can't be taken back by them.
        given.app.write(move |db, _| {
            diesel::update(sessions::table.find(of[0].0)).set(sessions::forum_id.eq(other)).execute(db)
        }).await;
        read(&post(&editor, "/undo", json!({})).await, 403);
        assert_eq!(rows(&given.app).await.len(), 1);
    }

    async fn steps_are_taken_back_and_done_again_after_a_reload(db: TestDatabase) {
        let given = Given::new(db).await;
        let slot = given.placed(0, given.hall, 540).await;
        let first = rows(&given.app).await;
        let second = moves(&given.organizer, "move", moved(&slot, &to(given.studio, "2027-04-14", 600, 90))).await;
        assert_eq!(read(&second, 200)["undo"]["label"], "Move “Opening”");
        let second = rows(&given.app).await;
        // Another browser of the same account has the same history.
        let again = given.app.signed_in_as(Role::Organizer).await;
        assert_eq!(draft(&again).await["undo"]["label"], "Move “Opening”");
        let undone = read(&post(&again, "/undo", json!({ "tab": TabId::new() })).await, 200);
        assert_eq!((&undone["undo"]["label"], &undone["redo"]["label"]), (&json!("Place “Opening”"), &json!("Move “Opening”")));
        assert_eq!(rows(&given.app).await, first);
        read(&post(&again, "/undo", json!({})).await, 200);
        assert_eq!(rows(&given.app).await, []);
        assert_eq!(read(&post(&again, "/undo", json!({})).await, 409)["type"], "nothing-left");
        read(&post(&again, "/redo", json!({})).await, 200);
        assert_eq!(rows(&given.app).await, first, "the same slot, with its id");
        read(&post(&given.organizer, "/redo", json!({})).await, 200);
        assert_eq!(rows(&given.app).await, second);
        let (guid, of): (String, SessionId) = given.app.read(|db| slots::table.select((slots::guid, slots::session_id)).first(db)).await;
        let own: String = given.app.read(move |db| sessions::table.find(of).select(sessions::guid).first(db)).await;
        assert_eq!(guid, own, "the first slot stands for the session");
        // A new step ends what could be done again.
        read(&post(&again, "/undo", json!({})).await, 200);
        given.placed(1, given.hall, 700).await;
        read(&post(&again, "/redo", json!({})).await, 409);
        // By plain forms.
        assert_eq!(again.post_form(&format!("{BASE}/undo"), &[("day", "2027-04-13")]).await.redirect(), format!("{BASE}?day=2027-04-13"));
        assert_eq!(rows(&given.app).await, first);
        again.post_form(&format!("{BASE}/redo"), &[]).await.redirect();
        assert_eq!(rows(&given.app).await.len(), 2);
    }

    async fn what_someone_else_has_changed_since_is_not_taken_back(db: TestDatabase) {
        let given = Given::new(db).await;
        let other = given.app.signed_in_as(Role::Administrator).await;
        given.placed(1, given.studio, 900).await;
        let slot = given.placed(0, given.hall, 540).await;
        read(&moves(&other, "move", moved(&slot, &to(given.studio, "2027-04-14", 600, 60))).await, 200);
        let before = rows(&given.app).await;
        let told = read(&post(&given.organizer, "/undo", json!({})).await, 409);
        assert_eq!(told["type"], "overtaken");
        assert!(told["detail"].as_str().is_some_and(|detail| detail.contains("Administrator has changed")), "{told}");
        assert_eq!(rows(&given.app).await, before);
        // The step before it is still one's own.
        read(&post(&given.organizer, "/undo", json!({})).await, 200);
        assert_eq!(rows(&given.app).await.len(), 1);
        // One that was taken out, and placed anew by someone else, is not there twice after taking back.
        let slot = draft(&given.organizer).await["slots"][0].clone();
        read(&moves(&given.organizer, "remove", moved(&slot, &Value::Null)).await, 200);
        read(&moves(&other, "place", json!([{ "session": slot["session"], "to": to(given.hall, "2027-04-13", 0, 30) }])).await, 200);
        read(&post(&given.organizer, "/undo", json!({})).await, 409);
        assert_eq!(rows(&given.app).await.len(), 1);
    }

    async fn what_cannot_be_is_refused_with_words(db: TestDatabase) {
        let given = Given::new(db).await;
        let slot = given.placed(0, given.hall, 540).await;
        let before = rows(&given.app).await;
        let gone = RoomId::new();
        for (target, status, kind) in [
            (to(given.hall, "2027-04-12", 600, 60), 422, "outside"),
            (to(given.hall, "2027-04-17", 600, 60), 422, "outside"),
            // After midnight of the last day.
            (to(given.hall, "2027-04-16", 1440, 60), 422, "outside"),
            (to(gone, "2027-04-13", 600, 60), 422, "gone"),
            (to(given.hall, "2027-04-13", 600, 0), 400, "unreadable"),
            (to(given.hall, "2027-04-13", -5, 60), 400, "unreadable"),
            (json!({ "room": "hall", "day": "2027-04-13", "from": 1, "minutes": 1 }), 400, "unreadable"),
            (Value::Null, 400, "unreadable"),
        ] {
            let told = read(&moves(&given.organizer, "move", moved(&slot, &target)).await, status);
            assert_eq!(told["type"], kind, "{target}");
            assert!(told["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        }
        let unknown = json!([{ "session": SessionId::new(), "to": to(given.hall, "2027-04-13", 600, 60) }]);
        assert_eq!(read(&moves(&given.organizer, "place", unknown).await, 422)["type"], "gone");
        assert_eq!(rows(&given.app).await, before);

        // A room that was deleted meanwhile.
        let studio = given.studio;
        given.organizer.post_form(&format!("/organizer/summit/rooms/{studio}/delete"), &[]).await.redirect();
        let told = moves(&given.organizer, "move", moved(&slot, &to(studio, "2027-04-13", 600, 60))).await;
        assert_eq!(read(&told, 422)["type"], "gone");

        // Over midnight of the last day is fine: what counts is where it begins.
        let late = read(&moves(&given.organizer, "move", moved(&slot, &to(given.hall, "2027-04-16", 1410, 120))).await, 200);
        assert_eq!((&late["slots"][0]["from"], &late["slots"][0]["to"]), (&json!(1410), &json!(1530)));
        let of_day = read(&given.organizer.get(&format!("{BASE}/draft.json?day=2027-04-17")).await, 200);
        assert_eq!(of_day["slots"].as_array().map(Vec::len), Some(1), "it is on both days");
    }

    async fn several_slots_move_at_once_swap_and_are_fixed(db: TestDatabase) {
        let given = Given::new(db).await;
        let one = given.placed(0, given.hall, 540).await;
        let two = given.placed(1, given.studio, 600).await;
        let both = json!([moved(&one, &to(given.hall, "2027-04-14", 540, 60))[0], moved(&two, &to(given.hall, "2027-04-14", 600, 30))[0]]);
        let done = read(&moves(&given.organizer, "move", both.clone()).await, 200);
        assert_eq!(done["slots"].as_array().map(Vec::len), Some(2));
        assert_eq!(done["undo"]["label"], "Change 2 sessions");
        // One of them is stale: none is moved.
        let before = rows(&given.app).await;
        read(&moves(&given.organizer, "move", both).await, 409);
        assert_eq!(rows(&given.app).await, before);

        let (one, two) = (done["slots"][0].clone(), done["slots"][1].clone());
        let swap = json!([moved(&one, &Value::Null)[0], moved(&two, &Value::Null)[0]]);
        let swapped = read(&moves(&given.organizer, "swap", swap).await, 200);
        let hours = |slot: &Value| (slot["from"].clone(), slot["to"].clone());
        assert_eq!(hours(&swapped["slots"][0]), (json!(600), json!(660)), "the length is kept");
        assert_eq!(hours(&swapped["slots"][1]), (json!(540), json!(570)));

        let slot = &swapped["slots"][0];
        let fix = json!([{ "slot": slot["id"], "session": slot["session"], "version": slot["version"], "fixed": true }]);
        let fixed = read(&moves(&given.organizer, "fix", fix.clone()).await, 200);
        assert_eq!((&fixed["slots"][0]["fixed"], hours(&fixed["slots"][0])), (&json!(true), hours(slot)));
        read(&moves(&given.organizer, "fix", fix).await, 409);
        read(&moves(&given.organizer, "remove", moved(&fixed["slots"][0], &Value::Null)).await, 200);
        let back = read(&post(&given.organizer, "/undo", json!({})).await, 200);
        assert_eq!(back["slots"][0]["fixed"], true, "what is put back is as it was");
        assert_ne!(back["slots"][0]["version"], slot["version"], "and no old tab takes it for the one it knew");
    }

    async fn blocks_are_made_copied_changed_and_taken_back(db: TestDatabase) {
        let given = Given::new(db).await;
        let lunch = json!({ "kind": "break", "titles": { "en": "Lunch" }, "public": true, "room": given.hall,
            "day": "2027-04-13", "from": 720, "minutes": 60 });
        let made = read(&post(&given.organizer, "/blocks", lunch.clone()).await, 200);
        let block = made["blocks"][0].clone();
        assert_eq!((&block["title"], &block["public"], &block["from"]), (&json!("Lunch"), &json!(true), &json!(720)));
        let path = format!("/blocks/{}", block["id"].as_str().expect("an id"));
        let copied = read(&post(&given.organizer, &format!("{path}/copy"), json!({})).await, 200);
        assert_eq!(copied["blocks"].as_array().map(Vec::len), Some(1), "one in the room that had none");
        assert_eq!(read(&post(&given.organizer, &format!("{path}/copy"), json!({})).await, 422)["type"], "unchanged");
        read(&post(&given.organizer, "/undo", json!({})).await, 200);

        let mut later = lunch.clone();
        later["from"] = json!(750);
        later["version"] = block["version"].clone();
        read(&post(&given.organizer, &path, later.clone()).await, 200);
        let stale = read(&post(&given.organizer, &path, later).await, 409);
        assert_eq!((&stale["type"], &stale["blocks"][0]["from"]), (&json!("stale"), &json!(750)));
        for (field, value) in [("kind", json!("party")), ("day", json!("2027-05-01")), ("minutes", json!(0)), ("room", json!(RoomId::new()))] {
            let mut wrong = lunch.clone();
            wrong[field] = value;
            read(&post(&given.organizer, "/blocks", wrong).await, 422);
        }
        // By a plain form, and back again.
        let form = [("kind", "set-up"), ("day", "2027-04-14"), ("start", "08:00"), ("minutes", "90")];
        assert_eq!(given.organizer.post_form(&format!("{BASE}/blocks"), &form).await.redirect(), format!("{BASE}?day=2027-04-14"));
        given.organizer.post_form(&format!("{BASE}/blocks"), &form[1..]).await.has_status(422);
        assert_eq!(draft(&given.organizer).await["blocks"][1]["title"], "Set-up");
        let count = || async { given.app.read(|db| blocks::table.count().get_result::<i64>(db)).await };
        assert_eq!(count().await, 2);
        given.organizer.post_form(&format!("{BASE}/undo"), &[]).await.redirect();
        assert_eq!(count().await, 1);
        given.organizer.post_form(&format!("{BASE}{path}/delete"), &[]).await.redirect();
        assert_eq!(count().await, 0);
        read(&post(&given.organizer, "/undo", json!({})).await, 200);
        assert_eq!(draft(&given.organizer).await["blocks"][0]["from"], 750);
    }

    async fn where_a_session_would_clash_is_told_before_it_is_dropped(db: TestDatabase) {
        let given = Given::new(db).await;
        given.placed(0, given.hall, 540).await;
        let path = format!("{BASE}/candidates?session={}&slot=&minutes=60&day=2027-04-13", given.sessions[1]);
        let found = read(&given.organizer.get(&path).await, 200);
        let cells = found["cells"].as_array().expect("a list");
        let hall = cells.iter().find(|cell| cell["room"] == json!(given.hall)).expect("the hall is taken");
        assert_eq!((&hall["severity"], &hall["to"]), (&json!("blocks"), &json!(600)));
        assert!(hall["from"].as_i64().is_some_and(|from| (480..540).contains(&from)));
        assert!(hall["texts"][0].as_str().is_some_and(|text| text.contains("Opening")));
        assert!(!cells.iter().any(|cell| cell["room"] == json!(given.studio)));
    }

    async fn an_editor_hears_of_moves_through_another_process(db: TestDatabase) {
        let given = Given::new(db.clone()).await;
        given.app.signed_in_as(Role::Administrator).await;
        let second = TestApp::start(db).await;
        let elsewhere = second.visitor();
        elsewhere.signs_in(&Role::Administrator.email()).await;
        let version = draft(&given.organizer).await["version"].clone();
        let mut stream = Stream::open(&given.organizer, &version).await;
        assert_eq!(stream.wait_for("presence").await, json!([]));

        // Where the other is.
        let tab = TabId::new();
        let here = json!({ "tab": tab, "day": "2027-04-14", "session": given.sessions[1] });
        post(&elsewhere, "/presence", here).await.has_status(204);
        let present = stream.wait_for("presence").await;
        assert_eq!(present, json!([{ "tab": tab, "name": "Administrator", "day": "2027-04-14", "session": given.sessions[1] }]));

        let place = json!([{ "session": given.sessions[0], "to": to(given.hall, "2027-04-13", 540, 60) }]);
        let done = read(&post(&elsewhere, "/moves", json!({ "tab": tab, "kind": "place", "moves": place })).await, 200);
        let edit = stream.wait_for("edit").await;
        assert_eq!((&edit["version"], &edit["slots"], &edit["tab"]), (&done["version"], &done["slots"], &json!(tab)));
        assert_eq!(edit["by"]["name"], "Administrator");
        assert_eq!(edit["concerns"], done["concerns"]);
        let removed = moved(&edit["slots"][0], &Value::Null);
        read(&moves(&elsewhere, "remove", removed).await, 200);
        assert_eq!(stream.wait_for("edit").await["removed"], json!([done["slots"][0]["id"]]));
        // What is no edit of the timetable.
        given::room(&elsewhere, &second, "New room", &[]).await;
        let reload = stream.wait_for("reload").await;
        assert!(reload["version"].as_i64() > edit["version"].as_i64());

        // Who comes back is told what was missed, and nothing twice.
        let last = read(&post(&elsewhere, "/undo", json!({})).await, 200);
        let mut back = Stream::open(&given.organizer, &reload["version"]).await;
        assert_eq!(back.next().await.map(|(name, data)| (name, data["version"].clone())), Some(("edit".to_owned(), last["version"].clone())));
        let mut far_back = Stream::open(&given.organizer, &json!(1)).await;
        assert_eq!(far_back.next().await.map(|(name, _)| name), Some("reload".to_owned()));

        // After half a minute without a sign one is gone, and later forgotten.
        given.app.clock.advance(TimeDelta::seconds(31));
        while stream.wait_for("presence").await != json!([]) {}
        plenary::schedule::editor::jobs::forget_old(&given.app.app).await.expect("forgotten");
        let left: i64 = given.app.read(|db| editor_presence::table.count().get_result(db)).await;
        assert_eq!(left, 0);

        // Streams do not hold an orderly end.
        let stopped = tokio::time::timeout(Duration::from_secs(15), given.app.stop());
        let (stopped, ()) = tokio::join!(stopped, async { while stream.next().await.is_some() {} });
        stopped.expect("it stops while streams are open");
    }

    async fn a_room_is_said_to_be_free_at_certain_times(db: TestDatabase) {
        let given = Given::new(db).await;
        let page = format!("/organizer/summit/rooms/{}/availability", given.hall);
        let empty = given.organizer.get(&page).await;
        let stamp = empty.input("stamp");
        let fields = |stamp: &'static str, to: &'static str| [("stamp", stamp), ("day.0", "2027-04-13"), ("from.0", "09:00"), ("to.0", to), ("level.0", "available"),
            ("day.1", "2027-04-14"), ("from.1", ""), ("to.1", ""), ("level.1", "available"),
            ("day.2", "2027-04-14"), ("from.2", "20:00"), ("to.2", "00:00"), ("level.2", "unavailable")];
        assert_eq!(stamp, "0");
        assert!(given.organizer.post_form(&page, &fields("0", "08:00")).await.has_status(422).contains("must be later than the beginning"));
        given.organizer.post_form(&page, &fields("0", "18:00")).await.redirect();
        let known = draft(&given.organizer).await["availabilities"].clone();
        let expected = json!([
            { "speaker": null, "room": given.hall, "level": "available", "start": "2027-04-13T01:00:00Z", "end": "2027-04-13T10:00:00Z" },
            { "speaker": null, "room": given.hall, "level": "unavailable", "start": "2027-04-14T12:00:00Z", "end": "2027-04-14T16:00:00Z" },
        ]);
        assert_eq!(known, expected);
        assert!(given.organizer.get(&page).await.ok().contains("value=\"20:00\""));
        let stale = given.organizer.post_form(&page, &fields("0", "17:00")).await;
        assert!(stale.has_status(409).contains("Someone else has changed these times") && stale.says("value=\"17:00\"") && stale.says("18:00"));
        let fresh = stale.input("stamp");
        given.organizer.post_form(&page, &[("stamp", fresh.as_str())]).await.redirect();
        assert_eq!(draft(&given.organizer).await["availabilities"], json!([]));
    }
}
