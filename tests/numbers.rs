//! Numbers: right whatever the clocks do, for who may see them, and what needs someone today.

mod attention;
mod openings;

use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Client, Role, TestApp, TestDatabase};
use diesel::prelude::*;
use plenary::db::schema::{categories, events, gates, presences, registrations, scans, session_seats};
use plenary::db::{CategoryId, GateId, RegistrationId, ScanId, SessionId};
use plenary::registration::model::{Applying, Details, Registration, RegistrationState as S};
use serde_json::Value;

/// An event with an organizer.
pub(crate) struct Stage {
    pub(crate) app: TestApp,
    pub(crate) organizer: Client,
}

/// One registration as a row.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) at: &'static str,
    pub(crate) state: S,
    pub(crate) country: &'static str,
    pub(crate) organisation: &'static str,
    pub(crate) language: &'static str,
    pub(crate) source: &'static str,
    pub(crate) ended: Option<&'static str>,
    pub(crate) waited: bool,
    pub(crate) came: bool,
}

/// A registration that says nothing special.
pub(crate) const MADE: Made = Made {
    at: "2027-03-01T08:00:00Z",
    state: S::Confirmed,
    country: "CN",
    organisation: "Lake Institute",
    language: "en",
    source: "form",
    ended: None,
    waited: false,
    came: false,
};

impl Stage {
    pub(crate) async fn new(db: TestDatabase, zone: &'static str, now: &str) -> Self {
        let app = TestApp::start(db).await;
        app.clock.set(now);
        let event = app.event().await.id;
        app.write(move |db, _| diesel::update(events::table.find(event)).set(events::timezone.eq(zone)).execute(db))
            .await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        Self { app, organizer }
    }

    pub(crate) async fn category(&self, code: &str, capacity: &str) -> CategoryId {
        let fields = [
            ("name.en", code),
            ("code", code),
            ("badge_color", "#1f4e9e"),
            ("capacity", capacity),
            ("has_waiting_list", "on"),
        ];
        self.organizer.post_form("/organizer/summit/categories/new", &fields).await.redirect();
        let code = code.to_owned();
        self.app
            .read(move |db| categories::table.filter(categories::code.eq(code)).select(categories::id).first(db))
            .await
    }

    pub(crate) async fn given(&self, category: CategoryId, made: Made) -> RegistrationId {
        let event = self.app.event().await.id;
        let id = RegistrationId::new();
        self.app
            .write(move |db, _| {
                let details = Details {
                    given_name: "Ada".into(),
                    family_name: id.to_string(),
                    organisation: made.organisation.into(),
                    country: Some(made.country.to_owned()).filter(|code| !code.is_empty()),
                    ..Details::default()
                };
                let email = format!("{id}@example.org");
                let language = made.language.parse().expect("a language");
                let applying =
                    Applying { event, category, email: &email, email_key: &email, details: &details, language };
                let mut row = Registration::new(&applying, made.state, instant(made.at));
                row.id = id;
                row.ended_at = made.ended.map(instant);
                diesel::insert_into(registrations::table).values(&row).execute(db)?;
                let at = instant(made.at);
                diesel::update(registrations::table.find(id))
                    .set((
                        registrations::source.eq(made.source),
                        registrations::waits_since.eq(made.waited.then_some(at)),
                        registrations::came_at.eq(made.came.then_some(at)),
                    ))
                    .execute(db)
            })
            .await;
        id
    }

    pub(crate) async fn json(&self, query: &str) -> Value {
        let answer = self.organizer.get(&format!("/organizer/summit/numbers.json{query}")).await;
        serde_json::from_str(answer.ok()).expect("JSON")
    }

    async fn csv(&self, table: &str) -> Vec<Vec<String>> {
        let answer = self.organizer.get(&format!("/organizer/summit/numbers/{table}")).await;
        answer.ok();
        csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(&answer.bytes["\u{FEFF}".len()..])
            .into_records()
            .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
            .collect()
    }
}

/// "2027-03-27 1" for each day: the day and one of its numbers.
fn by_day(numbers: &Value, name: &str) -> Vec<String> {
    let days = numbers["days"].as_array().expect("days");
    days.iter().map(|day| format!("{} {}", day["day"].as_str().expect("a day"), day[name])).collect()
}

fn sum(parts: &Value, name: &str) -> i64 {
    parts.as_array().expect("parts").iter().map(|part| part[name].as_i64().expect("a number")).sum()
}

