//! The editor's addresses for scripts. Refusals are `application/problem+json` (RFC 9457) in the
//! reader's language.

use super::desk::{look, look_after};
use super::model::{EditKind, Move, NextStep, SlotState};
use super::operations::{self, Applied, EditError, Standing};
use super::view::{self, BlockLine, SlotLine, Steps, Words};
use super::{feed, undo};
use crate::accounts::access::{Allowed, EditProgramme, ViewEvent};
use crate::db::{RoomId, SessionId, SlotId, TabId, UserId, UtcTime};
use crate::i18n::INTERFACE_LANGUAGES;
use crate::schedule::times::{Fold, Unresolved, resolve};
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Message, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Header, Query};
use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/draft.json", show_draft);
    routes.get("/organizer/{event}/schedule/candidates", show_candidates);
    routes.post("/organizer/{event}/schedule/moves", make_moves);
    routes.post("/organizer/{event}/schedule/undo", undo_step);
    routes.post("/organizer/{event}/schedule/redo", redo_step);
    feed::routes(routes);
    super::blocks::routes(routes);
    super::several::routes(routes);
}

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Stale(_) | EditError::Gone => Self::conflict("schedule-gone"),
            EditError::Forbidden => Self::Forbidden,
            EditError::Db(error) => error.into(),
            error => Self::Told(status_of(&error), Message::new(words_of(&error).1)),
        }
    }
}

/// Kind and words of a refusal.
fn words_of(error: &EditError) -> (&'static str, &'static str) {
    match error {
        EditError::Stale(_) => ("stale", "editing-stale"),
        EditError::Overtaken { .. } => ("overtaken", "editing-overtaken"),
        EditError::Gone => ("gone", "schedule-gone"),
        EditError::Forbidden => ("forbidden", "editing-forbidden"),
        EditError::EndsBeforeStart => ("backwards", "schedule-ends-before-start"),
        EditError::OutsideEvent => ("outside", "editing-outside"),
        EditError::ClocksSkip => ("gap", "editing-gap"),
        EditError::Unchanged => ("unchanged", "editing-unchanged"),
        EditError::TooMany => ("too-many", "editing-too-many"),
        EditError::NothingLeft => ("nothing-left", "editing-nothing-left"),
        EditError::Db(_) => ("unexpected", "error-unexpected"),
    }
}

fn status_of(error: &EditError) -> StatusCode {
    match error {
        EditError::Stale(_) | EditError::Overtaken { .. } | EditError::NothingLeft => StatusCode::CONFLICT,
        EditError::Forbidden => StatusCode::FORBIDDEN,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Why a request was refused.
#[derive(Serialize)]
struct Problem {
    #[serde(rename = "type")]
    kind: &'static str,
    title: String,
    detail: String,
    status: u16,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    slots: Vec<SlotLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    removed: Vec<SlotId>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocks: Vec<BlockLine>,
}

/// A refusal in the reader's language.
pub(super) fn problem<P>(
    team: &Allowed<P>,
    (status, kind, key): (StatusCode, &'static str, &'static str),
    standing: &Standing,
    by: Option<&str>,
) -> HttpResponse {
    let words = words(team);
    let args = by.map(|by| ("by", by.to_owned().into()));
    let text = |key: &str| words.texts.text(words.lang, key, args.as_slice());
    let detail = by.map_or_else(|| text(&format!("{key}-help")), |_| text("editing-overtaken-by"));
    let problem = Problem {
        kind,
        title: text(key),
        detail,
        status: status.as_u16(),
        slots: standing.slots.iter().map(|slot| SlotLine::now(team.event.zone(), slot)).collect(),
        removed: standing.removed.clone(),
        blocks: standing.blocks.iter().map(|block| BlockLine::now(words, block)).collect(),
    };
    HttpResponse::build(status)
        .insert_header(("cache-control", "no-store"))
        .content_type("application/problem+json")
        .body(serde_json::to_string(&problem).unwrap_or_default())
}

/// The answer to an edit that was refused.
pub(super) fn refusal<P>(team: &Allowed<P>, error: EditError) -> PageResult {
    let (kind, key) = words_of(&error);
    let status = status_of(&error);
    match error {
        EditError::Db(error) => Err(error.into()),
        EditError::Stale(standing) => Ok(problem(team, (status, kind, key), &standing, None)),
        EditError::Overtaken { by, .. } => Ok(problem(team, (status, kind, key), &Standing::default(), by.as_deref())),
        _ => Ok(problem(team, (status, kind, key), &Standing::default(), None)),
    }
}

/// What it takes to answer in the reader's language.
pub(super) fn words<P>(team: &Allowed<P>) -> Words<'_> {
    Words { texts: &team.visit.app.texts, lang: team.visit.language(INTERFACE_LANGUAGES), event: &team.event }
}

/// An answer that scripts read.
pub(super) fn json<T: Serialize>(value: &T) -> PageResult {
    let body = serde_json::to_string(value).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).content_type("application/json").body(body))
}

