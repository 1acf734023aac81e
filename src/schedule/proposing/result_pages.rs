//! `/organizer/{event}/schedule/proposals/{proposal}`: what a proposal would change, to be accepted whole or in part.

use super::concerned;
use super::cost::Costs;
use super::explain::Reason;
use super::operations::{self, Proposal, ProposalError};
use super::outcome::{Entry, Outcome, Place, Unplaced, with_entries};
use super::pages::{Team, progress_words, proposal_url};
use super::review::{Review, Standing};
use crate::db::{ProposalId, RoomId, SessionId};
use crate::i18n::TextArg;
use crate::schedule::draft::Draft;
use crate::schedule::model::ProgrammeSession;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FormData, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

#[derive(Serialize)]
struct ProposalPage {
    state: &'static str,
    state_label: String,
    is_open: bool,
    is_failed: bool,
    stop_asked: bool,
    at: String,
    scope: String,
    progress: String,
    entries: Vec<EntryRow>,
    outdated: usize,
    measures: Vec<MeasureRow>,
    clashes: Option<(String, String)>,
    unplaced: Vec<UnplacedRow>,
    has_result: bool,
    problem: Option<String>,
    base_url: String,
    list_url: String,
    schedule_url: String,
}

impl Page for ProposalPage {
    const TEMPLATE: &'static str = "organizer/proposal.html";
}

#[derive(Serialize)]
struct EntryRow {
    number: usize,
    ticked: bool,
    may_tick: bool,
    kind: &'static str,
    kind_label: String,
    title: Text,
    url: String,
    from: String,
    to: String,
    concerns_before: usize,
    concerns_after: usize,
    standing: Option<String>,
    is_needed: bool,
}

#[derive(Serialize)]
struct MeasureRow {
    label: String,
    before: String,
    after: String,
    change: &'static str,
}

#[derive(Serialize)]
struct UnplacedRow {
    title: Text,
    url: String,
    reasons: Vec<String>,
}

/// `GET /organizer/{event}/schedule/proposals/{proposal}`.
pub(super) async fn show_proposal(team: Team, path: Path<(String, ProposalId)>) -> PageResult {
    show(&team, path.1, StatusCode::OK, None).await
}

/// What was ticked, which further entries that needs, and what is wrong.
struct Tried {
    chosen: BTreeSet<usize>,
    needed: BTreeSet<usize>,
    problem: &'static str,
}

async fn show(team: &Team, id: ProposalId, status: StatusCode, tried: Option<Tried>) -> PageResult {
    let event = team.event.clone();
    let read = move |db: &mut crate::db::DbConnection| {
        let proposal = operations::find(db, event.id, id)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((proposal, crate::schedule::operations::draft(db, &event)?))
    };
    let (proposal, draft) = team.visit.app.read(read).await?;
    let context = team.context("schedule", "proposing-proposal-title");
    // Comparing with a large draft takes a while that other requests need not wait for.
    let (mut page, known) = frame(team, &context, &proposal, &draft);
    if let Some(outcome) = proposal.result.as_deref() {
        let words = Words { team, context: &context, sessions: &known, draft: &draft };
        fill(&mut page, &words, &proposal, outcome, tried.as_ref());
    }
    team.visit.show_with_status(status, &context, &page)
}

fn frame<'a>(
    team: &Team,
    context: &PageContext,
    proposal: &Proposal,
    draft: &'a Draft,
) -> (ProposalPage, HashMap<SessionId, &'a ProgrammeSession>) {
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let schedule_url = format!("/organizer/{}/schedule", team.event.slug);
    let page = ProposalPage {
        state: proposal.state.as_str(),
        state_label: text(&format!("proposing-state-{}", proposal.state)),
        is_open: proposal.state.is_open(),
        is_failed: proposal.state == super::ProposalState::Failed,
        stop_asked: proposal.stop_asked,
        at: context.formatter().date_time(proposal.created_at.in_zone(team.event.zone()).naive_local()),
        scope: text(&format!("proposing-scope-{}", proposal.request.scope)),
        progress: progress_words(team, context, proposal.state, &proposal.progress),
        entries: Vec::new(),
        outdated: 0,
        measures: Vec::new(),
        clashes: None,
        unplaced: Vec::new(),
        has_result: proposal.result.is_some(),
        problem: None,
        base_url: proposal_url(team, proposal.id),
        list_url: format!("{schedule_url}/proposals"),
        schedule_url,
    };
    (page, draft.programme.sessions.iter().map(|session| (session.id, session)).collect())
}

