//! Proposals with their scores as a file: exactly what the list shows.

use super::ranking::{Desk, Team, open};
use crate::audit::{self, Entry};
use crate::calls::model::proposal::Decision;
use crate::calls::model::review::{Criterion, takes_part};
use crate::calls::model::statistics::Summary;
use crate::calls::ranking::{Ranked, Wanted, ranked};
use crate::registration::desk::safe_cell;
use crate::registration::forms::model::{Answers, in_words};
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, respond};
use actix_web::HttpResponse;
use serde_json::{Value, json};

/// The routes of the files.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/proposals.csv", export_csv);
    routes.get("/organizer/{event}/proposals.json", export_json);
}

/// One proposal with its cells in order: name of the column, and the value.
type Row = Vec<(String, Value)>;

async fn rows(team: &Team) -> Result<(Desk, Vec<Row>), Failure> {
    let desk = open(team).await?;
    let (event, actor) = (team.event.id, team.actor());
    team.visit
        .app
        .write(move |db, now| {
            let entry = Entry::new(Some(event), actor, "proposal.exported", "event", event.as_str());
            Ok::<_, Failure>(audit::note(db, now, &entry)?)
        })
        .await?;
    let wanted = Wanted::read(|name| team.visit.param(name));
    let rows = {
        let all = ranked(&desk.round, &wanted, |forum| team.may_edit_forum(forum));
        all.iter().map(|one| row(team, &desk, one)).collect()
    };
    Ok((desk, rows))
}

fn name_of(team: &Team, criterion: &Criterion) -> String {
    let languages = &team.event.languages;
    criterion.name.text(team.event.main_language(), languages).to_owned()
}

fn rounded(value: f64) -> Value {
    json!((value * 100.0).round() / 100.0)
}

fn row(team: &Team, desk: &Desk, ranked: &Ranked<'_>) -> Row {
    let Ranked { rank, one, tally } = ranked;
    let (proposal, languages) = (&one.proposal, &team.event.languages);
    // Whoever has a part in a proposal learns nothing of its reviews here.
    let is_own = takes_part(&team.user, proposal);
    let of = |summary: Option<&Summary>, value: fn(&Summary) -> f64| {
        summary.filter(|_| !is_own).map_or(Value::Null, |summary| rounded(value(summary)))
    };
    let forum = desk.asked.forums.iter().find(|forum| Some(forum.id) == proposal.forum_id).map(|forum| &forum.code);
    let format = desk.asked.formats.iter().find(|one| Some(one.id) == proposal.format_id).map(|one| &one.code);
    let joined = |value: fn(&crate::calls::model::proposal::Person) -> &str| {
        proposal.people.iter().map(value).collect::<Vec<_>>().join("; ")
    };
    let mut row: Row = [
        ("id", json!(proposal.id)),
        ("rank", json!(rank.filter(|_| !is_own))),
        ("title", json!(proposal.title)),
        ("state", json!(one.state.as_str())),
        ("pending", json!(proposal.pending.map(Decision::as_str))),
        ("decision", json!(proposal.decision.map(Decision::as_str))),
        ("forum", json!(forum)),
        ("format", json!(format)),
        ("language", json!(proposal.spoken)),
        ("author", json!(proposal.name)),
        ("author_email", json!(proposal.email)),
        ("people", json!(joined(|person| &person.name))),
        ("organisations", json!(joined(|person| &person.organisation))),
        ("abstract", json!(proposal.abstract_text)),
        ("description", json!(proposal.description)),
        ("notes", json!(proposal.notes)),
        ("sent_at", json!(proposal.sent_at)),
        ("reviews", json!(tally.scored)),
        ("abstained", json!(tally.abstained)),
        ("conflicts", json!(tally.conflicts)),
        ("total_mean", of(tally.total.as_ref(), |total| total.mean)),
        ("total_median", of(tally.total.as_ref(), |total| total.median)),
        ("total_spread", of(tally.total.as_ref(), |total| total.spread)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    for (criterion, summary) in desk.round.criteria.iter().zip(&tally.criteria) {
        row.push((format!("score: {}", name_of(team, criterion)), of(summary.as_ref(), |found| found.mean)));
    }
    let answers = Answers::parse(&proposal.answers);
    for question in &desk.asked.questions.questions {
        let answer =
            answers.of(question).map(|answer| in_words(question, answer, team.event.main_language(), languages));
        row.push((format!("question: {}", question.code), json!(answer)));
    }
    row
}

/// `GET /organizer/{event}/proposals.csv`, with the parameters of the list.
async fn export_csv(team: Team) -> PageResult {
    let (_, rows) = rows(&team).await?;
    let file = write(&rows).map_err(Failure::unexpected)?;
    Ok(download(&team, "csv", "text/csv; charset=utf-8").body(file))
}

/// Rows as CSV (RFC 4180), with a byte order mark by which spreadsheets know UTF-8.
fn write(rows: &[Row]) -> Result<Vec<u8>, csv::Error> {
    let beginning = "\u{FEFF}".as_bytes().to_vec();
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    if let Some(first) = rows.first() {
        file.write_record(first.iter().map(|(name, _)| safe_cell(name).into_owned()))?;
    }
    for row in rows {
        let cell = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => safe_cell(text).into_owned(),
            other => other.to_string(),
        };
        file.write_record(row.iter().map(|(_, value)| cell(value)))?;
    }
    file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// `GET /organizer/{event}/proposals.json`, with the parameters of the list.
async fn export_json(team: Team) -> PageResult {
    let (desk, rows) = rows(&team).await?;
    let criteria: Vec<Value> = desk
        .round
        .criteria
        .iter()
        .map(|one| {
            json!({ "name": name_of(&team, one), "weight": one.weight, "lowest": one.lowest, "highest": one.highest })
        })
        .collect();
    let proposals: Vec<Value> = rows.into_iter().map(|row| Value::Object(row.into_iter().collect())).collect();
    let file = json!({ "event": team.event.slug, "criteria": criteria, "proposals": proposals });
    Ok(download(&team, "json", "application/json").body(file.to_string()))
}

fn download(team: &Team, ending: &str, media_type: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    response
        .content_type(media_type)
        .insert_header(respond::attachment(&format!("{}-proposals.{ending}", team.event.slug)))
        .insert_header(("cache-control", "no-store"));
    response
}
