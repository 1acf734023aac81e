//! `/organizer/{event}/travel`: who arrives and leaves when, for protocol staff.

use super::model::Travel;
use super::operations::{self, LogisticsError};
use crate::accounts::access::{Allowed, ViewTravel};
use crate::db::{DbConnection, SpeakerId};
use crate::registration::desk::safe_cell;
use crate::speakers::model::SpeakerSummary;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeSet;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/travel", list_travel);
    routes.get("/organizer/{event}/travel.csv", export_travel);
    routes.post("/organizer/{event}/travel/{speaker}/seen", mark_seen);
}

type Team = Allowed<ViewTravel>;
type Traveller = (SpeakerSummary, Travel);

impl From<LogisticsError> for Failure {
    fn from(error: LogisticsError) -> Self {
        match error {
            LogisticsError::NotFound => Self::NotFound,
            LogisticsError::Stale => Self::conflict("logistics-error-stale"),
            LogisticsError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct TravelPage {
    query: String,
    filters: Vec<Filter>,
    is_filtered: bool,
    clear_url: String,
    total: String,
    news: usize,
    rows: Vec<Row>,
    csv_url: String,
}

impl Page for TravelPage {
    const TEMPLATE: &'static str = "organizer/travel.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    native_name: String,
    organisation: Text,
    arrival: Leg,
    departure: Leg,
    hotel: String,
    wants_transfer: bool,
    companions: i32,
    notes: String,
    /// When it changed late; empty where that is no news.
    news: String,
    /// Whether the news is that there is no journey any more.
    is_deleted: bool,
    seen_url: String,
}

/// One way of a journey in words.
#[derive(Serialize)]
struct Leg {
    day: String,
    time: String,
    number: String,
    port: String,
}

/// Everybody's travel that the address asks for, by arrival; those without one last.
async fn wanted(team: &Team) -> Result<(Vec<Traveller>, BTreeSet<NaiveDate>), Failure> {
    let event = team.event.id;
    let mut all = team.visit.app.read(move |db| Ok::<_, Failure>(operations::all_travel(db, event)?)).await?;
    let days = all.iter().flat_map(|(_, one)| [one.arrives_on, one.departs_on]).flatten().collect();
    let param = |name: &str| team.visit.param(name).unwrap_or_default().trim().to_owned();
    let (day, only, words) = (param("day"), param("only"), crate::i18n::search_key([param("q").as_str()]));
    let day: Option<NaiveDate> = day.parse().ok();
    all.retain(|(speaker, one)| {
        day.is_none_or(|day| one.arrives_on == Some(day) || one.departs_on == Some(day))
            && match only.as_str() {
                "news" => one.news_at.is_some(),
                "transfer" => one.wants_transfer,
                _ => true,
            }
            && words.split(' ').all(|word| speaker.search_key.contains(word))
    });
    all.sort_by(|(left_speaker, left), (right_speaker, right)| {
        let key = |one: &Travel| (one.arrives_on.is_none(), one.arrives_on, one.arrives_at.clone());
        key(left).cmp(&key(right)).then_with(|| left_speaker.name.cmp(&right_speaker.name))
    });
    Ok((all, days))
}

/// `GET /organizer/{event}/travel`.
async fn list_travel(team: Team) -> PageResult {
    let (all, days) = wanted(&team).await?;
    let context = team.context("travel", "logistics-travel-title");
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let param = |name: &str| team.visit.param(name).unwrap_or_default().trim().to_owned();
    let (query, day, only) = (param("q"), param("day"), param("only"));
    let days = days.iter().map(|one| Choice {
        value: one.to_string(),
        label: context.formatter().day(*one),
        selected: one.to_string() == day,
    });
    let only_choice =
        |word: &str, key: &str| Choice { value: word.to_owned(), label: text(key), selected: only == word };
    let base = format!("/organizer/{}/travel", team.event.slug);
    let asked = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&team.visit.query).finish();
    let page = TravelPage {
        filters: vec![
            Filter {
                name: "day",
                label: text("logistics-day"),
                any: text("logistics-day-any"),
                options: days.collect(),
            },
            Filter {
                name: "only",
                label: text("logistics-only"),
                any: text("logistics-only-any"),
                options: vec![
                    only_choice("news", "logistics-only-news"),
                    only_choice("transfer", "logistics-only-transfer"),
                ],
            },
        ],
        is_filtered: !query.is_empty() || !day.is_empty() || !only.is_empty(),
        total: team.visit.app.texts.text(context.lang, "speakers-count", &[("count", all.len().into())]),
        news: all.iter().filter(|(_, one)| one.news_at.is_some()).count(),
        rows: all.iter().map(|one| row(&team, &context, one)).collect(),
        csv_url: format!("{base}.csv?{asked}"),
        clear_url: base,
        query,
    };
    team.visit.show(&context, &page)
}

fn row(team: &Team, context: &PageContext, (speaker, one): &Traveller) -> Row {
    let day = |day: Option<NaiveDate>| day.map(|day| context.formatter().day(day)).unwrap_or_default();
    let news = one.news_at.map(|at| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local()));
    Row {
        name: speaker.name.clone(),
        native_name: speaker.native_name.clone().unwrap_or_default(),
        organisation: Text::pick(&speaker.organisation, context.lang, &team.event.languages),
        arrival: Leg {
            day: day(one.arrives_on),
            time: one.arrives_at.clone(),
            number: one.arrival_number.clone(),
            port: one.arrival_port.clone(),
        },
        departure: Leg {
            day: day(one.departs_on),
            time: one.departs_at.clone(),
            number: one.departure_number.clone(),
            port: one.departure_port.clone(),
        },
        hotel: one.hotel.clone(),
        wants_transfer: one.wants_transfer,
        companions: one.companions,
        notes: one.notes.clone(),
        seen_url: format!("/organizer/{}/travel/{}/seen", team.event.slug, speaker.id),
        news: news.unwrap_or_default(),
        is_deleted: one.is_nothing(),
    }
}

/// The columns before and after those of the journey.
const PERSON: [&str; 3] = ["name", "native_name", "organisation"];
const CHANGED: &str = "changed_late_at";

/// `GET /organizer/{event}/travel.csv`, with the parameters of the list. Taking it away is noted.
async fn export_travel(team: Team) -> PageResult {
    let (all, _) = wanted(&team).await?;
    let (event, actor) = (team.event.id, team.actor());
    let note = move |db: &mut DbConnection, now| Ok::<_, Failure>(operations::note_export(db, now, actor, event)?);
    team.visit.app.write(note).await?;
    let content = csv(&team, &all).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-travel.csv", team.event.slug)))
        .insert_header(("cache-control", "no-store"))
        .body(content))
}