fn fill(page: &mut ProposalPage, words: &Words<'_>, proposal: &Proposal, outcome: &Outcome, tried: Option<&Tried>) {
    let review = Review::new(words.draft, &proposal.request, &outcome.entries);
    let before = concerned::counts(words.draft);
    let fresh = outcome.entries.iter().zip(&review.standing).filter(|(_, standing)| **standing == Standing::Fresh);
    let after = concerned::counts(&with_entries(words.draft.clone(), fresh.map(|(entry, _)| entry)));
    page.problem = tried.map(|tried| words.text(tried.problem, &[]));
    page.outdated = review.standing.iter().filter(|standing| **standing != Standing::Fresh).count();
    page.entries = outcome
        .entries
        .iter()
        .zip(&review.standing)
        .enumerate()
        .map(|(number, (entry, standing))| {
            let mut row = words.entry(number, entry, *standing);
            row.concerns_before = before.get(&entry.session).copied().unwrap_or(0);
            row.concerns_after = after.get(&entry.session).copied().unwrap_or(0);
            if let Some(tried) = tried {
                row.is_needed = tried.needed.contains(&number);
                row.ticked = row.may_tick && (row.is_needed || tried.chosen.contains(&number));
            }
            row
        })
        .collect();
    page.measures = words.measures(&outcome.before, &outcome.after, outcome);
    page.clashes = (outcome.clashes_before > 0 || outcome.clashes_after > 0)
        .then(|| (words.number(outcome.clashes_before.into()), words.number(outcome.clashes_after.into())));
    page.unplaced = outcome.unplaced.iter().map(|one| words.unplaced(one)).collect();
}

/// What puts a proposal into words.
struct Words<'a> {
    team: &'a Team,
    context: &'a PageContext,
    sessions: &'a HashMap<SessionId, &'a ProgrammeSession>,
    draft: &'a Draft,
}

