//! The pages of seats: the team's, an attendee's posts, and the public counts.

mod organizer;
mod own;
mod people;
mod public;

use super::operations::BookError;
use super::rules::Refusal;
use crate::web::{Failure, Message, RouteTable};
use actix_web::http::StatusCode;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    public::routes(routes);
    own::routes(routes);
    organizer::routes(routes);
    people::routes(routes);
}

impl From<BookError> for Failure {
    fn from(error: BookError) -> Self {
        let told = |key| Self::Told(StatusCode::CONFLICT, Message::new(key));
        match error {
            BookError::NotFound => Self::NotFound,
            BookError::NotConfirmed => told("seats-error-not-confirmed"),
            BookError::Refused(refusal @ Refusal::TooMany(most)) => {
                Self::Told(StatusCode::CONFLICT, Message::new(refusal.key()).with("most", most))
            }
            BookError::Refused(refusal) => told(refusal.key()),
            BookError::Full => told("seats-error-full"),
            BookError::Stale => told("seats-error-stale"),
            BookError::BelowTaken(_) => told("seats-error-below-taken"),
            BookError::Db(error) => error.into(),
        }
    }
}
