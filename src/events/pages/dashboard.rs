//! `/organizer/{event}`: what needs the team today.

use crate::accounts::access::{Allowed, Enter};
use crate::accounts::model::Permission as P;
use crate::db::DbConnection;
use crate::events::model::Event;
use crate::mail::model::MessageState;
use crate::mail::outbox;
use crate::registration;
use crate::registration::model::{Counts as Registrations, RegistrationState};
use crate::schedule;
use crate::schedule::concerns::{Severity, count};
use crate::schedule::model::Programme;
use crate::speakers::own::model::AnswerKind;
use crate::speakers::own::operations as speakers;
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext, respond};
use diesel::QueryResult;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

#[derive(Serialize)]
struct DashboardPage {
    /// What needs someone, the most urgent first.
    needs: Vec<Line>,
    numbers: Vec<Number>,
    /// What remains to be set up; empty once all is done.
    steps: Vec<Step>,
    /// "Begins in 12 days", "Day 2 of 4", "Is over".
    countdown: String,
}

impl Page for DashboardPage {
    const TEMPLATE: &'static str = "organizer/dashboard.html";
}

#[derive(Serialize)]
struct Line {
    text: String,
    url: String,
}

#[derive(Serialize)]
struct Number {
    value: String,
    label: String,
    url: String,
}

#[derive(Serialize)]
struct Step {
    label: String,
    url: String,
    done: bool,
}

/// Counts of everything the overview speaks of.
struct Counts {
    rooms: i64,
    sessions: i64,
    speakers: i64,
    /// Things in the draft that are probably or certainly wrong.
    concerns: i64,
    releases: i64,
    categories: i64,
    registrations: Registrations,
    team: i64,
    /// Speakers who ask for another time.
    asked: i64,
    /// Speakers who have withdrawn from a session that still takes place.
    withdrew: i64,
    mail_failed: i64,
    mail_queued: i64,
}

fn counts(db: &mut DbConnection, event: &Event, released: Option<&Programme>) -> QueryResult<Counts> {
    let requests = match released {
        Some(released) => speakers::requests(db, event.id, released)?,
        None => Vec::new(),
    };
    let speakers_who = |kind: AnswerKind| {
        let of_kind = requests.iter().filter(|answer| answer.answer == kind).map(|answer| answer.speaker_id);
        of_kind.collect::<HashSet<_>>().len() as i64
    };
    let checked = schedule::concerns::operations::checked(db, event)?;
    let concerns = count(checked.open().filter(|found| found.severity >= Severity::Warns));
    let draft = &checked.draft.programme;
    Ok(Counts {
        rooms: draft.rooms.len() as i64,
        sessions: draft.sessions.len() as i64,
        speakers: draft.speakers.len() as i64,
        concerns: concerns as i64,
        releases: schedule::operations::releases(db, event.id)?.len() as i64,
        categories: registration::operations::all_categories(db, event.id)?.len() as i64,
        registrations: registration::operations::counts(db, event.id)?,
        team: crate::accounts::operations::team(db, event.id)?.len() as i64,
        asked: speakers_who(AnswerKind::Asked),
        withdrew: speakers_who(AnswerKind::Declined),
        mail_failed: outbox::count(db, event.id, MessageState::Failed)?,
        mail_queued: outbox::count(db, event.id, MessageState::Queued)?,
    })
}

/// `GET /organizer/{event}`.
pub(super) async fn show_dashboard(team: Allowed<Enter>) -> PageResult {
    // Who only reviews begins where reviews are.
    if !team.may(P::ViewEvent) {
        return Ok(respond::see_other(format!("/organizer/{}/reviews", team.event.slug)));
    }
    let event = team.event.clone();
    let site = team.visit.app.site.snapshot();
    let released = site.event(&event.slug).and_then(|event| event.released.as_ref());
    let released = released.map(|released| Arc::clone(&released.programme));
    let counts = team.visit.app.read(move |db| Ok::<_, Failure>(counts(db, &event, released.as_deref())?)).await?;
    let context = team.context("dashboard", "events-dashboard-title");
    let page = DashboardPage {
        needs: needs(&team, &context, &counts),
        numbers: numbers(&team, &context, &counts),
        steps: steps(&team, &context, &counts),
        countdown: countdown(&team, &context),
    };
    team.visit.show(&context, &page)
}