/// The value of a JSON body; none when it is not what is asked for.
pub(super) fn read_json<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// The refusal of a body or address that is not what is asked for.
pub(super) fn unreadable<P>(team: &Allowed<P>) -> HttpResponse {
    problem(team, (StatusCode::BAD_REQUEST, "unreadable", "error-bad-request"), &Standing::default(), None)
}

type History = (Option<NextStep>, Option<NextStep>);

/// An edit as its maker hears of it.
#[derive(Serialize)]
struct Done<'a> {
    version: i64,
    slots: Vec<SlotLine>,
    removed: Vec<SlotId>,
    blocks: Vec<BlockLine>,
    removed_blocks: Vec<crate::db::BlockId>,
    concerns: &'a [view::ConcernItem],
    #[serde(flatten)]
    steps: Steps,
}

/// Answers with what an edit did and what speaks against the draft now.
pub(super) async fn done<P>(team: &Allowed<P>, (applied, history): &(Applied, History)) -> PageResult {
    let words = words(team);
    let answer = look_after(&team.visit.app, team.event.id, applied, |desk| {
        let changes = &applied.changes;
        json(&Done {
            version: applied.version,
            slots: changes.slots.iter().filter_map(|step| SlotLine::after(team.event.zone(), step)).collect(),
            removed: feed::removed_slots(changes),
            blocks: changes.blocks.iter().filter_map(|step| BlockLine::after(words, step)).collect(),
            removed_blocks: feed::removed_blocks(changes),
            concerns: &view::concerns(words, desk),
            steps: Steps::new(words, desk, history),
        })
    });
    answer.await?
}

/// Runs an edit and reads the history that it leaves, in one transaction.
pub(super) async fn run<P>(
    team: &Allowed<P>,
    job: impl Fn(&mut crate::db::DbConnection, UtcTime) -> Result<Applied, EditError> + Send + 'static,
) -> Result<(Applied, History), EditError> {
    let (event, user) = (team.event.id, team.user.id);
    team.visit
        .app
        .write(move |db, now| {
            let applied = job(db, now)?;
            Ok((applied, undo::next_steps(db, event, user)?))
        })
        .await
}

#[derive(Deserialize)]
struct Asked {
    day: Option<String>,
}

/// `GET /organizer/{event}/schedule/draft.json`.
async fn show_draft(team: Allowed<ViewEvent>, asked: Query<Asked>) -> PageResult {
    let (event, user) = (team.event.id, team.user.id);
    let day: Option<NaiveDate> = asked.day.as_deref().and_then(|day| day.parse().ok());
    let history = team.visit.app.read(move |db| Ok::<_, EditError>(undo::next_steps(db, event, user)?)).await?;
    let may_edit = team.may(crate::accounts::model::Permission::EditProgramme);
    let is_mine = |forum| may_edit && team.may_edit_forum(forum);
    look(&team.visit.app, event, |desk| json(&view::draft(words(&team), desk, day, &history, is_mine))).await?
}

#[derive(Deserialize)]
struct Candidate {
    session: SessionId,
    #[serde(default)]
    slot: Option<String>,
    minutes: i32,
    day: NaiveDate,
}

