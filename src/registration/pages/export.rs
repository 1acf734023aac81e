//! The desk's list as a file: exactly what is shown, however long it is.

use crate::accounts::access::{Allowed, ViewRegistrations};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::registration::category::Category;
use crate::registration::desk::{DeskFilter, safe_cell};
use crate::registration::model::Registration;
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream};
use std::sync::Arc;

/// The route of the file.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations.csv", export_registrations);
}

/// Rows read at once: memory stays the same for any number of them.
const PIECE: i64 = 1000;

const COLUMNS: &[&str] = &[
    "code",
    "state",
    "category",
    "given_name",
    "family_name",
    "native_name",
    "email",
    "organisation",
    "position",
    "country",
    "language",
    "created_at",
    "confirmed_at",
    "ended_at",
    "honorific",
    "name_order",
    "nationality",
];

/// `GET /organizer/{event}/registrations.csv`, with the parameters of the list.
async fn export_registrations(team: Allowed<ViewRegistrations>) -> PageResult {
    let mut filter = super::desk_list::filter_of(&team, |name| team.visit.param(name));
    filter.after = None;
    let (event, actor) = (team.event.id, team.actor());
    let (categories, choices) = team
        .visit
        .app
        .write(move |db, now| {
            let entry = Entry::new(Some(event), actor, "registration.exported", "event", event.as_str());
            audit::note(db, now, &entry)?;
            Ok::<_, Failure>((operations::all_categories(db, event)?, operations::filter_choices(db, event)?))
        })
        .await?;
    let filter = choices.allowed(filter);
    let name = format!("{}-registrations.csv", team.event.slug);
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&name))
        .insert_header(("cache-control", "no-store"))
        .streaming(pieces(team.visit.app.clone(), filter, categories.into())))
}

/// Where an export stands.
struct Progress {
    filter: DeskFilter,
    is_first: bool,
}

fn pieces(
    app: Data<App>,
    filter: DeskFilter,
    categories: Arc<[Category]>,
) -> impl Stream<Item = Result<Bytes, Failure>> {
    stream::try_unfold(Some(Progress { filter, is_first: true }), move |progress| {
        let (app, categories) = (app.clone(), Arc::clone(&categories));
        async move {
            let Some(Progress { mut filter, is_first }) = progress else { return Ok(None) };
            let wanted = filter.clone();
            let rows = app.read(move |db| Ok::<_, Failure>(operations::export_page(db, &wanted, PIECE)?)).await?;
            let piece = write(&rows, &categories, is_first).map_err(Failure::unexpected)?;
            filter.after = rows.last().map(|row| row.id);
            let next = (rows.len() as i64 == PIECE).then_some(Progress { filter, is_first: false });
            Ok(Some((Bytes::from(piece), next)))
        }
    })
}

/// Rows as CSV (RFC 4180). The file begins with a byte order mark: without it spreadsheets read
/// UTF-8 as something else.
fn write(rows: &[Registration], categories: &[Category], is_first: bool) -> Result<Vec<u8>, csv::Error> {
    let beginning = if is_first { "\u{FEFF}".as_bytes().to_vec() } else { Vec::new() };
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    if is_first {
        file.write_record(COLUMNS)?;
    }
    for row in rows {
        let category = categories.iter().find(|category| category.id == row.category_id);
        let time = |at: Option<crate::db::UtcTime>| at.map(|at| at.to_string()).unwrap_or_default();
        let cells = [
            row.code.clone(),
            row.state.to_string(),
            category.map(|category| category.code.clone()).unwrap_or_default(),
            row.given_name.clone(),
            row.family_name.clone(),
            row.native_name.clone(),
            row.email.clone(),
            row.organisation.clone(),
            row.position.clone(),
            row.country.clone().unwrap_or_default(),
            row.language.to_string(),
            time(Some(row.created_at)),
            time(row.confirmed_at),
            time(row.ended_at),
            row.honorific.clone(),
            row.name_order.to_string(),
            row.nationality.clone().unwrap_or_default(),
        ];
        file.write_record(cells.iter().map(|cell| safe_cell(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}
