//! The door over HTTP: gates, devices, scans, what two gates do at once, what is told later.

mod late;

use crate::on_both_databases;
use crate::support::app::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{bookings, categories, gates, presences, registrations, scans, session_seats};
use plenary::db::{BookingId, CategoryId, GateId, RegistrationId, ScanId, SessionId, UtcTime};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use plenary::registration::model::{Registration, RegistrationState};
use plenary::registration::names::NameOrder;
use plenary::registration::operations as registration;
use plenary::registration::ticket::{Ticket, TicketKey, draw_png};
use serde_json::{Value, json};

/// Noon of the first day at the event.
const NOON: &str = "2027-04-13T12:00:00+08:00";

struct Door {
    category: CategoryId,
    key: TicketKey,
}

/// The event at noon of its first day, with a category and a key for tickets.
async fn opened(app: &TestApp) -> (Door, Client) {
    app.clock.set(NOON);
    let organizer = app.signed_in_as(Role::Organizer).await;
    let event = app.event().await.id;
    let facts = CategoryFacts::open(Localized::single(Lang::EN, "Delegates"));
    let made = app
        .app
        .write(move |db, now| registration::create_category(db, now, Actor::System, event, Some("delegates"), &facts));
    let category = made.await.expect("a category");
    let key = TicketKey::new_random();
    let secret = key.secret();
    app.write(move |db, now| registration::give_ticket_key(db, now, event, &TicketKey::from_secret(&secret)).map(drop))
        .await;
    (Door { category, key }, organizer)
}

impl Door {
    /// Someone in this state; returns their id and ticket.
    async fn attendee(&self, app: &TestApp, name: &str, state: RegistrationState) -> (RegistrationId, String) {
        let (event, category, name, id) = (app.event().await.id, self.category, name.to_owned(), RegistrationId::new());
        app.write(move |db, now| {
            let registration = attendee(id, event, category, (&name, state), now);
            diesel::insert_into(registrations::table).values(&registration).execute(db)
        })
        .await;
        (id, self.key.issue(&first_ticket(id)))
    }
}

fn attendee(
    id: RegistrationId,
    event: plenary::db::EventId,
    category: CategoryId,
    (name, state): (&str, RegistrationState),
    now: UtcTime,
) -> Registration {
    let email = format!("{id}@example.org");
    Registration {
        id,
        event_id: event,
        category_id: category,
        code: id.as_str().replace('-', "").to_uppercase()[20..].to_owned(),
        state,
        email_key: email.clone(),
        email,
        given_name: name.to_owned(),
        family_name: "Tester".to_owned(),
        native_name: "李小龙".to_owned(),
        organisation: String::new(),
        position: String::new(),
        country: Some("CN".to_owned()),
        language: Lang::EN,
        search_key: plenary::i18n::search_key([name, "Tester", "李小龙"]),
        sort_key: name.to_lowercase(),
        privacy_accepted_at: now,
        verify_by: None,
        confirmed_at: Some(now),
        ended_at: state.is_end().then_some(now),
        calendar_sequence: 0,
        version: 1,
        created_at: now,
        updated_at: now,
        honorific: String::new(),
        name_order: NameOrder::GivenFirst,
        nationality: None,
        ticket_serial: 0,
    }
}

/// The first ticket of someone.
fn first_ticket(registration: RegistrationId) -> Ticket {
    Ticket { registration, category: "delegates".into(), zones: Vec::new(), serial: 0 }
}

/// Adds a gate through its form.
async fn gate(app: &TestApp, organizer: &Client, name: &str, more: &[(&str, &str)]) -> GateId {
    let mut fields = vec![("name.en", name), ("entry", "once")];
    fields.retain(|(field, _)| more.iter().all(|(other, _)| other != field));
    fields.extend(more);
    let answer = organizer.post_form("/organizer/summit/gates/new", &fields).await;
    assert_eq!(answer.redirect(), "/organizer/summit/gates");
    let wanted = Localized::single(Lang::EN, name);
    app.read(move |db| gates::table.filter(gates::name.eq(wanted)).select(gates::id).first(db)).await
}

