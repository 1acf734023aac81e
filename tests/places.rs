//! Places: shared by quotas, approved by officers, waited for and offered, never more than there are.

mod line;
mod model;

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, TestDatabase};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{categories, held_places, invitation_codes, offers, quotas, registrations};
use std::sync::Arc;

const CATEGORIES: &str = "/organizer/summit/categories";

/// An event with an organizer; categories and quotas are made through the pages.
struct Stage {
    app: TestApp,
    organizer: Client,
}

impl Stage {
    async fn new(db: TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        Self { app, organizer }
    }

    async fn category(&self, code: &str, more: &[(&str, &str)]) -> String {
        let mut fields = vec![("name.en", code), ("code", code), ("badge_color", "#1f4e9e")];
        fields.extend(more);
        self.organizer.post_form(&format!("{CATEGORIES}/new"), &fields).await.redirect();
        let code = code.to_owned();
        self.app
            .read(move |db| {
                categories::table.filter(categories::code.eq(code.clone())).select(categories::id).first(db)
            })
            .await
    }

    async fn quota(&self, name: &str, capacity: &str, of: &[&str]) {
        let mut fields = vec![("name.en", name), ("capacity", capacity)];
        fields.extend(of.iter().map(|id| ("category", *id)));
        self.organizer.post_form("/organizer/summit/quotas/new", &fields).await.redirect();
    }

    async fn registers(&self, category: &str, email: &str) -> u16 {
        self.registers_with(category, email, "").await
    }

    async fn registers_with(&self, category: &str, email: &str, code: &str) -> u16 {
        let fields = [
            ("code", code),
            ("category", category),
            ("email", email),
            ("given_name", "Ada"),
            ("family_name", email),
            ("accept_privacy", "on"),
        ];
        self.app.visitor().post_form("/summit/register", &fields).await.status
    }

    /// Presses the button of the newest mail that has one; the own page.
    async fn verifies(&self, email: &str) -> String {
        let link = self.app.mail_to(email).await.last().expect("a mail").link("/summit/verify/");
        self.app.visitor().post_form(&link, &[]).await.redirect().to_owned()
    }

    async fn state(&self, email: &str) -> String {
        let email = email.to_owned();
        self.app
            .read(move |db| {
                registrations::table
                    .filter(registrations::email_key.eq(email.clone()))
                    .order(registrations::created_at.desc())
                    .select(registrations::state)
                    .first(db)
            })
            .await
    }

    async fn own(&self, email: &str) -> String {
        self.app.mail_to(email).await.last().expect("a mail").link("/summit/r/")
    }

    async fn subject(&self, email: &str) -> String {
        self.app.mail_to(email).await.pop().expect("a mail").subject
    }

    async fn hands_on(&self) -> usize {
        plenary::registration::jobs::hand_on(&self.app.app).await.expect("places are handed on")
    }

    /// Every count beside what is really held.
    async fn counts(&self) -> (Vec<(i32, i64)>, Vec<(i32, i64)>) {
        self.app
            .read(|db| {
                let holds = ["unverified", "applied", "offered", "confirmed"];
                let mut by_category = Vec::new();
                for (id, taken) in
                    categories::table.select((categories::id, categories::taken)).load::<(String, i32)>(db)?
                {
                    let held = registrations::table
                        .filter(registrations::category_id.eq(id))
                        .filter(registrations::state.eq_any(holds))
                        .count()
                        .get_result(db)?;
                    by_category.push((taken, held));
                }
                let mut by_quota = Vec::new();
                for (id, taken) in quotas::table.select((quotas::id, quotas::taken)).load::<(String, i32)>(db)? {
                    let held = held_places::table.filter(held_places::quota_id.eq(id)).count().get_result(db)?;
                    by_quota.push((taken, held));
                }
                Ok((by_category, by_quota))
            })
            .await
    }
}

