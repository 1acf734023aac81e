//! The team's page of waiting lists: who comes next and why, and offers out of turn.

use crate::accounts::access::{Allowed, ManageRegistrations, ViewRegistrations};
use crate::accounts::model::Permission;
use crate::db::{DbConnection, RegistrationId, UtcTime};
use crate::registration::category::Category;
use crate::registration::mails::prepare_offer;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::operations::turns::{self, Lack, Room, Turn};
use crate::registration::operations::waiting::{self, Waiting};
use crate::registration::operations::{self, StandingError};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FormData, Page, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of waiting lists.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/waiting", show_lists);
    routes.post("/organizer/{event}/waiting/{registration}", change_waiting);
}

/// People of a category that one page shows.
const LISTED: i64 = 500;

#[derive(Serialize)]
struct WaitingPage {
    categories: Vec<CategoryList>,
    may_change: bool,
    categories_url: String,
    /// Why what was asked for was not done; may be empty.
    problem: String,
}

impl Page for WaitingPage {
    const TEMPLATE: &'static str = "organizer/waiting.html";
}

#[derive(Serialize)]
struct CategoryList {
    name: Text,
    free: i32,
    has_limit: bool,
    makes_offers: bool,
    offered: Vec<PersonLine>,
    waiting: Vec<PersonLine>,
}

#[derive(Serialize)]
struct PersonLine {
    url: String,
    action: String,
    name: String,
    code: String,
    organisation: String,
    at: String,
    priority: i32,
    /// Whether a place that is free now goes to them.
    is_next: bool,
    /// What they lack of a place that is free now; may be empty.
    lacks: String,
}

type Rows = Vec<(Registration, Waiting)>;

/// A category's list as it was read: places left, who is offered one, who waits, and whose turn it is.
type Found = (Category, Option<i32>, Rows, Rows, Vec<Turn>);

/// `GET /organizer/{event}/waiting`.
async fn show_lists(team: Allowed<ViewRegistrations>) -> PageResult {
    let context = team.context("registrations", "places-waiting-title");
    show(&team, &context, StatusCode::OK, String::new()).await
}

async fn show<P>(team: &Allowed<P>, context: &PageContext, status: StatusCode, problem: String) -> PageResult {
    let (event, now) = (team.event.id, team.visit.app.clock.now());
    let read = move |db: &mut DbConnection| {
        let mut found: Vec<Found> = Vec::new();
        let mut room = Room::read(db, event)?;
        for category in operations::all_categories(db, event)?.into_iter().filter(|one| one.has_waiting_list) {
            let (offered, waits) = waiting::line(db, category.id, LISTED)?;
            let left = waiting::places_left(db, &category)?;
            let turns = if category.makes_offers(now) {
                let needs = turns::needs(db, category.id)?;
                turns::turns(&mut room, &category, waits.iter().map(|(one, _)| one.id), &needs)
            } else {
                vec![Turn::Later; waits.len()]
            };
            found.push((category, left, offered, waits, turns));
        }
        Ok::<_, Failure>(found)
    };
    let found = team.visit.app.read(read).await?;
    let list = |(category, left, offered, waits, turns): &Found| CategoryList {
        name: Text::pick(&category.name, context.lang, &team.event.languages),
        free: left.unwrap_or(i32::MAX),
        has_limit: left.is_some(),
        makes_offers: category.makes_offers(now),
        offered: offered.iter().map(|row| line(team, context, row, &Turn::Later)).collect(),
        waiting: waits.iter().zip(turns).map(|(row, turn)| line(team, context, row, turn)).collect(),
    };
    let page = WaitingPage {
        categories: found.iter().map(list).collect(),
        may_change: team.may(Permission::ManageRegistrations),
        categories_url: format!("/organizer/{}/categories", team.event.slug),
        problem,
    };
    team.visit.show_with_status(status, context, &page)
}