/// The code that a page shows once.
fn shown_code(page: &str) -> String {
    let at = page.find("device-letters\"><code>").expect("a code") + "device-letters\"><code>".len();
    page[at..at + 9].to_owned()
}

/// A device that has signed in.
async fn device(app: &TestApp, organizer: &Client, name: &str) -> Client {
    let page = organizer.post_form("/organizer/summit/devices", &[("name", name)]).await;
    let code = shown_code(page.ok());
    let device = app.visitor();
    let signed_in = device.post_form("/checkin/summit/sign-in", &[("code", &code.to_lowercase())]).await;
    assert_eq!(signed_in.redirect(), "/checkin/summit");
    device
}

async fn send(client: &Client, scans: &Value) -> Vec<Value> {
    let request = client.request(reqwest::Method::POST, "/checkin/summit/scans").json(&json!({ "scans": scans }));
    let answer = client.send(request).await;
    let body: Value = serde_json::from_str(answer.ok()).expect("JSON");
    body["scans"].as_array().expect("answers").clone()
}

fn scan(gate: GateId, text: &str) -> Value {
    json!({ "id": ScanId::new(), "gate": gate, "direction": "in", "text": text })
}

async fn result(client: &Client, scan: Value) -> String {
    send(client, &json!([scan])).await[0]["result"].as_str().expect("a result").to_owned()
}

async fn inside(app: &TestApp, gate: GateId) -> i32 {
    app.read(move |db| gates::table.find(gate).select(gates::inside).first(db)).await
}