on_both_databases! {
    async fn an_application_is_received_and_waits_for_an_officer(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.category("press", &[("needs_approval", "on")]).await;
        assert!(stage.app.visitor().get("/summit/register").await.ok().contains("Your application is looked at"));
        assert_eq!(stage.registers("press", "ada@example.org").await, 303);
        let own = stage.verifies("ada@example.org").await;
        assert_eq!(stage.state("ada@example.org").await, "applied");
        assert_eq!(stage.subject("ada@example.org").await, "Your application has arrived: World Summit");
        let page = stage.app.visitor().get(&own).await;
        assert!(page.ok().contains("Your application has arrived") && !page.says("ticket-code"), "no ticket yet");
    }

    async fn only_listed_addresses_register_where_there_is_a_list(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.category("un", &[("address_rules", "@un.example\nada@home.example")]).await;
        assert_eq!(stage.registers("un", "bo@home.example").await, 422);
        assert_eq!(stage.registers("un", "ada@home.example").await, 303);
        assert_eq!(stage.registers("un", "bo@geneva.un.example").await, 303);
        let wrong = stage.organizer.post_form(&format!("{CATEGORIES}/new"), &[("name.en", "x"), ("badge_color", "#1f4e9e"), ("address_rules", "example")]).await;
        wrong.has_status(422);
    }

    async fn a_person_counts_against_every_quota_of_the_category(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("capacity", "10")]).await;
        let member = stage.category("member", &[]).await;
        stage.quota("On site", "2", &[&guest, &member]).await;
        assert_eq!(stage.registers("guest", "a@example.org").await, 303);
        assert_eq!(stage.registers("member", "b@example.org").await, 303);
        assert_eq!(stage.registers("guest", "c@example.org").await, 422, "eight places of its own, none on site");
        assert_eq!(stage.counts().await, (vec![(1, 1), (1, 1)], vec![(2, 2)]));
        let own = stage.verifies("a@example.org").await;
        stage.app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
        assert_eq!(stage.registers("guest", "c@example.org").await, 303);
        // A link that runs out frees its places of both.
        stage.app.clock.advance(TimeDelta::hours(49));
        plenary::registration::jobs::expire_due(&stage.app.app).await.expect("the clock's work is done");
        let (of_categories, of_quotas) = stage.counts().await;
        assert!(of_categories.iter().all(|count| *count == (0, 0)) && of_quotas == [(0, 0)]);
        let fewer = stage.organizer.get("/organizer/summit/quotas").await;
        assert!(fewer.ok().contains("On site") && fewer.says("guest, member"));
    }

    async fn who_finds_no_place_waits_and_is_offered_one_in_order(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.category("guest", &[("capacity", "1"), ("has_waiting_list", "on"), ("shows_rank", "on"), ("offer_hours", "24")]).await;
        assert_eq!(stage.registers("guest", "first@example.org").await, 303);
        for email in ["second@example.org", "third@example.org", "fourth@example.org"] {
            stage.app.clock.advance(TimeDelta::minutes(1));
            assert_eq!(stage.registers("guest", email).await, 303);
            assert_eq!((stage.state(email).await.as_str(), stage.subject(email).await.as_str()), ("waitlisted", "You are on the waiting list: World Summit"));
        }
        let third = stage.own("third@example.org").await;
        assert!(stage.app.visitor().get(&third).await.ok().contains("You are number 2 on the waiting list."));
        let lists = stage.organizer.get("/organizer/summit/waiting").await;
        assert!(lists.ok().contains("3 wait") && lists.says("0 places are free"));
        assert_eq!(stage.hands_on().await, 0);
        let own = stage.verifies("first@example.org").await;
        stage.app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
        let (one, other) = tokio::join!(stage.hands_on(), stage.hands_on());
        assert_eq!(one + other, 1, "two processes, one place, one offer");
        assert_eq!(stage.state("second@example.org").await, "offered");
        assert_eq!(stage.subject("second@example.org").await, "A place is free for you: World Summit");
        // Nobody passes those who wait.
        assert_eq!(stage.registers("guest", "late@example.org").await, 303);
        assert_eq!(stage.state("late@example.org").await, "waitlisted");
        // Declined, then run out, then taken up.
        let second = stage.own("second@example.org").await;
        stage.app.visitor().post_form(&format!("{second}/offer"), &[("do", "decline")]).await.redirect();
        assert_eq!((stage.state("second@example.org").await.as_str(), stage.hands_on().await), ("cancelled", 1));
        stage.app.clock.advance(TimeDelta::hours(25));
        stage.app.visitor().post_form(&format!("{third}/offer"), &[("do", "accept")]).await.has_status(409);
        assert_eq!((stage.hands_on().await, stage.state("third@example.org").await.as_str()), (1, "expired"));
        let fourth = stage.own("fourth@example.org").await;
        stage.app.visitor().post_form(&format!("{fourth}/offer"), &[("do", "accept")]).await.redirect();
        assert_eq!(stage.state("fourth@example.org").await, "confirmed");
        assert_eq!(stage.counts().await.0, [(1, 1)]);
        let outcomes: Vec<Option<String>> = stage.app.read(|db| offers::table.order(offers::made_at).select(offers::outcome).load(db)).await;
        assert_eq!(outcomes.iter().flatten().map(String::as_str).collect::<Vec<_>>(), ["declined", "ran_out", "accepted"]);
    }

    async fn after_the_last_offers_free_places_go_to_whoever_comes(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let waits = [("capacity", "1"), ("has_waiting_list", "on"), ("offers_until", "2027-04-02T12:00")];
        stage.category("guest", &waits).await;
        assert_eq!(stage.registers("guest", "first@example.org").await, 303);
        assert_eq!(stage.registers("guest", "second@example.org").await, 303);
        assert_eq!(stage.state("second@example.org").await, "waitlisted");
        let own = stage.verifies("first@example.org").await;
        stage.app.clock.set("2027-04-02T12:00:01+08:00");
        stage.app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
        assert_eq!(stage.hands_on().await, 0, "nothing is offered after the last offers");
        let lists = stage.organizer.get("/organizer/summit/waiting").await;
        assert!(lists.ok().contains("Nothing is offered any more") && !lists.says("Next"));
        let second: String = stage
            .app
            .read(|db| registrations::table.filter(registrations::state.eq("waitlisted")).select(registrations::id).first(db))
            .await;
        let by_hand = format!("/organizer/summit/waiting/{second}");
        stage.organizer.post_form(&by_hand, &[("do", "offer")]).await.has_status(409);
        assert_eq!(stage.state("second@example.org").await, "waitlisted");
        assert_eq!(stage.registers("guest", "third@example.org").await, 303);
        assert_eq!(stage.state("third@example.org").await, "unverified", "the place is not lost");
    }

    async fn nobody_is_next_where_a_quota_is_full(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("capacity", "9"), ("has_waiting_list", "on")]).await;
        stage.quota("On site", "1", &[&guest]).await;
        assert_eq!(stage.registers("guest", "first@example.org").await, 303);
        assert_eq!(stage.registers("guest", "second@example.org").await, 303);
        assert_eq!(stage.state("second@example.org").await, "waitlisted");
        let lists = stage.organizer.get("/organizer/summit/waiting").await;
        assert!(lists.ok().contains("0 places are free") && !lists.says("Next"));
        assert_eq!(stage.hands_on().await, 0);
    }

    async fn a_rush_with_overlapping_quotas_never_gives_more_than_there_is(db: TestDatabase) {
        let stage = Arc::new(Stage::new(db).await);
        let guest = stage.category("guest", &[("capacity", "40")]).await;
        let member = stage.category("member", &[("has_waiting_list", "on")]).await;
        let press = stage.category("press", &[("capacity", "30")]).await;
        stage.quota("On site", "50", &[&guest, &member, &press]).await;
        stage.quota("Hotel", "25", &[&guest, &member]).await;
        stage.quota("Floor", "20", &[&press, &member]).await;
        let reserved = [("category", member.as_str()), ("uses", "10"), ("is_reserved", "on")];
        stage.organizer.post_form("/organizer/summit/codes/new", &reserved).await.redirect();
        let code: String = stage.app.read(|db| invitation_codes::table.select(invitation_codes::code).first(db)).await;
        let rush = (0..500).map(|index| {
            let (stage, code) = (Arc::clone(&stage), code.clone());
            tokio::spawn(async move {
                let email = format!("p{index}@example.org");
                let category = ["guest", "member", "press"][index % 3];
                let code = if category == "member" && index % 4 == 0 { code.as_str() } else { "" };
                let status = stage.registers_with(category, &email, code).await;
                assert!(status == 303 || status == 422, "{status}");
                if status == 303 && index % 5 == 0 && stage.state(&email).await == "unverified" {
                    let own = stage.verifies(&email).await;
                    stage.app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
                }
                if index % 40 == 0 {
                    stage.hands_on().await;
                }
            })
        });
        for task in rush.collect::<Vec<_>>() {
            task.await.expect("no request fails");
        }
        let (of_categories, of_quotas) = stage.counts().await;
        // What the code keeps and nobody has used counts too.
        let kept: i32 = stage.app.read(|db| invitation_codes::table.select(invitation_codes::uses - invitation_codes::used).first(db)).await;
        let is_right = |(taken, held): &(i32, i64)| i64::from(*taken) == *held || i64::from(*taken) == held + i64::from(kept);
        assert!(of_categories.iter().all(is_right), "{of_categories:?} with {kept} kept");
        assert!(of_quotas.iter().all(|(taken, held)| i64::from(*taken) == held + i64::from(kept)), "{of_quotas:?} with {kept} kept");
        let limits: Vec<(i32, i32)> = stage.app.read(|db| quotas::table.select((quotas::taken, quotas::capacity)).load(db)).await;
        assert!(limits.iter().all(|(taken, capacity)| taken <= capacity));
        // No place is lost: whoever can still be let in is.
        stage.hands_on().await;
        let left: Vec<(i32, i32)> = stage.app.read(|db| quotas::table.order(quotas::code).select((quotas::taken, quotas::capacity)).load(db)).await;
        let waiting: i64 = stage.app.read(|db| registrations::table.filter(registrations::state.eq("waitlisted")).count().get_result(db)).await;
        assert!(waiting == 0 || left.iter().any(|(taken, capacity)| taken == capacity), "{left:?} with {waiting} waiting");
    }
}
