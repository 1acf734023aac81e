//! Lists: tabs with exact counts, kinds, words, pages.

use super::{MAIL, deliver, letter, queue, queue_letter, state};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::messages;
use plenary::mail;
use plenary::mail::model::{MessageKind as K, MessageState};
use plenary::mail::outbox;

/// The recipients' addresses that a page lists, in its order.
fn listed(page: &str) -> Vec<String> {
    let rows = page.split("<tr><td><bdi>").skip(1);
    rows.filter_map(|row| row.split("&lt;").nth(1)?.split("&gt;").next().map(str::to_owned)).collect()
}

async fn found(organizer: &Client, query: &str) -> Vec<String> {
    listed(organizer.get(&format!("{MAIL}?{query}")).await.ok())
}

on_both_databases! {
    async fn tabs_count_exactly_whatever_changes_a_message(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("mail.transport", "log")]).await;
        let event = app.event().await.id;
        let mut ids = Vec::new();
        for number in 0..9 {
            let kind = if number % 3 == 0 { K::Waitlisted } else { K::Confirmed };
            ids.push(queue(&app, kind, &format!("guest-{number}@example.org"), "Hello").await);
        }
        queue_letter(&app, letter(None, K::PasswordReset, "admin@example.org", "Reset")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let tab = |page: &str, count: i64, label: &str| {
            page.contains(&format!("{label} <span class=\"number\">{count}</span>"))
        };
        let page = organizer.get(MAIL).await;
        assert!(tab(page.ok(), 9, "Queued") && tab(page.ok(), 0, "Sent") && tab(page.ok(), 9, "Any state"), "{}", page.body);
        let page = organizer.get(&format!("{MAIL}?kind=waitlisted")).await;
        assert!(tab(page.ok(), 3, "Queued") && tab(page.ok(), 3, "Any state"), "{}", page.body);
        let cancelled = ids[1];
        organizer.post_form(&format!("{MAIL}/{cancelled}/cancel"), &[]).await.redirect();
        assert_eq!(state(&app, cancelled).await, MessageState::Cancelled);
        assert_eq!(deliver(&app).await.sent, 9, "the other event's mail is sent too");
        let page = organizer.get(MAIL).await;
        assert!(tab(page.ok(), 0, "Queued") && tab(page.ok(), 8, "Sent") && tab(page.ok(), 1, "Taken back"), "{}", page.body);
        // Rows that vanish are not counted, and what is counted is what is there.
        let gone = ids[2];
        app.write(move |db, _| diesel::delete(messages::table.find(gone)).execute(db)).await;
        let counts = app.read(move |db| outbox::counts(db, event)).await;
        for state in MessageState::ALL {
            let there: i64 = app
                .read(move |db| messages::table.filter(messages::event_id.eq(event)).filter(messages::state.eq(*state)).count().get_result(db))
                .await;
            assert_eq!(counts.of(Some(*state), None), there, "{state}");
        }
        assert_eq!(counts.of(None, Some(K::Waitlisted)), 3);
    }

    async fn pages_follow_each_other_without_a_gap(db: TestDatabase) {
        let app = TestApp::start(db).await;
        for number in 0..130 {
            let kind = if number % 2 == 0 { K::Waitlisted } else { K::Confirmed };
            queue(&app, kind, &format!("guest-{number}@example.org"), "Hello").await;
        }
        let organizer = app.signed_in_as(Role::Observer).await;
        for (start, expected) in [
            (MAIL.to_owned(), (0..130).rev().collect::<Vec<i32>>()),
            (format!("{MAIL}?state=queued&kind=waitlisted"), (0..130).rev().filter(|number| number % 2 == 0).collect()),
            (format!("{MAIL}?q=hello"), (0..130).rev().collect()),
        ] {
            let (mut all, mut next) = (Vec::new(), Some(start));
            while let Some(address) = next {
                let page = organizer.get(&address).await;
                all.extend(listed(page.ok()));
                next = page.body.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).map(|url| url.replace("&amp;", "&"));
            }
            let expected: Vec<String> = expected.iter().map(|number| format!("guest-{number}@example.org")).collect();
            assert_eq!(all, expected);
        }
        assert!(organizer.get(&format!("{MAIL}?state=sent")).await.ok().contains("No message fits"));
    }

    async fn a_message_is_found_by_address_name_and_subject(db: TestDatabase) {
        let app = TestApp::start(db).await;
        queue(&app, K::Confirmed, "ada@example.org", "Your place in Wuzhen").await;
        queue(&app, K::Confirmed, "ada@example.org.uk", "Your place in Wuzhen").await;
        queue(&app, K::Waitlisted, "Grace.Hopper@Navy.example", "等候名单").await;
        let event = app.event().await.id;
        let mut other = letter(Some(event), K::Confirmed, "edith@example.net", "Énergie: nouveau lieu");
        other.recipient_name = "Édith Piaf".to_owned();
        queue_letter(&app, other).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (ada, uk, grace, edith) = ("ada@example.org", "ada@example.org.uk", "Grace.Hopper@Navy.example", "edith@example.net");
        let searches = [
            ("q=ada%40example.org", vec![ada]),
            ("q=ADA%40EXAMPLE.ORG", vec![ada]),
            ("q=ada%40exam", vec![uk, ada]),
            ("q=grace.hopper%40navy.example", vec![grace]),
            ("q=hopper", vec![grace]),
            ("q=%40navy.example", vec![grace]),
            ("q=navy.example", vec![grace]),
            ("q=wuzhen", vec![uk, ada]),
            ("q=place+your", vec![uk, ada]),
            ("q=edith", vec![edith]),
            ("q=energie", vec![edith]),
            ("q=%E5%90%8D%E5%8D%95", vec![grace]),
            ("q=%E5%B0%8F%E9%BE%99", vec![grace, uk, ada]),
            ("q=lovelace&kind=waitlisted", vec![grace]),
            ("q=lovelace&state=sent", vec![]),
            ("q=race", vec![]),
            ("q=%25", vec![]),
        ];
        // At once, and when a job has brought the words to where a million are found.
        for indexed in [0, 4] {
            let count = if indexed == 0 { 0 } else { mail::jobs::index_words(&app.app).await.expect("words") };
            assert_eq!(count, indexed);
            for (query, expected) in &searches {
                assert_eq!(found(&organizer, query).await, *expected, "{query}, {indexed} indexed");
            }
        }
        // Another event's mail is not found.
        let elsewhere = app.given_event("elsewhere").await.id;
        queue_letter(&app, letter(Some(elsewhere), K::Confirmed, "ada@example.org", "Elsewhere")).await;
        assert_eq!(found(&organizer, "q=ada%40example.org").await, [ada]);
        assert_eq!(found(&organizer, "q=elsewhere").await, Vec::<String>::new());
    }
}
