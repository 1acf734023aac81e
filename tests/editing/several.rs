//! The same by plain forms: several slots at once, and the search through what has no place yet.

use super::{BASE, Given, draft, moves, read, rows, to};
use crate::on_both_databases;
use crate::support::app::instant;
use plenary::db::RoomId;
use serde_json::Value;

fn tick(slot: &Value) -> String {
    let text = |name: &str| slot[name].as_str().expect("an id").to_owned();
    format!("{}.{}.{}", text("id"), text("session"), slot["version"])
}

async fn place_of(given: &Given, slot: &Value) -> Option<(Option<RoomId>, String)> {
    let all = rows(&given.app).await;
    all.iter().find(|row| slot["id"] == row.0.as_str()).map(|row| (row.1, row.2.to_string()))
}

on_both_databases! {
    async fn ticked_slots_move_swap_and_go_by_a_plain_form(db: TestDatabase) {
        let given = Given::new(db).await;
        let (one, two) = (given.placed(0, given.hall, 540).await, given.placed(1, given.studio, 600).await);
        let page = given.organizer.get(&format!("{BASE}?day=2027-04-13")).await;
        assert!(page.says(&tick(&one)), "a box for each slot");
        let several = format!("{BASE}/several");
        let (first, second) = (tick(&one), tick(&two));

        let fields = [("slot", first.as_str()), ("slot", &second), ("do", "move"), ("later", "15"), ("to_day", "2027-04-14"), ("to_room", ""), ("day", "2027-04-13")];
        let back = given.organizer.post_form(&several, &fields).await;
        assert_eq!(back.redirect(), format!("{BASE}?day=2027-04-13"));
        let zone_start = |day: u32, hour: u32, minute: u32| instant(&format!("2027-04-{day:02}T{hour:02}:{minute:02}:00+08:00")).to_string();
        assert_eq!(place_of(&given, &one).await, Some((Some(given.hall), zone_start(14, 9, 15))));
        assert_eq!(place_of(&given, &two).await, Some((Some(given.studio), zone_start(14, 10, 15))));

        // The versions that the first page showed are old now: nothing moves.
        given.organizer.post_form(&several, &fields).await.has_status(409);
        assert_eq!(place_of(&given, &one).await, Some((Some(given.hall), zone_start(14, 9, 15))));

        let now = draft(&given.organizer).await;
        let slots: Vec<String> = now["slots"].as_array().expect("slots").iter().map(tick).collect();
        given.organizer.post_form(&several, &[("slot", slots[0].as_str()), ("slot", &slots[1]), ("do", "swap")]).await.redirect();
        assert_eq!(place_of(&given, &one).await, Some((Some(given.studio), zone_start(14, 10, 15))));
        assert_eq!(place_of(&given, &two).await, Some((Some(given.hall), zone_start(14, 9, 15))));

        let now = draft(&given.organizer).await;
        let slots: Vec<String> = now["slots"].as_array().expect("slots").iter().map(tick).collect();
        given.organizer.post_form(&several, &[("slot", slots[0].as_str()), ("slot", &slots[1]), ("do", "remove")]).await.redirect();
        assert!(rows(&given.app).await.is_empty());
    }

    async fn a_form_that_says_nothing_useful_changes_nothing(db: TestDatabase) {
        let given = Given::new(db).await;
        let one = tick(&given.placed(0, given.hall, 540).await);
        let before = rows(&given.app).await;
        for fields in [
            vec![("do", "move"), ("later", "15")],
            vec![("slot", one.as_str()), ("do", "swap")],
            vec![("slot", one.as_str()), ("do", "move"), ("later", "soon")],
            vec![("slot", one.as_str()), ("do", "move"), ("to_day", "2027-02-30")],
            vec![("slot", one.as_str()), ("do", "move"), ("to_day", "2028-01-01")],
            vec![("slot", "../..%00"), ("do", "remove")],
        ] {
            given.organizer.post_form(&format!("{BASE}/several"), &fields).await.has_status(422);
        }
        assert_eq!(rows(&given.app).await, before);
    }

    async fn the_plain_list_searches_what_has_no_place(db: TestDatabase) {
        let given = Given::new(db).await;
        let found = given.organizer.get(&format!("{BASE}?q=deb")).await;
        let list = found.body.split("id=\"unplaced\"").nth(1).expect("the list").split("id=\"editor\"").next().expect("its end").to_owned();
        assert!(list.contains("Debate") && !list.contains("Opening") && !list.contains("Closing"), "{list}");
        assert!(given.organizer.get(&format!("{BASE}?q=zebra")).await.says("No session fits this search."));
    }

    async fn what_goes_on_past_midnight_stands_under_both_days(db: TestDatabase) {
        let given = Given::new(db).await;
        let late = to(given.hall, "2027-04-13", 1410, 90);
        let place = serde_json::json!([{ "session": given.sessions[0], "to": late }]);
        read(&moves(&given.organizer, "place", place).await, 200);
        for (day, is_there) in [("2027-04-13", true), ("2027-04-14", true), ("2027-04-15", false)] {
            let page = given.organizer.get(&format!("{BASE}?day={day}")).await;
            assert_eq!(page.body.contains("#placing\">Opening") || page.body.contains("23:30"), is_there, "{day}");
        }
    }
}
