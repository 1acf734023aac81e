//! The table `draft_copies`.

use super::model::Kept;
use crate::db::schema::draft_copies as copies;
use crate::db::{CopyId, DbConnection, EventId, Json, UserId, UtcTime};
use diesel::prelude::*;

/// A copy without its content.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = copies)]
pub struct CopySummary {
    /// The copy.
    pub id: CopyId,
    /// What organizers call it.
    pub name: String,
    /// What they want to remember of it.
    pub note: String,
    /// When it was made.
    pub created_at: UtcTime,
}

/// The copies of an event, newest first.
pub(super) fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<CopySummary>> {
    copies::table
        .filter(copies::event_id.eq(event))
        .order((copies::created_at.desc(), copies::id.desc()))
        .select(CopySummary::as_select())
        .load(db)
}

/// How many copies an event has.
pub(super) fn count(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    copies::table.filter(copies::event_id.eq(event)).count().get_result(db)
}

/// One copy with its content.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: CopyId) -> QueryResult<Option<(CopySummary, Kept)>> {
    let found: Option<(CopySummary, Json<Kept>)> = copies::table
        .find(id)
        .filter(copies::event_id.eq(event))
        .select((CopySummary::as_select(), copies::content))
        .first(db)
        .optional()?;
    Ok(found.map(|(summary, kept)| (summary, kept.into_inner())))
}

/// Adds a copy.
pub(super) fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    by: Option<UserId>,
    (event, id): (EventId, CopyId),
    (name, note): (&str, &str),
    content: &Json<Kept>,
) -> QueryResult<()> {
    diesel::insert_into(copies::table)
        .values((
            copies::id.eq(id),
            copies::event_id.eq(event),
            copies::name.eq(name),
            copies::note.eq(note),
            copies::content.eq(content.clone()),
            copies::created_by.eq(by),
            copies::created_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

/// Takes a copy away; false when it is not there.
pub(super) fn delete(db: &mut DbConnection, event: EventId, id: CopyId) -> QueryResult<bool> {
    let gone = diesel::delete(copies::table.find(id).filter(copies::event_id.eq(event))).execute(db)?;
    Ok(gone == 1)
}
