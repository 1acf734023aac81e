//! What the clock does.

use super::{FORM, facts, filled, given_attendee, given_category, places, registers, states, with};
use crate::on_both_databases;
use crate::support::TestApp;
use chrono::TimeDelta;
use plenary::registration::jobs;

on_both_databases! {
    async fn places_of_links_that_ran_out_become_free(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut limited = facts("Workshop");
        limited.capacity = Some(3);
        let category = given_category(&app, "workshop", limited).await;
        given_attendee(&app, "workshop", "stays@example.org").await;
        registers(&app, "workshop", "late@example.org").await.redirect();
        app.clock.advance(TimeDelta::hours(24));
        registers(&app, "workshop", "later@example.org").await.redirect();
        assert_eq!(jobs::expire_due(&app.app).await.expect("run"), 0);
        app.clock.advance(TimeDelta::hours(25));
        let (first, second) = futures_util::join!(jobs::expire_due(&app.app), jobs::expire_due(&app.app));
        assert_eq!(first.expect("run") + second.expect("run"), 1);
        assert_eq!(places(&app, category).await, (2, 2));
        let words: Vec<String> = states(&app).await.into_iter().map(|(_, state, _)| state).collect();
        assert_eq!(words, ["confirmed", "expired", "unverified"]);
        // The address may come again.
        registers(&app, "workshop", "late@example.org").await.redirect();
        assert_eq!(places(&app, category).await, (3, 3));
    }

    async fn many_run_out_in_batches(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor();
        let all = (0..230).map(|number| {
            let visitor = visitor.clone();
            async move {
                let email = format!("guest{number}@example.org");
                visitor.post_form(FORM, &filled("guest", &email)).await.status
            }
        });
        assert!(futures_util::future::join_all(all).await.iter().all(|status| *status == 303));
        app.clock.advance(TimeDelta::hours(49));
        assert_eq!(jobs::expire_due(&app.app).await.expect("run"), 230);
        assert_eq!(places(&app, category).await, (0, 0));
    }

    async fn public_pages_follow_when_a_category_opens(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut timed = facts("Early");
        timed.opens_at = Some(app.clock.now() + TimeDelta::minutes(5));
        given_category(&app, "early", timed).await;
        let event = app.event().await.id;
        let version = async || {
            app.read(move |db| plenary::events::operations::by_id(db, event)).await.expect("the event").public_version
        };
        let before = version().await;
        jobs::expire_due(&app.app).await.expect("run");
        assert_eq!(version().await, before);
        app.clock.advance(TimeDelta::minutes(5));
        jobs::expire_due(&app.app).await.expect("run");
        assert_eq!(version().await, before + 1);
    }

    async fn old_submissions_are_forgotten(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let fields = with(filled("guest", "ada@example.org"), &[("idempotency_key", "a key")]);
        app.visitor().post_form(FORM, &fields).await.redirect();
        assert_eq!(jobs::forget_old_keys(&app.app).await.expect("run"), 0);
        app.clock.advance(TimeDelta::hours(49));
        assert_eq!(jobs::forget_old_keys(&app.app).await.expect("run"), 1);
    }
}
