//! The outbox that organizers trust: lists that count exactly, drafts that wait for somebody, messages shown as they
//! left, pauses, limits and quiet hours, and mail that says itself when it does not leave.

use crate::support::smtp::SmtpServer;
use crate::support::{TestApp, TestDatabase};
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, message_attempts, messages};
use plenary::db::{DbError, EventId, MessageId, RegistrationId, UtcTime};
use plenary::i18n::Lang;
use plenary::mail::delivery::{Pass, deliver_due};
use plenary::mail::model::{Attachment, MessageKind, MessageState, NewMessage, Rendered};
use plenary::mail::operations;
use tokio::sync::watch;

#[path = "outbox/deciding.rs"]
mod deciding;
#[path = "outbox/kills.rs"]
mod kills;
#[path = "outbox/listing.rs"]
mod listing;
#[path = "outbox/original.rs"]
mod original;
#[path = "outbox/sending.rs"]
mod sending;

const MAIL: &str = "/organizer/summit/mail";

/// A letter of an event to somebody.
fn letter(event: Option<EventId>, kind: MessageKind, to: &str, subject: &str) -> NewMessage {
    NewMessage {
        event,
        kind,
        registration: None,
        user: None,
        speaker: None,
        unsubscribe: None,
        recipient_name: "Ada Lovelace 李小龙".to_owned(),
        recipient: to.parse().expect("an address"),
        language: Lang::EN,
        content: Rendered {
            subject: subject.to_owned(),
            text: "Hello\n".to_owned(),
            html: "<html><head></head><body><p>Hello <img src=\"cid:ticket\" alt=\"\"></p></body></html>".to_owned(),
            source: None,
        },
        attachments: vec![Attachment::new("ticket.png", "image/png", b"a picture").inline("ticket")],
    }
}

/// Queues a letter of the event "summit".
async fn queue(app: &TestApp, kind: MessageKind, to: &str, subject: &str) -> MessageId {
    let event = app.event().await.id;
    queue_letter(app, letter(Some(event), kind, to, subject)).await
}

async fn queue_letter(app: &TestApp, message: NewMessage) -> MessageId {
    app.app.write(move |db, now| Ok::<_, DbError>(operations::queue(db, now, &message)?)).await.expect("queued")
}

async fn deliver(app: &TestApp) -> Pass {
    let (_going, stop) = watch::channel(false);
    deliver_due(&app.app, &stop).await.expect("the outbox can be read")
}

/// State, attempts begun, and when it may leave.
async fn stands(app: &TestApp, id: MessageId) -> (MessageState, i32, UtcTime) {
    app.read(move |db| {
        messages::table.find(id).select((messages::state, messages::attempts, messages::due_at)).first(db)
    })
    .await
}

async fn state(app: &TestApp, id: MessageId) -> MessageState {
    stands(app, id).await.0
}

async fn outcomes(app: &TestApp, id: MessageId) -> Vec<String> {
    app.read(move |db| {
        message_attempts::table
            .filter(message_attempts::message_id.eq(id))
            .order(message_attempts::id)
            .select(message_attempts::outcome)
            .load(db)
    })
    .await
}

/// What the audit log says was done.
async fn noted(app: &TestApp) -> Vec<String> {
    app.read(|db| audit_entries::table.order(audit_entries::id).select(audit_entries::action).load(db)).await
}

async fn app_with(db: TestDatabase, server: &SmtpServer, more: &[(&str, &str)]) -> TestApp {
    let url = format!("smtp://127.0.0.1:{}?tls=none", server.port);
    let settings: Vec<(&str, &str)> =
        [("mail.transport", "smtp"), ("mail.smtp_url", url.as_str())].into_iter().chain(more.iter().copied()).collect();
    TestApp::start_with(db, &settings).await
}

/// Moves the clock to an instant.
fn at(app: &TestApp, rfc3339: &str) {
    app.clock.set(rfc3339);
}

/// Says that somebody's registration is of this country, as a row.
async fn registration_of(app: &TestApp, email: &str) -> RegistrationId {
    use plenary::db::schema::registrations;
    let email = email.to_owned();
    app.read(move |db| registrations::table.filter(registrations::email.eq(email)).select(registrations::id).first(db))
        .await
}
