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
