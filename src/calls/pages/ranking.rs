//! `/organizer/{event}/proposals`: what was sent in, ranked, and decided in bulk.

use super::in_words;
use super::proposal_view::{ProposalView, SummaryView, decimal, summary_lines};
use crate::accounts::access::{Allowed, EditProgramme};
use crate::accounts::model::Permission;
use crate::calls::model::Asked;
use crate::calls::model::proposal::{Decision, ProposalState};
use crate::calls::model::review::{Review, Tally, takes_part};
use crate::calls::operations;
use crate::calls::operations::deciding::{self, can_be, is_pending};
use crate::calls::operations::reviewing::{self, Round, SentIn};
use crate::calls::ranking::{Ranked, Sort, Wanted, ranked};
use crate::db::{DbConnection, SessionProposalId};
use crate::i18n::Localized;
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, FormData, Page, PageContext, RouteTable, respond};
use actix_web::web::Path;
use serde::Serialize;

/// The routes of the ranking.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/proposals", list);
    routes.post("/organizer/{event}/proposals", decide);
    routes.get("/organizer/{event}/proposals/{proposal}", show_one);
}

pub(super) type Team = Allowed<EditProgramme>;

/// Proposals on one page of the list.
const PAGE: usize = 100;

#[derive(Serialize)]
struct ProposalsPage {
    action: String,
    query: String,
    back: String,
    filters: Vec<Filter>,
    is_filtered: bool,
    clear_url: String,
    total: usize,
    drafts: i64,
    reviews: usize,
    pending: usize,
    decisions_url: String,
    csv_url: String,
    json_url: String,
    call_url: String,
    lines: Vec<Line>,
    previous_url: String,
    next_url: String,
}

impl Page for ProposalsPage {
    const TEMPLATE: &'static str = "organizer/call_proposals.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Line {
    id: String,
    url: String,
    rank: String,
    title: String,
    people: String,
    forum: String,
    format: String,
    mean: String,
    median: String,
    spread: String,
    scored: usize,
    abstained: usize,
    conflicts: usize,
    state: &'static str,
    state_label: String,
    pending: &'static str,
    pending_label: String,
    is_reserve: bool,
}

/// A round at hand for those who decide.
pub(super) struct Desk {
    pub(super) asked: Asked,
    pub(super) round: Round,
    drafts: i64,
}

pub(super) async fn open<P>(team: &Allowed<P>) -> Result<Desk, Failure> {
    let (event, now) = (team.event.clone(), team.visit.app.clock.now());
    let read = move |db: &mut DbConnection| {
        let id = event.id;
        let (round, drafts) = (reviewing::round(db, id)?, reviewing::drafts(db, id)?);
        Ok::<_, Failure>(Desk { asked: operations::asked(db, now, event)?, round, drafts })
    };
    team.visit.app.read(read).await
}

pub(super) fn list_url<P>(team: &Allowed<P>) -> String {
    format!("/organizer/{}/proposals", team.event.slug)
}

/// `GET /organizer/{event}/proposals`, with `q`, `forum`, `format`, `state`, `pending` and `sort`.
async fn list(team: Team) -> PageResult {
    let desk = open(&team).await?;
    let context = team.context("proposals", "calls-proposals-title");
    let wanted = Wanted::read(|name| team.visit.param(name));
    let all = ranked(&desk.round, &wanted, |forum| team.may_edit_forum(forum));
    let page = page(&team, &context, &desk, (&wanted, &all));
    team.visit.show(&context, &page)
}

