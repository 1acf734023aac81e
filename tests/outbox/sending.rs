//! Pauses, limits and domains that ask for fewer, against a real mail server; and mail that says itself when it does not
//! leave.

use super::{MAIL, app_with, deliver, letter, noted, outcomes, queue, queue_letter, stands, state};
use crate::on_both_databases;
use crate::support::smtp::SmtpServer;
use crate::support::{Role, TestApp};
use chrono::TimeDelta;
use plenary::mail::health;
use plenary::mail::model::{MessageKind as K, MessageState};

/// Waits until a worker holds a message.
async fn is_claimed(app: &crate::support::TestApp, id: plenary::db::MessageId) {
    while state(app, id).await != MessageState::Sending {
        tokio::task::yield_now().await;
    }
}

on_both_databases! {
    async fn a_paused_event_sends_only_what_somebody_waits_for(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[]).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form(&format!("{MAIL}/pause"), &[("pause", "yes")]).await.redirect();
        let waits = queue(&app, K::Confirmed, "ada@example.org", "Hello").await;
        let asked_for = queue(&app, K::Verify, "bo@example.org", "Confirm").await;
        let elsewhere = app.given_event("elsewhere").await.id;
        let other = queue_letter(&app, letter(Some(elsewhere), K::Confirmed, "cy@example.org", "Hello")).await;
        assert_eq!(deliver(&app).await.sent, 2);
        assert_eq!((state(&app, waits).await, state(&app, asked_for).await, state(&app, other).await), (MessageState::Queued, MessageState::Sent, MessageState::Sent));
        let page = organizer.get(MAIL).await;
        assert!(page.ok().contains("Organizer paused the mail of this event on"), "{}", page.body);
        let observer = app.signed_in_as(Role::Observer).await;
        assert!(observer.get(MAIL).await.ok().contains("Organizer paused") && !observer.get(MAIL).await.says("mail/pause"));
        organizer.post_form(&format!("{MAIL}/pause"), &[("pause", "no")]).await.redirect();
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!(stands(&app, waits).await.1, 1, "waiting used up no attempt");
        assert!(!organizer.get(MAIL).await.says("paused the mail"));

        let admin = app.signed_in_as(Role::Administrator).await;
        admin.post_form("/organizer/mail", &[("pause", "yes")]).await.redirect();
        let reset = queue_letter(&app, letter(None, K::PasswordReset, "di@example.org", "Reset")).await;
        assert_eq!(deliver(&app).await.sent, 0);
        assert_eq!(state(&app, reset).await, MessageState::Queued);
        assert!(organizer.get(MAIL).await.ok().contains("Administrator paused all mail of this installation"));
        assert!(admin.get("/organizer/mail").await.ok().contains("Administrator paused all mail"));
        admin.post_form("/organizer/mail", &[("pause", "no")]).await.redirect();
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!(server.wait_for(4).len(), 4);
        let noted = noted(&app).await;
        assert_eq!(noted.iter().filter(|action| *action == "mail.paused").count(), 2);
        assert_eq!(noted.iter().filter(|action| *action == "mail.resumed").count(), 2);
    }

    async fn what_is_claimed_and_waits_for_a_slow_server_can_still_be_paused(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[("mail.connections", "1")]).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let slow = queue(&app, K::Confirmed, "slow@example.org", "Hello").await;
        let mut others = Vec::new();
        for number in 0..5 {
            others.push(queue(&app, K::Confirmed, &format!("guest-{number}@example.org"), "Hello").await);
        }
        let (pass, ()) = tokio::join!(deliver(&app), async {
            is_claimed(&app, others[4]).await;
            organizer.post_form(&format!("{MAIL}/pause"), &[("pause", "yes")]).await.redirect();
        });
        assert_eq!((pass.sent, pass.failed), (1, 0), "what the server has in that moment");
        assert_eq!(state(&app, slow).await, MessageState::Sent);
        for other in &others {
            assert_eq!((state(&app, *other).await, stands(&app, *other).await.1), (MessageState::Queued, 0));
        }
        organizer.post_form(&format!("{MAIL}/pause"), &[("pause", "no")]).await.redirect();
        assert_eq!(deliver(&app).await.sent, 5);
        assert_eq!(server.wait_for(6).len(), 6);
    }

    async fn a_slow_server_gets_no_message_twice(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db.clone(), &server, &[("mail.connections", "1")]).await;
        let other = app_with(db, &server, &[]).await;
        queue(&app, K::Confirmed, "slow@example.org", "Hello").await;
        let mut last = None;
        for number in 0..5 {
            last = Some(queue(&app, K::Confirmed, &format!("guest-{number}@example.org"), "Hello").await);
        }
        // While the first process waits for the server with its first message, its hold on the others ends.
        let (one, two) = tokio::join!(deliver(&app), async {
            is_claimed(&app, last.expect("a message")).await;
            app.clock.advance(TimeDelta::minutes(11));
            other.clock.advance(TimeDelta::minutes(11));
            deliver(&other).await
        });
        // What the server had in that moment may come twice, with one Message-ID; nothing else does.
        let sent = one.sent + two.sent;
        assert!((6..=7).contains(&sent), "{one:?} {two:?}");
        let received = server.wait_for(sent);
        for number in 0..5 {
            let to = format!("guest-{number}@example.org");
            assert_eq!(received.iter().filter(|mail| mail.to == to).count(), 1, "{to}");
        }
    }

    async fn no_minute_takes_more_than_it_may_and_nothing_uses_up_attempts(db: TestDatabase) {
        let server = SmtpServer::start();
        let limits = [("mail.per_minute", "7"), ("mail.per_minute_per_domain", "3")];
        let app = app_with(db.clone(), &server, &limits).await;
        // A second process with the same database.
        let other = app_with(db, &server, &limits).await;
        app.clock.set("2027-03-01T09:00:20Z");
        other.clock.set("2027-03-01T09:00:20Z");
        let mut ids = Vec::new();
        for number in 0..20 {
            ids.push(queue(&app, K::Confirmed, &format!("guest-{number}@{}.example", ["a", "b", "c", "d"][number % 4]), "Hello").await);
        }
        let (mut minutes, mut sent) = (Vec::new(), 0);
        for _ in 0..12 {
            let (one, two) = tokio::join!(deliver(&app), deliver(&other));
            sent += one.sent + two.sent;
            minutes.push(one.sent + two.sent);
            assert_eq!((one.deferred, one.failed, two.deferred, two.failed), (0, 0, 0, 0));
            assert_eq!(deliver(&app).await.sent, 0, "the minute is full, or nothing is left");
            for clock in [&app.clock, &other.clock] {
                clock.advance(TimeDelta::minutes(1));
            }
        }
        assert_eq!(sent, 20, "{minutes:?}");
        assert!(minutes.iter().all(|count| *count <= 7), "{minutes:?}");
        assert_eq!(minutes[0], 7, "a minute is used up");
        let mut mails: Vec<String> = server.wait_for(20).iter().map(|mail| mail.to.clone()).collect();
        mails.sort();
        mails.dedup();
        assert_eq!(mails.len(), 20, "each once");
        for id in ids {
            let (state, attempts, _) = stands(&app, id).await;
            assert_eq!((state, attempts), (MessageState::Sent, 1));
        }
    }

    async fn a_domain_that_asks_for_fewer_is_spared_for_a_while(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[("mail.connections", "1")]).await;
        let first = queue(&app, K::Confirmed, "rate-once@busy.example", "Hello").await;
        let mut others = Vec::new();
        for number in 0..5 {
            others.push(queue(&app, K::Confirmed, &format!("guest-{number}@busy.example"), "Hello").await);
        }
        let elsewhere = queue(&app, K::Confirmed, "guest@calm.example", "Hello").await;
        let pass = deliver(&app).await;
        assert_eq!((pass.sent, pass.deferred, pass.failed), (1, 6, 0));
        assert_eq!(state(&app, elsewhere).await, MessageState::Sent);
        assert_eq!((stands(&app, first).await.1, outcomes(&app, first).await), (1, vec!["deferred".to_owned()]));
        for id in &others {
            assert_eq!((stands(&app, *id).await.1, outcomes(&app, *id).await), (0, Vec::new()), "not tried");
        }
        // One that comes later waits too; what somebody waits for does not.
        let later = queue(&app, K::Confirmed, "later@busy.example", "Hello").await;
        let asked_for = queue(&app, K::Verify, "new@busy.example", "Confirm").await;
        app.clock.advance(TimeDelta::seconds(10));
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!((state(&app, later).await, state(&app, asked_for).await), (MessageState::Queued, MessageState::Sent));
        let admin = app.signed_in_as(Role::Administrator).await;
        assert!(admin.get("/organizer/mail").await.ok().contains("busy.example"));
        app.clock.advance(TimeDelta::minutes(6));
        assert_eq!(deliver(&app).await.sent, 7);
        assert!(!admin.get("/organizer/mail").await.ok().contains("busy.example"));
    }

    async fn every_page_says_when_mail_does_not_leave(db: TestDatabase) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a free port").port();
        let url = format!("smtp://127.0.0.1:{port}?tls=none");
        let app = TestApp::start_with(db, &[("mail.transport", "smtp"), ("mail.smtp_url", &url)]).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let reviewer = app.signed_in_as(Role::AccreditationOfficer).await;
        queue(&app, K::Confirmed, "ada@example.org", "Hello").await;
        for _ in 0..17 {
            deliver(&app).await;
            health::look(&app.app).await.expect("a look");
            let minutes = (app.clock.now() - crate::support::app::instant("2027-03-01T09:00:00Z")).num_minutes();
            let page = organizer.get("/organizer/summit/rooms").await;
            assert_eq!(page.ok().contains("No mail has left for"), minutes >= 15, "after {minutes} minutes");
            app.clock.advance(TimeDelta::minutes(1));
        }
        let page = organizer.get("/organizer/summit/rooms").await;
        assert!(page.says("1 message waits") && page.says(&format!("href=\"{MAIL}\"")), "{}", page.body);
        let page = reviewer.get("/organizer/summit/accreditation").await;
        assert!(page.ok().contains("No mail has left") && !page.says(&format!("href=\"{MAIL}\"")), "who may not look is not led there");
        let facts = app.read({
            let now = app.clock.now();
            move |db| health::state(db, now)
        })
        .await;
        assert_eq!((facts.waiting, facts.sent_last_hour, facts.failed_last_hour, facts.last_sent), (1, 0, 0, None));
        assert_eq!(facts.unreachable_since, Some(crate::support::app::instant("2027-03-01T09:00:00Z")));
        // A pause is no trouble, and mail that leaves ends it.
        let admin = app.signed_in_as(Role::Administrator).await;
        admin.post_form("/organizer/mail", &[("pause", "yes")]).await.redirect();
        health::look(&app.app).await.expect("a look");
        assert!(!organizer.get("/organizer/summit/rooms").await.says("No mail has left"));
        admin.post_form("/organizer/mail", &[("pause", "no")]).await.redirect();
        let _server = SmtpServer::start_on(port);
        app.clock.advance(TimeDelta::minutes(5));
        assert_eq!(deliver(&app).await.sent, 1);
        health::look(&app.app).await.expect("a look");
        assert!(!organizer.get("/organizer/summit/rooms").await.says("No mail has left"));
    }

    async fn every_page_says_when_many_messages_fail(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[]).await;
        for _ in 0..12 {
            queue(&app, K::Confirmed, "refuse@example.org", "Hello").await;
        }
        queue(&app, K::Confirmed, "ada@example.org", "Hello").await;
        assert_eq!(deliver(&app).await.failed, 12);
        health::look(&app.app).await.expect("a look");
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get("/organizer/summit/rooms").await.ok().contains("12 of 13 messages could not be delivered"));
        app.clock.advance(TimeDelta::minutes(61));
        health::look(&app.app).await.expect("a look");
        assert!(!organizer.get("/organizer/summit/rooms").await.says("could not be delivered"));
    }
}
