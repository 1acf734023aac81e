//! Mailings on team pages, and the link that ends them.

mod editing;
mod files;
mod showing;
mod view;

use super::operations::MailingError;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    // The word `new` before any mailing's name.
    editing::routes(routes);
    showing::routes(routes);
    files::routes(routes);
}

impl From<MailingError> for Failure {
    fn from(error: MailingError) -> Self {
        match error {
            MailingError::NotFound => Self::NotFound,
            MailingError::Changed => Self::conflict("mailings-error-changed"),
            MailingError::Nobody => Self::conflict("mailings-error-nobody"),
            MailingError::Db(error) => error.into(),
        }
    }
}
