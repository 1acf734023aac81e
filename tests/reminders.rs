//! Reminders that leave by themselves: each once, whatever nodes and clocks do.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, TestDatabase, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::bookings::model::BookingState;
use plenary::db::schema::{bookings, messages, registrations, reminders, session_speakers, speakers};
use plenary::db::{BookingId, RegistrationId, SessionId, UtcTime};
use plenary::mail::model::MessageKind;
use plenary::programme::model::Role as Part;
use plenary::registration::model::RegistrationState;

const REMINDERS: &str = "/organizer/summit/reminders";

/// A summit with one open category.
struct Stage {
    app: TestApp,
    organizer: Client,
}

impl Stage {
    async fn set(db: TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let fields = [("name.en", "Guest"), ("code", "guest"), ("badge_color", "#1f4e9e")];
        organizer.post_form("/organizer/summit/categories/new", &fields).await.redirect();
        Self { app, organizer }
    }

    /// Registers somebody and confirms the address.
    async fn registers(&self, email: &str) -> RegistrationId {
        let fields = [
            ("category", "guest"),
            ("email", email),
            ("given_name", "Ada"),
            ("family_name", "Lovelace"),
            ("accept_privacy", "on"),
        ];
        let visitor = self.app.visitor();
        visitor.post_form("/summit/register", &fields).await.redirect();
        let verify = self.app.mail_to(email).await.remove(0).link("/summit/verify/");
        visitor.post_form(&verify, &[]).await.redirect();
        let key = email.to_owned();
        self.app
            .read(move |db| {
                registrations::table.filter(registrations::email_key.eq(key)).select(registrations::id).first(db)
            })
            .await
    }

    /// Changes some fields of the page of reminders.
    async fn sets(&self, changed: &[(&str, &str)]) {
        let shown = self.organizer.get(REMINDERS).await;
        shown.ok();
        let mut fields = vec![("version".to_owned(), shown.input("version"))];
        for kind in plenary::reminders::model::ReminderKind::ALL {
            fields.push((format!("{kind}_steps"), shown.input(&format!("{kind}_steps"))));
        }
        fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(self.organizer.post_form(REMINDERS, &fields).await.redirect(), REMINDERS);
    }

    async fn runs(&self) -> usize {
        plenary::reminders::jobs::send_due(&self.app.app).await.expect("reminders leave")
    }

    /// Many nodes at the same instant; how many reminders left in all.
    async fn runs_on_many_nodes(&self) -> usize {
        futures_util::future::join_all((0..5).map(|_| self.runs())).await.iter().sum()
    }

    /// A seat of somebody in a session, and until when it is kept for them.
    async fn has_seat(
        &self,
        whose: RegistrationId,
        session: SessionId,
        (state, until): (BookingState, Option<UtcTime>),
    ) -> BookingId {
        let (id, event) = (BookingId::new(), self.app.event().await.id);
        self.app
            .write(move |db, now| {
                diesel::insert_into(bookings::table)
                    .values((
                        (bookings::id.eq(id), bookings::event_id.eq(event)),
                        (bookings::session_id.eq(session), bookings::registration_id.eq(whose)),
                        (bookings::state.eq(state), bookings::priority.eq(0), bookings::offered_until.eq(until)),
                        (bookings::calendar_sequence.eq(0), bookings::version.eq(1)),
                        (bookings::created_at.eq(now), bookings::updated_at.eq(now)),
                    ))
                    .execute(db)
            })
            .await;
        id
    }

