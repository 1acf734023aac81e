//! While the event runs: announcements, shifted times, now and next, rooms, displays, streams.

use crate::on_both_databases;
use crate::support::app::{Client, Role, TestApp};
use plenary::audit::Actor;
use plenary::interchange::operations::{FormatChoice, ImportRequest, Target, import};
use plenary::schedule::operations as schedule;

const PROGRAMME: &str = include_str!("data/lake.schedule.xml");

/// The event "summit" with the programme of the lake released, and someone who may announce.
async fn running(app: &TestApp) -> Client {
    app.clock.set("2027-04-13T08:50:00+08:00");
    let organizer = app.signed_in_as(Role::Organizer).await;
    let request = ImportRequest {
        bytes: PROGRAMME.as_bytes().into(),
        format: FormatChoice(None),
        timezone: None,
        target: Target::Event("summit".to_owned()),
        dry_run: false,
    };
    import(&app.app, Actor::System, request).await.expect("imported");
    let event = app.event().await.clone();
    app.app
        .write(move |db, now| schedule::release(db, now, Actor::System, &event, Some("1.0"), "", true))
        .await
        .expect("released");
    app.refresh_site().await;
    organizer
}

const PAGE: &str = "/organizer/summit/announcements";

async fn announces(app: &TestApp, organizer: &Client, fields: &[(&str, &str)]) {
    assert_eq!(organizer.post_form(PAGE, fields).await.redirect(), PAGE);
    app.refresh_site().await;
}

async fn room_id(app: &TestApp, code: &'static str) -> String {
    use diesel::prelude::*;
    use plenary::db::RoomId;
    use plenary::db::schema::rooms;
    let id: RoomId = app.read(move |db| rooms::table.filter(rooms::code.eq(code)).select(rooms::id).first(db)).await;
    id.to_string()
}

/// Reads a stream until it has said `words`.
async fn hears(stream: &mut reqwest::Response, words: &str) -> String {
    let mut heard = String::new();
    while !heard.contains(words) {
        let chunk = stream.chunk().await.expect("a stream").unwrap_or_else(|| panic!("ended after {heard:?}"));
        heard.push_str(&String::from_utf8_lossy(&chunk));
    }
    heard
}

async fn opens(app: &TestApp) -> reqwest::Response {
    let visitor = app.visitor();
    visitor.request(reqwest::Method::GET, "/summit/live").send().await.expect("an answer")
}

