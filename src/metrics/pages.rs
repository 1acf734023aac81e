//! `GET /metrics`, on an address of its own.

use super::operations::{self, Figures};
use super::text::Text;
use crate::app::App;
use crate::db::{DbError, UtcTime};
use crate::mail::health::{MailState, Returned};
use crate::web::traffic::{BUCKETS, Traffic};
use actix_web::HttpResponse;
use actix_web::web::{Data, ServiceConfig, get, resource};

/// The one route of that address.
pub fn configure(config: &mut ServiceConfig) {
    config.service(resource("/metrics").route(get().to(show)));
}

/// `GET /metrics`. Where the database does not answer, the figures of the process come all the same, and `plenary_up` is 0.
async fn show(app: Data<App>) -> HttpResponse {
    let now = app.clock.now();
    let figures = app.read(move |db| Ok::<_, DbError>(operations::figures(db, now)?)).await;
    let mut text = Text::default();
    text.single("up", "gauge", "Whether the database answers.", f64::from(u8::from(figures.is_ok())));
    process(&mut text, &app);
    traffic(&mut text, &app.traffic);
    if let Ok(figures) = &figures {
        shared(&mut text, figures, now);
    }
    HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body(text.finish())
}

/// What is of this process alone.
fn process(text: &mut Text, app: &App) {
    text.figure("info", "gauge", "The version that runs.");
    text.value("info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    text.single("writer_waiting", "gauge", "Write jobs that wait for a writer.", count(app.db.waiting()));
    text.single("writer_capacity", "gauge", "Write jobs that may wait.", count(app.settings.database.queue));
    let (open, idle) = app.db.readers();
    text.figure("readers", "gauge", "Connections for reading.");
    text.value("readers", &[("state", "busy")], f64::from(open.saturating_sub(idle)));
    text.value("readers", &[("state", "idle")], f64::from(idle));
    text.single(
        "readers_capacity",
        "gauge",
        "Connections for reading that may be open.",
        f64::from(app.settings.database.readers),
    );
}

fn traffic(text: &mut Text, traffic: &Traffic) {
    let counted = traffic.counted();
    text.figure("requests_total", "counter", "Answers by the class of their status.");
    for (class, name) in ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().enumerate() {
        text.value("requests_total", &[("class", name)], whole(counted.classes[class + 1]));
    }
    text.figure("request_duration_seconds", "histogram", "How long answers took.");
    for (end, within) in BUCKETS.iter().zip(counted.within) {
        text.value("request_duration_seconds_bucket", &[("le", &end.to_string())], whole(within));
    }
    let all = counted.within.last().copied().unwrap_or_default();
    text.value("request_duration_seconds_bucket", &[("le", "+Inf")], whole(all));
    text.value("request_duration_seconds_sum", &[], counted.seconds);
    text.value("request_duration_seconds_count", &[], whole(all));
}

/// What stands in the database.
fn shared(text: &mut Text, figures: &Figures, now: UtcTime) {
    mail(text, (&figures.mail, figures.returned), now);
    text.single(
        "record_chained",
        "gauge",
        "Entries of the record of changes that are chained.",
        f64::from(figures.chained),
    );
    text.single("record_waiting", "gauge", "Entries that wait to be chained.", number(figures.unchained));
    text.figure("job_last_end_seconds", "gauge", "When a recurring job last ended, in seconds since 1970.");
    for job in &figures.jobs {
        if let Some(at) = job.finished_at {
            text.value("job_last_end_seconds", &[("job", &job.name)], number(at.timestamp()));
        }
    }
    text.figure("job_failed", "gauge", "Whether a recurring job failed the last time.");
    for job in &figures.jobs {
        text.value("job_failed", &[("job", &job.name)], f64::from(u8::from(job.error.is_some())));
    }
}

/// How sending stands.
fn mail(text: &mut Text, (mail, returned): (&MailState, Returned), now: UtcTime) {
    let seconds_since = |at: Option<UtcTime>| number(at.map_or(0, |at| (now - at).num_seconds()));
    for (name, help, value) in [
        ("mail_waiting", "Mails in the queue, whatever keeps them there.", number(mail.waiting)),
        ("mail_due", "Mails that a worker would take now.", number(mail.waiting_due)),
        ("mail_oldest_seconds", "For how long the oldest of these has been due.", seconds_since(mail.oldest_due)),
        ("mail_sent_last_hour", "Mails that the mail server took in the last hour.", number(mail.sent_last_hour)),
        ("mail_failed_last_hour", "Mails that were given up in the last hour.", number(mail.failed_last_hour)),
        (
            "mail_unreachable_seconds",
            "For how long the mail server has not been reached although mail was to leave.",
            seconds_since(mail.unreachable_since),
        ),
        ("mail_pauses", "Pauses of sending.", count(mail.pauses.len())),
        ("mail_bounced", "Mails that came back for good.", number(returned.bounced)),
        (
            "mail_marked_addresses",
            "Addresses that get no mail because of what came back from them.",
            number(returned.marked),
        ),
    ] {
        text.single(name, "gauge", help, value);
    }
}

/// Figures are floating-point numbers in this form; no count comes near what they can't hold.
#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
fn whole(count: u64) -> f64 {
    count as f64
}

fn number(count: i64) -> f64 {
    whole(u64::try_from(count).unwrap_or_default())
}

fn count(count: usize) -> f64 {
    whole(count as u64)
}
