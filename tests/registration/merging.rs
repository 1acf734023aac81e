//! Two registrations of one person become one, and the desk's page of one.

use super::files::{confirms, pdf};
use super::forms::organizer;
use super::sealed::{NUMBER, SCANNED, hints, registers as registers_with_document};
use super::transfers::scanned;
use super::{FORM, SENT, facts, filled, given_attendee, given_category, places, states, with};
use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp, given};
use chrono::TimeDelta;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use plenary::checkin::model::ScanResult;
use plenary::db::schema::{
    audit_entries, badge_prints, bookings, messages, presences, registrations, scans, sealed_answers, session_seats,
};
use plenary::db::{RegistrationId, SessionId};
use plenary::registration::privacy::jobs::erase_due;
use plenary::sealing::SealingKeys;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn page(id: RegistrationId) -> String {
    format!("/organizer/summit/registrations/{id}")
}

fn beside(kept: RegistrationId, other: RegistrationId) -> String {
    format!("{}/merge/{other}", page(kept))
}

/// Puts two together, with what the page chooses by itself and what is named.
async fn merges(desk: &Client, of: (RegistrationId, RegistrationId), more: &[(&str, &str)]) -> Answer {
    let shown = desk.get(&beside(of.0, of.1)).await;
    let mut fields =
        vec![("kept_version", shown.input("kept_version")), ("other_version", shown.input("other_version"))];
    for mark in shown
        .body
        .split("type=\"radio\"")
        .skip(1)
        .filter(|mark| mark.split('>').next().is_some_and(|tag| tag.contains(" checked")))
    {
        let part = |name: &str| {
            mark.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
        };
        let name: &'static str = String::leak(part("name").to_owned());
        fields.push((name, part("value").to_owned()));
    }
    fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (*name, value.as_str())).chain(more.iter().copied()).collect();
    desk.post_form(&beside(of.0, of.1), &fields).await
}

async fn ids(app: &TestApp) -> Vec<RegistrationId> {
    states(app).await.into_iter().map(|row| row.0).collect()
}

async fn actions(app: &TestApp, id: RegistrationId) -> Vec<String> {
    app.read(move |db| {
        audit_entries::table
            .filter(audit_entries::subject_id.eq(id.as_str()))
            .order(audit_entries::id)
            .select(audit_entries::action)
            .load(db)
    })
    .await
}

