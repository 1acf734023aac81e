//! Sessions are written, placed, released; what speaks against a draft is said.

use crate::on_both_databases;
use crate::support::app::{Answer, Client, Role, TestApp};
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::audit::Actor;
use plenary::db::schema::{forums, sessions, speakers};
use plenary::db::{ForumId, RoomId, SessionId, SpeakerId};
use plenary::i18n::{Lang, Localized};
use plenary::schedule::model::Programme;
use plenary::schedule::operations as schedule;

const SESSIONS: &str = "/organizer/summit/sessions";

/// Makes a session by form and gives its id.
async fn given_session(organizer: &Client, title: &str) -> SessionId {
    let answer = organizer
        .post_form(
            &format!("{SESSIONS}/new"),
            &[("title.en", title), ("access", "open"), ("state", "accepted"), ("may_record", "on")],
        )
        .await;
    answer.redirect().rsplit('/').next().expect("an id").parse().expect("an id")
}

async fn given_room(app: &TestApp, organizer: &Client, name: &str) -> RoomId {
    organizer
        .post_form("/organizer/summit/rooms/new", &[("name.en", name), ("capacity", "50"), ("booths", "0")])
        .await
        .redirect();
    let draft = draft(app).await;
    draft.rooms.iter().find(|room| room.name.get(Lang::EN) == Some(name)).expect("the room").id
}

async fn given_speaker(app: &TestApp, name: &'static str, code: &'static str) -> SpeakerId {
    let event = app.event().await.id;
    app.write(move |db, now| {
        let id = SpeakerId::new();
        let nothing = Localized::new();
        diesel::insert_into(speakers::table)
            .values((
                speakers::id.eq(id),
                speakers::event_id.eq(event),
                speakers::code.eq(code),
                speakers::guid.eq(id.as_str()),
                speakers::name.eq(name),
                speakers::position.eq(&nothing),
                speakers::organisation.eq(&nothing),
                speakers::biography.eq(&nothing),
                speakers::search_key.eq(code),
                speakers::version.eq(1),
                speakers::created_at.eq(now),
                speakers::updated_at.eq(now),
            ))
            .execute(db)?;
        Ok(id)
    })
    .await
}

async fn draft(app: &TestApp) -> Programme {
    let event = app.event().await.clone();
    app.read(move |db| Ok(schedule::draft_programme(db, &event)?)).await
}

async fn place(organizer: &Client, session: SessionId, room: RoomId, day: &str, start: &str, minutes: &str) -> Answer {
    let room = room.to_string();
    let fields = [("slot", ""), ("room", room.as_str()), ("day", day), ("start", start), ("minutes", minutes)];
    organizer.post_form(&format!("{SESSIONS}/{session}/place"), &fields).await
}

