//! The pages of passing a place on: for whoever has it, and for whoever may have it.

mod sender;
mod successor;

use super::operations::TransferError;
use crate::web::{Failure, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    sender::routes(routes);
    successor::routes(routes);
}

impl From<TransferError> for Failure {
    fn from(error: TransferError) -> Self {
        match error {
            TransferError::Barred(_) => Self::conflict("transfers-error-barred"),
            TransferError::Open => Self::conflict("transfers-error-open"),
            TransferError::Ended => Self::conflict("transfers-error-ended"),
            TransferError::Known => Self::conflict("transfers-error-known-page"),
            TransferError::Full => Self::conflict("registration-error-full-page"),
            TransferError::FileGone => Self::conflict("registration-error-stale"),
            TransferError::CodeTaken => Self::Busy,
            TransferError::Db(error) => error.into(),
        }
    }
}
