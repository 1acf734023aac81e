//! What is wrong with a source, in words.

use super::model::Problem;
use crate::web::Message;

/// What is wrong, in words.
#[must_use]
pub fn message_of(problem: &Problem) -> Message {
    let at = |key, line: usize| Message::new(key).with("line", i64::try_from(line).unwrap_or(i64::MAX));
    match problem {
        Problem::Open { line } => at("wording-error-open", *line),
        Problem::Unknown { name, line } => at("wording-error-unknown", *line).with("name", name.clone()),
        Problem::Misplaced { name, .. } => Message::new("wording-error-misplaced").with("name", name.clone()),
        Problem::Link { to } => Message::new("wording-error-link").with("to", to.clone()),
        Problem::Missing { name } => Message::new("wording-error-missing").with("name", *name),
        Problem::NoSubject | Problem::NoBody => Message::new("error-required"),
        Problem::TooLong => Message::new("wording-error-too-long"),
    }
}

impl Problem {
    /// Whether it is the subject that is wrong.
    #[must_use]
    pub const fn is_in_subject(&self) -> bool {
        matches!(
            self,
            Self::NoSubject | Self::Open { line: 0 } | Self::Unknown { line: 0, .. } | Self::Misplaced { line: 0, .. }
        )
    }
}
