//! What nobody does by mistake: links of others, floods of fields, bodies without end.

use super::{FORM, SENT, facts, filled, given_attendee, given_category, states};
use crate::on_both_databases;
use crate::support::TestApp;

on_both_databases! {
    async fn a_link_opens_what_it_was_made_for_and_nothing_else(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut passed = facts("Guest");
        passed.inclusion.may_transfer = true;
        given_category(&app, "guest", passed).await;
        let ada = given_attendee(&app, "guest", "ada@example.org").await;
        let bo = given_attendee(&app, "guest", "bo@example.org").await;
        let visitor = app.visitor();
        let named = [("given_name", "Grace"), ("family_name", "Hopper"), ("email", "grace@example.org")];
        visitor.post_form(&format!("{ada}/transfer"), &named).await.redirect();
        let offer = app.mail_to("grace@example.org").await[0].link("/summit/transfer/");
        let token = |path: &str| path.rsplit('/').next().expect("a token").to_owned();
        visitor.get(&format!("/summit/r/{}", token(&offer))).await.has_status(404);
        visitor.get(&format!("/summit/transfer/{}", token(&ada))).await.has_status(404);
        visitor.post_form(&format!("/summit/transfer/{}", token(&bo)), &[]).await.has_status(404);
        // The place of one can't be given away with the link of another.
        visitor.post_form(&format!("{bo}/transfer/take-back"), &[]).await.has_status(409);
        assert!(visitor.get(&offer).await.ok().contains("Ada Lovelace"));
        app.given_event("other").await;
        visitor.get(&offer.replace("/summit/", "/other/")).await.has_status(404);
        for below in ["", "/edit", "/transfer", "/consents", "/delete", "/data.json"] {
            visitor.get(&format!("/other/r/{}{below}", token(&ada))).await.has_status(404);
        }
    }

    async fn a_flood_of_fields_changes_nothing_and_a_body_without_end_is_refused(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor();
        let names: Vec<String> = (0..20_000).map(|number| format!("x{number}")).collect();
        let mut flood = filled("guest", "ada@example.org");
        flood.extend(names.iter().map(|name| (name.as_str(), "1")));
        flood.extend([("state", "confirmed"), ("speaker_id", "x"), ("merged_into", "x"), ("priority", "9"), ("category", "vip")]);
        assert_eq!(visitor.post_form(FORM, &flood).await.redirect(), SENT);
        let kept: Vec<String> = states(&app).await.into_iter().map(|row| row.1).collect();
        assert_eq!(kept, ["unverified"], "what the form does not ask is not kept");
        let endless = "x".repeat(10 * 1024 * 1024);
        let own = given_attendee(&app, "guest", "bo@example.org").await;
        for path in [FORM.to_owned(), format!("{own}/edit"), format!("{own}/transfer")] {
            let answer = visitor.request(reqwest::Method::POST, &path).form(&[("organisation", &endless)]).send().await;
            // The connection may be closed before everything was sent.
            assert!(answer.as_ref().map_or(true, |answer| answer.status() == 413), "{path}: {answer:?}");
        }
        assert_eq!(states(&app).await.len(), 2);
    }

    async fn offers_of_places_are_throttled(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.registrations_per_minute", "4")]).await;
        let mut passed = facts("Guest");
        passed.inclusion.may_transfer = true;
        given_category(&app, "guest", passed).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        let visitor = app.visitor();
        let mut last = 0;
        for _ in 0..5 {
            last = visitor.post_form(&format!("{own}/transfer"), &[("email", "nobody")]).await.status;
        }
        assert_eq!(last, 429);
    }
}
