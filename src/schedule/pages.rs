//! The releases on team pages.

use super::concerns::operations::{Checked, check};
use super::concerns::{Found, count};
use super::difference::{Change, difference};
use super::draft::Draft;
use super::model::Programme;
use super::operations::{self, ReleaseSummary, ScheduleError};
use super::wording::{ConcernLine, ConcernWords};
use crate::accounts::access::{Allowed, ManageEvent, ViewEvent};
use crate::accounts::model::Permission;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule", super::draft_page::show_schedule);
    super::concerns::pages::routes(routes);
    super::rules::pages::routes(routes);
    routes.get("/organizer/{event}/releases", list_releases);
    routes.post("/organizer/{event}/releases", release);
}

#[derive(Serialize)]
struct ReleasesPage {
    changes: Vec<ChangeGroup>,
    change_count: usize,
    is_first: bool,
    nothing_to_release: bool,
    left_out: usize,
    /// Concerns that block the release, each once.
    blocking: Vec<BlockingLine>,
    blocking_count: usize,
    ignore_blocking: Field,
    schedule_url: String,
    may_release: bool,
    errors: Vec<ErrorLine>,
    name: Field,
    note: Field,
    releases: Vec<ReleaseLine>,
}

impl Page for ReleasesPage {
    const TEMPLATE: &'static str = "organizer/releases.html";
}

#[derive(Serialize)]
struct BlockingLine {
    title: Text,
    concern: ConcernLine,
}

#[derive(Serialize)]
struct ChangeGroup {
    label: String,
    lines: Vec<ChangeLine>,
    more: usize,
}

#[derive(Serialize)]
struct ChangeLine {
    title: Text,
    url: String,
    before: String,
    after: String,
}

#[derive(Serialize)]
struct ReleaseLine {
    number: i32,
    name: String,
    note: String,
    at: String,
}

/// Changes of one kind that are shown one by one.
const SHOWN: usize = 100;

/// `GET /organizer/{event}/releases`.
async fn list_releases(team: Allowed<ViewEvent>) -> PageResult {
    show_releases(&team, StatusCode::OK, None).await
}

/// The releases, and the form for the next: as typed with what is wrong, or with the next number as name.
async fn show_releases<P>(
    team: &Allowed<P>,
    status: StatusCode,
    typed: Option<(&FormData, &FieldErrors)>,
) -> PageResult {
    let event = team.event.clone();
    let (total, next, before, releases) = team
        .visit
        .app
        .read(move |db| {
            let before = operations::latest_release(db, event.id)?;
            let mut next = operations::draft(db, &event)?;
            let total = next.programme.sessions.len();
            next.programme = operations::releasable(next.programme, before.as_ref());
            let next = check(db, event.id, next)?;
            Ok::<_, Failure>((total, next, before, operations::releases(db, event.id)?))
        })
        .await?;
    let context = team.context("releases", "schedule-releases-title");
    let number = releases.first().map_or(1, |release| release.number + 1);
    let (fresh, nothing) = (FormData::from_fields([("name", number.to_string())]), FieldErrors::default());
    let (form, errors) = typed.unwrap_or((&fresh, &nothing));
    let view = FormView::new(&team.visit, &context, form, errors);
    let page = releases_page(team, &context, &view, (total, &next), (before.as_ref(), &releases));
    team.visit.show_with_status(status, &context, &page)
}

fn releases_page<P>(
    team: &Allowed<P>,
    context: &PageContext,
    view: &FormView<'_>,
    (total, checked): (usize, &Checked),
    (before, releases): (Option<&Programme>, &[ReleaseSummary]),
) -> ReleasesPage {
    let zone = team.event.zone();
    let (next, blocking) = (&checked.draft.programme, checked.blocking());
    let changes = difference(before, next);
    ReleasesPage {
        change_count: changes.len(),
        changes: groups(team, context, before, next, &changes),
        is_first: before.is_none(),
        nothing_to_release: !next.sessions.iter().any(|session| session.state.is_releasable()),
        left_out: total - next.sessions.len(),
        blocking_count: count(&blocking),
        blocking: blocking_lines(team, context, &checked.draft, &blocking),
        ignore_blocking: view.field("ignore_blocking"),
        schedule_url: format!("/organizer/{}/schedule", team.event.slug),
        may_release: team.may(Permission::ManageEvent),
        errors: view.summary(),
        name: view.field("name"),
        note: view.field("note"),
        releases: releases
            .iter()
            .map(|release| ReleaseLine {
                number: release.number,
                name: release.name.clone(),
                note: release.note.clone(),
                at: context.formatter().date_time(release.created_at.in_zone(zone).naive_local()),
            })
            .collect(),
    }
}

