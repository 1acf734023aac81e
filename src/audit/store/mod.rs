//! The table `audit_entries`.

pub(super) mod links;
pub(super) mod names;

use super::model::{ActivityFilter, Entry, Noted, Recorded};
use crate::db::schema::{audit_entries, audit_links, users};
use crate::db::{AuditId, DbConnection, UtcTime};
use diesel::dsl::not;
use diesel::prelude::*;

type Backend = <DbConnection as diesel::Connection>::Backend;
type Rows = audit_entries::BoxedQuery<'static, Backend>;

/// Adds one entry.
pub(super) fn insert(db: &mut DbConnection, now: UtcTime, entry: &Entry<'_>) -> QueryResult<()> {
    let row = (
        audit_entries::id.eq(AuditId::new()),
        audit_entries::event_id.eq(entry.event),
        audit_entries::at.eq(now),
        audit_entries::actor_kind.eq(entry.actor.kind()),
        audit_entries::actor_id.eq(entry.actor.id()),
        audit_entries::action.eq(entry.action),
        audit_entries::subject_kind.eq(entry.subject_kind),
        audit_entries::subject_id.eq(entry.subject_id),
        audit_entries::detail.eq(entry.detail.to_string()),
    );
    crate::each_backend!(db, backend => diesel::insert_into(audit_entries::table).values(row).execute(backend))
        .map(drop)
}

/// Whether an action was noted of a subject, with this detail where one is given.
pub(super) fn exists(
    db: &mut DbConnection,
    (subject_kind, subject_id): (&str, &str),
    action: &str,
    detail: Option<&str>,
) -> QueryResult<bool> {
    let mut entries = audit_entries::table
        .filter(audit_entries::subject_kind.eq(subject_kind))
        .filter(audit_entries::subject_id.eq(subject_id))
        .filter(audit_entries::action.eq(action))
        .into_boxed();
    if let Some(detail) = detail {
        entries = entries.filter(audit_entries::detail.eq(detail));
    }
    entries.select(audit_entries::id).first::<AuditId>(db).optional().map(|found| found.is_some())
}

/// What was done to one thing, the newest first, with the names of the accounts that did it.
pub(super) fn of_subject(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<Vec<Noted>> {
    let rows: Vec<(UtcTime, String, String, Option<String>)> = audit_entries::table
        .left_join(users::table.on(audit_entries::actor_id.eq(users::id.nullable())))
        .filter(audit_entries::subject_kind.eq(kind))
        .filter(audit_entries::subject_id.eq(id))
        .order((audit_entries::at.desc(), audit_entries::id.desc()))
        .select((audit_entries::at, audit_entries::actor_kind, audit_entries::action, users::name.nullable()))
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|(at, actor_kind, action, user_name)| Noted { at, actor_kind, action, user_name })
        .collect())
}

/// Empties the details of what was done to one thing, and the salts by which their hashes could be tried out. The rows are
/// changed first: a link that is made meanwhile waits for that, or is seen by the second statement.
pub(super) fn forget_details(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<()> {
    let (kind, id) = (kind.to_owned(), id.to_owned());
    let own = || {
        audit_entries::table
            .filter(audit_entries::subject_kind.eq(kind.clone()))
            .filter(audit_entries::subject_id.eq(id.clone()))
    };
    diesel::update(own()).set(audit_entries::detail.eq(super::chain::NO_DETAIL)).execute(db)?;
    let linked = own().select(audit_entries::id);
    diesel::update(audit_links::table.filter(audit_links::entry_id.eq_any(linked)))
        .set(audit_links::salt.eq(None::<String>))
        .execute(db)
        .map(drop)
}

/// The columns of an entry, in the order of [`Recorded`].
pub(super) const COLUMNS: (
    audit_entries::id,
    audit_entries::event_id,
    audit_entries::at,
    audit_entries::actor_kind,
    audit_entries::actor_id,
    audit_entries::action,
    audit_entries::subject_kind,
    audit_entries::subject_id,
    audit_entries::detail,
) = (
    audit_entries::id,
    audit_entries::event_id,
    audit_entries::at,
    audit_entries::actor_kind,
    audit_entries::actor_id,
    audit_entries::action,
    audit_entries::subject_kind,
    audit_entries::subject_id,
    audit_entries::detail,
);

/// Up to `limit` entries that fit, the newest first. Entries that wait to be chained stand in an index of their own, so
/// that both sorts are asked for and put together.
pub(super) fn list(db: &mut DbConnection, filter: &ActivityFilter, limit: i64) -> QueryResult<Vec<Recorded>> {
    let after = match filter.after {
        Some(id) => audit_entries::table.find(id).select(audit_entries::at).first::<UtcTime>(db).optional()?,
        None => None,
    };
    let after = after.zip(filter.after);
    let newest = |query: Rows| {
        narrowed(query, filter, after)
            .order((audit_entries::at.desc(), audit_entries::id.desc()))
            .limit(limit)
            .select(COLUMNS)
    };
    if filter.thing.is_some() {
        // The index of things holds both sorts, and must not lose against one of the sorted.
        return newest(audit_entries::table.into_boxed()).load(db);
    }
    let mut found: Vec<Recorded> =
        newest(audit_entries::table.filter(not(audit_entries::is_chained)).into_boxed()).load(db)?;
    found.extend(newest(audit_entries::table.filter(audit_entries::is_chained).into_boxed()).load::<Recorded>(db)?);
    found.sort_by(|left, right| (right.at, &right.id).cmp(&(left.at, &left.id)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

fn narrowed(mut query: Rows, filter: &ActivityFilter, after: Option<(UtcTime, AuditId)>) -> Rows {
    query = match filter.event {
        Some(event) => query.filter(audit_entries::event_id.eq(event)),
        None => query.filter(audit_entries::event_id.is_null()),
    };
    if !filter.kind.is_empty() {
        query = query.filter(audit_entries::subject_kind.eq(filter.kind.clone()));
    }
    if let Some(thing) = &filter.thing {
        query = query.filter(audit_entries::subject_id.eq(thing.clone()));
    }
    if !filter.action.is_empty() {
        query = query.filter(audit_entries::action.eq(filter.action.clone()));
    }
    if !filter.actor_kind.is_empty() {
        query = query.filter(audit_entries::actor_kind.eq(filter.actor_kind.clone()));
    }
    if let Some(actor) = &filter.actor {
        query = query.filter(audit_entries::actor_id.eq(actor.clone()));
    }
    if let Some((first, end)) = filter.span() {
        query = query.filter(audit_entries::at.ge(first)).filter(audit_entries::at.lt(end));
    }
    if let Some((at, id)) = after {
        // The first condition is what an index is entered by.
        let older = audit_entries::at.lt(at).or(audit_entries::at.eq(at).and(audit_entries::id.lt(id)));
        query = query.filter(audit_entries::at.le(at)).filter(older);
    }
    query
}
