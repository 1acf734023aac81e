//! Speakers with their photos, and the forums and formats that sessions are sorted by.

use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp};
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::audit::Actor;
use plenary::db::schema::{
    audit_entries, events, files, forums, membership_forums, releases, session_speakers, sessions, speakers,
};
use plenary::db::{FileId, FormatId, ForumId, ReleaseId, SessionId, SpeakerId};
use plenary::i18n::{Lang, Localized};
use plenary::programme::model::{Access, Role as Part, SessionFacts, SessionState};
use plenary::speakers::model::SpeakerFacts;
use std::io::Cursor;

/// A picture of one colour.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = image::RgbImage::from_pixel(width, height, image::Rgb([20, 120, 60]));
    picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).expect("a png");
    bytes
}

/// Sends the form of a photo.
async fn uploads(client: &Client, speaker: SpeakerId, version: &str, file: Vec<u8>) -> Answer {
    let file = reqwest::multipart::Part::bytes(file).file_name("photo.png");
    let form = reqwest::multipart::Form::new().text("version", version.to_owned()).part("photo", file);
    let request = client.request(reqwest::Method::POST, &format!("/organizer/summit/speakers/{speaker}/photo"));
    client.send(request.multipart(form)).await
}

async fn given_speaker(app: &TestApp, name: &str, organisation: &str, country: Option<&str>) -> SpeakerId {
    let event = app.event().await.id;
    let facts = SpeakerFacts {
        name: name.to_owned(),
        native_name: None,
        position: Localized::new(),
        organisation: Localized::single(Lang::EN, organisation),
        country: country.map(ToOwned::to_owned),
        biography: Localized::new(),
        email: Some("person@example.org".to_owned()),
        language: None,
    };
    let made =
        app.app.write(move |db, now| plenary::speakers::operations::create(db, now, Actor::CommandLine, event, &facts));
    made.await.expect("a new speaker")
}

/// A session in a forum, a format or neither, with one speaker.
async fn given_session(
    app: &TestApp,
    strand: (Option<ForumId>, Option<FormatId>),
    speaker: Option<SpeakerId>,
) -> SessionId {
    let event = app.event().await.id;
    let facts = SessionFacts {
        title: Localized::single(Lang::EN, "Rivers and data"),
        subtitle: Localized::new(),
        abstract_text: Localized::new(),
        description: Localized::new(),
        format: strand.1,
        forum: strand.0,
        language: None,
        interpreted: Vec::new(),
        access: Access::Open,
        capacity: None,
        expected: None,
        buffer_before: 0,
        buffer_after: 0,
        state: SessionState::Draft,
        may_record: true,
        links: Vec::new(),
        people: speaker.map(|speaker| (speaker, Part::Speaker)).into_iter().collect(),
    };
    let made = app
        .app
        .write(move |db, now| plenary::programme::operations::create(db, now, Actor::CommandLine, event, &facts));
    made.await.expect("a new session")
}

async fn photo_of(app: &TestApp, speaker: SpeakerId) -> Option<FileId> {
    app.read(move |db| speakers::table.find(speaker).select(speakers::photo_id).first(db)).await
}

async fn stored_files(app: &TestApp) -> i64 {
    app.read(|db| files::table.count().get_result(db)).await
}

/// The id at the end of an address.
fn id_in<T: std::str::FromStr>(address: &str) -> T {
    let id = address.rsplit('/').next().expect("an id");
    id.parse().unwrap_or_else(|_| panic!("no id in {address}"))
}

const ADA: [(&str, &str); 10] = [
    ("name", "Ada Lovelace"),
    ("native_name", ""),
    ("position.en", "Mathematician"),
    ("position.zh", "数学家"),
    ("organisation.en", "Analytical Society"),
    ("organisation.zh", "分析学会"),
    ("biography.en", "Wrote the *first* programme."),
    ("country", "GB"),
    ("email", "ada@example.org"),
    ("language", "zh"),
];

