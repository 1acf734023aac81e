//! Reviewing what was handed in.

use super::{below, criterion, hand_in, open_call, proposal, reviewer, scores};
use crate::on_both_databases;
use crate::support::{Role, TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{membership_forums, proposal_reviews};

const REVIEWS: &str = "/organizer/summit/reviews";
const PROPOSALS: &str = "/organizer/summit/proposals";
const REVIEW: &str = "/organizer/summit/call/review";

on_both_databases! {
    async fn a_blind_review_shows_no_names_and_counts_by_weight(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        criterion(&organizer, "Relevance", "3").await;
        criterion(&organizer, "Style", "1").await;
        organizer.post_form(REVIEW, &[("is_blind", "on"), ("hides_scores", "on")]).await.redirect();
        hand_in(&app, &proposal("ada@example.org", "Engines of ADA LOVELACE", &[("description", "As Lovelace of the Analytical Society said."),
            ("notes", "Ada can't come on Monday"), ("speaker_biography.0", "A countess.")])).await;
        hand_in(&app, &proposal("grace@example.org", "Compilers", &[("name", "Grace Hopper"), ("speaker_name.0", "Grace Hopper")])).await;
        let (one, other) = (reviewer(&app, "one@example.org").await, reviewer(&app, "other@example.org").await);
        assert_eq!(one.get("/organizer").await.redirect(), "/organizer/summit");
        assert_eq!(one.get("/organizer/summit").await.redirect(), REVIEWS);
        assert_eq!(one.get("/organizer/summit/sessions").await.status, 403);
        assert_eq!(one.get(PROPOSALS).await.status, 403);
        let list = one.get(REVIEWS).await;
        assert!(list.ok().contains("2 proposals wait for your review"), "{}", list.body);
        let page = below(&one, REVIEWS, "Engines of").await;
        let shown = one.get(&page).await;
        for secret in ["Lovelace", "LOVELACE", "Analytical", "ada@example.org", "Monday", "countess"] {
            assert!(!shown.ok().contains(secret), "{secret} in {}", shown.body);
        }
        assert!(shown.says("▇▇▇"));
        assert_eq!(scores(&one, &page, &["5"], &[]).await.status, 422, "every criterion is scored");
        let kept = scores(&one, &page, &["5"], &[("to_team", "Worth it")]).await;
        assert!(kept.has_status(422).contains("Worth it") && kept.says("Please choose a score"));
        // 3 × (5 of 1–5) and 1 × (1 of 1–5): 75 of 100.
        assert_eq!(scores(&one, &page, &["5", "1"], &[("to_team", "Worth it")]).await.redirect(), "/organizer/summit/reviews/next");
        let next = one.get("/organizer/summit/reviews/next").await;
        assert_eq!(next.redirect(), below(&one, REVIEWS, "Compilers").await);
        // The other sees what was given only after giving theirs.
        assert!(other.get(&page).await.ok().contains("One reviewer has scored it; you see how"));
        scores(&other, &page, &["3", "3"], &[]).await.redirect();
        let after = other.get(&page).await;
        assert!(after.ok().contains("62.5") && after.says("12.5"), "mean and spread of 75 and 50 in {}", after.body);
        let ranking = organizer.get(PROPOSALS).await;
        assert!(ranking.ok().contains("62.5") && ranking.says("Ada Lovelace"));
        assert!(ranking.body.find("Engines of").expect("listed") < ranking.body.find("Compilers").expect("listed"));
        let fewest = organizer.get(&format!("{PROPOSALS}?sort=fewest")).await;
        assert!(fewest.body.find("Compilers").expect("listed") < fewest.body.find("Engines of").expect("listed"));
        assert!(!organizer.get(&format!("{PROPOSALS}?q=hopper")).await.ok().contains("Engines of"));
        let detail = organizer.get(&below(&organizer, PROPOSALS, "Engines of").await).await;
        for known in ["Ada Lovelace", "Worth it", "one@example.org", "Monday", "Relevance 5 · Style 1"] {
            assert!(detail.ok().contains(known), "{known} in {}", detail.body);
        }
    }

    async fn nobody_reviews_what_they_have_a_part_in(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        criterion(&organizer, "Relevance", "1").await;
        hand_in(&app, &proposal("ada@example.org", "Engines", &[("speaker_name.1", "Rita"), ("speaker_email.1", "Rita@Example.org")])).await;
        let (rita, other) = (reviewer(&app, "rita@example.org").await, reviewer(&app, "other@example.org").await);
        assert!(rita.get(REVIEWS).await.ok().contains("Nothing waits for your review"));
        let page = below(&other, REVIEWS, "Engines").await;
        assert!(rita.get(&page).await.ok().contains("others review it"));
        assert_eq!(rita.post_form(&page, &[("version", "0"), ("do", "abstain")]).await.status, 409);
        // Declared by the other; taken back again; abstained.
        for (word, label) in [("conflict", "Conflict of interest"), ("abstain", "Abstained"), ("score", "Scored")] {
            scores(&other, &page, &["4"], &[("do", word)]).await.redirect();
            assert!(other.get(REVIEWS).await.ok().contains(label), "{word}");
        }
        let count: i64 = app.read(|db| proposal_reviews::table.count().get_result(db)).await;
        assert_eq!(count, 1);
    }

    async fn reviewers_see_their_forums_only(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        let (water, trade) = (given::forum(&app, "water").await, given::forum(&app, "trade").await);
        for (title, forum) in [("Rivers", water), ("Markets", trade)] {
            let (email, forum) = (format!("{title}@example.org"), forum.to_string());
            hand_in(&app, &proposal(&email, title, &[("forum", &forum)])).await;
        }
        let event = app.event().await.id;
        let user = app.given_account("w@example.org", "Wanda", false).await;
        let membership = app.given_role(event, user, plenary::accounts::model::TeamRole::Reviewer).await;
        app.write(move |db, _| {
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(membership), membership_forums::forum_id.eq(water)))
                .execute(db)
        }).await;
        let wanda = app.visitor();
        wanda.signs_in("w@example.org").await;
        let list = wanda.get(REVIEWS).await;
        assert!(list.ok().contains("Rivers") && !list.says("Markets"));
        let all = reviewer(&app, "all@example.org").await;
        let markets = below(&all, REVIEWS, "Markets").await;
        assert_eq!(wanda.get(&markets).await.status, 403);
        assert_eq!(wanda.post_form(&markets, &[("do", "abstain"), ("version", "0")]).await.status, 403);
        // A forum organizer ranks and reviews their own forums only.
        let forum_organizer = app.signed_in_as(Role::ForumOrganizer).await;
        assert!(!forum_organizer.get(PROPOSALS).await.ok().contains("Rivers"));
        let hidden = markets.replace("/reviews/", "/proposals/");
        assert_eq!(forum_organizer.get(&hidden).await.status, 403);
        assert!(!forum_organizer.get(&format!("{PROPOSALS}.csv")).await.ok().contains("Markets"));
    }

    async fn two_reviewers_at_once_and_one_reviewer_twice(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        criterion(&organizer, "Relevance", "1").await;
        hand_in(&app, &proposal("ada@example.org", "Engines", &[])).await;
        let (one, other) = (reviewer(&app, "one@example.org").await, reviewer(&app, "other@example.org").await);
        let page = below(&one, REVIEWS, "Engines").await;
        let (first, second) = tokio::join!(scores(&one, &page, &["5"], &[]), scores(&other, &page, &["1"], &[]));
        assert_eq!((first.status, second.status), (303, 303));
        // Two windows of the same reviewer: the second learns of the first, and keeps what it had.
        let stale = scores(&one, &page, &["2"], &[("version", "0"), ("to_team", "My words")]).await;
        assert!(stale.has_status(409).contains("changed in another window") && stale.says("My words"));
        assert_eq!(stale.input("version"), "1");
        let (a, b) = tokio::join!(scores(&one, &page, &["2"], &[("version", "1")]), scores(&one, &page, &["3"], &[("version", "1")]));
        let mut statuses = [a.status, b.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let count: i64 = app.read(|db| proposal_reviews::table.count().get_result(db)).await;
        assert_eq!(count, 2);
    }

    async fn a_scale_stays_once_somebody_has_scored_by_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        organizer.post_form("/organizer/summit/call/criteria/new", &[("name.en", "Odd"), ("weight", "0"), ("lowest", "5"), ("highest", "5")]).await.has_status(422);
        criterion(&organizer, "Relevance", "1").await;
        let settings = organizer.get(REVIEW).await;
        let at = settings.ok().find("/organizer/summit/call/criteria/0").expect("a criterion");
        let one: String = settings.body[at..].chars().take_while(|sign| *sign != '"').collect();
        let facts = |highest: &'static str, version: &'static str| {
            [("name.en", "Relevance"), ("weight", "2"), ("lowest", "1"), ("highest", highest), ("version", version)]
        };
        assert_eq!(organizer.post_form(&one, &facts("7", "1")).await.redirect(), REVIEW);
        organizer.post_form(&one, &facts("7", "1")).await.has_status(409);
        hand_in(&app, &proposal("ada@example.org", "Engines", &[])).await;
        let rita = reviewer(&app, "rita@example.org").await;
        let page = below(&rita, REVIEWS, "Engines").await;
        assert_eq!(scores(&rita, &page, &["8"], &[]).await.status, 422);
        scores(&rita, &page, &["7"], &[]).await.redirect();
        assert!(organizer.post_form(&one, &facts("5", "2")).await.has_status(422).contains("Scores were given on this scale"));
        assert_eq!(organizer.post_form(&one, &facts("7", "2")).await.redirect(), REVIEW);
        assert_eq!(organizer.post_form(&format!("{one}/delete"), &[]).await.redirect(), REVIEW);
        assert!(rita.get(&page).await.ok().contains("There are no criteria"));
    }
}
