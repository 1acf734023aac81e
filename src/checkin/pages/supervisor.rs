//! `/checkin/{event}/supervisor`: what happens at all gates.

use super::live::figures;
use crate::accounts::access::{Allowed, ScanTickets};
use crate::checkin::model::Gate;
use crate::checkin::operations::{self, Conflict, Figures};
use crate::db::{ScanId, UtcTime};
use crate::events::model::Event;
use crate::schedule::times::resolve;
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext, RouteTable, respond};
use actix_web::web::Path;
use chrono::{NaiveTime, TimeDelta, Timelike};
use serde::Serialize;

/// The routes of the supervisor.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/checkin/{event}/supervisor", show_supervisor);
    routes.post("/checkin/{event}/conflicts/{scan}/seen", see_conflict);
}

type Team = Allowed<ScanTickets>;

#[derive(Serialize)]
struct SupervisorPage {
    came: String,
    confirmed: String,
    conflict_count: i64,
    gates: Vec<GateRow>,
    /// Whether any gate has a place on the plan.
    has_plan: bool,
    conflicts: Vec<ConflictRow>,
    hours: Vec<Hour>,
    most: i64,
    live_url: String,
    door_url: String,
    gates_url: String,
}

impl Page for SupervisorPage {
    const TEMPLATE: &'static str = "checkin/supervisor.html";
}

#[derive(Serialize)]
struct GateRow {
    id: String,
    name: String,
    inside: i32,
    entered: i64,
    left: i64,
    refused: i64,
    x: Option<i32>,
    y: Option<i32>,
}

#[derive(Serialize)]
struct ConflictRow {
    name: String,
    code: String,
    gate: String,
    at: String,
    reason: String,
    seen_url: String,
}

/// One hour of the chart.
#[derive(Serialize)]
struct Hour {
    label: String,
    count: i64,
    /// Where its bar stands and how high it is, on a chart of 24 by 100.
    x: usize,
    y: i64,
    height: i64,
}

/// The first instant of the day at the event; a day without midnight begins an hour later.
pub(super) fn beginning_of_day(now: UtcTime, event: &Event) -> UtcTime {
    let today = now.in_zone(event.zone()).date_naive();
    resolve(today, NaiveTime::MIN, event.zone(), None).unwrap_or(now - TimeDelta::hours(24))
}

/// `GET /checkin/{event}/supervisor`.
async fn show_supervisor(team: Team) -> PageResult {
    let app = &team.visit.app;
    let (event, since) = (team.event.id, beginning_of_day(app.clock.now(), &team.event));
    let known = figures(app, &team.event).await?;
    let read = move |db: &mut crate::db::DbConnection| {
        let (gates, conflicts) = (operations::list(db, event)?, operations::conflicts(db, event)?);
        Ok::<_, Failure>((gates, conflicts, operations::entries(db, event, since)?))
    };
    let (gates, conflicts, entries) = app.read(read).await?;
    let context = team.context("gates", "checkin-supervisor-title");
    let hours = hours(&team, &context, &entries);
    let door_url = format!("/checkin/{}", team.event.slug);
    let page = SupervisorPage {
        came: context.formatter().number(known.came),
        confirmed: context.formatter().number(known.confirmed),
        conflict_count: known.conflicts,
        has_plan: gates.iter().any(|gate| gate.place_x.is_some()),
        gates: gates.iter().map(|gate| row(&team, &context, gate, &known)).collect(),
        conflicts: conflicts.iter().map(|one| conflict(&team, &context, &gates, one)).collect(),
        most: hours.iter().map(|hour| hour.count).max().unwrap_or(0),
        hours,
        live_url: format!("{door_url}/supervisor/live"),
        gates_url: format!("/organizer/{}/gates", team.event.slug),
        door_url,
    };
    team.visit.show(&context, &page)
}

fn row(team: &Team, context: &PageContext, gate: &Gate, known: &Figures) -> GateRow {
    let id = gate.id.to_string();
    let own = known.gates.iter().find(|one| one.gate == id).cloned().unwrap_or_default();
    GateRow {
        id,
        name: gate.name.text(context.lang, &team.event.languages).to_owned(),
        inside: own.inside,
        entered: own.entered,
        left: own.left,
        refused: own.refused,
        x: gate.place_x,
        y: gate.place_y,
    }
}

fn conflict(team: &Team, context: &PageContext, gates: &[Gate], one: &Conflict) -> ConflictRow {
    let (name, code) = one.person.clone().unwrap_or_default();
    let gate = gates.iter().find(|gate| Some(gate.id) == one.scan.gate_id);
    let reason = one.scan.conflict.as_deref().unwrap_or("unknown");
    ConflictRow {
        name,
        code,
        gate: gate.map(|gate| gate.name.text(context.lang, &team.event.languages).to_owned()).unwrap_or_default(),
        at: context.formatter().time(one.scan.scanned_at.in_zone(team.event.zone()).time()),
        reason: team.visit.app.texts.text(context.lang, &format!("checkin-result-{reason}"), &[]),
        seen_url: format!("/checkin/{}/conflicts/{}/seen", team.event.slug, one.scan.id),
    }
}

/// How many were let in during each hour of the day.
fn hours(team: &Team, context: &PageContext, entries: &[UtcTime]) -> Vec<Hour> {
    let mut counts = [0_i64; 24];
    for at in entries {
        counts[at.in_zone(team.event.zone()).hour() as usize % 24] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let label = |hour: usize| {
        let time = u32::try_from(hour).ok().and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        time.map(|time| context.formatter().time(time)).unwrap_or_default()
    };
    let bar = |(hour, count): (usize, &i64)| {
        let height = count * 100 / most;
        Hour { label: label(hour), count: *count, x: hour * 10, y: 100 - height, height }
    };
    counts.iter().enumerate().map(bar).collect()
}

/// `POST /checkin/{event}/conflicts/{scan}/seen`.
async fn see_conflict(team: Team, path: Path<(String, ScanId)>) -> PageResult {
    let (actor, event, scan) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::see_conflict(db, now, actor, event, scan)).await?;
    let back = format!("/checkin/{}/supervisor", team.event.slug);
    Ok(respond::see_other_with_notice(back, "checkin-notice-conflict-seen"))
}
