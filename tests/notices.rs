//! Notices of releases: one mail for each person, calendars that follow, stars, replies.

mod attendees;
mod simulated;
mod telling;

use crate::support::{Client, Role, TestApp, given};
use diesel::prelude::*;
use plenary::db::schema::{change_notices, messages, slots, speaker_assistants, speakers};
use plenary::db::{AssistantId, MessageId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use plenary::i18n::Lang;
use plenary::mail::compose::compose;
use plenary::mail::model::{MessageKind, OutboxMessage};
use serde::Deserialize;
use serde_json::Value;
use std::process::Command;

const RELEASES: &str = "/organizer/summit/releases";
const NOTICES: &str = "/organizer/summit/notices";

/// An event with two rooms, an organizer, and Ada, who reads mail.
struct Stage {
    app: TestApp,
    organizer: Client,
    hall: RoomId,
    annex: RoomId,
    ada: SpeakerId,
}

impl Stage {
    async fn new(db: crate::support::TestDatabase) -> Self {
        Self::with(db, &[]).await
    }

    async fn with(db: crate::support::TestDatabase, settings: &[(&str, &str)]) -> Self {
        let app = TestApp::start_with(db, settings).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let hall = given::room(&organizer, &app, "Great Hall", &[]).await;
        let annex = given::room(&organizer, &app, "Annex", &[]).await;
        let ada = given::speaker(&app, "ada", "Ada Lovelace", None).await;
        let stage = Self { app, organizer, hall, annex, ada };
        stage.reads_mail(ada, "ada@example.org", Lang::EN).await;
        stage
    }

    async fn reads_mail(&self, speaker: SpeakerId, address: &'static str, lang: Lang) {
        self.app
            .write(move |db, _| {
                diesel::update(speakers::table.find(speaker))
                    .set((speakers::email.eq(address), speakers::language.eq(lang)))
                    .execute(db)
            })
            .await;
    }

    async fn has_assistant(&self, speaker: SpeakerId, address: &'static str, lang: Lang) {
        self.app
            .write(move |db, now| {
                diesel::insert_into(speaker_assistants::table)
                    .values((
                        speaker_assistants::id.eq(AssistantId::new()),
                        speaker_assistants::speaker_id.eq(speaker),
                        speaker_assistants::name.eq("Mary Somerville"),
                        speaker_assistants::email.eq(address),
                        speaker_assistants::language.eq(lang),
                        speaker_assistants::created_at.eq(now),
                    ))
                    .execute(db)
            })
            .await;
    }

    /// A session with Ada in the Great Hall on the first day.
    async fn session(&self, title: &str, start: &str) -> String {
        let session = given::session(&self.organizer, title, &[("person.0", "ada")]).await;
        given::place(&self.organizer, &session, self.hall, "2027-04-13", start).await;
        session
    }

    async fn slot(&self, session: &str) -> String {
        let id: SessionId = session.rsplit('/').next().and_then(|id| id.parse().ok()).expect("a session's page");
        let slot: SlotId =
            self.app.read(move |db| slots::table.filter(slots::session_id.eq(id)).select(slots::id).first(db)).await;
        slot.to_string()
    }

    /// Moves the only slot of a session.
    async fn moves(&self, session: &str, room: RoomId, start: &str) {
        let slot = self.slot(session).await;
        let room = room.to_string();
        let fields =
            [("slot", slot.as_str()), ("room", &room), ("day", "2027-04-13"), ("start", start), ("minutes", "60")];
        self.organizer.post_form(&format!("{session}/place"), &fields).await.redirect();
    }

    async fn takes_out(&self, session: &str) {
        let slot = self.slot(session).await;
        self.organizer.post_form(&format!("{session}/unplace"), &[("slot", &slot)]).await.redirect();
    }

    async fn releases(&self) {
        assert_eq!(self.organizer.post_form(RELEASES, &[("ignore_blocking", "on")]).await.redirect(), RELEASES);
        self.app.refresh_site().await;
    }

    /// Lets the quiet time pass and sends what is due; returns how many notices were settled.
    async fn waits(&self) -> usize {
        self.app.clock.advance(chrono::TimeDelta::minutes(16));
        self.sends().await
    }

    async fn sends(&self) -> usize {
        plenary::notices::jobs::send_due(&self.app.app).await.expect("notices are sent")
    }

    async fn states(&self) -> Vec<String> {
        self.app
            .read(|db| {
                change_notices::table
                    .order((change_notices::created_at, change_notices::id))
                    .select(change_notices::state)
                    .load(db)
            })
            .await
    }

    /// The notices' mails as they go over the wire, the oldest first, read by Python's libraries.
    async fn mails(&self) -> Vec<ReadMail> {
        type Row = (MessageId, String, String, Lang, String, String, String, String, Option<String>, UtcTime);
        let rows: Vec<Row> = self
            .app
            .read(|db| {
                messages::table
                    .filter(messages::kind.eq_any([MessageKind::SlotNotice, MessageKind::ChangeNotice]))
                    .order((messages::created_at, messages::id))
                    .select((
                        messages::id,
                        messages::recipient_name,
                        messages::recipient_address,
                        messages::language,
                        messages::subject,
                        messages::body_text,
                        messages::body_html,
                        messages::attachments,
                        messages::unsubscribe_url,
                        messages::created_at,
                    ))
                    .load(db)
            })
            .await;
        let mailer = &self.app.app.mailer;
        let folder = tempfile::tempdir().expect("a folder");
        let mut paths = Vec::new();
        for (index, row) in rows.into_iter().enumerate() {
            let message = OutboxMessage {
                event: None,
                copies: Vec::new(),
                id: row.0,
                kind: MessageKind::SlotNotice,
                domain: String::new(),
                recipient_name: row.1,
                recipient_address: row.2,
                language: row.3,
                subject: row.4,
                body_text: row.5,
                body_html: row.6,
                attachments: serde_json::from_str(&row.7).expect("attachments"),
                unsubscribe: row.8,
                attempts: 1,
                created_at: row.9,
            };
            let path = folder.path().join(format!("{index}.eml"));
            std::fs::write(&path, compose(&message, &mailer.from, &mailer.domain, None, None).expect("a mail").content)
                .expect("a file");
            paths.push(path);
        }
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/notices/check.py");
        let read = Command::new("/usr/bin/python3").arg(script).args(&paths).output().expect("python3");
        assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
        serde_json::from_slice(&read.stdout).expect("JSON")
    }
}

/// A mail as other people's parsers read it.
#[derive(Clone, Debug, Deserialize)]
struct ReadMail {
    to: String,
    subject: String,
    unsubscribe: String,
    unsubscribe_post: String,
    shape: Value,
    entries: Vec<ReadEntry>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct ReadEntry {
    method: String,
    uid: String,
    sequence: i32,
    status: String,
    start: String,
    end: String,
    summary: String,
    location: String,
    organizer: String,
    attendee: String,
    partstat: String,
    rsvp: String,
    zones: Vec<String>,
    zone: String,
    stamped: bool,
    #[serde(rename = "type")]
    media_type: String,
    type_method: String,
    file: String,
}

impl ReadMail {
    /// The entries without the file that repeats the first.
    fn calendar(&self) -> Vec<&ReadEntry> {
        self.entries.iter().filter(|entry| entry.media_type == "text/calendar").collect()
    }
}
