//! `/organizer/{event}/accreditation`: who waits for officers.

use super::{Team, country, filter_of, in_words, list_url, text};
use crate::accreditation::model::{AGES, Decision, QueueFilter, Reason, Waiting};
use crate::accreditation::operations::{self, Line, QueuePage};
use crate::i18n::{Localized, country_choices};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Page, PageContext, RouteTable};
use serde::Serialize;

/// The route of the queue.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/accreditation", show_queue);
}

#[derive(Serialize)]
struct ListPage {
    query: String,
    is_filtered: bool,
    tabs: Vec<Tab>,
    waiting: String,
    categories: Vec<Choice>,
    countries: Vec<Choice>,
    delegations: Vec<Choice>,
    ages: Vec<Choice>,
    rows: Vec<Row>,
    reasons: Vec<Choice>,
    bulk_url: String,
    remind_url: String,
    reasons_url: String,
    lists_url: String,
    clear_url: String,
    first_url: String,
    next_url: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/accreditation.html";
}

#[derive(Serialize)]
struct Tab {
    url: String,
    label: String,
    count: String,
    current: bool,
}

#[derive(Serialize)]
pub(super) struct Row {
    pub(super) id: String,
    pub(super) url: String,
    pub(super) name: String,
    pub(super) native_name: String,
    organisation: String,
    category: Text,
    badge_color: String,
    country: String,
    delegation: String,
    created: String,
    marks: Vec<Mark>,
    may_select: bool,
}

/// A word about where an application stands.
#[derive(Serialize)]
pub(super) struct Mark {
    pub(super) kind: &'static str,
    pub(super) label: String,
}

/// `GET /organizer/{event}/accreditation`.
async fn show_queue(team: Team) -> PageResult {
    let filter = filter_of(&team);
    let wanted = filter.clone();
    let event = team.event.id;
    let now = team.visit.app.clock.now();
    let found = team.visit.app.read(move |db| {
        let second_form = operations::second_form(db, event)?;
        let page = operations::queue(db, now, &wanted, &second_form)?;
        Ok::<_, Failure>((page, operations::all_reasons(db, event)?))
    });
    let (found, reasons) = found.await?;
    let context = team.context("accreditation", "accreditation-title");
    team.visit.show(&context, &list_page(&team, &context, &filter, (&found, &reasons)))
}

fn list_page(
    team: &Team,
    context: &PageContext,
    filter: &QueueFilter,
    (found, reasons): (&QueuePage, &[Reason]),
) -> ListPage {
    let path = list_url(team);
    let choice = |value: &str, label: String, selected: bool| Choice { value: value.to_owned(), label, selected };
    let categories = found.categories.iter().map(|category| {
        let name = category.name.text(context.lang, &team.event.languages).to_owned();
        choice(category.id.as_str(), name, filter.category == Some(category.id))
    });
    let countries = country_choices(&team.visit.app.texts, context.lang);
    let named = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let delegations =
        found.delegations.iter().map(|(id, name)| choice(id.as_str(), named(name), filter.delegation == Some(*id)));
    let ages = AGES.iter().map(|days| {
        let words = team.visit.app.texts.text(context.lang, "accreditation-age-days", &[("days", (*days).into())]);
        choice(&days.to_string(), words, filter.days == Some(*days))
    });
    let last = found.lines.last().filter(|_| found.has_more);
    ListPage {
        query: filter.query.clone(),
        is_filtered: filter.is_filtered(),
        tabs: tabs(team, context, filter, found),
        waiting: filter.waiting.map(|waiting| waiting.to_string()).unwrap_or_default(),
        categories: categories.collect(),
        countries: countries
            .into_iter()
            .map(|(country, name)| choice(country.as_str(), name, filter.country == Some(country)))
            .collect(),
        delegations: delegations.collect(),
        ages: ages.collect(),
        rows: found.lines.iter().map(|line| row(team, context, filter, line, found)).collect(),
        reasons: reason_choices(team, context, reasons),
        bulk_url: filter.url(&format!("{path}/decide"), "after", ""),
        remind_url: if filter.waiting == Some(Waiting::Form) && !found.lines.is_empty() {
            format!("{path}/remind")
        } else {
            String::new()
        },
        reasons_url: format!("{path}/reasons"),
        lists_url: format!("{path}/watch-lists"),
        first_url: if filter.after.is_some() { filter.url(&path, "after", "") } else { String::new() },
        next_url: last
            .map(|last| filter.url(&path, "after", last.applicant.registration.id.as_str()))
            .unwrap_or_default(),
        clear_url: path,
    }
}

