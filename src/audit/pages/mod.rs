//! The record of changes on team pages.

mod export;
mod list;
mod wording;

use super::model::ActivityFilter;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::web::RouteTable;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/activity", list::show);
    routes.get("/organizer/{event}/activity.csv", export::download);
}

/// What the address asks for.
fn filter_of(team: &Allowed<ManageEvent>) -> ActivityFilter {
    ActivityFilter::read((team.event.id, team.event.zone()), |name| team.visit.param(name))
}
