//! Slides and papers, packs for interpreters, travel, needs and consents, and what the speaker's page asks for.

use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp, TestDatabase, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{documents, recording_consents, session_speakers, speaker_travel, speakers};
use plenary::db::{DocumentId, SpeakerId};
use plenary::programme::model::Role as Part;

/// A summit with a published session of Ada's that is interpreted, and the address of her page.
struct Stage {
    app: TestApp,
    organizer: Client,
    ada: SpeakerId,
    session: String,
    page: String,
}

impl Stage {
    async fn set(db: TestDatabase, settings: &[(&str, &str)]) -> Self {
        let app = TestApp::start_with(db, settings).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let ada = given::speaker(&app, "ada", "Ada Lovelace", None).await;
        app.write(move |db, _| {
            diesel::update(speakers::table.find(ada)).set(speakers::email.eq("ada@example.org")).execute(db)
        })
        .await;
        let room = given::room(&organizer, &app, "Great Hall", &[]).await;
        let session = given::session(&organizer, "Engines", &[("language", "en"), ("interpreted", "zh")]).await;
        let id: plenary::db::SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
        app.write(move |db, _| {
            diesel::insert_into(session_speakers::table)
                .values((
                    session_speakers::session_id.eq(id),
                    session_speakers::speaker_id.eq(ada),
                    session_speakers::role.eq(Part::Speaker),
                    session_speakers::position.eq(0),
                ))
                .execute(db)
        })
        .await;
        given::place(&organizer, &session, room, "2027-04-13", "09:00").await;
        organizer.post_form("/organizer/summit/releases", &[]).await.redirect();
        app.refresh_site().await;
        organizer.post_form(&format!("/organizer/summit/speakers/{ada}/send-link"), &[]).await.redirect();
        let page = app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/s/");
        Self { app, organizer, ada, session, page }
    }

    fn session_id(&self) -> &str {
        self.session.rsplit('/').next().expect("an id")
    }

    /// Uploads slides on the speaker's page.
    async fn uploads(&self, name: &str, content: Vec<u8>, ticked: &[&str]) -> Answer {
        let mut form =
            reqwest::multipart::Form::new().text("session", self.session_id().to_owned()).text("kind", "slides");
        for tick in ticked {
            form = form.text((*tick).to_owned(), "on");
        }
        let file = reqwest::multipart::Part::bytes(content).file_name(name.to_owned());
        let client = self.app.visitor();
        let request = client.request(reqwest::Method::POST, &format!("{}/documents", self.page));
        client.send(request.multipart(form.part("file", file))).await
    }

    async fn documents(&self) -> Vec<(DocumentId, i32, String)> {
        self.app
            .read(|db| {
                documents::table
                    .order(documents::number)
                    .select((documents::id, documents::number, documents::name))
                    .load(db)
            })
            .await
    }

    async fn files(&self) -> usize {
        self.app.app.files.documents_before(self.app.clock.now() + TimeDelta::days(10_000)).await.expect("files").len()
    }
}

fn pdf(words: &str) -> Vec<u8> {
    format!("%PDF-1.7\n{words}\n%%EOF\n").into_bytes()
}