on_both_databases! {
    async fn a_device_signs_in_by_a_code_that_works_once_and_may_only_scan(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        gate(&app, &organizer, "Gate 1", &[]).await;
        let page = organizer.post_form("/organizer/summit/devices", &[("name", "Tablet 3")]).await;
        let code = shown_code(page.ok());
        assert!(page.says("<svg") && !organizer.get("/organizer/summit/devices").await.ok().contains("device-letters"), "shown once");
        let device = app.visitor();
        assert_eq!(device.get("/checkin/summit").await.redirect(), "/checkin/summit/sign-in");
        assert_eq!(device.get("/checkin/no-such-event").await.redirect(), "/checkin/no-such-event/sign-in", "events are not told");
        let looked_at = device.get(&format!("/checkin/summit/sign-in?code={}", code.replace(' ', ""))).await;
        assert_eq!(looked_at.input("code"), code.replace(' ', ""));
        device.post_form("/checkin/summit/sign-in", &[("code", "2222 2222")]).await.has_status(422);
        let signed_in = device.post_form("/checkin/summit/sign-in", &[("code", &code)]).await;
        assert_eq!(signed_in.redirect(), "/checkin/summit");
        let cookie = signed_in.header("set-cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("Path=/checkin/summit"), "{cookie}");
        app.visitor().post_form("/checkin/summit/sign-in", &[("code", &code)]).await.has_status(422);
        assert!(device.get("/checkin/summit").await.ok().contains("Tablet 3"));
        for forbidden in ["/organizer/summit", "/organizer/summit/registrations", "/checkin/summit/supervisor"] {
            assert!(device.get(forbidden).await.redirect().starts_with("/login"), "{forbidden}");
        }
        assert!(organizer.get("/organizer/summit/devices").await.ok().contains("Signed in"));
        let revoke = organizer.get("/organizer/summit/devices").await;
        let end = revoke.body.find("/revoke\"").expect("a way to revoke");
        let start = revoke.body[..end].rfind('"').expect("an address") + 1;
        organizer.post_form(&format!("{}/revoke", &revoke.body[start..end]), &[]).await.redirect();
        assert_eq!(device.get("/checkin/summit").await.redirect(), "/checkin/summit/sign-in");
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let refused = device.request(reqwest::Method::POST, "/checkin/summit/scans").json(&json!({ "scans": [scan(GateId::new(), &ticket)] }));
        assert_eq!(device.send(refused).await.status, 303);
    }

    async fn a_code_runs_out_and_can_not_be_guessed_at_speed(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.signins_per_minute", "3")]).await;
        let (_, organizer) = opened(&app).await;
        let code = shown_code(organizer.post_form("/organizer/summit/devices", &[("name", "Tablet")]).await.ok());
        app.clock.advance(TimeDelta::minutes(31));
        for status in [422, 422, 422, 429] {
            app.visitor().post_form("/checkin/summit/sign-in", &[("code", &code)]).await.has_status(status);
        }
    }

    async fn each_reason_is_told_apart_and_in_chinese_too(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let other = gate(&app, &organizer, "Gate 2", &[("main", "on")]).await;
        let evening = gate(&app, &organizer, "Evening", &[("opens_at", "18:00")]).await;
        let tomorrow = gate(&app, &organizer, "Tomorrow", &[("days", "2027-04-14")]).await;
        let device = device(&app, &organizer, "Tablet").await;
        let (id, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let (_, cancelled) = door.attendee(&app, "Bob", RegistrationState::Cancelled).await;
        let (_, applied) = door.attendee(&app, "Cy", RegistrationState::Applied).await;
        let nobody = door.key.issue(&first_ticket(RegistrationId::new()));
        let foreign = TicketKey::new_random().issue(&first_ticket(id));
        let mut forged = ticket.clone();
        let changed = if forged.pop() == Some('0') { '1' } else { '0' };
        forged.push(changed);
        for (gate, text, expected) in [
            (evening, ticket.as_str(), "outside-hours"),
            (tomorrow, &ticket, "wrong-day"),
            (main, &cancelled, "cancelled"),
            (main, &applied, "not-approved"),
            (main, &nobody, "unknown"),
            (main, "no such code", "unknown"),
            (main, &foreign, "other-event"),
            (main, &ticket, "in"),
            (other, &ticket, "already-in"),
        ] {
            assert_eq!(result(&device, scan(gate, text)).await, expected, "{text}");
        }
        let forged_result = result(&device, scan(main, &forged)).await;
        assert!(["bad-signature", "unknown"].contains(&forged_result.as_str()), "{forged_result}");
        let told = send(&device, &json!([scan(other, &ticket)])).await;
        assert_eq!(told[0]["detail"], "Already in since 12:00 at Gate 1");
        assert_eq!(told[0]["person"]["name"], "Ada Tester");
        let chinese = app.visitor_reading("zh");
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        drop(chinese);
        let page = staff.get("/checkin/summit?lang=zh").await;
        assert!(page.ok().contains("门票或代码"));
        let came: Option<UtcTime> = app.read(move |db| registrations::table.find(id).select(registrations::came_at).first(db)).await;
        assert_eq!(came, Some(app.clock.now()));
        // The next day counts anew.
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(result(&device, scan(main, &ticket)).await, "in");
    }

    async fn a_renewed_ticket_makes_the_one_before_invalid_at_gates_and_on_devices(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("entry", "again")]).await;
        let device = device(&app, &organizer, "Tablet").await;
        let (id, old) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        assert_eq!(result(&device, scan(main, &old)).await, "in");
        let event = app.event().await.id;
        app.write(move |db, now| registration::renew_ticket(db, now, Actor::System, (event, id))).await;
        let new = door.key.issue(&Ticket { serial: 1, ..first_ticket(id) });
        assert_eq!(result(&device, scan(main, &old)).await, "revoked");
        assert_eq!(result(&device, scan(main, &new)).await, "in");
        let list = device.get("/checkin/summit/list").await;
        let list: Value = serde_json::from_str(list.ok()).expect("JSON");
        let told = list["exceptions"].as_array().expect("exceptions").iter().find(|one| one["s"] == 1).expect("the serial");
        assert!(told.get("r").is_none(), "the registration itself stands: {told}");
        // Who is typed in by code was looked at by somebody.
        let code: String = app.read(move |db| registrations::table.find(id).select(registrations::code).first(db)).await;
        assert_eq!(result(&device, scan(main, &code)).await, "in");
    }

    async fn a_scan_sent_again_counts_once_and_is_nobody_elses(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        let (id, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let same = scan(main, &ticket);
        for repeated in [false, true, true] {
            let answer = send(&one, &json!([same])).await;
            assert_eq!((answer[0]["result"].as_str(), answer[0]["repeated"].as_bool()), (Some("in"), Some(repeated)));
        }
        assert_eq!(send(&two, &json!([same])).await[0]["error"], "other");
        let (kept, entries): (i64, i32) = app.read(move |db| {
            Ok((scans::table.count().get_result(db)?, presences::table.filter(presences::registration_id.eq(id)).select(presences::entries).first(db)?))
        }).await;
        assert_eq!((kept, entries, inside(&app, main).await), (1, 1, 1));
    }

    async fn one_ticket_at_two_gates_at_once_is_let_in_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let gates = [gate(&app, &organizer, "Gate 1", &[("main", "on")]).await, gate(&app, &organizer, "Gate 2", &[("main", "on")]).await];
        let devices = [device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await];
        for round in 0..8 {
            let (_, ticket) = door.attendee(&app, &format!("P{round}"), RegistrationState::Confirmed).await;
            let both = (0..6).map(|turn| result(&devices[turn % 2], scan(gates[turn % 2], &ticket)));
            let results = futures_util::future::join_all(both).await;
            assert_eq!(results.iter().filter(|one| *one == "in").count(), 1, "{results:?}");
            assert_eq!(results.iter().filter(|one| *one == "already-in").count(), 5, "{results:?}");
        }
        assert_eq!(inside(&app, gates[0]).await + inside(&app, gates[1]).await, 8);
    }

    async fn who_goes_out_may_come_in_again_where_that_is_counted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let (east, west) = (
            gate(&app, &organizer, "East", &[("main", "on"), ("entry", "counted")]).await,
            gate(&app, &organizer, "West", &[("main", "on"), ("entry", "counted")]).await,
        );
        let device = device(&app, &organizer, "Tablet").await;
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let out = |gate| { let mut out = scan(gate, &ticket); out["direction"] = json!("out"); out };
        for (asked, expected, counted) in [
            (out(east), "not-inside", (0, 0)),
            (scan(east, &ticket), "in", (1, 0)),
            (scan(west, &ticket), "already-in", (1, 0)),
            (out(west), "out", (0, 0)),
            (scan(west, &ticket), "in", (0, 1)),
        ] {
            assert_eq!(result(&device, asked).await, expected);
            assert_eq!((inside(&app, east).await, inside(&app, west).await), counted);
        }
    }

    async fn two_devices_without_network_let_one_ticket_in_and_the_supervisor_is_told(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let (one, two) = (device(&app, &organizer, "One").await, device(&app, &organizer, "Two").await);
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let offline = |minutes: i64| {
            let mut scan = scan(main, &ticket);
            scan["offline"] = json!("in");
            scan["at"] = json!((app.clock.now() - TimeDelta::minutes(minutes)).timestamp() * 1000);
            scan
        };
        assert_eq!(send(&one, &json!([offline(20)])).await[0]["conflict"], "");
        let second = offline(10);
        for _ in 0..2 {
            let answer = send(&two, &json!([second])).await;
            assert_eq!((answer[0]["result"].as_str(), answer[0]["conflict"].as_str()), (Some("in"), Some("Already in")));
        }
        assert_eq!(inside(&app, main).await, 1);
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        let page = staff.get("/checkin/summit/supervisor").await;
        assert!(page.ok().contains("Ada Tester") && page.says("Let in at 11:50 at Gate 1 without network, but: Already in"));
        let end = page.body.find("/seen\"").expect("a way to acknowledge");
        let start = page.body[..end].rfind('"').expect("an address") + 1;
        staff.post_form(&format!("{}/seen", &page.body[start..end]), &[]).await.redirect();
        assert!(staff.get("/checkin/summit/supervisor").await.ok().contains("Nobody was let in who should not have been"));
    }

    async fn the_list_for_devices_holds_no_names_and_what_speaks_against_tickets(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on")]).await;
        let device = device(&app, &organizer, "Tablet").await;
        let (ada, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let (bob, _) = door.attendee(&app, "Bob", RegistrationState::Cancelled).await;
        assert_eq!(result(&device, scan(main, &ticket)).await, "in");
        let answer = device.get("/checkin/summit/list").await;
        let list: Value = serde_json::from_str(answer.ok()).expect("JSON");
        assert_eq!(list["exceptions"].as_array().expect("exceptions").len(), 2, "{list}");
        assert!(list["exceptions"].as_array().expect("exceptions").iter().any(|one| one["r"] == "cancelled"));
        for private in ["Ada", "Tester", "example.org", ada.as_str(), bob.as_str()] {
            assert!(!answer.says(private), "{private}");
        }
        app.clock.advance(TimeDelta::hours(1));
        let later = device.get(&format!("/checkin/summit/list?since={}", app.clock.now().timestamp())).await;
        assert!(later.ok().contains("\"exceptions\":[]"));
    }

    async fn zones_and_seats_decide_and_a_person_may_overrule_with_a_reason(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let session = crate::support::given::session(&organizer, "Closed talk", &[]).await;
        let session: SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
        let event = app.event().await.id;
        let (ada, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let (bob, waiting) = door.attendee(&app, "Bob", RegistrationState::Confirmed).await;
        app.write(move |db, now| {
            diesel::insert_into(session_seats::table).values((
                (session_seats::session_id.eq(session), session_seats::event_id.eq(event), session_seats::capacity.eq(1), session_seats::taken.eq(1)),
                (session_seats::has_waiting_list.eq(false), session_seats::shows_rank.eq(false), session_seats::offer_minutes.eq(30)),
                (session_seats::categories.eq("[]"), session_seats::version.eq(1), session_seats::updated_at.eq(now)),
            )).execute(db)?;
            diesel::insert_into(bookings::table).values((
                (bookings::id.eq(BookingId::new()), bookings::event_id.eq(event), bookings::session_id.eq(session), bookings::registration_id.eq(ada)),
                (bookings::state.eq("booked"), bookings::priority.eq(0), bookings::calendar_sequence.eq(0), bookings::version.eq(1)),
                (bookings::created_at.eq(now), bookings::updated_at.eq(now)),
            )).execute(db)
        }).await;
        let hall = gate(&app, &organizer, "Hall", &[("session", session.as_str())]).await;
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        assert_eq!(result(&staff, scan(hall, &waiting)).await, "standby");
        assert_eq!(result(&staff, scan(hall, &ticket)).await, "in");
        assert_eq!(result(&staff, scan(hall, &waiting)).await, "full");
        let admitted = json!({ "id": ScanId::new(), "gate": hall, "direction": "in", "person": bob, "reason": "Speaker's assistant" });
        assert_eq!(result(&staff, admitted).await, "admitted");
        let reasons: Vec<String> = app.read(|db| {
            use plenary::db::schema::audit_entries;
            audit_entries::table.filter(audit_entries::action.eq("registration.admitted")).select(audit_entries::detail).load(db)
        }).await;
        assert!(reasons.len() == 1 && reasons[0].contains("assistant"), "{reasons:?}");
        // A category that is limited to another day.
        let category = door.category;
        app.write(move |db, _| diesel::update(categories::table.find(category)).set(categories::days.eq("[\"2027-04-14\"]")).execute(db)).await;
        assert_eq!(result(&staff, scan(hall, &ticket)).await, "wrong-day");
    }

    async fn without_script_a_code_is_typed_and_a_name_found_in_any_script(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate <1>", &[("main", "on")]).await.to_string();
        let device = device(&app, &organizer, "Tablet").await;
        let (id, _) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let code: String = app.read(move |db| registrations::table.find(id).select(registrations::code).first(db)).await;
        let page = device.get("/checkin/summit").await;
        let fields = [("id", page.input("id")), ("gate", main.clone()), ("direction", "in".into()), ("text", code.to_lowercase())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        for _ in 0..2 {
            let answer = device.post_form("/checkin/summit", &fields).await;
            assert!(answer.ok().contains("Welcome") && answer.says("Ada Tester") && answer.says("door-result good"));
        }
        let found = device.get("/checkin/summit?q=%E5%B0%8F%E9%BE%99").await;
        assert!(found.ok().contains("Ada Tester") && found.says("李小龙"));
        assert!(device.get("/checkin/summit?q=nobody").await.ok().contains("Nobody was found"));
        device.post_form("/checkin/summit", &[("gate", &main)]).await.has_status(422);
        let api = device.get("/checkin/summit/people?q=ada").await;
        assert!(api.ok().contains("Ada Tester"));
    }

    async fn a_picture_is_read_at_the_server_within_limits(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let device = device(&app, &organizer, "Tablet").await;
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        let post = |bytes: Vec<u8>| device.send(device.request(reqwest::Method::POST, "/checkin/summit/picture").body(bytes));
        let read: Value = serde_json::from_str(post(draw_png(&ticket).expect("drawn")).await.ok()).expect("JSON");
        assert_eq!(read["text"], ticket);
        post(b"MZ\x90\x00 an executable".to_vec()).await.has_status(400);
        post(vec![0xff; 3 * 1024 * 1024]).await.has_status(413);
    }

    async fn wrong_gates_are_refused_field_by_field_and_two_organizers_lose_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (_, organizer) = opened(&app).await;
        let id = gate(&app, &organizer, "North", &[("code", "north"), ("place_x", "10"), ("place_y", "90")]).await;
        let wrong = organizer.post_form("/organizer/summit/gates/new", &[("name.en", ""), ("entry", "sometimes"), ("place_x", "5"), ("opens_at", "soon")]).await;
        for words in ["Choose how often people may enter", "Fill in both places"] {
            assert!(wrong.has_status(422).contains(words), "{words}");
        }
        let taken = organizer.post_form("/organizer/summit/gates/new", &[("name.en", "X"), ("code", "north"), ("entry", "once")]).await;
        assert!(taken.has_status(422).contains("Another gate has this code"));
        let address = format!("/organizer/summit/gates/{id}");
        let change = |name: &'static str| vec![("version", "1"), ("name.en", name), ("code", "north"), ("entry", "counted")];
        organizer.post_form(&address, &change("First")).await.redirect();
        let stale = organizer.post_form(&address, &change("Second")).await;
        assert!(stale.has_status(409).contains("First") && stale.says("Second"));
        let ask = organizer.get(&format!("{address}/delete")).await;
        assert!(ask.ok().contains("Nobody is counted inside"));
        organizer.post_form(&format!("{address}/delete"), &[]).await.redirect();
        assert!(organizer.get("/organizer/summit/gates").await.ok().contains("No gates yet"));
    }

    async fn the_supervisor_hears_numbers_as_they_change(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let (door, organizer) = opened(&app).await;
        let main = gate(&app, &organizer, "Gate 1", &[("main", "on"), ("place_x", "50"), ("place_y", "50")]).await;
        let staff = app.signed_in_as(Role::CheckInStaff).await;
        let mut stream = staff.request(reqwest::Method::GET, "/checkin/summit/supervisor/live").send().await.expect("a stream");
        let (_, ticket) = door.attendee(&app, "Ada", RegistrationState::Confirmed).await;
        assert_eq!(result(&staff, scan(main, &ticket)).await, "in");
        let mut heard = String::new();
        while !heard.contains("\"entered\":1") {
            heard.push_str(&String::from_utf8_lossy(&stream.chunk().await.expect("a stream").expect("more")));
        }
        assert!(heard.contains("\"came\":1"), "{heard}");
        let page = staff.get("/checkin/summit/supervisor").await;
        assert!(page.ok().contains("gate-plan") && page.says("hour-chart") && page.says("at most 1 in one"));
    }
}
