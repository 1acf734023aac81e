//! Writing to many: whoever fits gets it once, in a language they read, when it is time; whoever wants no more
//! gets none.

mod files;
mod meant;

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{categories, mailings, speakers};
use plenary::mailings::jobs::leave_due;

pub(super) const LIST: &str = "/organizer/summit/mailings";

/// An event with two categories and confirmed people in both, who read different languages.
pub(super) async fn stage(app: &TestApp) -> (Client, String) {
    app.clock.set("2027-04-01T08:00:00+08:00");
    app.event().await;
    let organizer = app.signed_in_as(Role::Organizer).await;
    for code in ["guest", "press"] {
        let fields = [("name.en", code), ("code", code), ("badge_color", "#1f4e9e")];
        organizer.post_form("/organizer/summit/categories/new", &fields).await.redirect();
    }
    let guest: String =
        app.read(|db| categories::table.filter(categories::code.eq("guest")).select(categories::id).first(db)).await;
    for (language, category, email) in
        [("en", "guest", "ada@example.org"), ("zh", "guest", "li@example.org"), ("en", "press", "bo@example.org")]
    {
        let fields = [
            ("category", category),
            ("email", email),
            ("given_name", "=Ada"),
            ("family_name", "<Okafor>"),
            ("accept_privacy", "on"),
        ];
        assert_eq!(app.visitor_reading(language).post_form("/summit/register", &fields).await.status, 303);
        let link = app.mail_to(email).await.pop().expect("a mail").link("/summit/verify/");
        app.visitor().post_form(&link, &[]).await.redirect();
    }
    (organizer, guest)
}

/// The mails of mailings that were queued, as address, subject and text.
pub(super) async fn mailed(app: &TestApp) -> Vec<(String, String, String)> {
    let mails = app.outbox().await.into_iter().filter(|mail| mail.kind == "mailing");
    mails.map(|mail| (mail.to, mail.subject, mail.text)).collect()
}

pub(super) async fn written(organizer: &Client, fields: &[(&str, &str)]) -> String {
    organizer.post_form(&format!("{LIST}/new"), fields).await.redirect().to_owned()
}

pub(super) async fn sends(app: &TestApp, organizer: &Client, mailing: &str) {
    let page = organizer.get(mailing).await;
    let version = page.input("version");
    organizer.post_form(&format!("{mailing}/send"), &[("version", &version)]).await.redirect();
    leave_due(&app.app).await.expect("the job runs");
}