impl Words<'_> {
    fn text(&self, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
        self.team.visit.app.texts.text(self.context.lang, key, args)
    }

    fn number(&self, number: i64) -> String {
        self.context.formatter().number(number)
    }

    fn title(&self, session: SessionId) -> Text {
        let languages = &self.team.event.languages;
        let found = self.sessions.get(&session);
        found.map(|session| Text::pick(&session.title, self.context.lang, languages)).unwrap_or_default()
    }

    fn url(&self, session: SessionId) -> String {
        format!("/organizer/{}/sessions/{session}", self.team.event.slug)
    }

    fn room(&self, room: Option<RoomId>) -> String {
        let found = room.and_then(|id| self.draft.programme.rooms.iter().find(|room| room.id == id));
        let name = found.map(|room| room.name.text(self.context.lang, &self.team.event.languages).to_owned());
        name.unwrap_or_else(|| self.text("proposing-no-room-set", &[]))
    }

    fn place(&self, place: Option<Place>) -> String {
        let Some(place) = place else { return self.text("proposing-nowhere", &[]) };
        let (zone, format) = (self.team.event.zone(), self.context.formatter());
        let (start, end) = (place.start.in_zone(zone), place.end.in_zone(zone));
        let args = [
            ("day", format.day(start.date_naive()).into()),
            ("start", format.time(start.time()).into()),
            ("end", format.time(end.time()).into()),
            ("room", self.room(place.room).into()),
        ];
        self.text("proposing-place", &args)
    }

    fn entry(&self, number: usize, entry: &Entry, standing: Standing) -> EntryRow {
        let kind = match (entry.before, entry.after) {
            (None, _) => "place",
            (_, None) => "take-out",
            _ => "move",
        };
        let standing_key = match standing {
            Standing::Fresh => None,
            Standing::Done => Some("proposing-standing-done"),
            Standing::Moved => Some("proposing-standing-moved"),
            Standing::Taken => Some("proposing-standing-taken"),
            Standing::Gone => Some("proposing-standing-gone"),
        };
        EntryRow {
            number,
            // What would lose its place is for a person to decide.
            ticked: standing == Standing::Fresh && entry.after.is_some(),
            may_tick: standing == Standing::Fresh,
            kind,
            kind_label: self.text(&format!("proposing-kind-{kind}"), &[]),
            title: self.title(entry.session),
            url: self.url(entry.session),
            from: self.place(entry.before),
            to: self.place(entry.after),
            concerns_before: 0,
            concerns_after: 0,
            standing: standing_key.map(|key| self.text(key, &[])),
            is_needed: false,
        }
    }

    /// The soft things, in words, where there is any of them before or after.
    fn measures(&self, before: &Costs, after: &Costs, outcome: &Outcome) -> Vec<MeasureRow> {
        let (before, after) = (before.measures(&outcome.weights), after.measures(&outcome.weights));
        let both = before.iter().zip(&after).filter(|(before, after)| before.amount != 0 || after.amount != 0);
        both.map(|(before, after)| MeasureRow {
            label: self.text(&format!("proposing-measure-{}", before.word), &[]),
            before: self.number(before.amount),
            after: self.number(after.amount),
            change: match after.amount.cmp(&before.amount) {
                std::cmp::Ordering::Less => "better",
                std::cmp::Ordering::Equal => "same",
                std::cmp::Ordering::Greater => "worse",
            },
        })
        .collect()
    }

    fn unplaced(&self, one: &Unplaced) -> UnplacedRow {
        let reason = |reason: &Reason| {
            let speakers = &self.draft.programme.speakers;
            let who = reason.who.and_then(|id| speakers.iter().find(|speaker| speaker.id == id));
            let who = who.map_or_else(|| self.text("proposing-somebody", &[]), |speaker| speaker.name.clone());
            let args = [("places", reason.places.into()), ("who", who.into())];
            self.text(&format!("proposing-reason-{}", reason.kind), &args)
        };
        UnplacedRow {
            title: self.title(one.session),
            url: self.url(one.session),
            reasons: one.reasons.iter().map(reason).collect(),
        }
    }
}

/// `POST /organizer/{event}/schedule/proposals/{proposal}/accept`.
pub(super) async fn accept(team: Team, path: Path<(String, ProposalId)>, form: FormData) -> PageResult {
    let (actor, event, id) = (team.actor(), team.event.clone(), path.1);
    let chosen: BTreeSet<usize> = form.all("entry").filter_map(|number| number.parse().ok()).collect();
    let asked = chosen.clone();
    match team.visit.app.write(move |db, now| operations::accept(db, now, actor, &event, id, &asked)).await {
        Ok(_) => Ok(respond::see_other_with_notice(proposal_url(&team, id), "proposing-notice-accepted")),
        Err(error) => show_refused(&team, id, chosen, error).await,
    }
}

/// The proposal once more, with what was ticked and why it can't be accepted like that.
async fn show_refused(team: &Team, id: ProposalId, chosen: BTreeSet<usize>, error: ProposalError) -> PageResult {
    let (needed, problem) = match error {
        ProposalError::Incomplete(needed) => (needed, "proposing-incomplete"),
        ProposalError::NothingChosen => (BTreeSet::new(), "proposing-nothing-chosen"),
        ProposalError::Changed | ProposalError::Edit(_) => (BTreeSet::new(), "proposing-changed"),
        other => return Err(other.into()),
    };
    let status = if problem == "proposing-changed" { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    show(team, id, status, Some(Tried { chosen, needed, problem })).await
}
