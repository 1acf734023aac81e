//! How mail stands in the whole installation, and the switch that stops all of it.

use super::pause_words;
use crate::accounts::access::{Administrator, team_context};
use crate::audit::Actor;
use crate::db::UtcTime;
use crate::mail::health::{self, MailState};
use crate::mail::operations::rules;
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Page, PageContext, respond};
use serde::Serialize;

#[derive(Serialize)]
struct InstallationPage {
    pause: String,
    trouble: String,
    waiting: i64,
    waiting_due: i64,
    oldest_due: String,
    sent_last_hour: i64,
    failed_last_hour: i64,
    last_sent: String,
    paused_events: usize,
    per_minute: u16,
    per_domain: u16,
    spared: Vec<SparedLine>,
}

impl Page for InstallationPage {
    const TEMPLATE: &'static str = "organizer/mail_installation.html";
}

#[derive(Serialize)]
struct SparedLine {
    domain: String,
    until: String,
    detail: String,
}

/// `GET /organizer/mail`.
pub(super) async fn show_installation(admin: Administrator) -> PageResult {
    let Administrator(signed_in) = admin;
    let app = &signed_in.visit.app;
    let now = app.clock.now();
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((health::state(db, now)?, rules::spared_domains(db, now)?))
    };
    let (state, spared) = app.read(read).await?;
    let context = team_context(&signed_in.visit, &signed_in.user).titled(&signed_in.visit, "mail-installation-title");
    let mut page = installation_page(&context, &state, spared);
    let mail = &app.settings.mail;
    (page.per_minute, page.per_domain) = (mail.per_minute, mail.per_minute_per_domain);
    let trouble = state.trouble(now, i64::from(mail.alarm_minutes), i64::from(mail.alarm_failed_percent));
    page.trouble = trouble.map(|trouble| trouble.words(&app.texts, context.lang)).unwrap_or_default();
    let pause = state.installation_pause();
    page.pause =
        pause.map(|pause| pause_words(&signed_in.visit, &context, (pause, chrono_tz::Tz::UTC))).unwrap_or_default();
    signed_in.visit.show(&context, &page)
}

fn installation_page(
    context: &PageContext,
    state: &MailState,
    spared: Vec<(String, UtcTime, String)>,
) -> InstallationPage {
    let in_words = |at: UtcTime| format!("{} UTC", context.formatter().date_time(at.to_chrono().naive_utc()));
    InstallationPage {
        pause: String::new(),
        trouble: String::new(),
        waiting: state.waiting,
        waiting_due: state.waiting_due,
        oldest_due: state.oldest_due.map(in_words).unwrap_or_default(),
        sent_last_hour: state.sent_last_hour,
        failed_last_hour: state.failed_last_hour,
        last_sent: state.last_sent.map(in_words).unwrap_or_default(),
        paused_events: state.pauses.iter().filter(|pause| pause.event.is_some()).count(),
        per_minute: 0,
        per_domain: 0,
        spared: spared
            .into_iter()
            .map(|(domain, until, detail)| SparedLine { domain, until: in_words(until), detail })
            .collect(),
    }
}

/// `POST /organizer/mail`.
pub(super) async fn set_pause(admin: Administrator, form: FormData) -> PageResult {
    let Administrator(signed_in) = admin;
    let actor = Actor::User(signed_in.user.id);
    let paused = match form.text("pause") {
        "yes" => true,
        "no" => false,
        _ => return Err(Failure::bad_request("mail-error-decision")),
    };
    let job =
        move |db: &mut crate::db::DbConnection, now| Ok::<_, Failure>(rules::set_paused(db, now, actor, None, paused)?);
    signed_in.visit.app.write(job).await?;
    let notice = if paused { "mail-notice-paused" } else { "mail-notice-resumed" };
    Ok(respond::see_other_with_notice("/organizer/mail", notice))
}
