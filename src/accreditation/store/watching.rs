//! The tables `watch_lists` and `watch_entries`.

use crate::accreditation::matching::NameKey;
use crate::accreditation::model::WatchList;
use crate::accreditation::watching::Watched;
use crate::db::schema::{watch_entries, watch_lists};
use crate::db::{DbConnection, EventId, WatchListId};
use crate::each_backend;
use diesel::prelude::*;

/// The lists of an event, the newest first.
pub(in crate::accreditation) fn lists(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<WatchList>> {
    watch_lists::table
        .filter(watch_lists::event_id.eq(event))
        .order((watch_lists::created_at.desc(), watch_lists::id.desc()))
        .select(WatchList::as_select())
        .load(db)
}

/// Every watched name of an event.
pub(in crate::accreditation) fn entries(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Watched>> {
    let rows: Vec<(_, _, String, Option<String>, Option<String>, String)> = watch_entries::table
        .inner_join(watch_lists::table)
        .filter(watch_lists::event_id.eq(event))
        .select((
            watch_entries::id,
            watch_entries::list_id,
            watch_entries::name,
            watch_entries::birth_date,
            watch_entries::country,
            watch_entries::note,
        ))
        .load(db)?;
    let watched = rows.into_iter().map(|(id, list, name, birth_date, country, note)| {
        let key = NameKey::of(&name);
        Watched { id, list, name, key, birth_date, birth_key: None, country, note }
    });
    Ok(watched.collect())
}

/// Rows of one statement: SQLite and Postgres bound how many values one may carry.
const AT_ONCE: usize = 1_000;

/// Adds a list with its names.
pub(in crate::accreditation) fn insert(
    db: &mut DbConnection,
    list: &WatchList,
    entries: &[Watched],
) -> QueryResult<()> {
    diesel::insert_into(watch_lists::table).values(list).execute(db)?;
    for some in entries.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|entry| {
                (
                    watch_entries::id.eq(entry.id),
                    watch_entries::list_id.eq(entry.list),
                    watch_entries::name.eq(&entry.name),
                    watch_entries::name_key.eq(entry.key.block()),
                    watch_entries::birth_date.eq(&entry.birth_date),
                    watch_entries::country.eq(&entry.country),
                    watch_entries::note.eq(&entry.note),
                )
            })
            .collect();
        each_backend!(db, backend => diesel::insert_into(watch_entries::table).values(&rows).execute(backend))?;
    }
    Ok(())
}

/// Deletes a list with its names; returns whether it was there.
pub(in crate::accreditation) fn delete(db: &mut DbConnection, event: EventId, id: WatchListId) -> QueryResult<bool> {
    let deleted = diesel::delete(watch_lists::table.find(id).filter(watch_lists::event_id.eq(event))).execute(db)?;
    Ok(deleted == 1)
}
