//! The public site over HTTP, with a made-up programme imported and released.

use crate::on_both_databases;
use crate::support::app::{Answer, TestApp};
use plenary::audit::Actor;
use plenary::interchange::operations::{FormatChoice, ImportRequest, Target, import};
use plenary::schedule::operations as schedule;

const PROGRAMME: &str = include_str!("data/lake.schedule.xml");

async fn published(app: &TestApp) {
    let request = ImportRequest {
        bytes: PROGRAMME.as_bytes().into(),
        format: FormatChoice(None),
        timezone: None,
        target: Target::NewEvent("lake".to_owned()),
        dry_run: false,
    };
    import(&app.app, Actor::System, request).await.expect("imported");
    app.app
        .write(|db, now| {
            let event = plenary::events::operations::by_slug(db, "lake")?.expect("the event");
            schedule::release(db, now, Actor::System, &event, Some("1.0"), "", false)
        })
        .await
        .expect("released");
    app.refresh_site().await;
}

async fn asked(app: &TestApp, path: &str, headers: &[(&str, &str)]) -> Answer {
    let visitor = app.visitor();
    let mut request = visitor.request(reqwest::Method::GET, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    visitor.send(request).await
}

on_both_databases! {
    async fn the_programme_is_public_and_escaped(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        assert_eq!(visitor.get("/").await.redirect(), "/lake");
        assert!(visitor.get("/lake").await.ok().contains("Lake Summit"));
        let day = visitor.get("/lake/schedule?day=2027-04-14").await;
        assert!(day.ok().contains("Boats &amp; &lt;script&gt;") && !day.ok().contains("<script>alert"));
        assert!(visitor.get("/lake/speakers").await.ok().contains("Ada Lovelace"));
        let speaker = visitor.get("/lake/speakers/ada-lovelace").await;
        assert!(speaker.ok().contains("Opening of the lake"));
    }

    async fn a_session_after_midnight_belongs_to_the_evening_before(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        assert!(visitor.get("/lake/schedule?day=2027-04-13").await.ok().contains("Night music"));
        assert!(!visitor.get("/lake/schedule?day=2027-04-14").await.ok().contains("Night music"));
    }

    async fn filters_work_by_address(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        for (query, found, missing) in [
            ("forum=water", "Opening of the lake", "Night music"),
            ("language=zh", "Night music", "Opening of the lake"),
            ("room=boat-house", "Boats", "Night music"),
            ("q=LOVELACE", "Boats", "Night music"),
            ("format=concert", "Night music", "Boats"),
        ] {
            let page = visitor.get(&format!("/lake/sessions?{query}")).await;
            assert!(page.ok().contains(found) && !page.ok().contains(missing), "{query}");
        }
        assert!(visitor.get("/lake/sessions?q=nothing+like+this").await.ok().contains("Nothing fits"));
    }

    async fn times_follow_the_zone_asked_for_and_it_is_remembered(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        assert!(visitor.get("/lake/sessions/opening-of-the-lake").await.ok().contains("09:00–10:00"));
        assert!(visitor.get("/lake/sessions/opening-of-the-lake?tz=Europe/London").await.ok().contains("02:00–03:00"));
        assert!(visitor.get("/lake/sessions/opening-of-the-lake").await.ok().contains("02:00–03:00"));
        assert!(app.visitor().get("/lake/sessions/opening-of-the-lake").await.ok().contains("09:00–10:00"));
    }

    async fn what_is_known_already_is_not_sent_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let first = asked(&app, "/lake/schedule", &[("accept-encoding", "br")]).await;
        assert_eq!(first.status, 200);
        let tag = first.header("etag").to_owned();
        // Strong, and marked with the encoding: each is a representation of its own.
        assert!(tag.starts_with('"') && tag.ends_with("-br\""), "{tag}");
        assert!(first.header("vary").contains("Accept-Encoding"));
        let again = asked(&app, "/lake/schedule", &[("accept-encoding", "br"), ("if-none-match", &tag)]).await;
        assert_eq!((again.status, again.bytes.len()), (304, 0));
        // Another encoding is another representation.
        let plain = asked(&app, "/lake/schedule", &[("accept-encoding", "gzip"), ("if-none-match", &tag)]).await;
        assert_eq!(plain.status, 200);
        assert_ne!(plain.header("etag"), tag);

        assert!(first.header("content-security-policy").contains("default-src 'none'"));
    }

    async fn an_answer_kept_ready_is_the_same_and_still_fits_the_visitor(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let english = app.visitor_reading("en");
        let (first, again) = (english.get("/lake/sessions").await, english.get("/lake/sessions").await);
        assert_eq!(first.ok(), again.ok());
        for name in ["etag", "vary", "content-type", "cache-control", "content-security-policy", "x-content-type-options"] {
            assert!(!first.header(name).is_empty() && first.header(name) == again.header(name), "{name}");
        }
        assert_ne!(first.header("x-request-id"), again.header("x-request-id"));
        // What means nothing here makes no page of its own, and is not carried into its links.
        let tagged = english.get("/lake/sessions?utm_source=letter&forum=").await;
        assert_eq!(tagged.header("etag"), first.header("etag"));
        assert!(!tagged.ok().contains("utm_source"));
        // A zone once chosen decides from then on, whatever is kept for others.
        english.get("/lake/sessions?tz=Europe/London").await.ok();
        assert_ne!(english.get("/lake/sessions").await.header("etag"), first.header("etag"));
        assert_eq!(app.visitor_reading("en").get("/lake/sessions").await.header("etag"), first.header("etag"));
    }

    async fn public_pages_and_feeds_ask_the_database_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        app.app
            .write(|db, _| {
                use diesel::RunQueryDsl;
                diesel::sql_query("ALTER TABLE events RENAME TO elsewhere").execute(db)?;
                Ok::<_, plenary::db::DbError>(())
            })
            .await
            .expect("renamed");
        let visitor = app.visitor();
        for path in ["/lake", "/lake/schedule", "/lake/sessions", "/lake/speakers", "/lake/theme.css", "/lake/schedule.xml"] {
            visitor.get(path).await.ok();
            visitor.get(path).await.ok();
        }
    }

    async fn a_release_is_seen_and_the_old_answer_is_gone(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let before = app.visitor().get("/lake/schedule").await.header("etag").to_owned();
        app.app
            .write(|db, now| {
                use diesel::prelude::*;
                use plenary::db::schema::sessions;
                let title = plenary::i18n::Localized::single(plenary::i18n::Lang::EN, "A new opening");
                diesel::update(sessions::table.filter(sessions::code.eq("opening-of-the-lake"))).set(sessions::title.eq(title)).execute(db)?;
                let event = plenary::events::operations::by_slug(db, "lake")?.expect("the event");
                schedule::release(db, now, Actor::System, &event, Some("1.1"), "", false)
            })
            .await
            .expect("released");
        app.refresh_site().await;
        let after = app.visitor().get("/lake/schedule").await;
        assert!(after.ok().contains("A new opening"));
        assert_ne!(after.header("etag"), before);
    }

    async fn feeds_are_served_in_their_formats(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        for (path, kind, holds) in [
            ("/lake/schedule.xml", "application/xml", "<schedule"),
            ("/lake/schedule.json", "application/json", "\"schedule\""),
            ("/lake/schedule.ics", "text/calendar", "BEGIN:VTIMEZONE"),
            ("/lake/schedule.xcal", "application/calendar+xml", "<"),
            ("/lake/sessions/opening-of-the-lake.ics", "text/calendar", "Opening of the lake"),
            ("/lake/speakers/ada-lovelace.ics", "text/calendar", "Opening of the lake"),
        ] {
            let feed = visitor.get(path).await;
            assert!(feed.header("content-type").starts_with(kind), "{path}: {}", feed.header("content-type"));
            assert!(feed.ok().contains(holds), "{path}");
        }
        assert_eq!(visitor.get("/lake/speakers/ada-lovelace.ics").await.ok().matches("BEGIN:VEVENT").count(), 2);
    }

    async fn unknown_addresses_get_a_friendly_page_in_the_visitors_language(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        for path in ["/nowhere", "/lake/sessions/nothing", "/lake/speakers/nobody", "/lake/schedule.pdf", "/a/b/c/d"] {
            let english = asked(&app, path, &[]).await;
            assert!(english.has_status(404).contains("This page does not exist"), "{path}");
            let chinese = app.visitor_reading("zh-CN,zh;q=0.9").get(path).await;
            assert!(chinese.has_status(404).contains("页面不存在"), "{path}");
        }
        app.visitor().post_form("/lake/schedule", &[]).await.has_status(405);
    }

    async fn search_engines_and_link_previews_get_facts(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let page = app.visitor().get("/lake/sessions/opening-of-the-lake").await;
        let json = page.ok().split("<script type=\"application/ld+json\">").nth(1).expect("data").split("</script>").next().expect("an end");
        let facts: serde_json::Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(facts["@type"], "Event");
        assert_eq!(facts["startDate"], "2027-04-13T09:00:00+08:00");
        assert!(page.ok().contains("property=\"og:title\""));
        let hostile = app.visitor().get("/lake/sessions/boats-script-alert-1-script").await;
        assert!(!hostile.ok().contains("<script>alert"));
    }

    async fn the_process_says_whether_it_lives_and_can_work(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.visitor().get("/healthz").await.ok();
        app.visitor().get("/readyz").await.ok();
    }

    async fn posts_from_other_sites_are_refused(db: TestDatabase) {
        let app = TestApp::start(db).await;
        published(&app).await;
        let visitor = app.visitor();
        for (name, value) in [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://evil.example")] {
            let request = visitor.request(reqwest::Method::POST, "/lake/register").header(name, value).form(&[("email", "a@example.org")]);
            visitor.send(request).await.has_status(403);
        }
    }
}
