//! `/organizer/{event}`: what needs the team today.

use super::goals::{Goal, goals};
use super::words::Words;
use crate::accounts::access::{Allowed, Enter};
use crate::accounts::model::Permission as P;
use crate::db::UtcTime;
use crate::numbers::operations::{self, Attention, Watcher};
use crate::web::error::PageResult;
use crate::web::{Failure, Page, respond};
use chrono::NaiveDate;
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct DashboardPage {
    /// What needs someone, the most urgent first.
    needs: Vec<Line>,
    /// Numbers against what they should become.
    goals: Vec<Goal>,
    numbers: Vec<Number>,
    /// The page with everything in numbers.
    numbers_url: String,
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
    /// Since when, until when, or how much of it is grave; may be empty.
    detail: String,
    url: String,
    /// `bad` or `warn`; empty for what can wait.
    weight: &'static str,
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

type Team = Allowed<Enter>;

/// `GET /organizer/{event}`.
pub(super) async fn show_dashboard(team: Team) -> PageResult {
    // Who only reviews begins where reviews are.
    if !team.may(P::ViewEvent) {
        return Ok(respond::see_other(format!("/organizer/{}/reviews", team.event.slug)));
    }
    let (app, event, watcher) = (team.visit.app.clone(), team.event.clone(), Watcher::of(&team));
    let site = app.site.snapshot();
    let released = site.event(&event.slug).and_then(|event| event.released.as_ref());
    let released = released.map(|released| Arc::clone(&released.programme));
    let now = app.clock.now();
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>(operations::attention(db, (&app, now), &event, &watcher, released.as_deref())?)
    };
    let found = team.visit.app.read(read).await?;
    let context = team.context("dashboard", "events-dashboard-title");
    let words = Words::of(&team, &context);
    let page = DashboardPage {
        needs: needs(&team, &words, &found),
        goals: goals(&team, &words, &found),
        numbers: numbers(&team, &words, &found),
        numbers_url: format!("/organizer/{}/numbers", team.event.slug),
        steps: steps(&team, &words, &found),
        countdown: countdown(&team, &words),
    };
    team.visit.show(&context, &page)
}

/// One thing that may need someone.
struct Need {
    count: i64,
    key: &'static str,
    detail: String,
    /// Below the event's own address, or an address of its own with the event filled in.
    path: &'static str,
    permission: P,
    weight: &'static str,
}

impl Need {
    const fn new(count: i64, key: &'static str, path: &'static str, permission: P, weight: &'static str) -> Self {
        Self { count, key, detail: String::new(), path, permission, weight }
    }

    fn with(self, detail: String) -> Self {
        Self { detail, ..self }
    }
}

fn needs(team: &Team, words: &Words<'_>, found: &Attention) -> Vec<Line> {
    let slug = &team.event.slug;
    people(words, found)
        .into_iter()
        .chain(programme(words, found))
        .filter(|need| need.count > 0 && team.may(need.permission))
        .map(|need| Line {
            text: words.counted(need.key, need.count),
            detail: need.detail,
            url: match need.path.strip_prefix("/checkin/{event}") {
                Some(rest) => format!("/checkin/{slug}{rest}"),
                None => format!("/organizer/{slug}{}", need.path),
            },
            weight: need.weight,
        })
        .collect()
}

/// What concerns people: the door first, because they stand there.
fn people(words: &Words<'_>, found: &Attention) -> Vec<Need> {
    let since = |at: Option<UtcTime>, key: &str| at.map(|at| at_in_words(words, key, at)).unwrap_or_default();
    let free = match found.free {
        0 => words.text("numbers-need-none-free"),
        free => words.counted("numbers-need-free", free),
    };
    let (applied, oldest) = found.applied;
    let (offers, first_end) = found.offers;
    let (delegations, first_close) = found.delegations;
    vec![
        Need::new(found.conflicts, "numbers-need-conflicts", "/checkin/{event}/supervisor", P::ScanTickets, "bad"),
        Need::new(found.mail_failed, "events-need-mail-failed", "/mail?state=failed", P::ViewMail, "bad"),
        Need::new(found.mail_drafts, "mail-need-drafts", "/mail?state=draft", P::ViewMail, "warn"),
        Need::new(found.dead_addresses, "mail-need-addresses", "/mail/addresses", P::ViewMail, ""),
        Need::new(applied, "events-need-applied", "/accreditation", P::Accredit, "warn")
            .with(since(oldest, "numbers-need-oldest")),
        Need::new(found.watched, "numbers-need-watched", "/accreditation?waiting=flagged", P::Accredit, "warn"),
        Need::new(offers, "numbers-need-offers", "/waiting", P::ManageRegistrations, "warn")
            .with(since(first_end, "numbers-need-first-end")),
        Need::new(found.waiting, "numbers-need-waiting", "/waiting", P::ManageRegistrations, "").with(free),
        Need::new(delegations, "numbers-need-delegations", "/delegations", P::ManageRegistrations, "")
            .with(since(first_close, "numbers-need-first-end")),
    ]
}

