//! Changes of many registrations: shown first, then done one by one, with nothing lost.

use super::{facts, given_category, places};
use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{
    audit_entries, bulk_change_people, bulk_changes, delegation_quotas, delegations, held_places, quotas,
    registrations, users,
};
use plenary::db::{BulkChangeId, CategoryId, DbConnection, DelegationId, RegistrationId};
use plenary::i18n::Lang;
use plenary::registration::bulk::jobs::carry_on;
use plenary::registration::bulk::model::{BulkAction, BulkChange};
use plenary::registration::bulk::operations::begin;
use plenary::registration::model::{Applying, Details, Registration, RegistrationState as State, Source};
use plenary::registration::operations::{Enrolment, enrol};

const LIST: &str = "/organizer/summit/registrations";
const BULK: &str = "/organizer/summit/registrations/bulk";

/// Adds somebody; without an address where it is empty.
async fn given(app: &TestApp, category: CategoryId, email: &str, state: State) -> RegistrationId {
    let details = Details { given_name: "Ada".into(), family_name: email.to_owned(), ..Details::default() };
    let (event, now) = (app.event().await.id, app.clock.now());
    let applying = Applying { event, category, email, email_key: email, details: &details, language: Lang::EN };
    let enrolment = Enrolment::new(Registration::new(&applying, state, now), Source::Desk);
    let id = enrolment.registration.id;
    let job = move |db: &mut DbConnection, now| enrol(db, now, Actor::System, &enrolment);
    app.app.write(job).await.expect("somebody is added");
    app.clock.advance(TimeDelta::minutes(1));
    id
}

/// The form below the list as the list has it, with these fields besides.
async fn asks(organizer: &Client, query: &str, fields: &[(&str, &str)]) -> Answer {
    let page = organizer.get(&format!("{LIST}?{query}&view=all")).await;
    let (line, made_by) = (page.input("query"), page.input("made_by"));
    let mut all = vec![("query", line.as_str()), ("made_by", made_by.as_str())];
    all.extend(fields);
    organizer.post_form(BULK, &all).await
}

/// The second word: every hidden field of the preview's form, as it stands there.
async fn confirms(organizer: &Client, preview: &Answer) -> Answer {
    let form = preview.body.split("<form").find(|form| form.contains("name=\"confirmed\"")).expect("a form");
    let value = |field: &str, name: &str| {
        let rest = field.split(&format!("{name}=\"")).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#x2f;", "/").replace("&quot;", "\"")
    };
    let fields: Vec<(String, String)> = form
        .split("<input type=\"hidden\"")
        .skip(1)
        .map(|field| (value(field, " name"), value(field, " value")))
        .collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    organizer.post_form(BULK, &fields).await
}

async fn standing(app: &TestApp, id: RegistrationId) -> (State, CategoryId, i32, i32) {
    app.read(move |db| {
        let columns =
            (registrations::state, registrations::category_id, registrations::ticket_serial, registrations::priority);
        registrations::table.find(id).select(columns).first(db)
    })
    .await
}