/// `GET /organizer/{event}/schedule/candidates`.
async fn show_candidates(team: Allowed<ViewEvent>, asked: Option<Query<Candidate>>) -> PageResult {
    let Some(Query(Candidate { session, slot, minutes, day })) = asked else { return Ok(unreadable(&team)) };
    if !(1..=LONGEST).contains(&minutes) {
        return Ok(unreadable(&team));
    }
    let slot: Option<SlotId> = slot.and_then(|slot| slot.parse().ok());
    let cells = look(&team.visit.app, team.event.id, |desk| {
        view::candidates(words(&team), desk, (session, slot), (day, minutes))
    });
    json(&serde_json::json!({ "cells": cells.await? }))
}

/// Longest session, in minutes.
pub(super) const LONGEST: i32 = 2880;

#[derive(Deserialize)]
struct AskedMoves {
    tab: Option<TabId>,
    moves: Vec<AskedMove>,
    kind: AskedKind,
}

/// The kinds that an organizer's moves may have.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum AskedKind {
    Move,
    Place,
    Stretch,
    Swap,
    Remove,
    Fix,
}

#[derive(Deserialize)]
struct AskedMove {
    slot: Option<SlotId>,
    session: SessionId,
    version: Option<i32>,
    /// Nothing takes it out; when only `fixed` is given, it stays.
    #[serde(default)]
    to: Option<Target>,
    fixed: Option<bool>,
}

#[derive(Clone, Copy, Deserialize)]
pub(super) struct Target {
    room: Option<RoomId>,
    #[serde(flatten)]
    pub(super) hours: AskedHours,
}

/// Hours as the grid knows them.
#[derive(Clone, Copy, Deserialize)]
pub(super) struct AskedHours {
    pub(super) day: NaiveDate,
    pub(super) from: i64,
    pub(super) minutes: i32,
    /// Which instant is meant where the clocks show these hours twice: when it begins now.
    #[serde(default)]
    pub(super) at: Option<UtcTime>,
}

/// Why hours name no stretch of time.
pub(super) enum BadHours {
    /// No such time or length.
    Unreadable,
    /// The clocks skip the start that day.
    Gap,
}

impl AskedHours {
    /// The stretch of time. Of an hour that the clocks show twice the one at `at` is meant, else the first.
    pub(super) fn resolve(self, zone: chrono_tz::Tz) -> Result<(UtcTime, UtcTime), BadHours> {
        let Self { day, from, minutes, at } = self;
        let in_range = (0..2 * 1440).contains(&from) && (1..=LONGEST).contains(&minutes);
        let days = u64::try_from(from / 1440).unwrap_or(0);
        let seconds = u32::try_from(from % 1440).unwrap_or(0) * 60;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0);
        let (Some(day), Some(time), true) = (day.checked_add_days(Days::new(days)), time, in_range) else {
            return Err(BadHours::Unreadable);
        };
        let stays = at.filter(|at| at.in_zone(zone).naive_local() == day.and_time(time));
        match stays.map_or_else(|| resolve(day, time, zone, Some(Fold::First)), Ok) {
            Ok(start) => Ok((start, start + TimeDelta::minutes(minutes.into()))),
            Err(Unresolved::Gap | Unresolved::Ambiguous) => Err(BadHours::Gap),
        }
    }
}

/// The refusal of hours that name no stretch of time.
pub(super) fn bad_hours<P>(team: &Allowed<P>, bad: &BadHours) -> HttpResponse {
    match bad {
        BadHours::Unreadable => unreadable(team),
        BadHours::Gap => {
            let told = (StatusCode::UNPROCESSABLE_ENTITY, "gap", "editing-gap");
            problem(team, told, &Standing::default(), None)
        }
    }
}

fn wanted(zone: chrono_tz::Tz, kind: AskedKind, asked: &AskedMove) -> Result<Move, BadHours> {
    let to = match asked.to {
        Some(target) => {
            let (start, end) = target.hours.resolve(zone)?;
            Some(SlotState { room: target.room, start, end })
        }
        None => None,
    };
    let stays = matches!(kind, AskedKind::Fix | AskedKind::Swap);
    // Only what is meant to go is taken out, not what a script forgot to say.
    if to.is_none() && !stays && kind != AskedKind::Remove {
        return Err(BadHours::Unreadable);
    }
    Ok(Move {
        slot: asked.slot,
        session: asked.session,
        version: asked.version,
        to: to.filter(|_| !stays && kind != AskedKind::Remove),
        fixed: asked.fixed,
    })
}

