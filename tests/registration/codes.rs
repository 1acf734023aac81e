//! Invitation codes, categories that need one, zones and rules, and speakers who are registered by themselves.

use super::{FORM, SENT, facts, filled, given_category, places, states, with};
use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{invitation_codes, registrations, session_speakers, speakers};

const CODES: &str = "/organizer/summit/codes";

/// Makes codes and returns them, the newest batch only.
async fn makes(organizer: &Client, app: &TestApp, fields: &[(&str, &str)]) -> Vec<String> {
    organizer.post_form(&format!("{CODES}/new"), fields).await.redirect();
    let batch =
        fields.iter().find(|(name, _)| *name == "batch").map(|(_, batch)| (*batch).to_owned()).unwrap_or_default();
    app.read(move |db| {
        invitation_codes::table
            .filter(invitation_codes::batch.eq(batch))
            .order(invitation_codes::id)
            .select(invitation_codes::code)
            .load(db)
    })
    .await
}

async fn registers_by(app: &TestApp, code: &str, category: &str, email: &str) -> Answer {
    app.visitor().post_form(FORM, &with(filled(category, email), &[("code", code)])).await
}

async fn used(app: &TestApp) -> i32 {
    app.read(|db| invitation_codes::table.select(invitation_codes::used).first(db)).await
}