    /// A speaker of a session who has neither profile nor photo yet.
    async fn given_speaker_who_owes(&self, email: &'static str) {
        let ada = given::speaker(&self.app, "ada", "Ada Lovelace", None).await;
        let session = given::session(&self.organizer, "Engines", &[]).await;
        let id: SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
        self.app
            .write(move |db, _| {
                diesel::update(speakers::table.find(ada)).set(speakers::email.eq(email)).execute(db)?;
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
    }

    async fn kinds(&self, address: &str) -> Vec<String> {
        self.app.mail_to(address).await.into_iter().map(|mail| mail.kind).collect()
    }
}

on_both_databases! {
    async fn whoever_is_confirmed_is_told_once_that_the_event_begins(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.registers("ada@example.org").await;
        stage.registers("bob@example.org").await;
        stage.app.clock.set("2027-04-12T02:00:00Z");
        assert_eq!(stage.runs().await, 0, "nobody has switched them on");
        stage.app.clock.set("2027-03-01T10:00:00Z");
        stage.sets(&[("event_on", "on"), ("event_steps", "2")]).await;
        stage.app.clock.set("2027-04-12T02:00:00Z");
        assert_eq!(stage.runs_on_many_nodes().await, 2, "one each, on any number of nodes");
        stage.app.clock.set("2027-04-11T02:00:00Z");
        assert_eq!(stage.runs().await, 0, "a clock that jumps back sends nothing twice");
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.kind, "event_reminder");
        assert!(mail.html.contains("cid:ticket"), "with the ticket: {}", mail.html);
        mail.link("/summit/r/");

        // Who comes after the step has the ticket from then; nothing follows once the event has begun.
        stage.app.clock.set("2027-04-12T03:00:00Z");
        stage.registers("late@example.org").await;
        assert_eq!(stage.runs().await, 0);
        stage.app.clock.set("2027-04-14T03:00:00Z");
        assert_eq!(stage.runs().await, 0);
        stage.app.stop().await;
    }

    async fn a_session_that_somebody_booked_is_reminded_of(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let room = given::room(&stage.organizer, &stage.app, "Great Hall", &[]).await;
        let session = given::session(&stage.organizer, "Engines", &[("access", "seat"), ("capacity", "5")]).await;
        given::place(&stage.organizer, &session, room, "2027-04-13", "09:00").await;
        stage.organizer.post_form("/organizer/summit/releases", &[]).await.redirect();
        stage.app.refresh_site().await;
        let ada = stage.registers("ada@example.org").await;
        stage.registers("bob@example.org").await;
        let id: SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
        stage.has_seat(ada, id, (BookingState::Booked, None)).await;
        stage.sets(&[("session_on", "on"), ("session_steps", "3, 24")]).await;
        stage.app.clock.set("2027-04-12T00:59:00Z");
        assert_eq!(stage.runs().await, 0);
        stage.app.clock.set("2027-04-12T01:00:00Z");
        assert_eq!(stage.runs_on_many_nodes().await, 1);
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert!(mail.subject.contains("Engines") && mail.text.contains("Great Hall"), "{}", mail.text);
        assert!(!stage.kinds("bob@example.org").await.contains(&"session_reminder".to_owned()));
        stage.app.clock.set("2027-04-12T23:00:00Z");
        assert_eq!(stage.runs().await, 1, "the second step");
        stage.app.clock.set("2027-04-13T01:00:00Z");
        assert_eq!(stage.runs().await, 0, "it has begun");
        stage.app.stop().await;
    }

    async fn a_seat_that_is_kept_is_reminded_of_before_it_goes_on(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let room = given::room(&stage.organizer, &stage.app, "Great Hall", &[]).await;
        let session = given::session(&stage.organizer, "Engines", &[("access", "seat"), ("capacity", "5")]).await;
        given::place(&stage.organizer, &session, room, "2027-04-13", "09:00").await;
        stage.organizer.post_form("/organizer/summit/releases", &[]).await.redirect();
        stage.app.refresh_site().await;
        let session: SessionId = session.rsplit('/').next().expect("an id").parse().expect("an id");
        let (ada, bob) = (stage.registers("ada@example.org").await, stage.registers("bob@example.org").await);
        stage.sets(&[("seat_on", "on"), ("seat_steps", "1, 2")]).await;
        stage.app.clock.set("2027-04-10T06:00:00Z");
        let until = |text: &str| UtcTime::from(text.parse::<chrono::DateTime<chrono::Utc>>().expect("an instant"));
        stage.has_seat(ada, session, (BookingState::Offered, Some(until("2027-04-10T12:00:00Z")))).await;
        let taken = stage.has_seat(bob, session, (BookingState::Offered, Some(until("2027-04-10T12:00:00Z")))).await;
        stage.app.clock.set("2027-04-10T10:30:00Z");
        stage
            .app
            .write(move |db, _| {
                diesel::update(bookings::table.find(taken)).set(bookings::state.eq(BookingState::Booked)).execute(db)
            })
            .await;
        assert_eq!(stage.runs_on_many_nodes().await, 1, "whoever has taken theirs is left alone");
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.kind, "seat_reminder");
        assert!(mail.subject.contains("Engines") && mail.text.contains("20:00"), "{}\n{}", mail.subject, mail.text);
        mail.link("/summit/r/");
        stage.app.clock.set("2027-04-10T11:00:00Z");
        assert_eq!(stage.runs_on_many_nodes().await, 1, "the second step");
        stage.app.clock.set("2027-04-10T12:00:00Z");
        assert_eq!(stage.runs().await, 0, "it has run out");
        assert!(!stage.kinds("bob@example.org").await.contains(&"seat_reminder".to_owned()));
        stage.app.stop().await;
    }

