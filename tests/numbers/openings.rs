//! How often the form is opened: counted without a write, kept without a person.

use super::Stage;
use crate::on_both_databases;
use crate::support::TestApp;
use diesel::prelude::*;
use plenary::db::schema::form_openings;
use plenary::db::{DbError, UtcTime};

type Row = (UtcTime, String, i64);

async fn kept(app: &TestApp) -> Vec<Row> {
    app.read(|db| {
        form_openings::table
            .order((form_openings::hour, form_openings::source))
            .select((form_openings::hour, form_openings::source, form_openings::openings))
            .load(db)
    })
    .await
}

async fn write(app: &TestApp) -> usize {
    plenary::numbers::openings::write(&app.app).await.expect("openings are written")
}

on_both_databases! {
    async fn each_opening_is_counted_once_and_nothing_else_is(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:20:00Z").await;
        let visitor = stage.app.visitor();
        let form = "/summit/register";
        for _ in 0..3 {
            visitor.get(form).await.ok();
        }
        visitor.get(&format!("{form}?from=newsletter")).await.ok();
        let own = format!("{}/summit", stage.app.url);
        for (header, value) in [("referer", own.as_str()), ("referer", "https://search.example/?q=x")] {
            visitor.send(visitor.request(reqwest::Method::GET, form).header(header, value)).await.ok();
        }
        assert_eq!(kept(&stage.app).await, [], "no view writes");
        // Not counted: a look at the head, a crawler, a page fetched ahead, another language, a wrong form, another page.
        visitor.send(visitor.request(reqwest::Method::HEAD, form)).await.ok();
        for (header, value) in [("user-agent", "Slackbot-LinkExpanding 1.0"), ("sec-purpose", "prefetch"), ("referer", &format!("{}{form}", stage.app.url))] {
            visitor.send(visitor.request(reqwest::Method::GET, form).header(header, value)).await.ok();
        }
        visitor.post_form(form, &[("email", "x")]).await.has_status(422);
        visitor.get("/summit").await.ok();
        visitor.get("/nowhere/register").await.has_status(404);
        let hour = crate::support::app::instant("2027-03-05T10:00:00Z");
        let expected: Vec<Row> = [("direct", 3), ("elsewhere", 1), ("newsletter", 1), ("site", 1)].map(|(source, count)| (hour, source.to_owned(), count)).to_vec();
        assert_eq!((write(&stage.app).await, kept(&stage.app).await), (4, expected));
        assert_eq!(write(&stage.app).await, 0);
        // What is counted later is added, by the hour.
        visitor.get(form).await.ok();
        stage.app.clock.set("2027-03-05T11:00:00Z");
        visitor.get(form).await.ok();
        assert_eq!(write(&stage.app).await, 2);
        assert_eq!(kept(&stage.app).await.iter().map(|row| row.2).collect::<Vec<_>>(), [4, 1, 1, 1, 1]);
        let numbers = stage.json("").await;
        assert_eq!((&numbers["funnel"]["opened"], &numbers["openings"][0]["source"], &numbers["openings"][0]["openings"]), (&8.into(), &"direct".into(), &5.into()));
        let page = stage.organizer.get("/organizer/summit/numbers").await;
        assert!(page.ok().contains("Opened the form") && page.says("“newsletter”"));
    }

    async fn words_that_anybody_invents_stay_few(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:20:00Z").await;
        let visitor = stage.app.visitor();
        for round in 0..3 {
            for index in 0..30 {
                visitor.get(&format!("/summit/register?from=word-{round}-{index}")).await.ok();
            }
            write(&stage.app).await;
        }
        let rows = kept(&stage.app).await;
        assert_eq!(rows.len(), 51, "fifty words and all others");
        assert_eq!(rows.iter().find(|row| row.1 == "other").map(|row| row.2), Some(40));
        assert_eq!(rows.iter().map(|row| row.2).sum::<i64>(), 90);
    }

    async fn what_was_counted_is_written_when_the_process_stops(db: TestDatabase) {
        let kept_db = db.clone();
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:20:00Z").await;
        stage.app.visitor().get("/summit/register").await.ok();
        stage.app.stop().await;
        let database = kept_db.open();
        let counted: i64 = database.read(|db| Ok::<_, DbError>(form_openings::table.select(form_openings::openings).first(db)?)).await.expect("a row");
        assert_eq!(counted, 1);
        database.shutdown().await;
    }
}
