//! From failures to pages: which type to use where, and the one table of statuses and texts.
//!
//! An area's operations return small enums of outcomes that a person can act on. Their `pages.rs`
//! turn each into a [`Failure`] by name of its text. What nobody foresaw becomes
//! [`Failure::Unexpected`]: logged once here with its cause, shown as an apology with a reference.

use super::forms::Message;
use crate::db::{DbError, DbFailure};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, ResponseError};
use std::fmt;

/// Why a request was not answered as asked.
#[derive(Debug)]
pub enum Failure {
    /// Nothing is here, or nothing that this visitor may know of.
    NotFound,
    /// The page exists and this account may not use it.
    Forbidden,
    /// The page is for signed-in accounts; carries the path to come back to.
    SignIn(String),
    /// A foreseen outcome with its own words.
    Told(StatusCode, Message),
    /// Too many requests of this kind; seconds until the next may come.
    TooMany(u64),
    /// More is waiting than can be served; try again in a moment.
    Busy,
    /// Nobody knows whether it was kept: the connection broke while the database confirmed it.
    Unknown,
    /// Our own fault.
    Unexpected(anyhow::Error),
}

/// What a page handler returns.
pub type PageResult = Result<HttpResponse, Failure>;

impl Failure {
    /// 400 with the words of `key`.
    #[must_use]
    pub const fn bad_request(key: &'static str) -> Self {
        Self::Told(StatusCode::BAD_REQUEST, Message::new(key))
    }

    /// 409 with the words of `key`.
    #[must_use]
    pub const fn conflict(key: &'static str) -> Self {
        Self::Told(StatusCode::CONFLICT, Message::new(key))
    }

    /// 410 with the words of `key`: the address was right once.
    #[must_use]
    pub const fn gone(key: &'static str) -> Self {
        Self::Told(StatusCode::GONE, Message::new(key))
    }

    /// 413.
    #[must_use]
    pub const fn too_large() -> Self {
        Self::Told(StatusCode::PAYLOAD_TOO_LARGE, Message::new("error-too-large"))
    }

    /// Wraps a cause that nobody foresaw.
    pub fn unexpected(cause: impl Into<anyhow::Error>) -> Self {
        Self::Unexpected(cause.into())
    }

    /// The table: status and text of each kind. Texts come in pairs, `KEY` and `KEY-help`.
    #[must_use]
    pub fn status_and_text(&self) -> (StatusCode, Message) {
        match self {
            Self::NotFound => (StatusCode::NOT_FOUND, Message::new("error-not-found")),
            Self::Forbidden => (StatusCode::FORBIDDEN, Message::new("error-forbidden")),
            Self::SignIn(_) => (StatusCode::SEE_OTHER, Message::new("error-forbidden")),
            Self::Told(status, message) => (*status, message.clone()),
            Self::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, Message::new("error-too-many")),
            Self::Busy => (StatusCode::SERVICE_UNAVAILABLE, Message::new("error-busy")),
            Self::Unknown => (StatusCode::SERVICE_UNAVAILABLE, Message::new("error-unknown-outcome")),
            Self::Unexpected(_) => (StatusCode::INTERNAL_SERVER_ERROR, Message::new("error-unexpected")),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (status, message) = self.status_and_text();
        write!(f, "{status}: {}", message.key)
    }
}

impl std::error::Error for Failure {}

impl From<DbError> for Failure {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Query(diesel::result::Error::NotFound) => Self::NotFound,
            // While the process stops, another one or the next answers soon.
            DbError::Busy | DbError::Closed => Self::Busy,
            DbError::CommitUnknown => Self::Unknown,
            other => Self::Unexpected(other.into()),
        }
    }
}

impl From<diesel::result::Error> for Failure {
    fn from(error: diesel::result::Error) -> Self {
        DbError::from(error).into()
    }
}

impl DbFailure for Failure {
    fn db_error(&self) -> Option<&DbError> {
        match self {
            Self::Unexpected(error) => error.downcast_ref(),
            _ => None,
        }
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status_and_text().0
    }

    /// Bare on purpose: the middleware in [`super::middleware`] knows the visitor's language and
    /// puts the page in its place.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        match self {
            Self::SignIn(back) => {
                let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("next", back).finish();
                response.insert_header(("location", format!("/login?{query}")));
            }
            Self::TooMany(seconds) => {
                response.insert_header(("retry-after", seconds.to_string()));
            }
            Self::Busy | Self::Unknown => {
                response.insert_header(("retry-after", "2"));
            }
            _ => {}
        }
        response.finish()
    }
}