on_both_databases! {
    async fn each_upload_is_a_version_and_its_content_says_what_it_is(db: TestDatabase) {
        let stage = Stage::set(db, &[("limits.document_bytes", "100000")]).await;
        let documents = format!("{}/documents", stage.page);
        assert_eq!(stage.uploads("my talk.exe", pdf("one"), &["shared"]).await.redirect(), documents);
        assert_eq!(stage.uploads("../talk.pdf", pdf("two"), &["shared"]).await.redirect(), documents);
        let program = stage.uploads("slides.pdf", b"MZ\x90\0 a program".to_vec(), &[]).await;
        assert!(program.has_status(422).contains("whatever its name says"), "{}", program.body);
        let large = stage.uploads("slides.pdf", pdf(&"x".repeat(200_000)), &[]).await;
        assert!(large.has_status(422).contains("larger than"), "{}", large.body);
        stage.uploads("slides.pdf", Vec::new(), &[]).await.has_status(422);
        let kept = stage.documents().await;
        let names: Vec<(i32, &str)> = kept.iter().map(|(_, number, name)| (*number, name.as_str())).collect();
        assert_eq!(names, [(1, "my talk.pdf"), (2, "talk.pdf")]);
        assert_eq!(stage.files().await, 2, "nothing is left of what was refused");

        let own = stage.app.visitor().get(&format!("{documents}/{}", kept[0].0)).await;
        assert!(own.ok().contains("one"));
        assert!(own.header("content-disposition").starts_with("attachment"));
        assert_eq!(own.header("x-content-type-options"), "nosniff");
        assert_eq!(own.header("content-type"), "application/pdf");

        let one = format!("{documents}/{}", kept[0].0);
        stage.app.visitor().post_form(&one, &[("do", "delete")]).await.redirect();
        stage.app.visitor().get(&one).await.has_status(404);
        assert_eq!((stage.documents().await.len(), stage.files().await), (1, 1));
        stage.app.stop().await;
    }

    async fn nobody_reaches_documents_of_others(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        stage.uploads("talk.pdf", pdf("secret"), &[]).await.redirect();
        let (id, ..) = stage.documents().await.remove(0);
        let eve = given::speaker(&stage.app, "eve", "Eve", None).await;
        stage
            .app
            .write(move |db, _| {
                diesel::update(speakers::table.find(eve)).set(speakers::email.eq("eve@example.org")).execute(db)
            })
            .await;
        stage.organizer.post_form(&format!("/organizer/summit/speakers/{eve}/send-link"), &[]).await.redirect();
        let page = stage.app.mail_to("eve@example.org").await.remove(0).link("/summit/s/");
        let visitor = stage.app.visitor();
        visitor.get(&format!("{page}/documents/{id}")).await.has_status(404);
        visitor.post_form(&format!("{page}/documents/{id}"), &[("do", "delete")]).await.has_status(404);
        visitor.get(&format!("/summit/sessions/engines/documents/{id}")).await.has_status(404);
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        forum.get(&format!("{}/documents/{id}", stage.session)).await.has_status(403);
        assert_eq!(stage.documents().await.len(), 1);
        stage.app.stop().await;
    }

    async fn the_public_gets_what_both_sides_let_it_have(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        stage.uploads("talk.pdf", pdf("for all"), &["public"]).await.redirect();
        let (id, ..) = stage.documents().await.remove(0);
        let (visitor, address) = (stage.app.visitor(), format!("/summit/sessions/engines/documents/{id}"));
        stage.app.refresh_site().await;
        assert!(!visitor.get("/summit/sessions/engines").await.ok().contains("talk.pdf"));
        visitor.get(&address).await.has_status(404);
        let one = format!("{}/documents/{id}", stage.session);
        stage.organizer.post_form(&one, &[("do", "approve")]).await.redirect();
        stage.app.refresh_site().await;
        assert!(visitor.get("/summit/sessions/engines").await.ok().contains("talk.pdf"));
        assert!(visitor.get(&address).await.ok().contains("for all"));
        let own = format!("{}/documents/{id}", stage.page);
        visitor.post_form(&own, &[("do", "private")]).await.redirect();
        stage.app.refresh_site().await;
        assert!(!visitor.get("/summit/sessions/engines").await.ok().contains("talk.pdf"), "taken back at once");
        visitor.get(&address).await.has_status(404);
        stage.app.stop().await;
    }

    async fn interpreters_get_a_pack_by_a_link_that_can_be_revoked(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        stage.uploads("old.pdf", pdf("old"), &["shared"]).await.redirect();
        stage.uploads("new.pdf", pdf("newest"), &["shared"]).await.redirect();
        stage.uploads("later.pdf", pdf("not shared"), &[]).await.redirect();
        let list = "/organizer/summit/briefings";
        stage.organizer.post_form(list, &[("name", "")]).await.has_status(422);
        let made = stage.organizer.post_form(list, &[("name", "Booth B"), ("what", "event")]).await;
        let link = made.ok().split("/summit/briefing/").nth(1).expect("a link").split('"').next().expect("its end");
        let link = format!("/summit/briefing/{link}");
        let again = stage.organizer.get(list).await;
        assert!(again.ok().contains("Booth B") && !again.ok().contains(&link), "the link is shown once");

        let booth = stage.app.visitor();
        let page = booth.get(&link).await;
        assert!(page.ok().contains("Engines") && page.ok().contains("Ada Lovelace") && page.ok().contains("new.pdf"));
        assert!(!page.ok().contains("old.pdf") && !page.ok().contains("later.pdf"));
        let all = booth.get(&format!("{link}/all.zip")).await;
        all.ok();
        assert_eq!(all.header("content-length"), all.bytes.len().to_string());
        assert!(all.bytes.starts_with(b"PK\x03\x04"));
        let holds = |words: &[u8]| all.bytes.windows(words.len()).any(|some| some == words);
        assert!(holds(b"newest") && holds(b"/new.pdf") && !holds(b"not shared"));

        let kept = stage.documents().await;
        booth.get(&format!("{link}/documents/{}", kept[1].0)).await.ok();
        booth.get(&format!("{link}/documents/{}", kept[2].0)).await.has_status(404);
        let shown = stage.organizer.get(list).await;
        let revoke = shown.ok().split("action=\"").find(|part| part.contains("/revoke\"")).expect("a form");
        let revoke = revoke.split('"').next().expect("its address").to_owned();
        stage.organizer.post_form(&revoke, &[]).await.redirect();
        booth.get(&link).await.has_status(404);
        booth.get(&format!("{link}/all.zip")).await.has_status(404);
        stage.app.stop().await;
    }

    async fn bytes_without_a_row_are_swept_and_others_are_not(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        stage.uploads("talk.pdf", pdf("one"), &[]).await.redirect();
        stage.uploads("talk.pdf", pdf("two"), &[]).await.redirect();
        let (gone, ..) = stage.documents().await.remove(0);
        stage
            .app
            .write(move |db, _| diesel::delete(documents::table.find(gone)).execute(db))
            .await;
        // Files carry the machine's time.
        stage.app.clock.set("2200-01-01T00:00:00Z");
        assert_eq!(plenary::speakers::documents::jobs::sweep(&stage.app.app).await.expect("swept"), 1);
        assert_eq!(plenary::registration::forms::files::jobs::sweep(&stage.app.app).await.expect("swept"), 0);
        assert_eq!(stage.files().await, 1);
        stage.app.stop().await;
    }

    async fn travel_is_for_protocol_staff_and_late_changes_are_news(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        let (speaker, travel) = (stage.app.visitor(), format!("{}/travel", stage.page));
        let fields = [
            ("version", "0"),
            ("arrives_on", "2027-04-12"),
            ("arrives_at", "18:05"),
            ("arrival_number", "=LH 720"),
            ("departs_on", "2027-04-11"),
            ("hotel", "Lakeside"),
            ("companions", "2"),
        ];
        let wrong = speaker.post_form(&travel, &fields).await;
        assert!(wrong.has_status(422).contains("Lakeside"), "nothing typed is lost");
        let mut right = fields;
        right[4].1 = "2027-04-17";
        speaker.post_form(&travel, &right).await.redirect();
        let stale = speaker.post_form(&travel, &right).await;
        stale.has_status(409);
        assert_eq!(stale.input("version"), "1");

        let list = "/organizer/summit/travel";
        stage.organizer.get(list).await.has_status(403);
        let board = stage.organizer.get("/organizer/summit/speakers/board").await;
        assert!(!board.ok().contains("Lakeside"), "organizers see that it is filled in, and no more");
        let protocol = stage.app.signed_in_as(Role::ProtocolStaff).await;
        let shown = protocol.get(list).await;
        assert!(shown.ok().contains("Lakeside") && !shown.ok().contains("Changed "));
        assert!(!protocol.get(&format!("{list}?day=2027-04-14")).await.ok().contains("Lakeside"));
        let csv = protocol.get(&format!("{list}.csv?day=2027-04-12")).await;
        assert!(csv.ok().contains("Ada Lovelace") && csv.ok().contains("'=LH 720"), "{}", csv.body);

        let rules = stage.organizer.get("/organizer/summit/reminders").await;
        let mut sent = stage_rules(&rules);
        sent.push(("due_travel".to_owned(), "2027-03-05".to_owned()));
        let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        stage.organizer.post_form("/organizer/summit/reminders", &sent).await.redirect();
        stage.app.clock.advance(TimeDelta::days(5));
        let mut late = right;
        late[0].1 = "1";
        late[2].1 = "23:50";
        speaker.post_form(&travel, &late).await.redirect();
        assert!(protocol.get(&format!("{list}?only=news")).await.ok().contains("23:50"));
        let seen = format!("{list}/{}/seen", stage.ada);
        assert_eq!(protocol.post_form(&seen, &[]).await.redirect(), list);
        protocol.post_form(&seen, &[]).await.has_status(404);
        speaker.post_form(&travel, &[("do", "delete")]).await.redirect();
        let gone = protocol.get(&format!("{list}?only=news")).await;
        assert!(gone.ok().contains("no journey any more") && !gone.ok().contains("23:50"), "{}", gone.body);
        protocol.post_form(&seen, &[]).await.redirect();
        let rows: i64 = stage.app.read(|db| speaker_travel::table.count().get_result(db)).await;
        assert_eq!(rows, 0);
        stage.app.stop().await;
    }

    async fn an_assistant_without_travel_does_not_see_it(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        let assistants = format!("{}/assistants", stage.page);
        let visitor = stage.app.visitor();
        let fields = [("name", "Charles"), ("email", "charles@example.org"), ("language", "en")];
        visitor.post_form(&assistants, &fields).await.redirect();
        let page = stage.app.mail_to("charles@example.org").await.remove(0).link("/summit/s/");
        visitor.get(&format!("{page}/travel")).await.has_status(403);
        assert!(!visitor.get(&page).await.ok().contains("Your travel"));
        visitor.get(&format!("{page}/needs")).await.ok();
        let fields = [("name", "Mary"), ("email", "mary@example.org"), ("language", "en"), ("may_travel", "on")];
        visitor.post_form(&assistants, &fields).await.redirect();
        let page = stage.app.mail_to("mary@example.org").await.remove(0).link("/summit/s/");
        visitor.get(&format!("{page}/travel")).await.ok();
        stage.app.stop().await;
    }

    async fn needs_and_consent_reach_the_organizers_of_the_session(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        let speaker = stage.app.visitor();
        let fields = [("version", "0"), ("speaks", "fr"), ("where", "remote"), ("equipment", "A lectern")];
        speaker.post_form(&format!("{}/needs", stage.page), &fields).await.redirect();
        let preparation = format!("{}/preparation", stage.session);
        let shown = stage.organizer.get(&preparation).await;
        assert!(shown.ok().contains("A lectern") && shown.ok().contains("is not interpreted from it"));
        speaker.get(&format!("{}/recording", stage.page)).await.has_status(404);

        let text = [("number", "0"), ("text.en", "I agree to be recorded.")];
        stage.organizer.post_form("/organizer/summit/recording", &text).await.redirect();
        let asked = speaker.get(&format!("{}/recording", stage.page)).await;
        assert!(asked.ok().contains("I agree to be recorded."));
        let agree = [("do", "agree"), ("number", "1")];
        speaker.post_form(&format!("{}/recording", stage.page), &agree).await.redirect();
        assert!(stage.organizer.get(&preparation).await.ok().contains("may be recorded"));

        let newer = [("number", "1"), ("text.en", "I agree to be recorded and shown.")];
        stage.organizer.post_form("/organizer/summit/recording", &newer).await.redirect();
        assert!(stage.organizer.get(&preparation).await.ok().contains("has not agreed"), "asked anew");
        speaker.post_form(&format!("{}/recording", stage.page), &agree).await.has_status(409);
        let agree = [("do", "agree"), ("number", "2")];
        speaker.post_form(&format!("{}/recording", stage.page), &agree).await.redirect();
        speaker.post_form(&format!("{}/recording", stage.page), &[("do", "withdraw")]).await.redirect();
        let kept: Vec<(i32, bool)> = stage
            .app
            .read(|db| {
                recording_consents::table
                    .order(recording_consents::number)
                    .select((recording_consents::number, recording_consents::withdrawn_at.is_not_null()))
                    .load(db)
            })
            .await;
        assert_eq!(kept, [(1, true), (2, true)], "what was said when is kept");
        stage.app.stop().await;
    }

    async fn the_page_says_what_is_missing_and_the_speaker_fills_it_in(db: TestDatabase) {
        let stage = Stage::set(db, &[]).await;
        let speaker = stage.app.visitor();
        assert!(speaker.get(&stage.page).await.ok().contains("4 things are still missing"));
        let profile = format!("{}/profile", stage.page);
        let version = speaker.get(&profile).await.input("version");
        let fields = [
            ("version", version.as_str()),
            ("name", "Ada Lovelace"),
            ("position.en", "Countess"),
            ("position.zh", "伯爵夫人"),
            ("organisation.en", "Analytical Society"),
            ("organisation.zh", "分析学会"),
            ("biography.en", "Wrote the first programme."),
            ("biography.zh", "编写了第一个程序。"),
            ("country", "GB"),
            ("email", "stolen@example.org"),
        ];
        // Looking first: what is typed stands in the fields and in the preview, in each language, and nothing is kept.
        let mut looking = fields.to_vec();
        looking.push(("do", "preview"));
        let preview = speaker.post_form(&profile, &looking).await;
        let shown = preview.ok().split("id=\"preview\"").nth(1).expect("a preview");
        for words in ["Countess", "伯爵夫人", "Analytical Society · United Kingdom", "<p>编写了第一个程序。</p>"] {
            assert!(shown.contains(words), "{words}: {shown}");
        }
        assert_eq!(preview.input("position.en"), "Countess");
        assert!(!speaker.get(&profile).await.ok().contains("Countess"));
        speaker.post_form(&profile, &fields).await.redirect();
        speaker.post_form(&profile, &fields).await.has_status(409);
        assert!(speaker.get(&stage.page).await.ok().contains("3 things are still missing"));
        let ada = stage.ada;
        let email: Option<String> =
            stage.app.read(move |db| speakers::table.find(ada).select(speakers::email).first(db)).await;
        assert_eq!(email.as_deref(), Some("ada@example.org"), "links go to it: organizers change it");
        stage.uploads("talk.pdf", pdf("one"), &[]).await.redirect();
        assert!(speaker.get(&stage.page).await.ok().contains("2 things are still missing"));
        let board = stage.organizer.get("/organizer/summit/speakers/board").await;
        assert!(board.ok().contains("100 %"), "the board counts the profile");
        stage.app.stop().await;
    }
}

/// The rules as the form holds them.
fn stage_rules(shown: &Answer) -> Vec<(String, String)> {
    let mut fields = vec![("version".to_owned(), shown.input("version"))];
    for kind in plenary::reminders::model::ReminderKind::ALL {
        fields.push((format!("{kind}_steps"), shown.input(&format!("{kind}_steps"))));
    }
    fields
}
