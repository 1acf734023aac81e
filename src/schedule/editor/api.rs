//! The editor's addresses.

use super::operations::EditError;
use crate::web::Failure;

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Stale(_) | EditError::Gone => Self::conflict("schedule-gone"),
            EditError::Overtaken { .. } => Self::conflict("editing-overtaken"),
            EditError::Forbidden => Self::Forbidden,
            EditError::EndsBeforeStart => Self::bad_request("schedule-ends-before-start"),
            EditError::OutsideEvent => Self::bad_request("editing-outside"),
            EditError::Unchanged => Self::bad_request("editing-unchanged"),
            EditError::TooMany => Self::bad_request("editing-too-many"),
            EditError::NothingLeft => Self::conflict("editing-nothing-left"),
            EditError::Db(error) => error.into(),
        }
    }
}