/// How many queries the page of a registration makes beyond its head.
async fn queries(app: &TestApp, id: RegistrationId) -> usize {
    let (event, counted) = (app.event().await.id, Arc::new(AtomicUsize::new(0)));
    let counter = Arc::clone(&counted);
    app.read(move |db| {
        db.set_instrumentation(move |happened: InstrumentationEvent<'_>| {
            if matches!(happened, InstrumentationEvent::StartQuery { .. }) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        plenary::registration::operations::noticed(db, id)?;
        plenary::bookings::moving::seats_of(db, event, id)?;
        plenary::checkin::operations::log_of(db, id, 100)?;
        plenary::registration::merging::operations::ties(db, id)?;
        plenary::accreditation::operations::duplicates(db, event, id)?;
        db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
        Ok(())
    })
    .await;
    counted.load(Ordering::Relaxed)
}

/// A released session whose seats are booked by these people.
async fn given_seats(app: &TestApp, desk: &Client, title: &str, people: &[RegistrationId]) -> SessionId {
    let made = given::session(desk, title, &[("access", "seat")]).await;
    let session: SessionId = made.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
    let fields = [("capacity", "5"), ("offer_minutes", "60"), ("version", "")];
    desk.post_form(&format!("/organizer/summit/seats/{session}"), &fields).await.redirect();
    for person in people {
        let person = *person;
        let code: String =
            app.read(move |db| registrations::table.find(person).select(registrations::code).first(db)).await;
        desk.post_form(&format!("/organizer/summit/seats/{session}/people"), &[("code", code.as_str())])
            .await
            .redirect();
    }
    session
}

on_both_databases! {
    async fn what_belongs_to_the_person_moves_and_one_place_is_given_back(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (guest, media) = (given_category(&app, "guest", facts("Guest")).await, given_category(&app, "media", facts("Media")).await);
        let desk = app.signed_in_as(Role::Organizer).await;
        let kept_url = given_attendee(&app, "guest", "ada@example.org").await;
        app.clock.advance(TimeDelta::minutes(1));
        let other = with(filled("media", "ada@private.example"), &[("organisation", "Royal Society"), ("native_name", "Ада"), ("position", "")]);
        assert_eq!(app.visitor().post_form(FORM, &other).await.redirect(), SENT);
        let other_url = confirms(&app, "ada@private.example").await;
        let all = ids(&app).await;
        let (kept, from) = (all[0], all[1]);
        let before = queries(&app, kept).await;
        let both = given_seats(&app, &desk, "Debate", &[kept, from]).await;
        let only = given_seats(&app, &desk, "Keynote", &[from]).await;
        assert_eq!(scanned(&app, &desk, from).await, ScanResult::In);
        desk.post_form(&format!("/organizer/summit/badges/people/{from}"), &[("reason", "first")]).await;
        desk.post_form(&format!("{}/remark", page(from)), &[("version", "2"), ("remark", "Needs a ramp"), ("priority", "")]).await;
        // The desk is told that it may be one person, and puts both side by side.
        let shown = desk.get(&page(kept)).await;
        assert!(shown.ok().contains("Perhaps the same person") && shown.says(&beside(kept, from)), "{}", shown.body);
        let shown = desk.get(&beside(kept, from)).await;
        for words in ["Royal Society", "Both have booked “Debate”", "One scan at a gate moves", "The place of the other registration (Media)", "Keynote"] {
            assert!(shown.ok().contains(words), "{words} in:\n{}", shown.body);
        }
        let done = merges(&desk, (kept, from), &[("organisation", "other"), ("tells", "on")]).await;
        assert_eq!(done.redirect(), page(kept));
        assert_eq!((places(&app, guest).await, places(&app, media).await), ((1, 1), (0, 0)));
        assert_eq!(states(&app).await.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(), ["confirmed", "cancelled"]);
        let own: (String, String, String, Option<String>) = app.read(move |db| {
            registrations::table.find(kept).select((registrations::organisation, registrations::native_name, registrations::position, registrations::merged_into)).first(db)
        }).await;
        assert_eq!((own.0.as_str(), own.1.as_str(), own.2.as_str(), own.3), ("Royal Society", "Ада", "Countess", None));
        let seats: Vec<(SessionId, i32)> = app.read(|db| session_seats::table.select((session_seats::session_id, session_seats::taken)).load(db)).await;
        assert!(seats.iter().all(|(_, taken)| *taken == 1), "each seat is held once: {seats:?}");
        let booked: Vec<(SessionId, RegistrationId)> = app.read(|db| {
            bookings::table.filter(bookings::ended_at.is_null()).select((bookings::session_id, bookings::registration_id)).load(db)
        }).await;
        assert!(booked.len() == 2 && booked.contains(&(both, kept)) && booked.contains(&(only, kept)), "{booked:?}");
        let moved: (i64, i64, i64, i64) = app.read(move |db| Ok((
            scans::table.filter(scans::registration_id.eq(from)).count().get_result(db)?,
            presences::table.filter(presences::registration_id.eq(from)).count().get_result(db)?,
            badge_prints::table.filter(badge_prints::registration_id.eq(from)).count().get_result(db)?,
            messages::table.filter(messages::registration_id.eq(from)).count().get_result(db)?,
        ))).await;
        assert_eq!(moved, (0, 0, 0, 0));
        // Its ticket is revoked, the kept one was in already and may come again.
        assert_eq!(scanned(&app, &desk, from).await, ScanResult::Revoked);
        assert_eq!(scanned(&app, &desk, kept).await, ScanResult::In);
        assert!(actions(&app, kept).await.contains(&"registration.merged".to_owned()));
        assert!(actions(&app, from).await.contains(&"registration.merged-into".to_owned()));
        // Its link says plainly what happened; the kept one's works, and a new one came by mail.
        let old = app.visitor().get(&other_url).await;
        assert!(old.has_status(410).contains("Your registrations are one now") && old.says("/summit/find"));
        assert!(app.visitor().get(&kept_url).await.ok().contains("Royal Society"));
        let mail = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert!(mail.kind == "confirmed" && app.visitor().get(&mail.link("/summit/r/")).await.status == 200);
        assert!(!app.mail_to("ada@private.example").await.iter().any(|mail| mail.kind == "cancelled"), "nobody is alarmed");
        let shown = desk.get(&page(kept)).await;
        assert!(shown.ok().contains("was joined with this registration") && shown.says("Needs a ramp") && shown.says("Keynote") && shown.says("Gate 1"));
        assert!(!shown.says("Perhaps the same person"));
        assert_eq!(queries(&app, kept).await, before, "however much there is");
        assert!(desk.get(&page(from)).await.ok().contains("which counts now"));
        // Done twice, it is done once.
        merges_again(&desk, kept, from).await;
    }

    async fn what_speaks_against_it_is_said_and_nothing_is_lost_when_someone_was_faster(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let desk = organizer(&app).await;
        given_attendee(&app, "guest", "ada@example.org").await;
        app.clock.advance(TimeDelta::minutes(1));
        let named = [("given_name", "Augusta"), ("organisation", "Elsewhere")];
        app.visitor().post_form(FORM, &with(filled("guest", "augusta@example.org"), &named)).await.redirect();
        let all = ids(&app).await;
        let (kept, from) = (all[0], all[1]);
        // By number or address any two are put side by side.
        let find = format!("{}/merge", page(kept));
        assert_eq!(desk.get(&format!("{find}?with=augusta@example.org")).await.redirect(), beside(kept, from));
        assert!(desk.get(&format!("{find}?with=NOBODY")).await.has_status(422).contains("No registration has this number"));
        assert!(desk.get(&format!("{find}?with=ada@example.org")).await.has_status(422).contains("the same registration"));
        let wrong_way = desk.get(&beside(from, kept)).await;
        assert!(wrong_way.ok().contains("has come further") && !wrong_way.says("Put together for good"));
        desk.post_form(&beside(from, kept), &[("kept_version", "1"), ("other_version", "2")]).await.has_status(409);
        let stale = merges(&desk, (kept, from), &[("other_version", "9"), ("organisation", "other")]).await;
        assert!(stale.has_status(409).contains("Somebody changed one of the two meanwhile"));
        assert!(stale.says("id=\"organisation-other\" name=\"organisation\" value=\"other\" checked"), "{}", stale.body);
        assert_eq!(states(&app).await.iter().map(|row| row.1.as_str()).collect::<Vec<_>>(), ["confirmed", "unverified"]);
        // The address is kept of the other one, and links to the old one end.
        merges(&desk, (kept, from), &[("email", "other")]).await.redirect();
        let email: String = app.read(move |db| registrations::table.find(kept).select(registrations::email).first(db)).await;
        assert_eq!(email, "augusta@example.org");
        assert!(desk.get("/organizer/summit/registrations?q=augusta").await.ok().contains("Lovelace"));
    }

    async fn sealed_answers_and_files_are_moved_without_being_read(db: TestDatabase) {
        let key = SealingKeys::fresh("a");
        let app = TestApp::start_with(db, &[("sealing.keys", key.as_str())]).await;
        given_category(&app, "guest", facts("Guest")).await;
        // The first time nobody asked for a document.
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        app.clock.advance(TimeDelta::minutes(1));
        let desk = organizer(&app).await;
        desk.post_form("/organizer/summit/forms/blocks", &[("block", "identity")]).await.redirect();
        registers_with_document(&app, "ada@private.example", NUMBER).await;
        let all = ids(&app).await;
        let (kept, from) = (all[0], all[1]);
        let before = hints(&app).await;
        assert!(before[0].0.is_none() && before[1].0.is_some());
        merges(&desk, (kept, from), &[]).await.redirect();
        let rows: Vec<RegistrationId> = app.read(|db| sealed_answers::table.select(sealed_answers::registration_id).distinct().load(db)).await;
        assert_eq!(rows, [kept]);
        assert_eq!(hints(&app).await[0], before[1], "the document is known again");
        let data = app.visitor().get(&format!("{own}/data.json")).await;
        assert!(data.ok().contains(NUMBER) && data.says("ada-lovelace-passport.pdf") && data.says("merged_registrations"));
        let file = data.body.split("\"files\"").nth(1).and_then(|rest| rest.split("\"id\": \"").nth(1)).and_then(|rest| rest.split('"').next()).expect("a file");
        assert_eq!(app.visitor().get(&format!("{own}/files/{file}")).await.bytes, pdf(SCANNED));
        let looks: i64 = app.read(|db| audit_entries::table.filter(audit_entries::action.eq("registration.sealed-seen")).count().get_result(db)).await;
        assert_eq!(looks, 0, "nobody of the team read them");
    }

    async fn deletion_takes_everything_that_was_put_together(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let desk = organizer(&app).await;
        let own = given_attendee(&app, "guest", "ada@example.org").await;
        app.clock.advance(TimeDelta::minutes(1));
        given_attendee(&app, "guest", "ada@private.example").await;
        let all = ids(&app).await;
        desk.post_form(&format!("/organizer/summit/badges/people/{}", all[0]), &[("reason", "first"), ("note", "For Ada at once")]).await;
        app.write(move |db, _| {
            diesel::update(badge_prints::table).set((badge_prints::note.eq("For Ada at once"), badge_prints::content.eq("digest"))).execute(db)
        }).await;
        let data = app.visitor().get(&format!("{own}/data.json")).await;
        assert!(data.ok().contains("For Ada at once") && data.says("\"delegation\""));
        merges(&desk, (all[0], all[1]), &[]).await.redirect();
        app.visitor().post_form(&format!("{own}/delete"), &[("sure", "on")]).await.redirect();
        app.clock.advance(TimeDelta::days(4));
        assert_eq!(erase_due(&app.app).await.expect("a run"), 2);
        let left: Vec<(String, String)> = app.read(|db| registrations::table.select((registrations::email, registrations::given_name)).load(db)).await;
        assert!(left.iter().all(|(email, name)| email.is_empty() && name == "—"), "{left:?}");
        let prints: Vec<(String, String)> = app.read(|db| badge_prints::table.select((badge_prints::note, badge_prints::content)).load(db)).await;
        assert!(!prints.is_empty() && prints.iter().all(|(note, content)| note.is_empty() && content.is_empty()), "{prints:?}");
    }

    async fn the_desk_keeps_a_remark_unless_someone_was_faster(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        given_attendee(&app, "guest", "ada@example.org").await;
        let id = ids(&app).await[0];
        let desk = app.signed_in_as(Role::Organizer).await;
        let version = desk.get(&page(id)).await.input("version");
        let url = format!("{}/remark", page(id));
        let fields = [("version", version.as_str()), ("remark", "Brings two\nassistants"), ("priority", "7")];
        assert_eq!(desk.post_form(&url, &fields).await.redirect(), page(id));
        let shown = desk.get(&page(id)).await;
        assert!(shown.ok().contains("Brings two\nassistants") && shown.input("priority") == "7" && shown.says("Remark of the desk changed"));
        let late = desk.post_form(&url, &[("version", version.as_str()), ("remark", "Allergic to nuts"), ("priority", "7")]).await;
        assert!(late.has_status(409).contains("Allergic to nuts") && late.says("Brings two"), "both stand there");
        desk.post_form(&url, &[("version", &late.input("version")), ("remark", "Both"), ("priority", "")]).await.redirect();
        let wrong = desk.post_form(&url, &[("version", "1"), ("remark", "kept"), ("priority", "1000")]).await;
        assert!(wrong.has_status(422).contains("kept") && wrong.input("priority") == "1000");
        let looker = app.signed_in_as(Role::Observer).await;
        let seen = looker.get(&page(id)).await;
        assert!(seen.ok().contains("Both") && !seen.says("/remark"));
    }
}

async fn merges_again(desk: &Client, kept: RegistrationId, from: RegistrationId) {
    let fields = [("kept_version", "9"), ("other_version", "9")];
    let again = desk.post_form(&beside(kept, from), &fields).await;
    assert!(again.has_status(409).contains("has come to its end already"));
}