/// The prepared reasons, each with the decision it is for.
pub(super) fn reason_choices(team: &Team, context: &PageContext, reasons: &[Reason]) -> Vec<Choice> {
    let label = |reason: &Reason| {
        let decision = text(team, context, &format!("accreditation-decision-{}", reason.decision));
        let args = [("label", decision.into()), ("text", reason.name.as_str().into())];
        team.visit.app.texts.text(context.lang, "common-labelled", &args)
    };
    reasons
        .iter()
        .map(|reason| Choice { value: reason.id.to_string(), label: label(reason), selected: false })
        .collect()
}

fn tabs(team: &Team, context: &PageContext, filter: &QueueFilter, found: &QueuePage) -> Vec<Tab> {
    let path = list_url(team);
    let tab = |waiting: Option<Waiting>, count: Option<i64>| {
        let words =
            waiting.map_or("accreditation-waiting-any".to_owned(), |one| format!("accreditation-waiting-{one}"));
        Tab {
            url: filter.url(&path, "waiting", waiting.map_or("", Waiting::as_str)),
            label: text(team, context, &words),
            count: count.map(|count| context.formatter().number(count)).unwrap_or_default(),
            current: filter.waiting == waiting,
        }
    };
    let others = found.waiting.iter().map(|(waiting, count)| tab(Some(*waiting), *count));
    std::iter::once(tab(None, Some(found.open))).chain(others).collect()
}

fn row(team: &Team, context: &PageContext, filter: &QueueFilter, line: &Line, found: &QueuePage) -> Row {
    let registration = &line.applicant.registration;
    let category = found.categories.iter().find(|category| category.id == registration.category_id);
    let delegation = found.delegations.iter().find(|(id, _)| Some(*id) == line.applicant.delegation_id);
    Row {
        id: registration.id.to_string(),
        url: filter.url(&format!("{}/{}", list_url(team), registration.id), "after", ""),
        name: registration.full_name(),
        native_name: registration.native_name.clone(),
        organisation: registration.organisation.clone(),
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &team.event.languages))
            .unwrap_or_default(),
        badge_color: category.map(|category| category.badge_color.clone()).unwrap_or_default(),
        country: country(team, context, registration.country.as_deref()),
        delegation: delegation
            .map(|(_, name)| name.text(context.lang, &team.event.languages).to_owned())
            .unwrap_or_default(),
        created: in_words(team, context, registration.created_at),
        marks: marks(team, context, line),
        may_select: line.applicant.is_open(),
    }
}

/// What an officer should know before opening an application.
pub(super) fn marks(team: &Team, context: &PageContext, line: &Line) -> Vec<Mark> {
    let applicant = &line.applicant;
    let mut marks = Vec::new();
    let mut add = |holds: bool, kind: &'static str, key: &str| {
        if holds {
            marks.push(Mark { kind, label: text(team, context, key) });
        }
    };
    add(applicant.is_watched, "bad", "accreditation-mark-watched");
    add(applicant.screened_at.is_none() && applicant.is_open(), "quiet", "accreditation-mark-unscreened");
    add(applicant.asked_at.is_some(), "warn", "accreditation-mark-asked");
    add(applicant.asked_at.is_none() && line.progress.has_answered, "good", "accreditation-mark-answered");
    let has_first = applicant.is_open() && !line.progress.approved_by.is_empty();
    add(has_first, "good", "accreditation-mark-first-approval");
    let is_mine = has_first && !line.progress.may_approve(team.user.id);
    add(is_mine, "quiet", "accreditation-mark-own-approval");
    marks
}

/// The decisions, for a choice.
pub(super) fn decisions(team: &Team, context: &PageContext, chosen: &str) -> Vec<Choice> {
    let choice = |decision: &Decision| Choice {
        value: decision.to_string(),
        label: text(team, context, &format!("accreditation-decision-{decision}")),
        selected: decision.as_str() == chosen,
    };
    Decision::ALL.iter().map(choice).collect()
}
