//! Registrations in random order of operations, beside a model of a few lines that says where everybody must stand.

use super::Stage;
use crate::on_both_databases;
use crate::support::{Client, Role};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::UtcTime;
use plenary::db::schema::registrations;
use plenary::registration::jobs;
use std::collections::BTreeMap;

/// People who come and go, walks of one test, and steps of each walk.
const PEOPLE: usize = 9;
const WALKS: u64 = 3;
const STEPS: usize = 60;

/// Places of guests, of the press, and of both together.
const GUESTS: usize = 3;
const PRESS: usize = 2;
const ON_SITE: usize = 4;

/// One person as the model knows them.
#[derive(Clone, Debug, PartialEq)]
struct Person {
    state: &'static str,
    is_press: bool,
    /// Since when they wait; until when they hold what they hold.
    since: UtcTime,
    until: Option<UtcTime>,
}

/// What must be so: states, and nothing else.
#[derive(Debug, Default)]
struct Model(BTreeMap<usize, Person>);

impl Model {
    fn holding(&self, is_counted: impl Fn(&Person) -> bool) -> usize {
        let holds = |one: &&Person| ["unverified", "applied", "offered", "confirmed"].contains(&one.state);
        self.0.values().filter(holds).filter(|one| is_counted(one)).count()
    }

    fn has_room(&self, is_press: bool) -> bool {
        let most = if is_press { PRESS } else { GUESTS };
        self.holding(|one| one.is_press == is_press) < most && self.holding(|_| true) < ON_SITE
    }

    fn is_active(&self, who: usize) -> bool {
        self.0.get(&who).is_some_and(|one| !["cancelled", "rejected", "expired"].contains(&one.state))
    }

    fn waiting(&self) -> Option<usize> {
        let waits = self.0.iter().filter(|(_, one)| one.state == "waitlisted");
        waits.min_by_key(|(_, one)| one.since).map(|(who, _)| *who)
    }

    fn registers(&mut self, who: usize, is_press: bool, now: UtcTime) {
        if self.is_active(who) {
            return;
        }
        // Nobody passes those who wait; the press has no list and is turned away.
        let has_place = self.has_room(is_press) && (is_press || self.waiting().is_none());
        let state = match (has_place, is_press) {
            (true, _) => "unverified",
            (false, false) => "waitlisted",
            (false, true) => return,
        };
        let until = has_place.then(|| now + TimeDelta::hours(48));
        self.0.insert(who, Person { state, is_press, since: now, until });
    }

    fn becomes(&mut self, who: usize, state: &'static str) {
        if let Some(one) = self.0.get_mut(&who) {
            (one.state, one.until) = (state, None);
        }
    }

    /// What the clock does: what ran out ends, then what is free is offered in order.
    fn time_passes(&mut self, now: UtcTime) {
        for one in self.0.values_mut().filter(|one| ["unverified", "offered"].contains(&one.state)) {
            if one.until.is_some_and(|until| until < now) {
                one.state = "expired";
            }
        }
        while let Some(next) = self.waiting().filter(|_| self.has_room(false)) {
            self.becomes(next, "offered");
            if let Some(one) = self.0.get_mut(&next) {
                one.until = Some(now + TimeDelta::hours(24));
            }
        }
    }

    fn in_state(&self, states: &[&str], pick: usize) -> Option<(usize, Person)> {
        let all: Vec<_> = self.0.iter().filter(|(_, one)| states.contains(&one.state)).collect();
        (!all.is_empty()).then(|| (*all[pick % all.len()].0, all[pick % all.len()].1.clone()))
    }
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("small")
    }
}

struct Walk {
    stage: Stage,
    officer: Client,
    walk: u64,
    model: Model,
    said: Vec<String>,
}

impl Walk {
    fn email(&self, who: usize) -> String {
        format!("w{}p{who}@example.org", self.walk)
    }

    async fn id(&self, who: usize) -> String {
        let email = self.email(who);
        let newest = move |db: &mut plenary::db::DbConnection| {
            registrations::table
                .filter(registrations::email_key.eq(email))
                .order(registrations::created_at.desc())
                .select(registrations::id)
                .first(db)
        };
        self.stage.app.read(newest).await
    }

