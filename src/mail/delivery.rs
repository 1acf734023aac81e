//! Delivery workers: claim with a lease, talk to the server outside any transaction, record.

use super::attached;
use super::compose::{ReturnPath, compose};
use super::model::{Delay, OutboxMessage, Outcome};
use super::pacing::{Limits, SPARED, asks_for_fewer};
use super::store;
use super::store::claiming::{self, Claim};
use super::transport::Verdict;
use crate::app::App;
use crate::db::{DbError, LeaseId, MessageId, UtcTime};
use actix_web::web::Data;
use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};

/// Messages claimed in one transaction.
const CLAIM: i64 = 200;
/// How long a claim holds at least; a worker that dies leaves its messages to others after this.
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// A claim holds for so many of the longest attempts.
const LEASED_ATTEMPTS: i32 = 3;
/// Outcomes that may wait to be recorded for each connection, while it sends on.
const RECORDING_AHEAD: usize = 8;
/// The first pause after a refusal; doubles with each attempt.
const FIRST_PAUSE_SECONDS: i64 = 30;
/// The longest pause between two attempts.
const LONGEST_PAUSE_SECONDS: i64 = 4 * 3600;
/// An unreachable mail server does not use up attempts, but a message that was tried for so long is given up.
const GIVE_UP: TimeDelta = TimeDelta::days(5);
/// So long without an attempt is a pause of sending, or a program that stood still: trying begins anew after it.
const STANDSTILL: TimeDelta = TimeDelta::days(1);
/// The longest wait for the bell: a message queued by another node or due later is found by then.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// What one pass did.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Pass {
    /// Taken by the mail server.
    pub sent: usize,
    /// To be tried again.
    pub deferred: usize,
    /// Given up.
    pub failed: usize,
    /// Whether the mail server could not be reached, so that the rest was left for later.
    pub unreachable: bool,
}

#[derive(Default)]
struct Counts {
    sent: AtomicUsize,
    deferred: AtomicUsize,
    failed: AtomicUsize,
    /// Domains that asked for fewer in this pass, and until when they are spared: what is claimed already must not
    /// use up its attempts on them.
    spared: Mutex<HashMap<String, UtcTime>>,
}

impl Counts {
    fn spared_until(&self, message: &OutboxMessage) -> Option<UtcTime> {
        let spared = self.spared.lock().unwrap_or_else(PoisonError::into_inner);
        spared.get(&message.domain).copied().filter(|_| !message.kind.is_asked_for())
    }

    fn spare(&self, domain: &str, until: UtcTime) {
        self.spared.lock().unwrap_or_else(PoisonError::into_inner).insert(domain.to_owned(), until);
    }
}

/// Delivers until `stop` turns true: whenever the bell rings, and every few seconds.
pub async fn run(app: Data<App>, mut stop: watch::Receiver<bool>) {
    let mut trouble = 0_u32;
    while !*stop.borrow() {
        match deliver_due(&app, &stop).await {
            Ok(pass) if pass.unreachable => {
                trouble += 1;
                tracing::warn!(pauses = trouble, "the mail server can't be reached; mail waits");
            }
            Ok(_) => trouble = 0,
            Err(error) => {
                trouble += 1;
                tracing::error!(%error, "the outbox can't be read");
            }
        }
        // In trouble the bell is not heard: every registration rings it, and none of them mends the server.
        let pause = LOOK_AGAIN * 2_u32.pow(trouble.min(5));
        tokio::select! {
            () = app.mailer.rung(), if trouble == 0 => {}
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => {}
        }
    }
    app.mailer.transport.close().await;
}

