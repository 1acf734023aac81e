//! Badges over HTTP: whose are printed, what they show, what is kept of prints.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{audit_entries, badge_prints, delegations, registrations};
use plenary::db::{CategoryId, DbConnection, DelegationId, Json, RegistrationId};
use plenary::i18n::{Lang, Localized};
use plenary::registration::attendance::operations as attendance;
use plenary::registration::category::CategoryFacts;
use plenary::registration::model::{Applying, Details, Registration, RegistrationState, Source};
use plenary::registration::names::NameOrder;
use plenary::registration::operations::{self as registration, Enrolment};

const BADGES: &str = "/organizer/summit/badges";

/// A category with zones.
async fn category(app: &TestApp, code: &str, zones: &[&str]) -> CategoryId {
    let event = app.event().await.id;
    let mut facts = CategoryFacts::open(Localized::single(Lang::EN, code));
    facts.inclusion.zones = Json::new(zones.iter().map(|zone| (*zone).to_owned()).collect()).expect("JSON");
    "#ffd400".clone_into(&mut facts.badge_color);
    let code = code.to_owned();
    app.app
        .write(move |db, now| registration::create_category(db, now, Actor::System, event, Some(&code), &facts))
        .await
        .expect("a category")
}

fn person(given: &str, family: &str, native: &str, country: &str) -> Details {
    Details {
        honorific: "Dr.".into(),
        given_name: given.into(),
        family_name: family.into(),
        native_name: native.into(),
        name_order: NameOrder::GivenFirst,
        organisation: "Academy".into(),
        position: "Chair".into(),
        country: Some(country.into()),
        nationality: None,
    }
}

async fn enrolled(app: &TestApp, category: CategoryId, state: RegistrationState, details: Details) -> RegistrationId {
    let event = app.event().await.id;
    let email = format!("{}@example.org", details.given_name.to_lowercase().replace(' ', "."));
    let applying =
        Applying { event, category, email: &email, email_key: &email, details: &details, language: Lang::EN };
    let registration = Registration::new(&applying, state, app.clock.now());
    let enrolment = Enrolment::new(registration, Source::Desk);
    app.app.write(move |db, now| registration::enrol(db, now, Actor::System, &enrolment)).await.expect("enrolled")
}

/// Three confirmed guests and a journalist of different countries and hours, and one who has applied only.
async fn given_people(app: &TestApp) -> (CategoryId, CategoryId, Vec<RegistrationId>) {
    let (guest, media) = (category(app, "guest", &["blue"]).await, category(app, "media", &[]).await);
    let mut ids = Vec::new();
    for (category, state, given, family, native, country) in [
        (guest, RegistrationState::Confirmed, "Ada", "Lovelace", "", "GB"),
        (media, RegistrationState::Confirmed, "Xiaolong", "Li", "李小龙", "CN"),
        (guest, RegistrationState::Confirmed, "Samira", "Haddad", "سميرة حداد", "LB"),
        (guest, RegistrationState::Applied, "Waiting", "Walter", "", "GB"),
    ] {
        app.clock.advance(TimeDelta::hours(1));
        ids.push(enrolled(app, category, state, person(given, family, native, country)).await);
    }
    (guest, media, ids)
}

/// The given names of the people whom the page shows, in its order.
fn names(page: &str) -> Vec<&str> {
    let cells = page.split("<tr><td><a href=").skip(1).filter_map(|rest| rest.split("<bdi>").nth(1));
    cells.filter_map(|cell| cell.split([' ', '<']).next()).collect()
}

/// Prepares a batch by these fields; the address of its page.
async fn batch(client: &Client, fields: &[(&str, &str)]) -> String {
    client.post_form(BADGES, fields).await.redirect().to_owned()
}

/// Reason and note of every print of a person, the oldest first.
async fn prints(app: &TestApp, id: RegistrationId) -> Vec<(String, String)> {
    app.read(move |db: &mut DbConnection| {
        badge_prints::table
            .filter(badge_prints::registration_id.eq(id))
            .order((badge_prints::created_at, badge_prints::id))
            .select((badge_prints::reason, badge_prints::note))
            .load(db)
    })
    .await
}

async fn noted(app: &TestApp, action: &'static str) -> i64 {
    app.read(move |db| audit_entries::table.filter(audit_entries::action.eq(action)).count().get_result(db)).await
}

