//! Beginning a change of many registrations, and doing it to one person.

use super::model::{BulkChange, BulkOutcome, Concerned, Forecast, Selection, Step};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{BulkChangeId, DbConnection, EventId, RegistrationId, UtcTime};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::registration::category::Category;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::operations::{
    self as registration, Cancellation, Known, StandingError, TicketMail, all_categories, waiting,
};
use diesel::QueryResult;
use serde_json::json;

/// What is shown before a change begins.
#[derive(Clone, Debug)]
pub struct Preview {
    /// Everyone.
    pub people: Vec<Concerned>,
    /// What it will come to.
    pub forecast: Forecast,
    /// The first of them.
    pub first: Vec<Registration>,
    /// The event's categories.
    pub categories: Vec<Category>,
}

/// Looks at whom a change would concern, in a fixed number of queries; shows the first `shown` of them.
///
/// # Errors
/// When the database refuses.
pub fn look(
    db: &mut DbConnection,
    event: EventId,
    (step, selection): (&Step, &Selection),
    shown: usize,
) -> QueryResult<Preview> {
    let people = store::concerned(db, selection)?;
    let addressless = store::addressless(db, event)?.into_iter().collect();
    let ids: Vec<RegistrationId> = people.iter().take(shown).map(|who| who.id).collect();
    let mut first = store::registrations_of(db, event, &ids)?;
    first.sort_unstable_by_key(|registration| registration.id);
    let forecast = Forecast::of(step, &people, &addressless);
    Ok(Preview { people, forecast, first, categories: all_categories(db, event)? })
}

/// Begins a change: whom it concerns is fixed from here on.
///
/// # Errors
/// When the database refuses.
pub fn begin(db: &mut DbConnection, now: UtcTime, change: &BulkChange, ids: &[RegistrationId]) -> QueryResult<()> {
    store::insert(db, change, ids)?;
    let detail = json!({ "action": change.action.as_str(), "people": change.people });
    note(db, now, change, "registration.bulk-begun", detail)
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    change: &BulkChange,
    action: &'static str,
    detail: serde_json::Value,
) -> QueryResult<()> {
    let (event, actor) = (Some(change.event_id), Actor::User(change.user_id));
    let entry = Entry::new(event, actor, action, "bulk-change", change.id.as_str());
    audit::note(db, now, &entry.with(detail))
}

/// One change of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: BulkChangeId) -> QueryResult<Option<BulkChange>> {
    store::find(db, event, id)
}

/// The newest changes of an event.
///
/// # Errors
/// When the database refuses.
pub fn newest(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<BulkChange>> {
    store::newest(db, event, limit)
}

/// Changes that are not done, the oldest first.
///
/// # Errors
/// When the database refuses.
pub fn open(db: &mut DbConnection) -> QueryResult<Vec<BulkChange>> {
    store::open(db)
}

/// What came of how many; nothing for those who are still to come.
///
/// # Errors
/// When the database refuses.
pub fn tally(db: &mut DbConnection, id: BulkChangeId) -> QueryResult<Vec<(Option<BulkOutcome>, i64)>> {
    store::tally(db, id)
}

/// People of a change with what came of them, from a position on: those who were done, or those who were refused.
///
/// # Errors
/// When the database refuses.
pub fn outcomes(
    db: &mut DbConnection,
    id: BulkChangeId,
    page: (bool, i32, i64),
) -> QueryResult<Vec<(i32, BulkOutcome, Registration)>> {
    store::outcomes(db, id, page)
}

/// The next people of a change, and what is needed to write to them.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The event.
    pub event: Event,
    /// Its categories.
    pub categories: Vec<Category>,
    /// Who is next, by their positions; those who are gone are not among them.
    pub people: Vec<(i32, Registration)>,
}

