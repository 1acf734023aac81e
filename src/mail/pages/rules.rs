//! Which kinds wait for review, quiet hours, and pausing the mail of an event.

use super::kind_label;
use crate::accounts::access::{Allowed, ManageEvent, ViewMail};
use crate::accounts::model::Permission;
use crate::mail::model::MessageKind;
use crate::mail::operations::rules::{self, RulesError};
use crate::mail::policy::Rules;
use crate::mail::quiet::QuietHours;
use crate::mail::wording::placeholders;
use crate::web::error::PageResult;
use crate::web::fields::Checker;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct RulesPage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    kinds: Vec<Choice>,
    held: Field,
    always: Vec<String>,
    quiet_from: Field,
    quiet_until: Field,
    timezone: String,
    may_manage: bool,
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "organizer/mail_rules.html";
}

/// The kinds that an event sends, those that can be held first.
fn kinds() -> (Vec<MessageKind>, Vec<MessageKind>) {
    let of_event = MessageKind::ALL.iter().copied();
    of_event
        .filter(|kind| placeholders::is_of_event(*kind) || *kind == MessageKind::Mailing)
        .partition(|kind| !kind.is_asked_for())
}

/// `GET /organizer/{event}/mail/rules`.
pub(super) async fn show_rules(team: Allowed<ViewMail>) -> PageResult {
    let event = team.event.id;
    let rules = team.visit.app.read(move |db| Ok::<_, Failure>(rules::rules(db, event)?)).await?;
    show(&team, StatusCode::OK, (&form_of(&rules), &FieldErrors::default()))
}

fn form_of(rules: &Rules) -> FormData {
    let time = |time: chrono::NaiveTime| time.format("%H:%M").to_string();
    let mut form = FormData::from_fields([
        ("version", rules.version.to_string()),
        ("quiet_from", rules.quiet.map(|quiet| time(quiet.from)).unwrap_or_default()),
        ("quiet_until", rules.quiet.map(|quiet| time(quiet.until)).unwrap_or_default()),
    ]);
    for kind in &rules.held {
        form.push("held", kind.as_str());
    }
    form
}

fn show<P>(team: &Allowed<P>, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = team.context("mail", "mail-rules-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let (can_wait, always) = kinds();
    let label = |kind: MessageKind| kind_label(&team.visit.app.texts, context.lang, kind);
    let base = format!("/organizer/{}/mail", team.event.slug);
    let page = RulesPage {
        action: format!("{base}/rules"),
        back_url: base,
        errors: view.summary(),
        version: form.text("version").to_owned(),
        kinds: view.choices("held", can_wait.into_iter().map(|kind| (kind.as_str().to_owned(), label(kind)))),
        held: view.field("held"),
        always: always.into_iter().map(label).collect(),
        quiet_from: view.field("quiet_from"),
        quiet_until: view.field("quiet_until"),
        timezone: team.event.zone().name().to_owned(),
        may_manage: team.may(Permission::ManageEvent),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn read(form: &FormData) -> Result<Rules, FieldErrors> {
    let mut checker = Checker::new(form);
    let has_hours = !form.text("quiet_from").trim().is_empty() || !form.text("quiet_until").trim().is_empty();
    let mut quiet = None;
    if has_hours {
        let hours = (checker.time("quiet_from"), checker.time("quiet_until"));
        if let (Some(from), Some(until)) = hours {
            quiet = Some(QuietHours { from, until });
            if from == until {
                checker.wrong("quiet_until", Message::new("mail-rules-error-same"));
            }
        }
    }
    let held = form.all("held").filter_map(|word| word.parse::<MessageKind>().ok());
    let held = held.filter(|kind| !kind.is_asked_for()).collect();
    checker.finish(Rules { held, quiet, version: form.text("version").parse().unwrap_or(0) })
}

/// `POST /organizer/{event}/mail/rules`.
pub(super) async fn save_rules(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    if form.text("version").is_empty() {
        return Err(Failure::bad_request("mail-error-decision"));
    }
    let wanted = match read(&form) {
        Ok(rules) => rules,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (event, actor) = (team.event.id, team.actor());
    let kept = team.visit.app.write(move |db, now| rules::keep_rules(db, now, actor, event, &wanted)).await;
    match kept {
        Ok(()) => Ok(respond::see_other_with_notice(
            format!("/organizer/{}/mail/rules", team.event.slug),
            "mail-notice-rules",
        )),
        Err(RulesError::Changed) => changed(&team, form).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else was faster: what was ticked stays, and kept once more it goes over theirs.
async fn changed(team: &Allowed<ManageEvent>, mut form: FormData) -> PageResult {
    let event = team.event.id;
    let rules = team.visit.app.read(move |db| Ok::<_, Failure>(rules::rules(db, event)?)).await?;
    let mut errors = FieldErrors::default();
    errors.push("held", Message::new("mail-rules-error-changed"));
    form.set("version", rules.version.to_string());
    show(team, StatusCode::CONFLICT, (&form, &errors))
}

/// `POST /organizer/{event}/mail/pause`.
pub(super) async fn set_pause(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let (event, actor) = (team.event.id, team.actor());
    let paused = match form.text("pause") {
        "yes" => true,
        "no" => false,
        _ => return Err(Failure::bad_request("mail-error-decision")),
    };
    let job = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(rules::set_paused(db, now, actor, Some(event), paused)?)
    };
    team.visit.app.write(job).await?;
    let notice = if paused { "mail-notice-paused" } else { "mail-notice-resumed" };
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail", team.event.slug), notice))
}
