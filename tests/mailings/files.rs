//! Files that go out with a mailing, members of a delegation, and speakers who are written to together.

use super::{sends, stage, written};
use crate::on_both_databases;
use crate::support::smtp::SmtpServer;
use crate::support::{Answer, Client, TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{delegations, mailing_files, messages, registrations, session_speakers, sessions, speakers};
use plenary::db::{DelegationId, SessionId, SpeakerId};
use plenary::mail::delivery::deliver_due;
use plenary::mailings::files::jobs::sweep;
use plenary::programme::model::{Role as Part, SessionState};
use tokio::sync::watch;

const TO_ATTENDEES: [(&str, &str); 5] = [
    ("whom", "registrations"),
    ("state", "confirmed"),
    ("when", "now"),
    ("subject.en", "Map"),
    ("body.en", "The map is attached."),
];

async fn adds(organizer: &Client, mailing: &str, name: &str, content: Vec<u8>) -> Answer {
    let part = reqwest::multipart::Part::bytes(content).file_name(name.to_owned());
    let form = reqwest::multipart::Form::new().part("file", part);
    let path = format!("{mailing}/files");
    organizer.send(organizer.request(reqwest::Method::POST, &path).multipart(form)).await
}

fn pdf(bytes: usize) -> Vec<u8> {
    format!("%PDF-1.7\n{}\n%%EOF\n", "x".repeat(bytes)).into_bytes()
}

async fn count_of_files(app: &TestApp) -> i64 {
    app.read(|db| mailing_files::table.count().get_result(db)).await
}

on_both_databases! {
    async fn a_file_arrives_with_every_mail_and_is_kept_once(db: TestDatabase) {
        let server = SmtpServer::start();
        let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let app = TestApp::start_with(db, &[("mail.transport", "smtp"), ("mail.smtp_url", &url)]).await;
        let (organizer, _) = stage(&app).await;
        let mailing = written(&organizer, &TO_ATTENDEES).await;
        adds(&organizer, &mailing, "../Plan der Halle.exe", pdf(30_000)).await.redirect();
        let page = organizer.get(&mailing).await;
        assert!(page.ok().contains("Plan der Halle.pdf"), "its name ends as what it is");
        sends(&app, &organizer, &mailing).await;
        let largest: Vec<String> = app.read(|db| messages::table.filter(messages::kind.eq("mailing")).select(messages::attachments).load(db)).await;
        assert_eq!(largest.len(), 3);
        assert!(largest.iter().all(|parts| parts.len() < 500), "a message names the file and does not hold it");
        let (_going, stop) = watch::channel(false);
        let pass = deliver_due(&app.app, &stop).await.expect("a pass");
        let mails = server.wait_for(pass.sent);
        let brought = mails.iter().filter(|mail| mail.header("Subject") == Some("Map") && mail.data.contains("Plan der Halle.pdf") && mail.data.len() > 30_000);
        assert_eq!(brought.count(), 3);
        assert_eq!(adds(&organizer, &mailing, "late.pdf", pdf(10)).await.status, 409, "what has left does not change");
        app.stop().await;
    }

    async fn what_can_not_go_out_is_refused_and_nothing_is_lost(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.attachment_bytes", "105000")]).await;
        let (organizer, _) = stage(&app).await;
        let mailing = written(&organizer, &TO_ATTENDEES).await;
        let refused = adds(&organizer, &mailing, "map.pdf", b"MZ this is a program".to_vec()).await;
        assert!(refused.has_status(422).contains("not one of the kinds"));
        let refused = adds(&organizer, &mailing, "map.pdf", pdf(30 * 1024 * 1024)).await;
        assert!(refused.has_status(422).contains("larger than 0.1 MB"), "{}", refused.body);
        let refused = adds(&organizer, &mailing, "map.pdf", pdf(100)[..60].to_vec()).await;
        assert!(refused.has_status(422).contains("broken or incomplete"));
        adds(&organizer, &mailing, "one.pdf", pdf(60_000)).await.redirect();
        let refused = adds(&organizer, &mailing, "two.pdf", pdf(60_000)).await;
        assert!(refused.has_status(422).contains("all together"));
        assert!(refused.body.contains("one.pdf"), "what was there stays");
        assert_eq!(count_of_files(&app).await, 1);
        app.stop().await;
    }

    async fn files_are_looked_at_taken_off_copied_and_swept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let mailing = written(&organizer, &TO_ATTENDEES).await;
        adds(&organizer, &mailing, "map.pdf", pdf(100)).await.redirect();
        let copy = organizer.post_form(&format!("{mailing}/copy"), &[]).await.redirect().replace("/edit", "");
        let file: String = app.read(|db| mailing_files::table.order(mailing_files::id).select(mailing_files::id).first(db)).await;
        let answer = organizer.get(&format!("{mailing}/files/{file}")).await;
        assert!(answer.ok().starts_with("%PDF-1.7"));
        assert!(answer.header("content-disposition").starts_with("attachment"));
        assert_eq!(organizer.get(&format!("{copy}/files/{file}")).await.status, 404, "each mailing has rows of its own");
        organizer.post_form(&format!("{mailing}/files/{file}/delete"), &[]).await.redirect();
        assert!(!organizer.get(&mailing).await.ok().contains("map.pdf"));
        assert!(organizer.get(&copy).await.ok().contains("map.pdf"));
        // Files are as old as the machine's clock says, which is what the sweep compares with.
        app.clock.set("2099-01-01T00:00:00Z");
        assert_eq!(sweep(&app.app).await.expect("a sweep"), 0, "the copy still names it");
        organizer.signs_in(&crate::support::Role::Organizer.email()).await;
        organizer.post_form(&format!("{copy}/delete"), &[]).await.redirect();
        assert_eq!(sweep(&app.app).await.expect("a sweep"), 1);
        app.stop().await;
    }

    async fn members_of_a_delegation_are_meant_alone(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (organizer, _) = stage(&app).await;
        let fields = [("name.en", "Delegation of Kenya"), ("code", "kenya"), ("contact_name", "Jo"), ("contact_email", "jo@example.org"), ("language", "en")];
        organizer.post_form("/organizer/summit/delegations/new", &fields).await.redirect();
        let id: DelegationId = app.read(|db| delegations::table.select(delegations::id).first(db)).await;
        app.write(move |db, _| {
            let ada = registrations::table.filter(registrations::email.eq("ada@example.org"));
            diesel::update(ada).set(registrations::delegation_id.eq(id)).execute(db)
        }).await;
        let id = id.to_string();
        let fields: Vec<_> = TO_ATTENDEES.into_iter().chain([("delegation", id.as_str())]).collect();
        let mailing = written(&organizer, &fields).await;
        assert!(organizer.get(&mailing).await.ok().contains("Send one message"));
        assert!(organizer.get(&format!("{mailing}/edit")).await.ok().contains(&format!("<option value=\"{id}\" selected>")));
        app.stop().await;
    }

    async fn speakers_of_a_session_are_written_to_together(db: TestDatabase) {
        let server = SmtpServer::start();
        let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
        let app = TestApp::start_with(db, &[("mail.transport", "smtp"), ("mail.smtp_url", &url)]).await;
        let (organizer, _) = stage(&app).await;
        let mut people: Vec<SpeakerId> = Vec::new();
        for (code, name) in [("ito", "Ada Ito"), ("wu", "Wu, Jie"), ("eze", "Bo Eze")] {
            people.push(given::speaker(&app, code, name, None).await);
        }
        for title in ["Opening", "Closing"] {
            given::session(&organizer, title, &[]).await;
        }
        let all = people.clone();
        app.write(move |db, _| {
            for (person, name) in all.iter().zip(["ito", "wu", "eze"]) {
                diesel::update(speakers::table.find(person)).set(speakers::email.eq(Some(format!("{name}@example.org")))).execute(db)?;
            }
            let both: Vec<SessionId> = sessions::table.order(sessions::id).select(sessions::id).load(db)?;
            diesel::update(sessions::table.find(both[0])).set(sessions::state.eq(SessionState::Accepted)).execute(db)?;
            diesel::update(sessions::table.find(both[1])).set(sessions::state.eq(SessionState::Proposed)).execute(db)?;
            let parts = [(both[0], all[0]), (both[0], all[1]), (both[1], all[2])];
            let rows = parts.map(|(session, speaker)| (
                session_speakers::session_id.eq(session),
                session_speakers::speaker_id.eq(speaker),
                session_speakers::role.eq(Part::Speaker),
                session_speakers::position.eq(0),
            ));
            for row in rows {
                diesel::insert_into(session_speakers::table).values(row).execute(db)?;
            }
            Ok(())
        }).await;
        let fields = [("whom", "speakers"), ("when", "now"), ("together", "on"), ("subject.en", "Meet"), ("body.en", "Dear {{name}}")];
        let mailing = written(&organizer, &fields).await;
        sends(&app, &organizer, &mailing).await;
        let (_going, stop) = watch::channel(false);
        deliver_due(&app.app, &stop).await.expect("a pass");
        let waiting = app.mail_to("eze@example.org").await.len();
        assert_eq!(waiting, 0, "a proposed session is not in the programme");
        let mails: Vec<_> = server.received().into_iter().filter(|mail| mail.header("Subject") == Some("Meet")).collect();
        let copies: Vec<(&str, Option<&str>)> = mails.iter().map(|mail| (mail.to.as_str(), mail.header("Cc"))).collect();
        assert!(copies.iter().any(|(to, cc)| *to == "ito@example.org" && cc.is_some_and(|cc| cc.contains("<wu@example.org>"))), "{copies:?}");
        assert!(copies.iter().any(|(to, cc)| *to == "wu@example.org" && cc.is_some_and(|cc| cc.contains("ito@example.org"))), "{copies:?}");
        let fields: Vec<_> = fields.into_iter().chain([("session_state", "proposed")]).collect();
        let other = written(&organizer, &fields).await;
        assert!(organizer.get(&other).await.ok().contains("Send one message"));
        app.stop().await;
    }
}