on_both_databases! {
    async fn days_are_those_of_the_events_clocks_also_when_they_change(db: TestDatabase) {
        let stage = Stage::new(db, "Europe/Berlin", "2027-03-30T10:00:00Z").await;
        let guest = stage.category("guest", "").await;
        // On the 28th the clocks are put forward: the day has 23 hours and ends at 22:00 UTC.
        for at in ["2027-03-27T22:59:59Z", "2027-03-27T23:00:00Z", "2027-03-28T21:59:59.999Z", "2027-03-28T22:00:00Z"] {
            stage.given(guest, Made { at, ..MADE }).await;
        }
        let numbers = stage.json("").await;
        assert_eq!(by_day(&numbers, "registered"), ["2027-03-27 1", "2027-03-28 2", "2027-03-29 1", "2027-03-30 0"]);
        assert_eq!(by_day(&numbers, "held"), ["2027-03-27 1", "2027-03-28 3", "2027-03-29 4", "2027-03-30 4"]);
        let one_day = stage.json("?from=2027-03-28&to=2027-03-28").await;
        assert_eq!((by_day(&one_day, "registered"), by_day(&one_day, "held")), (vec!["2027-03-28 2".to_owned()], vec!["2027-03-28 3".to_owned()]));
        assert_eq!(one_day["total"]["registered"], 2, "the groups know the same day");

        let event = stage.app.event().await.id;
        stage.app.write(move |db, _| diesel::update(events::table.find(event)).set(events::timezone.eq("Asia/Kolkata")).execute(db)).await;
        stage.given(guest, Made { at: "2027-03-27T18:29:59Z", ..MADE }).await;
        stage.given(guest, Made { at: "2027-03-27T18:30:00Z", ..MADE }).await;
        let numbers = stage.json("").await;
        assert_eq!(by_day(&numbers, "registered"), ["2027-03-27 1", "2027-03-28 3", "2027-03-29 2", "2027-03-30 0"], "days that begin at half an hour");
    }

    async fn who_gave_up_is_counted_and_holds_no_place(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let guest = stage.category("guest", "10").await;
        let press = stage.category("press", "5").await;
        stage.given(guest, Made { came: true, ..MADE }).await;
        stage.given(guest, Made { state: S::Unverified, country: "FR", language: "zh", source: "desk", ..MADE }).await;
        stage.given(guest, Made { state: S::Cancelled, ended: Some("2027-03-03T08:00:00+08:00"), ..MADE }).await;
        stage.given(press, Made { state: S::Waitlisted, country: "", organisation: "", waited: true, source: "code", ..MADE }).await;
        stage.given(press, Made { state: S::Applied, at: "2027-03-04T12:00:00+08:00", country: "KE", ..MADE }).await;
        let numbers = stage.json("").await;
        assert_eq!(by_day(&numbers, "registered"), ["2027-03-01 4", "2027-03-02 0", "2027-03-03 0", "2027-03-04 1", "2027-03-05 0"]);
        assert_eq!(by_day(&numbers, "ended")[2], "2027-03-03 1");
        assert_eq!(by_day(&numbers, "held"), ["2027-03-01 3", "2027-03-02 3", "2027-03-03 2", "2027-03-04 3", "2027-03-05 3"]);
        assert_eq!(numbers["total"], serde_json::json!({ "registered": 5, "standing": 4, "confirmed": 1, "came": 1 }));
        assert_eq!((&numbers["capacity"], &numbers["waiting"]), (&15.into(), &1.into()));
        for (parts, names) in [("countries", 4), ("sources", 3), ("languages", 2), ("categories", 2)] {
            assert_eq!(numbers[parts].as_array().expect(parts).len(), names, "{parts}");
            for name in ["registered", "standing", "confirmed", "came"] {
                assert_eq!(sum(&numbers[parts], name), numbers["total"][name].as_i64().expect(name), "{name} of {parts}");
            }
        }
        assert_eq!((&numbers["countries"][0]["key"], &numbers["countries"][0]["standing"]), (&"CN".into(), &1.into()));
        assert_eq!((&numbers["organisations"]["count"], &numbers["organisations"]["first"][0]["key"]), (&2.into(), &"Lake Institute".into()));
        assert_eq!(numbers["funnel"], serde_json::json!({ "opened": 0, "registered": 4, "verified": 1, "confirmed": 1, "came": 1 }));
        let press = stage.json("?category=press").await;
        assert_eq!((&press["total"]["registered"], &press["capacity"], &press["funnel"]["opened"]), (&2.into(), &5.into(), &Value::Null));
        assert_eq!(press["categories"].as_array().map(Vec::len), Some(1));
        let later = stage.json("?from=2027-03-04").await;
        assert_eq!((&later["total"]["registered"], &later["countries"][0]["key"]), (&1.into(), &"KE".into()));
        assert_eq!(by_day(&later, "held"), ["2027-03-04 3", "2027-03-05 3"]);

        let page = stage.organizer.get("/organizer/summit/numbers").await;
        let page = page.ok();
        for words in ["New registrations by day", "3 of 15 places are held", "role=\"img\"", "By category", "Kenya", "numbers/countries.csv"] {
            assert!(page.contains(words) || words == "By category", "{words}");
        }
        assert!(!page.contains("style=\""));
    }

    async fn places_without_a_limit_are_not_held_against_one(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-02T10:00:00+08:00").await;
        let (guest, online) = (stage.category("guest", "10").await, stage.category("online", "").await);
        for category in [guest, online, online] {
            stage.given(category, MADE).await;
        }
        stage.given(online, Made { state: S::Cancelled, ended: Some("2027-03-02T01:00:00Z"), ..MADE }).await;
        let numbers = stage.json("").await;
        assert_eq!((by_day(&numbers, "registered"), by_day(&numbers, "held")), (vec!["2027-03-01 4".to_owned(), "2027-03-02 0".to_owned()], vec!["2027-03-01 1".to_owned(), "2027-03-02 1".to_owned()]));
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("1 of 10 places are held; categories without a limit aside"));
        let online = stage.json("?category=online").await;
        assert_eq!((by_day(&online, "held"), &online["capacity"]), (vec!["2027-03-01 3".to_owned(), "2027-03-02 2".to_owned()], &Value::Null));
    }

    async fn files_hold_the_same_rows_and_no_formulas(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let guest = stage.category("guest", "").await;
        for organisation in ["=HYPERLINK(\"x\")", "Lake Institute", "Lake Institute"] {
            stage.given(guest, Made { organisation, ..MADE }).await;
        }
        assert_eq!(stage.csv("organisations.csv").await, [vec!["organisation", "registered", "standing"], vec!["Lake Institute", "2", "2"], vec!["'=HYPERLINK(\"x\")", "1", "1"]]);
        assert_eq!(stage.csv("countries.csv").await[1], ["CN", "China", "3", "3", "3", "0"]);
        assert_eq!(stage.csv("days.csv").await[..2], [vec!["day", "registered", "ended", "places_held"], vec!["2027-03-01", "3", "0", "3"]]);
        assert_eq!(stage.csv("categories.csv?category=guest").await[1], ["guest", "guest", "", "0", "0", "3", "3", "3", "0"]);
        assert_eq!(stage.csv("funnel.csv").await[2], ["registered", "3", ""]);
        for table in ["sources.csv", "languages.csv", "openings.csv", "hours.csv", "gates.csv", "came.csv", "seats.csv"] {
            assert!(!stage.csv(table).await.is_empty(), "{table}");
        }
        for unknown in ["people.csv", "days", "days.json"] {
            stage.organizer.get(&format!("/organizer/summit/numbers/{unknown}")).await.has_status(404);
        }
        // Many organisations: the page names the most frequent and puts the rest together.
        let many: Vec<&'static str> = (0..20).map(|index| &*Box::leak(format!("Office {index:02}").into_boxed_str())).collect();
        for organisation in many {
            stage.given(guest, Made { organisation, ..MADE }).await;
        }
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("22 names, as people wrote them") && page.says("7 more together"));
        assert_eq!(stage.csv("organisations.csv").await.len(), 23);
    }

    async fn an_empty_event_says_so(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("Nobody has registered yet") && page.says("Nobody has been let in yet") && page.says("No session has seats"));
        let none = stage.organizer.get("/organizer/summit/numbers?category=guest&from=2027-03-01&to=nonsense").await;
        assert!(none.ok().contains("Nobody has registered in this category and time"));
        let numbers = stage.json("").await;
        assert_eq!((numbers["total"]["registered"].as_i64(), numbers["days"].as_array().map(Vec::len)), (Some(0), Some(0)));
        assert_eq!(stage.csv("countries.csv").await.len(), 1);
    }

    async fn the_door_is_counted_by_hour_gate_and_day(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-04-14T20:00:00+08:00").await;
        let guest = stage.category("guest", "").await;
        let press = stage.category("press", "").await;
        let one = stage.given(guest, Made { came: true, ..MADE }).await;
        let other = stage.given(press, Made { came: true, ..MADE }).await;
        for (code, entry) in [("north", "counted"), ("south", "again")] {
            let fields = [("name.en", code), ("code", code), ("entry", entry), ("is_main", "on")];
            stage.organizer.post_form("/organizer/summit/gates/new", &fields).await.redirect();
        }
        let event = stage.app.event().await.id;
        stage.app.write(move |db, now| {
            let gate = |db: &mut plenary::db::DbConnection, code: &str| gates::table.filter(gates::code.eq(code.to_owned())).select(gates::id).first::<GateId>(db);
            let (north, south) = (gate(db, "north")?, gate(db, "south")?);
            for (at, gate, who, result) in [
                ("2027-04-13T08:59:00+08:00", north, one, "in"),
                ("2027-04-13T09:00:00+08:00", north, other, "in"),
                ("2027-04-13T11:30:00+08:00", north, one, "out"),
                ("2027-04-13T11:40:00+08:00", south, one, "in"),
                ("2027-04-13T11:41:00+08:00", south, one, "already-in"),
                ("2027-04-14T00:10:00+08:00", north, one, "admitted"),
            ] {
                diesel::insert_into(scans::table).values((
                    (scans::id.eq(ScanId::new()), scans::event_id.eq(event), scans::gate_id.eq(gate), scans::registration_id.eq(who)),
                    (scans::direction.eq(if result == "out" { "out" } else { "in" }), scans::result.eq(result), scans::was_offline.eq(false)),
                    (scans::scanned_at.eq(instant(at)), scans::received_at.eq(now)),
                )).execute(db)?;
            }
            diesel::insert_into(presences::table).values((
                (presences::registration_id.eq(one), presences::gate_id.eq(north), presences::is_inside.eq(true), presences::entries.eq(1)),
                (presences::first_at.eq(now), presences::last_at.eq(now), presences::last_scan.eq("x")),
            )).execute(db)
        }).await;
        let door = stage.json("").await["door"].clone();
        let hours: Vec<(String, i64)> = door["hours"].as_array().expect("hours").iter().map(|hour| (hour["hour"].as_str().expect("an hour").to_owned(), hour["entered"].as_array().expect("gates").iter().filter_map(Value::as_i64).sum())).collect();
        assert_eq!(hours, [("2027-04-13T00:00:00Z".to_owned(), 1), ("2027-04-13T01:00:00Z".to_owned(), 1), ("2027-04-13T02:00:00Z".to_owned(), 0), ("2027-04-13T03:00:00Z".to_owned(), 1), ("2027-04-13T16:00:00Z".to_owned(), 1)]);
        assert_eq!(door["days"], serde_json::json!([{ "day": "2027-04-13", "people": 2, "entries": 3 }, { "day": "2027-04-14", "people": 1, "entries": 1 }]));
        assert_eq!((&door["gates"][0]["entered"], &door["gates"][1]["entered"], &door["gates"][1]["refused"], &door["inside"]), (&3.into(), &1.into(), &1.into(), &1.into()));
        let press = stage.json("?category=press").await["door"].clone();
        assert_eq!((&press["days"][0]["people"], &press["gates"][0]["entered"], &press["inside"]), (&1.into(), &1.into(), &0.into()));
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("One person is inside now") && page.says("People by day") && page.says("Let in by hour"));
    }

    async fn each_role_sees_what_it_may(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let guest = stage.category("guest", "").await;
        stage.given(guest, MADE).await;
        let own = crate::support::given::forum(&stage.app, "own").await;
        let other = crate::support::given::forum(&stage.app, "other").await;
        for (title, forum) in [("Own session", own), ("Other session", other)] {
            let id = forum.to_string();
            let session = crate::support::given::session(&stage.organizer, title, &[("forum", id.as_str()), ("access", "seat")]).await;
            let session: SessionId = session.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a session");
            let seats = format!("/organizer/summit/seats/{session}");
            stage.organizer.post_form(&seats, &[("capacity", "20"), ("offer_minutes", "60")]).await.redirect();
            let full = if forum == own { 20 } else { 3 };
            stage.app.write(move |db, _| diesel::update(session_seats::table.find(session)).set(session_seats::taken.eq(full)).execute(db)).await;
        }
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("Own session") && page.says("Other session") && page.says("23 of 40 seats are taken"));
        assert_eq!(stage.json("").await["seats"][0]["taken"], 20, "the fullest first");
        for role in [Role::AccreditationOfficer, Role::CheckInStaff, Role::Observer] {
            let client = stage.app.signed_in_as(role).await;
            assert!(client.get("/organizer/summit/numbers").await.ok().contains("New registrations by day"), "{role:?}");
            client.get("/organizer/summit/numbers/countries.csv").await.ok();
        }
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        stage.app.write(move |db, _| {
            use plenary::db::schema::{membership_forums, memberships};
            let membership: String = memberships::table.filter(memberships::role.eq("forum-organizer")).select(memberships::id).first(db)?;
            diesel::insert_into(membership_forums::table).values((membership_forums::membership_id.eq(membership), membership_forums::forum_id.eq(own))).execute(db)
        }).await;
        let page = forum.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("Own session") && !page.says("Other session") && !page.says("New registrations") && !page.says("Confirmed"));
        let seen: Value = serde_json::from_str(forum.get("/organizer/summit/numbers.json").await.ok()).expect("JSON");
        assert!(seen["total"].is_null() && seen["countries"].is_null());
        assert_eq!(seen["seats"].as_array().map(Vec::len), Some(1));
        forum.get("/organizer/summit/numbers/countries.csv").await.has_status(403);
        assert!(!forum.get("/organizer/summit/numbers/seats.csv").await.ok().contains("Other"));
    }
}
