//! Passing a place on to another person.

use super::{FORM, SENT, facts, filled, given_attendee, given_category, places, states, with};
use crate::on_both_databases;
use crate::support::{Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::checkin::model::{Direction, ScanResult};
use plenary::checkin::operations::{By, Read, ScanRequest, record};
use plenary::db::schema::{gates, registrations, transfers, users};
use plenary::db::{CategoryId, GateId, RegistrationId, ScanId, UserId};
use plenary::registration::transfers::jobs;

/// A category of one place that may be passed on, and an attendee who has it; the address of the own page.
async fn given_holder(app: &TestApp, needs_approval: bool) -> (CategoryId, String) {
    let mut facts = facts("Guest");
    facts.capacity = Some(1);
    facts.inclusion.may_transfer = true;
    let category = given_category(app, "guest", facts.clone()).await;
    let own = given_attendee(app, "guest", "ada@example.org").await;
    if needs_approval {
        app.write(move |db, _| {
            diesel::update(plenary::db::schema::categories::table.find(category))
                .set(plenary::db::schema::categories::needs_approval.eq(true))
                .execute(db)
        })
        .await;
    }
    (category, own)
}

const GRACE: [(&str, &str); 4] =
    [("given_name", "Grace"), ("family_name", "Hopper"), ("email", "grace@example.org"), ("language", "zh")];

/// Offers the place; the path of the link that the other person got.
async fn given_offer(app: &TestApp, own: &str) -> String {
    let page = format!("{own}/transfer");
    assert_eq!(app.visitor().post_form(&page, &GRACE).await.redirect(), page);
    app.mail_to("grace@example.org").await.last().expect("a mail").link("/summit/transfer/")
}

fn accepted<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    with(
        vec![
            ("given_name", "Grace"),
            ("family_name", "Hopper"),
            ("organisation", "Navy"),
            ("country", "US"),
            ("accept_privacy", "on"),
        ],
        more,
    )
}

/// What a gate says to the ticket of a registration.
pub(super) async fn scanned(app: &TestApp, organizer: &crate::support::Client, id: RegistrationId) -> ScanResult {
    let known: Option<GateId> = app.read(|db| gates::table.select(gates::id).first(db).optional()).await;
    if known.is_none() {
        organizer
            .post_form("/organizer/summit/gates/new", &[("name.en", "Gate 1"), ("entry", "again")])
            .await
            .redirect();
    }
    let gate: GateId = app.read(|db| gates::table.select(gates::id).first(db)).await;
    let user: UserId = app.read(|db| users::table.select(users::id).first(db)).await;
    let event = app.event().await.clone();
    let ticket = app
        .read(move |db| {
            let key = plenary::registration::operations::find_ticket_key(db, event.id)?.expect("a key");
            Ok(key.issue(&plenary::registration::ticket::Ticket {
                registration: id,
                category: "guest".into(),
                zones: Vec::new(),
                serial: 0,
            }))
        })
        .await;
    let event = app.event().await.clone();
    let request = ScanRequest {
        id: ScanId::new(),
        gate,
        direction: Direction::In,
        read: Read::Text(ticket),
        at: None,
        offline: None,
        reason: None,
    };
    let done = app.app.write(move |db, now| record(db, now, &event, By::User(user), &request)).await;
    done.expect("a scan").result
}

