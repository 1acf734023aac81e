//! Changes of many registrations: what is done, to whom, and what came of it.

use crate::db::schema::bulk_changes;
use crate::db::{BulkChangeId, CategoryId, EventId, RegistrationId, UserId, UtcTime};
use crate::registration::category::Category;
use crate::registration::desk::DeskFilter;
use crate::registration::model::{Registration, RegistrationState};
use crate::text_enum;
use diesel::prelude::*;
use std::collections::HashSet;

text_enum! {
    /// What is done to many people.
    pub enum BulkAction {
        /// They move into another category.
        Category = "category",
        /// They are cancelled.
        Cancel = "cancel",
        /// They get their private link, or their ticket, again.
        Resend = "resend",
        /// They are offered places sooner or later than others who wait.
        Priority = "priority",
    }
}

text_enum! {
    /// What came of a change for one person.
    pub enum BulkOutcome {
        /// It is done.
        Done = "done",
        /// The person is in that category already.
        Unchanged = "unchanged",
        /// The registration has ended.
        Ended = "ended",
        /// No place was left.
        Full = "full",
        /// Somebody else changed the registration at the same moment.
        Stale = "stale",
        /// There is no address to write to.
        NoAddress = "no-address",
        /// The person does not wait for a place.
        NotWaiting = "not-waiting",
        /// Nobody can wait in that category.
        NoWaitingList = "no-waiting-list",
        /// It could not be done; the log says why.
        Failed = "failed",
    }
}

/// A change of many registrations, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = bulk_changes)]
pub struct BulkChange {
    /// The change.
    pub id: BulkChangeId,
    /// The event.
    pub event_id: EventId,
    /// Who began it.
    pub user_id: UserId,
    /// What is done.
    pub action: BulkAction,
    /// The category into which people move.
    pub category_id: Option<CategoryId>,
    /// The priority that people get.
    pub priority: i32,
    /// How many it concerns.
    pub people: i32,
    /// When it began.
    pub created_at: UtcTime,
    /// When everybody was done.
    pub finished_at: Option<UtcTime>,
}

/// Whom a change concerns.
#[derive(Clone, Debug)]
pub enum Selection {
    /// Those who were ticked.
    Ticked(EventId, Vec<RegistrationId>),
    /// Whomever a list shows.
    Listed(Box<DeskFilter>),
}

/// A registration as far as it matters beforehand.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Concerned {
    /// The registration.
    pub id: RegistrationId,
    /// Where it stands.
    pub state: RegistrationState,
    /// Its category.
    pub category: CategoryId,
}

impl From<&Registration> for Concerned {
    fn from(registration: &Registration) -> Self {
        Self { id: registration.id, state: registration.state, category: registration.category_id }
    }
}

/// What is to be done, checked.
#[derive(Clone, Debug)]
pub enum Step {
    /// Move into this category.
    Category(Box<Category>),
    /// Cancel.
    Cancel,
    /// Send the link, or the ticket, again.
    Resend,
    /// Set the priority.
    Priority(i32),
}

impl Step {
    /// Which of the actions it is.
    #[must_use]
    pub const fn action(&self) -> BulkAction {
        match self {
            Self::Category(_) => BulkAction::Category,
            Self::Cancel => BulkAction::Cancel,
            Self::Resend => BulkAction::Resend,
            Self::Priority(_) => BulkAction::Priority,
        }
    }

    /// Why nothing will be done to somebody, as far as can be told beforehand.
    #[must_use]
    pub fn objection(&self, who: Concerned, has_address: bool) -> Option<BulkOutcome> {
        let waits = who.state == RegistrationState::Waitlisted;
        match self {
            _ if who.state.is_end() => Some(BulkOutcome::Ended),
            Self::Category(to) if to.id == who.category => Some(BulkOutcome::Unchanged),
            Self::Category(to) if waits && !to.has_waiting_list => Some(BulkOutcome::NoWaitingList),
            Self::Resend if !has_address => Some(BulkOutcome::NoAddress),
            Self::Priority(_) if !waits => Some(BulkOutcome::NotWaiting),
            _ => None,
        }
    }

    /// Whether a mail leaves for somebody to whom it is done: whoever has a ticket gets a new one with another
    /// category.
    #[must_use]
    pub fn writes_to(&self, who: Concerned, has_address: bool) -> bool {
        has_address
            && match self {
                Self::Category(_) => who.state == RegistrationState::Confirmed,
                Self::Cancel | Self::Resend => true,
                Self::Priority(_) => false,
            }
    }
}

/// What a change will come to, as far as can be told before it begins.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// How many it concerns.
    pub people: usize,
    /// To how many it will be done.
    pub able: usize,
    /// How many mails leave.
    pub mails: usize,
    /// Why nothing will be done to the others, and how many they are.
    pub left_out: Vec<(BulkOutcome, usize)>,
}

impl Forecast {
    /// Looks at everyone; `addressless` are those to whom no mail can be sent.
    #[must_use]
    pub fn of(step: &Step, people: &[Concerned], addressless: &HashSet<RegistrationId>) -> Self {
        let mut forecast = Self { people: people.len(), ..Self::default() };
        for who in people {
            let has_address = !addressless.contains(&who.id);
            let Some(why) = step.objection(*who, has_address) else {
                forecast.able += 1;
                forecast.mails += usize::from(step.writes_to(*who, has_address));
                continue;
            };
            match forecast.left_out.iter_mut().find(|(known, _)| *known == why) {
                Some((_, count)) => *count += 1,
                None => forecast.left_out.push((why, 1)),
            }
        }
        forecast.left_out.sort_unstable();
        forecast
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RegistrationState as S;

    fn who(state: RegistrationState) -> Concerned {
        Concerned { id: RegistrationId::new(), state, category: CategoryId::new() }
    }

    #[test]
    fn who_is_left_out_and_who_is_written_to() {
        for (step, state, has_address, objection, mail) in [
            (Step::Cancel, S::Confirmed, true, None, true),
            (Step::Cancel, S::Waitlisted, false, None, false),
            (Step::Cancel, S::Expired, true, Some(BulkOutcome::Ended), true),
            (Step::Resend, S::Unverified, true, None, true),
            (Step::Resend, S::Confirmed, false, Some(BulkOutcome::NoAddress), false),
            (Step::Resend, S::Cancelled, false, Some(BulkOutcome::Ended), false),
            (Step::Priority(5), S::Waitlisted, true, None, false),
            (Step::Priority(5), S::Confirmed, true, Some(BulkOutcome::NotWaiting), false),
        ] {
            let one = who(state);
            assert_eq!(step.objection(one, has_address), objection, "{step:?} {state}");
            assert_eq!(step.writes_to(one, has_address), mail, "{step:?} {state}");
        }
    }

    #[test]
    fn a_forecast_counts_everyone_once() {
        let people: Vec<Concerned> =
            [S::Confirmed, S::Confirmed, S::Waitlisted, S::Expired, S::Rejected].map(who).into();
        let addressless = HashSet::from([people[0].id]);
        let forecast = Forecast::of(&Step::Resend, &people, &addressless);
        assert_eq!((forecast.people, forecast.able, forecast.mails), (5, 2, 2));
        assert_eq!(forecast.left_out, [(BulkOutcome::Ended, 2), (BulkOutcome::NoAddress, 1)]);
    }
}
