//! Seats in sessions: booked and given back, waited for and offered, never more than there are.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, TestDatabase, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{bookings, categories, offers, registration_links, registrations, session_seats, sessions};
use plenary::db::{CategoryId, EventId, LinkId, RegistrationId, SessionId};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use plenary::registration::model::{LinkPurpose, PrivateLink, Registration, RegistrationState};
use plenary::registration::names::NameOrder;
use plenary::web::Token;

/// A released session "Debate" at nine on the first day, with an organizer.
struct Stage {
    app: TestApp,
    organizer: Client,
    event: EventId,
    category: CategoryId,
    debate: SessionId,
    code: String,
}

/// Someone confirmed: the address of their own page, and the number on the ticket.
#[derive(Clone)]
struct Guest {
    id: RegistrationId,
    own: String,
    number: String,
    email: String,
}

impl Stage {
    async fn new(db: TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        let page = given::session(&organizer, "Debate", &[("access", "seat")]).await;
        given::place(&organizer, &page, hall, "2027-04-13", "09:00").await;
        let debate: SessionId = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let event = app.event().await.id;
        let facts = CategoryFacts::open(Localized::single(Lang::EN, "Guest"));
        let made = app.app.write(move |db, now| {
            plenary::registration::operations::create_category(db, now, Actor::System, event, Some("guest"), &facts)
        });
        let category = made.await.expect("a category");
        let code: String = app.read(move |db| sessions::table.find(debate).select(sessions::code).first(db)).await;
        let stage = Self { app, organizer, event, category, debate, code };
        stage.releases().await;
        stage
    }

    async fn releases(&self) {
        self.organizer.post_form("/organizer/summit/releases", &[("ignore_blocking", "on")]).await.redirect();
        self.app.refresh_site().await;
    }

    fn page(&self) -> String {
        format!("/organizer/summit/seats/{}", self.debate)
    }

    async fn has_seats(&self, capacity: &str, more: &[(&str, &str)]) {
        let version: Option<i32> = {
            let id = self.debate;
            self.app
                .read(move |db| session_seats::table.find(id).select(session_seats::version).first(db).optional())
                .await
        };
        let version = version.map(|version| version.to_string()).unwrap_or_default();
        let mut fields = vec![("capacity", capacity), ("offer_minutes", "60"), ("version", version.as_str())];
        fields.extend(more);
        self.organizer.post_form(&self.page(), &fields).await.redirect();
    }

    async fn guests(&self, count: usize) -> Vec<Guest> {
        let (event, category) = (self.event, self.category);
        let mut guests = Vec::new();
        let places = i32::try_from(count).expect("few");
        self.app
            .write(move |db, _| {
                diesel::update(categories::table.find(category)).set(categories::taken.eq(places)).execute(db)
            })
            .await;
        for index in 0..count {
            let (token, id) = (Token::new(), RegistrationId::new());
            let number = format!("G{index:06}");
            let email = format!("guest{index}@example.org");
            guests.push(Guest {
                id,
                own: format!("/summit/r/{}", token.reveal()),
                number: number.clone(),
                email: email.clone(),
            });
            let hash = token.hash();
            self.app
                .write(move |db, now| {
                    let registration = Registration {
                        id,
                        event_id: event,
                        category_id: category,
                        code: number.clone(),
                        state: RegistrationState::Confirmed,
                        email: email.clone(),
                        email_key: email.clone(),
                        given_name: "Guest".into(),
                        family_name: format!("Number {index}"),
                        native_name: String::new(),
                        organisation: String::new(),
                        position: String::new(),
                        country: None,
                        language: Lang::EN,
                        search_key: String::new(),
                        sort_key: format!("{index:06}"),
                        privacy_accepted_at: now,
                        verify_by: None,
                        confirmed_at: Some(now),
                        ended_at: None,
                        calendar_sequence: 0,
                        version: 1,
                        created_at: now,
                        updated_at: now,
                        honorific: String::new(),
                        name_order: NameOrder::GivenFirst,
                        nationality: None,
                        ticket_serial: 0,
                    };
                    diesel::insert_into(registrations::table).values(&registration).execute(db)?;
                    let link = PrivateLink {
                        id: LinkId::new(),
                        token_hash: hash.clone(),
                        registration_id: id,
                        purpose: LinkPurpose::Own,
                        created_at: now,
                        expires_at: None,
                        used_at: None,
                        revoked_at: None,
                    };
                    diesel::insert_into(registration_links::table).values(&link).execute(db)
                })
                .await;
        }
        guests
    }

    /// What a guest's post to their seats answers.
    async fn asks(&self, guest: &Guest, what: &str) -> u16 {
        let visitor = self.app.visitor();
        visitor.post_form(&format!("{}/seats", guest.own), &[(what, &self.code)]).await.status
    }

