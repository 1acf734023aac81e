//! Consents, and when a person's data are deleted.

use crate::db::schema::consents;
use crate::db::{ConsentId, QuestionId, RegistrationId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Localized;
use crate::registration::forms::model::Question;
use crate::registration::model::RegistrationState;
use crate::registration::transfers::model::event_end;
use chrono::TimeDelta;
use diesel::prelude::*;

/// A consent as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = consents)]
pub struct ConsentRow {
    /// The consent.
    pub id: ConsentId,
    /// Whose it is.
    pub registration_id: RegistrationId,
    /// To what.
    pub question_id: QuestionId,
    /// The version of the text.
    pub number: i32,
    /// Since when.
    pub given_at: UtcTime,
    /// When it was withdrawn.
    pub withdrawn_at: Option<UtcTime>,
}

/// A consent as the person sees it.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The question that asks for it.
    pub question: Question,
    /// The version consented to.
    pub number: i32,
    /// The text of that version.
    pub text: Localized,
    /// Since when.
    pub given_at: UtcTime,
    /// When it was withdrawn.
    pub withdrawn_at: Option<UtcTime>,
}

/// How long after it was asked for data are deleted.
const DAYS_TO_THINK: i64 = 3;

/// When the data of somebody who asks at `now` are deleted. A rejection can be examined until the event is over.
#[must_use]
pub fn erased_on(event: &Event, state: RegistrationState, now: UtcTime) -> UtcTime {
    let soon = now + TimeDelta::days(DAYS_TO_THINK);
    if state == RegistrationState::Rejected { soon.max(event_end(event)) } else { soon }
}

/// When a person's data are deleted or were deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable)]
pub struct Erasure {
    /// When they will be.
    pub at: Option<UtcTime>,
    /// When they were.
    pub done_at: Option<UtcTime>,
}