on_both_databases! {
    async fn whoever_fits_gets_it_once_in_a_language_they_read(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, guest) = stage(&app).await;
        let mailing = written(&organizer, &[
            ("whom", "registrations"),
            ("state", "confirmed"),
            ("category", &guest),
            ("when", "now"),
            ("subject.en", "Buses for {{name}}"),
            ("body.en", "Dear {{name}}, you are {{code}}.\n\n[Page]({{link}})"),
        ]).await;
        let page = organizer.get(&mailing).await;
        assert!(page.ok().contains("Send 2 messages"), "two guests, no press");
        assert!(page.ok().contains("one of them would rather read another language"));
        assert!(organizer.get(&format!("{mailing}/preview/en")).await.ok().contains("you are"));
        assert_eq!(mailed(&app).await.len(), 0, "saving sends nothing");
        sends(&app, &organizer, &mailing).await;
        leave_due(&app.app).await.expect("the job runs again");
        let mut mails = mailed(&app).await;
        mails.sort();
        let to: Vec<&str> = mails.iter().map(|mail| mail.0.as_str()).collect();
        assert_eq!(to, ["ada@example.org", "li@example.org"], "each once, however often the job runs");
        assert_eq!(mails[0].1, "Buses for =Ada <Okafor>");
        assert!(mails[0].2.contains("Dear =Ada <Okafor>, you are "), "{}", mails[0].2);
        assert!(organizer.get(LIST).await.ok().contains("Sent"));
        let own = mails[0].2.lines().find(|line| line.contains("/summit/r/")).expect("a link").to_owned();
        let own = own.split_once("/summit").map(|(_, path)| format!("/summit{path}")).expect("a path");
        assert_eq!(app.visitor().get(own.trim_end_matches(')')).await.status, 200, "{own}");
        app.stop().await;
    }

    async fn whoever_wants_no_more_gets_none(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, guest) = stage(&app).await;
        let fields = [
            ("whom", "registrations"),
            ("category", guest.as_str()),
            ("when", "now"),
            ("subject.en", "First"),
            ("body.en", "Hello\n\n{{unsubscribe}}"),
        ];
        let first = written(&organizer, &fields).await;
        sends(&app, &organizer, &first).await;
        let mails = app.mail_to("ada@example.org").await;
        let link = mails.last().expect("a mail").link("/summit/u/");
        assert!(app.visitor().get(&link).await.ok().contains("No more such mails"), "asking changes nothing");
        app.visitor().post_form(&link, &[("List-Unsubscribe", "One-Click")]).await.ok();
        let second = written(&organizer, &fields).await;
        assert!(organizer.get(&second).await.ok().contains("One address wants no mailings"));
        sends(&app, &organizer, &second).await;
        let to: Vec<String> = mailed(&app).await.into_iter().map(|mail| mail.0).collect();
        assert_eq!(to.iter().filter(|to| *to == "ada@example.org").count(), 1);
        assert_eq!(to.iter().filter(|to| *to == "li@example.org").count(), 2);
        assert_eq!(app.visitor().get("/summit/u/nonsense").await.status, 404);
        app.stop().await;
    }

    async fn it_leaves_at_its_time_and_can_be_stopped_until_then(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let mailing = written(&organizer, &[
            ("whom", "registrations"),
            ("when", "before_event"),
            ("days_before", "2"),
            ("at_time", "09:00"),
            ("subject.en", "Soon"),
            ("body.en", "Hello"),
        ]).await;
        sends(&app, &organizer, &mailing).await;
        assert_eq!(mailed(&app).await.len(), 0, "its time has not come");
        organizer.post_form(&format!("{mailing}/stop"), &[]).await.redirect();
        app.clock.set("2027-04-12T10:00:00+08:00");
        leave_due(&app.app).await.expect("the job runs");
        assert_eq!(mailed(&app).await.len(), 0, "it was stopped");
        app.clock.set("2027-04-10T10:00:00+08:00");
        sends(&app, &organizer, &mailing).await;
        assert_eq!(mailed(&app).await.len(), 0);
        app.clock.set("2027-04-11T09:00:00+08:00");
        leave_due(&app.app).await.expect("the job runs");
        assert_eq!(mailed(&app).await.len(), 3);
        let states: Vec<String> = app.read(|db| mailings::table.select(mailings::state).load(db)).await;
        assert_eq!(states, ["left"]);
        app.stop().await;
    }

    async fn speakers_are_reached_by_what_they_owe(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        crate::support::given::speaker(&app, "ada", "Ada Ito", None).await;
        app.write(|db, _| diesel::update(speakers::table).set(speakers::email.eq(Some("ito@example.org"))).execute(db)).await;
        let mailing = written(&organizer, &[
            ("whom", "speakers"),
            ("missing", "photo"),
            ("when", "now"),
            ("subject.en", "Your photo"),
            ("body.en", "Please.\n\n{{link}}"),
        ]).await;
        // A speaker without a session in the programme is nobody's speaker yet.
        assert!(organizer.get(&mailing).await.ok().contains("Nobody fits"));
        let version = organizer.get(&mailing).await.input("version");
        assert_eq!(organizer.post_form(&format!("{mailing}/send"), &[("version", &version)]).await.status, 409);
        app.clock.advance(TimeDelta::minutes(1));
        app.stop().await;
    }

    async fn wrong_words_are_refused_with_what_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let fields = [
            ("whom", "registrations"),
            ("when", "at"),
            ("at_day", "soon"),
            ("at_time", "9"),
            ("subject.en", "Hello"),
            ("body.en", "{{passport}} stays typed"),
        ];
        let answer = organizer.post_form(&format!("{LIST}/new"), &fields).await;
        assert!(answer.has_status(422).contains("passport"));
        assert!(answer.says("{{passport}} stays typed"));
        let none = organizer.post_form(&format!("{LIST}/new"), &[("whom", "registrations"), ("when", "now")]).await;
        assert!(none.has_status(422).contains("at least one language"));
        app.stop().await;
    }
}