fn page(team: &Team, context: &PageContext, desk: &Desk, (wanted, all): (&Wanted, &[Ranked<'_>])) -> ProposalsPage {
    let number: usize = team.visit.param("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let shown = all.iter().skip((number - 1).saturating_mul(PAGE)).take(PAGE);
    let page_url = |page: usize| team.visit.url_with("page", &page.to_string());
    let (url, query) = (list_url(team), query_of(team));
    let is_organizer = team.may(Permission::ManageEvent);
    let below = |path: &str| format!("/organizer/{}{path}", team.event.slug);
    ProposalsPage {
        action: url.clone(),
        query: wanted.query.clone(),
        filters: filters(team, context, desk, wanted),
        is_filtered: wanted.is_filtered(),
        total: all.len(),
        drafts: desk.drafts,
        reviews: all.iter().map(|one| one.tally.scored).sum(),
        pending: desk.round.proposals.iter().filter(|one| is_pending(one)).count(),
        decisions_url: if is_organizer { below("/decisions") } else { String::new() },
        csv_url: format!("{url}.csv?{query}"),
        json_url: format!("{url}.json?{query}"),
        call_url: if is_organizer { below("/call") } else { String::new() },
        lines: shown.map(|one| line(team, context, desk, one)).collect(),
        previous_url: if number > 1 { page_url(number - 1) } else { String::new() },
        next_url: if all.len() > number.saturating_mul(PAGE) { page_url(number + 1) } else { String::new() },
        back: query,
        clear_url: url,
    }
}

/// The query of this page, to come back to it.
fn query_of(team: &Team) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(&team.visit.query).finish()
}

fn filters(team: &Team, context: &PageContext, desk: &Desk, wanted: &Wanted) -> Vec<Filter> {
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let name = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let filter = |name, label: &str, any: &str, chosen: String, options: Vec<(String, String)>| Filter {
        name,
        label: text(label),
        any: text(any),
        options: options.into_iter().map(|(value, label)| Choice { selected: value == chosen, value, label }).collect(),
    };
    let chosen = |id: Option<String>| id.unwrap_or_default();
    let forums = desk.asked.forums.iter().filter(|one| team.may_edit_forum(Some(one.id)));
    let states = ProposalState::ALL.iter().filter(|state| **state != ProposalState::Draft);
    vec![
        filter(
            "forum",
            "calls-field-forum",
            "programme-any",
            chosen(wanted.forum.map(|id| id.to_string())),
            forums.map(|one| (one.id.to_string(), name(&one.name))).collect(),
        ),
        filter(
            "format",
            "calls-field-format",
            "programme-any",
            chosen(wanted.format.map(|id| id.to_string())),
            desk.asked.formats.iter().map(|one| (one.id.to_string(), name(&one.name))).collect(),
        ),
        filter(
            "state",
            "calls-late-state",
            "programme-any",
            chosen(wanted.state.map(|state| state.to_string())),
            states.map(|state| (state.to_string(), text(&format!("calls-state-{state}")))).collect(),
        ),
        filter(
            "pending",
            "calls-pending",
            "programme-any",
            chosen(wanted.pending.map(|pending| pending.to_string())),
            Decision::ALL.iter().map(|one| (one.to_string(), text(&format!("calls-decision-{one}")))).collect(),
        ),
        filter(
            "sort",
            "calls-sort",
            "calls-sort-score",
            chosen(wanted.sort.map(|sort| sort.to_string())),
            Sort::ALL.iter().skip(1).map(|one| (one.to_string(), text(&format!("calls-sort-{one}")))).collect(),
        ),
    ]
}

fn line(team: &Team, context: &PageContext, desk: &Desk, ranked: &Ranked<'_>) -> Line {
    let Ranked { rank, one, tally } = ranked;
    let (proposal, format) = (&one.proposal, context.formatter());
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let name = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let people: Vec<&str> = proposal.people.iter().map(|person| person.name.as_str()).collect();
    let of_total = |value: fn(&crate::calls::model::statistics::Summary) -> f64| {
        // Whoever has a part in a proposal learns nothing of its reviews here.
        let total = tally.total.as_ref().filter(|_| !takes_part(&team.user, proposal));
        total.map(|total| decimal(format, value(total))).unwrap_or_default()
    };
    let forum = desk.asked.forums.iter().find(|forum| Some(forum.id) == proposal.forum_id);
    let own_format = desk.asked.formats.iter().find(|format| Some(format.id) == proposal.format_id);
    Line {
        id: proposal.id.to_string(),
        url: format!("{}/{}", list_url(team), proposal.id),
        rank: rank.map(|rank| rank.to_string()).unwrap_or_default(),
        title: proposal.title.clone(),
        people: people.join(&text("common-list-separator")),
        forum: forum.map(|forum| name(&forum.name)).unwrap_or_default(),
        format: own_format.map(|format| name(&format.name)).unwrap_or_default(),
        mean: of_total(|total| total.mean),
        median: of_total(|total| total.median),
        spread: of_total(|total| total.spread),
        scored: tally.scored,
        abstained: tally.abstained,
        conflicts: tally.conflicts,
        state: one.state.as_str(),
        state_label: text(&format!("calls-state-{}", one.state)),
        pending: proposal.pending.map(Decision::as_str).unwrap_or_default(),
        pending_label: proposal.pending.map(|one| text(&format!("calls-decision-{one}"))).unwrap_or_default(),
        is_reserve: is_reserve(one),
    }
}

/// Whether a proposal waits in case something falls out.
fn is_reserve(one: &SentIn) -> bool {
    one.proposal.decision == Some(Decision::Reserve) && one.state == ProposalState::Proposed
}

/// `POST /organizer/{event}/proposals`, with `proposal` for each, `decision` (empty takes a noted one back) and where to
/// go on: `one` for the page of the proposal, else the list with the query `back`.
async fn decide(team: Team, form: FormData) -> PageResult {
    let ids: Vec<SessionProposalId> = form.all("proposal").filter_map(|id| id.parse().ok()).collect();
    let decision = form.text("decision").parse::<Decision>().ok();
    let back = match (form.is_ticked("one"), ids.first()) {
        (true, Some(id)) => format!("{}/{id}", list_url(&team)),
        _ => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            let pairs = url::form_urlencoded::parse(form.text("back").as_bytes());
            format!("{}?{}", list_url(&team), query.extend_pairs(pairs).finish())
        }
    };
    if ids.is_empty() {
        return Ok(respond::see_other_with_notice(back, "calls-notice-none-chosen"));
    }
    let (event, user, count) = (team.event.id, team.user.clone(), ids.len());
    let (edits_all, forums) = (team.may(Permission::ManageEvent), team.roles.forums.clone());
    let job = move |db: &mut DbConnection, now| {
        let may = |forum: Option<crate::db::ForumId>| edits_all || forum.is_some_and(|forum| forums.contains(&forum));
        deciding::note(db, now, (event, &user), (&ids, decision), may)
    };
    let noted = team.visit.app.write(job).await?;
    let notice = match (noted == count, decision) {
        (false, _) => "calls-notice-some-noted",
        (true, Some(_)) => "calls-notice-noted",
        (true, None) => "calls-notice-taken-back",
    };
    Ok(respond::see_other_with_notice(back, notice))
}

#[derive(Serialize)]
struct ProposalPage {
    list_url: String,
    decide_url: String,
    id: String,
    session_url: String,
    proposal: ProposalView,
    author: String,
    email: String,
    notes: String,
    rank: String,
    scores: Vec<SummaryView>,
    reviews: Vec<ReviewView>,
    pending: &'static str,
    pending_label: String,
    is_reserve: bool,
    decided_at: String,
    choices: Vec<Choice>,
    /// Whether whoever looks has a part in it, which others should decide.
    is_own: bool,
}

impl Page for ProposalPage {
    const TEMPLATE: &'static str = "organizer/call_proposal.html";
}

#[derive(Serialize)]
struct ReviewView {
    name: String,
    standing: &'static str,
    standing_label: String,
    scores: String,
    to_team: String,
    to_author: String,
    at: String,
}

/// `GET /organizer/{event}/proposals/{proposal}`.
async fn show_one(team: Team, path: Path<(String, SessionProposalId)>) -> PageResult {
    let (desk, id) = (open(&team).await?, path.1);
    let one = desk.round.find(id).ok_or(Failure::NotFound)?;
    if !team.may_edit_forum(one.proposal.forum_id) {
        return Err(Failure::Forbidden);
    }
    let reviews = team.visit.app.read(move |db| Ok::<_, Failure>(reviewing::reviews_of(db, id)?)).await?;
    let context = team.context("proposals", "calls-proposal-title");
    let page = proposal_page(&team, &context, &desk, (one, &reviews));
    team.visit.show(&context, &page)
}

fn proposal_page(
    team: &Team,
    context: &PageContext,
    desk: &Desk,
    (one, reviews): (&SentIn, &[(Review, String)]),
) -> ProposalPage {
    let proposal = &one.proposal;
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let at = |at| in_words(context, &team.event, at);
    let is_own = takes_part(&team.user, proposal);
    let reviews = if is_own { &reviews[..0] } else { reviews };
    let tally = Tally::of(&desk.round.criteria, reviews.iter().map(|(review, _)| review));
    let all = ranked(&desk.round, &Wanted::default(), |forum| team.may_edit_forum(forum));
    let rank = all.iter().find(|other| other.one.proposal.id == proposal.id).and_then(|ranked| ranked.rank);
    let choice = |decision: &Decision| Choice {
        value: decision.to_string(),
        label: text(&format!("calls-decision-{decision}")),
        selected: proposal.pending == Some(*decision),
    };
    ProposalPage {
        list_url: list_url(team),
        decide_url: list_url(team),
        id: proposal.id.to_string(),
        session_url: proposal
            .session_id
            .map(|id| format!("/organizer/{}/sessions/{id}", team.event.slug))
            .unwrap_or_default(),
        proposal: ProposalView::of(&team.visit, context, &desk.asked, one, false),
        author: proposal.name.clone(),
        email: proposal.email.clone(),
        notes: proposal.notes.clone(),
        rank: rank.filter(|_| !is_own).map(|rank| rank.to_string()).unwrap_or_default(),
        scores: summary_lines(&team.visit, context, &team.event, &desk.round.criteria, &tally),
        reviews: reviews.iter().map(|(review, name)| review_view(team, context, desk, (review, name))).collect(),
        pending: proposal.pending.map(Decision::as_str).unwrap_or_default(),
        pending_label: proposal.pending.map(|one| text(&format!("calls-decision-{one}"))).unwrap_or_default(),
        is_reserve: is_reserve(one),
        decided_at: proposal.decided_at.map(at).unwrap_or_default(),
        choices: Decision::ALL.iter().filter(|one_of| !is_own && can_be(one.session, **one_of)).map(choice).collect(),
        is_own,
    }
}

fn review_view(team: &Team, context: &PageContext, desk: &Desk, (review, name): (&Review, &str)) -> ReviewView {
    let score = |criterion: &crate::calls::model::review::Criterion| {
        let name = criterion.name.text(context.lang, &team.event.languages);
        review.scores.of(criterion).map(|score| format!("{name} {score}"))
    };
    ReviewView {
        name: name.to_owned(),
        standing: review.standing.as_str(),
        standing_label: team.visit.app.texts.text(context.lang, &format!("calls-standing-{}", review.standing), &[]),
        scores: desk.round.criteria.iter().filter_map(score).collect::<Vec<_>>().join(" · "),
        to_team: review.to_team.clone(),
        to_author: review.to_author.clone(),
        at: in_words(context, &team.event, review.updated_at),
    }
}
