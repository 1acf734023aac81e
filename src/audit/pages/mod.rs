//! The record of changes on team pages: of each event, and of the installation.

mod export;
mod list;
mod record;
mod wording;

use crate::web::RouteTable;

/// The routes of an event's record.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/activity", list::show);
    routes.get("/organizer/{event}/activity.csv", export::download);
}

/// The routes of the installation's record, whose fixed words stand where events have their slug.
pub fn installation_routes(routes: &mut RouteTable) {
    routes.get("/organizer/activity", list::show_installation);
    routes.get("/organizer/activity.csv", export::download_installation);
}
