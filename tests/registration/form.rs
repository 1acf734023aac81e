//! The registration form.

use super::{FORM, SENT, facts, filled, given_attendee, given_category, places, registers, states, with};
use crate::on_both_databases;
use crate::support::TestApp;
use chrono::TimeDelta;

on_both_databases! {
    async fn someone_registers_and_gets_a_link_by_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor();
        let page = visitor.get(FORM).await;
        assert!(page.ok().contains("Guest"));
        assert!(!page.input("idempotency_key").is_empty());
        assert_eq!(visitor.post_form(FORM, &filled("guest", "ada@example.org")).await.redirect(), SENT);
        assert!(visitor.get(SENT).await.ok().contains("Check your inbox"));
        let mails = app.outbox().await;
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].kind.as_str(), mails[0].to.as_str()), ("verify", "ada@example.org"));
        assert_eq!(mails[0].subject, "Please confirm your registration: World Summit");
        assert!(mails[0].html.replace("&#x2f;", "/").contains(&mails[0].link("/summit/verify/")));
        assert_eq!(places(&app, category).await, (1, 1));
        assert_eq!(states(&app).await[0].1, "unverified");
    }

    async fn every_wrong_field_gets_its_own_message_and_keeps_what_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let typed = [("category", "nothing"), ("email", "no-address"), ("given_name", ""), ("family_name", "O'Neill <b>"),
            ("organisation", "Kept & safe"), ("country", "XX")];
        let answer = app.visitor().post_form(FORM, &typed).await;
        let page = answer.has_status(422);
        for message in ["needs an invitation code", "Please enter an address such as", "Please fill this in",
            "Please choose a country", "We need your agreement"] {
            assert!(page.contains(message), "{message} in {page}");
        }
        assert_eq!(answer.input("organisation"), "Kept & safe");
        assert_eq!(answer.input("email"), "no-address");
        assert!(!page.contains("<b>"));
        assert_eq!((places(&app, category).await, app.outbox().await.len()), ((0, 0), 0));
    }

    async fn names_of_every_script_are_kept_and_null_bytes_and_headers_are_not(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        for (number, letter) in ["a", "李", "م", "ह", "👩", "ё"].into_iter().enumerate() {
            let (email, name) = (format!("guest{number}@example.org"), letter.repeat(200));
            let fields = with(filled("guest", &email), &[("given_name", &name), ("native_name", &name)]);
            assert_eq!(app.visitor().post_form(FORM, &fields).await.redirect(), SENT, "{letter}");
            assert!(app.mail_to(&email).await[0].name.contains(&name), "{letter}");
        }
        let longer = "x".repeat(201);
        for (name, value) in [("given_name", longer.as_str()), ("family_name", "null\0byte"), ("organisation", "\0"),
            ("email", "ada@example.org\r\nBcc: all@example.org"), ("email", "Ada <ada@example.org>")] {
            let fields = with(filled("guest", "other@example.org"), &[(name, value)]);
            app.visitor().post_form(FORM, &fields).await.has_status(422);
        }
        let fields = with(filled("guest", "grace@example.org"), &[("given_name", "Grace\r\nBcc: all@example.org")]);
        assert_eq!(app.visitor().post_form(FORM, &fields).await.redirect(), SENT);
        let mail = &app.mail_to("grace@example.org").await[0];
        assert_eq!(mail.name, "Grace Bcc: all@example.org Lovelace");
        assert!(!mail.subject.contains('\n'));
    }

    async fn a_double_submission_is_answered_alike_and_counted_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let key = [("idempotency_key", "a key of the form")];
        for given in ["Ada", "Ada", "Augusta"] {
            let fields = with(filled("guest", "ada@example.org"), &[key[0], ("given_name", given)]);
            assert_eq!(app.visitor().post_form(FORM, &fields).await.redirect(), SENT);
        }
        assert_eq!((places(&app, category).await, app.outbox().await.len()), ((1, 1), 1));
        // The next person at the same form is somebody else.
        let fields = with(filled("guest", "grace@example.org"), &key);
        assert_eq!(app.visitor().post_form(FORM, &fields).await.redirect(), SENT);
        assert_eq!((places(&app, category).await, app.outbox().await.len()), ((2, 2), 2));
        // Without a key the content tells, for some minutes.
        for _ in 0..3 {
            assert_eq!(registers(&app, "guest", "mary@example.org").await.redirect(), SENT);
        }
        assert_eq!(app.mail_to("mary@example.org").await.len(), 1);
        app.clock.advance(TimeDelta::minutes(11));
        assert_eq!(registers(&app, "guest", "mary@example.org").await.redirect(), SENT);
        assert_eq!(app.mail_to("mary@example.org").await.len(), 2);
        assert_eq!(places(&app, category).await, (3, 3));
    }

    async fn whoever_took_the_last_place_may_submit_twice(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut limited = facts("Workshop");
        limited.capacity = Some(2);
        let category = given_category(&app, "workshop", limited).await;
        for fields in [
            filled("workshop", "ada@example.org"),
            with(filled("workshop", "grace@example.org"), &[("idempotency_key", "a key")]),
        ] {
            for _ in 0..2 {
                assert_eq!(app.visitor().post_form(FORM, &fields).await.redirect(), SENT);
            }
        }
        for _ in 0..2 {
            assert_eq!(registers(&app, "workshop", "ada@example.org").await.redirect(), SENT);
        }
        assert_eq!((places(&app, category).await, app.outbox().await.len()), ((2, 2), 2));
    }

    async fn an_old_key_does_not_block_who_has_cancelled(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
        assert_eq!(places(&app, category).await, (0, 0));
        assert_eq!(registers(&app, "guest", "ada@example.org").await.redirect(), SENT);
        assert_eq!(places(&app, category).await, (1, 1));
        let kinds: Vec<String> = app.mail_to("ada@example.org").await.into_iter().map(|mail| mail.kind).collect();
        assert_eq!(kinds, ["verify", "confirmed", "cancelled", "verify"]);
    }

    async fn registering_an_address_twice_tells_the_address_and_not_the_browser(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let first = registers(&app, "guest", "ada@example.org").await;
        let other = with(filled("guest", "ADA@example.org"), &[("given_name", "Augusta")]);
        let second = app.visitor().post_form(FORM, &other).await;
        assert_eq!((first.status, first.redirect(), &first.body), (second.status, second.redirect(), &second.body));
        let mails = app.mail_to("ada@example.org").await;
        assert_eq!(mails.iter().map(|mail| mail.kind.as_str()).collect::<Vec<_>>(), ["verify", "verify"]);
        // Both links work; the first details stand.
        app.visitor().get(&mails[0].link("/summit/verify/")).await.ok();
        let own = app.visitor().post_form(&mails[1].link("/summit/verify/"), &[]).await.redirect().to_owned();
        assert!(app.visitor().get(&own).await.ok().contains("Ada Lovelace"));
        let third = with(filled("guest", "ada@example.org"), &[("given_name", "A.")]);
        assert_eq!(app.visitor().post_form(FORM, &third).await.redirect(), SENT);
        let again = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(again.kind, "already_registered");
        assert!(app.visitor().get(&again.link("/summit/r/")).await.ok().contains("<svg"));
        assert_eq!(places(&app, category).await, (1, 1));
    }

    async fn fifty_at_once_get_exactly_the_ten_places(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut limited = facts("Workshop");
        limited.capacity = Some(10);
        let category = given_category(&app, "workshop", limited).await;
        let emails: Vec<String> = (0..50).map(|number| format!("guest{number}@example.org")).collect();
        let visitor = app.visitor();
        let answers = futures_util::future::join_all(emails.iter().map(|email| {
            let (visitor, email) = (visitor.clone(), email.clone());
            async move { visitor.post_form(FORM, &filled("workshop", &email)).await.status }
        }))
        .await;
        let registered = answers.iter().filter(|status| **status == 303).count();
        let refused = answers.iter().filter(|status| **status == 422).count();
        assert_eq!((registered, refused), (10, 40), "{answers:?}");
        assert_eq!(places(&app, category).await, (10, 10));
        assert_eq!(app.outbox().await.len(), 10);
    }

    async fn one_address_at_once_takes_one_place(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor();
        let answers = futures_util::future::join_all((0..20).map(|number| {
            let visitor = visitor.clone();
            async move {
                let name = format!("Ada {}", number % 5);
                let fields = with(filled("guest", "ada@example.org"), &[("given_name", &name)]);
                visitor.post_form(FORM, &fields).await.status
            }
        }))
        .await;
        assert!(answers.iter().all(|status| *status == 303), "{answers:?}");
        assert_eq!(places(&app, category).await, (1, 1));
        let mails = app.mail_to("ada@example.org").await;
        assert!((1..=5).contains(&mails.len()), "one for each content at most, not {}", mails.len());
        for mail in mails {
            app.visitor().get(&mail.link("/summit/verify/")).await.ok();
        }
    }

    async fn a_full_category_says_so_and_keeps_what_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut limited = facts("Workshop");
        limited.capacity = Some(1);
        given_category(&app, "workshop", limited).await;
        given_category(&app, "guest", facts("Guest")).await;
        let first = registers(&app, "workshop", "ada@example.org").await;
        assert_eq!(first.redirect(), SENT);
        let answer = registers(&app, "workshop", "grace@example.org").await;
        assert!(answer.has_status(422).contains("The last place of this category"));
        assert_eq!((answer.input("email").as_str(), answer.input("given_name").as_str()), ("grace@example.org", "Ada"));
        // Whether an address is registered shows neither here: the answers are alike, the mail tells.
        let known = app.visitor().post_form(FORM, &with(filled("workshop", "ada@example.org"), &[("position", "x")])).await;
        known.has_status(422);
        assert_eq!(app.mail_to("ada@example.org").await.len(), 2);
        assert!(app.visitor().get(FORM).await.ok().contains("No places left"));
    }

    async fn a_category_by_code_is_seen_only_by_who_knows_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut invited = facts("Minister");
        invited.access_code = Some("SILK-2027".into());
        let category = given_category(&app, "minister", invited).await;
        let visitor = app.visitor();
        assert!(!visitor.get(FORM).await.ok().contains("Minister"));
        assert!(!visitor.get("/summit/register?code=wrong").await.ok().contains("Minister"));
        assert!(visitor.get("/summit/register?code=silk-2027").await.ok().contains("Minister"));
        let unknown = registers(&app, "minister", "ada@example.org").await;
        let invented = registers(&app, "no-such", "ada@example.org").await;
        assert!(unknown.has_status(422).contains("or it needs an invitation code"));
        assert!(invented.has_status(422).contains("or it needs an invitation code"));
        let fields = with(filled("minister", "ada@example.org"), &[("code", "SILK-2027")]);
        assert_eq!(visitor.post_form(FORM, &fields).await.redirect(), SENT);
        assert_eq!(places(&app, category).await, (1, 1));
    }

    async fn a_category_takes_nobody_before_it_opens_and_after_it_closes(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut timed = facts("Early");
        timed.opens_at = Some(app.clock.now() + TimeDelta::hours(1));
        timed.closes_at = Some(app.clock.now() + TimeDelta::hours(2));
        given_category(&app, "early", timed).await;
        let before = registers(&app, "early", "ada@example.org").await;
        assert!(before.has_status(422).contains("not open yet"));
        assert!(app.visitor().get(FORM).await.ok().contains("Opens later"));
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(registers(&app, "early", "ada@example.org").await.redirect(), SENT);
        app.clock.advance(TimeDelta::minutes(60));
        assert!(registers(&app, "early", "grace@example.org").await.has_status(422).contains("has ended"));
        assert!(app.visitor().get(FORM).await.ok().contains("Registration is not open"));
    }

    async fn too_many_from_one_address_must_wait(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.registrations_per_minute", "2")]).await;
        given_category(&app, "guest", facts("Guest")).await;
        for email in ["a@example.org", "b@example.org"] {
            assert_eq!(registers(&app, "guest", email).await.redirect(), SENT);
        }
        let answer = registers(&app, "guest", "c@example.org").await;
        assert!(answer.has_status(429).contains("Too many attempts"));
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(app.outbox().await.len(), 2);
        app.visitor().get("/summit/register?code=guessed").await.has_status(429);
        app.visitor().get(FORM).await.ok();
    }

    async fn the_form_and_its_mail_speak_chinese(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor_reading("zh-CN");
        assert!(visitor.get(FORM).await.ok().contains("参会类别"));
        let fields = with(filled("guest", "li@example.org"), &[("given_name", "小龙"), ("family_name", "李")]);
        assert_eq!(visitor.post_form(FORM, &fields).await.redirect(), SENT);
        let mail = &app.mail_to("li@example.org").await[0];
        assert_eq!((mail.language.as_str(), mail.subject.as_str()), ("zh", "请确认您的报名：World Summit"));
        assert!(mail.text.starts_with("李小龙，您好："));
    }

    async fn an_unknown_event_has_no_form(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.visitor().get("/nowhere/register").await.has_status(404);
        app.visitor().post_form("/nowhere/register", &filled("guest", "ada@example.org")).await.has_status(404);
    }
}