/// Delivers every message that is due, over at most `mail.connections` connections.
///
/// # Errors
/// When the outbox can't be read; what was claimed before comes back when its lease ends.
pub async fn deliver_due(app: &Data<App>, stop: &watch::Receiver<bool>) -> Result<Pass, DbError> {
    let leases = Mutex::new(Vec::new());
    let leases_ref = &leases;
    let connections = app.settings.mail.connections as usize;
    let return_path = app.mailer.return_path(app).await?;
    let (counts, wires, unreachable) = (Counts::default(), Semaphore::new(connections), AtomicUsize::new(0));
    let (counts_ref, wires_ref, unreachable_ref) = (&counts, &wires, &unreachable);
    let halted = || *stop.borrow() || unreachable_ref.load(Ordering::Relaxed) > connections;
    let mut failure = None;
    let failure_ref = &mut failure;
    let waiting = stream::unfold(VecDeque::new(), |mut claimed: VecDeque<(OutboxMessage, Hold)>| {
        let app = app.clone();
        let stop_now = halted();
        async move {
            if claimed.is_empty() && !stop_now {
                let hold = Hold::begin(&app);
                leases_ref.lock().unwrap_or_else(PoisonError::into_inner).push(hold.lease);
                claimed = match claim(&app, hold).await {
                    Ok(messages) => messages.into_iter().map(|message| (message, hold)).collect(),
                    Err(error) => return Some((Err(error), VecDeque::new())),
                };
            }
            if stop_now { None } else { claimed.pop_front().map(|message| (Ok(message), claimed)) }
        }
    });
    // A failed claim ends the pass after what is under way.
    let messages = waiting.scan((), move |(), next| {
        let next = match next {
            Ok(message) => Some(message),
            Err(error) => {
                *failure_ref = Some(error);
                None
            }
        };
        std::future::ready(next)
    });
    messages
        .for_each_concurrent(connections * RECORDING_AHEAD, |(message, hold)| {
            deliver_one((app, return_path), hold, message, wires_ref, counts_ref, unreachable_ref)
        })
        .await;
    // What was claimed and not begun goes back at once, not only when the lease ends.
    let leases = leases.into_inner().unwrap_or_else(PoisonError::into_inner);
    app.db.write(move |db| Ok::<_, DbError>(store::return_leases(db, &leases)?)).await?;
    match failure {
        Some(error) => Err(error),
        None => Ok(Pass {
            sent: counts.sent.into_inner(),
            deferred: counts.deferred.into_inner(),
            failed: counts.failed.into_inner(),
            unreachable: unreachable.into_inner() > connections,
        }),
    }
}

/// The hold of one claim. Each claim has one of its own: a message that came back and was claimed again by the same
/// process must not be recorded by whoever held it before.
#[derive(Clone, Copy, Debug)]
struct Hold {
    lease: LeaseId,
    begun: UtcTime,
    until: UtcTime,
}

impl Hold {
    fn begin(app: &App) -> Self {
        let begun = app.clock.now();
        Self { lease: LeaseId::new(), begun, until: begun + LEASE.max(longest_attempt(app) * LEASED_ATTEMPTS) }
    }

    /// Whether an attempt that begins now ends before somebody else may claim the message.
    fn outlasts_an_attempt(self, app: &App) -> bool {
        app.clock.now() + longest_attempt(app) < self.until
    }
}

/// How long an attempt takes at most.
fn longest_attempt(app: &App) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(app.settings.mail.timeout_seconds.max(1)).unwrap_or(i64::from(u32::MAX)))
}

async fn claim(app: &App, hold: Hold) -> Result<Vec<OutboxMessage>, DbError> {
    let now = hold.begun;
    // Looking costs nothing; only a message that is due makes a transaction worth it.
    if !app.db.read(move |db| Ok::<_, DbError>(claiming::anything_due(db, now)?)).await? {
        return Ok(Vec::new());
    }
    let mail = &app.settings.mail;
    let limits = Limits { per_minute: mail.per_minute.into(), per_domain: mail.per_minute_per_domain.into() };
    let claim = Claim { now, lease: hold.lease, until: hold.until, limit: CLAIM, limits };
    app.db.write(move |db| Ok(claiming::claim_due(db, claim)?)).await
}

