//! The table `audit_links`, and the entries that it chains.

use super::COLUMNS;
use crate::audit::chain::Link;
use crate::audit::model::{Head, Recorded};
use crate::db::schema::{audit_entries, audit_links};
use crate::db::{DbConnection, UtcTime};
use diesel::dsl::{count_star, exists, max, min, not};
use diesel::prelude::*;

/// Some entries that wait to be chained, taken: a second process that took the same waits here and then takes none.
pub(in crate::audit) fn take_waiting(db: &mut DbConnection, limit: i64) -> QueryResult<Vec<Recorded>> {
    let ids: Vec<String> = audit_entries::table
        .filter(not(audit_entries::is_chained))
        .order((audit_entries::event_id, audit_entries::at, audit_entries::id))
        .limit(limit)
        .select(audit_entries::id)
        .load(db)?;
    let own = || audit_entries::table.filter(audit_entries::id.eq_any(ids.clone()));
    let taken = diesel::update(own().filter(not(audit_entries::is_chained)))
        .set(audit_entries::is_chained.eq(true))
        .execute(db)?;
    if taken != ids.len() {
        // Somebody else is at it; the transaction is undone.
        return Err(diesel::result::Error::RollbackTransaction);
    }
    // Read after they were taken: whoever erases details meanwhile waits for the link.
    own().order((audit_entries::at, audit_entries::id)).select(COLUMNS).load(db)
}

/// How far the chain reaches.
pub(in crate::audit) fn head(db: &mut DbConnection) -> QueryResult<Head> {
    let last: Option<(i32, String)> = audit_links::table
        .order(audit_links::position.desc())
        .select((audit_links::position, audit_links::hash))
        .first(db)
        .optional()?;
    Ok(last.map(|(position, hash)| Head { position, hash }).unwrap_or_default())
}

/// Adds links. Two processes can't add the same position.
pub(in crate::audit) fn add(db: &mut DbConnection, links: &[Link]) -> QueryResult<()> {
    let row = |link: &Link| {
        (
            audit_links::position.eq(link.position),
            audit_links::entry_id.eq(link.entry.clone()),
            audit_links::salt.eq(link.salt.clone()),
            audit_links::detail_hash.eq(link.detail_hash.clone()),
            audit_links::hash.eq(link.hash.clone()),
        )
    };
    let rows: Vec<_> = links.iter().map(row).collect();
    crate::each_backend!(db, db => diesel::insert_into(audit_links::table).values(rows).execute(db)).map(drop)
}

type LinkRow = (i32, String, Option<String>, String, String);

/// The links after a position, with their entries as far as these are there.
pub(in crate::audit) fn after(
    db: &mut DbConnection,
    position: i32,
    limit: i64,
) -> QueryResult<Vec<(Link, Option<Recorded>)>> {
    let rows: Vec<(LinkRow, Option<Recorded>)> = audit_links::table
        .left_join(audit_entries::table.on(audit_entries::id.eq(audit_links::entry_id)))
        .filter(audit_links::position.gt(position))
        .order(audit_links::position)
        .limit(limit)
        .select((
            (
                audit_links::position,
                audit_links::entry_id,
                audit_links::salt,
                audit_links::detail_hash,
                audit_links::hash,
            ),
            COLUMNS.nullable(),
        ))
        .load(db)?;
    let link = |(position, entry, salt, detail_hash, hash)| Link { position, entry, salt, detail_hash, hash };
    Ok(rows.into_iter().map(|(row, entry)| (link(row), entry)).collect())
}

/// Whether it is noted that a thing's data were erased.
pub(in crate::audit) fn was_erased(db: &mut DbConnection, kind: &str, id: &str) -> QueryResult<bool> {
    let noted = audit_entries::table
        .filter(audit_entries::subject_kind.eq(kind))
        .filter(audit_entries::subject_id.eq(id))
        .filter(audit_entries::action.eq(format!("{kind}.erased")));
    diesel::select(exists(noted)).get_result(db)
}

/// How many entries say that they are chained, how many wait, and since when the first of them.
pub(in crate::audit) fn counts(db: &mut DbConnection) -> QueryResult<(i64, i64, Option<UtcTime>)> {
    let chained = audit_entries::table.filter(audit_entries::is_chained).select(count_star()).first(db)?;
    let waiting = waiting(db)?;
    let since = audit_entries::table.filter(not(audit_entries::is_chained)).select(min(audit_entries::at)).first(db)?;
    Ok((chained, waiting, since))
}

/// When the newest entry was written.
pub(in crate::audit) fn newest(db: &mut DbConnection) -> QueryResult<Option<UtcTime>> {
    audit_entries::table.select(max(audit_entries::at)).first(db)
}

/// The hash at a position.
pub(in crate::audit) fn hash_at(db: &mut DbConnection, position: i32) -> QueryResult<Option<String>> {
    audit_links::table.find(position).select(audit_links::hash).first(db).optional()
}

/// Entries that wait to be chained.
pub(in crate::audit) fn waiting(db: &mut DbConnection) -> QueryResult<i64> {
    audit_entries::table.filter(not(audit_entries::is_chained)).select(count_star()).first(db)
}
