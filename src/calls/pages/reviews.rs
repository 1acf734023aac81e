//! `/organizer/{event}/reviews`: what a reviewer has to review, and one review.

use super::in_words;
use super::proposal_view::{ProposalView, SummaryView, summary_lines};
use crate::accounts::access::{Allowed, ReviewProposals};
use crate::calls::model::Asked;
use crate::calls::model::proposal::ProposalState;
use crate::calls::model::review::{
    Review, ReviewStanding, Scores, Tally, hide, reviews_forum, takes_part, telling_words,
};
use crate::calls::operations::reviewing::{self, NewReview, Round, SentIn};
use crate::calls::operations::{self, CallError};
use crate::db::{DbConnection, SessionProposalId};
use crate::i18n::Localized;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of reviewers.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/reviews", list);
    routes.get("/organizer/{event}/reviews/next", next);
    routes.get("/organizer/{event}/reviews/{proposal}", show_one);
    routes.post("/organizer/{event}/reviews/{proposal}", keep);
}

type Team = Allowed<ReviewProposals>;

#[derive(Serialize)]
struct ReviewsPage {
    waiting: usize,
    done: usize,
    next_url: String,
    is_blind: bool,
    forums: Vec<Choice>,
    formats: Vec<Choice>,
    is_filtered: bool,
    clear_url: String,
    lines: Vec<Line>,
}

impl Page for ReviewsPage {
    const TEMPLATE: &'static str = "organizer/reviews.html";
}

#[derive(Serialize)]
struct Line {
    url: String,
    title: String,
    forum: String,
    format: String,
    /// `waiting`, `scored`, `abstained`, `conflict` or `part`.
    standing: &'static str,
    standing_label: String,
    scored: usize,
}

#[derive(Serialize)]
struct ReviewPage {
    list_url: String,
    next_url: String,
    waiting: usize,
    is_blind: bool,
    proposal: ProposalView,
    /// Why no review can be given; empty where one can.
    closed: String,
    action: String,
    errors: Vec<ErrorLine>,
    version: String,
    criteria: Vec<CriterionField>,
    to_team: Field,
    to_author: Field,
    standing: &'static str,
    standing_label: String,
    given_at: String,
    others: Vec<SummaryView>,
    others_hidden: bool,
    scored: usize,
}

impl Page for ReviewPage {
    const TEMPLATE: &'static str = "organizer/review.html";
}

#[derive(Serialize)]
struct CriterionField {
    name: String,
    label: String,
    help: String,
    weight: i32,
    lowest: i32,
    highest: i32,
    error: Option<String>,
    choices: Vec<Choice>,
}

/// A round at hand for one reviewer.
struct Desk {
    asked: Asked,
    round: Round,
}

async fn open(team: &Team) -> Result<Desk, Failure> {
    let (event, now) = (team.event.clone(), team.visit.app.clock.now());
    let read = move |db: &mut DbConnection| {
        let id = event.id;
        Ok::<_, Failure>(Desk { asked: operations::asked(db, now, event)?, round: reviewing::round(db, id)? })
    };
    team.visit.app.read(read).await
}

impl Desk {
    /// The proposal of this id, if it is this reviewer's business.
    fn find(&self, team: &Team, id: SessionProposalId) -> Result<&SentIn, Failure> {
        let found = self.round.find(id).ok_or(Failure::NotFound)?;
        if reviews_forum(&team.roles, team.user.is_admin, found.proposal.forum_id) {
            Ok(found)
        } else {
            Err(Failure::Forbidden)
        }
    }

    fn standing(&self, team: &Team, one: &SentIn) -> &'static str {
        match self.round.own(one.proposal.id, team.user.id) {
            _ if takes_part(&team.user, &one.proposal) => "part",
            Some(review) => review.standing.as_str(),
            None if one.state == ProposalState::Proposed => "waiting",
            None => "decided",
        }
    }
}

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/reviews", team.event.slug)
}