async fn deliver_one(
    (app, return_path): (&App, Option<&ReturnPath>),
    hold: Hold,
    mut message: OutboxMessage,
    wires: &Semaphore,
    counts: &Counts,
    unreachable: &AtomicUsize,
) {
    let lease = hold.lease;
    let Some(verdict) = attempt((app, return_path), hold, &mut message, (wires, counts)).await else { return };
    let verdict = match verdict {
        Tried::Verdict(verdict) => verdict,
        Tried::Spared(due) => {
            let outcome = Outcome::Again { detail: String::new(), due, reason: Delay::Spared };
            counts.deferred.fetch_add(1, Ordering::Relaxed);
            return record(app, lease, &message, outcome).await;
        }
    };
    match &verdict {
        Verdict::Unreachable(_) => unreachable.fetch_add(1, Ordering::Relaxed),
        _ => unreachable.swap(0, Ordering::Relaxed),
    };
    let now = app.clock.now();
    if let Verdict::Deferred(answer) = &verdict
        && asks_for_fewer(answer)
    {
        counts.spare(&message.domain, now + SPARED);
        spare(app, &message.domain, answer).await;
    }
    let tried_for = match &verdict {
        Verdict::Unreachable(_) if now - message.created_at > GIVE_UP => tried_for(app, message.id, now).await,
        _ => TimeDelta::zero(),
    };
    let outcome = outcome_of(&message, verdict, (now, tried_for), app.settings.mail.attempts, rand::random());
    let counter = match &outcome {
        Outcome::Sent { .. } => &counts.sent,
        Outcome::Again { .. } => &counts.deferred,
        Outcome::Failed { .. } => &counts.failed,
    };
    counter.fetch_add(1, Ordering::Relaxed);
    record(app, lease, &message, outcome).await;
}

/// For how long a message has been tried. Where that can't be read, it is tried again.
async fn tried_for(app: &App, id: MessageId, now: UtcTime) -> TimeDelta {
    match app.db.read(move |db| Ok::<_, DbError>(store::attempts_of(db, id)?)).await {
        Ok(attempts) => trying_for(&attempts, now),
        Err(error) => {
            tracing::error!(message.id = %id, %error, "the attempts of a message could not be read; it is tried again");
            TimeDelta::zero()
        }
    }
}

async fn record(app: &App, lease: LeaseId, message: &OutboxMessage, outcome: Outcome) {
    let (now, id, attempt) = (app.clock.now(), message.id, message.attempts);
    let recorded =
        app.db.write(move |db| Ok::<_, DbError>(store::record(db, now, lease, id, attempt, &outcome)?)).await;
    if let Err(error) = recorded {
        tracing::error!(message.id = %id, %error, "the outcome of a delivery could not be recorded; the message will be sent again");
    }
}

/// What became of a turn.
enum Tried {
    /// It was tried.
    Verdict(Verdict),
    /// It was not: its domain asked for fewer a moment ago, it was paused, or its hold ends too soon.
    Spared(UtcTime),
}

/// Whether a message that was claimed a while ago may leave: a slow server makes claimed messages wait for minutes, in which
/// somebody may pause them or the hold may end. Where that can't be read, it waits.
async fn may_leave(app: &App, hold: Hold, message: &OutboxMessage) -> bool {
    if !hold.outlasts_an_attempt(app) {
        return false;
    }
    let of = (message.id, message.event, message.kind.is_asked_for());
    let held = app.db.read(move |db| Ok::<_, DbError>(store::may_leave(db, hold.lease, of)?)).await;
    held.unwrap_or_else(|error| {
        tracing::error!(message.id = %message.id, %error, "whether a message may leave could not be read; it waits");
        false
    })
}

/// Tries once; nothing when the process ends before the wire is free.
async fn attempt(
    (app, return_path): (&App, Option<&ReturnPath>),
    hold: Hold,
    message: &mut OutboxMessage,
    (wires, counts): (&Semaphore, &Counts),
) -> Option<Tried> {
    if let Err(error) = attached::fill(&app.files, &mut message.attachments).await {
        // Whatever is wrong with the folder may be mended; a file that is gone stays so.
        let is_gone = error.kind() == std::io::ErrorKind::NotFound;
        let verdict = if is_gone { Verdict::Refused } else { Verdict::Deferred };
        return Some(Tried::Verdict(verdict(error.to_string())));
    }
    match compose(message, &app.mailer.from, &app.mailer.domain, return_path, app.mailer.dkim.as_ref()) {
        Ok(parcel) => {
            // The permit is given back before the outcome is recorded: the wire must not wait for the disk.
            let _wire = wires.acquire().await.ok()?;
            if let Some(until) = counts.spared_until(message) {
                return Some(Tried::Spared(until));
            }
            if !may_leave(app, hold, message).await {
                return Some(Tried::Spared(app.clock.now()));
            }
            Some(Tried::Verdict(app.mailer.transport.deliver(&parcel).await))
        }
        Err(error) => Some(Tried::Verdict(Verdict::Refused(error.to_string()))),
    }
}