/// `POST /organizer/{event}/schedule/moves`.
async fn make_moves(team: Allowed<EditProgramme>, body: Bytes) -> PageResult {
    let Some(asked) = read_json::<AskedMoves>(&body) else { return Ok(unreadable(&team)) };
    let kind = match asked.kind {
        AskedKind::Move => EditKind::Move,
        AskedKind::Place => EditKind::Place,
        AskedKind::Stretch => EditKind::Stretch,
        AskedKind::Swap => EditKind::Swap,
        AskedKind::Remove => EditKind::Remove,
        AskedKind::Fix => EditKind::Fix,
    };
    let moves: Result<Vec<Move>, BadHours> =
        asked.moves.iter().map(|one| wanted(team.event.zone(), asked.kind, one)).collect();
    let moves = match moves {
        Ok(moves) => moves,
        Err(bad) => return Ok(bad_hours(&team, &bad)),
    };
    let (actor, event, tab) = (team.actor(), team.event.clone(), asked.tab);
    let done = run(&team, move |db, now| operations::make_moves(db, now, actor, &event, (kind, tab), &moves)).await;
    answer(&team, done).await
}

/// The answer to an edit.
pub(super) async fn answer<P>(team: &Allowed<P>, outcome: Result<(Applied, History), EditError>) -> PageResult {
    match outcome {
        Ok(applied) => done(team, &applied).await,
        Err(error) => refusal(team, error),
    }
}

#[derive(Default, Deserialize)]
struct AskedStep {
    tab: Option<TabId>,
}

type StepBack = fn(
    &mut crate::db::DbConnection,
    UtcTime,
    UserId,
    &crate::events::model::Event,
    Option<TabId>,
) -> Result<Applied, EditError>;

/// `POST /organizer/{event}/schedule/undo`.
async fn undo_step(team: Allowed<EditProgramme>, kind: Option<Header<ContentType>>, body: Bytes) -> PageResult {
    step(&team, is_json(kind), &body, undo::undo, "editing-notice-undone").await
}

/// `POST /organizer/{event}/schedule/redo`.
async fn redo_step(team: Allowed<EditProgramme>, kind: Option<Header<ContentType>>, body: Bytes) -> PageResult {
    step(&team, is_json(kind), &body, undo::redo, "editing-notice-redone").await
}

/// Whether a body was sent by a script and not by a form.
pub(super) fn is_json(kind: Option<Header<ContentType>>) -> bool {
    kind.is_some_and(|kind| kind.into_inner().0.essence_str() == "application/json")
}

/// One step back or forth: for scripts as any edit, for forms back to the page with a line that says it.
async fn step(
    team: &Allowed<EditProgramme>,
    is_json: bool,
    body: &[u8],
    take: StepBack,
    notice: &'static str,
) -> PageResult {
    let tab = if is_json { read_json::<AskedStep>(body).unwrap_or_default().tab } else { None };
    let (user, event) = (team.user.id, team.event.clone());
    let outcome = run(team, move |db, now| take(db, now, user, &event, tab)).await;
    if let Err(EditError::Overtaken { edit, .. }) = &outcome {
        let edit = *edit;
        // Else the steps before it could never be taken back.
        team.visit.app.write(move |db, _| Ok::<_, EditError>(undo::give_up(db, edit)?)).await?;
    }
    if is_json {
        return answer(team, outcome).await;
    }
    let notice = match outcome {
        Ok(_) => notice,
        Err(EditError::Db(error)) => return Err(error.into()),
        Err(error) => words_of(&error).1,
    };
    Ok(respond::see_other_with_notice(schedule_url(team, &FormData::parse(body)), notice))
}

/// The page of the draft, on the day that the form names.
pub(super) fn schedule_url<P>(team: &Allowed<P>, form: &FormData) -> String {
    let page = format!("/organizer/{}/schedule", team.event.slug);
    match form.text("day").parse::<NaiveDate>() {
        Ok(day) => format!("{page}?day={day}"),
        Err(_) => page,
    }
}