on_both_databases! {
    async fn whose_badges_are_printed_is_chosen_by_each_filter(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (guest, media, ids) = given_people(&app).await;
        let (event, ada) = (app.event().await.id, ids[0]);
        let delegation = DelegationId::new();
        app.write(move |db, now| {
            diesel::insert_into(delegations::table)
                .values((
                    (delegations::id.eq(delegation), delegations::event_id.eq(event), delegations::code.eq("uk")),
                    (delegations::name.eq(r#"{"en":"United Kingdom"}"#), delegations::country.eq("GB")),
                    (delegations::contact_name.eq(""), delegations::contact_email.eq(""), delegations::contact_email_key.eq("")),
                    (delegations::language.eq("en"), delegations::note.eq(""), delegations::version.eq(1)),
                    (delegations::created_at.eq(now), delegations::updated_at.eq(now)),
                ))
                .execute(db)?;
            diesel::update(registrations::table.find(ada)).set(registrations::delegation_id.eq(delegation)).execute(db)
        })
        .await;
        let speaker = crate::support::given::speaker(&app, "samira", "Samira Haddad", None).await;
        let samira = ids[2];
        app.write(move |db, _| {
            diesel::update(registrations::table.find(samira)).set(registrations::speaker_id.eq(speaker)).execute(db)
        })
        .await;
        let observer = app.signed_in_as(Role::Observer).await;
        // Registered at 10, 11 and 12 o'clock UTC, which is 18, 19 and 20 in Shanghai.
        for (query, expected) in [
            (String::new(), &["Samira", "Xiaolong", "Ada"][..]),
            (format!("category={guest}"), &["Samira", "Ada"]),
            (format!("category={media}"), &["Xiaolong"]),
            ("country=CN".into(), &["Xiaolong"]),
            (format!("delegation={delegation}"), &["Ada"]),
            ("q=%E6%9D%8E%E5%B0%8F%E9%BE%99".into(), &["Xiaolong"]),
            ("q=100%25".into(), &[]),
            ("registered_since=2027-03-01T19:00".into(), &["Samira", "Xiaolong"]),
            ("approved_since=2027-03-01T20:00".into(), &["Samira"]),
            ("speakers=on".into(), &["Samira"]),
            ("order=country".into(), &["Xiaolong", "Ada", "Samira"]),
            ("printed=any&category=nonsense".into(), &["Samira", "Xiaolong", "Ada"]),
            ("printed=changed".into(), &[]),
        ] {
            let page = observer.get(&format!("{BADGES}?{query}")).await;
            assert_eq!(names(page.ok()), expected, "{query}");
        }
        let page = observer.get(BADGES).await;
        assert!(page.ok().contains("3 badges would print, on one sheet") && !page.body.contains("Prepare these"), "{}", page.body);
    }

    async fn a_batch_is_fixed_when_it_is_made_and_printed_when_somebody_says_so(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (guest, _, ids) = given_people(&app).await;
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        let page = batch(&staff, &[("printed", "not")]).await;
        // Who comes while the printer runs is not in it, nor marked by it; who is cancelled is not printed.
        let late = enrolled(&app, guest, RegistrationState::Confirmed, person("Late", "Larsson", "", "SE")).await;
        let cancelled = ids[2];
        app.write(move |db, _| {
            diesel::update(registrations::table.find(cancelled)).set(registrations::state.eq(RegistrationState::Cancelled)).execute(db)
        })
        .await;
        assert!(staff.get(&page).await.ok().contains("Mark these 3 as printed"));
        let sheet = staff.get(&format!("{page}/print")).await;
        for words in ["Ada Lovelace", "Xiaolong Li", "李小龙", "Academy", "Chair", "Dr."] {
            assert!(sheet.ok().contains(words), "{words}");
        }
        assert!(!sheet.body.contains("Larsson") && !sheet.body.contains("Haddad"));
        assert_eq!(sheet.body.matches("<article class=\"badge upright").count(), 2);
        assert!(sheet.body.trim_end().ends_with("</html>"), "sent to its end");
        assert!(prints(&app, ids[0]).await.is_empty(), "looking is not printing");
        assert_eq!(staff.post_form(&format!("{page}/mark"), &[]).await.redirect(), BADGES);
        assert_eq!(prints(&app, ids[0]).await, [("first".to_owned(), String::new())]);
        assert!(prints(&app, late).await.is_empty() && prints(&app, cancelled).await.is_empty());
        // Said twice, it counts once.
        staff.post_form(&format!("{page}/mark"), &[]).await.has_status(409);
        staff.post_form(&format!("{page}/discard"), &[]).await.has_status(409);
        assert_eq!(prints(&app, ids[0]).await.len(), 1);
        assert_eq!((noted(&app, "badges.batch-made").await, noted(&app, "badges.marked").await), (1, 1));
        assert_eq!(names(staff.get(BADGES).await.ok()), ["Late"], "not printed yet");
        let log = staff.get(&format!("{BADGES}/prints")).await;
        assert!(log.ok().contains("Ada Lovelace") && log.body.contains("First badge") && log.body.contains("CheckInStaff"));
        assert!(!staff.get(&format!("{BADGES}/prints?again=on")).await.ok().contains("Ada Lovelace"));
        let other = batch(&staff, &[]).await;
        assert_eq!(staff.post_form(&format!("{other}/discard"), &[]).await.redirect(), BADGES);
        staff.get(&other).await.has_status(404);
        staff.post_form(BADGES, &[("q", "nobody at all")]).await.has_status(409);
    }

    async fn what_changed_since_it_was_printed_is_found_and_nothing_else(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (.., ids) = given_people(&app).await;
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = batch(&desk, &[]).await;
        desk.post_form(&format!("{page}/mark"), &[]).await.redirect();
        let changed = format!("{BADGES}?printed=changed");
        assert!(names(desk.get(&changed).await.ok()).is_empty());
        let (ada, li) = (ids[0], ids[1]);
        app.write(move |db, now| {
            // Touched, but not in anything that a badge shows.
            diesel::update(registrations::table.find(li)).set(registrations::updated_at.eq(now)).execute(db)?;
            diesel::update(registrations::table.find(ada)).set(registrations::position.eq("Countess")).execute(db)
        })
        .await;
        assert_eq!(names(desk.get(&changed).await.ok()), ["Ada"]);
        assert!(desk.get(&format!("{BADGES}/people/{ada}")).await.ok().contains("shows something else"));
        let again = batch(&desk, &[("printed", "changed")]).await;
        assert!(desk.get(&again).await.ok().contains("Mark this badge as printed"));
        app.clock.advance(TimeDelta::minutes(1));
        desk.post_form(&format!("{again}/mark"), &[]).await.redirect();
        assert_eq!(prints(&app, ada).await.iter().map(|print| print.0.as_str()).collect::<Vec<_>>(), ["first", "wrong"]);
        assert!(names(desk.get(&changed).await.ok()).is_empty());
    }

    async fn one_badge_is_printed_again_with_a_reason_and_a_new_code_if_wanted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (.., ids) = given_people(&app).await;
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        let page = format!("{BADGES}/people/{}", ids[0]);
        assert!(staff.get(&page).await.ok().contains("The badge is noted as printed"));
        assert_eq!(staff.post_form(&page, &[]).await.redirect(), format!("{page}/print"));
        let sheet = staff.get(&format!("{page}/print")).await;
        assert_eq!(sheet.ok().matches("<article class=\"badge").count(), 1);
        assert!(sheet.body.contains("paper=single"), "by itself the page is as large as the badge");
        // Again needs a reason, and another reason a note; what was typed stays.
        staff.post_form(&page, &[("reason", "first")]).await.has_status(422);
        let refused = staff.post_form(&page, &[("reason", "other"), ("renews", "on")]).await;
        assert!(refused.has_status(422).contains("Say why in a few words"));
        let serial = |id: RegistrationId| app.read(move |db| registrations::table.find(id).select(registrations::ticket_serial).first::<i32>(db));
        assert_eq!(serial(ids[0]).await, 0);
        app.clock.advance(TimeDelta::minutes(1));
        let fields = [("reason", "lost"), ("note", "in the taxi"), ("renews", "on")];
        assert_eq!(staff.post_form(&page, &fields).await.redirect(), format!("{page}/print"));
        assert_eq!(serial(ids[0]).await, 1);
        let expected = [("first".to_owned(), String::new()), ("lost".to_owned(), "in the taxi".to_owned())];
        assert_eq!(prints(&app, ids[0]).await, expected);
        let shown = staff.get(&page).await;
        assert!(shown.ok().contains("in the taxi") && !shown.body.contains("shows something else"));
        let desk = staff.get(&format!("/organizer/summit/registrations/{}", ids[0])).await;
        for words in ["Printed 2 times", "Badge printed", "New ticket", &page] {
            assert!(desk.ok().contains(words), "{words}");
        }
        assert!(staff.get(&format!("{BADGES}/prints?again=on")).await.ok().contains("in the taxi"));
        // Who is not confirmed has no badge.
        let waiting = format!("{BADGES}/people/{}", ids[3]);
        assert!(staff.get(&waiting).await.ok().contains("is not confirmed"));
        staff.post_form(&waiting, &[]).await.has_status(409);
        staff.get(&format!("{waiting}/print")).await.has_status(409);
    }

    async fn the_design_is_kept_for_the_event_and_shown_before_that(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (.., ids) = given_people(&app).await;
        let event = app.event().await.id;
        app.write(move |db, now| {
            attendance::add_zone(db, now, Actor::System, event, &Localized::single(Lang::EN, "Blue")).map(drop)
        })
        .await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let page = format!("{BADGES}/design");
        let first = organizer.get(&page).await;
        assert!(first.ok().contains("欧阳小龙") && first.body.contains("Haddad"), "somebody made up and a real person");
        let tried = organizer.get(&format!("{page}?size=card&paper=single&large=native&parts=country&person=lovelace")).await;
        assert!(tried.ok().contains("badge lying") && tried.body.contains("Ada Lovelace") && !tried.body.contains("Academy"));
        assert!(organizer.get(&page).await.ok().contains("badge upright"), "only looked at");
        let fields = [
            ("version", "0"), ("size", "card"), ("paper", "single"), ("large", "native"),
            ("parts", "zones"), ("parts", "number"), ("two_sided", "on"), ("width", "90"), ("height", "130"),
        ];
        assert_eq!(organizer.post_form(&page, &fields).await.redirect(), page);
        organizer.post_form(&page, &fields).await.has_status(409);
        let small = [("version", "1"), ("size", "own"), ("paper", "single"), ("large", "latin"), ("width", "40"), ("height", "40")];
        let refused = organizer.post_form(&page, &small).await;
        assert!(refused.has_status(422).contains("too small to be scanned") && refused.input("width") == "40");
        let look = organizer.get(&format!("{BADGES}/look.css")).await;
        assert!(look.ok().contains("@page{size:86mm 54mm;margin:0}") && look.body.contains("--category:#ffd400;--on-category:#000000"));
        let sheet = organizer.get(&format!("{}/print", batch(&organizer, &[("q", "xiaolong")]).await)).await;
        assert_eq!(sheet.ok().matches("badge lying").count(), 2, "both sides");
        let large = sheet.body.split("badge-large").nth(1).expect("a name");
        assert!(large.split("</h2>").next().expect("its end").contains("李小龙"));
        let guest = organizer.get(&format!("{BADGES}/people/{}", ids[0])).await;
        assert!(guest.ok().contains("<b>B</b>") && !guest.body.contains("Academy"));
    }

    async fn a_long_batch_is_one_page_of_whole_sheets(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = category(&app, "guest", &[]).await;
        for number in 0..130 {
            enrolled(&app, guest, RegistrationState::Confirmed, person(&format!("N{number:03}"), "Guest", "", "SE")).await;
        }
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        let page = batch(&staff, &[("order", "name")]).await;
        let sheets = staff.get(&format!("{page}/print?size=a6&paper=sheet&two_sided=on")).await;
        assert_eq!(sheets.ok().matches("<section class=\"sheet").count(), 66, "33 sheets with two sides");
        assert_eq!(sheets.body.matches("<article class=\"badge").count(), 260);
        let order: Vec<&str> = sheets.body.split("badge-large").skip(1).filter_map(|rest| rest.split("<span>").nth(1)?.get(..4)).collect();
        assert_eq!(order[..8], ["N000", "N001", "N002", "N003", "N001", "N000", "N003", "N002"]);
    }

    async fn the_tickets_page_says_what_it_opens_and_keeps_itself_until_the_registration_ends(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let event = app.event().await.id;
        app.write(move |db, now| {
            for name in ["Blue", "Red"] {
                attendance::add_zone(db, now, Actor::System, event, &Localized::single(Lang::EN, format!("{name} hall")))?;
            }
            Ok(())
        })
        .await;
        category(&app, "guest", &["blue-hall"]).await;
        let fields = [
            ("category", "guest"), ("email", "ada@example.org"), ("given_name", "Ada"), ("family_name", "Lovelace"),
            ("accept_privacy", "on"),
        ];
        app.visitor().post_form("/summit/register", &fields).await.redirect();
        let link = app.mail_to("ada@example.org").await[0].link("/summit/verify/");
        let own = app.visitor().post_form(&link, &[]).await.redirect().to_owned();
        let page = app.visitor().get(&format!("{own}/ticket")).await;
        assert!(page.ok().contains("Blue hall") && !page.body.contains("Red hall") && page.body.contains("all days"));
        assert!(page.body.contains(&format!("data-scope=\"{own}/ticket\"")) && page.header("cache-control") == "no-store");
        let worker = app.visitor().get(&format!("{own}/worker.js")).await;
        assert!(worker.ok().contains("\"isOver\":false") && worker.body.contains(&format!("\"page\":\"{own}/ticket\"")));
        assert_eq!((worker.header("cache-control"), worker.header("content-type")), ("no-cache", "text/javascript; charset=utf-8"));
        app.visitor().post_form(&format!("{own}/cancel"), &[]).await.redirect();
        assert_eq!(app.visitor().get(&format!("{own}/ticket")).await.redirect(), own);
        assert!(app.visitor().get(&format!("{own}/worker.js")).await.ok().contains("\"isOver\":true"));
        assert!(app.visitor().get(&own).await.ok().contains(&format!("data-forget=\"{own}/ticket\"")));
    }
}
