//! `kill -9` in the middle of bulk mail, with minutes counted and the event paused in between: nothing is lost, and
//! nothing comes twice but what was on its way in the moment of a kill, with the same Message-ID.

use super::letter;
use crate::crash::{Postbox, Server, let_leases_end, recorded};
use crate::on_both_databases;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{message_attempts, messages};
use plenary::db::{Database, DatabaseOptions, DbError, EventId, MessageId, UtcTime};
use plenary::events::model::NewEvent;
use plenary::mail::model::MessageKind as K;
use plenary::mail::operations::{queue, rules};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Messages of the mailing.
const MESSAGES: usize = 1500;
/// Times that the worker is killed.
const KILLS: usize = 8;
/// The round in which the event is paused.
const PAUSED: usize = 4;

async fn given_event(db: &Database, now: UtcTime) -> EventId {
    let day = |text: &str| text.parse().expect("a day");
    let (first, last) = (day("2027-04-13"), day("2027-04-16"));
    let new = NewEvent::from_command_line("summit", "World Summit", first, last, "Asia/Shanghai", &["en".to_owned()]);
    let new = new.expect("an event");
    let made = db.write(move |db| plenary::events::operations::create(db, now, Actor::CommandLine, &new)).await;
    made.expect("a new event").id
}

async fn queue_all(
    db: &Database,
    now: UtcTime,
    event: EventId,
    kind: K,
    range: std::ops::Range<usize>,
) -> Vec<MessageId> {
    db.write(move |db| {
        let each = range.clone().map(|number| {
            let message = letter(Some(event), kind, &format!("guest-{number}@domain-{}.example", number % 5), "Hello");
            Ok::<_, DbError>(queue(db, now, &message)?)
        });
        each.collect()
    })
    .await
    .expect("queued")
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let mut look_again = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..6000 {
        if holds().await {
            return;
        }
        look_again.tick().await;
    }
    panic!("not in time: {what}");
}

on_both_databases! {
    async fn kills_a_pause_and_counted_minutes_lose_and_double_nothing(db: TestDatabase) {
        let (url, folder) = (db.url().to_owned(), db.folder().to_owned());
        let own = Database::open(&DatabaseOptions { url: url.clone(), readers: 2, ..DatabaseOptions::default() }).expect("opens");
        let now = UtcTime::of_machine();
        let event = given_event(&own, now).await;
        let mut bulk = queue_all(&own, now, event, K::Mailing, 0..MESSAGES).await;
        let postbox = Postbox::open().await;
        let counted = [("PLENARY_MAIL__PER_MINUTE", "60000"), ("PLENARY_MAIL__PER_MINUTE_PER_DOMAIN", "60000")];
        let mut recorded_after: Vec<BTreeSet<String>> = Vec::new();
        for round in 0..KILLS {
            *postbox.round.lock().expect("the round") = round;
            let before = postbox.taken().len();
            let set_paused = |paused: bool| own.write(move |db| Ok::<_, DbError>(rules::set_paused(db, now, Actor::CommandLine, Some(event), paused)?));
            if round == PAUSED {
                set_paused(true).await.expect("paused");
                let asked_for = queue_all(&own, now, event, K::Verify, 0..1).await;
                let server = Server::start_with(&url, &folder, postbox.port, &counted).await;
                until("what somebody waits for leaves", async || recorded(&own).await.contains(asked_for[0].as_str())).await;
                server.kill();
                assert_eq!(postbox.taken().len(), before + 1, "nothing else left while the event was paused");
                bulk.extend(asked_for);
                set_paused(false).await.expect("goes on");
            } else {
                let server = Server::start_with(&url, &folder, postbox.port, &counted).await;
                let enough = before + 40 + round * 11;
                until("messages leave", async || postbox.taken().len() >= enough || recorded(&own).await.len() >= bulk.len()).await;
                server.kill();
            }
            recorded_after.push(recorded(&own).await);
            let_leases_end(&own).await;
        }
        *postbox.round.lock().expect("the round") = KILLS;
        let server = Server::start_with(&url, &folder, postbox.port, &counted).await;
        until("all are sent", async || recorded(&own).await.len() == bulk.len()).await;
        server.kill();
        let sent: i64 = own
            .read(|db| Ok::<_, DbError>(message_attempts::table.filter(message_attempts::outcome.eq("sent")).count().get_result(db)?))
            .await
            .expect("attempts");
        assert_eq!(sent as usize, bulk.len(), "one recorded delivery for each message");
        let counts: Vec<i64> = own
            .read(move |db| {
                let counts = plenary::mail::outbox::counts(db, event)?;
                let there = messages::table.filter(messages::event_id.eq(event)).count().get_result(db)?;
                Ok::<_, DbError>(vec![counts.of(Some("sent".parse().expect("a state")), None), counts.of(None, None), there])
            })
            .await
            .expect("counts");
        assert_eq!(counts, vec![bulk.len() as i64; 3], "what is counted is what is there");
        let mut rounds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (round, id) in postbox.taken() {
            rounds.entry(id).or_default().push(round);
        }
        for id in bulk {
            let id = id.to_string();
            let rounds = rounds.get(&id).unwrap_or_else(|| panic!("message {id} was recorded as sent and never came"));
            for pair in rounds.windows(2) {
                assert_ne!(pair[0], pair[1], "message {id} came twice without a kill in between");
                assert!(!recorded_after[pair[0]].contains(&id), "message {id} came again although it was recorded");
            }
        }
    }
}
