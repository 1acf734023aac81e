//! The routes of drafts and releases.

use crate::web::RouteTable;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule", super::draft_page::show_schedule);
    super::concerns::pages::routes(routes);
    super::rules::pages::routes(routes);
    super::releases::pages::routes(routes);
}
