//! The page of numbers, its files, and the overview.

mod cards;
mod dashboard;
mod download;
mod goals;
mod tables;
mod words;

use self::cards::{Card, Desk};
use self::words::Words;
use super::model::{Filter, Numbers, Organisations, SeatFigures};
use super::operations::{self, Watcher};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::DbConnection;
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, Page, PageContext, RouteTable};
use chrono::{Days, NaiveDate};
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}", dashboard::show_dashboard);
    routes.get("/organizer/{event}/numbers", show_numbers);
    routes.get("/organizer/{event}/numbers.json", download::show_json);
    routes.get("/organizer/{event}/numbers/{table}", download::show_csv);
}

type Team = Allowed<ViewEvent>;

#[derive(Serialize)]
struct NumbersPage {
    /// Whether anything of registrations is shown at all.
    shows_people: bool,
    /// Whether anybody has registered or opened the form.
    has_people: bool,
    categories: Vec<Choice>,
    from: String,
    to: String,
    spans: Vec<SpanLink>,
    is_filtered: bool,
    clear_url: String,
    json_url: String,
    /// The zone that days are counted in.
    zone: &'static str,
    figures: Vec<Figure>,
    days: Vec<Card>,
    ways: Vec<Card>,
    who: Vec<Card>,
    door: Vec<Card>,
    seats: Vec<Card>,
    /// What stands there while there is nothing to draw.
    seats_note: String,
}

impl Page for NumbersPage {
    const TEMPLATE: &'static str = "organizer/numbers.html";
}

