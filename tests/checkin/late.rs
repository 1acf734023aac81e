//! What a device without network tells late: it counts, and changes nothing that was known since.

use super::{device, gate, inside, opened, result, scan, send};
use crate::on_both_databases;
use crate::support::app::TestApp;
use chrono::TimeDelta;
use plenary::db::GateId;
use plenary::registration::model::RegistrationState;
use serde_json::{Value, json};

/// A scan that was made without network some time ago.
fn earlier(app: &TestApp, gate: GateId, ticket: &str, (direction, ago): (&str, TimeDelta)) -> Value {
    let mut scan = scan(gate, ticket);
    scan["direction"] = json!(direction);
    scan["offline"] = json!(direction);
    scan["at"] = json!((app.clock.now() - ago).timestamp() * 1000);
    scan
}

on_both_databases! {
    async fn an_exit_told_late_does_not_undo_a_newer_entry(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        for entry in ["once", "counted"] {
            let main = gate(&app, &organizer, &format!("{entry} 1"), &[("main", "on"), ("entry", entry)]).await;
            let other = gate(&app, &organizer, &format!("{entry} 2"), &[("main", "on"), ("entry", entry)]).await;
            let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
            assert_eq!(result(&two, scan(main, &ticket)).await, "in");
            for ago in [TimeDelta::days(1), TimeDelta::hours(2)] {
                let late = earlier(&app, other, &ticket, ("out", ago));
                assert_eq!(send(&one, &json!([late])).await[0]["result"], "out", "the device has done it");
            }
            assert_eq!(inside(&app, main).await, 1, "{entry}");
            assert_eq!(result(&two, scan(main, &ticket)).await, "already-in", "{entry}");
        }
    }

    async fn an_entry_told_late_counts_and_a_second_one_is_reported(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let counted = [("main", "on"), ("entry", "counted")];
        let (east, west) =
            (gate(&app, &organizer, "East", &counted).await, gate(&app, &organizer, "West", &counted).await);
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        assert_eq!(result(&two, scan(east, &ticket)).await, "in");
        app.clock.advance(TimeDelta::hours(1));
        let mut out = scan(east, &ticket);
        out["direction"] = json!("out");
        assert_eq!(result(&two, out).await, "out");
        // While they were inside by the east, the west let the same ticket in.
        let second = send(&one, &json!([earlier(&app, west, &ticket, ("in", TimeDelta::minutes(30)))])).await;
        assert_eq!(second[0]["conflict"], "Already in");
        assert_eq!((inside(&app, east).await, inside(&app, west).await), (0, 0), "they have left since");
        app.clock.advance(TimeDelta::hours(1));
        assert_eq!(result(&two, scan(west, &ticket)).await, "in");
        // Between going out and coming in again there was nothing; now there is a second entry.
        let third = send(&one, &json!([earlier(&app, east, &ticket, ("in", TimeDelta::minutes(20)))])).await;
        assert_eq!(third[0]["conflict"], "Already in");
        assert_eq!((inside(&app, east).await, inside(&app, west).await), (0, 1), "where they are now stays");
    }

    async fn two_entries_on_one_day_are_reported_though_both_are_older(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        assert_eq!(result(&two, scan(main, &ticket)).await, "in");
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(result(&two, scan(main, &ticket)).await, "in");
        let late = earlier(&app, main, &ticket, ("in", TimeDelta::hours(23)));
        assert_eq!(send(&one, &json!([late])).await[0]["conflict"], "Already in");
    }

    async fn devices_hear_of_an_entry_when_it_is_learnt(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let since = app.clock.now().timestamp();
        app.clock.advance(TimeDelta::minutes(1));
        send(&one, &json!([earlier(&app, main, &ticket, ("in", TimeDelta::hours(1)))])).await;
        let answer = two.get(&format!("/checkin/summit/list?since={since}")).await;
        let list: Value = serde_json::from_str(answer.ok()).expect("JSON");
        assert_eq!(list["exceptions"].as_array().map(Vec::len), Some(1), "{list}");
    }
}
