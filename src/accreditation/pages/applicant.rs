//! One application beside what is like it.

use super::applicant_view::{self, View};
use super::{Team, filter_of, list_url};
use crate::accreditation::operations::{self, ApplicantPage};
use crate::accreditation::watching::Hit;
use crate::db::RegistrationId;
use crate::registration::forms::files::serving::{self, By, Wanted};
use crate::registration::forms::model::{AnswerLine, Viewer};
use crate::registration::forms::operations as forms;
use crate::registration::forms::sealed::looking::{SealedPage, look};
use crate::web::error::PageResult;
use crate::web::{Failure, FieldErrors, FormData, RouteTable};
use actix_web::http::StatusCode;
use actix_web::web::Path;

/// The route of one application.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/accreditation/{registration}", show_applicant);
    routes.get("/organizer/{event}/accreditation/{registration}/files/{file}", show_file);
    routes.post("/organizer/{event}/accreditation/{registration}/sealed", show_sealed);
}

/// Everything about one application.
pub(super) struct Found {
    pub(super) page: ApplicantPage,
    pub(super) hits: Vec<Hit>,
    pub(super) lists: Vec<crate::accreditation::model::WatchList>,
    pub(super) answers: Vec<AnswerLine>,
}

/// One application with what watch-lists say about it now.
pub(super) async fn load(
    team: &Team,
    filter: crate::accreditation::model::QueueFilter,
    id: &str,
) -> Result<Found, Failure> {
    let id: RegistrationId = id.parse().map_err(|_| Failure::NotFound)?;
    let app = team.visit.app.clone();
    let (now, event) = (app.clock.now(), team.event.clone());
    let lang = team.context("accreditation", "accreditation-one-title").lang;
    let found = team.visit.app.read(move |db| {
        let second_form = operations::second_form(db, filter.event)?;
        let page = operations::applicant(db, now, &filter, &second_form, id)?.ok_or(Failure::NotFound)?;
        let book = operations::book(db, &app.watch_books, &app.sealing, filter.event)?;
        let lists = operations::lists(db, filter.event)?;
        let answers = forms::lines(db, &event, id, lang, Viewer::Accreditation)?;
        Ok::<_, Failure>((page, book, lists, answers))
    });
    let (page, book, lists, answers) = found.await?;
    let hits = book.hits(&page.applicant.names(), page.applicant.birth_key.as_deref());
    Ok(Found { page, hits, lists, answers })
}

/// `GET /organizer/{event}/accreditation/{registration}`.
async fn show_applicant(team: Team, path: Path<(String, String)>) -> PageResult {
    let found = load(&team, filter_of(&team), &path.1).await?;
    show(&team, StatusCode::OK, &found, (&FormData::default(), &FieldErrors::default()))
}

/// The page with a form as typed.
pub(super) fn show(team: &Team, status: StatusCode, found: &Found, form: (&FormData, &FieldErrors)) -> PageResult {
    let context = team.context("accreditation", "accreditation-one-title");
    let filter = filter_of(team);
    let page = applicant_view::page(&View { team, context: &context, filter: &filter, found }, form);
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/accreditation/{registration}/files/{file}`.
async fn show_file(team: Team, path: Path<(String, String, String)>) -> PageResult {
    let registration = path.1.parse().map_err(|_| Failure::NotFound)?;
    let file = path.2.parse().map_err(|_| Failure::NotFound)?;
    let by = By::Team(Viewer::Accreditation, team.actor(), true);
    let wanted = Wanted { event: team.event.id, registration, file, by };
    serving::answer(&team.visit.app, wanted, team.visit.param("size") == Some("small")).await
}

/// `POST /organizer/{event}/accreditation/{registration}/sealed`: opens what is sealed, and notes who looked.
async fn show_sealed(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: RegistrationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, app) = (team.event.id, &team.visit.app);
    let found = app.read(move |db| Ok::<_, Failure>(crate::registration::operations::find(db, event, id)?)).await?;
    let registration = found.ok_or(Failure::NotFound)?;
    let context = team.context("accreditation", "sealing-look-title");
    let lines = look(app, &team.event, id, (Viewer::Accreditation, team.actor()), context.lang).await?;
    let back_url = format!("{}/{id}", list_url(&team));
    let files_url = format!("{back_url}/files");
    let name = registration.full_name();
    team.visit.show(&context, &SealedPage { back_label: name.clone(), name, files_url, back_url, lines })
}