/// `GET /organizer/{event}/reviews`, with `forum` and `format`.
async fn list(team: Team) -> PageResult {
    let desk = open(&team).await?;
    let context = team.context("reviews", "calls-reviews-title");
    let waiting = desk.round.waiting(&team.user, &team.roles);
    let rank = |one: &SentIn| waiting.iter().position(|other| other.proposal.id == one.proposal.id);
    let wanted = |name: &str| team.visit.param(name).unwrap_or_default().to_owned();
    let (forum, format) = (wanted("forum"), wanted("format"));
    let fits = |one: &&SentIn| {
        let is = |wanted: &str, id: Option<&str>| wanted.is_empty() || id == Some(wanted);
        reviews_forum(&team.roles, team.user.is_admin, one.proposal.forum_id)
            && is(&forum, one.proposal.forum_id.as_ref().map(crate::db::ForumId::as_str))
            && is(&format, one.proposal.format_id.as_ref().map(crate::db::FormatId::as_str))
    };
    let mut shown: Vec<&SentIn> = desk.round.proposals.iter().filter(fits).collect();
    // What waits comes first, in the order in which it is asked for.
    shown.sort_by_key(|one| rank(one).unwrap_or(usize::MAX));
    let name = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let choice = |wanted: &str, id: String, label| Choice { selected: id == wanted, value: id, label };
    let page = ReviewsPage {
        waiting: waiting.len(),
        done: shown.iter().filter(|one| desk.round.own(one.proposal.id, team.user.id).is_some()).count(),
        next_url: if waiting.is_empty() { String::new() } else { format!("{}/next", list_url(&team)) },
        is_blind: desk.asked.call.is_blind,
        forums: desk.asked.forums.iter().map(|one| choice(&forum, one.id.to_string(), name(&one.name))).collect(),
        formats: desk.asked.formats.iter().map(|one| choice(&format, one.id.to_string(), name(&one.name))).collect(),
        is_filtered: !forum.is_empty() || !format.is_empty(),
        clear_url: list_url(&team),
        lines: shown.into_iter().map(|one| line(&team, &context, &desk, one)).collect(),
    };
    team.visit.show(&context, &page)
}

fn line(team: &Team, context: &PageContext, desk: &Desk, one: &SentIn) -> Line {
    let (proposal, standing) = (&one.proposal, desk.standing(team, one));
    let name = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let forum = desk.asked.forums.iter().find(|forum| Some(forum.id) == proposal.forum_id);
    let format = desk.asked.formats.iter().find(|format| Some(format.id) == proposal.format_id);
    let hidden = if desk.asked.call.is_blind { telling_words(proposal) } else { Vec::new() };
    Line {
        url: format!("{}/{}", list_url(team), one.proposal.id),
        title: hide(&proposal.title, &hidden),
        forum: forum.map(|forum| name(&forum.name)).unwrap_or_default(),
        format: format.map(|format| name(&format.name)).unwrap_or_default(),
        standing,
        standing_label: team.visit.app.texts.text(context.lang, &format!("calls-standing-{standing}"), &[]),
        scored: desk.round.scored(one.proposal.id),
    }
}

/// `GET /organizer/{event}/reviews/next`: goes to the next proposal to review; with `after`, to the one that follows it.
async fn next(team: Team) -> PageResult {
    let desk = open(&team).await?;
    let waiting = desk.round.waiting(&team.user, &team.roles);
    let after = team.visit.param("after").and_then(|id| id.parse::<SessionProposalId>().ok());
    let at = after.and_then(|id| waiting.iter().position(|one| one.proposal.id == id)).map_or(0, |at| at + 1);
    match waiting.get(at).or_else(|| waiting.first()) {
        Some(one) => Ok(respond::see_other(format!("{}/{}", list_url(&team), one.proposal.id))),
        None => Ok(respond::see_other_with_notice(list_url(&team), "calls-notice-all-reviewed")),
    }
}

/// `GET /organizer/{event}/reviews/{proposal}`.
async fn show_one(team: Team, path: Path<(String, SessionProposalId)>) -> PageResult {
    let desk = open(&team).await?;
    let one = desk.find(&team, path.1)?;
    let form = stored(desk.round.own(one.proposal.id, team.user.id));
    show(&team, &desk, one, StatusCode::OK, (&form, &FieldErrors::default()))
}

fn stored(own: Option<&Review>) -> FormData {
    let Some(own) = own else { return FormData::from_fields([("version", "0")]) };
    let mut form = FormData::from_fields([
        ("version", own.version.to_string()),
        ("to_team", own.to_team.clone()),
        ("to_author", own.to_author.clone()),
    ]);
    own.scores.0.iter().for_each(|(id, score)| form.push(format!("score-{id}"), score.to_string()));
    form
}

fn show(
    team: &Team,
    desk: &Desk,
    one: &SentIn,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("reviews", "calls-review-one-title");
    let (view, id) = (FormView::new(&team.visit, &context, form, errors), one.proposal.id);
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let (own, standing) = (desk.round.own(id, team.user.id), desk.standing(team, one));
    let others_hidden = desk.asked.call.hides_scores && own.is_none() && standing != "decided";
    let tally = Tally::of(&desk.round.criteria, desk.round.reviews(id));
    let is_closed = standing == "part" || one.state != ProposalState::Proposed;
    let page = ReviewPage {
        list_url: list_url(team),
        next_url: format!("{}/next?after={id}", list_url(team)),
        waiting: desk.round.waiting(&team.user, &team.roles).len(),
        is_blind: desk.asked.call.is_blind,
        proposal: ProposalView::of(&team.visit, &context, &desk.asked, one, desk.asked.call.is_blind),
        closed: match (standing, is_closed) {
            ("part", _) => text("calls-review-part"),
            (_, true) => text("calls-review-decided"),
            _ => String::new(),
        },
        action: format!("{}/{id}", list_url(team)),
        errors: named(team, &context, desk, view.summary()),
        version: form.text("version").to_owned(),
        criteria: desk.round.criteria.iter().map(|one| criterion(team, &context, &view, one)).collect(),
        to_team: view.field("to_team"),
        to_author: view.field("to_author"),
        standing,
        standing_label: text(&format!("calls-standing-{standing}")),
        given_at: own.map(|own| in_words(&context, &team.event, own.updated_at)).unwrap_or_default(),
        others: if others_hidden || standing == "part" {
            Vec::new()
        } else {
            summary_lines(&team.visit, &context, &team.event, &desk.round.criteria, &tally)
        },
        others_hidden,
        scored: tally.scored,
    };
    team.visit.show_with_status(status, &context, &page)
}