on_both_databases! {
    async fn a_session_is_written_placed_released_and_public(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given_room(&app, &organizer, "Lantern Hall").await;
        given_speaker(&app, "Grace Hopper", "grace-hopper").await;
        let session = given_session(&organizer, "Bridges between networks").await;
        let version = organizer.get(&format!("{SESSIONS}/{session}")).await.input("version");
        organizer
            .post_form(
                &format!("{SESSIONS}/{session}"),
                &[
                    ("version", version.as_str()),
                    ("title.en", "Bridges between networks"),
                    ("title.zh", "网络之桥"),
                    ("abstract.en", "How **bridges** are built."),
                    ("access", "seat"),
                    ("state", "accepted"),
                    ("language", "en"),
                    ("interpreted", "zh, fr"),
                    ("person.0", "Grace Hopper (grace-hopper)"),
                    ("role.0", "moderator"),
                    ("link.0", "https://example.org/slides"),
                    ("link_title.0", "Slides"),
                ],
            )
            .await
            .redirect();
        place(&organizer, session, room, "2027-04-13", "09:00", "45").await.redirect();
        app.refresh_site().await;
        app.visitor().get("/summit/sessions/bridges-between-networks").await.has_status(404);

        organizer.post_form("/organizer/summit/releases", &[("name", "1.0"), ("note", "First")]).await.redirect();
        let page = app.visitor().get("/summit/sessions/bridges-between-networks").await;
        for words in ["Bridges between networks", "How <strong>bridges</strong> are built.", "09:00–09:45", "Lantern Hall", "Grace Hopper", "Moderator", "Slides"] {
            assert!(page.ok().contains(words), "{words} is missing");
        }
        let chinese = app.visitor().get("/summit/sessions/bridges-between-networks?lang=zh").await;
        assert!(chinese.ok().contains("网络之桥"));
        assert!(chinese.ok().contains("lang=\"zh\""));
    }

    async fn every_wrong_field_of_a_session_is_named_and_nothing_typed_is_lost(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let answer = organizer
            .post_form(
                &format!("{SESSIONS}/new"),
                &[
                    ("title.en", ""),
                    ("abstract.en", "kept as typed"),
                    ("state", "draft"),
                    ("access", "open"),
                    ("language", "klingonish!"),
                    ("capacity", "-3"),
                    ("person.0", "Nobody At All"),
                    ("link.0", "javascript:alert(1)"),
                ],
            )
            .await;
        let page = answer.has_status(422);
        for field in ["title.en", "language", "capacity", "person.0", "link.0"] {
            assert!(page.contains(&format!("href=\"#{field}\"")), "{field} is not in the summary");
        }
        assert!(page.contains("kept as typed") && page.contains("Nobody At All"));
        let count: i64 = app.read(|db| Ok(sessions::table.count().get_result(db)?)).await;
        assert_eq!(count, 0);
    }

    async fn two_who_edit_one_session_lose_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given_session(&organizer, "Original").await;
        let url = format!("{SESSIONS}/{session}");
        let version = organizer.get(&url).await.input("version");
        let save = |title: &'static str| {
            let (organizer, url, version) = (&organizer, &url, version.as_str());
            async move { organizer.post_form(url, &[("version", version), ("title.en", title), ("access", "open"), ("state", "accepted")]).await }
        };
        save("The first one's title").await.redirect();
        let second = save("The second one's title").await;
        let page = second.has_status(409);
        assert!(page.contains("The first one&#x27;s title") || page.contains("The first one's title") || page.contains("first one"));
        assert!(page.contains("second one"));
        let draft = draft(&app).await;
        assert_eq!(draft.sessions[0].title.get(Lang::EN), Some("The first one's title"));
    }

    async fn what_speaks_against_a_place_is_shown(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (hall, loft) = (given_room(&app, &organizer, "Hall").await, given_room(&app, &organizer, "Loft").await);
        let (one, two) = (given_session(&organizer, "Session one").await, given_session(&organizer, "Session two").await);
        place(&organizer, one, hall, "2027-04-13", "09:00", "60").await.redirect();
        place(&organizer, two, hall, "2027-04-13", "09:30", "60").await.redirect();
        assert!(organizer.get(&format!("{SESSIONS}/{one}")).await.ok().contains("The room is taken by “Session two”"));
        let slot = draft(&app).await.sessions.iter().find(|session| session.id == two).expect("it").slots[0].id.to_string();
        let loft = loft.to_string();
        organizer
            .post_form(&format!("{SESSIONS}/{two}/place"), &[("slot", slot.as_str()), ("room", loft.as_str()), ("day", "2027-04-13"), ("start", "09:30"), ("minutes", "60")])
            .await
            .redirect();
        assert!(!organizer.get(&format!("{SESSIONS}/{one}")).await.ok().contains("The room is taken"));
        organizer.post_form(&format!("{SESSIONS}/{two}/unplace"), &[("slot", slot.as_str())]).await.redirect();
        assert_eq!(draft(&app).await.sessions.iter().find(|session| session.id == two).expect("it").slots, []);
    }

    async fn a_time_without_sense_is_told_at_its_field(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given_room(&app, &organizer, "Hall").await;
        let session = given_session(&organizer, "A session").await;
        assert!(place(&organizer, session, room, "2027-04-13", "25:99", "45").await.has_status(422).contains("09:30"));
        place(&organizer, session, room, "2027-04-13", "09:00", "0").await.has_status(422);
        place(&organizer, session, room, "yesterday", "09:00", "45").await.has_status(422);
        assert_eq!(draft(&app).await.sessions[0].slots, []);
    }

    async fn nothing_accepted_is_nothing_to_release(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form(&format!("{SESSIONS}/new"), &[("title.en", "Only a draft"), ("access", "open"), ("state", "draft")]).await.redirect();
        organizer.post_form("/organizer/summit/releases", &[("name", ""), ("note", "")]).await.has_status(409);
        assert!(organizer.get("/organizer/summit/releases").await.ok().contains("There is nothing to release yet"));
    }

    async fn a_moved_slot_gets_a_higher_sequence_and_an_unmoved_one_not(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let event = app.event().await.clone();
        let organizer = app.signed_in_as(Role::Organizer).await;
        let room = given_room(&app, &organizer, "Hall").await;
        let (stays, moves) = (given_session(&organizer, "Stays").await, given_session(&organizer, "Moves").await);
        place(&organizer, stays, room, "2027-04-13", "09:00", "60").await.redirect();
        place(&organizer, moves, room, "2027-04-13", "10:00", "60").await.redirect();
        let release = |name: &'static str| {
            let (app, event) = (&app, event.clone());
            async move {
                app.app
                    .write(move |db, now| schedule::release(db, now, Actor::System, &event, Some(name), ""))
                    .await
                    .expect("released")
            }
        };
        assert_eq!(release("1").await.number, 1);
        let slot = draft(&app).await.sessions.iter().find(|session| session.id == moves).expect("it").slots[0].id.to_string();
        let room = room.to_string();
        organizer
            .post_form(&format!("{SESSIONS}/{moves}/place"), &[("slot", slot.as_str()), ("room", room.as_str()), ("day", "2027-04-14"), ("start", "10:00"), ("minutes", "60")])
            .await
            .redirect();
        assert!(organizer.get("/organizer/summit/releases").await.ok().contains("1 change since the last release"));
        release("2").await;
        let id = event.id;
        let released = app.read(move |db| Ok(schedule::latest_release(db, id)?)).await.expect("a release");
        let sequence = |id: SessionId| released.sessions.iter().find(|session| session.id == id).expect("it").slots[0].sequence;
        assert_eq!((sequence(stays), sequence(moves)), (0, 1));
    }

    async fn a_forum_organizer_changes_sessions_of_their_forum_only(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let event = app.event().await.id;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let own = ForumId::new();
        app.write(move |db, now| {
            for (id, code) in [(own, "own"), (ForumId::new(), "other")] {
                diesel::insert_into(forums::table)
                    .values((
                        forums::id.eq(id),
                        forums::event_id.eq(event),
                        forums::code.eq(code),
                        forums::name.eq(Localized::single(Lang::EN, code)),
                        forums::description.eq(Localized::new()),
                        forums::color.eq("#112233"),
                        forums::position.eq(0),
                        forums::version.eq(1),
                        forums::created_at.eq(now),
                        forums::updated_at.eq(now),
                    ))
                    .execute(db)?;
            }
            Ok(())
        })
        .await;
        let editor = app.signed_in_as(Role::ForumOrganizer).await;
        let email = Role::ForumOrganizer.email();
        app.write(move |db, _| {
            use plenary::db::schema::{membership_forums, memberships, users};
            let membership: plenary::db::MembershipId = memberships::table
                .inner_join(users::table)
                .filter(users::email.eq(&email))
                .filter(memberships::role.eq(TeamRole::ForumOrganizer))
                .select(memberships::id)
                .first(db)?;
            diesel::insert_into(membership_forums::table)
                .values((membership_forums::membership_id.eq(membership), membership_forums::forum_id.eq(own)))
                .execute(db)?;
            Ok(())
        })
        .await;
        let foreign = given_session(&organizer, "Someone else's").await;
        editor.post_form(&format!("{SESSIONS}/{foreign}"), &[("version", "1"), ("title.en", "Taken over"), ("access", "open"), ("state", "accepted")]).await.has_status(403);
        editor.post_form(&format!("{SESSIONS}/{foreign}/delete"), &[]).await.has_status(403);
        let refused = editor.post_form(&format!("{SESSIONS}/new"), &[("title.en", "Mine"), ("access", "open"), ("state", "draft")]).await;
        assert!(refused.has_status(422).contains("href=\"#forum\""));
        let forum = own.to_string();
        let made = editor.post_form(&format!("{SESSIONS}/new"), &[("title.en", "Mine"), ("forum", &forum), ("access", "open"), ("state", "draft")]).await;
        made.redirect();
        editor.post_form("/organizer/summit/releases", &[("name", "1")]).await.has_status(403);
    }

    async fn a_deleted_session_leaves_the_draft_and_stays_in_the_release(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (_kept, gone) = (given_session(&organizer, "Kept").await, given_session(&organizer, "Gone").await);
        organizer.post_form("/organizer/summit/releases", &[("name", "1"), ("note", "")]).await.redirect();
        organizer.post_form(&format!("{SESSIONS}/{gone}/delete"), &[]).await.redirect();
        app.visitor().get("/summit/sessions/gone").await.ok();
        organizer.post_form("/organizer/summit/releases", &[("name", "2"), ("note", "")]).await.redirect();
        app.visitor().get("/summit/sessions/gone").await.has_status(404);
    }
}
