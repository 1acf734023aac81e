//! Signing in, one's own account, the links in mails, the team.

use crate::on_both_databases;
use crate::support::{Client, PASSWORD, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::accounts::operations;
use plenary::db::ForumId;
use plenary::db::schema::{audit_entries, forums, user_sessions, users};

const NEW_PASSWORD: &str = "quite another phrase";

/// The path of the set-up link that a start prints.
async fn setup_path(app: &TestApp) -> String {
    let link = operations::setup_link(&app.app).await.expect("asked").expect("nobody is there yet");
    link.strip_prefix(&app.url).expect("our own address").to_owned()
}

async fn actions(app: &TestApp) -> Vec<String> {
    app.read(|db| audit_entries::table.order(audit_entries::id).select(audit_entries::action).load(db)).await
}

async fn open_account(client: &Client) -> String {
    client.get("/account").await.ok().to_owned()
}

on_both_databases! {
    async fn the_set_up_link_makes_the_first_administrator_and_dies(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (path, other) = (setup_path(&app).await, setup_path(&app).await);
        let visitor = app.visitor();
        assert!(visitor.get(&path).await.ok().contains("Make the first account"));

        let wrong = visitor.post_form(&path, &[("email", "ada"), ("name", ""), ("password", "x")]).await;
        assert!(wrong.has_status(422).contains("name@example.org"));
        let weak = [("email", "ada@example.org"), ("name", "Ada Lovelace"), ("password", "adalovelace")];
        assert!(visitor.post_form(&path, &weak).await.has_status(422).contains("easy to guess"));
        let fields = [("email", "Ada@example.org"), ("name", "Ada Lovelace"), ("password", PASSWORD)];
        assert_eq!(visitor.post_form(&path, &fields).await.redirect(), "/organizer");
        assert!(visitor.get("/organizer").await.ok().contains("/organizer/new"), "an administrator");

        for dead in [&path, &other] {
            assert!(visitor.get(dead).await.has_status(410).contains("does not work any more"));
            visitor.post_form(dead, &fields).await.has_status(410);
        }
        assert_eq!(operations::setup_link(&app.app).await.expect("asked"), None);
        assert_eq!(actions(&app).await, ["account.set-up", "account.signed-in"]);
    }

    async fn a_sign_in_lasts_until_it_is_ended(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada Lovelace", true).await;
        let ada = app.visitor();
        assert_eq!(ada.get("/account?x=1").await.redirect(), "/login?next=%2Faccount%3Fx%3D1");
        let page = ada.get("/login?next=%2Faccount%3Fx%3D1").await;
        let next = page.input("next");
        let fields = [("email", " ADA@example.org "), ("password", PASSWORD), ("next", next.as_str())];
        let answer = ada.post_form("/login", &fields).await;
        assert_eq!(answer.redirect(), "/account?x=1");
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().filter_map(|it| it.to_str().ok()).collect();
        let session = cookies.iter().find(|cookie| cookie.starts_with("plenary_session=")).expect("a session cookie");
        assert!(session.contains("HttpOnly") && session.contains("SameSite=Lax") && !session.contains("Secure"), "{session}");
        assert_eq!(ada.get("/login?next=/account").await.redirect(), "/account", "signed in already");
        assert!(open_account(&ada).await.contains("ada@example.org"));

        assert_eq!(ada.post_form("/logout", &[]).await.redirect(), "/login");
        assert!(ada.get("/login").await.ok().contains("You are signed out."));
        ada.get("/account").await.redirect();
        assert_eq!(app.read(|db| user_sessions::table.count().get_result::<i64>(db)).await, 0);
        ada.post_form("/logout", &[]).await.redirect();

        ada.signs_in("ada@example.org").await;
        app.clock.advance(TimeDelta::days(13));
        open_account(&ada).await;
        app.clock.advance(TimeDelta::days(2));
        ada.get("/account").await.redirect();
        assert_eq!(plenary::accounts::jobs::forget_expired(&app.app).await.expect("forgotten"), 1);
    }

    async fn wrong_passwords_and_unknown_addresses_get_the_same_answer(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let closed = app.given_account("closed@example.org", "Closed", false).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        app.write(move |db, now| {
            diesel::update(users::table.find(closed)).set(users::disabled_at.eq(now)).execute(db)
        }).await;
        let visitor = app.visitor();
        let mut pages = Vec::new();
        for (email, password) in [
            ("ada@example.org", "not the password"),
            ("nobody@example.org", PASSWORD),
            ("closed@example.org", PASSWORD),
            ("no address", PASSWORD),
        ] {
            let answer = visitor.post_form("/login", &[("email", email), ("password", password)]).await;
            pages.push(answer.has_status(422).replace(email, "…"));
            assert!(!answer.says(password), "a password never comes back");
        }
        pages.dedup();
        assert_eq!(pages.len(), 1);
        assert_eq!(app.read(|db| user_sessions::table.count().get_result::<i64>(db)).await, 0);
    }

    async fn signing_in_again_ends_the_sign_in_before(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let ada = app.visitor();
        ada.signs_in("ada@example.org").await;
        ada.signs_in("ada@example.org").await;
        assert_eq!(app.read(|db| user_sessions::table.count().get_result::<i64>(db)).await, 1);
        assert!(app.outbox().await.is_empty(), "the browser is known");
    }

    async fn after_sign_in_only_paths_of_this_site_are_followed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        for foreign in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
            let fields = [("email", "ada@example.org"), ("password", PASSWORD), ("next", foreign)];
            assert_eq!(app.visitor().post_form("/login", &fields).await.redirect(), "/organizer", "{foreign}");
        }
    }

    async fn too_many_attempts_have_to_wait(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.signins_per_minute", "3")]).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let visitor = app.visitor();
        for _ in 0..3 {
            visitor.post_form("/login", &[("email", "ada@example.org"), ("password", "wrong")]).await.has_status(422);
        }
        let refused = visitor.post_form("/login", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
        assert!(refused.has_status(429).contains("wait a minute"));
        let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=60).contains(&seconds), "{seconds}");
    }

    async fn attempts_are_counted_for_the_account_wherever_they_come_from(db: TestDatabase) {
        let changed = [("limits.signins_per_minute", "3"), ("http.trusted_proxies", "127.0.0.0/8")];
        let app = TestApp::start_with(db, &changed).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let visitor = app.visitor();
        let attempt = async |address: &str, email: &str| {
            let request = visitor.request(reqwest::Method::POST, "/login").header("x-forwarded-for", address);
            visitor.send(request.form(&[("email", email), ("password", "wrong")])).await.status
        };
        for address in ["203.0.113.1", "203.0.113.2", "203.0.113.3"] {
            assert_eq!(attempt(address, "ada@example.org").await, 422);
        }
        assert_eq!(attempt("203.0.113.4", "ada@example.org").await, 429, "the account is tried too often");
        assert_eq!(attempt("203.0.113.5", "grace@example.org").await, 422, "others are not held up");
    }

    async fn a_password_is_hashed_again_when_the_settings_ask_for_more(db: TestDatabase) {
        let hash = |app: &TestApp| {
            let read = app.app.clone();
            async move {
                let job = |db: &mut _| Ok::<_, plenary::db::DbError>(users::table.select(users::password_hash).first::<Option<String>>(db)?);
                read.read(job).await.expect("read").expect("a hash")
            }
        };
        {
            let app = TestApp::start(db.clone()).await;
            let _ = app.given_account("ada@example.org", "Ada", false).await;
            assert!(hash(&app).await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"));
        }
        let app = TestApp::start_with(db, &[("accounts.argon2_memory_kib", "16")]).await;
        app.visitor().signs_in("ada@example.org").await;
        assert!(hash(&app).await.starts_with("$argon2id$v=19$m=16,t=1,p=1$"));
        app.visitor().signs_in("ada@example.org").await;
    }

    async fn a_new_device_is_told_of_by_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada Lovelace", false).await;
        let laptop = app.visitor();
        laptop.signs_in("ada@example.org").await;
        laptop.post_form("/logout", &[]).await.redirect();
        laptop.signs_in("ada@example.org").await;
        assert!(app.outbox().await.is_empty(), "the first device, known since");

        app.visitor().signs_in("ada@example.org").await;
        let mails = app.mail_to("ada@example.org").await;
        assert_eq!(mails.len(), 1);
        assert_eq!((mails[0].kind.as_str(), mails[0].subject.as_str()), ("new_signin", "New sign-in to your account"));
        assert!(mails[0].text.contains("Firefox · Linux, 1 March 2027 09:00 (UTC)"), "{}", mails[0].text);
        assert_eq!(mails[0].link("/account"), "/account");
    }

    async fn sign_ins_are_listed_and_can_be_ended(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let (laptop, phone, library) = (app.visitor(), app.visitor(), app.visitor());
        for device in [&laptop, &phone, &library] {
            device.signs_in("ada@example.org").await;
            app.clock.advance(TimeDelta::minutes(1));
        }
        let page = open_account(&laptop).await;
        assert_eq!(page.matches("Firefox · Linux").count(), 3);
        assert_eq!(page.matches("This device").count(), 1);
        let end = page.split("action=\"").find(|rest| rest.starts_with("/account/sign-ins/0")).expect("an end button");
        let end = end.split('"').next().expect("a path").to_owned();

        let stranger = app.signed_in_as(Role::Stranger).await;
        stranger.post_form(&end, &[]).await.has_status(404);
        assert_eq!(laptop.post_form(&end, &[]).await.redirect(), "/account");
        laptop.post_form(&end, &[]).await.has_status(404);
        assert_eq!(open_account(&laptop).await.matches("Firefox · Linux").count(), 2);
        assert_eq!(laptop.post_form("/account/sign-ins/end-others", &[]).await.redirect(), "/account");
        assert_eq!(open_account(&laptop).await.matches("Firefox · Linux").count(), 1);
        for device in [&phone, &library] {
            device.get("/account").await.redirect();
        }
    }

    async fn being_seen_is_written_once_in_a_few_minutes(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let ada = app.visitor();
        ada.signs_in("ada@example.org").await;
        let begun = app.clock.now();
        let seen = || app.read(|db| user_sessions::table.select(user_sessions::seen_at).first::<plenary::db::UtcTime>(db));
        app.clock.advance(TimeDelta::minutes(4));
        open_account(&ada).await;
        assert_eq!(seen().await, begun);
        app.clock.advance(TimeDelta::minutes(1));
        open_account(&ada).await;
        assert_eq!(seen().await, app.clock.now());
    }

    async fn name_language_and_password_are_changed_on_the_account_page(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let (ada, phone) = (app.visitor(), app.visitor());
        ada.signs_in("ada@example.org").await;
        phone.signs_in("ada@example.org").await;

        let nameless = ada.post_form("/account", &[("name", "  "), ("language", "xx")]).await;
        assert_eq!(nameless.has_status(422).matches("field-error").count(), 2);
        let renamed = ada.post_form("/account", &[("name", "艾达 👩‍🔬"), ("language", "zh")]).await;
        assert_eq!(renamed.redirect(), "/account");
        let page = open_account(&ada).await;
        assert!(page.contains("艾达 👩‍🔬") && page.contains("lang=\"zh\"") && page.contains("已保存。"));

        let wrong = ada.post_form("/account/password", &[("present", "wrong"), ("password", NEW_PASSWORD)]).await;
        assert!(wrong.has_status(422).contains("当前密码不正确"));
        let weak = ada.post_form("/account/password", &[("present", PASSWORD), ("password", "1234567890")]).await;
        assert!(weak.has_status(422).contains("密码过于简单"));
        let changed = ada.post_form("/account/password", &[("present", PASSWORD), ("password", NEW_PASSWORD)]).await;
        assert_eq!(changed.redirect(), "/account");
        open_account(&ada).await;
        phone.get("/account").await.redirect();
        let old = phone.post_form("/login", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
        old.has_status(422);
        phone.post_form("/login", &[("email", "ada@example.org"), ("password", NEW_PASSWORD)]).await.redirect();
    }

    async fn a_forgotten_password_is_reset_by_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let (visitor, laptop) = (app.visitor(), app.visitor());
        laptop.signs_in("ada@example.org").await;
        assert!(visitor.post_form("/reset", &[("email", "nonsense")]).await.has_status(422).contains("name@example.org"));
        for email in ["nobody@example.org", "ada@example.org"] {
            assert_eq!(visitor.post_form("/reset", &[("email", email)]).await.redirect(), "/reset?sent");
        }
        assert!(visitor.get("/reset?sent").await.ok().contains("If there is an account with this address"));
        let mails = app.outbox().await;
        assert_eq!(mails.iter().map(|mail| mail.to.as_str()).collect::<Vec<_>>(), ["ada@example.org"]);
        let path = mails[0].link("/reset/");

        assert!(visitor.get(&path).await.ok().contains("ada@example.org"));
        visitor.post_form(&path, &[("password", "short")]).await.has_status(422);
        assert_eq!(visitor.post_form(&path, &[("password", NEW_PASSWORD)]).await.redirect(), "/organizer");
        open_account(&visitor).await;
        laptop.get("/account").await.redirect();
        visitor.get(&path).await.has_status(410);
        visitor.post_form(&path, &[("password", NEW_PASSWORD)]).await.has_status(410);
    }

    async fn a_reset_link_runs_out(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        app.visitor().post_form("/reset", &[("email", "ada@example.org")]).await.redirect();
        let path = app.outbox().await[0].link("/reset/");
        app.clock.advance(TimeDelta::hours(2));
        let answer = app.visitor().post_form(&path, &[("password", NEW_PASSWORD)]).await;
        answer.has_status(410);
        app.visitor().signs_in("ada@example.org").await;
    }

    async fn behind_https_the_cookies_of_a_sign_in_are_secure(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("http.public_url", "https://summit.example.org")]).await;
        let _ = app.given_account("ada@example.org", "Ada", false).await;
        let answer = app.visitor().post_form("/login", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
        answer.redirect();
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().filter_map(|it| it.to_str().ok()).collect();
        for name in ["plenary_session", "plenary_device"] {
            let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).expect("a cookie");
            assert!(cookie.contains("Secure"), "{cookie}");
        }
    }

    async fn a_forum_organizer_is_given_forums_of_this_event_only(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (event, other) = (app.event().await.id, app.given_event("other").await.id);
        let (own, theirs) = (ForumId::new(), ForumId::new());
        app.write(move |db, now| {
            for (id, event, name) in [(own, event, "{\"en\":\"Open source\"}"), (theirs, other, "{\"en\":\"Theirs\"}")] {
                diesel::insert_into(forums::table)
                    .values((
                        forums::id.eq(id),
                        forums::event_id.eq(event),
                        forums::code.eq("one"),
                        forums::name.eq(name),
                        forums::description.eq("{}"),
                        forums::color.eq("#123456"),
                        forums::position.eq(1),
                        forums::version.eq(1),
                        forums::created_at.eq(now),
                        forums::updated_at.eq(now),
                    ))
                    .execute(db)?;
            }
            Ok(())
        })
        .await;
        let page = organizer.get("/organizer/summit/team").await;
        assert!(page.ok().contains("Open source") && !page.says("Theirs"));
        let (own_text, their_text) = (own.to_string(), theirs.to_string());
        let invite = async |email: &str, role: &str| {
            let fields =
                [("email", email), ("name", "Grace"), ("roles", role), ("forums", &own_text), ("forums", &their_text)];
            organizer.post_form("/organizer/summit/team", &fields).await.redirect();
        };
        invite("grace@example.org", "forum-organizer").await;
        invite("eve@example.org", "observer").await;
        let team = app.read(move |db| operations::team(db, event)).await;
        let forums_of = |email: &str| {
            team.iter().find(|member| member.user.email == email).map(|member| member.forums.clone()).expect("a member")
        };
        assert_eq!((forums_of("grace@example.org"), forums_of("eve@example.org")), (vec![own], vec![]));
    }

    async fn someone_new_joins_the_team_by_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let wrong = organizer.post_form("/organizer/summit/team", &[("email", "x"), ("name", "")]).await;
        assert_eq!(wrong.has_status(422).matches("class=\"field-error\"").count(), 3, "address, name, role");
        let fields = [("email", "grace@example.org"), ("name", "Grace Hopper"), ("roles", "observer"), ("roles", "check-in-staff")];
        assert_eq!(organizer.post_form("/organizer/summit/team", &fields).await.redirect(), "/organizer/summit/team");
        assert!(organizer.get("/organizer/summit/team").await.ok().contains("Grace Hopper"));

        let mails = app.mail_to("grace@example.org").await;
        assert_eq!((mails.len(), mails[0].kind.as_str()), (1, "team_invitation"));
        assert_eq!(mails[0].subject, "You are invited to the team of World Summit");
        let path = mails[0].link("/invitation/");
        let grace = app.visitor_reading("zh-CN");
        assert!(grace.get(&path).await.ok().contains("欢迎加入团队"));
        grace.post_form(&path, &[("name", ""), ("password", PASSWORD)]).await.has_status(422);
        let accepted = grace.post_form(&path, &[("name", "Rear Admiral Hopper"), ("password", PASSWORD)]).await;
        assert_eq!(accepted.redirect(), "/organizer");
        assert_eq!(grace.get("/organizer").await.redirect(), "/organizer/summit", "her only event");
        assert!(grace.get("/organizer/summit").await.ok().contains("Rear Admiral Hopper"));
        grace.get("/organizer/summit/team").await.has_status(403);
        grace.get(&path).await.has_status(410);
    }

    async fn an_account_that_is_there_gets_the_role_and_a_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let stranger = app.signed_in_as(Role::Stranger).await;
        stranger.get("/organizer/summit").await.has_status(404);
        let email = Role::Stranger.email();
        let fields = [("email", email.as_str()), ("name", "ignored"), ("roles", "observer")];
        organizer.post_form("/organizer/summit/team", &fields).await.redirect();
        stranger.get("/organizer/summit").await.ok();
        let mails = app.mail_to(&email).await;
        assert_eq!(mails[0].link("/organizer/"), "/organizer/summit");
        let more = [("email", email.as_str()), ("name", "ignored"), ("roles", "accreditation-officer")];
        organizer.post_form("/organizer/summit/team", &more).await.redirect();
        let user = app.read(move |db| users::table.filter(users::email.eq(email)).select(users::id).first(db)).await;
        let event = app.event().await.id;
        let team = app.read(move |db| operations::team(db, event)).await;
        let member = team.iter().find(|member| member.user.id == user).expect("a member");
        assert_eq!(member.roles, [TeamRole::AccreditationOfficer, TeamRole::Observer], "roles add up");
    }

    async fn an_invitation_is_sent_again_until_it_is_accepted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let fields = [("email", "grace@example.org"), ("name", "Grace"), ("roles", "observer")];
        organizer.post_form("/organizer/summit/team", &fields).await.redirect();
        let user: plenary::db::UserId =
            app.read(|db| users::table.filter(users::email.eq("grace@example.org")).select(users::id).first(db)).await;
        let again = format!("/organizer/summit/team/{user}/invite-again");
        app.clock.advance(TimeDelta::days(13));
        organizer.signs_in(&Role::Organizer.email()).await;
        organizer.post_form(&again, &[]).await.redirect();
        app.clock.advance(TimeDelta::days(2));
        let mails = app.mail_to("grace@example.org").await;
        let grace = app.visitor();
        grace.get(&mails[0].link("/invitation/")).await.has_status(410);
        let path = mails[1].link("/invitation/");
        grace.post_form(&path, &[("name", "Grace"), ("password", PASSWORD)]).await.redirect();
        organizer.post_form(&again, &[]).await.has_status(404);
    }

    async fn roles_are_changed_and_the_last_organizer_stays(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let administrator = app.signed_in_as(Role::Administrator).await;
        let observer = app.signed_in_as(Role::Observer).await;
        let id = |role: Role| {
            let email = role.email();
            app.read(move |db| users::table.filter(users::email.eq(email)).select(users::id).first::<plenary::db::UserId>(db))
        };
        let (own, other) = (id(Role::Organizer).await, id(Role::Observer).await);
        let page = organizer.get(&format!("/organizer/summit/team/{other}")).await;
        assert!(page.ok().contains("value=\"observer\" checked"));
        organizer.post_form(&format!("/organizer/summit/team/{other}"), &[]).await.has_status(422);
        let own_url = format!("/organizer/summit/team/{own}");
        let refused = organizer.post_form(&own_url, &[("roles", "observer")]).await;
        assert!(refused.has_status(409).contains("needs an organizer"));
        organizer.post_form(&format!("{own_url}/remove"), &[]).await.has_status(409);

        organizer.post_form(&format!("/organizer/summit/team/{other}"), &[("roles", "organizer")]).await.redirect();
        observer.get("/organizer/summit/team").await.ok();
        assert_eq!(organizer.post_form(&format!("{own_url}/remove"), &[]).await.redirect(), "/organizer");
        organizer.get("/organizer/summit").await.has_status(404);
        administrator.post_form(&format!("/organizer/summit/team/{other}/remove"), &[]).await.redirect();
        observer.get("/organizer/summit").await.has_status(404);
        administrator.get(&format!("/organizer/summit/team/{other}")).await.has_status(404);
    }

    async fn administrators_make_close_and_open_accounts(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let admin = app.signed_in_as(Role::Administrator).await;
        let fields = [("email", "grace@example.org"), ("name", "Grace"), ("is_admin", "on")];
        admin.post_form("/organizer/accounts", &fields).await.redirect();
        assert!(admin.post_form("/organizer/accounts", &fields).await.has_status(422).contains("an account with this address"));
        let grace = app.visitor();
        let path = app.mail_to("grace@example.org").await[0].link("/invitation/");
        grace.post_form(&path, &[("name", "Grace"), ("password", PASSWORD)]).await.redirect();
        grace.get("/organizer/accounts").await.ok();

        let email = Role::Administrator.email();
        let own: plenary::db::UserId = app.read(move |db| users::table.filter(users::email.eq(email)).select(users::id).first(db)).await;
        let url = format!("/organizer/accounts/{own}");
        grace.post_form(&url, &[("action", "nonsense")]).await.has_status(400);
        grace.post_form(&url, &[("action", "close")]).await.redirect();
        admin.get("/organizer/accounts").await.redirect();
        let email = Role::Administrator.email();
        admin.post_form("/login", &[("email", &email), ("password", PASSWORD)]).await.has_status(422);
        let graces: plenary::db::UserId =
            app.read(|db| users::table.filter(users::email.eq("grace@example.org")).select(users::id).first(db)).await;
        for action in ["close", "end-administrator"] {
            let refused = grace.post_form(&format!("/organizer/accounts/{graces}"), &[("action", action)]).await;
            assert!(refused.has_status(409).contains("needs an administrator"));
        }
        grace.post_form(&url, &[("action", "open")]).await.redirect();
        admin.signs_in(&Role::Administrator.email()).await;
        grace.post_form(&url, &[("action", "end-administrator")]).await.redirect();
        admin.get("/organizer/accounts").await.has_status(403);
    }

    async fn the_command_line_makes_accounts(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let create = |email: &'static str, password: Option<&str>| {
            operations::create_user(&app.app, email, "Ada Lovelace", false, password.map(str::to_owned))
        };
        assert_eq!(create("ada@example.org", Some(PASSWORD)).await.expect("made"), None);
        app.visitor().signs_in("ada@example.org").await;
        let link = create("grace@example.org", None).await.expect("made").expect("a link to set the password");
        let grace = app.visitor();
        let path = link.strip_prefix(&app.url).expect("our own address");
        grace.post_form(path, &[("name", "Grace"), ("password", PASSWORD)]).await.redirect();
        for (email, password, problem) in [
            ("Ada@Example.org", None, "there is an account with this address already"),
            ("nonsense", None, "not a mail address such as name@example.org"),
            ("eve@example.org", Some("short"), "the password should have at least 10 characters"),
        ] {
            assert_eq!(create(email, password).await.expect_err("refused").to_string(), problem);
        }
        assert_eq!(operations::setup_link(&app.app).await.expect("asked"), None);
    }
}