on_both_databases! {
    async fn a_delay_shifts_shown_times_and_says_why_until_it_is_withdrawn(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = running(&app).await;
        let visitor = app.visitor();
        let path = "/summit/sessions/opening-of-the-lake";
        assert!(visitor.get(path).await.ok().contains("09:00–10:00"));
        let hall = room_id(&app, "great-hall").await;
        announces(&app, &organizer, &[("kind", "delay"), ("minutes", "20"), ("room", &hall), ("body.en", "A <late> boat"), ("body.zh", "船晚点")]).await;
        let page = visitor.get(path).await;
        assert!(page.ok().contains("09:20–10:20") && page.says("20 minutes late"));
        assert!(page.says(r#"<s class="planned">"#) && page.says("09:00–10:00"), "the original is struck through");
        assert!(page.says("A &lt;late&gt; boat") && page.says("about 20 minutes late"), "the reason, escaped");
        assert!(app.visitor_reading("zh").get(path).await.ok().contains("船晚点"));
        for shifted in ["/summit/schedule?day=2027-04-13", "/summit/rooms/great-hall", "/summit/sessions"] {
            assert!(visitor.get(shifted).await.ok().contains("09:20–10:20"), "{shifted}");
        }
        // Calendars stay as released.
        let calendar = visitor.get("/summit/schedule.ics").await;
        assert!(calendar.ok().contains("T090000") && !calendar.says("T092000"));
        // Another room keeps its times, and so does the next day.
        assert!(!visitor.get("/summit/schedule?day=2027-04-14").await.ok().contains("planned"));

        let listed = organizer.get(PAGE).await;
        let at = listed.ok().find("/withdraw").expect("a way to withdraw");
        let start = listed.body[..at].rfind('"').expect("an address") + 1;
        let withdraw = format!("{}/withdraw", &listed.body[start..at]);
        organizer.post_form(&withdraw, &[]).await.redirect();
        organizer.post_form(&withdraw, &[]).await.redirect();
        app.refresh_site().await;
        let page = visitor.get(path).await;
        assert!(page.ok().contains("09:00–10:00") && !page.says("09:20"));
        assert!(organizer.get(PAGE).await.ok().contains("withdrawn"));
    }

    async fn what_is_wrong_with_an_announcement_is_said_and_nothing_typed_is_lost(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = running(&app).await;
        let gone = "00000000-0000-7000-8000-000000000000";
        for (fields, words) in [
            (&[("kind", "notice")][..], "Please fill this in"),
            (&[("kind", "delay")], "Please fill this in"),
            (&[("kind", "delay"), ("minutes", "0")], "from 1 to 600"),
            (&[("kind", "full")], "which room or session is full"),
            (&[("kind", "party")], "choose what it is"),
            (&[("kind", "full"), ("session", "no-such")], "no such session"),
            (&[("kind", "full"), ("room", gone)], "not there any more"),
            (&[("kind", "notice"), ("body.en", "Hello"), ("until", "tomorrow")], "such as 2027-04-13 09:30"),
            (&[("kind", "notice"), ("body.en", "Hello"), ("until", "2027-04-13T08:00")], "after the beginning"),
        ] {
            let mut all = vec![("body.zh", ""), ("from", "2027-04-13T08:30")];
            all.extend(fields);
            let answer = organizer.post_form(PAGE, &all).await;
            assert!(answer.has_status(422).contains(words), "{fields:?} should say {words:?}:\n{}", answer.body);
            assert_eq!(answer.input("from"), "2027-04-13T08:30");
        }
        app.refresh_site().await;
        assert!(app.visitor().get("/summit/announcements").await.ok().contains("Nothing is announced"));
    }

    async fn now_and_next_follow_the_clock_and_the_delays(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = running(&app).await;
        let visitor = app.visitor();
        let before = visitor.get("/summit/now").await;
        assert!(before.ok().contains("in 10 minutes") && before.says("Opening of the lake"));
        app.clock.set("2027-04-13T09:05:00+08:00");
        let on = visitor.get("/summit/now").await;
        assert!(on.ok().contains("As of 09:05") && on.says("Opening of the lake") && !on.says("in 10 minutes"));
        let hall = room_id(&app, "great-hall").await;
        announces(&app, &organizer, &[("kind", "delay"), ("minutes", "15"), ("room", &hall)]).await;
        assert!(visitor.get("/summit/now").await.ok().contains("in 10 minutes"), "it begins at 09:15 now");
        for (now, words) in [
            ("2027-04-12T12:00:00+08:00", "It begins on Tuesday"),
            ("2027-04-14T03:30:00+08:00", "That was all for today"),
            ("2027-04-17T12:00:00+08:00", "The event is over"),
        ] {
            app.clock.set(now);
            assert!(visitor.get("/summit/now").await.ok().contains(words), "{now}");
        }
    }

    async fn each_room_has_its_page_its_calendar_and_its_display(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = running(&app).await;
        let visitor = app.visitor();
        assert!(visitor.get("/summit/rooms").await.ok().contains("/summit/rooms/great-hall"));
        assert!(visitor.get("/summit/rooms/great-hall").await.ok().contains("Opening of the lake"));
        visitor.get("/summit/rooms/no-such-room").await.has_status(404);
        let calendar = visitor.get("/summit/rooms/great-hall.ics").await;
        assert!(calendar.ok().contains("Opening of the lake") && !calendar.says("Boats"));
        let screen = visitor.get("/summit/rooms/great-hall/screen").await;
        assert!(screen.ok().contains("Next · 即将开始") && screen.says("Opening of the lake"));
        let (hall, boats) = (room_id(&app, "great-hall").await, room_id(&app, "boat-house").await);
        announces(&app, &organizer, &[("kind", "full"), ("room", &hall)]).await;
        announces(&app, &organizer, &[("kind", "notice"), ("room", &boats), ("body.en", "Mind the step")]).await;
        announces(&app, &organizer, &[("kind", "notice"), ("body.en", "Lunch is on the terrace")]).await;
        app.clock.set("2027-04-13T09:30:00+08:00");
        let screen = visitor.get("/summit/rooms/great-hall/screen").await;
        assert!(screen.ok().contains(">Full<") && screen.says("Lunch is on the terrace"));
        assert!(!screen.says("Mind the step"), "what is for another door");
        assert!(visitor.get("/summit/schedule").await.ok().contains("Mind the step"));
    }

    async fn an_open_page_is_told_of_a_change_by_whichever_process_made_it(db: TestDatabase) {
        let (one, other) = (TestApp::start(db.clone()).await, TestApp::start(db).await);
        let organizer = running(&one).await;
        other.refresh_site().await;
        let (mut here, mut there) = (opens(&one).await, opens(&other).await);
        assert_eq!(here.headers()["content-type"], "text/event-stream; charset=utf-8");
        let first = hears(&mut here, "changed").await;
        assert!(first.contains("retry:"), "{first}");
        hears(&mut there, "changed").await;
        announces(&one, &organizer, &[("kind", "notice"), ("body.en", "The sun is out")]).await;
        assert_ne!(hears(&mut here, "\n\n").await, first);
        other.refresh_site().await;
        hears(&mut there, "changed").await;
        one.app.streams.close();
        assert!(here.chunk().await.expect("an orderly end").is_none(), "a process that stops ends its streams");
    }

    async fn one_address_holds_so_many_streams_and_no_more(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.streams_per_address", "2")]).await;
        app.event().await;
        let (one, _two) = (opens(&app).await, opens(&app).await);
        let refused = opens(&app).await;
        assert_eq!(refused.status(), 429);
        assert_eq!(refused.headers()["retry-after"], "30");
        drop(one);
        app.app.streams.close();
        assert_eq!(app.visitor().status("/no-such-event/live").await, 404);
    }

    async fn any_site_may_frame_the_timetable_and_nothing_else(db: TestDatabase) {
        let app = TestApp::start(db).await;
        running(&app).await;
        let visitor = app.visitor();
        for _ in 0..2 {
            let frame = visitor.get("/summit/embed?day=2027-04-14&theme=dark&lang=zh").await;
            assert!(frame.ok().contains("Boats &amp;") && frame.says(r#"data-theme="dark""#));
            assert!(frame.header("content-security-policy").contains("frame-ancestors *"));
            assert_eq!((frame.header("x-frame-options"), frame.header("set-cookie")), ("", ""));
            let page = visitor.get("/summit/schedule").await;
            assert!(page.header("content-security-policy").contains("frame-ancestors 'none'"));
        }
        let script = visitor.get("/summit/embed.js").await;
        assert!(script.ok().contains(&format!("\"{}/summit/embed\"", app.url)) && script.says("World Summit"));
        assert_eq!(script.header("cross-origin-resource-policy"), "cross-origin");
        assert!(visitor.get("/summit/embed?theme=%22%3E%3Cscript%3E").await.ok().contains("Opening of the lake"));
    }

    async fn the_programme_is_a_table_too(db: TestDatabase) {
        let app = TestApp::start(db).await;
        running(&app).await;
        let table = app.visitor().get("/summit/schedule.csv").await;
        assert!(table.ok().starts_with("guid,slot_guid,code,state,title_en"));
        assert_eq!(table.header("content-type"), "text/csv; charset=utf-8");
    }
}