/// A delegation that may send so many people in each category.
async fn given_delegation(app: &TestApp, may_send: &[(CategoryId, i32)]) -> DelegationId {
    let (event, id, may_send) = (app.event().await.id, DelegationId::new(), may_send.to_vec());
    app.write(move |db, now| {
        diesel::insert_into(delegations::table)
            .values((
                (delegations::id.eq(id), delegations::event_id.eq(event), delegations::code.eq("fr")),
                (delegations::name.eq(r#"{"en":"France"}"#), delegations::contact_name.eq("")),
                (delegations::contact_email.eq(""), delegations::contact_email_key.eq("")),
                (delegations::language.eq("en"), delegations::note.eq(""), delegations::version.eq(1)),
                (delegations::created_at.eq(now), delegations::updated_at.eq(now)),
            ))
            .execute(db)?;
        for (category, capacity) in &may_send {
            diesel::insert_into(delegation_quotas::table)
                .values((
                    delegation_quotas::delegation_id.eq(id),
                    delegation_quotas::category_id.eq(category),
                    delegation_quotas::capacity.eq(capacity),
                    delegation_quotas::taken.eq(0),
                ))
                .execute(db)?;
        }
        Ok(())
    })
    .await;
    id
}

async fn noted(app: &TestApp, action: &'static str) -> i64 {
    app.read(move |db| audit_entries::table.filter(audit_entries::action.eq(action)).count().get_result(db)).await
}

on_both_databases! {
    async fn nothing_happens_before_a_second_word_and_then_everybody_is_told(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let press = given_category(&app, "press", facts("Press")).await;
        let ada = given(&app, guest, "ada@example.org", State::Confirmed).await;
        let bo = given(&app, guest, "bo@example.org", State::Applied).await;
        let cy = given(&app, guest, "", State::Confirmed).await;
        let gone = given(&app, guest, "gone@example.org", State::Confirmed).await;
        let own = given(&app, press, "own@example.org", State::Confirmed).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form(&format!("{LIST}/{gone}/cancel"), &[]).await.redirect();
        let before = app.outbox().await.len();
        let (to, ids) = (press.to_string(), [ada, bo, cy, gone, own].map(|id| id.to_string()));
        let mut fields = vec![("action", "category"), ("to", to.as_str()), ("whom", "ticked")];
        fields.extend(ids.iter().map(|id| ("registration", id.as_str())));
        let preview = asks(&organizer, "sort=name", &fields).await;
        preview.ok();
        for words in ["Move 3 people to Press", "One mail leaves", "In that category already", "The registration has ended", "ada@example.org"] {
            assert!(preview.says(words), "{words}");
        }
        assert_eq!((app.outbox().await.len(), standing(&app, ada).await.1), (before, guest));
        let result = confirms(&organizer, &preview).await;
        let page = organizer.get(result.redirect()).await;
        assert!(page.ok().contains("Done: 3 of 5.") && page.says("In that category already") && page.says("The registration has ended"));
        assert!(page.says("sort=name"), "the way back leads to the same list");
        assert_eq!(standing(&app, ada).await, (State::Confirmed, press, 1, 0), "the old ticket does not count any more");
        assert_eq!(standing(&app, bo).await, (State::Applied, press, 0, 0));
        assert_eq!(standing(&app, gone).await.1, guest);
        let mails = app.outbox().await;
        assert_eq!(mails.len(), before + 1);
        let mail = mails.last().expect("a mail");
        assert_eq!((mail.kind.as_str(), mail.to.as_str()), ("confirmed", "ada@example.org"));
        assert!(app.visitor().get(&mail.link("/summit/r/")).await.ok().contains("Press"));
        assert_eq!((places(&app, guest).await, places(&app, press).await), ((0, 0), (4, 4)));
        assert_eq!(noted(&app, "registration.category-changed").await, 3);
        assert_eq!((noted(&app, "registration.bulk-begun").await, noted(&app, "registration.bulk-finished").await), (1, 1));
        let done = organizer.get(&format!("{}&show=done", result.redirect())).await;
        assert!(done.ok().contains("ada@example.org") && !done.says("own@example.org"));
        assert!(organizer.get(BULK).await.ok().contains("Move 5 people to Press"));
        assert!(organizer.get(&format!("{LIST}/{ada}")).await.ok().contains("Moved to another category"));
    }

    async fn who_finds_no_place_stays_and_holds_nobody_up(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let mut small = facts("Press");
        small.capacity = Some(2);
        let press = given_category(&app, "press", small).await;
        let mut people = Vec::new();
        for name in ["a", "b", "c", "d"] {
            people.push(given(&app, guest, &format!("{name}@example.org"), State::Confirmed).await);
        }
        let organizer = app.signed_in_as(Role::Organizer).await;
        let to = press.to_string();
        let preview = asks(&organizer, "q=example", &[("action", "category"), ("to", &to), ("whom", "all")]).await;
        assert!(preview.ok().contains("Move 4 people to Press"));
        let result = confirms(&organizer, &preview).await;
        let page = organizer.get(result.redirect()).await;
        assert!(page.ok().contains("Done: 2 of 4.") && page.body.matches("No place was left").count() == 2);
        assert_eq!((places(&app, guest).await, places(&app, press).await), ((2, 2), (2, 2)));
        assert_eq!(standing(&app, people[3]).await, (State::Confirmed, guest, 0, 0), "nothing of a move is left");
        assert_eq!(app.outbox().await.len(), 2);
    }

    async fn a_quota_that_both_categories_share_is_not_taken_twice(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let press = given_category(&app, "press", facts("Press")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (from, to) = (guest.to_string(), press.to_string());
        for (name, capacity, of) in [("Hall", "1", &[from.as_str(), to.as_str()][..]), ("Guests", "9", &[&from]), ("Cameras", "9", &[&to])] {
            let mut fields = vec![("name.en", name), ("capacity", capacity)];
            fields.extend(of.iter().map(|id| ("category", *id)));
            organizer.post_form("/organizer/summit/quotas/new", &fields).await.redirect();
        }
        let ada = given(&app, guest, "ada@example.org", State::Confirmed).await.to_string();
        let fields = [("action", "category"), ("to", to.as_str()), ("registration", ada.as_str())];
        let preview = asks(&organizer, "", &fields).await;
        assert!(organizer.get(confirms(&organizer, &preview).await.redirect()).await.ok().contains("Done: 1 of 1."));
        let counts: Vec<(String, i32)> = app.read(|db| quotas::table.order(quotas::code).select((quotas::code, quotas::taken)).load(db)).await;
        let taken = |code: &str| counts.iter().find(|(name, _)| name.starts_with(code)).map(|(_, taken)| *taken);
        assert_eq!((taken("hall"), taken("guests"), taken("cameras")), (Some(1), Some(0), Some(1)));
        assert_eq!(app.read(|db| held_places::table.count().get_result::<i64>(db)).await, 2);
    }

    async fn a_whole_list_means_those_who_were_there_when_it_was_shown(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let ada = given(&app, guest, "ada@example.org", State::Confirmed).await;
        let bo = given(&app, guest, "bo@example.org", State::Applied).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let fields = [("action", "cancel"), ("whom", "all")];
        let preview = asks(&organizer, "", &fields).await;
        assert!(preview.ok().contains("Cancel 2 registrations") && preview.says("2 mails leave"));
        app.clock.advance(TimeDelta::seconds(1));
        let late = given(&app, guest, "late@example.org", State::Confirmed).await;
        // Somebody who was shown is gone meanwhile: then it is looked at once more.
        let other = given(&app, guest, "other@example.org", State::Confirmed).await;
        app.write(move |db, _| diesel::delete(registrations::table.find(bo)).execute(db)).await;
        let again = confirms(&organizer, &preview).await;
        assert!(again.ok().contains("The list has changed") && again.says("Cancel one registration"));
        assert_eq!(standing(&app, ada).await.0, State::Confirmed);
        let page = organizer.get(confirms(&organizer, &again).await.redirect()).await;
        assert!(page.ok().contains("Done: 1 of 1."));
        assert_eq!(standing(&app, ada).await.0, State::Cancelled);
        for id in [late, other] {
            assert_eq!(standing(&app, id).await.0, State::Confirmed);
        }
        assert_eq!(app.mail_to("ada@example.org").await.pop().expect("a mail").kind, "cancelled");
    }

    async fn links_are_sent_again_and_those_who_wait_get_a_priority(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut waiting = facts("Guest");
        waiting.capacity = Some(2);
        waiting.admission.has_waiting_list = true;
        let guest = given_category(&app, "guest", waiting).await;
        let ada = given(&app, guest, "ada@example.org", State::Confirmed).await;
        given(&app, guest, "", State::Confirmed).await;
        let bo = given(&app, guest, "bo@example.org", State::Waitlisted).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let preview = asks(&organizer, "", &[("action", "resend"), ("whom", "all")]).await;
        assert!(preview.ok().contains("Send 2 people their link again") && preview.says("There is no address to write to"));
        let page = organizer.get(confirms(&organizer, &preview).await.redirect()).await;
        assert!(page.ok().contains("Done: 2 of 3."));
        assert_eq!(app.mail_to("ada@example.org").await.pop().expect("a mail").kind, "confirmed");
        let link = app.mail_to("bo@example.org").await.pop().expect("a mail").link("/summit/r/");
        app.visitor().get(&link).await.ok();
        let preview = asks(&organizer, "", &[("action", "priority"), ("priority", "42"), ("whom", "all")]).await;
        assert!(preview.ok().contains("Give one person who waits priority 42") && preview.says("Nobody gets a mail"));
        let page = organizer.get(confirms(&organizer, &preview).await.redirect()).await;
        assert!(page.ok().contains("Done: 1 of 3.") && page.body.matches("Does not wait for a place").count() == 2);
        assert_eq!((standing(&app, bo).await.3, standing(&app, ada).await.3), (42, 0));
        // There is no way from the list of one category into one without a waiting list.
        let press = given_category(&app, "press", facts("Press")).await.to_string();
        let id = bo.to_string();
        let preview = asks(&organizer, "", &[("action", "category"), ("to", &press), ("registration", &id)]).await;
        assert!(preview.ok().contains("Nothing can be done to anybody") && preview.says("that category has no waiting list"));
    }

    async fn what_is_not_right_is_said_and_nothing_is_done(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let id = given(&app, guest, "ada@example.org", State::Confirmed).await.to_string();
        let organizer = app.signed_in_as(Role::Organizer).await;
        for (fields, words) in [
            (&[("action", "cancel")][..], "Nobody is ticked"),
            (&[("action", "category"), ("registration", &id)], "Choose the category"),
            (&[("action", "priority"), ("priority", "1e9"), ("registration", &id)], "a whole number"),
        ] {
            assert!(asks(&organizer, "", fields).await.has_status(422).contains(words), "{words}");
        }
        asks(&organizer, "", &[("action", "promote"), ("registration", &id)]).await.has_status(400);
        let observer = app.signed_in_as(Role::Observer).await;
        assert!(!observer.get(LIST).await.ok().contains("Change several at once"));
        observer.post_form(BULK, &[("action", "cancel"), ("registration", &id)]).await.has_status(403);
        assert_eq!(app.read(|db| bulk_changes::table.count().get_result::<i64>(db)).await, 0);
    }

    async fn what_a_request_did_not_finish_is_done_once_by_any_number_of_workers(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let press = given_category(&app, "press", facts("Press")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let mut ids = Vec::new();
        for number in 0..130 {
            ids.push(given(&app, guest, &format!("p{number}@example.org"), State::Confirmed).await);
        }
        let user = app.read(|db| users::table.select(users::id).first(db)).await;
        let change = BulkChange {
            id: BulkChangeId::new(),
            event_id: app.event().await.id,
            user_id: user,
            action: BulkAction::Category,
            category_id: Some(press),
            priority: 0,
            people: 130,
            created_at: app.clock.now(),
            finished_at: None,
        };
        let own = change.clone();
        app.app.write(move |db: &mut DbConnection, now| Ok::<_, plenary::web::Failure>(begin(db, now, &own, &ids)?)).await.expect("begun");
        let page = organizer.get(&format!("{BULK}/{}", change.id)).await;
        assert!(page.ok().contains("Done: 0 of 130.") && page.says("The rest is being done"));
        let (one, other) = tokio::join!(carry_on(&app.app), carry_on(&app.app));
        one.expect("a worker");
        other.expect("another worker");
        // Each works for a while only; on a slow machine there is something left.
        while app.read(|db| bulk_changes::table.filter(bulk_changes::finished_at.is_null()).count().get_result::<i64>(db)).await > 0 {
            carry_on(&app.app).await.expect("the rest");
        }
        assert_eq!(app.outbox().await.len(), 130);
        assert_eq!((places(&app, guest).await, places(&app, press).await), ((0, 0), (130, 130)));
        let open: i64 = app.read(|db| bulk_change_people::table.filter(bulk_change_people::outcome.is_null()).count().get_result(db)).await;
        assert_eq!(open, 0);
        let page = organizer.get(&format!("{BULK}/{}?show=done", change.id)).await;
        assert!(page.ok().contains("Done: 130 of 130.") && !page.says("The rest is being done"));
        assert!(page.says("at=100"), "a long result has more pages");
        let last = organizer.get(&format!("{BULK}/{}?show=done&at=120", change.id)).await;
        assert!(last.ok().contains("p129@example.org") && !last.says("p100@"));
        organizer.get(&format!("{BULK}/{}", BulkChangeId::new())).await.has_status(404);
    }

    async fn a_member_of_a_delegation_takes_one_of_its_places_along(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let [guest, press, vip] = [
            given_category(&app, "guest", facts("Guest")).await,
            given_category(&app, "press", facts("Press")).await,
            given_category(&app, "vip", facts("VIP")).await,
        ];
        let organizer = app.signed_in_as(Role::Organizer).await;
        let delegation = given_delegation(&app, &[(guest, 2), (press, 1)]).await;
        let mut ids = Vec::new();
        for name in ["a", "b"] {
            let email = format!("{name}@example.org");
            let details = Details { given_name: name.into(), family_name: "Member".into(), ..Details::default() };
            let applying = Applying {
                event: app.event().await.id, category: guest, email: &email, email_key: &email, details: &details, language: Lang::EN,
            };
            let mut enrolment = Enrolment::new(Registration::new(&applying, State::Confirmed, app.clock.now()), Source::Delegation);
            enrolment.delegation = Some((delegation, 1));
            ids.push(enrolment.registration.id.to_string());
            app.app.write(move |db: &mut DbConnection, now| enrol(db, now, Actor::System, &enrolment)).await.expect("a member");
        }
        for (to, words, expected) in [
            (press, "Done: 1 of 2.", [(guest, 1), (press, 1)]),
            (vip, "Done: 0 of 2.", [(guest, 1), (press, 1)]),
            (guest, "Done: 1 of 2.", [(guest, 2), (press, 0)]),
        ] {
            let to = to.to_string();
            let fields = [("action", "category"), ("to", to.as_str()), ("registration", &ids[0]), ("registration", &ids[1])];
            let preview = asks(&organizer, "", &fields).await;
            assert!(organizer.get(confirms(&organizer, &preview).await.redirect()).await.ok().contains(words), "{words}");
            for (category, taken) in expected {
                let known: i32 = app.read(move |db| delegation_quotas::table.find((delegation, category)).select(delegation_quotas::taken).first(db)).await;
                assert_eq!(known, taken);
            }
        }
    }

    async fn places_stay_right_while_people_move_both_ways_and_leave(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (mut small, mut large) = (facts("Guest"), facts("Press"));
        (small.capacity, large.capacity) = (Some(5), Some(7));
        let guest = given_category(&app, "guest", small).await;
        let press = given_category(&app, "press", large).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (from, to) = (guest.to_string(), press.to_string());
        for (name, capacity, of) in [("Hall", "10", &[from.as_str(), to.as_str()][..]), ("Cameras", "6", &[&to])] {
            let mut fields = vec![("name.en", name), ("capacity", capacity)];
            fields.extend(of.iter().map(|id| ("category", *id)));
            organizer.post_form("/organizer/summit/quotas/new", &fields).await.redirect();
        }
        let mut ids = Vec::new();
        for number in 0..10 {
            let category = if number < 5 { guest } else { press };
            ids.push(given(&app, category, &format!("p{number}@example.org"), State::Confirmed).await);
        }
        let user = app.read(|db| users::table.select(users::id).first(db)).await;
        for round in 0..3 {
            for category in [press, guest] {
                let change = BulkChange {
                    id: BulkChangeId::new(), event_id: app.event().await.id, user_id: user, action: BulkAction::Category,
                    category_id: Some(category), priority: 0, people: 10, created_at: app.clock.now(), finished_at: None,
                };
                let everybody = ids.clone();
                app.app.write(move |db: &mut DbConnection, now| Ok::<_, plenary::web::Failure>(begin(db, now, &change, &everybody)?)).await.expect("begun");
            }
            let leaves = format!("{LIST}/{}/cancel", ids[round * 3]);
            let (one, other, left) = tokio::join!(carry_on(&app.app), carry_on(&app.app), organizer.post_form(&leaves, &[]));
            one.expect("a worker");
            other.expect("another worker");
            assert!([303, 409].contains(&left.status), "{}", left.body);
            // What lost against another transaction has its turn again.
            carry_on(&app.app).await.expect("the rest");
            let (in_guest, in_press) = (places(&app, guest).await, places(&app, press).await);
            assert_eq!((i64::from(in_guest.0), i64::from(in_press.0)), (in_guest.1, in_press.1));
            assert!(in_guest.0 <= 5 && in_press.0 <= 7);
            let counts: Vec<(i32, i64)> = app.read(|db| {
                let all: Vec<(String, i32)> = quotas::table.select((quotas::id, quotas::taken)).load(db)?;
                let held = |id: String| held_places::table.filter(held_places::quota_id.eq(id));
                all.into_iter().map(|(id, taken)| Ok((taken, held(id).count().get_result(db)?))).collect()
            }).await;
            assert!(counts.iter().all(|(taken, held)| i64::from(*taken) == *held), "{counts:?}");
        }
    }
}
