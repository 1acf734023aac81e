//! The table `audit_entries`.

use super::model::Entry;
use crate::db::schema::audit_entries;
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