/// The next people of a change; nothing when everybody is done.
///
/// # Errors
/// When the database refuses.
pub fn next(db: &mut DbConnection, change: &BulkChange, limit: i64) -> QueryResult<Option<Piece>> {
    let positions = store::next(db, change.id, limit)?;
    let Some(event) = events::by_id(db, change.event_id)?.filter(|_| !positions.is_empty()) else { return Ok(None) };
    let ids: Vec<RegistrationId> = positions.iter().map(|(_, id)| *id).collect();
    let found = store::registrations_of(db, change.event_id, &ids)?;
    let person = |(position, id): &(i32, RegistrationId)| {
        found.iter().find(|one| one.id == *id).map(|one| (*position, one.clone()))
    };
    let people = positions.iter().filter_map(person).collect();
    Ok(Some(Piece { event, categories: all_categories(db, change.event_id)?, people }))
}

/// What is done to one person, with its mail made ready.
#[derive(Clone, Debug)]
pub enum Prepared {
    /// Moved into this category, with a new ticket for whoever has one.
    Category(Box<Category>, Option<Box<TicketMail>>),
    /// Cancelled.
    Cancel(Box<Cancellation>),
    /// Sent the link again.
    Resend(Box<Known>),
    /// Given this priority.
    Priority(i32),
    /// Left out.
    Nothing(BulkOutcome),
}

/// Does a change to one person, unless another worker has; notes what came of it.
///
/// # Errors
/// When the database refuses.
pub fn do_one(
    db: &mut DbConnection,
    now: UtcTime,
    change: &BulkChange,
    (position, person, prepared): (i32, &Registration, &Prepared),
) -> Result<(), StandingError> {
    let row = (change.id, position);
    if !store::claim(db, row)? {
        return Ok(());
    }
    let outcome = match apply(db, now, Actor::User(change.user_id), (person, prepared)) {
        Ok(outcome) => outcome,
        Err(StandingError::Full) => BulkOutcome::Full,
        Err(StandingError::Stale) => BulkOutcome::Stale,
        Err(StandingError::Ended) => BulkOutcome::Ended,
        Err(error) => return Err(error),
    };
    if outcome != BulkOutcome::Done {
        store::settle(db, row, outcome)?;
    }
    Ok(())
}

/// None of what it calls leaves anything behind when it refuses.
fn apply(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (person, prepared): (&Registration, &Prepared),
) -> Result<BulkOutcome, StandingError> {
    match prepared {
        Prepared::Category(to, mail) => registration::change_category(db, now, actor, (person, to), mail.as_deref())?,
        Prepared::Cancel(cancellation) => registration::cancel(db, now, actor, cancellation)?,
        Prepared::Resend(known) => {
            let current = registration::find(db, person.event_id, person.id)?.ok_or(StandingError::Ended)?;
            if current.state != person.state {
                return Ok(if current.state.is_end() { BulkOutcome::Ended } else { BulkOutcome::Stale });
            }
            registration::send_link_again(db, now, actor, known)?;
        }
        Prepared::Priority(priority) => {
            let current = registration::find(db, person.event_id, person.id)?.ok_or(StandingError::Ended)?;
            if current.state != RegistrationState::Waitlisted {
                return Ok(BulkOutcome::NotWaiting);
            }
            waiting::prefer(db, now, actor, (person.event_id, person.id), *priority)?;
        }
        Prepared::Nothing(why) => return Ok(*why),
    }
    Ok(BulkOutcome::Done)
}

/// Notes that somebody could not be done, so that nobody tries for ever.
///
/// # Errors
/// When the database refuses.
pub fn give_up(db: &mut DbConnection, change: BulkChangeId, position: i32) -> QueryResult<()> {
    if store::claim(db, (change, position))? {
        store::settle(db, (change, position), BulkOutcome::Failed)
    } else {
        Ok(())
    }
}

/// Notes that everybody is done.
///
/// # Errors
/// When the database refuses.
pub fn finish(db: &mut DbConnection, now: UtcTime, change: &BulkChange) -> QueryResult<()> {
    store::finish(db, now, change.id)?;
    let outcomes = store::tally(db, change.id)?.into_iter();
    let counts: serde_json::Map<String, serde_json::Value> =
        outcomes.filter_map(|(outcome, count)| Some((outcome?.as_str().to_owned(), count.into()))).collect();
    note(db, now, change, "registration.bulk-finished", counts.into())
}
