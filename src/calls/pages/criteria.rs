//! `/organizer/{event}/call/review`: how proposals are reviewed, and by which criteria.

use super::setting::{Team, call_url};
use crate::accounts::model::TeamRole;
use crate::accounts::operations as accounts;
use crate::calls::model::Call;
use crate::calls::model::review::{Criterion, CriterionFacts};
use crate::calls::operations::{self, CallError, reviewing, setting};
use crate::db::{CriterionId, DbConnection};
use crate::i18n::Localized;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of the review's settings.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/call/review", show_review);
    routes.post("/organizer/{event}/call/review", save_review);
    routes.get("/organizer/{event}/call/criteria/new", show_new);
    routes.post("/organizer/{event}/call/criteria/new", create);
    routes.get("/organizer/{event}/call/criteria/{criterion}", show_criterion);
    routes.post("/organizer/{event}/call/criteria/{criterion}", change);
    routes.post("/organizer/{event}/call/criteria/{criterion}/delete", delete);
}

#[derive(Serialize)]
struct ReviewSettingsPage {
    action: String,
    back_url: String,
    version: i32,
    is_blind: bool,
    hides_scores: bool,
    sends_comments: bool,
    criteria: Vec<CriterionLine>,
    new_url: String,
    reviewers: Vec<ReviewerLine>,
    team_url: String,
}

impl Page for ReviewSettingsPage {
    const TEMPLATE: &'static str = "organizer/call_review.html";
}

#[derive(Serialize)]
struct CriterionLine {
    name: Text,
    url: String,
    weight: i32,
    lowest: i32,
    highest: i32,
}

#[derive(Serialize)]
struct ReviewerLine {
    name: String,
    role: String,
    /// The forums they review; empty for all.
    forums: String,
    given: usize,
}

fn review_url(team: &Team) -> String {
    format!("{}/review", call_url(team))
}