    /// One operation by whoever can do it; in a state in which nobody can, nothing.
    async fn step(&mut self, dice: &mut Dice) {
        self.stage.app.clock.advance(TimeDelta::minutes(1));
        let (kind, pick) = (dice.below(12), dice.below(1_000));
        let now = self.stage.app.clock.now();
        match kind {
            0..=3 => {
                let (who, is_press) = (pick % PEOPLE, dice.below(3) == 0);
                if self.model.is_active(who) {
                    return;
                }
                self.said.push(format!("{who} registers, press: {is_press}"));
                let category = if is_press { "press" } else { "guest" };
                let status = self.stage.registers(category, &self.email(who)).await;
                self.model.registers(who, is_press, now);
                assert_eq!(status == 303, self.model.is_active(who), "{status} after {:?}", self.said);
            }
            4 | 5 => {
                let Some((who, one)) = self.model.in_state(&["unverified"], pick) else { return };
                self.said.push(format!("{who} verifies"));
                self.stage.verifies(&self.email(who)).await;
                self.model.becomes(who, if one.is_press { "applied" } else { "confirmed" });
            }
            6 => {
                let active = ["unverified", "applied", "waitlisted", "offered", "confirmed"];
                let Some((who, _)) = self.model.in_state(&active, pick) else { return };
                self.said.push(format!("{who} is cancelled"));
                let page = format!("/organizer/summit/registrations/{}/cancel", self.id(who).await);
                self.stage.organizer.post_form(&page, &[]).await.redirect();
                self.model.becomes(who, "cancelled");
            }
            7 => {
                let Some((who, _)) = self.model.in_state(&["applied"], pick) else { return };
                let decision = if pick % 3 == 0 { "reject" } else { "approve" };
                self.said.push(format!("{who}: {decision}"));
                let page = format!("/organizer/summit/accreditation/{}", self.id(who).await);
                let version = self.officer.get(&page).await.input("version");
                let fields = [("decision", decision), ("version", version.as_str()), ("reason", "No room")];
                self.officer.post_form(&page, &fields).await.redirect();
                self.model.becomes(who, if pick % 3 == 0 { "rejected" } else { "confirmed" });
            }
            8 | 9 => {
                let Some((who, _)) = self.model.in_state(&["offered"], pick) else { return };
                let answer = if pick % 3 == 0 { "decline" } else { "accept" };
                self.said.push(format!("{who}: {answer}"));
                let own = self.stage.own(&self.email(who)).await;
                self.stage.app.visitor().post_form(&format!("{own}/offer"), &[("do", answer)]).await.redirect();
                self.model.becomes(who, if pick % 3 == 0 { "cancelled" } else { "confirmed" });
            }
            _ => {
                let hours = [0, 0, 20][dice.below(3)];
                self.said.push(format!("{hours} hours pass"));
                self.stage.app.clock.advance(TimeDelta::hours(hours));
                jobs::expire_due(&self.stage.app.app).await.expect("the clock's work is done");
                while self.stage.hands_on().await > 0 {}
                self.model.time_passes(self.stage.app.clock.now());
            }
        }
    }

    /// Everybody stands where the model says, and every count is what is held.
    async fn agrees(&self) {
        let pattern = format!("w{}p%", self.walk);
        let all: Vec<(String, String)> = self
            .stage
            .app
            .read(move |db| {
                registrations::table
                    .filter(registrations::email_key.like(pattern))
                    .order(registrations::created_at)
                    .select((registrations::email_key, registrations::state))
                    .load(db)
            })
            .await;
        // Whoever came again has several; the newest counts.
        let found: BTreeMap<String, String> = all.into_iter().collect();
        let expected: BTreeMap<String, String> =
            self.model.0.iter().map(|(who, one)| (self.email(*who), one.state.to_owned())).collect();
        assert_eq!(found, expected, "after {:?}", self.said);
        let (of_categories, of_quotas) = self.stage.counts().await;
        let is_right = |(taken, held): &(i32, i64)| i64::from(*taken) == *held;
        assert!(
            of_categories.iter().chain(&of_quotas).all(is_right),
            "{of_categories:?} {of_quotas:?} {:?}",
            self.said
        );
        let held = i64::try_from(self.model.holding(|_| true)).expect("few");
        assert_eq!(of_quotas, [(i32::try_from(held).expect("few"), held)], "after {:?}", self.said);
    }
}

on_both_databases! {
    async fn operations_in_any_order_leave_everybody_where_a_simple_model_says(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let (guests, press) = (GUESTS.to_string(), PRESS.to_string());
        let guest = stage.category("guest", &[("capacity", &guests), ("has_waiting_list", "on"), ("offer_hours", "24")]).await;
        let press = stage.category("press", &[("capacity", &press), ("needs_approval", "on")]).await;
        stage.quota("On site", &ON_SITE.to_string(), &[&guest, &press]).await;
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await;
        let mut walk = Walk { stage, officer, walk: 0, model: Model::default(), said: Vec::new() };
        let mut seen = std::collections::BTreeSet::new();
        for number in 1..=WALKS {
            let mut dice = Dice(0x9E37_79B9_7F4A_7C15 ^ (number * 7_919));
            walk.walk = number;
            for _ in 0..STEPS {
                walk.step(&mut dice).await;
                walk.agrees().await;
                seen.extend(walk.model.0.values().map(|one| one.state));
            }
            // Everybody leaves, and every place is there for the next walk.
            for who in walk.model.0.keys().copied().filter(|who| walk.model.is_active(*who)).collect::<Vec<_>>() {
                let page = format!("/organizer/summit/registrations/{}/cancel", walk.id(who).await);
                walk.stage.organizer.post_form(&page, &[]).await.redirect();
            }
            assert!(walk.stage.counts().await.1.iter().all(|count| *count == (0, 0)), "no place is lost");
            (walk.model, walk.said) = (Model::default(), Vec::new());
        }
        assert!(seen.len() >= 6, "most states were reached: {seen:?}");
    }
}
