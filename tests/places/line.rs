//! Who in a waiting list can't be served keeps their place, and stops nobody behind them.

use super::{CATEGORIES, Stage};
use crate::on_both_databases;
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{categories, offers, registrations};
use serde_json::Value;

impl Stage {
    /// Registers somebody with or without the choice that has one place.
    async fn chooses(&self, category: &str, email: &str, choice: &str) -> u16 {
        self.app.clock.advance(TimeDelta::minutes(1));
        let fields = [
            ("category", category),
            ("email", email),
            ("given_name", "Ada"),
            ("family_name", email),
            ("q-tour", choice),
            ("accept_privacy", "on"),
        ];
        self.app.visitor().post_form("/summit/register", &fields).await.status
    }

    async fn id_of(&self, email: &str) -> String {
        let email = email.to_owned();
        self.app
            .read(move |db| {
                registrations::table
                    .filter(registrations::email_key.eq(email.clone()))
                    .select(registrations::id)
                    .first(db)
            })
            .await
    }

    /// Gives a category so many places.
    async fn enlarges(&self, category: &str, capacity: i32) {
        let id = category.to_owned();
        self.app
            .write(move |db, _| {
                diesel::update(categories::table.find(id.clone())).set(categories::capacity.eq(capacity)).execute(db)
            })
            .await;
    }
}

on_both_databases! {
    async fn who_can_not_be_served_is_passed_over_and_the_reason_is_kept(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("capacity", "1"), ("has_waiting_list", "on")]).await;
        stage.category("media", &[]).await;
        let tour = [
            ("kind", "one_choice"), ("label.en", "Tour"), ("stage", "apply"),
            ("choices.en", "boat = By boat\nfoot = On foot"), ("limits", "boat = 1"),
        ];
        stage.organizer.post_form("/organizer/summit/forms/new", &tour).await.redirect();
        assert_eq!(stage.chooses("guest", "first@example.org", "foot").await, 303);
        assert_eq!(stage.chooses("guest", "boat@example.org", "boat").await, 303);
        assert_eq!(stage.chooses("guest", "foot@example.org", "foot").await, 303);
        assert_eq!(stage.chooses("media", "media@example.org", "boat").await, 303);
        assert_eq!((stage.state("boat@example.org").await.as_str(), stage.state("foot@example.org").await.as_str()), ("waitlisted", "waitlisted"));
        stage.enlarges(&guest, 2).await;
        // The dry run says the same as what is done then.
        let lists = stage.organizer.get("/organizer/summit/waiting").await;
        assert!(lists.ok().contains("Passed over: the choice “By boat” is full"), "{}", lists.body);
        let (passed, next) = (lists.body.find("boat@example.org"), lists.body.find(">Next<"));
        assert!(passed < next && next < lists.body.find("foot@example.org"), "the second is next");
        // By hand it is refused with the truth, in the list.
        let by_hand = format!("/organizer/summit/waiting/{}", stage.id_of("boat@example.org").await);
        let refused = stage.organizer.post_form(&by_hand, &[("do", "offer")]).await;
        assert!(refused.has_status(409).contains("No place was offered. Passed over: the choice “By boat” is full"), "{}", refused.body);
        assert!(refused.says("Waiting lists") && !refused.says("has just been taken"));
        assert_eq!(stage.hands_on().await, 1);
        assert_eq!((stage.state("boat@example.org").await.as_str(), stage.state("foot@example.org").await.as_str()), ("waitlisted", "offered"));
        let why: String = stage.app.read(|db| offers::table.select(offers::reason).first(db)).await;
        let why: Value = serde_json::from_str(&why).expect("JSON");
        assert_eq!((&why["rank"], &why["passed_over"][0]["lacks"]), (&Value::from(2), &Value::from("choice")));
        assert_eq!(stage.hands_on().await, 0);
        // Without a place of the category it says so.
        let refused = stage.organizer.post_form(&by_hand, &[("do", "offer")]).await;
        assert!(refused.has_status(409).contains("No place of this category is free"));
        // Once there is room for what they lack, it is their turn.
        let media = stage.verifies("media@example.org").await;
        stage.app.visitor().post_form(&format!("{media}/cancel"), &[]).await.redirect();
        stage.enlarges(&guest, 3).await;
        assert_eq!((stage.hands_on().await, stage.state("boat@example.org").await.as_str()), (1, "offered"));
        assert!(stage.organizer.get(CATEGORIES).await.ok().contains("guest"));
    }
}
