//! The pages of notices: for organizers what waits to leave, for attendees their own programme.

mod organizer;
mod own;

use super::operations::NoticeError;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    organizer::routes(routes);
    own::routes(routes);
}

impl From<NoticeError> for Failure {
    fn from(error: NoticeError) -> Self {
        match error {
            NoticeError::NotFound => Self::NotFound,
            NoticeError::Stale => Self::conflict("notices-error-stale"),
            NoticeError::Db(error) => error.into(),
        }
    }
}
