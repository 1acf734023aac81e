//! The table `audit_entries`.

use super::model::{Entry, Noted};
use crate::db::schema::{audit_entries, users};
use crate::db::{AuditId, DbConnection, UtcTime};
use diesel::prelude::*;

/// Adds one entry.
pub(super) fn insert(db: &mut DbConnection, now: UtcTime, entry: &Entry<'_>) -> QueryResult<()> {
    diesel::insert_into(audit_entries::table)
        .values((
            audit_entries::id.eq(AuditId::new()),
            audit_entries::event_id.eq(entry.event),
            audit_entries::at.eq(now),
            audit_entries::actor_kind.eq(entry.actor.kind()),
            audit_entries::actor_id.eq(entry.actor.id()),
            audit_entries::action.eq(entry.action),
            audit_entries::subject_kind.eq(entry.subject_kind),
            audit_entries::subject_id.eq(entry.subject_id),
            audit_entries::detail.eq(entry.detail.to_string()),
        ))
        .execute(db)?;
    Ok(())
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

/// Empties the details of what was done to one thing.
pub(super) fn forget_details(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<()> {
    let entries =
        audit_entries::table.filter(audit_entries::subject_kind.eq(kind)).filter(audit_entries::subject_id.eq(id));
    diesel::update(entries).set(audit_entries::detail.eq("null")).execute(db).map(drop)
}
