//! The desk's list as a file: exactly what is shown, however long it is.

use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::app::App;
use crate::audit::{self, Entry};
use crate::db::DbConnection;
use crate::registration::desk::{Columns, DeskFilter, ExportRow, FileFormat, FileNames, Known, ListFile};
use crate::registration::forms::operations as forms;
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::{Failure, PageContext, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream};
use std::io;

/// The routes of the files.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations.csv", export_csv);
    routes.get("/organizer/{event}/registrations.xlsx", export_xlsx);
    routes.get("/organizer/{event}/registrations.json", export_json);
}

/// Files carry every answer that the desk sees: they are for those who work there.
type Team = Allowed<ManageRegistrations>;

/// Rows read at once: memory stays the same for any number of them.
const PIECE: usize = 1000;

/// `GET /organizer/{event}/registrations.csv`, with the parameters of the list.
async fn export_csv(team: Team) -> PageResult {
    export(team, FileFormat::Csv).await
}

/// `GET /organizer/{event}/registrations.xlsx`, with the parameters of the list.
async fn export_xlsx(team: Team) -> PageResult {
    export(team, FileFormat::Xlsx).await
}

/// `GET /organizer/{event}/registrations.json`, with the parameters of the list.
async fn export_json(team: Team) -> PageResult {
    export(team, FileFormat::Json).await
}

async fn export(team: Team, format: FileFormat) -> PageResult {
    let mut filter = super::desk_list::filter_of(&team, |name| team.visit.param(name));
    filter.after = None;
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut DbConnection, now| {
        let entry = Entry::new(Some(event), actor, "registration.exported", "event", event.as_str());
        audit::note(db, now, &entry.with(serde_json::json!({ "format": format.as_str() })))?;
        let choices = operations::filter_choices(db, event, true)?;
        Ok::<_, Failure>((operations::all_categories(db, event)?, choices, forms::all_questions(db, event)?))
    };
    let (categories, choices, questions) = team.visit.app.write(job).await?;
    let context: PageContext = team.context("registrations", "registration-desk-title");
    let filter = choices.allowed(filter);
    let named = |name: &crate::i18n::Localized| name.text(context.lang, &team.event.languages).to_owned();
    let delegations = choices.delegations.iter().map(|(id, name)| (*id, named(name))).collect();
    let known = Known { event: &team.event, categories: &categories, delegations, questions: &questions };
    let columns = Columns::new(format, known, &team.visit.app.texts, context.lang);
    let (file, beginning) = ListFile::begin(format, columns).map_err(Failure::unexpected)?;
    let name = format!("{}-registrations.{format}", team.event.slug);
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(respond::attachment(&name))
        .insert_header(("cache-control", "no-store"))
        .streaming(pieces(team.visit.app.clone(), Progress { beginning, file, filter, found: None })))
}

/// Where a file stands.
struct Progress {
    beginning: Vec<u8>,
    file: ListFile,
    filter: DeskFilter,
    /// Rows that were read and are not written yet.
    found: Option<Found>,
}

type Found = (Vec<ExportRow>, FileNames);

/// The file in pieces. While the rows of one are written, those of the next are read.
fn pieces(app: Data<App>, progress: Progress) -> impl Stream<Item = Result<Bytes, Failure>> {
    stream::try_unfold(Some(progress), move |progress| {
        let app = app.clone();
        async move {
            let Some(Progress { mut beginning, file, mut filter, found }) = progress else { return Ok(None) };
            let has_files = file.has_files();
            let found = match found {
                Some(found) => found,
                None => read(&app, filter.clone(), has_files).await?,
            };
            let is_last = found.0.len() < PIECE;
            filter.after = found.0.last().map(|row| row.id);
            let next = async { if is_last { Ok(None) } else { read(&app, filter.clone(), has_files).await.map(Some) } };
            let (written, next) = tokio::join!(write(file, found, is_last), next);
            let (file, piece) = written?;
            beginning.extend_from_slice(&piece);
            let next = next?.map(|found| Progress { beginning: Vec::new(), file, filter, found: Some(found) });
            Ok(Some((Bytes::from(beginning), next)))
        }
    })
}

async fn read(app: &App, filter: DeskFilter, has_files: bool) -> Result<Found, Failure> {
    let page = (PIECE as i64, has_files);
    app.read(move |db| Ok::<_, Failure>(operations::export_page(db, &filter, page)?)).await
}

/// Writes rows off the async threads.
async fn write(mut file: ListFile, (rows, names): Found, is_last: bool) -> Result<(ListFile, Vec<u8>), Failure> {
    let work = move || -> io::Result<(ListFile, Vec<u8>)> {
        let mut piece = file.rows(&rows, &names)?;
        if is_last {
            piece.extend(file.end()?);
        }
        Ok((file, piece))
    };
    tokio::task::spawn_blocking(work).await.map_err(Failure::unexpected)?.map_err(Failure::unexpected)
}
