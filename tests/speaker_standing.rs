//! What is owed for each session, and what declining one of several things means.

use crate::on_both_databases;
use crate::support::{Role, TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{session_speakers, speakers};
use plenary::db::{SessionId, SpeakerId};
use plenary::programme::model::Role as Part;

const BOARD: &str = "/organizer/summit/speakers/board";

async fn speaks(app: &TestApp, session: &str, speaker: SpeakerId) {
    let id: SessionId = session.parse().expect("an id");
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

on_both_databases! {
    async fn slides_are_owed_and_invitations_declined_session_by_session(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let ada = given::speaker(&app, "ada", "Ada Lovelace", None).await;
        app.write(move |db, _| {
            diesel::update(speakers::table.find(ada)).set(speakers::email.eq("ada@example.org")).execute(db)
        })
        .await;
        let mut sessions = Vec::new();
        for title in ["Engines", "Looms", "Numbers"] {
            let session = given::session(&organizer, title, &[]).await;
            let id = session.rsplit('/').next().expect("an id").to_owned();
            speaks(&app, &id, ada).await;
            sessions.push(id);
        }
        organizer.post_form(&format!("/organizer/summit/speakers/{ada}/send-link"), &[]).await.redirect();
        let page = app.mail_to("ada@example.org").await.pop().expect("a mail").link("/summit/s/");
        let form = reqwest::multipart::Form::new().text("session", sessions[0].clone()).text("kind", "slides");
        let file = reqwest::multipart::Part::bytes(b"%PDF-1.7\none\n%%EOF\n".to_vec()).file_name("talk.pdf");
        let client = app.visitor();
        let request = client.request(reqwest::Method::POST, &format!("{page}/documents"));
        client.send(request.multipart(form.part("file", file))).await.redirect();
        assert!(client.get(&page).await.ok().contains("Slides for 2 more sessions"));
        assert!(organizer.get(BOARD).await.ok().contains("1 of 3"), "slides for one of three");
        assert!(organizer.get(&format!("{BOARD}?missing=slides")).await.ok().contains("Ada Lovelace"));

        let invitations = format!("/organizer/summit/speakers/{ada}/invitations");
        for (index, session) in sessions.iter().enumerate() {
            organizer.post_form(&invitations, &[("session", session.as_str())]).await.redirect();
            let link = app.mail_to("ada@example.org").await.pop().expect("a mail").link("/summit/s/");
            client.post_form(&format!("{link}/decline"), &[("reason", "")]).await.redirect();
            let declined = organizer.get(&format!("{BOARD}?attendance=declined")).await;
            let own = client.get(&page).await;
            if index < 2 {
                assert!(!declined.ok().contains("Ada Lovelace"), "she takes part in the rest");
                assert!(organizer.get(BOARD).await.ok().contains("; declined "));
                assert!(own.ok().contains("still missing"));
            } else {
                assert!(declined.ok().contains("Ada Lovelace"));
                assert!(!own.ok().contains("still missing"), "nothing is asked of who does not take part");
            }
        }
        assert!(!organizer.get(&format!("{BOARD}?missing=photo")).await.ok().contains("Ada Lovelace"));
        app.stop().await;
    }
}
