//! The pages on which two registrations of one person become one.

mod beside;
mod finding;
mod view;

use super::operations::MergeError;
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::db::RegistrationId;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/{registration}/merge", finding::find_other);
    routes.get("/organizer/{event}/registrations/{registration}/merge/{other}", beside::show_both);
    routes.post("/organizer/{event}/registrations/{registration}/merge/{other}", beside::merge_both);
}

type Team = Allowed<ManageRegistrations>;

fn url(team: &Team, registration: RegistrationId, below: &str) -> String {
    format!("/organizer/{}/registrations/{registration}{below}", team.event.slug)
}

impl From<MergeError> for Failure {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NotFound => Self::NotFound,
            MergeError::Barred(_) | MergeError::Stale => Self::conflict("registration-error-stale"),
            MergeError::Full => Self::conflict("registration-error-full-page"),
            MergeError::Db(error) => error.into(),
        }
    }
}