    async fn applications_and_offers_that_wait_are_reminded_of(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let (asked, offered) = (stage.registers("ada@example.org").await, stage.registers("bob@example.org").await);
        stage
            .app
            .write(move |db, now| {
                diesel::update(registrations::table.find(asked))
                    .set((registrations::state.eq(RegistrationState::Applied), registrations::asked_at.eq(now)))
                    .execute(db)?;
                diesel::update(registrations::table.find(offered))
                    .set((
                        registrations::state.eq(RegistrationState::Offered),
                        registrations::offered_until.eq(now + TimeDelta::hours(48)),
                        registrations::waits_since.eq(now - TimeDelta::days(1)),
                    ))
                    .execute(db)
            })
            .await;
        stage.sets(&[("answer_on", "on"), ("answer_steps", "3"), ("offer_on", "on"), ("offer_steps", "12")]).await;
        assert_eq!(stage.runs().await, 0);
        stage.app.clock.advance(TimeDelta::hours(37));
        assert_eq!(stage.runs_on_many_nodes().await, 1, "the offer runs out");
        assert_eq!(stage.kinds("bob@example.org").await.pop().as_deref(), Some("offer_reminder"));
        stage.app.clock.advance(TimeDelta::hours(36));
        assert_eq!(stage.runs_on_many_nodes().await, 1, "the application waits");
        assert_eq!(stage.kinds("ada@example.org").await.pop().as_deref(), Some("answer_reminder"));
        assert_eq!(stage.runs().await, 0);
        stage.app.stop().await;
    }

    async fn speakers_are_reminded_of_what_they_owe_by_its_day(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.given_speaker_who_owes("ada@example.org").await;
        stage.sets(&[("profile_on", "on"), ("profile_steps", "1, 7"), ("due_profile", "2027-03-20")]).await;
        stage.app.clock.set("2027-03-13T00:59:00Z");
        assert_eq!(stage.runs().await, 0);
        stage.app.clock.set("2027-03-13T01:00:00Z");
        assert_eq!(stage.runs_on_many_nodes().await, 1);
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.kind, "speaker_missing");
        assert!(mail.text.contains("Profile") && mail.text.contains("Photo"), "{}", mail.text);
        stage.app.clock.set("2027-03-19T02:00:00Z");
        assert_eq!(stage.runs().await, 1);
        stage.app.clock.set("2027-03-21T02:00:00Z");
        assert_eq!(stage.runs().await, 0, "the day is past");
        let steps: i64 = stage.app.read(|db| reminders::table.count().get_result(db)).await;
        assert_eq!(steps, 2);
        stage.app.stop().await;
    }

    async fn whoever_wants_no_reminders_gets_none_of_what_can_wait(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.registers("ada@example.org").await;
        stage.registers("bob@example.org").await;
        stage.sets(&[("event_on", "on"), ("event_steps", "5, 2")]).await;
        stage.app.clock.set("2027-04-09T02:00:00Z");
        assert_eq!(stage.runs().await, 2);
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.kind, "event_reminder");
        let carried: i64 = stage
            .app
            .read(|db| {
                let reminders = messages::table.filter(messages::kind.eq(MessageKind::EventReminder));
                reminders.filter(messages::unsubscribe_url.is_not_null()).count().get_result(db)
            })
            .await;
        assert_eq!(carried, 2, "RFC 8058: mail programs are told the link too");
        let link = mail.link("/summit/u/");

        // As a mail program does it, without a page, a cookie or a question.
        stage.app.visitor().post_form(&link, &[("List-Unsubscribe", "One-Click")]).await.ok();
        stage.app.clock.set("2027-04-12T02:00:00Z");
        assert_eq!(stage.runs().await, 1, "bob still wants them");
        let count = |kinds: Vec<String>| kinds.iter().filter(|kind| *kind == "event_reminder").count();
        assert_eq!(count(stage.kinds("ada@example.org").await), 1);
        assert_eq!(count(stage.kinds("bob@example.org").await), 2);
        stage.app.stop().await;
    }

    async fn speakers_refuse_reminders_of_what_they_owe_by_one_click(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.given_speaker_who_owes("ada@example.org").await;
        stage.sets(&[("profile_on", "on"), ("profile_steps", "1, 7"), ("due_profile", "2027-03-20")]).await;
        stage.app.clock.set("2027-03-13T01:00:00Z");
        assert_eq!(stage.runs().await, 1);
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        let link = mail.link("/summit/u/");
        stage.app.visitor().post_form(&link, &[("List-Unsubscribe", "One-Click")]).await.ok();
        stage.app.clock.set("2027-03-19T02:00:00Z");
        assert_eq!(stage.runs().await, 0);
        assert_eq!(stage.kinds("ada@example.org").await, ["speaker_missing"]);
        stage.app.stop().await;
    }
}
