//! The pages of delegations: the team's, and the focal point's behind a private link.

mod files;
mod focal;
mod lines;
mod team;

use super::operations::DelegationError;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    team::routes(routes);
    focal::routes(routes);
}

impl From<DelegationError> for Failure {
    fn from(error: DelegationError) -> Self {
        match error {
            DelegationError::NotFound => Self::NotFound,
            DelegationError::Stale => Self::conflict("delegations-error-stale"),
            DelegationError::BelowTaken(..) => Self::conflict("delegations-error-below-taken-page"),
            DelegationError::NotEmpty => Self::conflict("delegations-error-not-empty"),
            DelegationError::Closed => Self::conflict("delegations-error-closed-meanwhile"),
            DelegationError::Revoked => Self::gone("delegations-error-revoked-meanwhile"),
            DelegationError::Ended => Self::conflict("registration-error-ended"),
            DelegationError::ChoiceFull | DelegationError::Refused(_) => Self::conflict("registration-error-full-page"),
            DelegationError::Known => Self::conflict("delegations-error-known-page"),
            DelegationError::TooSoon(_) => Self::conflict("delegations-error-too-soon"),
            DelegationError::CodeTaken => Self::Busy,
            DelegationError::Db(error) => error.into(),
        }
    }
}