    async fn states(&self) -> Vec<(RegistrationId, String)> {
        self.app
            .read(|db| {
                bookings::table
                    .order(bookings::created_at)
                    .select((bookings::registration_id, bookings::state))
                    .load(db)
            })
            .await
    }

    async fn state_of(&self, guest: &Guest) -> String {
        self.states()
            .await
            .into_iter()
            .rev()
            .find(|(id, _)| *id == guest.id)
            .map(|(_, state)| state)
            .unwrap_or_default()
    }

    /// Seats that count as taken, and those that are.
    async fn taken(&self) -> (i32, usize) {
        let id = self.debate;
        let counted =
            self.app.read(move |db| session_seats::table.find(id).select(session_seats::taken).first(db)).await;
        let held =
            self.states().await.iter().filter(|(_, state)| ["booked", "offered"].contains(&state.as_str())).count();
        (counted, held)
    }

    async fn hands_on(&self) -> usize {
        plenary::bookings::jobs::hand_on(&self.app.app).await.expect("seats are handed on")
    }

    async fn subjects_to(&self, guest: &Guest) -> Vec<String> {
        self.app.mail_to(&guest.email).await.into_iter().map(|mail| mail.subject).collect()
    }
}

on_both_databases! {
    async fn a_seat_is_booked_shown_and_given_back(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let [ada, bo] = <[Guest; 2]>::try_from(stage.guests(2).await).ok().expect("two");
        assert_eq!(stage.asks(&ada, "book").await, 404, "nobody has set the seats up");
        stage.has_seats("1", &[]).await;
        let visitor = stage.app.visitor();
        assert!(visitor.get("/summit/seats").await.ok().contains("Filling: 1 seat left") || visitor.get("/summit/seats").await.says("1 seat left"));
        assert!(visitor.get(&format!("{}/programme", ada.own)).await.ok().contains("Book a seat"));
        assert_eq!(stage.asks(&ada, "book").await, 303);
        assert_eq!(stage.asks(&ada, "book").await, 303, "twice is once");
        assert_eq!(stage.taken().await, (1, 1));
        assert_eq!(stage.subjects_to(&ada).await, ["You have a seat: Debate"]);
        assert!(visitor.get(&format!("{}/programme", ada.own)).await.ok().contains("You have a seat"));
        let feed = visitor.get(&format!("{}/agenda.ics", ada.own)).await;
        assert!(feed.ok().contains("SUMMARY") && feed.says("Debate"), "the seat is in the feed of the agenda");
        let counts: serde_json::Value = serde_json::from_str(visitor.get("/summit/seats.json").await.ok()).expect("JSON");
        assert_eq!(counts["seats"][&stage.code]["fill"], "full");
        assert_eq!(stage.asks(&bo, "book").await, 409, "full, and nobody may wait");
        assert_eq!(stage.asks(&ada, "give_back").await, 303);
        assert_eq!((stage.taken().await, stage.asks(&ada, "give_back").await), ((0, 0), 404));
        assert_eq!(stage.asks(&bo, "book").await, 303);
        // Whoever gives the registration up gives the seat back.
        visitor.post_form(&format!("{}/cancel", bo.own), &[]).await.redirect();
        assert_eq!(stage.taken().await, (0, 0));
    }

    async fn rules_refuse_with_words_and_the_team_may_do_otherwise(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let [ada, bo] = <[Guest; 2]>::try_from(stage.guests(2).await).ok().expect("two");
        stage.has_seats("5", &[("opens_at", "2027-04-02T08:00")]).await;
        let visitor = stage.app.visitor();
        let early = visitor.post_form(&format!("{}/seats", ada.own), &[("book", &stage.code)]).await;
        assert!(early.has_status(409).contains("can&#x27;t be booked yet") || early.says("can't be booked yet"), "{}", early.body);
        stage.app.clock.set("2027-04-13T09:00:00+08:00");
        assert_eq!(stage.asks(&ada, "book").await, 409, "the session has begun");
        let added = stage.organizer.post_form(&format!("{}/people", stage.page()), &[("code", &ada.number)]).await;
        assert_eq!(added.redirect(), stage.page());
        assert_eq!(stage.taken().await, (1, 1));
        assert!(stage.organizer.get(&stage.page()).await.ok().contains(&ada.number));
        let file = stage.organizer.get(&format!("{}/people.csv", stage.page())).await;
        assert!(file.ok().contains(&format!("{},booked,Guest", ada.number)));
        stage.organizer.post_form(&format!("{}/people", stage.page()), &[("code", "NOBODY")]).await.has_status(422);
        let fewer = stage.organizer.post_form(&stage.page(), &[("capacity", "0"), ("offer_minutes", "60"), ("version", "1")]).await;
        assert!(fewer.has_status(422).contains("More seats are taken already"));
        let booking: String = stage.app.read(|db| bookings::table.select(bookings::id).first(db)).await;
        stage.organizer.post_form(&format!("{}/people/{booking}", stage.page()), &[("do", "remove")]).await.redirect();
        assert_eq!(stage.subjects_to(&ada).await.last().map(String::as_str), Some("Your seat was taken back: Debate"));

        // Behind closed doors.
        stage.app.clock.set("2027-04-03T08:00:00+08:00");
        let id = stage.debate;
        stage.app.write(move |db, _| diesel::update(sessions::table.find(id)).set(sessions::access.eq("invitation")).execute(db)).await;
        stage.releases().await;
        assert_eq!(stage.asks(&bo, "book").await, 409);
        assert!(visitor.get(&format!("{}/programme", bo.own)).await.ok().contains("By invitation"));
        let wrong = stage.organizer.post_form(&format!("{}/guests", stage.page()), &[("codes", &format!("{} NOBODY1", bo.number))]).await;
        assert!(wrong.has_status(422).contains("NOBODY1"));
        assert_eq!(stage.asks(&bo, "book").await, 303, "the known one is invited");
    }

    async fn what_is_free_is_offered_in_order_for_a_limited_time(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.has_seats("1", &[("has_waiting_list", "on"), ("shows_rank", "on")]).await;
        let guests = stage.guests(4).await;
        for guest in &guests {
            assert_eq!(stage.asks(guest, "book").await, 303);
            stage.app.clock.advance(TimeDelta::minutes(1));
        }
        assert_eq!(stage.taken().await, (1, 1));
        assert!(stage.app.visitor().get(&format!("{}/programme", guests[2].own)).await.ok().contains("Waiting list, place 2"));
        assert_eq!(stage.hands_on().await, 0, "nothing is free");
        // The last is preferred by the team.
        let last: String = {
            let id = guests[3].id;
            stage.app.read(move |db| bookings::table.filter(bookings::registration_id.eq(id)).select(bookings::id).first(db)).await
        };
        stage.organizer.post_form(&format!("{}/people/{last}", stage.page()), &[("do", "prefer"), ("priority", "5")]).await.redirect();
        assert_eq!(stage.asks(&guests[0], "give_back").await, 303);
        // Two processes look at once.
        let (one, other) = tokio::join!(stage.hands_on(), stage.hands_on());
        assert_eq!(one + other, 1, "one seat, one offer");
        assert_eq!((stage.state_of(&guests[3]).await.as_str(), stage.taken().await), ("offered", (1, 1)));
        let offer = stage.app.mail_to(&guests[3].email).await.pop().expect("a mail");
        assert_eq!(offer.subject, "A seat for you: Debate");
        assert!(offer.text.contains("Take it by"));
        // Nobody passes those who wait, and the offer runs out.
        stage.app.clock.advance(TimeDelta::minutes(61));
        assert_eq!(stage.asks(&guests[3], "accept").await, 409, "too late");
        assert_eq!(stage.hands_on().await, 1);
        assert_eq!((stage.state_of(&guests[3]).await.as_str(), stage.state_of(&guests[1]).await.as_str()), ("lapsed", "offered"));
        // Declined: the next one. That one takes it.
        assert_eq!(stage.asks(&guests[1], "give_back").await, 303);
        assert_eq!(stage.hands_on().await, 1);
        assert_eq!(stage.asks(&guests[2], "accept").await, 303);
        assert_eq!((stage.state_of(&guests[2]).await.as_str(), stage.taken().await), ("booked", (1, 1)));
        let outcomes: Vec<Option<String>> =
            stage.app.read(|db| offers::table.order(offers::made_at).select(offers::outcome).load(db)).await;
        assert_eq!(outcomes, [Some("ran_out".to_owned()), Some("declined".to_owned()), Some("accepted".to_owned())]);
        // No offer once the session has begun.
        assert_eq!(stage.asks(&guests[0], "book").await, 303);
        assert_eq!(stage.asks(&guests[2], "give_back").await, 303);
        stage.app.clock.set("2027-04-13T09:30:00+08:00");
        assert_eq!(stage.hands_on().await, 0);
    }

    async fn offers_by_hand_keep_to_the_sessions_time_and_whoever_misses_one_is_told(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.has_seats("1", &[("has_waiting_list", "on")]).await;
        let [ada, bo] = <[Guest; 2]>::try_from(stage.guests(2).await).ok().expect("two");
        stage.app.clock.set("2027-04-13T08:20:00+08:00");
        let stage = Stage { organizer: stage.app.signed_in_as(Role::Organizer).await, ..stage };
        for guest in [&ada, &bo] {
            assert_eq!(stage.asks(guest, "book").await, 303);
        }
        assert_eq!(stage.asks(&ada, "give_back").await, 303);
        let id = bo.id;
        let booking: String =
            stage.app.read(move |db| bookings::table.filter(bookings::registration_id.eq(id)).select(bookings::id).first(db)).await;
        let offer = format!("{}/people/{booking}", stage.page());
        stage.organizer.post_form(&offer, &[("do", "offer")]).await.redirect();
        let mail = stage.app.mail_to(&bo.email).await.pop().expect("an offer");
        assert!(mail.text.contains("9:00"), "kept till the session begins and no hour longer: {}", mail.text);
        stage.app.clock.set("2027-04-13T09:01:00+08:00");
        assert_eq!(stage.asks(&bo, "accept").await, 409, "it has begun");
        assert_eq!(stage.hands_on().await, 0);
        assert_eq!(stage.subjects_to(&bo).await.last().map(String::as_str), Some("The offered seat has gone on: Debate"));
        assert_eq!((stage.state_of(&bo).await.as_str(), stage.taken().await), ("lapsed", (0, 0)));
    }

    async fn a_seat_at_the_time_of_another_is_named_before_it_is_booked(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.has_seats("5", &[]).await;
        let ada = stage.guests(1).await.remove(0);
        let page = given::session(&stage.organizer, "Dinner talk", &[("access", "seat")]).await;
        let room = given::room(&stage.organizer, &stage.app, "Small Hall", &[("capacity", "30")]).await;
        given::place(&stage.organizer, &page, room, "2027-04-13", "09:30").await;
        stage.releases().await;
        let other: SessionId = page.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let seats = format!("/organizer/summit/seats/{other}");
        assert!(stage.organizer.get(&seats).await.input("capacity") == "30", "as many as the room has");
        stage.organizer.post_form(&seats, &[("capacity", "30"), ("offer_minutes", "60"), ("version", "")]).await.redirect();
        assert_eq!(stage.asks(&ada, "book").await, 303);
        let own = stage.app.visitor().get(&format!("{}/programme?day=2027-04-13", ada.own)).await;
        assert!(own.ok().contains("At the same time as your seat in"), "{}", own.body);
        let code: String = stage.app.read(move |db| sessions::table.find(other).select(sessions::code).first(db)).await;
        let refused = stage.app.visitor().post_form(&format!("{}/seats", ada.own), &[("book", &code)]).await;
        refused.has_status(409);
    }

    async fn a_rush_never_takes_more_seats_than_there_are(db: TestDatabase) {
        let stage = std::sync::Arc::new(Stage::new(db).await);
        stage.has_seats("20", &[("has_waiting_list", "on")]).await;
        let guests = stage.guests(120).await;
        let rush = guests.iter().cloned().enumerate().map(|(index, guest)| {
            let stage = std::sync::Arc::clone(&stage);
            tokio::spawn(async move {
                assert_eq!(stage.asks(&guest, "book").await, 303);
                if index % 3 == 0 {
                    stage.asks(&guest, "give_back").await;
                }
                if index % 10 == 0 {
                    stage.hands_on().await;
                }
            })
        });
        for task in rush.collect::<Vec<_>>() {
            task.await.expect("no request fails");
        }
        let (counted, held) = stage.taken().await;
        assert!(usize::try_from(counted).ok() == Some(held) && held <= 20, "{counted} counted, {held} held");
        stage.hands_on().await;
        assert_eq!(stage.taken().await, (20, 20), "no seat is lost while people wait");
    }

    async fn people_with_seats_are_told_and_reckoned_when_the_session_moves(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.has_seats("5", &[]).await;
        let guests = stage.guests(1).await;
        assert_eq!(stage.asks(&guests[0], "book").await, 303);
        stage.app.clock.advance(TimeDelta::minutes(1));
        let session = format!("/organizer/summit/sessions/{}", stage.debate);
        let page = stage.organizer.get(&session).await;
        let slot = page.input("slot");
        let fields = [("slot", slot.as_str()), ("day", "2027-04-13"), ("start", "11:00"), ("minutes", "60"), ("room", "")];
        stage.organizer.post_form(&format!("{session}/place"), &fields).await.redirect();
        let before = stage.organizer.get("/organizer/summit/releases").await;
        assert!(before.ok().contains("guest0@example.org"), "the page before releasing shows their mail");
        stage.releases().await;
        stage.app.clock.advance(TimeDelta::minutes(20));
        plenary::notices::jobs::send_due(&stage.app.app).await.expect("notices are sent");
        assert_eq!(stage.subjects_to(&guests[0]).await.last().map(String::as_str), Some("World Summit: Debate has changed"));
    }
}