#[derive(Serialize)]
struct SpanLink {
    label: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct Figure {
    value: String,
    label: String,
    detail: String,
}

/// What one look at the database gives.
struct Read {
    numbers: Option<Numbers>,
    seats: Vec<SeatFigures>,
    categories: Vec<crate::registration::category::Category>,
}

/// Reads what the account may see: everybody's numbers, or the seats of its own forums.
async fn read(team: &Team, filter: &Filter) -> Result<Read, Failure> {
    let (shows_people, watcher, event) = (team.may(Permission::ViewRegistrations), Watcher::of(team), team.event.id);
    let seats = team.visit.app.read(move |db: &mut DbConnection| {
        let mut seats = operations::seats(db, event)?;
        seats.retain(|one| shows_people || watcher.sees(one.forum));
        Ok::<_, Failure>((seats, all_categories(db, event)?))
    });
    let numbers = async { if shows_people { numbers(team, filter).await.map(Some) } else { Ok(None) } };
    let ((seats, categories), numbers) = tokio::try_join!(seats, numbers)?;
    Ok(Read { numbers, seats, categories })
}

/// Everybody's numbers. The parts are counted at the same time, each on a connection of its own.
async fn numbers(team: &Team, filter: &Filter) -> Result<Numbers, Failure> {
    let (app, now) = (&team.visit.app, team.visit.app.clock.now());
    let asked = || (team.event.clone(), filter.clone());
    let (event, wanted) = asked();
    let people = app.read(move |db: &mut DbConnection| Ok::<_, Failure>(operations::people(db, now, &event, &wanted)?));
    let (event, wanted) = asked();
    let days = app.read(move |db: &mut DbConnection| Ok::<_, Failure>(operations::days(db, now, &event, &wanted)?));
    let (event, wanted) = asked();
    let door = app.read(move |db: &mut DbConnection| Ok::<_, Failure>(operations::door(db, now, &event, &wanted)?));
    let organisations = organisations(team, filter, operations::NAMED_ORGANISATIONS);
    let (people, days, door, organisations) = tokio::try_join!(people, days, door, organisations)?;
    Ok(Numbers { organisations: Organisations { total: people.total, ..organisations }, days, door, ..people })
}

async fn organisations(team: &Team, filter: &Filter, limit: i64) -> Result<Organisations, Failure> {
    let (now, event, filter) = (team.visit.app.clock.now(), team.event.clone(), filter.clone());
    let read =
        move |db: &mut DbConnection| Ok::<_, Failure>(operations::organisations(db, now, &event, &filter, limit)?);
    team.visit.app.read(read).await
}

/// `GET /organizer/{event}/numbers`.
async fn show_numbers(team: Team) -> PageResult {
    let filter = Filter::read(|name| team.visit.param(name));
    let read = read(&team, &filter).await?;
    let context = team.context("numbers", "numbers-title");
    let page = page(&team, &context, &filter, &read);
    team.visit.show(&context, &page)
}

fn page(team: &Team, context: &PageContext, filter: &Filter, read: &Read) -> NumbersPage {
    let words = Words::of(team, context);
    let path = format!("/organizer/{}/numbers", team.event.slug);
    let categories = read.categories.iter().map(|category| Choice {
        value: category.code.clone(),
        label: words.name(&category.name, "numbers-not-said"),
        selected: category.code == filter.category,
    });
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let mut page = NumbersPage {
        shows_people: read.numbers.is_some(),
        has_people: false,
        categories: categories.collect(),
        from: day(filter.from),
        to: day(filter.to),
        spans: spans(team, &words, filter, &path),
        is_filtered: filter.is_filtered(),
        clear_url: path.clone(),
        json_url: filter.url(&format!("{path}.json")),
        zone: team.event.zone().name(),
        figures: Vec::new(),
        days: Vec::new(),
        ways: Vec::new(),
        who: Vec::new(),
        door: Vec::new(),
        seats: cards::seats(&words, &read.seats, &path),
        seats_note: match read.seats.iter().map(|one| i64::from(one.capacity)).sum() {
            0 => words.text("numbers-seats-none"),
            seats => words.counted("numbers-seats-free", seats),
        },
    };
    if let Some(numbers) = &read.numbers {
        page.has_people = numbers.total.registered > 0 || !numbers.openings.is_empty();
        page.figures = figures(&words, numbers);
        let desk = Desk { words: &words, numbers, filter, base: path };
        page.door = desk.door();
        if page.has_people {
            page.days = desk.days();
            page.ways = [Some(desk.funnel()), desk.openings(), Some(desk.sources())].into_iter().flatten().collect();
            let others = [Some(desk.countries()), Some(desk.organisations()), Some(desk.languages())];
            page.who = [desk.categories()].into_iter().chain(others).flatten().collect();
        }
    }
    page
}

fn figures(words: &Words<'_>, numbers: &Numbers) -> Vec<Figure> {
    let total = &numbers.total;
    let of = |key: &str, count: i64, whole: i64| {
        super::chart::share(count, whole)
            .filter(|_| count > 0)
            .map(|percent| words.with(key, &[("percent", words.number(percent).into())]))
            .unwrap_or_default()
    };
    let registered = |count: i64| of("numbers-of-registered", count, total.registered);
    let figure =
        |key: &str, value: i64, detail: String| Figure { value: words.number(value), label: words.text(key), detail };
    vec![
        figure("numbers-registered", total.registered, String::new()),
        figure("numbers-standing", total.standing, registered(total.standing)),
        figure("numbers-confirmed", total.confirmed, registered(total.confirmed)),
        figure("numbers-waiting", numbers.waiting, String::new()),
        figure("numbers-came", total.came, of("numbers-of-confirmed", total.came, total.confirmed)),
    ]
}

/// Spans that one press chooses.
fn spans(team: &Team, words: &Words<'_>, filter: &Filter, path: &str) -> Vec<SpanLink> {
    let today = team.visit.app.clock.now().in_zone(team.event.zone()).date_naive();
    let ago = |days: u64| today.checked_sub_days(Days::new(days));
    let during = (Some(team.event.starts_on), Some(team.event.ends_on));
    [
        ("numbers-span-all", (None, None)),
        ("numbers-span-week", (ago(6), Some(today))),
        ("numbers-span-month", (ago(29), Some(today))),
        ("numbers-span-event", during),
    ]
    .into_iter()
    .map(|(key, (from, to))| {
        let wanted = Filter { category: filter.category.clone(), from, to };
        SpanLink { label: words.text(key), current: (filter.from, filter.to) == (from, to), url: wanted.url(path) }
    })
    .collect()
}