on_both_databases! {
    async fn one_link_opens_a_form_that_is_filled_in_and_nobody_else_can_use_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let mut closed = facts("Head of state");
        closed.admission.needs_code = true;
        closed.admission.needs_approval = true;
        let category = given_category(&app, "head", closed).await.to_string();
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(!app.visitor().get(FORM).await.ok().contains("Head of state"));
        let fields = [("category", category.as_str()), ("batch", "heads"), ("uses", "1"), ("skips_approval", "on"), ("sends", "on"),
            ("email", "ada@example.org"), ("given_name", "Ada"), ("family_name", "Lovelace"), ("country", "GB"), ("language", "zh")];
        let code = makes(&organizer, &app, &fields).await.remove(0);
        let mail = app.mail_to("ada@example.org").await.pop().expect("an invitation");
        assert!(mail.subject.contains("邀请您参加") && mail.text.contains(&code), "in her language: {}", mail.subject);
        let link = format!("/summit/register?code={code}");
        assert!(mail.text.contains(&link), "{}", mail.text);
        let form = app.visitor().get(&link).await;
        assert!(form.ok().contains("Head of state") && !form.says("Guest"));
        assert_eq!((form.input("email").as_str(), form.input("family_name").as_str()), ("ada@example.org", "Lovelace"));
        let other = registers_by(&app, &code, "head", "eve@example.org").await;
        assert!(other.has_status(422).contains("made for another address"));
        assert_eq!(registers_by(&app, &code.to_lowercase().replace('-', " "), "head", "ada@example.org").await.redirect(), SENT);
        let link = app.mail_to("ada@example.org").await.pop().expect("a mail").link("/summit/verify/");
        app.visitor().post_form(&link, &[]).await.redirect();
        assert_eq!(states(&app).await[0].1, "confirmed", "no officer has to approve");
        let list = organizer.get(CODES).await;
        assert!(list.ok().contains("Ada Lovelace") && list.says("1 of 1"), "who used which");
        assert!(organizer.get(&format!("{CODES}.csv")).await.ok().contains(&code));
        assert!(registers_by(&app, "NO-SUCH-CODE", "head", "eve@example.org").await.has_status(422).contains("category"));
    }

    async fn a_code_is_used_no_more_often_than_it_may_be(db: TestDatabase) {
        let app = std::sync::Arc::new(TestApp::start(db).await);
        let category = given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = category.to_string();
        let code = makes(&organizer, &app, &[("category", id.as_str()), ("batch", "rush"), ("uses", "5")]).await.remove(0);
        let rush = (0..30).map(|number| {
            let (app, code) = (std::sync::Arc::clone(&app), code.clone());
            tokio::spawn(async move { registers_by(&app, &code, "guest", &format!("g{number}@example.org")).await.status })
        });
        let mut taken = 0;
        for answer in rush.collect::<Vec<_>>() {
            let status = answer.await.expect("no request fails");
            assert!([303, 422].contains(&status), "{status}");
            taken += usize::from(status == 303);
        }
        assert_eq!((taken, used(&app).await, places(&app, category).await), (5, 5, (5, 5)));
        // A link that is never pressed gives its use back.
        app.clock.advance(TimeDelta::hours(49));
        plenary::registration::jobs::expire_due(&app.app).await.expect("expires");
        assert_eq!((used(&app).await, places(&app, category).await), (0, (0, 0)));
    }

    async fn reserved_places_wait_for_whoever_is_invited(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let mut small = facts("Guest");
        small.capacity = Some(3);
        let category = given_category(&app, "guest", small).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = category.to_string();
        let fields = [("category", id.as_str()), ("batch", "board"), ("count", "2"), ("is_reserved", "on"), ("expires_at", "2027-04-05T08:00")];
        let codes = makes(&organizer, &app, &fields).await;
        assert_eq!((codes.len(), places(&app, category).await.0), (2, 2), "two places wait");
        let more = [("category", id.as_str()), ("count", "2"), ("is_reserved", "on")];
        assert!(organizer.post_form(&format!("{CODES}/new"), &more).await.has_status(422).contains("Fewer places are left"));
        assert_eq!(crate::registration::registers(&app, "guest", "first@example.org").await.redirect(), SENT);
        crate::registration::registers(&app, "guest", "second@example.org").await.has_status(422);
        assert_eq!(registers_by(&app, &codes[0], "guest", "board@example.org").await.redirect(), SENT);
        assert_eq!(places(&app, category).await.0, 3, "the place was taken before");
        // Not confirmed: the place goes back to the code and to nobody else.
        app.clock.advance(TimeDelta::hours(49));
        plenary::registration::jobs::expire_due(&app.app).await.expect("expires");
        assert_eq!(places(&app, category).await.0, 2);
        // The codes run out, and their places are everybody's.
        app.clock.set("2027-04-05T09:00:00+08:00");
        plenary::registration::codes::jobs::expire(&app.app).await.expect("ends");
        assert_eq!(places(&app, category).await.0, 0);
        let late = registers_by(&app, &codes[1], "guest", "late@example.org").await;
        assert!(late.has_status(422).contains("has run out"));
    }

    async fn a_quota_made_later_counts_whoever_is_there_and_what_codes_keep(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let mut small = facts("Guest");
        small.capacity = Some(10);
        let category = given_category(&app, "guest", small).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = category.to_string();
        let fields = [("category", id.as_str()), ("batch", "board"), ("uses", "3"), ("is_reserved", "on"), ("expires_at", "2027-04-05T08:00")];
        let code = makes(&organizer, &app, &fields).await.remove(0);
        assert_eq!(crate::registration::registers(&app, "guest", "first@example.org").await.redirect(), SENT);
        let quotas = "/organizer/summit/quotas";
        let beds = |capacity: &'static str| [("name.en", "Hotel beds"), ("capacity", capacity), ("category", id.as_str())];
        let refused = organizer.post_form(&format!("{quotas}/new"), &beds("3")).await;
        assert!(refused.has_status(422).contains("4 places are taken already"), "one person and three kept places");
        organizer.post_form(&format!("{quotas}/new"), &beds("5")).await.redirect();
        let taken = async || -> i32 { app.read(|db| plenary::db::schema::quotas::table.select(plenary::db::schema::quotas::taken).first(db)).await };
        assert_eq!(taken().await, 4);
        // Whoever came by the code can cancel, and the code can be taken back: each gives back what it held.
        assert_eq!(registers_by(&app, &code, "guest", "board@example.org").await.redirect(), SENT);
        assert_eq!((taken().await, places(&app, category).await.0), (4, 4));
        app.clock.advance(TimeDelta::hours(49));
        plenary::registration::jobs::expire_due(&app.app).await.expect("expires");
        assert_eq!((taken().await, places(&app, category).await.0), (3, 3), "the first is gone, the code's place is the code's again");
        app.clock.set("2027-04-05T09:00:00+08:00");
        assert_eq!(plenary::registration::codes::jobs::expire(&app.app).await.expect("ends"), 1);
        assert_eq!((taken().await, places(&app, category).await.0), (0, 0));
        // Taken away from the quota, a category is not counted any more.
        assert_eq!(crate::registration::registers(&app, "guest", "last@example.org").await.redirect(), SENT);
        assert_eq!(taken().await, 1);
        let page = organizer.get(quotas).await;
        let link = page.ok().split("/organizer/summit/quotas/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("its page").to_owned();
        let version = organizer.get(&format!("{quotas}/{link}")).await.input("version");
        organizer.post_form(&format!("{quotas}/{link}"), &[("name.en", "Hotel beds"), ("capacity", "5"), ("version", &version)]).await.redirect();
        assert_eq!(taken().await, 0);
    }

    async fn a_use_comes_back_only_with_a_place(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let mut small = facts("Guest");
        small.capacity = Some(1);
        let guest = given_category(&app, "guest", small).await;
        given_category(&app, "online", facts("Online")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = guest.to_string();
        let code = makes(&organizer, &app, &[("category", id.as_str()), ("batch", "board"), ("uses", "1"), ("is_reserved", "on")]).await.remove(0);
        assert_eq!(registers_by(&app, &code, "guest", "board@example.org").await.redirect(), SENT);
        // The desk moves them; somebody takes the place; then they leave.
        let person: plenary::db::RegistrationId = app.read(|db| registrations::table.select(registrations::id).first(db)).await;
        let event = app.event().await.id;
        app.app
            .write(move |db, now| {
                use plenary::registration::operations;
                let (registration, _) = operations::of_event(db, event, person)?.expect("somebody");
                let to = operations::all_categories(db, event)?.into_iter().find(|one| one.code == "online").expect("it");
                operations::change_category(db, now, plenary::audit::Actor::System, (&registration, &to), None)
            })
            .await
            .expect("moved");
        assert_eq!(crate::registration::registers(&app, "guest", "quick@example.org").await.redirect(), SENT);
        organizer.post_form(&format!("/organizer/summit/registrations/{person}/cancel"), &[]).await.redirect();
        assert_eq!((places(&app, guest).await, used(&app).await), ((1, 1), 1), "no place, no use");
        registers_by(&app, &code, "guest", "late@example.org").await.has_status(422);
        assert_eq!(places(&app, guest).await, (1, 1), "never more than there are");
    }

    async fn a_list_makes_one_code_each_or_says_which_rows_are_wrong(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "press", facts("Press")).await.to_string();
        let organizer = app.signed_in_as(Role::Organizer).await;
        let sends = |file: &'static str| {
            let part = reqwest::multipart::Part::bytes(file.as_bytes().to_vec()).file_name("press.csv");
            let form = reqwest::multipart::Form::new().text("category", category.clone()).text("batch", "press").text("uses", "1").part("file", part);
            organizer.send(organizer.request(reqwest::Method::POST, &format!("{CODES}/upload")).multipart(form))
        };
        let wrong = sends("email,given_name\nada@example.org,Ada\nnobody,Bo\n").await;
        assert!(wrong.has_status(422).contains("no code was made") && wrong.says("Row 3"));
        sends("email,given_name\nada@example.org,Ada\nli@example.org,小龙\n").await.redirect();
        let unsent = organizer.get(CODES).await;
        assert!(unsent.ok().contains("2 people have a code and no mail yet"));
        organizer.post_form(&format!("{CODES}/send"), &[]).await.redirect();
        organizer.post_form(&format!("{CODES}/send"), &[]).await.redirect();
        assert_eq!(app.mail_to("li@example.org").await.len(), 1, "once");
    }

    async fn zones_and_rules_are_set_and_speakers_registered_by_themselves(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let category = given_category(&app, "speaker", facts("Speaker")).await.to_string();
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form("/organizer/summit/zones", &[("name.en", "Backstage")]).await.redirect();
        assert!(organizer.get("/organizer/summit/zones").await.ok().contains("backstage"));
        let page = organizer.get(&format!("/organizer/summit/categories/{category}")).await;
        assert!(page.ok().contains("Backstage"));
        let rules = [("version", "0"), ("sealed_days", "30"), ("most_bookings", "3"), ("refuses_overlap", "on"), ("speaker_category", category.as_str())];
        organizer.post_form("/organizer/summit/attendance", &rules).await.redirect();
        organizer.post_form("/organizer/summit/attendance", &rules).await.has_status(409);
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        let session = given::session(&organizer, "Debate", &[]).await;
        given::place(&organizer, &session, hall, "2027-04-13", "09:00").await;
        let speaker = given::speaker(&app, "grace", "Grace Hopper", None).await;
        let debate: plenary::db::SessionId = session.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        app.write(move |db, _| {
            diesel::update(speakers::table.find(speaker)).set(speakers::email.eq("grace@example.org")).execute(db)?;
            diesel::insert_into(session_speakers::table)
                .values((session_speakers::session_id.eq(debate), session_speakers::speaker_id.eq(speaker), session_speakers::role.eq("speaker"), session_speakers::position.eq(0)))
                .execute(db)
        })
        .await;
        let registered = |app: &TestApp| {
            let app = app.app.clone();
            async move { plenary::registration::attendance::speaking::register_all(&app).await.expect("runs") }
        };
        assert_eq!(registered(&app).await, 0, "nothing is released");
        organizer.post_form("/organizer/summit/releases", &[("ignore_blocking", "on")]).await.redirect();
        app.refresh_site().await;
        assert_eq!((registered(&app).await, registered(&app).await), (1, 0), "once");
        let mail = app.mail_to("grace@example.org").await;
        assert!(mail.iter().any(|mail| mail.kind == "confirmed"), "with her ticket");
        let source: String = app.read(|db| registrations::table.select(registrations::source).first(db)).await;
        assert_eq!(source, "speaker");
    }
}
