//! The editor's addresses.

use super::operations::EditError;
use crate::web::Failure;

impl From<EditError> for Failure {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Stale(_) | EditError::Gone => Self::conflict("schedule-gone"),
            EditError::Overtaken { .. } => Self::conflict("editor-overtaken"),
            EditError::Forbidden => Self::Forbidden,
            EditError::EndsBeforeStart => Self::bad_request("schedule-ends-before-start"),
            EditError::OutsideEvent => Self::bad_request("editor-outside"),
            EditError::Unchanged => Self::bad_request("editor-unchanged"),
            EditError::TooMany => Self::bad_request("editor-too-many"),
            EditError::NothingLeft => Self::conflict("editor-nothing-left"),
            EditError::Db(error) => error.into(),
        }
    }
}