/// What concerns the programme.
fn programme(words: &Words<'_>, found: &Attention) -> Vec<Need> {
    let (draft, speaking) = (&found.draft, &found.speaking);
    let blocking = match draft.blocking {
        0 => String::new(),
        blocking => words.counted("numbers-need-blocking", blocking),
    };
    let (waiting, held, first) = found.notices;
    let leaves = first.map(|at| at_in_words(words, "numbers-need-leaves", at)).unwrap_or_default();
    vec![
        Need::new(speaking.withdrew, "events-need-withdrew", "/answers?answer=declined", P::EditProgramme, "bad"),
        Need::new(speaking.asked, "events-need-asked", "/answers?answer=asked", P::EditProgramme, "warn"),
        Need::new(
            draft.concerns,
            "events-need-concerns",
            "/schedule/concerns",
            P::EditProgramme,
            if draft.blocking > 0 { "bad" } else { "warn" },
        )
        .with(blocking),
        Need::new(held, "numbers-need-held", "/notices", P::ManageEvent, "warn"),
        Need::new(waiting, "numbers-need-notices", "/notices", P::ManageEvent, "").with(leaves),
        Need::new(speaking.silent, "numbers-need-silent", "/answers?answer=open", P::EditProgramme, ""),
    ]
}

/// An instant on the event's clocks inside a text.
fn at_in_words(words: &Words<'_>, key: &str, at: UtcTime) -> String {
    let local = at.in_zone(words.event.zone()).naive_local();
    let day = words.format.day(local.date());
    words.with(key, &[("day", day.into()), ("time", words.format.time(local.time()).into())])
}

fn numbers(team: &Team, words: &Words<'_>, found: &Attention) -> Vec<Number> {
    [
        (found.draft.rooms, "events-number-rooms", "/rooms", P::ViewEvent),
        (found.draft.releases, "events-number-releases", "/releases", P::ViewEvent),
        (found.mail_queued, "events-number-mail-queued", "/mail?state=queued", P::ViewMail),
        (found.team, "events-number-team", "/team", P::ManageEvent),
    ]
    .into_iter()
    .filter(|(_, _, _, permission)| team.may(*permission))
    .map(|(count, key, path, _)| Number {
        value: words.number(count),
        label: words.with(key, &[("count", count.into())]),
        url: format!("/organizer/{}{path}", team.event.slug),
    })
    .collect()
}

fn steps(team: &Team, words: &Words<'_>, found: &Attention) -> Vec<Step> {
    let event = &team.event;
    // An administrator who is setting the event up is not of its team.
    let has_others = found.team > i64::from(!team.user.is_admin);
    let described = !event.description.is_empty() && !event.place.is_empty();
    let steps: Vec<Step> = [
        (described, "events-step-describe", "/settings"),
        (found.draft.rooms > 0, "events-step-rooms", "/rooms"),
        (found.draft.sessions > 0, "events-step-sessions", "/sessions"),
        (found.categories > 0, "events-step-categories", "/categories"),
        (found.draft.releases > 0, "events-step-release", "/releases"),
        (has_others, "events-step-team", "/team"),
    ]
    .into_iter()
    .filter(|_| team.may(P::ManageEvent))
    .map(|(done, key, path)| Step { label: words.text(key), url: format!("/organizer/{}{path}", event.slug), done })
    .collect();
    if steps.iter().all(|step| step.done) { Vec::new() } else { steps }
}

/// How far the event is, counted in days of its own zone.
fn countdown(team: &Team, words: &Words<'_>) -> String {
    let event = &team.event;
    let today = team.visit.app.clock.now().in_zone(event.zone()).date_naive();
    let days = |from: NaiveDate, to: NaiveDate| (to - from).num_days();
    let said = |key: &str, count: i64, of: i64| words.with(key, &[("count", count.into()), ("of", of.into())]);
    if today < event.starts_on {
        said("events-countdown", days(today, event.starts_on), 0)
    } else if today <= event.ends_on {
        said("events-under-way", days(event.starts_on, today) + 1, days(event.starts_on, event.ends_on) + 1)
    } else {
        said("events-over", days(event.ends_on, today), 0)
    }
}
