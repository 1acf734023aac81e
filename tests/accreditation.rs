//! Accreditation over HTTP: the queue, decisions by one officer and by two, the dialogue with the
//! applicant, prepared reasons, watch-lists, likenesses.

use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp};
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{categories, registrations, reviews};
use plenary::db::{CategoryId, RegistrationId};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use plenary::registration::model::RegistrationState;
use plenary::registration::operations;

const QUEUE: &str = "/organizer/summit/accreditation";

/// A category whose registrations so many officers must approve.
async fn given_category(app: &TestApp, code: &str, officers: i32) -> CategoryId {
    let (event, code) = (app.event().await.id, code.to_owned());
    let mut facts = CategoryFacts::open(Localized::single(Lang::EN, code.clone()));
    facts.capacity = Some(50);
    let make =
        app.app.write(move |db, now| operations::create_category(db, now, Actor::System, event, Some(&code), &facts));
    let id = make.await.expect("a category");
    app.write(move |db, _| {
        diesel::update(categories::table.find(id))
            .set((categories::needs_approval.eq(true), categories::officers_needed.eq(officers)))
            .execute(db)
    })
    .await;
    id
}

/// Someone who has applied: the id, and the address of the own page.
async fn given_applicant(app: &TestApp, category: &str, email: &str, name: (&str, &str)) -> (RegistrationId, String) {
    let fields = [
        ("category", category),
        ("email", email),
        ("given_name", name.0),
        ("family_name", name.1),
        ("organisation", "Analytical Society"),
        ("country", "GB"),
        ("accept_privacy", "on"),
    ];
    let answer = app.visitor().post_form("/summit/register", &fields).await;
    assert_eq!(answer.redirect(), "/summit/register/sent");
    let link = app.mail_to(email).await.last().expect("a mail").link("/summit/verify/");
    app.visitor().post_form(&link, &[]).await.redirect();
    let key = email.to_owned();
    let id = app
        .read(move |db| {
            registrations::table.filter(registrations::email_key.eq(key)).select(registrations::id).first(db)
        })
        .await;
    // Whatever confirming an address leads to in this category: these stories begin with an application.
    app.write(move |db, _| {
        diesel::update(registrations::table.find(id))
            .set((
                registrations::state.eq(RegistrationState::Applied),
                registrations::confirmed_at.eq(None::<plenary::db::UtcTime>),
            ))
            .execute(db)
    })
    .await;
    (id, link.replace("/verify/", "/r/"))
}

async fn state(app: &TestApp, id: RegistrationId) -> RegistrationState {
    app.read(move |db| registrations::table.find(id).select(registrations::state).first(db)).await
}

async fn taken(app: &TestApp, id: CategoryId) -> i32 {
    app.read(move |db| categories::table.find(id).select(categories::taken).first(db)).await
}

/// Decides as the page lets one.
async fn decides(officer: &Client, id: RegistrationId, fields: &[(&str, &str)]) -> Answer {
    let url = format!("{QUEUE}/{id}");
    let version = officer.get(&url).await.input("version");
    let mut all = vec![("version", version.as_str())];
    all.extend(fields);
    officer.post_form(&url, &all).await
}

/// A second officer.
async fn colleague(app: &TestApp) -> Client {
    let event = app.event().await.id;
    let user = app.given_account("second@example.org", "Second Officer", false).await;
    app.given_role(event, user, plenary::accounts::model::TeamRole::AccreditationOfficer).await;
    let client = app.visitor();
    client.signs_in("second@example.org").await;
    client
}

async fn screens(app: &TestApp) -> usize {
    plenary::accreditation::jobs::screen_new(&app.app).await.expect("compared")
}

/// Uploads a list and keeps it.
async fn uploads(officer: &Client, name: &str, file: (&str, Vec<u8>)) -> Answer {
    let part = reqwest::multipart::Part::bytes(file.1).file_name(file.0.to_owned());
    let form = reqwest::multipart::Form::new().text("name", name.to_owned()).part("file", part);
    let path = format!("{QUEUE}/watch-lists");
    officer.send(officer.request(reqwest::Method::POST, &path).multipart(form)).await
}

