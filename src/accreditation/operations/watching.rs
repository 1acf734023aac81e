//! Watch-lists, and comparing people with them.

use crate::accreditation::model::{Applicant, WatchList};
use crate::accreditation::store::{applicants, reviews, watching as store};
use crate::accreditation::watching::{WatchBook, WatchBooks, Watched};
use crate::audit::{self, Actor};
use crate::db::{DbConnection, DbError, EventId, UserId, UtcTime, WatchListId};
use crate::db_failure;
use crate::registration::forms::sealed::model::birth_hint;
use crate::sealing::SealingKeys;
use diesel::QueryResult;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// Why a list was not changed.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// There is no such list.
    #[error("no such list")]
    NotFound,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(WatchError);

/// The watch-lists of an event, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn lists(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<WatchList>> {
    store::lists(db, event)
}

/// Every watched name of an event, made ready to be compared; made anew when the lists changed.
///
/// # Errors
/// When the database refuses.
pub fn book(
    db: &mut DbConnection,
    books: &WatchBooks,
    keys: &SealingKeys,
    event: EventId,
) -> QueryResult<Arc<WatchBook>> {
    let stamp: Vec<WatchListId> = store::lists(db, event)?.iter().map(|list| list.id).collect();
    if let Some(book) = books.get(event, &stamp) {
        return Ok(book);
    }
    let mut entries = if stamp.is_empty() { Vec::new() } else { store::entries(db, event)? };
    // Dates of birth of registrations are sealed: they are compared by what each is known by.
    if let Some(hints) = keys.hints() {
        for entry in &mut entries {
            entry.birth_key = entry.birth_date.as_deref().and_then(|day| birth_hint(&hints, event, day));
        }
    }
    let book = Arc::new(WatchBook::new(stamp, entries));
    books.keep(event, &book);
    Ok(book)
}

/// Adds a list. Everyone at the event is compared with it soon.
///
/// # Errors
/// When the database refuses.
pub fn add_list(
    db: &mut DbConnection,
    now: UtcTime,
    officer: UserId,
    (event, id): (EventId, WatchListId),
    name: &str,
    entries: &[Watched],
) -> QueryResult<()> {
    let list = WatchList {
        id,
        event_id: event,
        name: name.to_owned(),
        entries: i32::try_from(entries.len()).unwrap_or(i32::MAX),
        created_by: Some(officer),
        created_at: now,
    };
    store::insert(db, &list, entries)?;
    applicants::unscreen_all(db, event)?;
    let entry = audit::Entry::new(Some(event), Actor::User(officer), "watch-list.added", "watch-list", id.as_str());
    audit::note(db, now, &entry)
}

/// Deletes a list with its names. Everyone is compared with those that are left.
///
/// # Errors
/// When it is gone.
pub fn delete_list(
    db: &mut DbConnection,
    now: UtcTime,
    officer: UserId,
    event: EventId,
    id: WatchListId,
) -> Result<(), WatchError> {
    if !store::delete(db, event, id)? {
        return Err(WatchError::NotFound);
    }
    applicants::unscreen_all(db, event)?;
    let entry = audit::Entry::new(Some(event), Actor::User(officer), "watch-list.deleted", "watch-list", id.as_str());
    Ok(audit::note(db, now, &entry)?)
}

/// Some of those who are to be compared with the watch-lists.
///
/// # Errors
/// When the database refuses.
pub fn unscreened(db: &mut DbConnection, limit: i64) -> QueryResult<Vec<Applicant>> {
    applicants::unscreened(db, limit)
}

/// What the watch-lists say about a person.
#[derive(Clone, Debug)]
pub struct Verdict {
    person: Applicant,
    is_watched: bool,
    stamp: Vec<WatchListId>,
}

/// Compares people with the watch-lists of their events. Takes its time, so it runs outside any
/// transaction. A hit that an officer found nothing in counts again only from lists that came later.
///
/// # Errors
/// When the database refuses.
pub fn screen(
    db: &mut DbConnection,
    books: &WatchBooks,
    keys: &SealingKeys,
    people: Vec<Applicant>,
) -> QueryResult<Vec<Verdict>> {
    let mut known: HashMap<EventId, (Arc<WatchBook>, Vec<WatchList>)> = HashMap::new();
    let mut verdicts = Vec::with_capacity(people.len());
    for person in people {
        let event = person.registration.event_id;
        if let Entry::Vacant(place) = known.entry(event) {
            place.insert((book(db, books, keys, event)?, store::lists(db, event)?));
        }
        let Some((book, lists)) = known.get(&event) else { continue };
        let hits = book.hits(&person.names(), person.birth_key.as_deref());
        let cleared_at = if hits.is_empty() { None } else { reviews::cleared_at(db, person.registration.id)? };
        let is_new = |id: WatchListId| {
            let list = lists.iter().find(|list| list.id == id);
            list.is_none_or(|list| cleared_at.is_none_or(|at| list.created_at > at))
        };
        let is_watched = hits.iter().any(|hit| is_new(hit.watched.list));
        verdicts.push(Verdict { is_watched, stamp: book.stamp.clone(), person });
    }
    Ok(verdicts)
}

/// Keeps what the watch-lists say, unless lists or person have changed since; how many were kept.
///
/// # Errors
/// When the database refuses.
pub fn keep_verdicts(db: &mut DbConnection, now: UtcTime, verdicts: &[Verdict]) -> QueryResult<usize> {
    let mut stamps: HashMap<EventId, Vec<WatchListId>> = HashMap::new();
    let mut kept = 0;
    for verdict in verdicts {
        let event = verdict.person.registration.event_id;
        if let Entry::Vacant(place) = stamps.entry(event) {
            place.insert(store::lists(db, event)?.iter().map(|list| list.id).collect());
        }
        if stamps.get(&event) == Some(&verdict.stamp) {
            applicants::set_screened(db, now, &verdict.person, verdict.is_watched)?;
            kept += 1;
        }
    }
    Ok(kept)
}
