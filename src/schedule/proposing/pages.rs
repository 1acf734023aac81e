//! `/organizer/{event}/schedule/proposals`: asking for a timetable.

use super::model::{ProposalState, Request, Scope, Window};
use super::operations::{self, ProposalError, ProposalSummary};
use super::result_pages;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{ProposalId, RoomId, SessionId};
use crate::schedule::draft::Draft;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::{NaiveDate, NaiveTime, Timelike};
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/proposals", list_proposals);
    routes.post("/organizer/{event}/schedule/proposals", start);
    routes.get("/organizer/{event}/schedule/proposals/{proposal}", result_pages::show_proposal);
    routes.post("/organizer/{event}/schedule/proposals/{proposal}/stop", stop);
    routes.post("/organizer/{event}/schedule/proposals/{proposal}/accept", result_pages::accept);
    routes.post("/organizer/{event}/schedule/proposals/{proposal}/delete", delete);
}

pub(super) type Team = Allowed<ManageEvent>;

impl From<ProposalError> for Failure {
    fn from(error: ProposalError) -> Self {
        match error {
            ProposalError::NotFound => Self::NotFound,
            ProposalError::TooMany => Self::conflict("proposing-too-many"),
            ProposalError::WrongState | ProposalError::NothingChosen => Self::conflict("proposing-wrong-state"),
            ProposalError::Changed | ProposalError::Incomplete(_) => Self::conflict("proposing-changed"),
            ProposalError::Edit(error) => error.into(),
            ProposalError::Json(error) => Self::unexpected(error),
            ProposalError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct ProposalsPage {
    errors: Vec<ErrorLine>,
    scopes: Vec<Choice>,
    scope_error: Option<String>,
    sessions: Vec<SessionChoice>,
    sessions_open: bool,
    days: Vec<DayRow>,
    rooms: Field,
    room_choices: Vec<Choice>,
    step: Field,
    steps: Vec<Choice>,
    may_move: Field,
    may_move_ticked: bool,
    undecided: Field,
    undecided_ticked: bool,
    seconds: Field,
    proposals: Vec<Line>,
    refresh: bool,
    schedule_url: String,
    copies_url: String,
}

impl Page for ProposalsPage {
    const TEMPLATE: &'static str = "organizer/proposals.html";
}

#[derive(Serialize)]
struct SessionChoice {
    value: String,
    title: Text,
    selected: bool,
}

#[derive(Serialize)]
struct DayRow {
    label: String,
    from: Field,
    to: Field,
}

#[derive(Serialize)]
struct Line {
    url: String,
    at: String,
    scope: String,
    state: &'static str,
    state_label: String,
    progress: String,
}

/// What a session that is looked at for the form must have: no place yet, and not ended.
fn is_waiting(session: &crate::schedule::model::ProgrammeSession) -> bool {
    use crate::programme::model::SessionState as S;
    session.slots.is_empty() && !matches!(session.state, S::Rejected | S::Withdrawn | S::Cancelled)
}

/// `GET /organizer/{event}/schedule/proposals`.
async fn list_proposals(team: Team) -> PageResult {
    show(&team, StatusCode::OK, None).await
}

/// The list, and the form: as typed with what is wrong, or as most will want it.
async fn show(team: &Team, status: StatusCode, typed: Option<(&FormData, &FieldErrors)>) -> PageResult {
    let event = team.event.clone();
    let read = move |db: &mut crate::db::DbConnection| {
        let draft = crate::schedule::operations::draft(db, &event)?;
        Ok::<_, Failure>((draft, operations::list(db, event.id)?))
    };
    let (draft, proposals) = team.visit.app.read(read).await?;
    let context = team.context("schedule", "proposing-title");
    let (fresh, nothing) = (usual(team, &draft), FieldErrors::default());
    let (form, errors) = typed.unwrap_or((&fresh, &nothing));
    let view = FormView::new(&team.visit, &context, form, errors);
    let page = page(team, &context, (&draft, &proposals), form, &view);
    team.visit.show_with_status(status, &context, &page)
}

/// The form as most will want it.
fn usual(team: &Team, draft: &Draft) -> FormData {
    let mut form = FormData::from_fields([
        ("scope", Scope::Unplaced.as_str().to_owned()),
        ("step", draft.rules.grid_minutes.max(5).to_string()),
        ("seconds", "10".to_owned()),
    ]);
    for day in team.event.days() {
        form.push(format!("from.{day}"), "09:00");
        form.push(format!("to.{day}"), "18:00");
    }
    for room in &draft.programme.rooms {
        form.push("rooms", room.id.to_string());
    }
    form
}

/// Steps of the grid that can be chosen.
const STEPS: [i32; 4] = [5, 10, 15, 30];

fn page(
    team: &Team,
    context: &PageContext,
    (draft, proposals): (&Draft, &[ProposalSummary]),
    form: &FormData,
    view: &FormView<'_>,
) -> ProposalsPage {
    let (texts, lang, languages) = (&team.visit.app.texts, context.lang, &team.event.languages);
    let base = format!("/organizer/{}/schedule", team.event.slug);
    let scope_label = |scope: Scope| texts.text(lang, &format!("proposing-scope-{scope}"), &[]);
    let waiting = draft.programme.sessions.iter().filter(|session| is_waiting(session));
    let rooms = draft.programme.rooms.iter();
    ProposalsPage {
        errors: view.summary(),
        scopes: view.choices("scope", Scope::ALL.iter().map(|scope| (scope.to_string(), scope_label(*scope)))),
        scope_error: view.error("scope"),
        sessions: waiting
            .map(|session| SessionChoice {
                value: session.id.to_string(),
                title: Text::pick(&session.title, lang, languages),
                selected: form.all("session").any(|chosen| chosen == session.id.as_str()),
            })
            .collect(),
        sessions_open: form.text("scope") == Scope::Selected.as_str(),
        days: team
            .event
            .days()
            .map(|day| DayRow {
                label: context.formatter().day(day),
                from: view.field(&format!("from.{day}")),
                to: view.field(&format!("to.{day}")),
            })
            .collect(),
        rooms: view.field("rooms"),
        room_choices: view
            .choices("rooms", rooms.map(|room| (room.id.to_string(), room.name.text(lang, languages).to_owned()))),
        step: view.field("step"),
        steps: view.choices(
            "step",
            STEPS.map(|step| (step.to_string(), texts.text(lang, "proposing-step-minutes", &[("count", step.into())]))),
        ),
        may_move: view.field("may_move"),
        may_move_ticked: view.ticked("may_move"),
        undecided: view.field("undecided"),
        undecided_ticked: view.ticked("undecided"),
        seconds: view.field("seconds"),
        refresh: proposals.iter().any(|proposal| proposal.state.is_open()) && form.text("typed").is_empty(),
        proposals: proposals.iter().map(|proposal| line(team, context, &base, proposal)).collect(),
        copies_url: format!("{base}/copies"),
        schedule_url: base,
    }
}

fn line(team: &Team, context: &PageContext, base: &str, proposal: &ProposalSummary) -> Line {
    let texts = &team.visit.app.texts;
    let text = |key: &str| texts.text(context.lang, key, &[]);
    Line {
        url: format!("{base}/proposals/{}", proposal.id),
        at: context.formatter().date_time(proposal.created_at.in_zone(team.event.zone()).naive_local()),
        scope: text(&format!("proposing-scope-{}", proposal.request.scope)),
        state: proposal.state.as_str(),
        state_label: text(&format!("proposing-state-{}", proposal.state)),
        progress: progress_words(team, context, proposal.state, &proposal.progress),
    }
}

/// How far a proposal is, in words; nothing before it has begun.
pub(super) fn progress_words(
    team: &Team,
    context: &PageContext,
    state: ProposalState,
    progress: &super::Progress,
) -> String {
    if progress.wanted == 0 {
        return String::new();
    }
    let key = if state.is_open() { "proposing-progress-running" } else { "proposing-progress-ended" };
    let args =
        [("placed", progress.placed.into()), ("wanted", progress.wanted.into()), ("seconds", progress.seconds.into())];
    team.visit.app.texts.text(context.lang, key, &args)
}

/// `POST /organizer/{event}/schedule/proposals`.
async fn start(team: Team, form: FormData) -> PageResult {
    let request = match request(&team, &form) {
        Ok(request) => request,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some((&form, &errors))).await,
    };
    let (actor, event) = (team.actor(), team.event.id);
    let id = team.visit.app.write(move |db, now| operations::start(db, now, actor, event, &request)).await?;
    team.visit.app.proposals.ring();
    Ok(respond::see_other(proposal_url(&team, id)))
}

pub(super) fn proposal_url(team: &Team, id: ProposalId) -> String {
    format!("/organizer/{}/schedule/proposals/{id}", team.event.slug)
}

/// Longest search that can be asked for, in seconds.
const LONGEST: i32 = 120;

fn request(team: &Team, form: &FormData) -> Result<Request, FieldErrors> {
    let mut checker = Checker::new(form);
    let scope: Option<Scope> = checker.parsed("scope", "proposing-scope-missing");
    let sessions: Vec<SessionId> = form.all("session").filter_map(|id| id.parse().ok()).collect();
    if scope == Some(Scope::Selected) && sessions.is_empty() {
        checker.wrong("sessions", Message::new("proposing-no-session"));
    }
    let rooms: Vec<RoomId> = form.all("rooms").filter_map(|id| id.parse().ok()).collect();
    if rooms.is_empty() {
        checker.wrong("rooms", Message::new("proposing-no-room"));
    }
    let windows: Vec<Window> = team.event.days().filter_map(|day| window(&mut checker, form, day)).collect();
    if windows.is_empty() && !checker.has_errors() {
        let first = team.event.starts_on;
        checker.wrong(format!("from.{first}"), Message::new("proposing-no-hours"));
    }
    let step = checker.number("step", 1..=60).unwrap_or(15);
    let seconds = checker.number("seconds", 1..=LONGEST).unwrap_or(10);
    let request = Request {
        scope: scope.unwrap_or(Scope::Unplaced),
        sessions,
        windows,
        rooms,
        step,
        may_move: form.is_ticked("may_move"),
        undecided: form.is_ticked("undecided"),
        seconds: u32::try_from(seconds).unwrap_or(10),
        seed: rand::random::<u64>() >> 1,
    };
    checker.finish(request)
}

/// The hours of one day; none where both fields are empty. An end that is not later than the start
/// is after midnight.
fn window(checker: &mut Checker<'_>, form: &FormData, day: NaiveDate) -> Option<Window> {
    let (from, to) = (format!("from.{day}"), format!("to.{day}"));
    if form.text(&from).trim().is_empty() && form.text(&to).trim().is_empty() {
        return None;
    }
    let minutes = |time: NaiveTime| i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0);
    let (start, end) = (checker.time(&from).map(minutes), checker.time(&to).map(minutes));
    let (start, end) = (start?, end?);
    if start == end {
        checker.wrong(to, Message::new("proposing-no-hours"));
        return None;
    }
    Some(Window { day, from: start, to: if end < start { end + 24 * 60 } else { end } })
}

/// `POST /organizer/{event}/schedule/proposals/{proposal}/stop`.
async fn stop(team: Team, path: Path<(String, ProposalId)>) -> PageResult {
    let (actor, event, id) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::ask_to_stop(db, now, actor, event, id)).await?;
    Ok(respond::see_other(proposal_url(&team, id)))
}

/// `POST /organizer/{event}/schedule/proposals/{proposal}/delete`.
async fn delete(team: Team, path: Path<(String, ProposalId)>) -> PageResult {
    let (actor, event, id) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, id)).await?;
    let list = format!("/organizer/{}/schedule/proposals", team.event.slug);
    Ok(respond::see_other_with_notice(list, "proposing-notice-deleted"))
}