async fn keeps(officer: &Client, preview: &Answer) {
    let fields = [("upload", preview.input("upload")), ("name", preview.input("name"))];
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    officer.post_form(&format!("{QUEUE}/watch-lists/apply"), &fields).await.redirect();
}

on_both_databases! {
    async fn one_officer_approves_and_the_ticket_leaves(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "press", 1).await;
        let (id, own) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        let (other, _) = given_applicant(&app, "press", "grace@example.org", ("Grace", "Hopper")).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let queue = officer.get(QUEUE).await;
        assert!(queue.ok().contains("Ada Lovelace") && queue.says("Grace Hopper"));
        let page = officer.get(&format!("{QUEUE}/{id}")).await;
        assert!(page.ok().contains("Analytical Society") && page.says(&format!("{QUEUE}/{other}")));
        let answer = decides(&officer, id, &[("decision", "approve"), ("note", "known to us")]).await;
        assert_eq!(answer.redirect(), format!("{QUEUE}/{other}"), "on to the next");
        assert_eq!(state(&app, id).await, RegistrationState::Confirmed);
        let mail = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.kind, "approved");
        let page = app.visitor().get(&mail.link("/summit/r/")).await;
        assert!(page.ok().contains("<svg"), "the ticket");
        assert!(!app.visitor().get(&own).await.ok().contains("known to us"), "notes stay among officers");
        assert!(officer.get(&format!("{QUEUE}/{id}")).await.ok().contains("known to us"));
        assert!(!officer.get(QUEUE).await.ok().contains("Ada Lovelace"));
        assert_eq!(taken(&app, category).await, 2);
        let rejected = decides(&officer, other, &[("decision", "reject"), ("reason", "The desk is full.")]).await;
        assert_eq!(rejected.redirect(), QUEUE);
        assert_eq!(taken(&app, category).await, 1, "the place is free again");
        let mail = app.mail_to("grace@example.org").await.pop().expect("a mail");
        assert!(mail.kind == "rejected" && mail.text.contains("The desk is full."));
    }

    async fn four_eyes_are_two_officers_and_one_rejection_suffices(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "vip", 2).await;
        let (id, _) = given_applicant(&app, "vip", "ada@example.org", ("Ada", "Lovelace")).await;
        let (other, _) = given_applicant(&app, "vip", "grace@example.org", ("Grace", "Hopper")).await;
        let first = app.signed_in_as(Role::AccreditationOfficer).await;
        let second = colleague(&app).await;
        decides(&first, id, &[("decision", "approve")]).await.redirect();
        assert_eq!(state(&app, id).await, RegistrationState::Applied);
        assert_eq!(app.mail_to("ada@example.org").await.last().expect("mails").kind, "application_received", "no mail yet");
        assert!(first.get(&format!("{QUEUE}?waiting=second")).await.ok().contains("Ada Lovelace"));
        assert!(!first.get(&format!("{QUEUE}?waiting=first")).await.ok().contains("Ada Lovelace"));
        let again = decides(&first, id, &[("decision", "approve")]).await;
        assert!(again.has_status(409).contains("another officer"));
        decides(&second, id, &[("decision", "approve")]).await.redirect();
        assert_eq!(state(&app, id).await, RegistrationState::Confirmed);
        decides(&first, other, &[("decision", "approve")]).await.redirect();
        decides(&second, other, &[("decision", "reject"), ("reason", "No.")]).await.redirect();
        assert_eq!(state(&app, other).await, RegistrationState::Rejected);
    }

    async fn what_changed_meanwhile_is_not_decided(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let (id, own) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let url = format!("{QUEUE}/{id}");
        let version = officer.get(&url).await.input("version");
        let details = [("given_name", "Augusta"), ("family_name", "King"), ("version", version.as_str())];
        app.visitor().post_form(&format!("{own}/edit"), &details).await.redirect();
        let typed = [("version", version.as_str()), ("decision", "reject"), ("reason", "A long explanation")];
        let answer = officer.post_form(&url, &typed).await;
        let page = answer.has_status(409);
        assert!(page.contains("A long explanation") && page.contains("Augusta"), "what was typed, upon what is now");
        assert_eq!(state(&app, id).await, RegistrationState::Applied);
        let nothing = decides(&officer, id, &[("decision", "reject")]).await;
        assert!(nothing.has_status(422).contains("Say what is missing or why"));
        decides(&officer, id, &[]).await.has_status(422);
        officer.post_form(&url, &[("version", "99"), ("decision", "approve")]).await.has_status(409);
    }

    async fn an_applicant_is_asked_and_answers(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let (id, own) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let nothing = app.visitor().get(&format!("{own}/accreditation")).await;
        assert!(!nothing.ok().contains("<textarea"), "nobody asked");
        decides(&officer, id, &[("decision", "ask"), ("reason", "Which <b>paper</b> do you write for?")]).await.redirect();
        let mail = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert!(mail.kind == "more_needed" && mail.text.contains("paper") && !mail.html.contains("<b>paper"));
        assert!(officer.get(&format!("{QUEUE}?waiting=asked")).await.ok().contains("Ada Lovelace"));
        let page = mail.link("/summit/r/");
        assert!(app.visitor().get(&own).await.ok().contains("/accreditation\""), "the own page leads there");
        assert!(app.visitor().get(&page).await.ok().contains("paper"));
        app.visitor().post_form(&page, &[("answer", " ")]).await.has_status(422);
        app.visitor().post_form(&page, &[("answer", "The Times")]).await.redirect();
        assert!(!officer.get(&format!("{QUEUE}?waiting=asked")).await.ok().contains("Ada Lovelace"));
        assert!(officer.get(QUEUE).await.ok().contains("Answered"));
        assert!(officer.get(&format!("{QUEUE}/{id}")).await.ok().contains("The Times"));
        decides(&officer, id, &[("decision", "reject"), ("reason", "Sorry.")]).await.redirect();
        app.visitor().post_form(&page, &[("answer", "Please")]).await.has_status(409);
        assert!(app.visitor().get(&own).await.ok().contains("Sorry."));
    }

    async fn another_name_needs_another_approval(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "press", 1).await;
        let (id, own) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        decides(&officer, id, &[("decision", "approve")]).await.redirect();
        let changes = |given: &'static str, position: &'static str| {
            let (app, own) = (&app, own.clone());
            async move {
                let version = app.visitor().get(&format!("{own}/edit")).await.input("version");
                let fields = [
                    ("given_name", given),
                    ("family_name", "Lovelace"),
                    ("organisation", "Analytical Society"),
                    ("position", position),
                    ("country", "GB"),
                    ("version", version.as_str()),
                ];
                app.visitor().post_form(&format!("{own}/edit"), &fields).await.redirect();
            }
        };
        changes("Ada", "Countess").await;
        assert_eq!(state(&app, id).await, RegistrationState::Confirmed, "a position is nobody's identity");
        changes("Augusta", "Countess").await;
        assert_eq!(state(&app, id).await, RegistrationState::Applied);
        assert_eq!(taken(&app, category).await, 1, "the place is kept");
        assert!(officer.get(&format!("{QUEUE}/{id}")).await.ok().contains("Name, document or photo changed"));
        decides(&officer, id, &[("decision", "approve")]).await.redirect();
        assert_eq!(state(&app, id).await, RegistrationState::Confirmed);
    }

    async fn prepared_reasons_are_told_in_the_language_of_each(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let (id, _) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        let (other, _) = given_applicant(&app, "press", "li@example.org", ("Xiaolong", "Li")).await;
        app.write(move |db, _| {
            diesel::update(registrations::table.find(other)).set(registrations::language.eq(Lang::ZH)).execute(db)
        })
        .await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let new = format!("{QUEUE}/reasons/new");
        officer.post_form(&new, &[("decision", "ask"), ("name", "Press card")]).await.has_status(422);
        let fields = [
            ("decision", "ask"),
            ("name", "Press card"),
            ("body.en", "Please send your press card."),
            ("body.zh", "请补充记者证。"),
        ];
        officer.post_form(&new, &fields).await.redirect();
        let list = officer.get(&format!("{QUEUE}/reasons")).await;
        let at = list.ok().find("/accreditation/reasons/0").expect("a reason");
        let reason = list.body[at + "/accreditation/reasons/".len()..][..36].to_owned();
        let (id, other) = (id.to_string(), other.to_string());
        let all = [
            ("registration", id.as_str()),
            ("registration", other.as_str()),
            ("decision", "ask"),
            ("template", reason.as_str()),
        ];
        let url = format!("{QUEUE}/decide");
        let preview = officer.post_form(&url, &all).await;
        assert!(preview.ok().contains("请补充记者证。") && preview.says("Please send your press card."));
        assert_eq!(app.mail_to("li@example.org").await.last().expect("mails").kind, "application_received", "only looked at");
        let mut confirmed = all.to_vec();
        confirmed.push(("confirmed", "on"));
        officer.post_form(&url, &confirmed).await.ok();
        let told = |address: &'static str| {
            let app = &app;
            async move { app.mail_to(address).await.pop().expect("a mail").text }
        };
        assert!(told("ada@example.org").await.contains("Please send your press card."));
        assert!(told("li@example.org").await.contains("请补充记者证。"));
        let edit = format!("{QUEUE}/reasons/{reason}");
        let version = officer.get(&edit).await.input("version");
        let mut changed = fields.to_vec();
        changed.push(("version", version.as_str()));
        officer.post_form(&edit, &changed).await.redirect();
        officer.post_form(&edit, &changed).await.has_status(409);
        officer.post_form(&format!("{edit}/delete"), &[]).await.redirect();
        officer.get(&edit).await.has_status(404);
    }

    async fn a_watch_list_flags_names_in_any_script(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let (li, _) = given_applicant(&app, "press", "li@example.org", ("Xiaolong", "Li")).await;
        let (ada, _) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        assert_eq!(screens(&app).await, 2);
        assert_eq!(screens(&app).await, 0, "nobody twice");
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        for (file, words) in [
            (&b""[..], "error"),
            (&b"\x7fELF\x00\x01\x02\xff\xfe"[..], "error"),
            (&b"PK\x03\x04 no workbook"[..], "error"),
            (&b"colour,size\nred,3\n"[..], "There is no column called name"),
            (&b"name\n"[..], "The file holds no rows"),
        ] {
            let refused = uploads(&officer, "Bad", ("list.csv", file.to_vec())).await;
            assert!(refused.has_status(422).contains(words), "{words}");
        }
        let table = "name,birth_date,country\n李小龙,1940-11-27,CN\n,,\n=cmd(),soon,CN\nSomebody Else,,Atlantis\n";
        let preview = uploads(&officer, "Partners", ("list.csv", table.into())).await;
        let page = preview.ok();
        assert!(page.contains("Row 4") && page.contains("Row 5") && page.contains("李小龙"));
        keeps(&officer, &preview).await;
        assert_eq!(screens(&app).await, 2, "everyone again");
        let flagged = officer.get(&format!("{QUEUE}?waiting=flagged")).await;
        assert!(flagged.ok().contains("Xiaolong Li") && !flagged.says("Ada Lovelace"));
        let page = officer.get(&format!("{QUEUE}/{li}")).await;
        assert!(page.ok().contains("李小龙") && page.says("Partners"));
        let (li, ada) = (li.to_string(), ada.to_string());
        let all = [
            ("registration", li.as_str()),
            ("registration", ada.as_str()),
            ("decision", "approve"),
            ("confirmed", "on"),
        ];
        officer.post_form(&format!("{QUEUE}/decide"), &all).await.ok();
        assert_eq!(state(&app, li.parse().expect("an id")).await, RegistrationState::Applied, "needs a look of its own");
        assert_eq!(state(&app, ada.parse().expect("an id")).await, RegistrationState::Confirmed);
        officer.post_form(&format!("{QUEUE}/{li}/clear"), &[("words", "Born in another year")]).await.redirect();
        assert!(!officer.get(&format!("{QUEUE}?waiting=flagged")).await.ok().contains("Xiaolong Li"));
        app.clock.advance(chrono::TimeDelta::minutes(1));
        let preview = uploads(&officer, "Others", ("others.csv", "姓名\n王伟\n".into())).await;
        keeps(&officer, &preview).await;
        screens(&app).await;
        assert!(!officer.get(&format!("{QUEUE}?waiting=flagged")).await.ok().contains("Xiaolong Li"), "stays cleared");
    }

    async fn likely_duplicates_stand_side_by_side(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let (one, _) = given_applicant(&app, "press", "li@example.org", ("Xiaolong", "Li")).await;
        let (other, _) = given_applicant(&app, "press", "li.x@example.org", ("小龙", "李")).await;
        let (document, _) = given_applicant(&app, "press", "b@example.net", ("Bruce", "Jun")).await;
        let (nobody, _) = given_applicant(&app, "press", "ada@example.org", ("Ada", "Lovelace")).await;
        app.write(move |db, _| {
            let same = registrations::table.filter(registrations::id.eq_any([one, document]));
            diesel::update(same).set(registrations::document_key.eq("d")).execute(db)
        })
        .await;
        screens(&app).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = officer.get(&format!("{QUEUE}/{one}")).await;
        let page = page.ok();
        assert!(page.contains("The same identity document") && page.contains("A like name"));
        assert!(page.contains("b@example.net"), "the likeliest stands beside");
        let page = officer.get(&format!("{QUEUE}/{one}?beside={other}")).await;
        assert!(page.ok().contains("li.x@example.org") && !page.says("b@example.net"));
        assert!(!officer.get(&format!("{QUEUE}/{nobody}")).await.ok().contains("Perhaps the same person"));
    }

    async fn the_queue_is_filtered_and_walked(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "press", 1).await;
        let names = ["Ada", "Grace", "Edith"];
        let mut ids = Vec::new();
        for name in names {
            ids.push(given_applicant(&app, "press", &format!("{name}@example.org").to_lowercase(), (name, "Test")).await.0);
            app.clock.advance(chrono::TimeDelta::days(2));
        }
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let middle = officer.get(&format!("{QUEUE}/{}", ids[1])).await;
        assert!(middle.ok().contains(&format!("{QUEUE}/{}", ids[0])) && middle.says(&format!("{QUEUE}/{}", ids[2])));
        for (query, found) in [
            ("q=grace", vec!["Grace"]),
            ("country=FR", vec![]),
            ("country=GB", names.to_vec()),
            ("days=3", vec!["Ada", "Grace"]),
            ("days=nonsense&waiting=nonsense", names.to_vec()),
        ] {
            let page = officer.get(&format!("{QUEUE}?{query}")).await;
            for name in names {
                assert_eq!(page.ok().contains(&format!("{name} Test")), found.contains(&name), "{query}: {name}");
            }
        }
        let walked = officer.get(&format!("{QUEUE}/{}?q=grace", ids[1])).await;
        assert!(!walked.ok().contains("data-key=\"j\"") && !walked.says("data-key=\"k\""), "the filter stays");
        assert!(officer.get("/organizer/summit/accreditation?lang=zh").await.ok().contains("资格审核"));
        app.signed_in_as(Role::CheckInStaff).await.get(QUEUE).await.has_status(403);
        assert_eq!(app.read(|db| reviews::table.count().get_result::<i64>(db)).await, 0);
    }
}
