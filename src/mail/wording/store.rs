//! The table of events' own wordings.

use super::model::Source;
use crate::db::schema::mail_wordings as table;
use crate::db::{DbConnection, EventId, UserId, UtcTime};
use crate::each_backend;
use crate::i18n::Lang;
use crate::mail::model::MessageKind;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// Grows with every change.
pub(super) fn stamp(db: &mut DbConnection) -> QueryResult<i64> {
    table::table.select(sql::<BigInt>("CAST(COALESCE(SUM(version), 0) AS BIGINT)")).first(db)
}

/// Every wording in use.
pub(super) fn all(db: &mut DbConnection) -> QueryResult<Vec<(EventId, MessageKind, Lang, Source)>> {
    let rows: Vec<(EventId, String, Lang, String, String)> = table::table
        .filter(table::is_default.eq(false))
        .select((table::event_id, table::kind, table::language, table::subject, table::body))
        .load(db)?;
    let known = rows.into_iter().filter_map(|(event, kind, lang, subject, body)| {
        Some((event, kind.parse::<MessageKind>().ok()?, lang, Source { subject, body }))
    });
    Ok(known.collect())
}

/// A wording as it is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) source: Source,
    pub(super) is_default: bool,
    pub(super) version: i32,
    pub(super) updated_at: UtcTime,
}

pub(super) fn find(db: &mut DbConnection, event: EventId, kind: MessageKind, lang: Lang) -> QueryResult<Option<Kept>> {
    let row: Option<(String, String, bool, i32, UtcTime)> = table::table
        .find((event, kind.as_str(), lang))
        .select((table::subject, table::body, table::is_default, table::version, table::updated_at))
        .first(db)
        .optional()?;
    Ok(row.map(|(subject, body, is_default, version, updated_at)| Kept {
        source: Source { subject, body },
        is_default,
        version,
        updated_at,
    }))
}

/// Which kinds an event words itself, and in which languages.
pub(super) fn of_event(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(String, Lang)>> {
    table::table
        .filter(table::event_id.eq(event))
        .filter(table::is_default.eq(false))
        .select((table::kind, table::language))
        .load(db)
}

/// Keeps a wording if it is still at `version` (0: never worded); false when somebody else was quicker.
pub(super) fn save(
    db: &mut DbConnection,
    now: UtcTime,
    (event, kind, lang): (EventId, MessageKind, Lang),
    (source, is_default): (&Source, bool),
    (version, by): (i32, Option<UserId>),
) -> QueryResult<bool> {
    let values = (
        table::subject.eq(&source.subject),
        table::body.eq(&source.body),
        table::is_default.eq(is_default),
        table::version.eq(version + 1),
        table::updated_by.eq(by),
        table::updated_at.eq(now),
    );
    let changed = if version == 0 {
        let row = (table::event_id.eq(event), table::kind.eq(kind.as_str()), table::language.eq(lang), values);
        each_backend!(db, db => diesel::insert_into(table::table).values(row).on_conflict_do_nothing().execute(db))?
    } else {
        diesel::update(table::table.find((event, kind.as_str(), lang)).filter(table::version.eq(version)))
            .set(values)
            .execute(db)?
    };
    Ok(changed == 1)
}
