//! The pages of the door: gates and devices for organizers, the scanning page, the supervisor's page.

mod access;
mod api;
mod app_files;
mod devices;
mod door;
mod gates;
mod live;
mod sign_in;
mod supervisor;
mod wording;

use super::operations::DoorError;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    gates::routes(routes);
    devices::routes(routes);
    sign_in::routes(routes);
    supervisor::routes(routes);
    live::routes(routes);
    app_files::routes(routes);
    api::routes(routes);
    door::routes(routes);
}

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::NotFound => Self::NotFound,
            DoorError::WrongCode => Self::gone("checkin-error-code"),
            DoorError::OtherScan => Self::conflict("checkin-error-other-scan"),
            DoorError::CodeTaken | DoorError::Stale => Self::conflict("events-error-stale"),
            DoorError::Db(error) => error.into(),
        }
    }
}