/// What somebody lacks, in words.
fn words<P>(team: &Allowed<P>, context: &PageContext, lack: &Lack) -> String {
    let name = lack.name().map(|name| name.text(context.lang, &team.event.languages)).unwrap_or_default();
    team.visit.app.texts.text(context.lang, &format!("places-lacks-{}", lack.word()), &[("name", name.into())])
}

fn line<P>(
    team: &Allowed<P>,
    context: &PageContext,
    (who, waits): &(Registration, Waiting),
    turn: &Turn,
) -> PersonLine {
    let at = |at: UtcTime| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local());
    PersonLine {
        url: format!("/organizer/{}/registrations/{}", team.event.slug, who.id),
        action: format!("/organizer/{}/waiting/{}", team.event.slug, who.id),
        name: who.full_name(),
        code: who.code.clone(),
        organisation: who.organisation.clone(),
        at: waits.offered_until.or(waits.waits_since).map(at).unwrap_or_default(),
        priority: waits.priority,
        is_next: *turn == Turn::Now,
        lacks: match turn {
            Turn::Passed(lack) => words(team, context, lack),
            Turn::Now | Turn::Later => String::new(),
        },
    }
}

/// `POST /organizer/{event}/waiting/{registration}`: `do` is `offer` or `prefer`.
async fn change_waiting(
    team: Allowed<ManageRegistrations>,
    path: Path<(String, RegistrationId)>,
    form: FormData,
) -> PageResult {
    let (event, id) = (team.event.id, path.1);
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::of_event(db, event, id)?)).await?;
    let (registration, category) = found.ok_or(Failure::NotFound)?;
    if form.text("do") == "offer" {
        if let Some(lack) = offer(&team, registration, &category).await? {
            return refuse(&team, &lack).await;
        }
    } else {
        let (actor, priority) = (team.actor(), form.text("priority").parse().unwrap_or(0).clamp(-100, 100));
        let job =
            move |db: &mut DbConnection, now| Ok::<_, Failure>(waiting::prefer(db, now, actor, (event, id), priority)?);
        team.visit.app.write(job).await?;
    }
    Ok(respond::see_other_with_notice(format!("/organizer/{}/waiting", team.event.slug), "places-notice-changed"))
}

/// The lists, with the reason why no place was offered.
async fn refuse<P>(team: &Allowed<P>, lack: &Lack) -> PageResult {
    let context = team.context("registrations", "places-waiting-title");
    let reason = words(team, &context, lack);
    let said = team.visit.app.texts.text(context.lang, "places-not-offered", &[("reason", reason.into())]);
    show(team, &context, StatusCode::CONFLICT, said).await
}

/// Offers a place out of turn, if one is free and offers are still made; otherwise what it lacks.
async fn offer(
    team: &Allowed<ManageRegistrations>,
    registration: Registration,
    category: &Category,
) -> Result<Option<Lack>, Failure> {
    let id = registration.id;
    if registration.state != RegistrationState::Waitlisted {
        return Err(StandingError::Stale.into());
    }
    if !category.makes_offers(team.visit.app.clock.now()) {
        return Err(Failure::conflict("places-no-offers"));
    }
    let prepared =
        [prepare_offer(&team.visit.app, &team.event, registration, (category, r#"{"by":"hand"}"#.to_owned()))?];
    let (actor, user) = (team.actor(), team.user.id);
    let done = team.visit.app.write(move |db, now| waiting::offer(db, now, (actor, Some(user)), &prepared)).await?;
    if done > 0 {
        return Ok(None);
    }
    let category = category.clone();
    let read = move |db: &mut DbConnection| {
        let Some((current, category)) = operations::of_event(db, category.event_id, id)? else { return Ok(None) };
        let waits = current.state == RegistrationState::Waitlisted;
        Ok::<_, Failure>(if waits { turns::lack(db, &category, id)? } else { None })
    };
    // Somebody else was faster, or a place became free just now.
    team.visit.app.read(read).await?.map(Some).ok_or_else(|| StandingError::Stale.into())
}
