//! What pages of changes of many registrations show.

use super::desk_bulk::{Asked, Team, bulk_url};
use super::desk_list::{filter_of, list_url};
use crate::db::{BulkChangeId, DbConnection};
use crate::registration::bulk::model::{BulkAction, BulkChange, BulkOutcome, Concerned, Step};
use crate::registration::bulk::operations::{self as bulk, Preview};
use crate::registration::category::Category;
use crate::registration::desk::DeskFilter;
use crate::registration::model::Registration;
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Failure, FieldErrors, FormData, Page, PageContext};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// Changes that the list of them shows.
const CHANGES: i64 = 50;
/// People of one page of outcomes.
const PEOPLE: usize = 100;

#[derive(Serialize)]
struct PreviewPage {
    errors: Vec<ErrorLine>,
    /// What will be done, in words: "Move 12 people to Press".
    heading: String,
    is_danger: bool,
    /// Whether the list came to mean others since it was shown.
    has_changed: bool,
    people: usize,
    able: usize,
    mails: String,
    left_out: Vec<Reason>,
    rows: Vec<PersonRow>,
    more: usize,
    action: String,
    back_url: String,
    fields: Vec<(&'static str, String)>,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "organizer/desk_bulk.html";
}

#[derive(Serialize)]
struct Reason {
    words: String,
    count: String,
}

#[derive(Serialize)]
struct PersonRow {
    url: String,
    name: String,
    native_name: String,
    code: String,
    category: Text,
    state: &'static str,
    state_label: String,
    /// Why nothing is done, or what came of it; empty where it is as it should be.
    words: String,
}

fn text(team: &Team, context: &PageContext, key: &str) -> String {
    team.visit.app.texts.text(context.lang, key, &[])
}

fn counted(team: &Team, context: &PageContext, key: &str, count: i64) -> String {
    team.visit.app.texts.text(context.lang, key, &[("count", count.into())])
}

fn row(
    team: &Team,
    context: &PageContext,
    (who, categories): (&Registration, &[Category]),
    outcome: Option<BulkOutcome>,
) -> PersonRow {
    let category = categories.iter().find(|category| category.id == who.category_id);
    let words = outcome.filter(|outcome| *outcome != BulkOutcome::Done);
    PersonRow {
        url: format!("{}/{}", list_url(team), who.id),
        name: who.full_name(),
        native_name: who.native_name.clone(),
        code: who.code.clone(),
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &team.event.languages))
            .unwrap_or_default(),
        state: who.state.as_str(),
        state_label: text(team, context, &format!("registration-state-{}", who.state)),
        words: words.map(|outcome| text(team, context, &format!("desk-bulk-outcome-{outcome}"))).unwrap_or_default(),
    }
}

/// "Move 12 people to Press".
fn heading(
    team: &Team,
    context: &PageContext,
    (action, count): (BulkAction, i64),
    (category, priority): (Option<&Category>, i32),
) -> String {
    let name = category.map(|category| category.name.text(context.lang, &team.event.languages).to_owned());
    let gone = || text(team, context, "desk-bulk-category-gone");
    let args = [
        ("count", count.into()),
        ("category", name.unwrap_or_else(gone).into()),
        ("priority", i64::from(priority).into()),
    ];
    team.visit.app.texts.text(context.lang, &format!("desk-bulk-heading-{action}"), &args)
}

fn back_url(team: &Team, filter: &DeskFilter) -> String {
    let line = filter.line();
    if line.is_empty() { format!("{}?view=all", list_url(team)) } else { format!("{}?{line}", list_url(team)) }
}

/// Nothing was asked for, or of nobody.
pub(super) fn show_refused(team: &Team, filter: &DeskFilter, errors: &FieldErrors) -> PageResult {
    let context = team.context("registrations", "desk-bulk-title");
    let page = PreviewPage {
        errors: errors.lines(&team.visit.app.texts, context.lang),
        heading: text(team, &context, "desk-bulk-title"),
        is_danger: false,
        has_changed: false,
        people: 0,
        able: 0,
        mails: String::new(),
        left_out: Vec::new(),
        rows: Vec::new(),
        more: 0,
        action: bulk_url(team),
        back_url: back_url(team, filter),
        fields: Vec::new(),
    };
    team.visit.show_with_status(StatusCode::UNPROCESSABLE_ENTITY, &context, &page)
}

