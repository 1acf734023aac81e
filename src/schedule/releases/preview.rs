//! The page of the next release: what it changes and means, and when it is published.

use super::impact::Impact;
use super::lines::{KINDS, Line, Subject};
use super::model::{PlannedRelease, Refusal, ReleaseSummary};
use super::operations::Upcoming;
use super::telling::{Told, told};
use super::wording::ChangeWords;
use crate::accounts::access::Allowed;
use crate::accounts::model::Permission;
use crate::i18n::TextArg;
use crate::schedule::concerns::{Found, Severity, count};
use crate::schedule::draft::Draft;
use crate::schedule::wording::{ConcernLine, ConcernWords};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FormView, Page, PageContext};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

#[derive(Serialize)]
pub(super) struct ReleasesPage {
    changes: Vec<ChangeGroup>,
    change_count: usize,
    is_first: bool,
    nothing_to_release: bool,
    left_out: usize,
    impact: Vec<String>,
    told: Told,
    /// Concerns that block the release, each once.
    blocking: Vec<BlockingLine>,
    blocking_count: usize,
    /// How many concerns there are besides, in words; empty when none.
    other_concerns: Vec<String>,
    concerns_url: String,
    ignore_blocking: Field,
    schedule_url: String,
    may_release: bool,
    errors: Vec<ErrorLine>,
    name: Field,
    note: Field,
    when: Field,
    when_choices: Vec<Choice>,
    day: Field,
    time: Field,
    asks_fold: bool,
    zone: String,
    plan: Option<PlanLine>,
    /// The state of the plan that this page shows.
    known_plan: String,
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

/// Changes of one kind.
#[derive(Serialize)]
pub(super) struct ChangeGroup {
    label: String,
    lines: Vec<ChangeLine>,
    more: usize,
}

#[derive(Serialize)]
struct ChangeLine {
    title: Text,
    /// Empty where there is no page of it.
    url: String,
    text: String,
}

#[derive(Serialize)]
struct PlanLine {
    name: String,
    note: String,
    at: String,
    /// Why it was not published; empty while it waits.
    error: String,
    cancel_url: String,
}

#[derive(Serialize)]
struct ReleaseLine {
    number: i32,
    name: String,
    note: String,
    at: String,
    /// "Brings back release 3".
    restores: String,
    /// The public pages as of this release; empty for the newest.
    public_url: String,
    /// Where it can be published again; empty for the newest.
    restore_url: String,
}

/// Changes of one kind that are shown one by one.
const SHOWN: usize = 100;

impl ReleasesPage {
    pub(super) fn of<P>(
        team: &Allowed<P>,
        context: &PageContext,
        view: &FormView<'_>,
        upcoming: &Upcoming,
    ) -> Result<Self, Failure> {
        let blocking = upcoming.next.blocking();
        let slug = &team.event.slug;
        Ok(Self {
            change_count: upcoming.lines.len(),
            changes: groups(team, context, &upcoming.lines),
            is_first: upcoming.before.is_none(),
            nothing_to_release: upcoming.is_empty(),
            left_out: upcoming.left_out,
            told: told(team, context, upcoming, team.visit.param("speaker").unwrap_or_default())?,
            impact: impact_words(team, context, upcoming.impact),
            blocking_count: count(&blocking),
            blocking: blocking_lines(team, context, &upcoming.next.draft, &blocking),
            other_concerns: other_concerns(team, context, upcoming),
            concerns_url: format!("/organizer/{slug}/schedule/concerns"),
            ignore_blocking: view.field("ignore_blocking"),
            schedule_url: format!("/organizer/{slug}/schedule"),
            may_release: team.may(Permission::ManageEvent),
            errors: view.summary(),
            name: view.field("name"),
            note: view.field("note"),
            when: view.field("when"),
            when_choices: when_choices(team, context, view),
            day: view.field("day"),
            time: view.field("time"),
            asks_fold: view.error("fold").is_some(),
            zone: team.event.zone().name().to_owned(),
            plan: upcoming.plan.as_ref().map(|plan| plan_line(team, context, plan)),
            known_plan: known(upcoming.plan.as_ref()),
            releases: release_lines(team, context, &upcoming.releases),
        })
    }
}

/// Names the state of a plan in a form; empty while nothing is planned.
pub(super) fn known(plan: Option<&PlannedRelease>) -> String {
    plan.map(|plan| plan.created_at.to_chrono().timestamp_micros().to_string()).unwrap_or_default()
}

fn words<P>(team: &Allowed<P>, context: &PageContext, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
    team.visit.app.texts.text(context.lang, key, args)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn when_choices<P>(team: &Allowed<P>, context: &PageContext, view: &FormView<'_>) -> Vec<Choice> {
    let choice = |value: &str| (value.to_owned(), words(team, context, &format!("releases-when-{value}"), &[]));
    view.choices("when", ["now", "later"].map(choice))
}

/// What a release means for people: one sentence for each number that is not zero.
fn impact_words<P>(team: &Allowed<P>, context: &PageContext, impact: Impact) -> Vec<String> {
    [
        ("moved", impact.moved),
        ("cancelled", impact.cancelled),
        ("starred", impact.starred),
        ("clashing", impact.clashing),
        ("away", impact.away),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(what, count)| words(team, context, &format!("releases-impact-{what}"), &[("count", number(count).into())]))
    .collect()
}

/// What blocks a release, once for each concern though two slots have it.
fn blocking_lines<P>(team: &Allowed<P>, context: &PageContext, draft: &Draft, blocking: &[Found]) -> Vec<BlockingLine> {
    let words = ConcernWords::new(&team.visit.app.texts, context.lang, draft).for_team(team);
    let mut seen = HashSet::new();
    let line = |found: &Found| BlockingLine {
        title: words
            .session(found.session)
            .map(|session| Text::pick(&session.title, context.lang, &team.event.languages))
            .unwrap_or_default(),
        concern: words.line(found, &BTreeMap::new()),
    };
    blocking.iter().filter(|found| seen.insert(found.key())).take(SHOWN).map(line).collect()
}

/// "12 concerns warn", "3 hints": what speaks against it and does not block it.
fn other_concerns<P>(team: &Allowed<P>, context: &PageContext, upcoming: &Upcoming) -> Vec<String> {
    [Severity::Warns, Severity::Hint]
        .into_iter()
        .map(|severity| (severity, count(upcoming.next.open().filter(|found| found.severity == severity))))
        .filter(|(_, count)| *count > 0)
        .map(|(severity, count)| {
            words(team, context, &format!("releases-concerns-{severity}"), &[("count", number(count).into())])
        })
        .collect()
}

/// Changes by kind, the most pressing first.
pub(super) fn groups<P>(team: &Allowed<P>, context: &PageContext, lines: &[Line]) -> Vec<ChangeGroup> {
    KINDS
        .iter()
        .map(|kind| {
            let of_kind: Vec<&Line> = lines.iter().filter(|line| line.kind() == *kind).collect();
            let count = [("count", number(of_kind.len()).into())];
            ChangeGroup {
                label: words(team, context, &format!("schedule-change-{kind}"), &count),
                more: of_kind.len().saturating_sub(SHOWN),
                lines: of_kind.into_iter().take(SHOWN).map(|line| change_line(team, context, line)).collect(),
            }
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn change_line<P>(team: &Allowed<P>, context: &PageContext, line: &Line) -> ChangeLine {
    let words = ChangeWords {
        texts: &team.visit.app.texts,
        lang: context.lang,
        languages: &team.event.languages,
        zone: team.event.zone(),
    };
    let slug = &team.event.slug;
    ChangeLine {
        title: words.subject(&line.subject),
        url: match &line.subject {
            Subject::Session { id, .. } => format!("/organizer/{slug}/sessions/{id}"),
            Subject::Block { .. } => format!("/organizer/{slug}/schedule"),
            Subject::Speaker { .. } | Subject::Frame => String::new(),
        },
        text: words.sentence(&line.what),
    }
}

fn plan_line<P>(team: &Allowed<P>, context: &PageContext, plan: &PlannedRelease) -> PlanLine {
    let error = plan.last_error.as_deref().map(|text| match Refusal::from_text(text) {
        Refusal::NothingToRelease => words(team, context, "releases-plan-nothing", &[]),
        Refusal::Blocked(count) => words(team, context, "releases-plan-blocked", &[("count", number(count).into())]),
    });
    PlanLine {
        name: plan.name.clone(),
        note: plan.note.clone(),
        at: context.formatter().date_time(plan.due_at.in_zone(team.event.zone()).naive_local()),
        error: error.unwrap_or_default(),
        cancel_url: format!("/organizer/{}/releases/plan/cancel", team.event.slug),
    }
}

fn release_lines<P>(team: &Allowed<P>, context: &PageContext, releases: &[ReleaseSummary]) -> Vec<ReleaseLine> {
    let (slug, zone) = (&team.event.slug, team.event.zone());
    let may_restore = team.may(Permission::ManageEvent);
    releases
        .iter()
        .enumerate()
        .map(|(index, release)| {
            let restores = release
                .restores
                .map(|number| words(team, context, "releases-brings-back", &[("number", i64::from(number).into())]));
            let older = |url: String| if index > 0 { url } else { String::new() };
            let restore_url = format!("/organizer/{slug}/releases/{}/restore", release.number);
            ReleaseLine {
                number: release.number,
                name: release.name.clone(),
                note: release.note.clone(),
                at: context.formatter().date_time(release.created_at.in_zone(zone).naive_local()),
                restores: restores.unwrap_or_default(),
                public_url: older(format!("/{slug}/releases/{}", release.number)),
                restore_url: if may_restore { older(restore_url) } else { String::new() },
            }
        })
        .collect()
}
