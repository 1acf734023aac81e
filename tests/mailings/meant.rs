//! Who is meant by a mailing, how many messages leave, and a time that is past.

use super::{LIST, mailed, sends, stage, written};
use crate::on_both_databases;
use crate::support::{TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{registrations, session_speakers, speakers};
use plenary::db::{SessionId, SpeakerId};
use plenary::programme::model::Role as Part;

/// The fields of a mailing to these people with this timing.
fn fields<'a>(whom: &'a str, when: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("whom", whom), ("when", when), ("subject.en", "Hello"), ("body.en", "Dear {{name}}.\n\n[Page]({{link}})")]
}

on_both_databases! {
    async fn a_mailing_whose_time_is_past_does_not_leave(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let mut past = fields("registrations", "at");
        past.extend([("at_day", "2027-03-01"), ("at_time", "09:00")]);
        let refused = organizer.post_form(&format!("{LIST}/new"), &past).await;
        assert!(refused.has_status(422).contains("This day and time are past"));
        assert_eq!(refused.input("at_day"), "2027-03-01", "what was typed stands there");
        let mut days = fields("registrations", "before_event");
        days.extend([("days_before", "300"), ("at_time", "09:00")]);
        organizer.post_form(&format!("{LIST}/new"), &days).await.has_status(422);

        let mut ahead = fields("registrations", "at");
        ahead.extend([("at_day", "2027-04-02"), ("at_time", "09:00")]);
        let mailing = written(&organizer, &ahead).await;
        let version = organizer.get(&mailing).await.input("version");
        app.clock.set("2027-04-03T09:00:00+08:00");
        let late = organizer.post_form(&format!("{mailing}/send"), &[("version", &version)]).await;
        assert!(late.has_status(422).contains("This day and time are past"), "the draft lay too long");
        plenary::mailings::jobs::leave_due(&app.app).await.expect("the job runs");
        assert_eq!(mailed(&app).await.len(), 0);
        app.stop().await;
    }

    async fn people_without_an_address_are_counted_as_left_out(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        app.write(|db, _| {
            diesel::update(registrations::table.filter(registrations::email_key.eq("bo@example.org")))
                .set((registrations::email.eq(""), registrations::email_key.eq("no-address:bo")))
                .execute(db)
        })
        .await;
        let mailing = written(&organizer, &fields("registrations", "now")).await;
        let page = organizer.get(&mailing).await;
        assert!(page.ok().contains("Send 2 messages"), "{}", page.body);
        assert!(page.ok().contains("One person who fits has no address"), "{}", page.body);
        sends(&app, &organizer, &mailing).await;
        assert_eq!(mailed(&app).await.len(), 2);
        app.stop().await;
    }

    async fn each_session_of_a_person_counts_as_a_message(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let ada = given::speaker(&app, "ada", "Ada Ito", None).await;
        app.write(move |db, _| {
            diesel::update(speakers::table.find(ada)).set(speakers::email.eq("ito@example.org")).execute(db)
        })
        .await;
        let room = given::room(&organizer, &app, "Great Hall", &[]).await;
        for (title, start) in [("Engines", "09:00"), ("Looms", "11:00")] {
            let session = given::session(&organizer, title, &[]).await;
            speaks(&app, &session, ada).await;
            given::place(&organizer, &session, room, "2027-04-13", start).await;
        }
        organizer.post_form("/organizer/summit/releases", &[]).await.redirect();
        app.refresh_site().await;
        let mut each = fields("speakers", "before_session");
        each.push(("hours_before", "24"));
        let mailing = written(&organizer, &each).await;
        let page = organizer.get(&mailing).await;
        assert!(page.ok().contains("Send 2 messages, each before its session"), "{}", page.body);
        assert!(page.ok().contains("English: one person"), "{}", page.body);
        let once = written(&organizer, &fields("speakers", "now")).await;
        assert!(organizer.get(&once).await.ok().contains("Send one message"));
        app.stop().await;
    }

    async fn invited_speakers_are_reached_and_assistants_with_them(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let invite = "/organizer/summit/speakers/invite";
        let grace = [("name", "Grace Hopper"), ("email", "grace@example.org"), ("language", "en")];
        organizer.post_form(invite, &grace).await.redirect();
        let ada = [
            ("name", "Ada Lovelace"),
            ("language", "en"),
            ("assistant_name", "Charles"),
            ("assistant_email", "charles@example.org"),
        ];
        organizer.post_form(invite, &ada).await.redirect();
        let both = [ada[2], ada[3], ("name", "Mary Somerville"), ("email", "mary@example.org"), ("language", "en")];
        organizer.post_form(invite, &both).await.redirect();

        let mut owing = fields("speakers", "now");
        owing.push(("missing", "invitation"));
        let mailing = written(&organizer, &owing).await;
        assert!(organizer.get(&mailing).await.ok().contains("Send 4 messages"));
        sends(&app, &organizer, &mailing).await;
        let mut mails = mailed(&app).await;
        mails.sort();
        let told: Vec<(&str, &str)> = mails.iter().map(|(to, subject, _)| (to.as_str(), subject.as_str())).collect();
        let expected = [
            ("charles@example.org", "For Ada Lovelace: Hello"),
            ("charles@example.org", "For Mary Somerville: Hello"),
            ("grace@example.org", "Hello"),
            ("mary@example.org", "Hello"),
        ];
        assert_eq!(told, expected, "whoever helps two gets one for each");
        let all = app.mail_to("charles@example.org").await;
        let mail = all.iter().find(|mail| mail.subject == "For Ada Lovelace: Hello").expect("a mail");
        assert!(mail.text.contains("Dear Ada Lovelace"), "{}", mail.text);
        let page = app.visitor().get(&mail.link("/summit/s/")).await;
        assert!(page.ok().contains("Ada Lovelace"), "a link of their own");

        // Whoever declined is not a speaker any more; whoever chooses a day means sessions on it.
        let link = app.mail_to("grace@example.org").await.remove(0).link("/summit/s/");
        app.visitor().post_form(&format!("{link}/decline"), &[("reason", "")]).await.redirect();
        let later = written(&organizer, &fields("speakers", "now")).await;
        assert!(organizer.get(&later).await.ok().contains("Send 3 messages"));
        let mut on_a_day = fields("speakers", "now");
        on_a_day.push(("day", "2027-04-13"));
        let none = written(&organizer, &on_a_day).await;
        assert!(organizer.get(&none).await.ok().contains("Nobody fits"));
        app.stop().await;
    }
}

async fn speaks(app: &TestApp, session: &str, speaker: SpeakerId) {
    let id: SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
    app.write(move |db, _| {
        diesel::insert_into(session_speakers::table)
            .values((
                session_speakers::session_id.eq(id),
                session_speakers::speaker_id.eq(speaker),
                session_speakers::role.eq(Part::Speaker),
                session_speakers::position.eq(0),
            ))
            .execute(db)
    })
    .await;
}
