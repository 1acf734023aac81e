//! The numbers as files: one table as CSV, or all as JSON.

use super::words::Words;
use super::{Team, organisations, read, tables};
use crate::accounts::model::Permission;
use crate::numbers::days::Bin;
use crate::numbers::model::{Filter, Numbers, SeatFigures};
use crate::numbers::operations;
use crate::web::error::PageResult;
use crate::web::{Failure, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use chrono::NaiveDate;
use serde::Serialize;

/// Everything that the page shows.
#[derive(Serialize)]
struct Document<'a> {
    event: &'a str,
    timezone: &'a str,
    counted_at: String,
    category: Option<&'a str>,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
    /// Left out for who may not see registrations.
    #[serde(flatten)]
    numbers: Option<&'a Numbers>,
    seats: &'a [SeatFigures],
}

/// `GET /organizer/{event}/numbers.json`, with the parameters of the page.
pub(super) async fn show_json(team: Team) -> PageResult {
    let filter = Filter::read(|name| team.visit.param(name));
    let found = read(&team, &filter).await?;
    let document = Document {
        event: &team.event.slug,
        timezone: team.event.timezone.as_str(),
        counted_at: team.visit.app.clock.now().to_string(),
        category: Some(filter.category.as_str()).filter(|category| !category.is_empty()),
        from: filter.from,
        to: filter.to,
        numbers: found.numbers.as_ref(),
        seats: &found.seats,
    };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(document))
}

/// `GET /organizer/{event}/numbers/{table}`: `countries.csv` and the others, with the parameters of the page.
pub(super) async fn show_csv(team: Team, path: Path<(String, String)>) -> PageResult {
    let name = path.1.strip_suffix(".csv").ok_or(Failure::NotFound)?.to_owned();
    let filter = Filter::read(|name| team.visit.param(name));
    let content = table(&team, &name, &filter).await?.csv().map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-{name}.csv", team.event.slug)))
        .insert_header(("cache-control", "no-store"))
        .body(content))
}

const TABLES: [&str; 12] = [
    "days",
    "funnel",
    "openings",
    "categories",
    "countries",
    "organisations",
    "sources",
    "languages",
    "hours",
    "gates",
    "came",
    "seats",
];

async fn table(team: &Team, name: &str, filter: &Filter) -> Result<tables::Table, Failure> {
    if !TABLES.contains(&name) {
        return Err(Failure::NotFound);
    }
    if name != "seats" && !team.may(Permission::ViewRegistrations) {
        return Err(Failure::Forbidden);
    }
    let context = team.context("numbers", "numbers-title");
    let words = Words::of(team, &context);
    if name == "organisations" {
        return Ok(tables::organisations(&words, &organisations(team, filter, operations::ALL_ORGANISATIONS).await?));
    }
    let found = read(team, filter).await?;
    let Some(numbers) = &found.numbers else { return Ok(tables::seats(&words, &found.seats)) };
    let parts = |head, parts, named: &dyn Fn(&str) -> String| tables::parts(&words, head, parts, named);
    Ok(match name {
        "days" => tables::days(&words, Bin::Day, &numbers.days),
        "funnel" => tables::funnel(&words, &numbers.funnel),
        "openings" => tables::openings(&words, numbers),
        "categories" => tables::categories(&words, numbers),
        "countries" => parts(("countries", "numbers-country"), &numbers.countries, &|code| words.country(code)),
        "sources" => parts(("sources", "numbers-source"), &numbers.sources, &|source| words.source(source)),
        "languages" => parts(("languages", "numbers-language"), &numbers.languages, &|tag| words.language(tag)),
        "hours" => tables::hours(&words, numbers),
        "gates" => tables::gates(&words, numbers),
        "came" => tables::came(&words, numbers),
        _ => tables::seats(&words, &found.seats),
    })
}
