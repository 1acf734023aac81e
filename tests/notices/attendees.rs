//! Attendees star sessions, see them in their agenda and feed, and are told when they move.

use super::{NOTICES, Stage};
use crate::on_both_databases;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{sessions, stars};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;

/// Registers and confirms; returns the address of the own page.
async fn attendee(stage: &Stage, email: &str) -> String {
    let event = stage.app.event().await.id;
    let facts = CategoryFacts::open(Localized::single(Lang::EN, "Guest"));
    let made = stage.app.app.write(move |db, now| {
        plenary::registration::operations::create_category(db, now, Actor::System, event, Some("guest"), &facts)
    });
    made.await.expect("a category");
    let visitor = stage.app.visitor();
    let fields = [
        ("category", "guest"),
        ("email", email),
        ("given_name", "Grace"),
        ("family_name", "Hopper"),
        ("country", "KE"),
        ("accept_privacy", "on"),
    ];
    visitor.post_form("/summit/register", &fields).await.redirect();
    let link = stage.app.mail_to(email).await.last().expect("a mail").link("/summit/verify/");
    visitor.post_form(&link, &[]).await.redirect().to_owned()
}

async fn code(stage: &Stage, title: &'static str) -> String {
    let title = Localized::single(Lang::EN, title);
    stage.app.read(move |db| sessions::table.filter(sessions::title.eq(title)).select(sessions::code).first(db)).await
}

on_both_databases! {
    async fn stars_make_an_agenda_with_a_feed_and_a_hint_where_they_overlap(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.session("Opening", "09:00").await;
        stage.session("Panel", "09:30").await;
        stage.releases().await;
        let own = attendee(&stage, "grace@example.org").await;
        let visitor = stage.app.visitor();
        assert!(visitor.get(&own).await.ok().contains(&format!("{own}/programme")));
        let (opening, panel) = (code(&stage, "Opening").await, code(&stage, "Panel").await);
        let to = format!("{own}/stars");
        assert!(visitor.post_form(&to, &[("star", &opening), ("star", "invented")]).await.redirect().starts_with(&format!("{own}/programme")));
        visitor.post_form(&to, &[("star", &opening), ("star", &panel)]).await.redirect();
        let page = visitor.get(&format!("{own}/programme")).await;
        for words in ["At the same time as Panel", "At the same time as Opening", "webcal://", "agenda.ics"] {
            assert!(page.ok().contains(words), "{words}");
        }
        let feed = visitor.get(&format!("{own}/agenda.ics")).await;
        assert_eq!(feed.ok().matches("BEGIN:VEVENT").count(), 2);
        // A script is answered without a page.
        let answer = visitor.send(visitor.request(reqwest::Method::POST, &to).header("accept", "application/json").form(&[("unstar", &panel)])).await;
        assert_eq!((answer.status, answer.body.as_str()), (204, ""));
        assert_eq!(visitor.get(&format!("{own}/agenda.ics")).await.ok().matches("BEGIN:VEVENT").count(), 1);
        assert!(visitor.get(&format!("{own}/programme?q=pan")).await.ok().contains("Star Panel"));
        visitor.get("/summit/r/invented/programme").await.has_status(404);
        let kept: i64 = stage.app.read(|db| stars::table.count().get_result(db)).await;
        assert_eq!(kept, 1);
    }

    async fn a_starred_session_that_moves_is_told_once_and_one_post_ends_it(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let opening = stage.session("Opening", "09:00").await;
        stage.session("Panel", "13:00").await;
        stage.releases().await;
        stage.waits().await;
        let own = attendee(&stage, "grace@example.org").await;
        let visitor = stage.app.visitor();
        let codes = [code(&stage, "Opening").await, code(&stage, "Panel").await];
        visitor.post_form(&format!("{own}/stars"), &[("star", &codes[0]), ("star", &codes[1])]).await.redirect();
        stage.app.clock.advance(chrono::TimeDelta::minutes(1));
        stage.moves(&opening, stage.hall, "10:00").await;
        let before = stage.organizer.get(crate::notices::RELEASES).await;
        for words in ["Grace Hopper &lt;grace@example.org&gt;", "Opening has changed", "METHOD:REQUEST", "SEQUENCE:1"] {
            assert!(before.ok().contains(words), "{words} in:\n{}", before.body);
        }
        stage.releases().await;
        stage.moves(&opening, stage.annex, "11:00").await;
        stage.releases().await;
        assert!(stage.organizer.get(NOTICES).await.ok().contains("Grace Hopper"));
        assert_eq!(stage.waits().await, 2, "Ada and Grace");
        let mails: Vec<_> = stage.mails().await.into_iter().filter(|mail| mail.to == "grace@example.org").collect();
        assert_eq!(mails.len(), 1, "two releases, one mail");
        assert_eq!(mails[0].subject, "World Summit: Opening has changed");
        assert!(mails[0].unsubscribe.contains("/unsubscribe>") && mails[0].entries.is_empty());
        assert_eq!(mails[0].unsubscribe_post, "List-Unsubscribe=One-Click");
        let mail = stage.app.mail_to("grace@example.org").await.pop().expect("a mail");
        for words in ["Moved: Opening", "09:00–10:00", "11:00–12:00", "Your agenda", "Panel", "On your clock", "Nairobi (UTC+3:00)"] {
            assert!(mail.text.contains(words), "{words} in:\n{}", mail.text);
        }
        // A scanner that follows the link changes nothing; the mail program's own post does.
        let address = mails[0].unsubscribe.trim_matches(['<', '>']).replace(&stage.app.url, "");
        assert!(visitor.get(&address).await.ok().contains("Don’t write to me") || visitor.get(&address).await.ok().contains("Don&#x27;t write to me") || visitor.get(&address).await.ok().contains("Don't write to me"));
        assert!(visitor.post_form(&address, &[("List-Unsubscribe", "One-Click")]).await.ok().contains("no more notices"));
        stage.moves(&opening, stage.annex, "15:00").await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 1, "Ada only");
        // Asked for again on the own page.
        visitor.post_form(&format!("{own}/notices"), &[("wants", "1")]).await.redirect();
        stage.takes_out(&opening).await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 2);
        assert!(stage.app.mail_to("grace@example.org").await.pop().expect("a mail").text.contains("Cancelled: Opening"));
    }

    async fn a_change_that_was_taken_back_is_not_told(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let opening = stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.waits().await;
        let own = attendee(&stage, "grace@example.org").await;
        let star = code(&stage, "Opening").await;
        stage.app.visitor().post_form(&format!("{own}/stars"), &[("star", &star)]).await.redirect();
        let before = stage.app.mail_to("grace@example.org").await.len();
        stage.app.clock.advance(chrono::TimeDelta::minutes(1));
        stage.moves(&opening, stage.hall, "10:00").await;
        stage.releases().await;
        stage.moves(&opening, stage.hall, "09:00").await;
        stage.releases().await;
        stage.waits().await;
        assert_eq!(stage.app.mail_to("grace@example.org").await.len(), before);
        assert_eq!(stage.states().await.iter().filter(|state| *state == "nothing").count(), 2);
    }
}
