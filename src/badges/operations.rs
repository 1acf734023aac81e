//! Choosing whose badges are printed, printing them, and keeping what was printed.

use super::face::{ZoneLetter, zone_letters};
use super::filter::{BadgeFilter, Printed, is_out_of_date, usual_reason};
use super::model::{BadgeCategory, BadgePrint, Batch, Bearer, KeptDesign, PrintLine, PrintReason};
use super::store::{self, LogQuery};
use crate::audit::{self, Actor, Entry};
use crate::db::{BatchId, DbConnection, DbError, DelegationId, EventId, PrintId, RegistrationId, UserId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::i18n::Localized;
use crate::registration::attendance::operations::zones;
use crate::registration::model::RegistrationState;
use crate::registration::operations::renew_ticket;
use diesel::QueryResult;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum BadgeError {
    /// There is no such batch or person at this event.
    #[error("no such batch or person")]
    NotFound,
    /// Nobody is chosen.
    #[error("nobody is chosen")]
    Nobody,
    /// Someone else changed the design in the meantime.
    #[error("someone else changed the design in the meantime")]
    Stale,
    /// The person has no ticket.
    #[error("the person is not confirmed")]
    NotConfirmed,
    /// The batch was marked as printed already.
    #[error("the batch was marked already")]
    Marked,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(BadgeError);

/// Most badges of one batch.
pub const MOST: i64 = 10_000;

/// The design of an event; the usual one while none is kept.
///
/// # Errors
/// When the database refuses.
pub fn design(db: &mut DbConnection, event: EventId) -> QueryResult<KeptDesign> {
    Ok(store::design(db, event)?.unwrap_or_default())
}

/// Keeps a design if nobody else has kept another since it was read.
///
/// # Errors
/// When someone else was faster.
pub fn set_design(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    kept: &KeptDesign,
) -> Result<(), BadgeError> {
    if !store::set_design(db, now, event, kept)? {
        return Err(BadgeError::Stale);
    }
    let (width, height) = kept.design.millimetres();
    let entry = Entry::new(Some(event), actor, "badges.designed", "event", event.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "millimetres": [width, height] })))?)
}

/// What all badges of an event have in common.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The design.
    pub kept: KeptDesign,
    /// What they show of categories.
    pub categories: Vec<BadgeCategory>,
    /// The letters of zones.
    pub zones: Vec<ZoneLetter>,
}

/// What all badges of an event have in common.
///
/// # Errors
/// When the database refuses.
pub fn ground(db: &mut DbConnection, event: EventId) -> QueryResult<Ground> {
    Ok(Ground {
        kept: design(db, event)?,
        categories: store::categories_of(db, event)?,
        zones: zone_letters(&zones(db, event)?),
    })
}

/// The delegations of an event by name, to choose from.
///
/// # Errors
/// When the database refuses.
pub fn delegations(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(DelegationId, Localized)>> {
    store::delegations_of(db, event)
}

/// Whom a filter chooses: how many, and the first of them.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// How many there are, at most [`MOST`] and one more.
    pub total: i64,
    /// The first of them.
    pub first: Vec<Bearer>,
}

/// Whom a filter chooses, with the first `limit` of them.
///
/// # Errors
/// When the database refuses.
pub fn choose(db: &mut DbConnection, event: &Event, filter: &BadgeFilter, limit: usize) -> QueryResult<Chosen> {
    if filter.printed == Printed::Changed {
        let mut all = chosen(db, event, filter)?;
        let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
        all.truncate(limit);
        return Ok(Chosen { total, first: all });
    }
    let shown = i64::try_from(limit).unwrap_or(i64::MAX);
    Ok(Chosen { total: store::count(db, filter, event.zone())?, first: store::list(db, filter, event.zone(), shown)? })
}

fn chosen(db: &mut DbConnection, event: &Event, filter: &BadgeFilter) -> QueryResult<Vec<Bearer>> {
    let mut all = store::list(db, filter, event.zone(), MOST)?;
    if filter.printed == Printed::Changed {
        let printed: HashMap<RegistrationId, String> = store::contents(db, event.id)?.into_iter().collect();
        all.retain(|bearer| is_out_of_date(bearer, printed.get(&bearer.id).map(String::as_str)));
    }
    Ok(all)
}