fn needs(team: &Allowed<Enter>, context: &PageContext, counts: &Counts) -> Vec<Line> {
    [
        (counts.mail_failed, "events-need-mail-failed", "/mail?state=failed", P::ViewMail),
        (
            counts.registrations.in_state(RegistrationState::Applied),
            "events-need-applied",
            "/registrations?state=applied",
            P::ManageRegistrations,
        ),
        (counts.withdrew, "events-need-withdrew", "/answers?answer=declined", P::EditProgramme),
        (counts.asked, "events-need-asked", "/answers?answer=asked", P::EditProgramme),
        (counts.concerns, "events-need-concerns", "/schedule", P::EditProgramme),
    ]
    .into_iter()
    .filter(|(count, _, _, permission)| *count > 0 && team.may(*permission))
    .map(|(count, key, path, _)| Line {
        text: team.visit.app.texts.text(context.lang, key, &[("count", count.into())]),
        url: format!("/organizer/{}{path}", team.event.slug),
    })
    .collect()
}

fn numbers(team: &Allowed<Enter>, context: &PageContext, counts: &Counts) -> Vec<Number> {
    let registered = |state| counts.registrations.in_state(state);
    [
        (
            registered(RegistrationState::Confirmed),
            "events-number-confirmed",
            "/registrations?state=confirmed",
            P::ViewRegistrations,
        ),
        (
            registered(RegistrationState::Unverified),
            "events-number-unverified",
            "/registrations?state=unverified",
            P::ViewRegistrations,
        ),
        (counts.sessions, "events-number-sessions", "/sessions", P::ViewEvent),
        (counts.speakers, "events-number-speakers", "/speakers", P::ViewEvent),
        (counts.rooms, "events-number-rooms", "/rooms", P::ViewEvent),
        (counts.releases, "events-number-releases", "/releases", P::ViewEvent),
        (counts.mail_queued, "events-number-mail-queued", "/mail?state=queued", P::ViewMail),
        (counts.team, "events-number-team", "/team", P::ManageEvent),
    ]
    .into_iter()
    .filter(|(_, _, _, permission)| team.may(*permission))
    .map(|(count, key, path, _)| Number {
        value: context.formatter().number(count),
        label: team.visit.app.texts.text(context.lang, key, &[("count", count.into())]),
        url: format!("/organizer/{}{path}", team.event.slug),
    })
    .collect()
}

fn steps(team: &Allowed<Enter>, context: &PageContext, counts: &Counts) -> Vec<Step> {
    let event = &team.event;
    // An administrator who is setting the event up is not of its team.
    let has_others = counts.team > i64::from(!team.user.is_admin);
    let described = !event.description.is_empty() && !event.place.is_empty();
    let steps: Vec<Step> = [
        (described, "events-step-describe", "/settings", P::ManageEvent),
        (counts.rooms > 0, "events-step-rooms", "/rooms", P::ManageEvent),
        (counts.sessions > 0, "events-step-sessions", "/sessions", P::ManageEvent),
        (counts.categories > 0, "events-step-categories", "/categories", P::ManageEvent),
        (counts.releases > 0, "events-step-release", "/releases", P::ManageEvent),
        (has_others, "events-step-team", "/team", P::ManageEvent),
    ]
    .into_iter()
    .filter(|(_, _, _, permission)| team.may(*permission))
    .map(|(done, key, path, _)| Step {
        label: team.visit.app.texts.text(context.lang, key, &[]),
        url: format!("/organizer/{}{path}", event.slug),
        done,
    })
    .collect();
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}

/// How far the event is, counted in days of its own zone.
fn countdown(team: &Allowed<Enter>, context: &PageContext) -> String {
    let event = &team.event;
    let today = team.visit.app.clock.now().in_zone(event.zone()).date_naive();
    let days = |from: chrono::NaiveDate, to: chrono::NaiveDate| (to - from).num_days();
    let words = |key: &str, count: i64, of: i64| {
        team.visit.app.texts.text(context.lang, key, &[("count", count.into()), ("of", of.into())])
    };
    if today < event.starts_on {
        words("events-countdown", days(today, event.starts_on), 0)
    } else if today <= event.ends_on {
        words("events-under-way", days(event.starts_on, today) + 1, days(event.starts_on, event.ends_on) + 1)
    } else {
        words("events-over", days(event.ends_on, today), 0)
    }
}