on_both_databases! {
    async fn a_speaker_is_added_changed_and_found(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get("/organizer/summit/speakers").await.ok().contains("No speakers yet"));
        organizer.get("/organizer/summit/speakers/new").await.ok();
        let made = organizer.post_form("/organizer/summit/speakers/new", &ADA).await;
        let (address, id) = (made.redirect().to_owned(), id_in::<SpeakerId>(made.redirect()));
        let page = organizer.get(&address).await;
        assert!(page.ok().contains("Ada Lovelace") && page.says("数学家") && page.says("You can add a photo now"));
        assert_eq!((page.input("version"), page.input("email")), ("1".to_owned(), "ada@example.org".to_owned()));

        let mut changed = ADA.to_vec();
        changed[1] = ("native_name", "阿达·洛芙莱斯");
        changed.push(("version", "1"));
        assert_eq!(organizer.post_form(&address, &changed).await.redirect(), "/organizer/summit/speakers");
        let list = organizer.get("/organizer/summit/speakers?q=ANALYTICAL+洛芙莱斯").await;
        assert!(list.ok().contains(&address) && list.says("1 speaker") && list.says("United Kingdom"));
        assert!(!organizer.get("/organizer/summit/speakers?q=babbage").await.ok().contains(&address));
        let (code, key): (String, String) =
            app.read(move |db| speakers::table.find(id).select((speakers::code, speakers::search_key)).first(db)).await;
        assert_eq!((code.as_str(), key.as_str()), ("ada-lovelace", "ada lovelace 阿达·洛芙莱斯 analytical society 分析学会"));
        let actions: Vec<String> = app
            .read(|db| audit_entries::table.filter(audit_entries::subject_kind.eq("speaker")).order(audit_entries::id).select(audit_entries::action).load(db))
            .await;
        assert_eq!(actions, ["speaker.created", "speaker.changed"]);
        let draft: i64 = app.read(|db| events::table.select(events::draft_version).first(db)).await;
        assert_eq!(draft, 3, "the draft's other users must notice");
    }

    async fn every_wrong_field_of_a_speaker_is_told_and_what_was_typed_stays(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let long = "x".repeat(201);
        for (field, value, words) in [
            ("name", " ", "Please fill this in"),
            ("name", long.as_str(), "at most 200 characters"),
            ("country", "XX", "choose a country"),
            ("email", "ada", "name@example.org"),
            ("language", "tlh", "choose a language from the list"),
            ("organisation.zh", long.as_str(), "at most 200 characters"),
        ] {
            let form: Vec<_> = ADA.iter().map(|(name, old)| (*name, if *name == field { value } else { *old })).collect();
            let answer = organizer.post_form("/organizer/summit/speakers/new", &form).await;
            let page = answer.has_status(422);
            assert!(page.contains(words), "{field}");
            assert_eq!(page.matches("class=\"field-error\"").count(), 1, "{field}");
            assert!(page.contains("数学家"), "{field}");
        }
    }

    async fn two_who_edit_a_speaker_at_once_see_each_others_work(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = given_speaker(&app, "Ada", "Society", None).await;
        let address = format!("/organizer/summit/speakers/{id}");
        organizer.post_form(&address, &[("version", "1"), ("name", "Ada L.")]).await.redirect();
        let late = organizer.post_form(&address, &[("version", "1"), ("name", "Countess Ada")]).await;
        assert!(late.has_status(409).contains("Ada L.") && late.says("Countess Ada"));
        assert_eq!(late.input("version"), "2");
        let same = organizer.post_form(&address, &[("version", "1"), ("name", "Ada L.")]).await;
        assert_eq!(same.redirect(), "/organizer/summit/speakers", "both wrote the same");

        let stale = organizer.post_form(&format!("{address}/delete"), &[("version", "1")]).await;
        stale.has_status(409);
        let asks = organizer.get(&format!("{address}/delete")).await;
        assert!(asks.ok().contains("They are in no session"));
        let gone = organizer.post_form(&format!("{address}/delete"), &[("version", &asks.input("version"))]).await;
        assert_eq!(gone.redirect(), "/organizer/summit/speakers");
        organizer.get(&address).await.has_status(404);
    }

    async fn the_list_is_sorted_filtered_and_paged(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for number in 0..51 {
            given_speaker(&app, &format!("Person {number:02}"), "Office", Some("FR")).await;
        }
        let zoe = given_speaker(&app, "Zoë Álvarez", "Bureau", Some("ES")).await;
        given_session(&app, (None, None), Some(zoe)).await;
        let first = organizer.get("/organizer/summit/speakers").await;
        assert!(first.ok().contains("Person 00") && first.says("Person 49") && !first.says("Person 50"));
        assert!(first.says("52 speakers") && first.says("page=2"));
        let second = organizer.get("/organizer/summit/speakers?page=2").await;
        assert!(second.ok().contains("Person 50") && second.says("Zoë") && second.says("page=1"));
        let most = organizer.get("/organizer/summit/speakers?sort=-sessions").await;
        assert!(most.ok().contains("Zoë") && most.says("aria-sort=\"descending\""));
        let last = organizer.get("/organizer/summit/speakers?sort=-name").await;
        assert!(last.ok().contains("Zoë"));
        for address in ["?q=zoe+alvarez", "?country=ES", "?photo=no&country=ES"] {
            let page = organizer.get(&format!("/organizer/summit/speakers{address}")).await;
            assert!(page.ok().contains("1 speaker") && page.says("Zoë") && !page.says("Person"), "{address}");
        }
        assert!(organizer.get("/organizer/summit/speakers?photo=yes").await.ok().contains("Nobody fits"));
        organizer.get("/organizer/summit/speakers?page=99999999999999&sort=nonsense").await.ok();
    }

    async fn a_photo_is_kept_as_two_squares_and_served_for_ever(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = given_speaker(&app, "Ada", "Society", None).await;
        let address = format!("/organizer/summit/speakers/{id}");
        assert_eq!(uploads(&organizer, id, "1", png(900, 500)).await.redirect(), address);
        let photo = photo_of(&app, id).await.expect("a photo");
        assert!(organizer.get(&address).await.ok().contains(&format!("/media/{photo}/160.jpg")));
        assert!(organizer.get("/organizer/summit/speakers?photo=yes").await.ok().contains("Ada"));
        for size in [640, 160] {
            let visitor = app.visitor();
            let path = format!("/media/{photo}/{size}.jpg");
            let answer = visitor.get(&path).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, "image/jpeg"));
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            let picture = image::load_from_memory(&answer.bytes).expect("a picture");
            assert_eq!((picture.width(), picture.height()), (size, size));
            let again = visitor.request(reqwest::Method::GET, &path).header("if-none-match", answer.header("etag"));
            let again = visitor.send(again).await;
            assert_eq!((again.status, again.bytes.len()), (304, 0));
        }
        for unknown in [format!("/media/{photo}/641.jpg"), format!("/media/{}/160.jpg", FileId::new()), "/media/x/160.jpg".to_owned()] {
            app.visitor().get(&unknown).await.has_status(404);
        }

        uploads(&organizer, id, "2", png(400, 400)).await.redirect();
        let newer = photo_of(&app, id).await.expect("a photo");
        assert_ne!(photo, newer);
        app.visitor().get(&format!("/media/{photo}/640.jpg")).await.has_status(404);
        assert_eq!(stored_files(&app).await, 1, "the one before is gone");

        let remove = reqwest::multipart::Form::new().text("version", "3").text("remove", "on");
        let request = organizer.request(reqwest::Method::POST, &format!("{address}/photo")).multipart(remove);
        assert_eq!(organizer.send(request).await.redirect(), address);
        assert_eq!((photo_of(&app, id).await, stored_files(&app).await), (None, 0));
        app.visitor().get(&format!("/media/{newer}/640.jpg")).await.has_status(404);
    }

    async fn a_photo_that_is_released_stays_until_nothing_shows_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (event, id) = (app.event().await.id, given_speaker(&app, "Ada", "Society", None).await);
        uploads(&organizer, id, "1", png(400, 400)).await.redirect();
        let photo = photo_of(&app, id).await.expect("a photo");
        app.write(move |db, now| {
            let content = format!("{{\"photo\":\"{photo}\"}}");
            diesel::insert_into(releases::table)
                .values((
                    releases::id.eq(ReleaseId::new()),
                    releases::event_id.eq(event),
                    releases::number.eq(1),
                    releases::name.eq("1"),
                    releases::note.eq(""),
                    releases::content.eq(content),
                    releases::created_at.eq(now),
                ))
                .execute(db)
        })
        .await;
        uploads(&organizer, id, "2", png(500, 500)).await.redirect();
        let deleted = organizer.post_form(&format!("/organizer/summit/speakers/{id}/delete"), &[("version", "3")]).await;
        deleted.redirect();
        app.visitor().get(&format!("/media/{photo}/640.jpg")).await.ok();
        assert_eq!(stored_files(&app).await, 1, "only what the release shows");
    }

    async fn a_file_that_is_no_photo_is_refused_beside_its_field_and_nothing_is_kept(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.photo_bytes", "200000")]).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = given_speaker(&app, "Ada", "Society", None).await;
        let mut noise = png(400, 400);
        noise.resize(200_001, 7);
        for (file, words) in [
            (b"<html>not a picture</html>".to_vec(), "no picture that we can read"),
            (png(400, 400)[..50].to_vec(), "no picture that we can read"),
            (Vec::new(), "Please choose a file first"),
            (png(300, 900), "at least 320 pixels"),
            (png(12_001, 320), "at most 12000 pixels"),
            (noise, "at most 0.2 MB"),
        ] {
            let answer = uploads(&organizer, id, "1", file).await;
            let page = answer.has_status(422);
            assert!(page.contains(words), "{words}: {page}");
            assert_eq!(page.matches("class=\"field-error\"").count(), 1, "{words}");
        }
        let stale = uploads(&organizer, id, "0", png(400, 400)).await;
        assert!(stale.has_status(409).contains("Someone else changed this speaker"));
        assert_eq!((photo_of(&app, id).await, stored_files(&app).await), (None, 0));
        let folder = std::fs::read_dir(app.app.files.url()).expect("the folder");
        let left = folder.flat_map(|entry| std::fs::read_dir(entry.expect("an entry").path()).into_iter().flatten());
        assert_eq!(left.count(), 0, "no bytes are left behind");
        organizer.post_form(&format!("/organizer/summit/speakers/{id}/photo"), &[("version", "1")]).await.has_status(400);
    }

    async fn a_forum_organizer_edits_the_people_of_their_forums(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let event = app.event().await.id;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for name in ["Water", "Energy"] {
            let form = [("name.en", name), ("color", "#1c7ed6")];
            organizer.post_form("/organizer/summit/forums/new", &form).await.redirect();
        }
        let ids: Vec<ForumId> = app.read(|db| forums::table.order(forums::position).select(forums::id).load(db)).await;
        let user = app.given_account("water@example.org", "Water", false).await;
        let membership = app.given_role(event, user, TeamRole::ForumOrganizer).await;
        let own = ids[0];
        app.write(move |db, _| {
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(membership), membership_forums::forum_id.eq(own)))
                .execute(db)
        })
        .await;
        let client = app.visitor();
        client.signs_in("water@example.org").await;
        let [free, mine, theirs, both] = [
            given_speaker(&app, "Free", "A", None).await,
            given_speaker(&app, "Mine", "B", None).await,
            given_speaker(&app, "Theirs", "C", None).await,
            given_speaker(&app, "Both", "D", None).await,
        ];
        for (speaker, forum) in [(mine, ids[0]), (theirs, ids[1]), (both, ids[0]), (both, ids[1])] {
            given_session(&app, (Some(forum), None), Some(speaker)).await;
        }
        for (speaker, edit, delete) in [(free, 303, 200), (mine, 303, 200), (theirs, 403, 403), (both, 303, 403)] {
            let address = format!("/organizer/summit/speakers/{speaker}");
            let page = client.get(&address).await;
            assert_eq!(page.ok().contains("Save the speaker"), edit == 303);
            assert_eq!(page.says("Delete this speaker"), delete == 200);
            client.post_form(&address, &[("version", "1"), ("name", "Renamed")]).await.has_status(edit);
            client.get(&format!("{address}/delete")).await.has_status(delete);
            let photo = uploads(&client, speaker, "2", png(400, 400)).await;
            photo.has_status(edit);
        }
        client.post_form(&format!("/organizer/summit/speakers/{both}/delete"), &[("version", "3")]).await.has_status(403);
        let observer = app.signed_in_as(Role::Observer).await;
        let page = observer.get(&format!("/organizer/summit/speakers/{theirs}")).await;
        assert!(!page.ok().contains("person@example.org"), "addresses are for those who edit");
        uploads(&observer, theirs, "1", png(400, 400)).await.has_status(403);
    }

    async fn deleting_a_speaker_says_in_how_many_sessions_they_are(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = given_speaker(&app, "Ada", "Society", None).await;
        for _ in 0..2 {
            given_session(&app, (None, None), Some(id)).await;
        }
        let address = format!("/organizer/summit/speakers/{id}");
        assert!(organizer.get(&address).await.ok().contains("Rivers and data"));
        assert!(organizer.get(&format!("{address}/delete")).await.ok().contains("They are in 2 sessions"));
        organizer.post_form(&format!("{address}/delete"), &[("version", "1")]).await.redirect();
        let left: (i64, i64) = app
            .read(|db| Ok((session_speakers::table.count().get_result(db)?, sessions::table.count().get_result(db)?)))
            .await;
        assert_eq!(left, (0, 2), "the sessions stay");
    }

    async fn forums_are_added_changed_and_deleted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let base = "/organizer/summit/forums";
        assert!(organizer.get(base).await.ok().contains("No forums yet"));
        let form = [("name.en", "Water & Life"), ("name.zh", "水与生命"), ("color", "#1C7ED6"), ("description.en", "All about water.")];
        assert_eq!(organizer.post_form(&format!("{base}/new"), &form).await.redirect(), base);
        assert_eq!(organizer.post_form(&format!("{base}/new"), &form).await.redirect(), base, "its code is made free");
        let rows: Vec<(ForumId, String, String, i32)> = app
            .read(|db| forums::table.order(forums::position).select((forums::id, forums::code, forums::color, forums::position)).load(db))
            .await;
        assert_eq!((rows[0].1.as_str(), rows[0].2.as_str(), rows[0].3), ("water-life", "#1c7ed6", 1));
        assert_eq!((rows[1].1.as_str(), rows[1].3), ("water-life-2", 2));
        let address = format!("{base}/{}", rows[0].0);
        for (field, value, words) in [
            ("name.en", "", None),
            ("color", "blue", Some("Please choose a colour")),
            ("code", "Not a code", Some("small letters, digits and hyphens")),
            ("code", "water-life-2", Some("Another one has this code")),
            ("position", "-1", Some("from 0 to")),
        ] {
            let mut form = vec![("version", "1"), ("name.en", "Water"), ("color", "#1c7ed6"), ("code", "water"), ("position", "1")];
            form.iter_mut().filter(|(name, _)| *name == field).for_each(|pair| pair.1 = value);
            let answer = organizer.post_form(&address, &form).await;
            assert!(answer.has_status(422).contains(words.unwrap_or("Please fill this in")), "{field} = {value}");
        }
        let faint = [("version", "1"), ("name.en", "Water"), ("color", "#ffff99"), ("code", "water"), ("position", "5")];
        organizer.post_form(&address, &faint).await.redirect();
        let list = organizer.get(base).await;
        assert!(list.ok().contains("hard to see on a white page") && list.says("#ffff99"));
        assert!(organizer.get(&address).await.ok().contains("A darker one"), "told where it can be changed");
        let late = organizer.post_form(&address, &[("version", "1"), ("name.en", "Wasser"), ("color", "#1c7ed6")]).await;
        assert!(late.has_status(409).contains("Wasser") && late.says("#ffff99"));

        let session = given_session(&app, (Some(rows[0].0), None), None).await;
        let asks = organizer.get(&format!("{address}/delete")).await;
        assert!(asks.ok().contains("One session belongs to it"));
        organizer.post_form(&format!("{address}/delete"), &[("version", "1")]).await.has_status(409);
        organizer.post_form(&format!("{address}/delete"), &[("version", &asks.input("version"))]).await.redirect();
        let forum: Option<ForumId> = app.read(move |db| sessions::table.find(session).select(sessions::forum_id).first(db)).await;
        assert_eq!(forum, None, "the session stays without a forum");
        organizer.get(&address).await.has_status(404);
    }

    async fn formats_are_added_changed_and_deleted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let base = "/organizer/summit/formats";
        for minutes in ["4", "1441", "", "an hour"] {
            organizer.post_form(&format!("{base}/new"), &[("name.en", "Talk"), ("minutes", minutes)]).await.has_status(422);
        }
        let form = [("name.zh", "主旨演讲"), ("minutes", "30")];
        organizer.post_form(&format!("{base}/new"), &form).await.redirect();
        let id: FormatId = app.read(|db| plenary::db::schema::formats::table.select(plenary::db::schema::formats::id).first(db)).await;
        let address = format!("{base}/{id}");
        let page = organizer.get(&address).await;
        assert_eq!((page.input("code"), page.input("minutes")), ("zhu-zhi-yan-jiang".to_owned(), "30".to_owned()));
        let changed = [("version", "1"), ("name.zh", "主旨演讲"), ("name.en", "Keynote"), ("minutes", "45"), ("code", "keynote")];
        organizer.post_form(&address, &changed).await.redirect();
        organizer.post_form(&address, &[("version", "1"), ("name.en", "Speech"), ("minutes", "20")]).await.has_status(409);
        assert!(organizer.get(base).await.ok().contains("Keynote"));
        let session = given_session(&app, (None, Some(id)), None).await;
        assert!(organizer.get(&format!("{address}/delete")).await.ok().contains("One session has it"));
        organizer.post_form(&format!("{address}/delete"), &[("version", "2")]).await.redirect();
        let format: Option<FormatId> = app.read(move |db| sessions::table.find(session).select(sessions::format_id).first(db)).await;
        assert_eq!(format, None);
        let observer = app.signed_in_as(Role::Observer).await;
        assert!(!observer.get(base).await.ok().contains("/formats/new"));
    }
}
