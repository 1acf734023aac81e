//! Files of answers: to the person whose they are, to the desk, and in a form that is shown again.

use super::own::{event, find};
use crate::accounts::access::{Allowed, ManageRegistrations, ViewRegistrations};
use crate::accounts::model::Permission;
use crate::db::RegistrationId;
use crate::registration::forms::files::serving::{self, By, Wanted};
use crate::registration::forms::model::Viewer;
use crate::registration::forms::sealed::looking::{SealedPage, look};
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, Visit};
use actix_web::web::Path;

/// The routes of files.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/uploads/{token}", show_waiting);
    routes.get("/{event}/r/{token}/files/{file}", show_own);
    routes.get("/organizer/{event}/registrations/{registration}/files/{file}", show_to_desk);
    routes.post("/organizer/{event}/registrations/{registration}/sealed", show_sealed);
}

/// `GET /{event}/uploads/{token}`: a file that a form keeps.
async fn show_waiting(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let event = event(&visit, path.0.clone()).await?;
    serving::waiting(&visit.app, event.id, &path.1).await
}

/// Whether the small size of a photo is asked for.
fn is_small(visit: &Visit) -> bool {
    visit.param("size") == Some("small")
}

/// `GET /{event}/r/{token}/files/{file}`.
async fn show_own(visit: Visit, path: Path<(String, String, String)>) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    let file = path.2.parse().map_err(|_| Failure::NotFound)?;
    let by = By::Own(own.opens_sealed);
    let wanted = Wanted { event: own.event.id, registration: own.registration.id, file, by };
    serving::answer(&visit.app, wanted, is_small(&visit)).await
}

/// `GET /organizer/{event}/registrations/{registration}/files/{file}`.
async fn show_to_desk(team: Allowed<ViewRegistrations>, path: Path<(String, String, String)>) -> PageResult {
    let registration = path.1.parse().map_err(|_| Failure::NotFound)?;
    let file = path.2.parse().map_err(|_| Failure::NotFound)?;
    let viewer = super::desk::viewer(&team).ok_or(Failure::NotFound)?;
    let by = By::Team(viewer, team.actor(), team.may(Permission::ManageRegistrations));
    let wanted = Wanted { event: team.event.id, registration, file, by };
    serving::answer(&team.visit.app, wanted, is_small(&team.visit)).await
}

/// `POST /organizer/{event}/registrations/{registration}/sealed`: opens what is sealed, and notes who looked.
async fn show_sealed(team: Allowed<ManageRegistrations>, path: Path<(String, String)>) -> PageResult {
    let id: RegistrationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, app) = (team.event.id, &team.visit.app);
    let found = app.read(move |db| Ok::<_, Failure>(operations::find(db, event, id)?)).await?;
    let registration = found.ok_or(Failure::NotFound)?;
    let context = team.context("registrations", "sealing-look-title");
    let lines = look(app, &team.event, id, (Viewer::Desk, team.actor()), context.lang).await?;
    let own = format!("/organizer/{}/registrations/{id}", team.event.slug);
    let page = SealedPage {
        name: registration.full_name(),
        back_label: registration.full_name(),
        files_url: format!("{own}/files"),
        back_url: own,
        lines,
    };
    team.visit.show(&context, &page)
}
