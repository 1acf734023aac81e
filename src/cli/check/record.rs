//! The record of changes, the recurring jobs and the clock.

use super::Findings;
use crate::app::App;
use crate::audit::chain::Wrong;
use crate::audit::checking::{Problem, check};
use crate::audit::model::{Head, Recorded};
use crate::audit::operations as audit;
use crate::db::DbError;
use crate::jobs;
use chrono::TimeDelta;

/// How late a job may be before nobody seems to do it.
const LATE: TimeDelta = TimeDelta::minutes(15);
/// How far two clocks may be apart.
const APART: TimeDelta = TimeDelta::minutes(2);

/// Recurring jobs that failed or are late.
pub(super) async fn jobs(findings: &mut Findings, app: &App) -> anyhow::Result<()> {
    let now = app.clock.now();
    let runs = app.read(|db| Ok::<_, DbError>(jobs::last_runs(db)?)).await?;
    for run in runs.iter().filter(|run| run.error.is_some()) {
        let why = run.error.clone().unwrap_or_default();
        findings.wrong("jobs", format!("{} failed the last time: {why}", run.name), "The log of that time says more.");
    }
    let late: Vec<&str> = runs.iter().filter(|run| now - run.due_at > LATE).map(|run| run.name.as_str()).collect();
    if runs.is_empty() {
        findings.note("jobs", "no recurring job has run yet", "They run while plenary serve does.");
    } else if late.is_empty() {
        findings.fine("jobs", format!("{} recurring jobs run in time", runs.len()));
    } else {
        let words = format!("{} recurring jobs are late, the first is {}", late.len(), late[0]);
        findings.note("jobs", words, "They run while plenary serve does; if it does, look into its log.");
    }
    Ok(())
}

/// Whether this machine's clock agrees with the database and with what was written before.
pub(super) async fn clock(findings: &mut Findings, app: &App) -> anyhow::Result<()> {
    let mend = "Let the clocks of all machines follow a time server (NTP).";
    let before = app.clock.now();
    let theirs = app.db.clock().await?;
    let now = app.clock.now();
    let newest = app.read(|db| Ok::<_, DbError>(audit::newest(db)?)).await?;
    if theirs.is_some_and(|theirs| theirs > now + APART || theirs < before - APART) {
        findings.wrong("clock", format!("this machine says {now}, the database {}", theirs.unwrap_or(now)), mend);
    } else if let Some(newest) = newest.filter(|newest| *newest > now + APART) {
        findings.wrong("clock", format!("this machine says {now}, but something was written at {newest}"), mend);
    } else {
        findings.fine("clock", format!("{now}"));
    }
    Ok(())
}

/// Whether the record of changes is as it was written.
pub(super) async fn chain(findings: &mut Findings, app: &App, noted: Option<Head>) -> anyhow::Result<()> {
    let is_noted = noted.is_some();
    let found = check(app, noted).await?;
    for problem in &found.problems {
        let (words, mend) = in_words(problem);
        findings.wrong("record", words, mend);
    }
    if found.problems.is_empty() {
        let Head { position, hash } = &found.head;
        let as_noted = if is_noted { " and still holds what was noted of it" } else { "" };
        let head = if hash.is_empty() { String::new() } else { format!("; note {position}:{hash} elsewhere") };
        let words =
            format!("{position} entries are chained, {} wait; the chain is whole{as_noted}{head}", found.waiting);
        findings.fine("record", words);
    }
    Ok(())
}

fn in_words(problem: &Problem) -> (String, &'static str) {
    const REWRITTEN: &str =
        "Somebody changed the database past the program. Compare with a backup from before, and with who had access.";
    let about = |entry: &Recorded| {
        format!("{} of {} {} at {} (entry {})", entry.action, entry.subject_kind, entry.subject_id, entry.at, entry.id)
    };
    match problem {
        Problem::Broken { position, wrong, entry, id } => {
            let what = entry.as_deref().map_or_else(|| format!("entry {id}"), about);
            let how = match wrong {
                Wrong::Gap => "links before it are missing",
                Wrong::EntryGone => "the entry was taken away",
                Wrong::Changed => "it is not as it was written, or the link before it is not",
                Wrong::DetailChanged => "its details are not as they were written",
            };
            (format!("the chain is broken, first at number {position}: {how}: {what}"), REWRITTEN)
        }
        Problem::Erased { position, entry } => (
            format!("details at number {position} are gone although nobody's data were erased: {}", about(entry)),
            REWRITTEN,
        ),
        Problem::Slipped { entries } => {
            (format!("{entries} entries say that they are chained and are not in the chain"), REWRITTEN)
        }
        Problem::Waiting { entries, since } => (
            format!("{entries} entries wait to be chained, the first since {since}"),
            "They are chained while plenary serve runs; if it does, look into its log for audit.chain.",
        ),
        Problem::Unlike { noted } => {
            (format!("the chain does not hold {}:{}, which was noted of it", noted.position, noted.hash), REWRITTEN)
        }
    }
}
