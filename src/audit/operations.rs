//! Writing to the audit log, chaining it, and reading it.

use super::model::{ActivityFilter, Entry, Head, Names, Noted, Recorded, Thing};
use super::{chain, store};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::web::token::hex;
use diesel::QueryResult;

/// Notes a change in the transaction that makes it.
///
/// # Errors
/// When the database refuses; the change is then undone with it.
pub fn note(db: &mut DbConnection, now: UtcTime, entry: &Entry<'_>) -> QueryResult<()> {
    store::insert(db, now, entry)
}

/// Whether `action` was ever noted of a subject; with exactly this detail, where one is given.
///
/// # Errors
/// When the database refuses.
pub fn was_noted(
    db: &mut DbConnection,
    (subject_kind, subject_id): (&str, &str),
    action: &str,
    detail: Option<&serde_json::Value>,
) -> QueryResult<bool> {
    store::exists(db, (subject_kind, subject_id), action, detail.map(ToString::to_string).as_deref())
}

/// What was done to one thing, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn of_subject(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<Vec<Noted>> {
    store::of_subject(db, kind, id)
}

/// Empties the details of what was done to one thing: that something was done, when and by whom stays.
///
/// # Errors
/// When the database refuses.
pub fn forget_details(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<()> {
    store::forget_details(db, kind, id)
}

/// Chains some entries that wait, at most `limit`; how many.
///
/// # Errors
/// When the database refuses, or another process is at it.
pub fn chain_some(db: &mut DbConnection, limit: i64) -> QueryResult<usize> {
    let waiting = store::links::take_waiting(db, limit)?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let mut head = store::links::head(db)?;
    let mut links = Vec::with_capacity(waiting.len());
    for entry in &waiting {
        let salt = hex(&rand::random::<[u8; 16]>());
        let link = chain::link(entry, (head.position, &head.hash), salt);
        head = Head { position: link.position, hash: link.hash.clone() };
        links.push(link);
    }
    store::links::add(db, &links)?;
    Ok(links.len())
}

/// How far the chain reaches.
///
/// # Errors
/// When the database refuses.
pub fn head(db: &mut DbConnection) -> QueryResult<Head> {
    store::links::head(db)
}

/// Some entries that fit, the newest first, what their things and people are called, and whether there are more.
#[derive(Debug, Default)]
pub struct Page {
    /// The entries.
    pub entries: Vec<Recorded>,
    /// What they speak of.
    pub names: Names,
    /// Whether older ones fit too.
    pub has_more: bool,
}

/// A page of at most `limit` entries.
///
/// # Errors
/// When the database refuses.
pub fn page(db: &mut DbConnection, filter: &ActivityFilter, limit: i64) -> QueryResult<Page> {
    let mut entries = store::list(db, filter, limit + 1)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let has_more = entries.len() > limit;
    entries.truncate(limit);
    let mut things: Vec<Thing> = entries.iter().flat_map(mentioned).collect();
    // The one that the list is narrowed to is named even where nothing of it is shown.
    things.extend(filter.thing.clone().map(|id| (filter.kind.clone(), id)));
    things.extend(filter.actor.clone().map(|id| (named_as(&filter.actor_kind).to_owned(), id)));
    let names = store::names::of(db, &things)?;
    Ok(Page { entries, names, has_more })
}

/// The kind of thing under which a person's name is found.
#[must_use]
pub fn named_as(actor_kind: &str) -> &str {
    match actor_kind {
        "attendee" => "registration",
        "author" => "proposal",
        "focal-point" => "delegation",
        other => other,
    }
}

/// Everything that an entry speaks of: whoever did it, the thing itself, and what its details name.
fn mentioned(entry: &Recorded) -> Vec<Thing> {
    let mut things = vec![(entry.subject_kind.clone(), entry.subject_id.clone())];
    things.extend(entry.actor_id.clone().map(|id| (named_as(&entry.actor_kind).to_owned(), id)));
    if entry.subject_kind == "booking" {
        let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        for kind in ["session", "registration"] {
            things.extend(detail[kind].as_str().map(|id| (kind.to_owned(), id.to_owned())));
        }
    }
    things
}

/// The accounts with a role at an event, or all where none is given, as id and name.
///
/// # Errors
/// When the database refuses.
pub fn team(db: &mut DbConnection, event: Option<EventId>) -> QueryResult<Vec<(String, String)>> {
    store::names::team(db, event)
}

/// When the newest entry was written, which no clock may be behind.
///
/// # Errors
/// When the database refuses.
pub fn newest(db: &mut DbConnection) -> QueryResult<Option<UtcTime>> {
    store::links::newest(db)
}

/// Entries that wait to be chained.
///
/// # Errors
/// When the database refuses.
pub fn waiting(db: &mut DbConnection) -> QueryResult<i64> {
    store::links::waiting(db)
}