fn csv(team: &Team, all: &[Traveller]) -> Result<Vec<u8>, csv::Error> {
    let beginning = "\u{FEFF}".as_bytes().to_vec();
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    file.write_record(PERSON.into_iter().chain(Travel::FIELDS).chain([CHANGED]))?;
    let main = team.event.main_language();
    for (speaker, one) in all {
        let mut cells = vec![
            speaker.name.clone(),
            speaker.native_name.clone().unwrap_or_default(),
            speaker.organisation.text(main, &team.event.languages).to_owned(),
        ];
        cells.extend(Travel::FIELDS.into_iter().zip(one.values()).map(|(field, value)| match field {
            "wants_transfer" => if one.wants_transfer { "yes" } else { "no" }.to_owned(),
            _ => value,
        }));
        cells.push(one.news_at.map(|at| at.to_string()).unwrap_or_default());
        file.write_record(cells.iter().map(|cell| safe_cell(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// `POST /organizer/{event}/travel/{speaker}/seen`.
async fn mark_seen(team: Team, path: Path<(String, SpeakerId)>) -> PageResult {
    let (actor, of) = (team.actor(), (team.event.id, path.1));
    team.visit.app.write(move |db, now| operations::note_seen(db, now, actor, of)).await?;
    let list = format!("/organizer/{}/travel", team.event.slug);
    Ok(respond::see_other_with_notice(list, "logistics-notice-seen"))
}