/// Whom a change concerns and what it will come to, with everything that was asked for kept.
pub(super) fn show_preview(team: &Team, form: &FormData, asked: &Asked, preview: &Preview) -> PageResult {
    let context = team.context("registrations", "desk-bulk-title");
    let formatter = context.formatter();
    let (step, forecast) = (&asked.step, &preview.forecast);
    let of_step = match step {
        Step::Category(to) => (Some(&**to), 0),
        Step::Priority(priority) => (None, *priority),
        Step::Cancel | Step::Resend => (None, 0),
    };
    let able = i64::try_from(forecast.able).unwrap_or(i64::MAX);
    let rows = preview.first.iter().map(|who| {
        let objection = step.objection(Concerned::from(who), who.has_address());
        row(team, &context, (who, &preview.categories), objection)
    });
    let mails = i64::try_from(forecast.mails).unwrap_or(i64::MAX);
    let page = PreviewPage {
        errors: Vec::new(),
        heading: heading(team, &context, (step.action(), able), of_step),
        is_danger: step.action() == BulkAction::Cancel,
        has_changed: form.is_ticked("confirmed"),
        people: forecast.people,
        able: forecast.able,
        mails: counted(team, &context, &format!("desk-bulk-mails-{}", step.action()), mails),
        left_out: forecast
            .left_out
            .iter()
            .map(|(why, count)| Reason {
                words: text(team, &context, &format!("desk-bulk-outcome-{why}")),
                count: formatter.number(i64::try_from(*count).unwrap_or(i64::MAX)),
            })
            .collect(),
        rows: rows.collect(),
        more: forecast.people - preview.first.len(),
        action: bulk_url(team),
        back_url: back_url(team, &asked.filter),
        fields: kept(form, preview.people.len()),
    };
    team.visit.show(&context, &page)
}

/// The fields that the second word repeats.
fn kept(form: &FormData, people: usize) -> Vec<(&'static str, String)> {
    let names = ["action", "to", "priority", "whom", "query", "made_by"];
    let once = names.into_iter().map(|name| (name, form.text(name).to_owned()));
    let is_list = form.text("whom") == "all";
    let ticked = form.all("registration").filter(|_| !is_list).map(|id| ("registration", id.to_owned()));
    let last = [("people", people.to_string()), ("confirmed", "on".to_owned())];
    once.chain(ticked).chain(last).collect()
}

#[derive(Serialize)]
struct ChangePage {
    heading: String,
    lead: String,
    begun: String,
    is_finished: bool,
    tabs: Vec<OutcomeTab>,
    rows: Vec<PersonRow>,
    /// Whether those are shown to whom it was done.
    shows_done: bool,
    next_url: String,
    reload_url: String,
    back_url: String,
    changes_url: String,
}

impl Page for ChangePage {
    const TEMPLATE: &'static str = "organizer/desk_bulk_result.html";
}

#[derive(Serialize)]
struct OutcomeTab {
    label: String,
    count: String,
    url: String,
    current: bool,
}

type Tally = Vec<(Option<BulkOutcome>, i64)>;
type People = Vec<(i32, BulkOutcome, Registration)>;

/// What a page of a change is made of.
struct Shown {
    change: BulkChange,
    tally: Tally,
    people: People,
    categories: Vec<Category>,
    shows_done: bool,
}

impl Shown {
    fn count(&self, which: impl Fn(Option<BulkOutcome>) -> bool) -> i64 {
        self.tally.iter().filter(|(outcome, _)| which(*outcome)).map(|(_, count)| count).sum()
    }
}

/// `GET /organizer/{event}/registrations/bulk/{change}`: what came of it, those who were refused first.
pub(super) async fn show_change(team: Team, path: Path<(String, String)>) -> PageResult {
    let (event, id): (_, BulkChangeId) = (team.event.id, path.1.parse().map_err(|_| Failure::NotFound)?);
    let from = team.visit.param("at").and_then(|at| at.parse().ok()).unwrap_or(0);
    let wanted = team.visit.param("show").map(|show| show == "done");
    let read = move |db: &mut DbConnection| {
        let change = bulk::find(db, event, id)?.ok_or(Failure::NotFound)?;
        let tally = bulk::tally(db, id)?;
        let has_refused = tally.iter().any(|(outcome, _)| outcome.is_some_and(|one| one != BulkOutcome::Done));
        let shows_done = wanted.unwrap_or(!has_refused);
        let people = bulk::outcomes(db, id, (shows_done, from, PEOPLE as i64 + 1))?;
        Ok::<_, Failure>(Shown {
            change,
            tally,
            people,
            categories: operations::all_categories(db, event)?,
            shows_done,
        })
    };
    let shown = team.visit.app.read(read).await?;
    let context = team.context("registrations", "desk-bulk-title");
    team.visit.show(&context, &change_page(&team, &context, &shown))
}