/// Whom a batch is for, with hashes of what their badges show: read before the batch is made.
pub type People = Vec<(RegistrationId, String)>;

/// The people of a batch by this filter, in its order; at most [`MOST`].
///
/// # Errors
/// When the database refuses.
pub fn people(db: &mut DbConnection, event: &Event, filter: &BadgeFilter) -> QueryResult<People> {
    Ok(chosen(db, event, filter)?.iter().map(|bearer| (bearer.id, bearer.content())).collect())
}

/// Makes a batch of these people. Nothing is printed by that.
///
/// # Errors
/// When there are none.
pub fn make_batch(
    db: &mut DbConnection,
    now: UtcTime,
    by: UserId,
    event: EventId,
    people: &People,
) -> Result<BatchId, BadgeError> {
    if people.is_empty() {
        return Err(BadgeError::Nobody);
    }
    let count = i32::try_from(people.len()).unwrap_or(i32::MAX);
    let id = BatchId::new();
    let batch = Batch { id, event_id: event, people: count, created_by: Some(by), created_at: now, marked_at: None };
    store::insert_batch(db, &batch, people)?;
    let entry = Entry::new(Some(event), Actor::User(by), "badges.batch-made", "badge-batch", id.as_str());
    audit::note(db, now, &entry.with(json!({ "people": count })))?;
    Ok(id)
}

/// One batch.
///
/// # Errors
/// When the database refuses.
pub fn batch(db: &mut DbConnection, event: EventId, id: BatchId) -> QueryResult<Option<Batch>> {
    store::batch(db, event, id)
}

/// Batches shown at once.
const SHOWN_BATCHES: i64 = 20;

/// The newest batches with the names of those who made them.
///
/// # Errors
/// When the database refuses.
pub fn batches(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Batch, Option<String>)>> {
    store::batches(db, event, SHOWN_BATCHES)
}

/// Up to `limit` people of a batch who are confirmed still, from a place in it on, with their places.
///
/// # Errors
/// When the database refuses.
pub fn people_of(db: &mut DbConnection, id: BatchId, from: i32, limit: i64) -> QueryResult<Vec<(i32, Bearer)>> {
    store::people_of(db, id, from, limit)
}

/// Notes that the badges of a batch were printed: for each person who is confirmed still one line in the
/// log. Returns how many. A second call changes nothing.
///
/// # Errors
/// When there is no such batch, or it was marked already.
pub fn mark(
    db: &mut DbConnection,
    now: UtcTime,
    by: UserId,
    (event, id): (EventId, BatchId),
) -> Result<usize, BadgeError> {
    if store::batch(db, event, id)?.is_none() {
        return Err(BadgeError::NotFound);
    }
    if !store::mark_batch(db, now, event, id)? {
        return Err(BadgeError::Marked);
    }
    let people = store::standing_of(db, id)?;
    for people in people.chunks(PIECE) {
        let ids: Vec<RegistrationId> = people.iter().map(|(person, _)| *person).collect();
        let before: HashSet<RegistrationId> = store::printed_of(db, &ids)?.into_iter().collect();
        let prints: Vec<BadgePrint> = people
            .iter()
            .map(|(person, content)| {
                let facts = (usual_reason(before.contains(person)), String::new(), content.clone());
                print_of((event, *person), Some(by), now, facts)
            })
            .collect();
        store::insert_prints(db, &prints)?;
    }
    let entry = Entry::new(Some(event), Actor::User(by), "badges.marked", "badge-batch", id.as_str());
    audit::note(db, now, &entry.with(json!({ "people": people.len() })))?;
    Ok(people.len())
}

/// People whose earlier prints are asked for at once.
const PIECE: usize = 500;

fn print_of(
    (event_id, registration_id): (EventId, RegistrationId),
    printed_by: Option<UserId>,
    created_at: UtcTime,
    (reason, note, content): (PrintReason, String, String),
) -> BadgePrint {
    BadgePrint { id: PrintId::new(), event_id, registration_id, printed_by, reason, created_at, note, content }
}

/// Takes back a batch that was not printed.
///
/// # Errors
/// When there is none, or it was marked as printed.
pub fn discard(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, BatchId),
) -> Result<(), BadgeError> {
    let batch = store::batch(db, event, id)?.ok_or(BadgeError::NotFound)?;
    if !store::delete_batch(db, event, id)? {
        return Err(BadgeError::Marked);
    }
    let entry = Entry::new(Some(event), actor, "badges.batch-discarded", "badge-batch", id.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "people": batch.people })))?)
}