/// The summary of errors with each criterion named.
fn named(team: &Team, context: &PageContext, desk: &Desk, mut lines: Vec<ErrorLine>) -> Vec<ErrorLine> {
    for line in &mut lines {
        let id = line.field.strip_prefix("score-").unwrap_or_default();
        if let Some(criterion) = desk.round.criteria.iter().find(|criterion| criterion.id.as_str() == id) {
            let label = criterion.name.text(context.lang, &team.event.languages).to_owned();
            let args = [("label", label.into()), ("text", line.message.clone().into())];
            line.message = team.visit.app.texts.text(context.lang, "common-labelled", &args);
        }
    }
    lines
}

fn criterion(
    team: &Team,
    context: &PageContext,
    view: &FormView<'_>,
    criterion: &crate::calls::model::review::Criterion,
) -> CriterionField {
    let (name, languages) = (format!("score-{}", criterion.id), &team.event.languages);
    let scores = (criterion.lowest..=criterion.highest).map(|score| (score.to_string(), score.to_string()));
    CriterionField {
        label: criterion.name.text(context.lang, languages).to_owned(),
        help: criterion.help.text(context.lang, languages).to_owned(),
        weight: criterion.weight,
        lowest: criterion.lowest,
        highest: criterion.highest,
        error: view.error(&name),
        choices: view.choices(&name, scores),
        name,
    }
}

/// The most characters of a remark.
const REMARK: usize = 5000;

fn read(desk: &Desk, form: &FormData) -> Result<NewReview, FieldErrors> {
    let standing = match form.text("do") {
        "abstain" => ReviewStanding::Abstained,
        "conflict" => ReviewStanding::Conflict,
        _ => ReviewStanding::Scored,
    };
    let (mut checker, mut scores) = (Checker::new(form), Scores::default());
    if standing == ReviewStanding::Scored {
        for criterion in &desk.round.criteria {
            let name = format!("score-{}", criterion.id);
            match form.text(&name).parse::<i32>() {
                Ok(score) if (criterion.lowest..=criterion.highest).contains(&score) => {
                    scores.0.insert(criterion.id.to_string(), score);
                }
                _ => checker.wrong(name, Message::new("calls-error-score")),
            }
        }
    }
    let mut remark = |name: &str| {
        let text = checker.block(name);
        if text.chars().count() > REMARK {
            checker.wrong(name, Message::new("error-too-long").with("max", REMARK));
        }
        text
    };
    let (to_team, to_author) = (remark("to_team"), remark("to_author"));
    checker.finish(NewReview { standing, scores, to_team, to_author })
}

/// `POST /organizer/{event}/reviews/{proposal}`, with `do`: `score`, `abstain` or `conflict`; then goes to the next.
async fn keep(team: Team, path: Path<(String, SessionProposalId)>, form: FormData) -> PageResult {
    let desk = open(&team).await?;
    let one = desk.find(&team, path.1)?;
    let review = match read(&desk, &form) {
        Ok(review) => review,
        Err(errors) => return show(&team, &desk, one, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let key = (team.event.id, one.proposal.id, form.text("version").parse().unwrap_or_default());
    let user = team.user.clone();
    match team.visit.app.write(move |db, now| reviewing::keep(db, now, &user, key, &review)).await {
        Ok(()) => Ok(respond::see_other_with_notice(format!("{}/next", list_url(&team)), "calls-notice-reviewed")),
        Err(CallError::Stale) => {
            let desk = open(&team).await?;
            let one = desk.find(&team, path.1)?;
            let version = desk.round.own(one.proposal.id, team.user.id).map_or(0, |own| own.version);
            let mut typed = FormData::from_fields(form.iter().filter(|(name, _)| *name != "version"));
            typed.push("version", version.to_string());
            let mut errors = FieldErrors::default();
            errors.push("to_team", Message::new("calls-error-stale-form"));
            show(&team, &desk, one, StatusCode::CONFLICT, (&typed, &errors))
        }
        Err(error) => Err(error.into()),
    }
}
