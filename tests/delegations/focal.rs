//! What focal points do.

use super::{LIST, Stage};
use crate::on_both_databases;
use crate::support::Role;
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::registrations;
use plenary::sealing::SealingKeys;

on_both_databases! {
    async fn a_person_is_added_followed_and_withdrawn(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("capacity", "9")]).await;
        let press = stage.category("press", &[("needs_approval", "on")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "2"), (&press, "1")], &[("closes_at", "2027-04-01T18:00")]).await;
        let page = focal.page().await;
        assert!(page.ok().contains("Salma Nabil, here you register") && page.says("0 of 2") && page.says("Nobody yet") && page.says("1 April 2027"));
        let long = "محمد عبد الرحمن بن عبد العزيز بن محمد الأنصاري القرشي الهاشمي";
        focal.adds("Amina", "Amina@Example.org", &guest, &[("native_name", long), ("sends", "on"), ("position", "Minister")]).await.redirect();
        let mail = stage.app.mail_to("Amina@Example.org").await.pop().expect("a mail");
        assert!(mail.kind == "delegation_member" && mail.text.contains("Salma Nabil has registered you") && mail.text.contains("ticket"));
        assert!(focal.browser.get(&mail.link("/summit/r/")).await.ok().contains("ticket-code"), "confirmed at once");
        focal.adds("Omar", "", &press, &[]).await.redirect();
        let page = focal.page().await;
        assert!(page.ok().contains("1 of 2") && page.says("1 of 1") && page.says("1 waits for approval") && page.says(long) && page.says("No e-mail address"));
        let known = focal.adds("Again", "amina@example.org", &guest, &[("position", "Second")]).await;
        assert!(known.has_status(422).contains("registered with this address already") && known.input("position") == "Second");
        let again = focal.adds("Omar", "", &press, &[]).await;
        assert!(again.has_status(422).contains("exactly these details"), "a form sent twice adds once");
        let full = focal.adds("Layla", "", &press, &[]).await;
        assert!(full.has_status(422).contains("press: all 1 places of your delegation are taken") && full.input("given_name") == "Layla");
        focal.adds("Zoe", "zoe@", &guest, &[("country", "XX")]).await.has_status(422);
        focal.adds("Zoe", "", "no-category", &[]).await.has_status(422);
        assert_eq!(stage.taken(&focal, &press).await, (1, 1, 1));
        let omar = stage.person(&focal, "Omar").await;
        assert!(focal.browser.get(&format!("{omar}/withdraw")).await.ok().contains("place becomes free"));
        focal.browser.post_form(&format!("{omar}/withdraw"), &[]).await.redirect();
        focal.browser.post_form(&format!("{omar}/withdraw"), &[]).await.redirect();
        assert_eq!(stage.taken(&focal, &press).await, (0, 0, 0), "given back once");
        focal.adds("Layla", "", &press, &[]).await.redirect();
        assert_eq!(stage.taken(&focal, &press).await, (1, 1, 1));
        let amina = stage.person(&focal, "Amina").await;
        focal.browser.post_form(&format!("{amina}/withdraw"), &[("tells", "on")]).await.redirect();
        assert!(stage.app.mail_to("Amina@Example.org").await.pop().expect("a mail").kind == "cancelled");
        assert!(focal.page().await.ok().contains("2 people who do not come any more"));
        assert!(focal.browser.get(&amina).await.ok().contains("Cancelled"), "it can still be looked at");
    }

    async fn details_are_changed_and_links_passed_on(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("needs_approval", "on")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Amina", "amnia@example.org", &guest, &[("sends", "on")]).await.redirect();
        focal.adds("Omar", "", &guest, &[]).await.redirect();
        let amina = stage.person(&focal, "Amina").await;
        let old = stage.app.mail_to("amnia@example.org").await.pop().expect("a mail").link("/summit/r/");
        let form = focal.browser.get(&amina).await;
        let version = form.input("version");
        let fields = [("version", version.as_str()), ("given_name", "Amina"), ("family_name", "El-Sayed"), ("native_name", "أمينة"), ("email", "amina@example.org"), ("language", "zh"), ("position", ""), ("organisation", ""), ("country", "EG")];
        assert_eq!(focal.browser.post_form(&amina, &fields).await.redirect(), focal.url);
        let stale = focal.browser.post_form(&amina, &fields).await;
        assert!(stale.has_status(409).contains("Somebody else changed") && stale.input("family_name") == "El-Sayed");
        assert_eq!(focal.browser.get(&old).await.status, 404, "the link that went to another address has ended");
        focal.posts(&format!("{}/link", amina.trim_start_matches(&focal.url)), &[("do", "send")]).await.redirect();
        let mail = stage.app.mail_to("amina@example.org").await.pop().expect("a mail");
        assert!(mail.subject.contains("您已报名"), "in her language: {}", mail.subject);
        let omar = stage.person(&focal, "Omar").await;
        let taken = [("version", "1"), ("given_name", "Omar"), ("family_name", "Hassan"), ("email", "AMINA@example.org"), ("language", "en")];
        assert!(focal.browser.post_form(&omar, &taken).await.has_status(422).contains("registered with this address already"));
        let shown = focal.browser.post_form(&format!("{omar}/link"), &[("do", "send")]).await;
        assert!(shown.ok().contains("<svg"), "without an address it is shown");
        let link = shown.body.split("/summit/r/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        assert!(focal.browser.get(&format!("/summit/r/{link}")).await.ok().contains("Omar"));
        let listed = focal.browser.get(&format!("{}/people.csv", focal.url)).await;
        assert!(listed.ok().contains("Amina,El-Sayed,أمينة,amina@example.org,guest"));
    }

    async fn files_and_sealed_answers_are_given_and_what_is_sealed_is_never_shown(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let stage = Stage::with(db, &[("sealing.keys", key.as_str())]).await;
        let guest = stage.category("guest", &[]).await;
        let passport = [("kind", "short_text"), ("label.en", "Passport"), ("is_sealed", "on")];
        let letter = [("kind", "file"), ("label.en", "Letter"), ("file_types", "pdf")];
        for question in [passport, letter] {
            let usual = [("stage", "apply"), ("is_required", "on"), ("seen_by", "accreditation")];
            stage.organizer.post_form("/organizer/summit/forms/new", &[&question[..], &usual].concat()).await.redirect();
        }
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        let answers = focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect().to_owned();
        let sends = async |fields: &[(&str, &str)], file: Option<&'static [u8]>| {
            let mut form = reqwest::multipart::Form::new().text("version", focal.browser.get(&answers).await.input("version"));
            for (name, value) in fields {
                form = form.text((*name).to_owned(), (*value).to_owned());
            }
            if let Some(file) = file {
                form = form.part("q-letter.file", reqwest::multipart::Part::bytes(file).file_name("letter.pdf"));
            }
            focal.browser.send(focal.browser.request(reqwest::Method::POST, &answers).multipart(form)).await
        };
        let again = sends(&[("q-passport", "")], Some(b"%PDF-1.7\n%%EOF")).await;
        assert!(again.has_status(422).contains("letter.pdf"), "the file is kept");
        let token = again.input("q-letter");
        sends(&[("q-passport", "A 123"), ("q-letter", &token)], None).await.redirect();
        assert!(focal.page().await.ok().contains("Complete"), "what is sealed is not owed");
        let sheet = focal.browser.get(&answers).await;
        assert!(!sheet.ok().contains("A 123") && sheet.says("letter.pdf"));
        let amina = stage.person(&focal, "Amina").await;
        let file = sheet.input("q-letter");
        focal.browser.get(&format!("{amina}/files/{file}")).await.ok();
        // Saved without being given anew, the sealed answer stays.
        sends(&[("q-passport", ""), ("q-letter", &file)], None).await.redirect();
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await;
        let id = amina.rsplit('/').next().expect("an id");
        let open = officer.post_form(&format!("/organizer/summit/accreditation/{id}/sealed"), &[]).await;
        assert!(open.ok().contains("A 123"));
    }

    async fn no_link_that_a_focal_point_may_hold_opens_what_is_sealed(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let stage = Stage::with(db, &[("sealing.keys", key.as_str())]).await;
        let guest = stage.category("guest", &[]).await;
        let passport = [("kind", "short_text"), ("label.en", "Passport"), ("is_sealed", "on"), ("stage", "apply"), ("seen_by", "accreditation")];
        let meal = [("kind", "short_text"), ("label.en", "Meal"), ("stage", "apply"), ("seen_by", "desk")];
        for question in [&passport[..], &meal[..]] {
            stage.organizer.post_form("/organizer/summit/forms/new", question).await.redirect();
        }
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        focal.adds("Omar", "", &guest, &[]).await.redirect();
        let (amina, omar) = (stage.person(&focal, "Amina").await, stage.person(&focal, "Omar").await);
        // Whoever has an address gets the link there, whatever is asked for.
        assert!(!focal.browser.get(&amina).await.ok().contains("Show it"));
        focal.browser.post_form(&format!("{amina}/link"), &[("do", "show")]).await.redirect();
        let mailed = stage.app.mail_to("amina@example.org").await.pop().expect("a mail").link("/summit/r/");
        let shown = focal.browser.post_form(&format!("{omar}/link"), &[]).await;
        let shown = shown.ok().split("/summit/r/").nth(1).and_then(|rest| rest.split('"').next()).expect("a link");
        for (own, number) in [(mailed, "SECRET-77"), (format!("/summit/r/{shown}"), "SECRET-78")] {
            let person = stage.app.visitor();
            let answers = format!("{own}/answers");
            let version = person.get(&answers).await.input("version");
            person.post_form(&answers, &[("version", version.as_str()), ("q-passport", number)]).await.redirect();
            let closed = person.get(&answers).await;
            assert!(!closed.ok().contains(number) && !closed.says("q-passport") && closed.says("Passport"));
            assert!(!person.get(&own).await.ok().contains(number));
            let data = person.get(&format!("{own}/data.json")).await;
            assert!(!data.ok().contains(number) && data.says("\"passport\": null"), "{}", data.body);
            // Saved once more it stays what it was, for officers to open.
            let version = closed.input("version");
            person.post_form(&answers, &[("version", version.as_str()), ("q-meal", "Vegan")]).await.redirect();
        }
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await;
        for (person, number) in [(&amina, "SECRET-77"), (&omar, "SECRET-78")] {
            let id = person.rsplit('/').next().expect("an id");
            let open = officer.post_form(&format!("/organizer/summit/accreditation/{id}/sealed"), &[]).await;
            assert!(open.ok().contains(number));
        }
    }

    async fn what_the_form_asks_is_answered_owed_and_reminded(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        for (label, stage_word) in [("Meal", "apply"), ("Flight", "after_approval")] {
            let fields = [("kind", "short_text"), ("label.en", label), ("stage", stage_word), ("is_required", "on"), ("seen_by", "desk")];
            stage.organizer.post_form("/organizer/summit/forms/new", &fields).await.redirect();
        }
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        let answers = focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect().to_owned();
        assert!(answers.ends_with("/answers"), "questions come next: {answers}");
        focal.adds("Omar", "", &guest, &[]).await.redirect();
        let page = focal.page().await;
        assert!(page.ok().contains("Meal, Flight") && page.says("2 still owe something"));
        assert!(stage.organizer.get(LIST).await.ok().contains("2 still owe something"));
        let sheet = focal.browser.get(&answers).await;
        assert!(sheet.ok().contains("Meal"));
        let version = sheet.input("version");
        focal.browser.post_form(&answers, &[("version", &version)]).await.has_status(422);
        focal.browser.post_form(&answers, &[("version", &version), ("q-meal", "Vegetarian")]).await.redirect();
        let amina = stage.person(&focal, "Amina").await;
        let one = focal.browser.get(&amina).await;
        assert!(one.ok().contains("Flight") && !one.says("<li>Meal</li>"));
        focal.posts("/remind", &[]).await.redirect();
        let mail = stage.app.mail_to("amina@example.org").await.pop().expect("a mail");
        assert!(mail.kind == "delegation_reminder" && mail.text.contains("> Flight") && !mail.text.contains("Meal"));
        assert_eq!(focal.posts("/remind", &[]).await.status, 409, "once a day");
        assert!(focal.page().await.ok().contains("The next reminder may go out"));
        stage.app.clock.advance(TimeDelta::hours(24));
        focal.posts("/remind", &[]).await.redirect();
        let second = format!("{amina}/second-form");
        let version = focal.browser.get(&second).await.input("version");
        focal.browser.post_form(&second, &[("version", &version), ("q-flight", "MS 955")]).await.redirect();
        let page = focal.page().await;
        assert!(page.ok().contains("1 still owes something") && page.says("Complete"));
        focal.browser.get(&format!("{amina}/no-such-form")).await.has_status(404);
    }

    async fn people_are_put_in_order_and_one_leads(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        for name in ["Amina", "Omar", "Layla", "Youssef"] {
            focal.adds(name, "", &guest, &[]).await.redirect();
        }
        let id = |address: String| address.rsplit('/').next().expect("an id").to_owned();
        let (layla, youssef) = (id(stage.person(&focal, "Layla").await), id(stage.person(&focal, "Youssef").await));
        focal.posts("/order", &[("up", layla.as_str())]).await.redirect();
        let names = |people: Vec<(String, String)>| people.into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(stage.people(&focal).await), ["Amina", "Layla", "Omar", "Youssef"]);
        let number = format!("number-{youssef}");
        focal.posts("/order", &[(number.as_str(), "1"), ("head", youssef.as_str())]).await.redirect();
        assert_eq!(names(stage.people(&focal).await), ["Youssef", "Amina", "Layla", "Omar"]);
        let page = focal.page().await;
        assert!(page.ok().contains("Head of delegation"));
        let youssef = stage.person(&focal, "Youssef").await;
        focal.browser.post_form(&format!("{youssef}/withdraw"), &[]).await.redirect();
        let heads: i64 = stage.app.read(|db| registrations::table.filter(registrations::is_head).count().get_result(db)).await;
        assert_eq!(heads, 0);
        focal.adds("Nour", "", &guest, &[]).await.redirect();
        assert_eq!(names(stage.people(&focal).await)[4], "Nour", "whoever comes last stands last");
    }

    async fn a_delegation_is_handed_over_and_the_old_link_ends(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        focal.posts("/hand-over", &[("contact_name", "Dina"), ("contact_email", "dina")]).await.has_status(422);
        let done = focal.posts("/hand-over", &[("contact_name", "Dina Farouk"), ("contact_email", "dina@ministry.example"), ("language", "zh")]).await;
        assert!(done.ok().contains("Dina Farouk (dina@ministry.example) runs Egypt from now on"));
        assert_eq!(focal.page().await.status, 410);
        let mail = stage.app.mail_to("dina@ministry.example").await.pop().expect("a mail");
        assert!(mail.text.contains("Salma Nabil") && mail.language == "zh");
        assert_eq!(stage.app.mail_to("egypt@ministry.example").await.pop().expect("a mail").kind, "delegation_passed");
        assert!(focal.browser.get(&mail.link("/summit/d/")).await.ok().contains("Amina"));
        assert!(stage.organizer.get(LIST).await.ok().contains("Dina Farouk"));
    }

    async fn a_closed_delegation_can_only_be_looked_at(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[("closes_at", "2027-03-02T08:00")]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        let amina = stage.person(&focal, "Amina").await;
        stage.app.clock.set("2027-03-02T08:00:00+08:00");
        let page = focal.page().await;
        assert!(page.ok().contains("Closed since") && page.says("Amina") && !page.says("/add\"") && !page.says("/hand-over"));
        let one = focal.browser.get(&amina).await;
        assert!(one.ok().contains("Amina") && !one.says("<form"));
        focal.browser.get(&format!("{}/people.csv", focal.url)).await.ok();
        assert!(focal.adds("Omar", "", &guest, &[]).await.has_status(409).contains("This delegation is closed"));
        for below in ["/withdraw", "/link", "/answers", ""] {
            focal.browser.post_form(&format!("{amina}{below}"), &[("do", "send")]).await.has_status(409);
        }
        for below in ["/order", "/remind", "/links", "/message", "/hand-over", "/add-several"] {
            focal.posts(below, &[]).await.has_status(409);
        }
        assert_eq!(stage.taken(&focal, &guest).await, (1, 1, 1));
    }

    async fn nobody_reaches_another_delegation(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let egypt = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        let kenya = stage.focal("Kenya", &[(&guest, "5")], &[]).await;
        egypt.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        let amina = stage.person(&egypt, "Amina").await;
        let foreign = amina.replace(&egypt.url, &kenya.url);
        kenya.browser.get(&foreign).await.has_status(404);
        for below in ["/withdraw", "/link", "/answers", "/second-form"] {
            kenya.browser.post_form(&format!("{foreign}{below}"), &[("do", "show")]).await.has_status(404);
        }
        let fields = [("version", "1"), ("given_name", "Eve"), ("family_name", "Eve"), ("language", "en")];
        kenya.browser.post_form(&foreign, &fields).await.has_status(404);
        let id = amina.rsplit('/').next().expect("an id");
        kenya.posts("/order", &[("up", id), ("head", id)]).await.redirect();
        assert_eq!(stage.people(&egypt).await, [("Amina".to_owned(), "confirmed".to_owned())]);
        assert!(!kenya.page().await.ok().contains("Amina"));
    }

    async fn everybody_is_written_to_a_few_times_a_day(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        focal.adds("Omar", "", &guest, &[]).await.redirect();
        focal.posts("/links", &[]).await.redirect();
        focal.posts("/links", &[]).await.redirect();
        assert_eq!(stage.app.mail_to("amina@example.org").await.len(), 1, "their link once");
        for _ in 0..3 {
            focal.posts("/message", &[("subject", "Bus"), ("body", "At noon")]).await.redirect();
        }
        let often = focal.posts("/message", &[("subject", "Bus"), ("body", "At one")]).await;
        assert!(often.has_status(422).contains("At one") && often.says("The next may go out"));
        assert_eq!(stage.app.mail_to("amina@example.org").await.len(), 4);
        focal.posts("/message", &[("subject", ""), ("body", "Kept")]).await.has_status(422);
    }
}