/// A badge about to be printed by itself.
#[derive(Clone, Debug)]
pub struct SinglePrint {
    /// Whose.
    pub registration: RegistrationId,
    /// Why.
    pub reason: PrintReason,
    /// The other reason; may be empty.
    pub note: String,
    /// Whether codes issued before stop counting.
    pub renews_ticket: bool,
}

/// Notes that one badge is printed. The first print of a person is the first, whatever was said.
///
/// # Errors
/// When there is no such person, or they have no ticket.
pub fn print_one(
    db: &mut DbConnection,
    now: UtcTime,
    by: UserId,
    event: EventId,
    print: &SinglePrint,
) -> Result<(), BadgeError> {
    let id = print.registration;
    let bearer = store::bearer(db, event, id)?.ok_or(BadgeError::NotFound)?;
    if bearer.state != RegistrationState::Confirmed {
        return Err(BadgeError::NotConfirmed);
    }
    if print.renews_ticket {
        renew_ticket(db, now, Actor::User(by), (event, id))?;
    }
    // Read again: what it shows has changed with the ticket.
    let bearer = store::bearer(db, event, id)?.ok_or(BadgeError::NotFound)?;
    let is_first = store::printed_of(db, &[id])?.is_empty();
    let reason = if is_first { PrintReason::First } else { print.reason };
    let facts = (reason, print.note.clone(), bearer.content());
    store::insert_prints(db, &[print_of((event, id), Some(by), now, facts)])?;
    let entry = Entry::new(Some(event), Actor::User(by), "registration.badge-printed", "registration", id.as_str());
    Ok(audit::note(db, now, &entry.with(json!({ "reason": reason.as_str() })))?)
}

/// Somebody with what was printed for them.
#[derive(Clone, Debug)]
pub struct Printouts {
    /// The person.
    pub bearer: Bearer,
    /// The log, the newest first.
    pub log: Vec<PrintLine>,
    /// Whether the badge printed last shows something else than it would now.
    pub is_out_of_date: bool,
}

/// Lines of the log that a person's page shows.
const SHOWN_PRINTS: i64 = 50;

/// One person with their prints.
///
/// # Errors
/// When the database refuses.
pub fn of_person(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Printouts>> {
    let Some(bearer) = store::bearer(db, event, id)? else { return Ok(None) };
    let log = store::log(db, event, LogQuery { person: Some(id), ..LogQuery::default() }, SHOWN_PRINTS)?;
    let is_out_of_date = is_out_of_date(&bearer, log.first().map(|line| line.content.as_str()));
    Ok(Some(Printouts { bearer, log, is_out_of_date }))
}

/// How often a badge of a person was printed, and when last.
///
/// # Errors
/// When the database refuses.
pub fn printed(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<(i64, Option<UtcTime>)> {
    store::printed(db, event, id)
}

/// A page of the log, and whether more follow.
///
/// # Errors
/// When the database refuses.
pub fn log(
    db: &mut DbConnection,
    event: EventId,
    again_only: bool,
    after: Option<PrintId>,
) -> QueryResult<(Vec<PrintLine>, bool)> {
    let mut lines = store::log(db, event, LogQuery { person: None, again_only, after }, LOG_PAGE + 1)?;
    let has_more = lines.len() as i64 > LOG_PAGE;
    lines.truncate(usize::try_from(LOG_PAGE).unwrap_or(usize::MAX));
    Ok((lines, has_more))
}

/// Lines of the log on a page.
const LOG_PAGE: i64 = 50;

/// Every print of a person's badges, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn prints_of(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Vec<PrintLine>> {
    store::log(db, event, LogQuery { person: Some(id), ..LogQuery::default() }, i64::MAX)
}

/// Moves prints to another registration of the same person; first the one that keeps them.
///
/// # Errors
/// When the database refuses.
pub fn adopt(db: &mut DbConnection, of: (RegistrationId, RegistrationId)) -> QueryResult<()> {
    store::adopt(db, of)
}

/// Forgets what the log of prints says of a person beyond what is counted.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    store::forget(db, id)
}