on_both_databases! {
    async fn a_place_passes_to_another_person_and_nothing_else_does(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (category, own) = given_holder(&app, false).await;
        let visitor = app.visitor();
        let sender = states(&app).await[0].0;
        assert!(visitor.get(&own).await.ok().contains("/transfer"));
        for (field, value, words) in [
            ("email", "nobody", "Please enter an address"),
            ("email", "ADA@example.org", "This is your own address"),
            ("given_name", "", "Please fill this in"),
        ] {
            let answer = visitor.post_form(&format!("{own}/transfer"), &with(GRACE.to_vec(), &[(field, value)])).await;
            assert!(answer.has_status(422).contains(words), "{words}");
            assert_eq!(answer.input("family_name"), "Hopper", "what was typed is kept");
        }
        let link = given_offer(&app, &own).await;
        let invitation = app.mail_to("grace@example.org").await.pop().expect("a mail");
        assert_eq!((invitation.kind.as_str(), invitation.language.as_str()), ("transfer_offered", "zh"));
        assert!(invitation.text.contains("Ada Lovelace") && invitation.text.contains("Grace Hopper"));
        assert_eq!(app.mail_to("ada@example.org").await.last().expect("a mail").kind, "transfer_started");
        assert!(visitor.get(&own).await.ok().contains("Grace Hopper"), "the own page says to whom");
        // A mail scanner that follows the link changes nothing, and until it is taken the place is the sender's.
        let page = visitor.get(&link).await;
        assert!(page.ok().contains("Ada Lovelace") && page.says("grace@example.org"));
        assert!(!page.says("ada@example.org") && !page.says("Analytical Society"), "nothing of the sender but the name");
        assert_eq!(page.input("given_name"), "Grace");
        assert_eq!(states(&app).await.len(), 1);
        let refused = visitor.post_form(&link, &accepted(&[("accept_privacy", ""), ("organisation", "Kept")])).await;
        assert!(refused.has_status(422).contains("We need your agreement"));
        assert_eq!(refused.input("organisation"), "Kept");
        let new = visitor.post_form(&link, &accepted(&[("honorific", "Admiral")])).await.redirect().to_owned();
        assert_eq!(places(&app, category).await, (1, 1));
        let after = states(&app).await;
        let kept: Vec<&str> = after.iter().map(|row| row.1.as_str()).collect();
        assert_eq!(kept, ["cancelled", "confirmed"]);
        let page = visitor.get(&new).await;
        assert!(page.ok().contains("Grace Hopper") && page.says("<svg") && !page.says("Ada"));
        let welcome = app.mail_to("grace@example.org").await.pop().expect("a mail");
        assert_eq!((welcome.kind.as_str(), welcome.language.as_str()), ("confirmed", "zh"));
        assert!(visitor.get(&welcome.link("/summit/r/")).await.ok().contains("Grace Hopper"));
        let farewell = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(farewell.kind, "transferred");
        let old = visitor.get(&own).await;
        assert!(old.ok().contains("You passed your place on") && !old.says("<svg class") && !old.says("Grace"));
        visitor.get(&format!("{own}/edit")).await.has_status(410);
        assert!(visitor.get(&link).await.has_status(410).contains("taken up"));
        visitor.post_form(&link, &accepted(&[])).await.has_status(410);
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert_eq!(scanned(&app, &organizer, sender).await, ScanResult::Revoked);
        let desk = organizer.get(&format!("/organizer/summit/registrations/{sender}")).await;
        assert!(desk.ok().contains("Passed the place on") && desk.says("Offered the place"), "{}", desk.body);
        let left: (String, String) = app.read(|db| transfers::table.select((transfers::email, transfers::given_name)).first(db)).await;
        assert_eq!(left, (String::new(), String::new()), "whom it was offered to stands in the registration only");
        // Whoever has it now may pass it on again.
        let next = with(GRACE.to_vec(), &[("email", "ada@example.org"), ("given_name", "Ada"), ("language", "en")]);
        visitor.post_form(&format!("{new}/transfer"), &next).await.redirect();
        assert_eq!(scanned(&app, &organizer, after[1].0).await, ScanResult::In);
    }

    async fn approval_is_asked_for_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (category, own) = given_holder(&app, true).await;
        let visitor = app.visitor();
        assert!(visitor.get(&format!("{own}/transfer")).await.ok().contains("has to be approved"));
        let link = given_offer(&app, &own).await;
        let new = visitor.post_form(&link, &accepted(&[])).await.redirect().to_owned();
        assert_eq!(states(&app).await[1].1, "applied");
        assert_eq!(places(&app, category).await, (1, 1));
        assert!(visitor.get(&new).await.ok().contains("Your application has arrived"));
        assert_eq!(app.mail_to("grace@example.org").await.last().expect("a mail").kind, "application_received");
    }

    async fn an_offer_is_taken_back_declined_or_runs_out(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (category, own) = given_holder(&app, false).await;
        let visitor = app.visitor();
        let transfer = format!("{own}/transfer");
        let first = given_offer(&app, &own).await;
        visitor.post_form(&transfer, &GRACE).await.has_status(409);
        visitor.post_form(&format!("{transfer}/take-back"), &[]).await.redirect();
        assert_eq!(app.mail_to("grace@example.org").await.last().expect("a mail").kind, "transfer_taken_back");
        visitor.post_form(&first, &accepted(&[])).await.has_status(410);
        visitor.post_form(&format!("{transfer}/take-back"), &[]).await.has_status(409);
        let second = given_offer(&app, &own).await;
        visitor.get(&first).await.has_status(410);
        assert!(visitor.post_form(&format!("{second}/decline"), &[]).await.has_status(410).contains("You have declined"));
        assert_eq!(app.mail_to("ada@example.org").await.last().expect("a mail").kind, "transfer_unwanted");
        let third = given_offer(&app, &own).await;
        app.clock.advance(TimeDelta::days(8));
        visitor.get(&third).await.has_status(410);
        visitor.post_form(&third, &accepted(&[])).await.has_status(410);
        assert_eq!(jobs::end_overdue(&app.app).await.expect("a run"), 1);
        assert_eq!(jobs::end_overdue(&app.app).await.expect("a run"), 0);
        assert_eq!(app.mail_to("ada@example.org").await.iter().filter(|mail| mail.kind == "transfer_unwanted").count(), 2);
        assert_eq!((states(&app).await.len(), places(&app, category).await), (1, (1, 1)));
        for _ in 0..2 {
            given_offer(&app, &own).await;
            visitor.post_form(&format!("{transfer}/take-back"), &[]).await.redirect();
        }
        assert!(visitor.get(&transfer).await.ok().contains("offered too often"));
        visitor.post_form(&transfer, &GRACE).await.has_status(409);
    }

    async fn what_cannot_be_passed_on_says_why(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (_, own) = given_holder(&app, false).await;
        given_category(&app, "press", facts("Press")).await;
        let press = given_attendee(&app, "press", "bo@example.org").await;
        let visitor = app.visitor();
        assert!(!visitor.get(&press).await.ok().contains("/transfer\""));
        assert!(visitor.get(&format!("{press}/transfer")).await.ok().contains("can’t be passed on"));
        visitor.post_form(&format!("{press}/transfer"), &GRACE).await.has_status(409);
        // Whoever is registered already must give that up first, and learns so only by the link.
        let link = given_offer(&app, &own).await;
        visitor.post_form(FORM, &filled("press", "grace@example.org")).await.redirect();
        let answer = visitor.post_form(&link, &accepted(&[])).await;
        assert!(answer.has_status(422).contains("You have a registration for this event already"));
        let ada = states(&app).await[0].0;
        assert_eq!(states(&app).await[0].1, "confirmed", "nothing has changed hands");
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert_eq!(scanned(&app, &organizer, ada).await, ScanResult::In);
        visitor.get(&link).await.has_status(410);
        visitor.post_form(&link, &accepted(&[])).await.has_status(410);
        visitor.post_form(&format!("{own}/transfer/take-back"), &[]).await.redirect();
        assert!(visitor.get(&format!("{own}/transfer")).await.ok().contains("has been scanned"));
        assert_eq!(visitor.post_form(FORM, &filled("press", "cy@example.org")).await.redirect(), SENT);
    }

    async fn taking_over_and_taking_back_at_once_has_one_winner(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (category, own) = given_holder(&app, false).await;
        let visitor = app.visitor();
        let mut holder = own;
        let people = ["g0@example.org", "g1@example.org", "g2@example.org", "g3@example.org"];
        for email in people {
            let named = with(GRACE.to_vec(), &[("email", email)]);
            visitor.post_form(&format!("{holder}/transfer"), &named).await.redirect();
            let link = app.mail_to(email).await.last().expect("a mail").link("/summit/transfer/");
            let (back, fields) = (format!("{holder}/transfer/take-back"), accepted(&[]));
            let (taken, kept) = tokio::join!(visitor.post_form(&link, &fields), visitor.post_form(&back, &[]));
            let won = (taken.status == 303, kept.status == 303);
            assert!(won.0 != won.1, "{} and {}", taken.status, kept.status);
            assert_eq!(places(&app, category).await, (1, 1));
            let active: i64 = app
                .read(|db| registrations::table.filter(registrations::ended_at.is_null()).count().get_result(db))
                .await;
            assert_eq!(active, 1);
            if won.0 {
                holder = taken.redirect().to_owned();
            }
        }
    }

    async fn a_place_that_changes_hands_is_never_free_in_between(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (category, own) = given_holder(&app, false).await;
        let link = given_offer(&app, &own).await;
        let crowd = (0..12).map(|number| {
            let visitor = app.visitor();
            async move { visitor.post_form(FORM, &filled("guest", &format!("c{number}@example.org"))).await.status }
        });
        let fields = accepted(&[]);
        let visitor = app.visitor();
        let (statuses, taken) = tokio::join!(futures_util::future::join_all(crowd), visitor.post_form(&link, &fields));
        assert_eq!(taken.status, 303, "{}", taken.body);
        assert!(statuses.iter().all(|status| *status == 422), "{statuses:?}");
        assert_eq!(places(&app, category).await, (1, 1));
    }
}