/// What blocks a release, once for each concern though two slots have it.
fn blocking_lines<P>(team: &Allowed<P>, context: &PageContext, draft: &Draft, blocking: &[Found]) -> Vec<BlockingLine> {
    let words = ConcernWords::new(&team.visit.app.texts, context.lang, draft).for_team(team);
    let mut seen = std::collections::HashSet::new();
    let line = |found: &Found| BlockingLine {
        title: words
            .session(found.session)
            .map(|session| Text::pick(&session.title, context.lang, &team.event.languages))
            .unwrap_or_default(),
        concern: words.line(found, &std::collections::BTreeMap::new()),
    };
    blocking.iter().filter(|found| seen.insert(found.key())).take(SHOWN).map(line).collect()
}

fn groups<P>(
    team: &Allowed<P>,
    context: &PageContext,
    before: Option<&Programme>,
    next: &Programme,
    changes: &[Change],
) -> Vec<ChangeGroup> {
    const KINDS: [&str; 9] =
        ["cancelled", "removed", "moved", "room-changed", "added", "slot-added", "slot-removed", "revived", "edited"];
    KINDS
        .iter()
        .map(|kind| {
            let of_kind: Vec<&Change> = changes.iter().filter(|change| change.kind() == *kind).collect();
            let count = i64::try_from(of_kind.len()).unwrap_or(i64::MAX);
            ChangeGroup {
                label: team.visit.app.texts.text(
                    context.lang,
                    &format!("schedule-change-{kind}"),
                    &[("count", count.into())],
                ),
                more: of_kind.len().saturating_sub(SHOWN),
                lines: of_kind
                    .into_iter()
                    .take(SHOWN)
                    .map(|change| change_line(team, context, before, next, change))
                    .collect(),
            }
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn change_line<P>(
    team: &Allowed<P>,
    context: &PageContext,
    before: Option<&Programme>,
    next: &Programme,
    change: &Change,
) -> ChangeLine {
    let (zone, format) = (team.event.zone(), context.formatter());
    let id = change.session();
    let in_programme = |programme: &Programme| programme.sessions.iter().find(|session| session.id == id).cloned();
    let session = in_programme(next).or_else(|| before.and_then(in_programme));
    let room = |room: Option<crate::db::RoomId>| {
        let found = room.and_then(|id| next.rooms.iter().find(|one| one.id == id));
        found.map_or_else(|| "–".to_owned(), |room| room.name.text(context.lang, &team.event.languages).to_owned())
    };
    let span = |(start, end): (crate::db::UtcTime, crate::db::UtcTime)| {
        let (start, end) = (start.in_zone(zone), end.in_zone(zone));
        format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
    };
    let (old, new) = match change {
        Change::Moved { from, to, .. } => (span(*from), span(*to)),
        Change::RoomChanged { from, to, .. } => (room(*from), room(*to)),
        Change::SlotAdded(_, slot) => {
            (String::new(), format!("{} · {}", span((slot.start, slot.end)), room(slot.room)))
        }
        Change::Added(session) => {
            let slot = session.slots.first();
            (
                String::new(),
                slot.map(|slot| format!("{} · {}", span((slot.start, slot.end)), room(slot.room))).unwrap_or_default(),
            )
        }
        _ => (String::new(), String::new()),
    };
    ChangeLine {
        title: session
            .map(|session| Text::pick(&session.title, context.lang, &team.event.languages))
            .unwrap_or_default(),
        url: format!("/organizer/{}/sessions/{id}", team.event.slug),
        before: old,
        after: new,
    }
}

/// Longest name of a release.
const NAME_LENGTH: usize = 60;

/// Name and note of the next release.
fn release_words(form: &FormData) -> Result<(String, String), FieldErrors> {
    let mut checker = Checker::new(form);
    let (name, note) = (checker.line("name"), checker.block("note"));
    if name.chars().count() > NAME_LENGTH {
        checker.wrong("name", Message::new("error-too-long").with("max", NAME_LENGTH));
    }
    checker.finish((name, note))
}

/// `POST /organizer/{event}/releases`.
async fn release(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let (name, note) = match release_words(&form) {
        Ok(words) => words,
        Err(errors) => return show_releases(&team, StatusCode::UNPROCESSABLE_ENTITY, Some((&form, &errors))).await,
    };
    let (actor, event, ignore) = (team.actor(), team.event.clone(), form.is_ticked("ignore_blocking"));
    let done = team
        .visit
        .app
        .write(move |db, now| operations::release(db, now, actor, &event, Some(&name), &note, ignore))
        .await;
    if let Err(ScheduleError::Blocked(found)) = &done {
        let mut errors = FieldErrors::default();
        errors.push("ignore_blocking", Message::new("concern-release-blocked").with("count", count(found)));
        return show_releases(&team, StatusCode::CONFLICT, Some((&form, &errors))).await;
    }
    done?;
    // So that this organizer sees it at once; other processes notice within a second.
    crate::site::operations::refresh(&team.visit.app).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/releases", team.event.slug), "schedule-notice-released"))
}