/// Lets the other messages to a domain wait that asked for fewer.
async fn spare(app: &App, domain: &str, answer: &str) {
    let (now, domain) = (app.clock.now(), domain.to_owned());
    // What is kept of a domain outlives its people, so that addresses stay out of it.
    let words = answer.split_whitespace().map(|word| if word.contains('@') { "…" } else { word });
    let answer = words.collect::<Vec<_>>().join(" ");
    let until = now + SPARED;
    let noted =
        app.db.write(move |db| Ok::<_, DbError>(store::pacing::spare(db, now, &domain, (until, &answer))?)).await;
    if let Err(error) = noted {
        tracing::error!(%error, "that a domain asks for fewer messages could not be kept; others will be tried");
    }
}

/// For how long a message with these attempts, the last one first, has been tried without a standstill.
#[must_use]
fn trying_for(attempts: &[UtcTime], now: UtcTime) -> TimeDelta {
    let mut since = now;
    for at in attempts {
        if since - *at > STANDSTILL {
            break;
        }
        since = since.min(*at);
    }
    now - since
}

/// What a verdict means for the message, which has been tried for so long: pure, so that the ladder of pauses stands in a table test.
/// `chance` spreads the pauses, so that a thousand deferred messages don't come back in one second.
#[must_use]
pub fn outcome_of(
    message: &OutboxMessage,
    verdict: Verdict,
    (now, tried_for): (UtcTime, TimeDelta),
    limit: i32,
    chance: u32,
) -> Outcome {
    match verdict {
        Verdict::Sent(detail) => Outcome::Sent { detail },
        Verdict::Refused(detail) => Outcome::Failed { detail },
        Verdict::Deferred(detail) if message.attempts >= limit => Outcome::Failed { detail },
        Verdict::Deferred(detail) => {
            Outcome::Again { detail, due: now + pause(message.attempts, chance), reason: Delay::PutOff }
        }
        Verdict::Unreachable(detail) if tried_for > GIVE_UP => Outcome::Failed { detail },
        Verdict::Unreachable(detail) => {
            Outcome::Again { detail, due: now + pause(1, chance), reason: Delay::Unreachable }
        }
    }
}

/// The pause after the `attempt`-th refusal, between 3/4 and 5/4 of its step.
fn pause(attempt: i32, chance: u32) -> TimeDelta {
    let doublings = u32::try_from(attempt.clamp(1, 16) - 1).unwrap_or(0);
    let step = FIRST_PAUSE_SECONDS.saturating_mul(1 << doublings).min(LONGEST_PAUSE_SECONDS);
    let spread = step * 500 * i64::from(chance % 1000) / 1000;
    TimeDelta::milliseconds(step * 750 + spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_given_up_when_it_was_tried_for_long_not_when_it_is_old() {
        let start: UtcTime = chrono::DateTime::UNIX_EPOCH.into();
        let after = |hours: i64| start + TimeDelta::hours(hours);
        // Hours of the attempts, the last one first; now; for how many hours that is trying.
        let cases: [(&[i64], i64, i64); 6] = [
            (&[], 500, 0),
            (&[499], 500, 1),
            (&[119, 96, 72, 48, 24, 0], 121, 121),
            // Paused for a week after the first attempts.
            (&[2, 1, 0], 170, 0),
            (&[169, 168, 2, 1, 0], 170, 2),
            (&[24, 0], 48, 48),
        ];
        for (attempts, now, expected) in cases {
            let attempts: Vec<UtcTime> = attempts.iter().map(|hour| after(*hour)).collect();
            assert_eq!(trying_for(&attempts, after(now)), TimeDelta::hours(expected), "{attempts:?}");
        }
    }

    #[test]
    fn pauses_grow_to_a_limit_and_spread() {
        for (attempt, low, high) in
            [(1, 22, 38), (2, 45, 75), (5, 360, 600), (12, 10_800, 18_000), (100, 10_800, 18_000)]
        {
            for chance in [0, 1, 499, 999, u32::MAX] {
                let seconds = pause(attempt, chance).num_seconds();
                assert!((low..=high).contains(&seconds), "attempt {attempt}: {seconds} s");
            }
        }
    }
}