/// `GET /organizer/{event}/call/review`.
async fn show_review(team: Team) -> PageResult {
    let (event, now) = (team.event.id, team.visit.app.clock.now());
    let read = move |db: &mut DbConnection| {
        let people = (accounts::team(db, event)?, accounts::forum_names(db, event)?);
        Ok::<_, Failure>((operations::call_of(db, now, event)?, reviewing::round(db, event)?, people))
    };
    let (call, round, (members, forums)) = team.visit.app.read(read).await?;
    let context = team.context("call", "calls-review-title");
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let pick = |name: &Localized| Text::pick(name, context.lang, &team.event.languages);
    let reviews = |role: &TeamRole| matches!(role, TeamRole::Organizer | TeamRole::ForumOrganizer | TeamRole::Reviewer);
    let reviewer = |member: &crate::accounts::model::TeamMember| {
        let role = member.roles.iter().find(|role| reviews(role))?;
        let own = forums.iter().filter(|(id, _)| *role != TeamRole::Organizer && member.forums.contains(id));
        let names: Vec<String> = own.map(|(_, name)| pick(name).text).collect();
        Some(ReviewerLine {
            name: member.user.name.clone(),
            role: text(&format!("accounts-role-{role}")),
            forums: names.join(&text("common-list-separator")),
            given: round.proposals.iter().filter(|one| round.own(one.proposal.id, member.user.id).is_some()).count(),
        })
    };
    let page = ReviewSettingsPage {
        action: review_url(&team),
        back_url: call_url(&team),
        version: call.version,
        is_blind: call.is_blind,
        hides_scores: call.hides_scores,
        sends_comments: call.sends_comments,
        criteria: round
            .criteria
            .iter()
            .map(|criterion| CriterionLine {
                name: pick(&criterion.name),
                url: format!("{}/criteria/{}", call_url(&team), criterion.id),
                weight: criterion.weight,
                lowest: criterion.lowest,
                highest: criterion.highest,
            })
            .collect(),
        new_url: format!("{}/criteria/new", call_url(&team)),
        reviewers: members.iter().filter_map(reviewer).collect(),
        team_url: format!("/organizer/{}/team", team.event.slug),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/call/review`. Three ticks: who saves last says how it is.
async fn save_review(team: Team, form: FormData) -> PageResult {
    let (event, actor) = (team.event.id, team.actor());
    let ticks = ["is_blind", "hides_scores", "sends_comments"].map(|name| form.is_ticked(name));
    let job = move |db: &mut DbConnection, now| {
        let [is_blind, hides_scores, sends_comments] = ticks;
        let call = operations::call_of(db, now, event)?;
        setting::save_call(db, now, actor, &Call { is_blind, hides_scores, sends_comments, ..call })
    };
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(review_url(&team), "calls-notice-settings"))
}

#[derive(Serialize)]
struct CriterionPage {
    action: String,
    delete_url: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    is_new: bool,
    name: Vec<LocalizedField>,
    help: Vec<LocalizedField>,
    weight: Field,
    lowest: Field,
    highest: Field,
}

impl Page for CriterionPage {
    const TEMPLATE: &'static str = "organizer/criterion.html";
}

fn show(team: &Team, id: Option<CriterionId>, status: StatusCode, typed: (&FormData, &FieldErrors)) -> PageResult {
    let context = team.context("call", "calls-criterion-title");
    let (view, languages) = (FormView::new(&team.visit, &context, typed.0, typed.1), &team.event.languages);
    let base = format!("{}/criteria", call_url(team));
    let page = CriterionPage {
        action: id.map_or_else(|| format!("{base}/new"), |id| format!("{base}/{id}")),
        delete_url: id.map(|id| format!("{base}/{id}/delete")).unwrap_or_default(),
        back_url: review_url(team),
        errors: view.summary(),
        version: typed.0.text("version").to_owned(),
        is_new: id.is_none(),
        name: view.localized("name", languages),
        help: view.localized("help", languages),
        weight: view.field("weight"),
        lowest: view.field("lowest"),
        highest: view.field("highest"),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn read(team: &Team, form: &FormData) -> Result<CriterionFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let name = checker.required_localized_line("name", &team.event.languages);
    let help = checker.localized_block("help", &team.event.languages);
    let weight = checker.number("weight", 1..=100);
    let (lowest, highest) = (checker.number("lowest", 0..=10), checker.number("highest", 1..=10));
    if lowest.zip(highest).is_some_and(|(lowest, highest)| highest <= lowest) {
        checker.wrong("highest", Message::new("calls-error-scale"));
    }
    let facts = CriterionFacts {
        name,
        help,
        weight: weight.unwrap_or(1),
        lowest: lowest.unwrap_or(0),
        highest: highest.unwrap_or(1),
    };
    checker.finish(facts)
}

/// `GET /organizer/{event}/call/criteria/new`.
async fn show_new(team: Team) -> PageResult {
    let form = FormData::from_fields([("weight", "1"), ("lowest", "1"), ("highest", "5")]);
    show(&team, None, StatusCode::OK, (&form, &FieldErrors::default()))
}

/// `POST /organizer/{event}/call/criteria/new`.
async fn create(team: Team, form: FormData) -> PageResult {
    let facts = match read(&team, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| reviewing::add_criterion(db, now, actor, event, &facts)).await?;
    Ok(respond::see_other_with_notice(review_url(&team), "calls-notice-criterion"))
}

async fn find(team: &Team, id: CriterionId) -> Result<Criterion, Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(reviewing::criteria(db, event)?);
    let all = team.visit.app.read(read).await?;
    all.into_iter().find(|criterion| criterion.id == id).ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/call/criteria/{criterion}`.
async fn show_criterion(team: Team, path: Path<(String, CriterionId)>) -> PageResult {
    let criterion = find(&team, path.1).await?;
    let mut form = FormData::from_fields([
        ("version", criterion.version.to_string()),
        ("weight", criterion.weight.to_string()),
        ("lowest", criterion.lowest.to_string()),
        ("highest", criterion.highest.to_string()),
    ]);
    form.push_localized("name", &criterion.name);
    form.push_localized("help", &criterion.help);
    show(&team, Some(criterion.id), StatusCode::OK, (&form, &FieldErrors::default()))
}

/// `POST /organizer/{event}/call/criteria/{criterion}`.
async fn change(team: Team, path: Path<(String, CriterionId)>, form: FormData) -> PageResult {
    let id = find(&team, path.1).await?.id;
    let facts = match read(&team, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(id), StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (actor, key) = (team.actor(), (team.event.id, id, form.text("version").parse().unwrap_or_default()));
    match team.visit.app.write(move |db, now| reviewing::change_criterion(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(review_url(&team), "calls-notice-criterion")),
        Err(CallError::Scored) => {
            let mut errors = FieldErrors::default();
            errors.push("lowest", Message::new("calls-error-scored"));
            show(&team, Some(id), StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /organizer/{event}/call/criteria/{criterion}/delete`.
async fn delete(team: Team, path: Path<(String, CriterionId)>) -> PageResult {
    let (actor, key) = (team.actor(), (team.event.id, path.1));
    team.visit.app.write(move |db, now| reviewing::delete_criterion(db, now, actor, key)).await?;
    Ok(respond::see_other_with_notice(review_url(&team), "calls-notice-criterion-deleted"))
}