fn change_page(team: &Team, context: &PageContext, shown: &Shown) -> ChangePage {
    let Shown { change, people, categories, .. } = shown;
    let filter = filter_of(team, |name| team.visit.param(name));
    let own = format!("{}/{}", bulk_url(team), change.id);
    let done = shown.count(|outcome| outcome == Some(BulkOutcome::Done));
    let open = shown.count(|outcome| outcome.is_none());
    let refused = shown.count(|outcome| outcome.is_some()) - done;
    let number = |count| context.formatter().number(count);
    let tab = |key: &str, show: &str, count| OutcomeTab {
        label: text(team, context, key),
        count: number(count),
        url: filter.url(&own, "show", show),
        current: shown.shows_done == (show == "done"),
    };
    let args = [("done", number(done).into()), ("people", number(done + open + refused).into())];
    ChangePage {
        heading: heading_of(team, context, change, categories),
        lead: team.visit.app.texts.text(context.lang, "desk-bulk-lead", &args),
        begun: in_words(team, context, change),
        is_finished: change.finished_at.is_some(),
        tabs: vec![tab("desk-bulk-refused", "refused", refused), tab("desk-bulk-done", "done", done)],
        rows: people
            .iter()
            .take(PEOPLE)
            .map(|(_, outcome, who)| row(team, context, (who, categories), Some(*outcome)))
            .collect(),
        shows_done: shown.shows_done,
        next_url: people
            .get(PEOPLE)
            .map(|(at, ..)| next_url(&filter, &own, (shown.shows_done, *at)))
            .unwrap_or_default(),
        reload_url: filter.url(&own, "", ""),
        back_url: back_url(team, &filter),
        changes_url: bulk_url(team),
    }
}

fn next_url(filter: &DeskFilter, own: &str, (is_done, at): (bool, i32)) -> String {
    let url = filter.url(own, "show", if is_done { "done" } else { "refused" });
    format!("{url}&at={at}")
}

fn heading_of(team: &Team, context: &PageContext, change: &BulkChange, categories: &[Category]) -> String {
    let category = categories.iter().find(|category| Some(category.id) == change.category_id);
    heading(team, context, (change.action, change.people.into()), (category, change.priority))
}

fn in_words(team: &Team, context: &PageContext, change: &BulkChange) -> String {
    context.formatter().date_time(change.created_at.in_zone(team.event.zone()).naive_local())
}

#[derive(Serialize)]
struct ChangesPage {
    rows: Vec<ChangeRow>,
    back_url: String,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "organizer/desk_bulk_list.html";
}

#[derive(Serialize)]
struct ChangeRow {
    url: String,
    heading: String,
    begun: String,
    state: String,
}

/// `GET /organizer/{event}/registrations/bulk`: the newest changes.
pub(super) async fn show_changes(team: Team) -> PageResult {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        Ok::<_, Failure>((bulk::newest(db, event, CHANGES)?, operations::all_categories(db, event)?))
    };
    let (changes, categories) = team.visit.app.read(read).await?;
    let context = team.context("registrations", "desk-bulk-changes");
    let line = |change: &BulkChange| ChangeRow {
        url: format!("{}/{}", bulk_url(&team), change.id),
        heading: heading_of(&team, &context, change, &categories),
        begun: in_words(&team, &context, change),
        state: text(
            &team,
            &context,
            if change.finished_at.is_some() { "desk-bulk-finished" } else { "desk-bulk-running" },
        ),
    };
    let page =
        ChangesPage { rows: changes.iter().map(line).collect(), back_url: format!("{}?view=all", list_url(&team)) };
    team.visit.show(&context, &page)
}
