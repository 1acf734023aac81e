//! The pages of accreditation: the officers' and the applicant's.

mod applicant;
mod applicant_view;
mod bulk;
mod deciding;
mod own;
mod queue;
mod reasons;
mod watch_lists;

use super::model::QueueFilter;
use super::operations::{AnswerError, DecideError, ReasonError, WatchError};
use crate::accounts::access::{Accredit, Allowed};
use crate::db::UtcTime;
use crate::i18n::{Country, country_name};
use crate::web::{Failure, PageContext, RouteTable};

/// The routes of this area. Fixed words come before `{registration}`.
pub fn routes(routes: &mut RouteTable) {
    queue::routes(routes);
    bulk::routes(routes);
    reasons::routes(routes);
    watch_lists::routes(routes);
    applicant::routes(routes);
    deciding::routes(routes);
    own::routes(routes);
}

type Team = Allowed<Accredit>;

impl From<DecideError> for Failure {
    fn from(error: DecideError) -> Self {
        match error {
            DecideError::NotFound => Self::NotFound,
            DecideError::Stale => Self::conflict("accreditation-error-stale"),
            DecideError::SameOfficer => Self::conflict("accreditation-error-same-officer"),
            DecideError::Full => Self::conflict("registration-error-full-page"),
            DecideError::Db(error) => error.into(),
        }
    }
}

impl From<ReasonError> for Failure {
    fn from(error: ReasonError) -> Self {
        match error {
            ReasonError::NotFound => Self::NotFound,
            ReasonError::Stale => Self::conflict("accreditation-error-reason-stale"),
            ReasonError::Db(error) => error.into(),
        }
    }
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::NotFound => Self::NotFound,
            WatchError::Db(error) => error.into(),
        }
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Decided => Self::conflict("accreditation-error-decided"),
            AnswerError::Db(error) => error.into(),
        }
    }
}

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/accreditation", team.event.slug)
}

fn text(team: &Team, context: &PageContext, key: &str) -> String {
    team.visit.app.texts.text(context.lang, key, &[])
}

fn in_words(team: &Team, context: &PageContext, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(team.event.zone()).naive_local())
}

fn country(team: &Team, context: &PageContext, code: Option<&str>) -> String {
    let country: Option<Country> = code.and_then(|code| code.parse().ok());
    country.map(|country| country_name(&team.visit.app.texts, context.lang, country)).unwrap_or_default()
}

/// The queue that a page came from, kept in its address.
fn filter_of(team: &Team) -> QueueFilter {
    QueueFilter::read(team.event.id, |name| team.visit.param(name))
}
