//! Sessions: making, editing, finding them, and who may.

use crate::on_both_databases;
use crate::support::{Answer, Role, TestApp, given};
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::db::schema::{audit_entries, events, membership_forums, memberships, session_speakers, sessions};
use plenary::db::{MembershipId, SpeakerId};
use plenary::programme::model::{Role as Part, SessionState};

const NEW: &str = "/organizer/summit/sessions/new";
const LIST: &str = "/organizer/summit/sessions";

/// The titles of a list page, in order.
fn titles(answer: &Answer) -> Vec<String> {
    let rows = answer.ok().split("class=\"main-cell\"").skip(1);
    rows.map(|row| row.split("</span>").next().unwrap_or_default().rsplit('>').next().unwrap_or_default().to_owned())
        .collect()
}

/// The states that a session's page offers.
fn offered(answer: &Answer) -> Vec<&str> {
    let page = answer.ok();
    let select = page.split("<select id=\"state\"").nth(1).and_then(|rest| rest.split("</select>").next());
    let options = select.expect("the states").split("value=\"").skip(1);
    options.filter_map(|option| option.split('"').next()).collect()
}

on_both_databases! {
    async fn a_session_is_made_edited_and_deleted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.get(NEW).await.ok();
        let session = given::session(&organizer, "Opening  ceremony", &[
            ("title.zh", "开幕式"), ("abstract.en", "One\r\ntwo"), ("language", "ZH"), ("interpreted", "en, fr，en"),
            ("capacity", "300"), ("may_record", "on"), ("link.0", "https://example.org/slides"), ("link_title.0", "Slides"),
            ("link_kind.0", "attachment"),
        ]).await;
        let page = organizer.get(&session).await;
        assert_eq!((page.input("title.en"), page.input("title.zh")), ("Opening ceremony".to_owned(), "开幕式".to_owned()));
        assert_eq!((page.input("language"), page.input("interpreted")), ("zh".to_owned(), "en, fr".to_owned()));
        assert_eq!((page.input("link.0"), page.input("link_title.0")), ("https://example.org/slides".to_owned(), "Slides".to_owned()));
        assert!(!page.says("/summit/sessions/opening-ceremony"), "nobody outside can see it yet");

        let edited = [("version", "1"), ("title.en", "Closing ceremony"), ("state", "confirmed")];
        assert_eq!(organizer.post_form(&session, &edited).await.redirect(), session);
        let page = organizer.get(&session).await;
        assert_eq!((page.input("version"), page.input("title.zh")), ("2".to_owned(), String::new()));
        let code: String = app.read(|db| sessions::table.select(sessions::code).first(db)).await;
        assert_eq!(code, "opening-ceremony", "addresses stay");

        assert_eq!(organizer.post_form(&format!("{session}/delete"), &[]).await.redirect(), LIST);
        organizer.get(&session).await.has_status(404);
        organizer.post_form(&format!("{session}/delete"), &[]).await.has_status(404);
        let actions: Vec<String> = app.read(|db| audit_entries::table
            .filter(audit_entries::subject_kind.eq("session")).order(audit_entries::id).select(audit_entries::action).load(db)).await;
        assert_eq!(actions, ["session.created", "session.changed", "session.deleted"]);
        let counted = app.read(|db| events::table.select((events::public_version, events::draft_version)).first::<(i64, i64)>(db)).await;
        assert_eq!(counted.0, 1, "the public sees nothing of the draft");
        assert!(counted.1 > 3, "but the team does");
    }

    async fn every_wrong_field_of_a_session_is_told(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given::speaker(&app, "ada", "Ada Lovelace", None).await;
        let right = [("title.en", "Opening"), ("subtitle.en", "Kept as typed"), ("person.0", "Ada Lovelace"), ("role.0", "chair")];
        let long = "长".repeat(201);
        for (field, value, words) in [
            ("title.en", " ", "Please fill this in"),
            ("title.en", long.as_str(), "at most 200"),
            ("capacity", "0", "1"),
            ("capacity", "many", "number"),
            ("language", "english!", "language codes"),
            ("interpreted", "en, klingon!", "language codes"),
            ("state", "confirmed", "can&#x27;t go from its present state"),
            ("state", "famous", "choose a state"),
            ("format", "00000000-0000-7000-8000-000000000000", "choose a format"),
            ("forum", "00000000-0000-7000-8000-000000000000", "choose a forum"),
            ("link.0", "javascript:alert(1)", "begins with http"),
            ("person.1", "Nobody Known", "add the speaker first"),
            ("person.1", "Ada Lovelace (ada)", ""),
        ] {
            let mut fields: Vec<(&str, &str)> = right.iter().copied().filter(|(name, _)| *name != field).collect();
            fields.push((field, value));
            let answer = organizer.post_form(NEW, &fields).await;
            if words.is_empty() {
                // In another role one may take part twice.
                answer.redirect();
                continue;
            }
            let page = answer.has_status(422);
            assert!(page.contains(words), "{field} = {value}");
            assert_eq!(page.matches("class=\"error-summary\"").count(), 1);
            assert!(page.contains("Kept as typed"), "what was typed stays");
        }
        let twice = [("title.en", "Opening"), ("person.0", "Ada Lovelace"), ("person.1", "ada")];
        assert!(organizer.post_form(NEW, &twice).await.has_status(422).contains("named twice"));
        organizer.post_form(NEW, &[]).await.has_status(422);
        let count: i64 = app.read(|db| sessions::table.count().get_result(db)).await;
        assert_eq!(count, 1);
    }

    async fn people_take_part_in_the_order_given(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let ada = given::speaker(&app, "ada", "Ada Lovelace", None).await;
        let li = given::speaker(&app, "li", "Li Xiaoming", Some("李晓明")).await;
        let session = given::session(&organizer, "Panel", &[
            ("person.0", "Li Xiaoming (li)"), ("role.0", "moderator"), ("person.4", "ada"), ("role.4", "panellist"),
        ]).await;
        let parts = || async {
            app.read(|db| session_speakers::table.order(session_speakers::position)
                .select((session_speakers::speaker_id, session_speakers::role)).load::<(SpeakerId, Part)>(db)).await
        };
        assert_eq!(parts().await, [(li, Part::Moderator), (ada, Part::Panellist)]);
        let page = organizer.get(&session).await;
        assert_eq!((page.input("person.0"), page.input("person.1")), ("Li Xiaoming (li)".to_owned(), "Ada Lovelace (ada)".to_owned()));
        let turned = [("version", "1"), ("title.en", "Panel"), ("state", "accepted"), ("person.0", "ada"), ("role.0", "speaker")];
        organizer.post_form(&session, &turned).await.redirect();
        assert_eq!(parts().await, [(ada, Part::Speaker)]);
    }

    async fn only_steps_that_lead_somewhere_are_offered(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert_eq!(offered(&organizer.get(NEW).await), ["draft", "proposed", "accepted", "withdrawn"]);
        let session = given::session(&organizer, "Opening", &[]).await;
        for (version, state) in [("1", "confirmed"), ("2", "cancelled"), ("3", "accepted")] {
            assert!(offered(&organizer.get(&session).await).contains(&state), "{state}");
            let step = [("version", version), ("title.en", "Opening"), ("state", state)];
            organizer.post_form(&session, &step).await.redirect();
        }
        let back = [("version", "4"), ("title.en", "Opening"), ("state", "draft")];
        organizer.post_form(&session, &back).await.has_status(422);
        let state: SessionState = app.read(|db| sessions::table.select(sessions::state).first(db)).await;
        assert_eq!(state, SessionState::Accepted);
    }

    async fn who_saves_second_sees_what_the_first_has_written(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given::session(&organizer, "Opening", &[]).await;
        let by = |title: &'static str, version: &'static str| [("version", version), ("title.en", title), ("state", "accepted"), ("access", "open")];
        organizer.post_form(&session, &by("Opening ceremony", "1")).await.redirect();
        let refused = organizer.post_form(&session, &by("Grand opening", "1")).await;
        assert!(refused.has_status(409).contains("Opening ceremony"), "what is stored is shown");
        assert_eq!((refused.input("title.en"), refused.input("version")), ("Grand opening".to_owned(), "2".to_owned()));
        organizer.post_form(&session, &by("Opening ceremony", "1")).await.redirect();
        organizer.post_form(&session, &by("Grand opening", "2")).await.redirect();
        assert_eq!(organizer.get(&session).await.input("title.en"), "Grand opening");
    }

    async fn forum_organizers_edit_their_own_forums_only(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (own, other) = (given::forum(&app, "ai").await, given::forum(&app, "law").await);
        let room = given::room(&organizer, &app, "Hall", &[]).await;
        let editor = app.signed_in_as(Role::ForumOrganizer).await;
        app.write(move |db, _| {
            let member: MembershipId = memberships::table.filter(memberships::role.eq(TeamRole::ForumOrganizer))
                .select(memberships::id).first(db)?;
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(member), membership_forums::forum_id.eq(own)))
                .execute(db)
        }).await;
        let (own, other) = (own.to_string(), other.to_string());
        let theirs = given::session(&organizer, "Theirs", &[("forum", &other)]).await;
        let without = given::session(&organizer, "Without a forum", &[]).await;

        for forum in ["", other.as_str()] {
            let answer = editor.post_form(NEW, &[("title.en", "Mine"), ("forum", forum)]).await;
            assert!(answer.has_status(422).contains("choose one of your forums"));
        }
        let mine = given::session(&editor, "Mine", &[("forum", &own)]).await;
        given::place(&editor, &mine, room, "2027-04-13", "09:00").await;
        let away = [("version", "1"), ("title.en", "Mine"), ("state", "accepted"), ("forum", other.as_str())];
        editor.post_form(&mine, &away).await.has_status(422);

        for session in [&theirs, &without] {
            let page = editor.get(session).await;
            assert!(page.ok().contains("is for the organizers of its forum") && !page.says("Save the session"));
            let grab = [("version", "1"), ("title.en", "Mine now"), ("state", "accepted"), ("forum", own.as_str())];
            editor.post_form(session, &grab).await.has_status(403);
            for action in ["place", "unplace", "delete"] {
                editor.post_form(&format!("{session}/{action}"), &[]).await.has_status(403);
            }
        }
        let names: i64 = app.read(|db| sessions::table.filter(sessions::version.gt(1)).count().get_result(db)).await;
        assert_eq!(names, 0, "nothing was changed");
    }

    async fn observers_look_and_do_not_touch(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given::session(&organizer, "Opening", &[]).await;
        let observer = app.signed_in_as(Role::Observer).await;
        assert_eq!(titles(&observer.get(LIST).await), ["Opening"]);
        let page = observer.get(&session).await;
        assert!(page.ok().contains("Opening") && !page.says("Save the session") && !page.says("Place the session"));
        observer.post_form(&session, &[]).await.has_status(403);
        observer.get(NEW).await.has_status(403);
    }

    async fn sessions_are_found_filtered_and_sorted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(LIST).await.ok().contains("No sessions yet"));
        let (forum, format) = (given::forum(&app, "ai").await.to_string(), given::format(&app, "panel", 90).await.to_string());
        given::speaker(&app, "li", "Li Xiaoming", Some("李晓明")).await;
        let room = given::room(&organizer, &app, "Hall", &[]).await;
        let opening = given::session(&organizer, "Opening", &[("title.zh", "开幕式"), ("person.0", "li")]).await;
        let debate = given::session(&organizer, "Élan vital", &[("forum", &forum), ("format", &format), ("state", "proposed")]).await;
        given::session(&organizer, "Zebras", &[]).await;
        given::place(&organizer, &opening, room, "2027-04-14", "09:00").await;
        given::place(&organizer, &debate, room, "2027-04-13", "09:00").await;
        for (query, expected) in [
            ("", vec!["Élan vital", "Opening", "Zebras"]),
            ("?sort=-when", vec!["Zebras", "Opening", "Élan vital"]),
            ("?sort=title", vec!["Élan vital", "Opening", "Zebras"]),
            ("?sort=-title", vec!["Zebras", "Opening", "Élan vital"]),
            ("?sort=state", vec!["Élan vital", "Opening", "Zebras"]),
            ("?q=elan", vec!["Élan vital"]),
            ("?q=%E5%BC%80%E5%B9%95", vec!["Opening"]),
            ("?q=%E6%9D%8E%E6%99%93%E6%98%8E", vec!["Opening"]),
            ("?q=xiaoming", vec!["Opening"]),
            ("?state=proposed", vec!["Élan vital"]),
            ("?forum=ai", vec!["Élan vital"]),
            ("?format=panel&placed=yes", vec!["Élan vital"]),
            ("?placed=no", vec!["Zebras"]),
            ("?q=nothing+like+it", vec![]),
            ("?page=99999999999", vec![]),
            ("?forum=unknown", vec![]),
        ] {
            assert_eq!(titles(&organizer.get(&format!("{LIST}{query}")).await), expected, "{query}");
        }
        assert!(organizer.get(&format!("{LIST}?q=nothing")).await.ok().contains("No session fits"));
        for number in 1..=50 {
            given::session(&organizer, &format!("Talk {number}"), &[]).await;
        }
        let first = organizer.get(LIST).await;
        assert_eq!((titles(&first).len(), first.says("53 sessions")), (50, true));
        assert_eq!(titles(&organizer.get(&format!("{LIST}?page=2")).await).len(), 3);
    }

    async fn what_is_written_is_what_visitors_read(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given::room(&organizer, &app, "Lantern Hall", &[]).await;
        given::speaker(&app, "grace-hopper", "Grace Hopper", None).await;
        let session = given::session(&organizer, "Bridges between networks", &[
            ("title.zh", "网络之桥"), ("abstract.en", "How **bridges** are built."), ("access", "seat"), ("language", "en"),
            ("interpreted", "zh, fr"), ("person.0", "Grace Hopper (grace-hopper)"), ("role.0", "moderator"),
            ("link.0", "https://example.org/slides"), ("link_title.0", "Slides"),
        ]).await;
        given::place(&organizer, &session, room, "2027-04-13", "09:00").await;
        organizer.post_form("/organizer/summit/releases", &[("name", "1.0"), ("note", "First")]).await.redirect();
        let page = app.visitor().get("/summit/sessions/bridges-between-networks").await;
        for words in ["Bridges between networks", "How <strong>bridges</strong> are built.", "09:00–10:00", "Lantern Hall", "Grace Hopper", "Moderator", "Slides"] {
            assert!(page.ok().contains(words), "{words} is missing");
        }
        let chinese = app.visitor().get("/summit/sessions/bridges-between-networks?lang=zh").await;
        assert!(chinese.ok().contains("网络之桥") && chinese.says("lang=\"zh\""));
    }

    async fn a_deleted_session_stays_public_until_the_next_release(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        given::session(&organizer, "Kept", &[]).await;
        let gone = given::session(&organizer, "Gone", &[]).await;
        organizer.post_form("/organizer/summit/releases", &[("name", "1")]).await.redirect();
        organizer.post_form(&format!("{gone}/delete"), &[]).await.redirect();
        app.visitor().get("/summit/sessions/gone").await.ok();
        organizer.post_form("/organizer/summit/releases", &[("name", "2")]).await.redirect();
        app.visitor().get("/summit/sessions/gone").await.has_status(404);
    }
}
