//! Clocks that are changed, and days that a zone skips.

use super::{Given, draft, moved, moves, read, to};
use crate::on_both_databases;
use diesel::prelude::*;
use plenary::db::UtcTime;
use plenary::db::schema::events;
use serde_json::{Value, json};

on_both_databases! {
    async fn hours_that_the_clocks_skip_are_refused(db: TestDatabase) {
        let given = Given::new(db).await;
        given.app.write(|db, _| {
            let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
            diesel::update(events::table)
                .set((events::timezone.eq("Europe/Berlin"), events::starts_on.eq(day("2027-03-27")), events::ends_on.eq(day("2027-10-31"))))
                .execute(db)
        }).await;
        let place = |target: Value| json!([{ "session": given.sessions[0], "to": target }]);
        let told = read(&moves(&given.organizer, "place", place(to(given.hall, "2027-03-28", 150, 60))).await, 422);
        assert_eq!(told["type"], "gap");
        // Across the change: an hour and a half later on the clock is half an hour later.
        let across = read(&moves(&given.organizer, "place", place(to(given.hall, "2027-03-28", 90, 60))).await, 200);
        assert_eq!(across["slots"][0]["end"], "2027-03-28T01:30:00Z");
        assert_eq!((&across["slots"][0]["from"], &across["slots"][0]["to"]), (&json!(90), &json!(150)));
        // Of an hour that is shown twice the first is meant.
        let twice = read(&moves(&given.organizer, "place", place(to(given.hall, "2027-10-31", 150, 60))).await, 200);
        assert_eq!(twice["slots"][0]["start"], "2027-10-31T00:30:00Z");
        // What begins in the second of them stays there when only its room changes.
        let second: UtcTime = "2027-10-31T01:30:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("an instant").into();
        let mut target = to(given.studio, "2027-10-31", 150, 60);
        target["at"] = json!(second);
        let stays = read(&moves(&given.organizer, "move", moved(&twice["slots"][0], &target)).await, 200);
        assert_eq!(stays["slots"][0]["start"], "2027-10-31T01:30:00Z");
        target["from"] = json!(240);
        let elsewhere = read(&moves(&given.organizer, "move", moved(&stays["slots"][0], &target)).await, 200);
        assert_eq!(elsewhere["slots"][0]["start"], "2027-10-31T03:00:00Z", "another hour is not confused by it");
    }

    async fn a_day_that_a_zone_skips_is_nowhere(db: TestDatabase) {
        let given = Given::new(db).await;
        given.app.write(|db, _| {
            let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
            diesel::update(events::table)
                .set((events::timezone.eq("Pacific/Apia"), events::starts_on.eq(day("2011-12-29")), events::ends_on.eq(day("2011-12-31"))))
                .execute(db)
        }).await;
        let shown = draft(&given.organizer).await;
        let days: Vec<&str> = shown["days"].as_array().expect("days").iter().filter_map(|day| day["day"].as_str()).collect();
        assert_eq!(days, ["2011-12-29", "2011-12-31"]);
        let place = |session: usize, day: &str, from: i64, minutes: i64| {
            json!([{ "session": given.sessions[session], "to": to(given.hall, day, from, minutes) }])
        };
        let told = read(&moves(&given.organizer, "place", place(0, "2011-12-30", 540, 60)).await, 422);
        assert_eq!(told["type"], "gap");
        // Two hours over the midnight after which it is the day after next.
        let night = read(&moves(&given.organizer, "place", place(0, "2011-12-29", 23 * 60, 120)).await, 200);
        assert_eq!((&night["slots"][0]["start"], &night["slots"][0]["end"]), (&json!("2011-12-30T09:00:00Z"), &json!("2011-12-30T11:00:00Z")));
        let next = read(&moves(&given.organizer, "place", place(1, "2011-12-31", 540, 60)).await, 200);
        assert_eq!(next["slots"][0]["start"], "2011-12-30T19:00:00Z", "the day begins where the one before ends");
        given.organizer.post_form("/organizer/summit/releases", &[("ignore_blocking", "on")]).await.redirect();
        given.app.refresh_site().await;
        let visitor = given.app.visitor();
        let timetable = visitor.get("/summit/schedule?day=2011-12-31").await;
        assert!(timetable.ok().contains("Debate") && timetable.says("2011-12-29") && !timetable.says("2011-12-30"));
        let feed = visitor.get("/summit/schedule.ics").await;
        let lines = feed.ok().replace("\r\n ", "");
        for line in ["DTSTART;TZID=Pacific/Apia:20111229T230000", "DTEND;TZID=Pacific/Apia:20111231T010000",
            "DTSTART;TZID=Pacific/Apia:20111231T090000", "TZOFFSETTO:+1400"] {
            assert!(lines.contains(line), "{line} in {lines}");
        }
    }
}
